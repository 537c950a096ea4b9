"""Who is who: the names in a plan, looked up in its people list and among the staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from exchange.plan import Candidate, CyclePlan
from plans.addresses import normalised
from plans.faults import Misread, did_you_mean
from plans.people import PeopleList, Person
from plans.words import plain


@dataclass(frozen=True)
class Staffer:
    """A member of staff as the store knows her."""

    ref: str
    """Her reference ``s_…``."""
    roles: tuple[str, ...] = ()
    """The roles she may act in; empty where the store does not restrict them."""


Staff = Mapping[str, Staffer]
"""Everybody who may act: the name in lower case to who it is."""


def staffer(staff: Staff, name: str) -> Staffer:
    """The member of staff of that name.

    Raises:
        Misread: there is none.
    """
    wanted = plain(name)
    for known, found in staff.items():
        if plain(known) == wanted:
            return found
    hint = did_you_mean(name, staff)
    raise Misread(f"{name} is not among the staff.{hint} Add people with `kierros staff add`.")


def person(people: PeopleList, words: str) -> Person:
    """The one person on the list whom a plan means, by name or by address.

    Raises:
        Misread: there is none, or there are several of that name.
    """
    if "@" in words:
        found = [one for one in people.accepted if one.address_norm == normalised(words)]
    else:
        found = [one for one in people.accepted if plain(one.name) == plain(words)]
    if len(found) == 1:
        return found[0]
    if found:
        rows = " and ".join(str(one.row) for one in found)
        raise Misread(f"{words} stands in rows {rows} of {people.name}; write the e-mail address instead of the name.")
    refused = next((row for row in people.refused if row.name and plain(row.name) == plain(words)), None)
    if refused:
        raise Misread(f"{words} stands in row {refused.row} of {people.name}, which cannot be taken: {refused.reason}")
    hint = did_you_mean(words, [one.name for one in people.accepted])
    raise Misread(f"{words} is not in {people.name}; add a row with name and address.{hint}")


def contact(people: PeopleList, draft: CyclePlan, candidate: Candidate) -> Person:
    """Whom to ask at a host: the person the plan names, or the host's only contact on the list.

    Raises:
        Misread: there is nobody, or nobody says which of several.
    """
    if candidate.contact:
        return person(people, candidate.contact)
    there = [one for one in people.accepted if one.part == "contact" and home(draft, one) == candidate.host]
    if len(there) == 1:
        return there[0]
    if there:
        names = ", ".join(one.name for one in there)
        raise Misread(f"{people.name} has several contacts at “{candidate.host}” ({names}); name one under “contact”.")
    raise Misread(
        f"{people.name} has no contact at “{candidate.host}”; add a row with the part “contact” and its address."
    )


def home(draft: CyclePlan, one: Person) -> str:
    """The id of the organisation a person belongs to; empty where the list does not say."""
    return one.library if draft.organisation(one.library) else ""
