"""A plan to begin with: what ``kierros new`` writes, commented line by line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from importlib.resources import files
from string import Template

from plans.free_days import country_of_zone
from plans.libraries import all_have_libraries, contact, example_people, homes, named_after, speaker
from plans.ready import in_languages
from plans.timetable import CHOOSING, OpenDays, Timetable, placement, study_trip, three_step, workshops
from plans.titles import WRITTEN
from plans.unwritten import FIRST_REASON, LETTER, OTHER_REASON
from plans.wishes import FORMATS, HostWish, Wishes
from plans.words import plain, slug

PEOPLE = example_people()
"""The people list that goes with a new plan, ``people.csv``."""

_MOST_SLOTS = 5
_ORDINALS = ("first", "second", "third", "fourth", "fifth")


def new_plan(wishes: Wishes, *, file: str = "plan.yaml", days: OpenDays | None = None) -> str:
    """A commented plan of one cycle, in English, that has no fault as it stands.

    Args:
        wishes: what it is made of.
        file: the name under which it is written, as one types it.
        days: on which days something can happen; without it, on working days of the countries involved, not in July.
    """
    table = _dates(wishes, days or OpenDays([country_of_zone(wishes.zone), *(host.country for host in wishes.hosts)]))
    return _head(wishes, table, " ".join(file.split())) + "".join(_steps(wishes, table))


def slots(wishes: Wishes) -> list[tuple[HostWish, ...]]:
    """Which hosts are candidates for which visit, the first asked first."""
    hosts = wishes.hosts
    match wishes.format:
        case "placement":
            return [hosts]
        case "study-trip":
            return [(host,) for host in hosts[:_MOST_SLOTS]]
        case "workshops":
            return []
        case "three-step":
            count = min(3, len(hosts) - len(hosts) // 3)
            spare = hosts[count:]
            return [(host, *(spare or (hosts[1:2] if rank == 0 else ()))) for rank, host in enumerate(hosts[:count])]


def _dates(wishes: Wishes, days: OpenDays) -> Timetable:
    choosing = CHOOSING if _nominated(wishes) else 0
    match wishes.format:
        case "three-step":
            return three_step(wishes.begins, days, len(slots(wishes)), choosing)
        case "study-trip":
            return study_trip(wishes.begins, days, len(slots(wishes)))
        case "workshops":
            return workshops(wishes.begins, days, len(_workshop_places(wishes)), choosing)
        case "placement":
            return placement(wishes.begins, days)


def _workshop_places(wishes: Wishes) -> tuple[str, ...]:
    return wishes.places if len(wishes.places) > 1 else wishes.places * 2


# -- the head ----------------------------------------------------------------------------------------------------------


def _head(wishes: Wishes, table: Timetable, file: str) -> str:
    funder = wishes.cap * 3 // 4
    put = "" if wishes.guests else f", and put your people into {wishes.people}, beside this file"
    return _filled(
        "head",
        about=f"A plan for one thematic cycle: {FORMATS[wishes.format]}.",
        put=put,
        file=file,
        programme=_quoted(wishes.programme),
        theme=_quoted(wishes.theme),
        programme_id=_id(wishes.programme, "exchange"),
        theme_id=_id(wishes.theme, "theme"),
        year=table.invite.year,
        languages=", ".join(wishes.languages),
        zone=wishes.zone,
        people=wishes.people if wishes.people == "people.csv" else _quoted(wishes.people),
        coordinator=_quoted(wishes.coordinator),
        director=_quoted(wishes.director),
        currency=wishes.currency,
        cap=_money(wishes.cap),
        funder=_money(funder),
        libraries=_money(wishes.cap - funder),
        organisations=_organisations(wishes),
    )


def _organisations(wishes: Wishes) -> str:
    lines: list[str] = []
    for number, host in enumerate(named_after(wishes.visited, wishes.zone)):
        lines += [f"  {host.id}:", f"    name: {_quoted(host.name)}"]
        note = "               # two letters" if number == 0 else ""
        lines += [f"    country: {_country(host.country)}{note}"] if host.country else []
        lines += [f"    city: {_quoted(host.city)}"] if host.city else []
        lines += [f"    zone: {host.zone}"]
        lines += [f"    strengths: [{host.strengths}]"] if number == 0 else []
    for number, home in enumerate(homes(wishes)):
        lines += [f"  {_key(home.id)}:", f"    name: {_quoted(home.name)}"]
        note = "               # by it visas and holidays are told of" if number == 0 else ""
        lines += [f"    country: {_country(home.country)}{note}"] if home.country else []
        if wishes.guests is None and number == 1:
            lines += ["    kind: school library      # without this line it is a municipal public library"]
    return "\n".join(lines) + "\n"


def _country(code: str) -> str:
    """Norway's code is a “no” to YAML where nothing says that it is a word."""
    return f'"{code}"' if code == "NO" else code


def _key(ident: str) -> str:
    return f'"{ident}"' if ident.isdigit() or ident in {"no", "yes", "on", "off", "null", "true", "false"} else ident


# -- the steps ---------------------------------------------------------------------------------------------------------


def _steps(wishes: Wishes, table: Timetable) -> Iterator[str]:
    yield _filled("invitations", invite=table.invite, letter=LETTER)
    yield _registration(wishes, table)
    match wishes.format:
        case "three-step":
            yield _seminar("introductory", wishes, table, 0, 125)
            yield from _visits(wishes, table, "visits", 650)
            yield _seminar("final", wishes, table, 1, 150)
        case "study-trip":
            yield from _visits(wishes, table, "study-trip", 900)
        case "placement":
            yield from _visits(wishes, table, "placement", 900)
        case "workshops":
            yield from _workshops(wishes, table)
    asked = table.asks[-1]
    yield _filled("feedback", opens=asked.first, closes=asked.last, best=_spoken("best", wishes, 10))
    yield _filled("report", due=table.report)


def _registration(wishes: Wishes, table: Timetable) -> str:
    dates: dict[str, object] = {"opens": table.opens, "closes": table.closes, "capacity": wishes.capacity}
    dates["ask"] = _asking(wishes)
    if wishes.format == "placement":
        return _filled("applications", **dates)
    dates["per_library"] = most = min(3, wishes.capacity)
    if _nominated(wishes):
        return _filled("registration", **dates)
    limit = f"    per_library: {most}            # leave this line out if there is no such limit\n"
    without = f"    # per_library: {most}          # so many from one library; everybody's must stand in the list\n"
    return _filled("first-come", **dates, limit=limit if all_have_libraries(wishes) else without)


def _asking(wishes: Wishes) -> str:
    """What people are asked as they register; a line to be woken up where nothing is."""
    if wishes.ask:
        return f"    ask: [{', '.join(wishes.ask)}]       # sensitive; hosts read it without names\n"
    note = "what people eat and need to take part: take the # away if hosts must know it"
    return f"    # ask: [diet, access]     # {note}\n"


def _nominated(wishes: Wishes) -> bool:
    """Whether libraries say whom they send: where somebody's library is not known, none could."""
    return wishes.giving == "nominated" and wishes.format != "placement" and all_have_libraries(wishes)


_OPENINGS = {"introductory": ("stand", "ask"), "final": ("saw", "saw"), "workshop": ("used", "learn")}
"""What the sessions of each form of seminar are called, the first and the second, by :data:`plans.titles.WRITTEN`."""


def _seminar(form: str, wishes: Wishes, table: Timetable, nth: int, share: int, **more: int) -> str:
    places = _workshop_places(wishes) if form == "workshop" else (wishes.places[0], wishes.places[-1])
    who = speaker(wishes)
    opening, then = _OPENINGS[form]
    note = " # a name or an e-mail address from the list of people" if nth == 0 else ""
    return _filled(
        form,
        organisation="    organisation: home-library\n" if wishes.guests is None else "",
        place=_quoted(places[nth]),
        announce=table.announced[nth],
        begins=table.seminars[nth].first,
        cost=_money(_share(wishes.cap, share)),
        speaker=f"        speaker: {_quoted(who)}{note}\n" if who else "",
        title=_spoken(form, wishes, 6, **more),
        opening=_spoken("stand" if form == "workshop" and nth == 0 else opening, wishes, 10),
        then=_spoken(then, wishes, 10),
        number=nth + 1,
    )


_USED = {"used": "how-used", "example": "example"}


def _workshops(wishes: Wishes, table: Timetable) -> Iterator[str]:
    count = len(table.seminars)
    for number in range(count):
        if number:
            asked = table.asks[number - 1]
            title = _spoken("last-used", wishes, 6, number=number)
            words = {"title": title, **{k: _spoken(w, wishes, 10) for k, w in _USED.items()}}
            yield _filled("used", number=number + 1, opens=asked.first, closes=asked.last, **words)
        yield _seminar("workshop", wishes, table, number, 900 // count, number=number + 1, count=count)


def _visits(wishes: Wishes, table: Timetable, title: str, share: int) -> Iterator[str]:
    together = plain(wishes.coordinator) == plain(wishes.director)
    yield _filled(
        "visits", title=_spoken(title, wishes, 6), asked=table.asked, second_person="no" if together else "yes"
    )
    wanted = slots(wishes)
    for number, (candidates, span) in enumerate(zip(wanted, table.stays, strict=True)):
        ident = "placement" if wishes.format == "placement" else f"{_ORDINALS[number]}-visit"
        yield _filled("slot", id=ident, begins=span.first, ends=span.last, zone=_zone(wishes, candidates))
        for rank, host in enumerate(candidates):
            yield _candidate(wishes, host, rank, _share(wishes.cap, share // len(wanted)))


def _zone(wishes: Wishes, candidates: tuple[HostWish, ...]) -> str:
    """Whose clocks count, where those of the candidates may differ."""
    zones = [host.zone for host in named_after(candidates, wishes.zone)]
    if len(set(zones)) == 1:
        return ""
    return f"        zone: {zones[0]}  # whose time is meant: that of the first candidate\n"


def _candidate(wishes: Wishes, host: HostWish, rank: int, cents: int) -> str:
    who = contact(wishes, host)
    reason = OTHER_REASON if rank else FIRST_REASON
    cost = _money(_share(cents, 930) if rank else cents)
    named = f"            contact: {_quoted(who)}\n" if who else ""
    return _filled("candidate", host=_key(host.id), contact=named, reason=reason, cost=cost)


# -- words and sums ----------------------------------------------------------------------------------------------------


def _filled(form: str, **values: object) -> str:
    template = Template(files("plans").joinpath("forms", f"{form}.yaml").read_text(encoding="utf-8"))
    return template.substitute({key: _written(value) for key, value in values.items()})


def _spoken(words: str, wishes: Wishes, indent: int, **values: int) -> str:
    """Words of :data:`plans.titles.WRITTEN` in the plan's languages: one behind the colon, several below it."""
    text = {code: said.format(**values) for code, said in in_languages(WRITTEN[words], wishes.languages).items()}
    if len(wishes.languages) == 1:
        (code, said), *_ = text.items()
        return f" {said if code == 'en' else _quoted(said)}"
    return "".join(f"\n{' ' * indent}{code}: {_quoted(said)}" for code, said in text.items())


def _written(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)


def _quoted(words: str) -> str:
    return json.dumps(" ".join(words.split()), ensure_ascii=False)


def _id(words: str, otherwise: str) -> str:
    return slug(words)[:40].strip("-") or otherwise


def _money(cents: int) -> str:
    return f"{cents // 100:,}".replace(",", " ") + f",{cents % 100:02d}"


def _share(cents: int, thousandths: int) -> int:
    """So many thousandths of a sum, rounded down to tens."""
    return cents * thousandths // 1000 // 1000 * 1000
