"""Beginning a plan: `new` asks, writes the commented plan, and shows its year."""

from __future__ import annotations

import shlex
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.app import PLANNING, command
from cli.faults import Misused, Refused
from cli.terminal import terminal

if TYPE_CHECKING:
    from plans.wishes import Wishes


def _option(name: str, metavar: str, words: str) -> object:
    return typer.Option(f"--{name}", metavar=metavar, help=words)


@command(
    "new",
    PLANNING,
    "kierros new",
    "kierros new exchange-2027.yaml",
    'kierros new trip.yaml --format study-trip --begins "spring 2027" --people members.xlsx',
    'kierros new year.yaml --host "Dokk1:Aarhus:DK" --host "Deichman:Oslo:NO" --budget "26 000 EUR"',
)
def new(
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Where to write it.")] = Path("plan.yaml"),
    form: Annotated[str | None, _option("format", "NAME", "three-step, study-trip, workshops or placement.")] = None,
    programme: Annotated[str | None, _option("programme", "NAME", "The standing exchange.")] = None,
    theme: Annotated[str | None, _option("theme", "NAME", "What the year is about.")] = None,
    begins: Annotated[str | None, _option("begins", "WHEN", "A date, or a season: “spring 2027”.")] = None,
    places: Annotated[str | None, _option("places", "TOWNS", "Of the seminars, with commas between them.")] = None,
    zone: Annotated[str | None, _option("zone", "ZONE", "At home: Europe/Vilnius.")] = None,
    people: Annotated[str | None, _option("people", "FILE", "The people list, CSV or XLSX, where it is.")] = None,
    host: Annotated[list[str] | None, _option("host", "HOST", "Name:City:Country; again for more.")] = None,
    home: Annotated[
        list[str] | None, _option("home", "COUNTRY", "Of home libraries: FI, or Name:Country; again.")
    ] = None,
    budget: Annotated[str | None, _option("budget", "SUM", "“26 000 EUR”.")] = None,
    capacity: Annotated[str | None, _option("capacity", "NUMBER", "Places in the group.")] = None,
    coordinator: Annotated[str | None, _option("coordinator", "NAME", "Who runs it.")] = None,
    director: Annotated[str | None, _option("director", "NAME", "Who approves what costs money.")] = None,
    ask: Annotated[str | None, _option("ask", "WHAT", "Of those who register: diet, access, both or nothing.")] = None,
    language: Annotated[list[str] | None, _option("language", "CODE", "Of the letters; again for more.")] = None,
) -> None:
    """Write a plan to begin with: asks some ten questions on a terminal, each of them an option, too.

    The plan is commented, complete and ready to be changed; its year is shown as a calendar.
    """
    from cli.conversing import conversation, left_out, wrong_options
    from telling.times import now

    given = {
        "format": form, "programme": programme, "theme": theme, "begins": begins, "places": places, "zone": zone,
        "people": people, "host": "; ".join(host) if host else None,
        "home": "; ".join(home) if home else None, "budget": budget, "capacity": capacity,
        "coordinator": coordinator, "director": director, "ask": ask,
        "language": ", ".join(language) if language else None,
    }  # fmt: skip
    said, today = {key: words for key, words in given.items() if words is not None}, now().date()
    _refuse_faults(_taken(file, people), wrong_options(said, file, today))
    if terminal().interactive:
        terminal().say("Enter takes what stands in brackets; Ctrl-C breaks off, and nothing is written.", "dim")
    wishes = conversation(said, file, today)
    _write(file, wishes)
    _conclude(file, wishes, left_out(said, wishes, file, today))


def _taken(file: Path, people: str | None) -> list[str]:
    """What is there already: nothing is written over."""
    found, beside = [], file.parent / "people.csv"
    if file.exists():
        found += [f"{file} exists already and stays as it is. Give another name: kierros new FILE."]
    if people is None and beside.exists() and not terminal().interactive:
        found += [f"{beside} exists already and stays as it is. To plan with it, add: --people {beside}"]
    return found


def _refuse_faults(taken: list[str], wrong: list[str]) -> None:
    """All of them at once.

    Raises:
        Misused: an option cannot be taken as it is.
        Refused: a file is there already.
    """
    if taken or wrong:
        raise (Misused if wrong else Refused)("\n".join((*taken, *wrong)))


def _write(file: Path, wishes: Wishes) -> None:
    """Both files or none."""
    from plans.libraries import example_people
    from plans.new import new_plan

    pages = {file: new_plan(wishes, file=shlex.quote(str(file)))}
    if wishes.guests is None:
        pages[file.parent / "people.csv"] = example_people(wishes.visited)
    written: list[Path] = []
    try:
        for path, words in pages.items():
            with path.open("x", encoding="utf-8") as page:
                written.append(path)
                page.write(words)
    except OSError as why:
        for path in written:
            with suppress(OSError):
                path.unlink()
        raise Refused(f"{path} cannot be written ({why.strerror or why}). Nothing was written.") from None


def _strangers(wishes: Wishes) -> list[str]:
    """Who is named to run it and is not among the staff, as `check` would say; names to be replaced are not meant."""
    from cli.planning import roster
    from plans.faults import Misread
    from plans.roster import staffer
    from plans.unwritten import NAMES

    settings = terminal().settings
    there = settings.database or (settings.data / "kierros.db").exists()
    found, staff = [], roster() if there else {}
    for name in dict.fromkeys((wishes.coordinator, wishes.director)):
        try:
            staffer(staff, name)
        except Misread as why:
            found += [str(why)] if name not in NAMES else []
    return found


def _conclude(file: Path, wishes: Wishes, unused: list[str]) -> None:
    from cli.yearly import calendar
    from plans.libraries import without_contact
    from plans.planfile import read_plan

    here = terminal()
    here.show(calendar(read_plan(file).draft))
    if wishes.guests is None:
        people = file.parent / "people.csv"
        here.say(f"{file} and {people} are written. Fill them in with any text editor; every line says what it is for.")
    else:
        here.say(f"{file} is written. Change it with any text editor; every line says what it is for.")
    for sentence in (*unused, *_strangers(wishes)):
        here.say(sentence, "yellow")
    for host in without_contact(wishes):
        here.say(f"{wishes.guests.name if wishes.guests else ''} has no contact at {host}: add a row.", "yellow")
    named = shlex.quote(str(file))
    here.next(f"kierros check {named}")
    here.next(f"kierros rehearse {named}", "the whole year in a second")
