"""What somebody who begins a plan says of it: each answer read, or refused with what is expected."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from typing import Literal

from plans.clock import AFTERNOON, read_moment, zone_names
from plans.faults import Misread, did_you_mean, listed
from plans.notation import read_cents
from plans.people import PeopleList
from plans.unwritten import HOSTS, NAMES, THEME, TOWN
from plans.words import ID, language_code, plain, slug, tidy, unfit

Format = Literal["three-step", "study-trip", "workshops", "placement"]

FORMATS: dict[Format, str] = {
    "three-step": "an introductory seminar, visits to host libraries, a final seminar",
    "study-trip": "one journey to several host libraries",
    "workshops": "workshops a season apart; before each is asked what was used of the last",
    "placement": "one person at one host library for weeks",
}
"""The formats of exchange for which a plan can be written, each with what it is. Sources: seeds 000, 001, 002, 004."""

HOST_FORM = "Name:City:Country, e.g. Dokk1:Aarhus:DK"
"""How a host is written; an id may stand in front, which is only said where one is needed."""

HOME_FORM = "FI, or Name:Country for libraries that are elsewhere, e.g. FI; Gusev library:RU"
"""How the countries of home libraries are written."""

_SEASONS = {"winter": (1, 8), "spring": (3, 1), "summer": (6, 1), "autumn": (9, 1), "fall": (9, 1)}
_SEASON = re.compile(r"(?P<name>[a-z]+)\s+(?:of\s+)?(?P<year>[0-9]{4})")
_SYMBOLS = {"€": "EUR", "£": "GBP", "$": "USD"}


@dataclass(frozen=True)
class HostWish:
    """A library that could be a host."""

    id: str
    name: str
    city: str = ""
    country: str = ""
    zone: str = ""
    strengths: str = "what they do best, what they tell of gladly"


@dataclass(frozen=True)
class HomeWish:
    """In which country a home library is; with no name, all that are not named."""

    name: str
    country: str


EXAMPLE_HOSTS = (
    HostWish("host-library", HOSTS[0], "Helsinki", "FI", "Europe/Helsinki"),
    HostWish("other-host", HOSTS[1], "Turku", "FI", "Europe/Helsinki"),
)


@dataclass(frozen=True)
class Wishes:
    """Everything that a new plan is made of."""

    begins: date
    """When its preparations begin: the invitations are made ready on the Monday that comes then, or soon after."""
    format: Format = "three-step"
    programme: str = "Our exchange"
    theme: str = THEME
    places: tuple[str, ...] = (TOWN,)
    """The towns of the seminars or workshops."""
    zone: str = "Europe/Helsinki"
    people: str = "people.csv"
    """The people list as seen from the plan's folder."""
    guests: PeopleList | None = None
    """What the people list holds; nothing where an example is to be written."""
    hosts: tuple[HostWish, ...] = EXAMPLE_HOSTS
    homes: tuple[HomeWish, ...] = ()
    """In which countries the home libraries are; where nothing is said, the plan says none."""
    currency: str = "EUR"
    cap: int = 1_200_000
    """In hundredths."""
    capacity: int = 20
    giving: Literal["nominated", "first come"] = "nominated"
    """How the places of a group are given: the libraries say whom they send, where everybody's is known; or in the
    order of asking."""
    coordinator: str = NAMES[0]
    director: str = NAMES[1]
    languages: tuple[str, ...] = ("en",)
    ask: tuple[Literal["diet", "access"], ...] = ()
    """What people are asked as they register."""

    @property
    def visited(self) -> tuple[HostWish, ...]:
        """The hosts, where the format has visits."""
        return () if self.format == "workshops" else self.hosts


def read_format(words: str) -> Format:
    """One of :data:`FORMATS`, by its name."""
    word = plain(words).replace(" ", "-").replace("_", "-")
    for name in FORMATS:
        if word == name or (len(word) > 2 and name.startswith(word)):
            return name
    raise Misread(f"“{words}” is no format that we know; it is {listed(FORMATS, 'or')}.{did_you_mean(word, FORMATS)}")


def read_beginning(words: str, today: date) -> date:
    """A date, or a season such as ``spring 2027``, that has not passed."""
    if season := _SEASON.fullmatch(plain(words)):
        if season["name"] not in _SEASONS:
            raise Misread(f"“{words}” names no season; write winter, spring, summer or autumn with the year.")
        found = date(int(season["year"]), *_SEASONS[season["name"]])
    else:
        try:
            found = date.fromisoformat(read_moment(words, "UTC", AFTERNOON).local[:10])
        except Misread:
            raise Misread(
                f"“{words}” is no date that we can read; write it like {today.year + 1}-03-20, "
                f"20.3.{today.year + 1} or spring {today.year + 1}."
            ) from None
    if found < today:
        raise Misread(f"“{words}” has passed; a plan begins today or later, e.g. spring {today.year + 1}.")
    if found.year > today.year + 20:
        raise Misread(f"“{words}” is more than twenty years away; is the year right?")
    return found


def read_words(words: str) -> str:
    """One line of words that may stand in a letter."""
    found = tidy(words)
    if why := unfit(found):
        raise Misread(f"“{found[:40]}” {why}.")
    if not found:
        raise Misread("That is empty; write some words.")
    if len(found) > 200:
        raise Misread(f"“{found[:40]}…” is too long for a name; 200 characters are enough.")
    return found


def read_places(words: str) -> tuple[str, ...]:
    """Towns, with commas between them."""
    found = tuple(read_words(part) for part in re.split(r"[,;]", words) if part.strip())
    if not found:
        raise Misread("That names no place; write a town, or several with commas between them.")
    return found


def read_money(words: str) -> tuple[int, str]:
    """A sum and its currency: ``26 000 EUR``, ``€26,000.00``; euros where no currency stands with it."""
    named = re.findall(r"[A-Za-z]{2,}\.?|[€£$]", words)
    if any(word.rstrip(".").casefold() == "kr" for word in named):
        raise Misread(f"“{words}” has crowns of one of several countries; write DKK, NOK, SEK or ISK.")
    if len(named) > 1 or any(len(word) != 3 for word in named if word not in _SYMBOLS):
        raise Misread(f"“{words}” is no sum with a currency; write it like 26 000 EUR.")
    currency = _SYMBOLS.get(named[0], named[0].upper()) if named else "EUR"
    return read_cents(re.sub(r"[A-Za-z€£$]+", " ", words).strip()), currency


def read_asked(words: str) -> tuple[Literal["diet", "access"], ...]:
    """What people are asked as they register: ``diet``, ``access``, both, or ``nothing``."""
    parts = [plain(part) for part in re.split(r"[,;\s]+", words.strip()) if plain(part) not in {"", "and"}]
    if unknown := [part for part in parts if part not in {"diet", "access", "both", "nothing"}]:
        raise Misread(f"“{unknown[0]}” is nothing that can be asked here; write diet, access, both or nothing.")
    if "nothing" in parts and len(parts) > 1:
        raise Misread(f"“{words}” says nothing and something; write diet, access, both or nothing.")
    kinds: tuple[Literal["diet", "access"], ...] = ("diet", "access")
    return tuple(one for one in kinds if one in parts or "both" in parts)


def read_languages(words: str) -> tuple[str, ...]:
    """Codes or names of languages, with commas between them."""
    found: list[str] = []
    for part in filter(None, re.split(r"[,;\s]+", words.strip())):
        code = language_code(part)
        if not code:
            raise Misread(f"“{part}” is no language that we know; use en, fi, ru, sv and the like.")
        found += [code] if code not in found else []
    if not found:
        raise Misread("That names no language; write e.g. en, fi.")
    return tuple(found)


def read_hosts(words: str) -> tuple[HostWish, ...]:
    """Hosts with semicolons between them."""
    found = tuple(read_host(part) for part in words.split(";") if part.strip())
    if not found:
        raise Misread(f"That names no host; write {HOST_FORM}.")
    return distinct(found)


def read_host(words: str) -> HostWish:
    """One host: ``Name:City:Country``; an id may stand in front, and is made of the name where none does."""
    parts = [tidy(part) for part in words.split(":")]
    if len(parts) == 3:
        parts = [slug(parts[0])[:40].strip("-"), *parts]
    if len(parts) != 4 or not parts[1]:
        raise Misread(f"“{words.strip()}” is no host; write {HOST_FORM}.")
    ident, name, city, country = parts
    if not ID.fullmatch(ident) or len(ident) > 60:
        raise Misread(f"“{words.strip()}” needs an id of a–z, digits and hyphens in front: ID:Name:City:Country.")
    code = read_country(country)
    return HostWish(ident, read_words(name), read_words(city) if city else "", code, zone_of(country, city))


def read_country(words: str) -> str:
    """A country's code of two letters (ISO 3166-1 alpha-2)."""
    if not (len(words) == 2 and words.isascii() and words.isalpha()):
        raise Misread(f"“{words}” is no country code; write two letters, e.g. FI, SE, DK, NO, LT or RU.")
    return words.upper()


def read_homes(words: str) -> tuple[HomeWish, ...]:
    """Countries of home libraries, with semicolons between them: one code for all, or ``Name:Country`` for some."""
    found: dict[str, HomeWish] = {}
    for part in filter(None, (tidy(part) for part in words.split(";"))):
        name, _, country = (tidy(piece) for piece in part.rpartition(":"))
        if plain(name) in found:
            raise Misread(f"“{part}” says a second country of {name or 'all home libraries'}; write one for each.")
        found[plain(name)] = HomeWish(name, read_country(country))
    if not found:
        raise Misread(f"That names no country; write {HOME_FORM}.")
    return tuple(found.values())


def distinct(hosts: tuple[HostWish, ...]) -> tuple[HostWish, ...]:
    """The hosts, if each has an id of its own."""
    for number, host in enumerate(hosts):
        if host.id in {other.id for other in hosts[:number]}:
            raise Misread(f"Two hosts have the id “{host.id}”; put another in front of one: ID:Name:City:Country.")
    return hosts


def zone_of(country: str, city: str = "") -> str:
    """The time zone of a city, else the first of its country; empty where neither is known."""
    from babel.core import get_global  # noqa: PLC0415 - its tables cost; only a new plan pays

    zones = [name for name in get_global("territory_zones").get(country.upper(), ()) if name in zone_names().values()]
    return zone_of_city(city, zones) or next(iter(zones), "")


def zone_of_city(city: str, zones: list[str] | None = None) -> str:
    """The time zone that bears a city's name; empty where none does."""
    word = slug(city).replace("-", "_")
    among = zone_names().values() if zones is None else zones
    return next((zone for zone in among if word and "/" in zone and zone.casefold().endswith(f"/{word}")), "")
