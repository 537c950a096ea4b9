"""The conversation in which a plan begins: a question a line, a default in brackets, every question an option too."""

from __future__ import annotations

import os
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.faults import Misused
from cli.terminal import terminal

if TYPE_CHECKING:
    from plans.people import PeopleList
    from plans.wishes import Wishes

NEW_LIST = "a new people.csv"
EXAMPLES = "two examples"
UNSAID = "none said"
CONTACTS = "those of the contacts on the list"

Found = Mapping[str, Any]
"""What has been answered so far, by the names of the options."""


@dataclass(frozen=True)
class Question:
    """One thing to be asked."""

    option: str
    words: Callable[[Found], str]
    default: Callable[[Found], str]
    read: Callable[[str, Found], Any]
    """What an answer means; raises :class:`plans.faults.Misread` with the sentence that says why it cannot be taken."""
    fits: Callable[[Found], bool] = lambda _found: True
    """Whether it makes sense, after what was answered before; otherwise its default counts."""


def conversation(given: Mapping[str, str], file: Path, today: date) -> Wishes:
    """Everything a new plan is made of: from the options, from whoever can be asked, else the defaults.

    Args:
        given: what the command line says, by option.
        file: where the plan is to be written.
        today: the day on which it is asked.

    Raises:
        Misused: an option cannot be taken; the sentence names it.
        Refused: whoever was asked went away.
    """
    from plans.wishes import Wishes

    found: dict[str, Any] = {}
    for question in questions(file, today):
        found[question.option] = _settled(question, given.get(question.option), found)
    cap, currency = found["budget"]
    name, guests = found["people"]
    return Wishes(
        begins=found["begins"],
        format=found["format"],
        programme=found["programme"],
        theme=found["theme"],
        places=found["places"],
        zone=found["zone"],
        people=name,
        guests=guests,
        hosts=found["host"],
        homes=found["home"],
        currency=currency,
        cap=cap,
        capacity=found["capacity"],
        coordinator=found["coordinator"],
        director=found["director"],
        languages=found["language"],
        ask=found["ask"],
    )


def wrong_options(given: Mapping[str, str], file: Path, today: date) -> list[str]:
    """Why options cannot be taken, each by its name and all at once, before anything is asked or written."""
    from plans.faults import Misread

    wrong: list[str] = []
    found: dict[str, Any] = {}
    if not file.parent.is_dir():
        wrong += [f"The folder {file.parent} does not exist. Make it first, or write the plan somewhere else."]
    for question in questions(file, today):
        words = given.get(question.option)
        try:
            found[question.option] = question.read(question.default(found) if words is None else words, found)
        except Misread as why:
            wrong += [f"--{question.option}: {why}"] if words is not None else []
            # the others are read as if this one had been left out; what lies in the folder is looked at when asked for
            new_list = question.option == "people"
            found[question.option] = question.read(NEW_LIST if new_list else question.default(found), found)
    return wrong


def left_out(given: Mapping[str, str], wishes: Wishes, file: Path, today: date) -> list[str]:
    """What was said and does not stand in the plan, since its format has nothing of the kind."""
    found = {"format": wishes.format}
    idle = [question.option for question in questions(file, today) if not question.fits(found)]
    return [f"--{option} was not used: {_NONE[option].format(wishes.format)}" for option in idle if option in given]


_NONE = {
    "places": "a plan of the format {} has no seminars or workshops, and so no town.",
    "host": "a plan of the format {} has no visits.",
}


def _settled(question: Question, given: str | None, found: Found) -> Any:
    from plans.faults import Misread

    if given is not None:
        try:
            return question.read(given, found)
        except Misread as why:
            raise Misused(f"--{question.option}: {why}") from None
    default = question.default(found)
    here = terminal()
    if not here.interactive or not question.fits(found):
        return question.read(default, found)
    while True:
        try:
            return question.read(here.answer(question.words(found), default), found)
        except Misread as why:
            here.say(f"  {why}", "yellow")


def questions(file: Path, today: date) -> tuple[Question, ...]:
    """All that is asked, in order."""
    return (*_about_the_year(today), *_about_the_people(file), *_about_the_means())


def _about_the_year(today: date) -> tuple[Question, ...]:
    from plans.clock import zone
    from plans.wishes import FORMATS, read_beginning, read_format, read_places, read_words, zone_of_city

    def towns(found: Found) -> str:
        several = found["format"] == "workshops"
        return "Towns of the workshops, in order" if several else "Town of the seminars"

    return (
        Question("format", _said(f"Format: {', '.join(FORMATS)}"), _said("three-step"), lambda w, _: read_format(w)),
        Question("programme", _said("Name of the exchange"), _said("Our exchange"), lambda w, _: read_words(w)),
        Question("theme", _said("Theme of the year"), _said("A theme of your own"), lambda w, _: read_words(w)),
        Question(
            "begins",
            _said(f"Preparations begin: a date, or a season such as spring {today.year + 1}"),
            _said((today + timedelta(days=14)).isoformat()),
            lambda w, _: read_beginning(w, today),
        ),
        Question(
            "places",
            towns,
            _said("Your town"),
            lambda w, _: read_places(w),
            lambda found: found["format"] in {"three-step", "workshops"},
        ),
        Question(
            "zone",
            _said("Time zone at home"),
            lambda found: zone_of_city(found["places"][0]) or "Europe/Helsinki",
            lambda w, _: zone(w).key,
        ),
    )


def _about_the_people(file: Path) -> tuple[Question, ...]:
    from plans.free_days import country_of_zone
    from plans.libraries import hosts_of
    from plans.wishes import EXAMPLE_HOSTS, read_hosts

    beside = file.parent / "people.csv"

    def hosts(words: str, found: Found) -> Any:
        if words == EXAMPLES:
            return EXAMPLE_HOSTS
        return hosts_of(found["people"][1]) if words == CONTACTS else read_hosts(words)

    def known(found: Found) -> str:
        guests = found["people"][1]
        return CONTACTS if guests is not None and hosts_of(guests) else EXAMPLES

    return (
        Question(
            "people",
            _said("List of people, CSV or XLSX"),
            _said(str(beside) if beside.exists() else NEW_LIST),
            lambda words, _: ("people.csv", None) if words == NEW_LIST else read_list(words, file),
        ),
        Question(
            "host",
            _said("Candidate hosts, the best first, as Name:City:Country; Name:City:Country"),
            known,
            hosts,
            lambda found: found["format"] != "workshops",
        ),
        Question(
            "home",
            _said("Country of the home libraries, two letters; Name:Country for one that is elsewhere"),
            lambda found: country_of_zone(found["zone"]) or UNSAID,
            _home_countries,
        ),
    )


def _home_countries(words: str, found: Found) -> Any:
    """In which countries the home libraries are.

    Raises:
        plans.faults.Misread: it is no country, or of a library that the list does not name.
    """
    from plans.faults import Misread, listed
    from plans.libraries import unknown_homes
    from plans.unwritten import HOMES
    from plans.wishes import read_homes

    said = () if words == UNSAID else read_homes(words)
    guests = found["people"][1]
    if unknown := unknown_homes(said, guests, found["host"]):
        where = guests.name if guests else f"the new list ({listed(HOMES)})"
        raise Misread(f"no home library on {where} is called {listed((f'“{name}”' for name in unknown), 'or')}.")
    return said


def _about_the_means() -> tuple[Question, ...]:
    from plans.notation import read_count
    from plans.unwritten import NAMES
    from plans.wishes import read_asked, read_languages, read_money, read_words

    me = terminal().settings.staff or NAMES[0]

    def spoken(found: Found) -> str:
        guests = found["people"][1]
        codes = dict.fromkeys(one.language for one in guests.accepted if one.part == "invitee") if guests else {}
        return ", ".join(filter(None, codes)) or "en"

    return (
        Question("budget", _said("Money there is"), _said("12 000 EUR"), lambda w, _: read_money(w)),
        Question(
            "capacity",
            _said("Places in the group"),
            lambda found: "1" if found["format"] == "placement" else "20",
            lambda w, _: read_count(w),
        ),
        Question("coordinator", _said("Coordinator"), _said(me), lambda w, _: read_words(w)),
        Question("director", _said("Director"), _said(NAMES[1]), lambda w, _: read_words(w)),
        Question(
            "ask",
            _said("Ask people what they eat, or need to take part: diet, access, both or nothing"),
            _said("nothing"),
            lambda w, _: read_asked(w),
        ),
        Question("language", _said("Languages of the letters"), spoken, lambda w, _: read_languages(w)),
    )


def read_list(words: str, file: Path) -> tuple[str, PeopleList]:
    """A people list and how the plan names it: as seen from the plan's folder.

    Raises:
        plans.faults.Misread: it cannot be read, has rows that cannot be taken, or invites nobody.
    """
    from plans import read_people
    from plans.faults import Misread

    path = Path(words).expanduser()
    people = read_people(path)
    if people.refused:
        first, more = people.refused[0], len(people.refused) - 1
        place = f"row {first.row}, {first.column}: " if first.row else ""
        rest = f" ({more} more rows like that.)" if more else ""
        raise Misread(f"{people.name} cannot be taken: {place}{first.reason}{rest}")
    if not any(one.part == "invitee" for one in people.accepted):
        raise Misread(f"{people.name} has nobody to invite; add people of the part “participant”.")
    return Path(os.path.relpath(path.absolute(), file.parent.absolute())).as_posix(), people


def _said(words: str) -> Callable[[Found], str]:
    return lambda _found: words
