"""The days on which libraries are closed or empty: weekends, public holidays and July."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date
from functools import cache

from exchange.plan import Organisation

QUIET_MONTH = 7
"""July: in the countries around the Baltic libraries run with half their staff, and nobody reads letters of ours.
Source: TRUST ("quiet weeks (July)"), seeds 004 ("after the summer leave")."""


def country_of(organisation: Organisation) -> str:
    """Where it is (ISO 3166-1 alpha-2): as the plan says, else the country of its time zone; empty where unknown."""
    return organisation.country or country_of_zone(organisation.zone)


def country_of_zone(zone: str) -> str:
    """The country in which a time zone lies: ``Europe/Riga`` is ``LV``; empty for UTC and the like."""
    from babel.core import get_global  # noqa: PLC0415 - its tables cost; only a check and a new plan pay

    country = str(get_global("zone_territories").get(zone, ""))
    return country if country.isalpha() and country != "ZZ" else ""


@cache
def holidays(country: str, year: int) -> Mapping[date, str]:
    """The public holidays of a country and year by their English names; none where the country is not known."""
    import holidays as known  # noqa: PLC0415 - see above

    try:
        found = known.country_holidays(country, years=year)
    except NotImplementedError:
        return {}
    if "en_US" in getattr(found, "supported_languages", ()):
        found = known.country_holidays(country, years=year, language="en_US")
    return {day: str(name) for day, name in found.items()}


def holiday(day: date, countries: Iterable[str]) -> tuple[str, tuple[str, ...]]:
    """What is celebrated on a day and in which of the countries; two empty values where nothing is."""
    where = tuple(country for country in dict.fromkeys(countries) if country and day in holidays(country, day.year))
    return (holidays(where[0], day.year)[day], where) if where else ("", ())


def is_weekend(day: date) -> bool:
    """Whether it is a Saturday or a Sunday."""
    return day.weekday() >= 5
