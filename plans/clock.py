"""Local times: what an author writes, resolved to the instant it means at its place.

Zones come from the pinned ``tzdata`` package and never from the machine, so that the same plan gives the same instants
everywhere. (Kaliningrad: UTC+2 in January 2010, +3 throughout 2012, +2 again since October 2014.)
"""

from __future__ import annotations

import re
from datetime import UTC, date, datetime, time, timedelta, timezone
from functools import cache
from importlib.resources import files
from zoneinfo import ZoneInfo

from exchange.plan import When
from plans.faults import Misread, did_you_mean, listed
from plans.said import said

MORNING = time(9)
"""A date alone where something begins or is made ready: the start of the working day."""
AFTERNOON = time(17)
"""A date alone where a visit or a seminar ends."""
EVENING = time(23, 59)
"""A date alone where a deadline stands: the end of that day."""

UNKNOWN = When(local="", zone="UTC", at=datetime(1970, 1, 1, tzinfo=UTC))
"""Stands in for a moment that could not be read, so that the rest of the plan can still be judged."""

_ISO = r"(?P<y>[0-9]{4})-(?P<m>[0-9]{1,2})-(?P<d>[0-9]{1,2})"
_DOTS = r"(?P<d2>[0-9]{1,2})\.\s?(?P<m2>[0-9]{1,2})\.\s?(?P<y2>[0-9]{4})"
_TIME = r"(?P<hour>[0-9]{1,2})(?:[:.](?P<minute>[0-9]{2})(?::00)?)?"
_OFFSET = r"(?P<offset>(?:UTC|GMT)?\s?[+-][0-9]{1,2}(?::?[0-9]{2})?|Z)"
_MOMENT = re.compile(rf"(?:{_ISO}|{_DOTS})(?:(?:[T,]|\s+(?:at|klo|kl\.?)\s|\s)\s*{_TIME}(?:\s?{_OFFSET})?)?")
_CLOCK = re.compile(_TIME)


@cache
def zone_names() -> dict[str, str]:
    """Every IANA zone of the pinned data: its name in lower case to its name."""
    names = files("tzdata").joinpath("zones").read_text(encoding="utf-8").split()
    return {name.lower(): name for name in names}


@cache
def zone(name: str) -> ZoneInfo:
    """The zone of that name, whatever its case, from the pinned data.

    Raises:
        Misread: there is none; with a suggestion.
    """
    known = zone_names()
    proper = known.get(name.strip().lower().replace(" ", "_"))
    if proper is None:
        raise Misread(said("“{name}” is no time zone that we know.{hint}", name=name, hint=_zone_meant(name)))
    with files("tzdata").joinpath("zoneinfo", *proper.split("/")).open("rb") as data:
        return ZoneInfo.from_file(data, key=proper)


def _zone_meant(name: str) -> str:
    places = [place for place in zone_names().values() if "/" in place and not place.startswith("Etc/")]
    by_city = {place.rpartition("/")[2].replace("_", " ").casefold(): place for place in places}
    if city := by_city.get(name.strip().casefold()):
        return said(" Did you mean “{word}”?", word=city)
    return did_you_mean(name, places) or said(" Write it as continent and city, e.g. Europe/Helsinki.")


def read_moment(words: str, place: str, day: time) -> When:
    """A moment as written: ``2012-02-14 10:00``, ``14.2.2012 klo 10``, or a date alone, which means ``day``.

    Args:
        words: the local time, with an offset like ``+03:00`` behind it where a clock change makes it ambiguous.
        place: the zone of the place.
        day: what a date alone means.

    Raises:
        Misread: no notation we know, no such date, or a time that the place's clocks skip or show twice.
    """
    found = _MOMENT.fullmatch(words.strip())
    if found is None:
        no = "“{words}” is no date and time that we can read; write it like 2012-02-14 10:00 or 2012-02-14."
        raise Misread(said(no, words=words))
    when = _date(found, words)
    if not found["hour"]:
        return resolve_gently(datetime.combine(when, day), place, last=day == EVENING)
    return resolve(datetime.combine(when, _time(found, words)), place, found["offset"])


def read_clock(words: str) -> time | None:
    """A time of day alone, like ``10:00``, or nothing where it is something else."""
    found = _CLOCK.fullmatch(words.strip())
    return _time(found, words) if found and found["minute"] else None


def _date(found: re.Match[str], words: str) -> date:
    year, month, day = (int(found[key] or found[key + "2"]) for key in "ymd")
    if not 1900 <= year <= 2200:
        no = "“{words}” lies in the year {year}; a plan's years lie between 1900 and 2200."
        raise Misread(said(no, words=words, year=year))
    try:
        return date(year, month, day)
    except ValueError:
        no = said("“{words}” names a day that does not exist; look it up in a calendar.", words=words)
        raise Misread(no) from None


def _time(found: re.Match[str], words: str) -> time:
    try:
        return time(int(found["hour"]), int(found["minute"] or 0))
    except ValueError:
        no = "“{words}” names a time of day that does not exist; hours go to 23, minutes to 59."
        raise Misread(said(no, words=words)) from None


TWICE = (
    "{local} comes twice in {place}, because the clocks are put back that night; "
    "write which one is meant: {local} {first} or {local} {second}."
)


def resolve(local: datetime, place: str, offset: str | None = None) -> When:
    """The instant of a wall-clock time at a place.

    Raises:
        Misread: the clocks there never show it, show it twice (and no offset says which), or have another offset then.
    """
    instants = _instants(local, zone(place))
    if not instants:
        raise Misread(_skipped(local, place))
    meant = _offset(offset) if offset else None
    fitting = [at for at in instants if meant in (None, local.replace(tzinfo=UTC) - at)]
    if not fitting:
        right = listed((_written(local.replace(tzinfo=UTC) - at) for at in instants), "or")
        no = "{place} is not at {offset} on {local} but at {right}; leave the offset out."
        raise Misread(said(no, place=place, offset=offset, local=_plainly(local), right=right))
    if len(fitting) > 1:
        first, second = (_written(local.replace(tzinfo=UTC) - at) for at in fitting)
        raise Misread(said(TWICE, local=_plainly(local), place=place, first=first, second=second))
    return _when(local, place, fitting[0])


def resolve_gently(local: datetime, place: str, *, last: bool = False) -> When:
    """Like :func:`resolve` for times that nobody wrote: a skipped hour moves on, of a double one the first counts.

    Args:
        local: the wall-clock time.
        place: the zone of the place.
        last: of a double hour the second counts, as for the end of a day.
    """
    there = zone(place)
    twice = last and len(_instants(local, there)) > 1
    return shown(local.replace(tzinfo=there, fold=int(twice)).astimezone(UTC), place)


def shown(at: datetime, place: str) -> When:
    """An instant (UTC) as the clocks of a place show it."""
    return _when(at.astimezone(zone(place)).replace(tzinfo=None), place, at)


def _when(local: datetime, place: str, at: datetime) -> When:
    return When(local=local.isoformat(timespec="minutes"), zone=zone(place).key, at=at)


def _instants(local: datetime, there: ZoneInfo) -> list[datetime]:
    """The instants (UTC, earliest first) at which the clocks of a place show this time: none, one or two."""
    both = {local.replace(tzinfo=there, fold=fold).astimezone(UTC) for fold in (0, 1)}
    return sorted(at for at in both if at.astimezone(there).replace(tzinfo=None) == local)


def _skipped(local: datetime, place: str) -> str:
    later = resolve_gently(local, place).local.replace("T", " ")
    no = "{local} does not exist in {place}: the clocks are put forward over it. Write {later} perhaps."
    return said(no, local=_plainly(local), place=place, later=later)


def _plainly(local: datetime) -> str:
    return f"{local:%Y-%m-%d %H:%M}"


def _offset(words: str) -> timedelta:
    digits = re.sub(r"[^0-9+-]", "", words)
    if not digits:
        return timedelta(0)
    hours, minutes = (digits[1:-2], digits[-2:]) if len(digits) > 3 else (digits[1:], "0")
    span = timedelta(hours=int(hours), minutes=int(minutes))
    return -span if digits[0] == "-" else span


def _written(offset: timedelta) -> str:
    return timezone(offset).tzname(None).removeprefix("UTC") or "+00:00"
