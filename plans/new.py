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
        begins: the day on which the invitations are to be made ready; all other dates are counted from it, and none
            falls on a weekend or in July.
    """
    template = Template(files("plans").joinpath("new.yaml").read_text(encoding="utf-8"))
    names = {"theme": theme, "programme": programme, "coordinator": coordinator, "director": director, "place": place}
    ids = {"theme_id": _id(theme, "theme"), "programme_id": _id(programme, "exchange")}
    first = _working(begins)
    days = {f"day{number}": str(_working(_counted(first, number))) for number in _DAYS}
    figures = {"zone": zone, "currency": currency, "capacity": str(capacity), "year": str(first.year)}
    return template.substitute({key: _quoted(words) for key, words in names.items()} | ids | days | figures)


_DAYS = (0, 7, 14, 37, 42, 56, 84, 86, 91, 93, 119, 133, 135, 149, 177)
"""The template's dates in days after the first."""


def _quoted(words: str) -> str:
    return json.dumps(" ".join(words.split()), ensure_ascii=False)


def _id(words: str, otherwise: str) -> str:
    return slug(words)[:40].strip("-") or otherwise


def _counted(first: date, number: int) -> date:
    """So many days after the first; five weeks more where July lies between."""
    july, day = date(first.year if first.month < 7 else first.year + 1, 7, 1), first + timedelta(days=number)
    return day + timedelta(weeks=5) if day >= july else day


def _working(day: date) -> date:
    """The day itself, or the next that is neither at a weekend nor in July."""
    if day.month == 7:
        day = date(day.year, 8, 1)
    return day + timedelta(days=7 - day.weekday()) if day.weekday() > 4 else day
