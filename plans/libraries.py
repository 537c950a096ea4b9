"""The organisations and people of a new plan: from a people list that is there, or as examples."""

from __future__ import annotations

import csv
import io
from collections import Counter
from dataclasses import dataclass, replace

from plans.people import PeopleList, Person
from plans.unwritten import HOMES
from plans.wishes import EXAMPLE_HOSTS, HomeWish, HostWish, Wishes
from plans.words import plain, slug

_EXAMPLE_NAMES = {"host-library": ("Erik Example", "erik"), "other-host": ("Freja Example", "freja")}


@dataclass(frozen=True)
class Home:
    """A sending library."""

    id: str
    name: str
    country: str = ""


EXAMPLE_HOMES = (Home("home-library", HOMES[0]), Home("second-library", HOMES[1]))


def example_people(hosts: tuple[HostWish, ...] = EXAMPLE_HOSTS) -> str:
    """A people list to begin with: three participants, a speaker, and a contact at each host."""
    sheet = io.StringIO()
    write = csv.writer(sheet, lineterminator="\n").writerow
    write(("name", "address", "language", "library", "part"))
    write(("Anna Example", "anna@home-library.example", "en", "home-library", "participant"))
    write(("Bo Example", "bo@home-library.example", "en", "home-library", "participant"))
    write(("Cecilia Example", "cecilia@second-library.example", "en", "second-library", "participant"))
    write(("Dina Example", "dina@home-library.example", "en", "home-library", "speaker"))
    for host in hosts:
        name, mailbox = _EXAMPLE_NAMES.get(host.id, (f"Contact at {host.name}", "contact"))
        write((name, f"{mailbox}@{host.id}.example", "en", host.id, "contact"))
    return sheet.getvalue()


def homes(wishes: Wishes) -> tuple[Home, ...]:
    """The sending libraries: those that the people list names, hosts apart."""
    return tuple(replace(home, country=_country(wishes, home)) for home in _homes(wishes))


def _country(wishes: Wishes, home: Home) -> str:
    said = {plain(one.name): one.country for one in wishes.homes}
    return said.get(plain(home.name)) or said.get(plain(home.id)) or said.get("", "")


def unknown_homes(said: tuple[HomeWish, ...], guests: PeopleList | None, hosts: tuple[HostWish, ...]) -> list[str]:
    """The libraries whose country was said and whom the list does not name."""
    names = [home.name for home in EXAMPLE_HOMES] if guests is None else _libraries(guests, hosts)
    known = {plain(words) for words in names} | {home.id for home in EXAMPLE_HOMES if guests is None}
    return [one.name for one in said if one.name and plain(one.name) not in known]


def _homes(wishes: Wishes) -> tuple[Home, ...]:
    if wishes.guests is None:
        return EXAMPLE_HOMES
    found: dict[str, Home] = {}
    taken = {host.id for host in wishes.visited}
    for words in _libraries(wishes.guests, wishes.visited):
        ident = _free(slug(words)[:40].strip("-") or "library", taken)
        taken.add(ident)
        found[plain(words)] = Home(ident, words)
    return tuple(found.values()) or (EXAMPLE_HOMES[0],)


def hosts_of(guests: PeopleList) -> tuple[HostWish, ...]:
    """The libraries of those who stand on a list as contacts, but not of those who answer for people it invites."""
    found: dict[str, HostWish] = {}
    taken: set[str] = set()
    sending = {plain(one.library) for one in guests.accepted if one.part == "invitee"}
    for one in guests.accepted:
        new = one.library and plain(one.library) not in {*found, *sending}
        if one.part == "contact" and new:
            ident = _free(slug(one.library)[:40].strip("-") or "host", taken)
            taken.add(ident)
            found[plain(one.library)] = HostWish(ident, one.library)
    return tuple(found.values())


def without_contact(wishes: Wishes) -> list[str]:
    """The hosts for which the people list names nobody to be asked."""
    if wishes.guests is None:
        return []
    return [host.name for host in wishes.visited if not _contacts(wishes.guests, host)]


def contact(wishes: Wishes, host: HostWish) -> str:
    """What the plan must say of whom to ask at a host: a name or address; empty where the list says it by itself."""
    if wishes.guests is None:
        return _EXAMPLE_NAMES.get(host.id, (f"Contact at {host.name}", ""))[0]
    there = _contacts(wishes.guests, host)
    return _called(wishes.guests, there[0]) if len(there) > 1 else ""


def speaker(wishes: Wishes) -> str:
    """Who speaks: the first speaker of the list; empty where there is none."""
    if wishes.guests is None:
        return "Dina Example"
    return next((_called(wishes.guests, one) for one in wishes.guests.accepted if one.part == "speaker"), "")


def all_have_libraries(wishes: Wishes) -> bool:
    """Whether a limit per library can be kept."""
    return wishes.guests is None or all(one.library for one in wishes.guests.accepted if one.part == "invitee")


def named_after(hosts: tuple[HostWish, ...], zone: str) -> tuple[HostWish, ...]:
    """The hosts, those without a time zone in the plan's."""
    return tuple(host if host.zone else replace(host, zone=zone) for host in hosts)


def _contacts(guests: PeopleList, host: HostWish) -> list[Person]:
    return [one for one in guests.accepted if one.part == "contact" and plain(one.library) in _words(host)]


def _libraries(guests: PeopleList, hosts: tuple[HostWish, ...]) -> list[str]:
    known = {words for host in hosts for words in _words(host)}
    found = {plain(one.library): one.library for one in guests.accepted if one.library}
    return [words for key, words in found.items() if key not in known]


def _words(host: HostWish) -> set[str]:
    return {plain(host.id), plain(host.name)}


def _called(guests: PeopleList, one: Person) -> str:
    """The name, or the address where several are called alike."""
    names = Counter(plain(other.name) for other in guests.accepted)
    return one.name if names[plain(one.name)] == 1 else one.address


def _free(ident: str, taken: set[str]) -> str:
    number, found = 1, ident
    while found in taken:
        number += 1
        found = f"{ident}-{number}"
    return found
