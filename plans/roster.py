"""Who is who: the names in a plan, looked up in its people list and among the staff."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from exchange.plan import Candidate, CyclePlan
from plans.addresses import normalised
from plans.faults import Misread, did_you_mean, listed
from plans.people import PeopleList, Person
from plans.said import said
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
    raise Misread(
        said("{name} is not among the staff.{hint} Add people with `kierros staff add`.", name=name, hint=hint)
    )


NOT_LISTED = "{name} is not in {file}; add a row with name and address.{hint}"


def person(people: PeopleList, words: str) -> Person:
    """The one person on the list whom a plan means, by name or by address; by one that was corrected, if need be.

    Raises:
        Misread: there is none, or there are several of that name.
    """
    found = _named(people, words)
    if len(found) == 1:
        return found[0]
    if found:
        rows = listed(str(one.row) for one in found)
        several = "{name} stands in rows {rows} of {file}; write the e-mail address instead of the name."
        raise Misread(said(several, name=words, rows=rows, file=people.name))
    refused = next((row for row in people.refused if row.name and plain(row.name) == plain(words)), None)
    if refused:
        bad = "{name} stands in row {row} of {file}, which cannot be taken: {why}"
        raise Misread(said(bad, name=words, row=refused.row, file=people.name, why=refused.reason))
    hint = did_you_mean(words, [one.name for one in people.accepted])
    raise Misread(said(NOT_LISTED, name=words, file=people.name, hint=hint))


def renamed(people: PeopleList, words: str) -> Person | None:
    """Whoever was corrected since the plan named her so; None where it names her as the list does."""
    if any(known_as(words) in {plain(one.name), one.address_norm} for one in people.accepted):
        return None
    now = people.formerly.get(known_as(words))
    return next((one for one in people.accepted if one.address_norm == now), None)


def known_as(words: str) -> str:
    """A name or an address as they are compared."""
    return normalised(words) if "@" in words else plain(words)


def _named(people: PeopleList, words: str) -> list[Person]:
    own = known_as(words)
    found = [one for one in people.accepted if own == (one.address_norm if "@" in words else plain(one.name))]
    before = renamed(people, words)
    return found if found or before is None else [before]


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
        several = "{file} has several contacts at “{host}” ({names}); name one under “contact”."
        raise Misread(said(several, file=people.name, host=candidate.host, names=names))
    no = "{file} has no contact at “{host}”; add a row with the part “contact” and its address."
    raise Misread(said(no, file=people.name, host=candidate.host))


def home(draft: CyclePlan, one: Person) -> str:
    """The id of the organisation a person belongs to; empty where the list does not say."""
    return one.library if draft.organisation(one.library) else ""
