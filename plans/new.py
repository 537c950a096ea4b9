"""A plan to begin with: what ``kierros new`` writes."""

from __future__ import annotations

import json
from datetime import date, timedelta
from importlib.resources import files
from string import Template

from plans.words import slug

PEOPLE = """\
name,address,language,library,part
Anna Example,anna@home-library.example,en,home-library,participant
Bo Example,bo@home-library.example,en,home-library,participant
Cecilia Example,cecilia@second-library.example,en,second-library,participant
Dina Example,dina@home-library.example,en,home-library,speaker
Erik Example,erik@host-library.example,en,host-library,contact
Freja Example,freja@other-host.example,en,other-host,contact
"""
"""The people list that goes with a new plan, ``people.csv``."""


def new_plan(
    *,
    theme: str = "A theme of your own",
    programme: str = "Our exchange",
    coordinator: str = "Name of the coordinator",
    director: str = "Name of the director",
    place: str = "Your town",
    zone: str = "Europe/Helsinki",
    currency: str = "EUR",
    capacity: int = 20,
    begins: date,
    file: str = "plan.yaml",
) -> str:
    """A commented plan of one thematic cycle, in English, that has no fault as it stands.

    Args:
        theme: what the cycle is about.
        programme: the standing exchange it belongs to.
        coordinator: who runs it.
        director: who approves what costs money.
        place: the town of the seminars.
        zone: its IANA time zone.
        currency: three letters.
        capacity: places in the group.
        begins: the invitations are to be made ready on the Monday that comes then; all other dates are counted from
            it, and none falls on a weekend or in July.
        file: the name under which it is written, as one types it.
    """
    template = Template(files("plans").joinpath("new.yaml").read_text(encoding="utf-8"))
    names = {"theme": theme, "programme": programme, "coordinator": coordinator, "director": director, "place": place}
    ids = {"theme_id": _id(theme, "theme"), "programme_id": _id(programme, "exchange")}
    first = _monday(begins)
    days = {f"day{number}": str(_counted(first, number)) for number in _DAYS}
    figures = {"zone": zone, "currency": currency, "capacity": str(capacity), "year": str(first.year)}
    heading = {"file": " ".join(file.split())}  # a line break in a name must not end the comment
    return template.substitute({key: _quoted(words) for key, words in names.items()} | ids | days | figures | heading)


_DAYS = (0, 7, 14, 37, 42, 56, 84, 86, 91, 93, 119, 133, 135, 149, 177)
"""The template's dates in days after the first, which is a Monday: none of them is a Saturday or a Sunday."""


def _quoted(words: str) -> str:
    return json.dumps(" ".join(words.split()), ensure_ascii=False)


def _id(words: str, otherwise: str) -> str:
    return slug(words)[:40].strip("-") or otherwise


def _monday(day: date) -> date:
    """The next Monday, the day itself included, whose week lies outside July."""
    monday = day + timedelta(days=-day.weekday() % 7)
    return monday if _before_july(monday, monday) or monday.month > 7 else _monday(date(monday.year, 8, 1))


def _counted(first: date, number: int) -> date:
    """So many days after the first, a Monday; six weeks more where the weeks of July lie between."""
    day = first + timedelta(days=number)
    return day if _before_july(first, day) else day + timedelta(weeks=6)


def _before_july(first: date, day: date) -> bool:
    """Whether the week of a day ends before the first July that comes after ``first`` began."""
    july = date(first.year if first.month <= 7 else first.year + 1, 7, 1)
    return day - timedelta(days=day.weekday()) + timedelta(days=6) < july
