"""What a host's pages need from the record."""

from __future__ import annotations

from collections.abc import Container
from dataclasses import replace

from exchange.booking import VisitDeclined
from exchange.plan import Candidate, CyclePlan, Registration, Slot, Visits
from exchange.state import Cycle
from portal.doors import Guest
from portal.faults import NotHere
from portal.pages.participant_facts import organiser
from portal.shown.host import Facts, HostVisit
from store.own_words import NAMED, NEEDS
from telling.hosting import last_said


def visit_of(guest: Guest) -> HostVisit:
    """The visit that the link is about, as it stands now.

    Raises:
        NotHere: its reader does not answer for that library (any more), or there is no such visit (any more).
    """
    house, plan = guest.house, guest.plan
    step, slot, candidate = _asked(plan, guest.link.about, guest.link.ref)
    if guest.person is None:
        raise NotHere
    state = house.states.of(guest.link.cycle)
    heard = state.booking(step.id, slot.id).heard
    refs = [candidate.reason, step.letter, *([heard.gained, heard.better] if heard else [])]
    facts = Facts(
        state, step, slot, candidate, house.now(),
        organiser(house.store, plan, house.settings.sender_name, house.settings.sender_address),
        house.store.get_texts([ref for ref in refs if ref]),
    )  # fmt: skip
    visit = HostVisit(guest, facts)
    if visit.stage == "tried":
        said = last_said(house.store, guest.link.cycle, step.id, slot.id, candidate.host)
        return HostVisit(guest, replace(facts, declined=isinstance(said, VisitDeclined)))
    if visit.stage == "visited":
        return HostVisit(guest, replace(facts, learned=_learned(guest, candidate.host)))
    if not (visit.stands and visit.chosen):
        return visit
    return HostVisit(guest, _with_group(guest, facts, state))


def _learned(guest: Guest, host: str) -> tuple[tuple[str, str], ...]:
    """What participants learned from this library, of those who allow it to read that: their names, and what."""
    told = guest.house.store.told_by_all(guest.link.cycle, "learned")
    mine = {ref: one["what"] for ref, one in told.items() if one.get("host") and one.get("from") == host}
    known = guest.house.store.get_people(mine)
    return tuple(sorted((known[ref].name, what) for ref, what in mine.items() if ref in known))


def _asked(plan: CyclePlan, about: str, ref: str) -> tuple[Visits, Slot, Candidate]:
    parts = about.split("/")
    found = [
        (step, slot, candidate)
        for step in plan.steps
        if isinstance(step, Visits)
        for slot in step.slots
        for candidate in slot.candidates
        if [step.id, slot.id, candidate.host] == parts and candidate.contact == ref
    ]
    if not found:
        raise NotHere
    return found[0]


def _with_group(guest: Guest, facts: Facts, state: Cycle) -> Facts:
    """The same with who comes; and what they told for their hosts to know, where the plan asks for it."""
    coming = state.group()
    known = guest.house.store.get_people(coming)
    homes = {ref: place.home for ref in coming if (place := state.place(ref)[1]) is not None}
    group = tuple((one.name, homes.get(ref, ""), one.language) for ref, one in known.items())
    wanted: set[str] = {what for step in guest.plan.steps if isinstance(step, Registration) for what in step.ask}
    told = {what: _told(guest, what, known.keys()) for what in (*NEEDS, NAMED)}
    diets = tuple(told["diet"].values()) if "diet" in wanted else ()
    names = {ref: one.name for ref, one in known.items() if ref in told[NAMED]}
    access = [(words, names.get(ref, "")) for ref, words in told["access"].items() if "access" in wanted]
    return replace(facts, group=group, diets=diets, access=tuple(sorted(access)))


def _told(guest: Guest, what: str, coming: Container[str]) -> dict[str, str]:
    told = guest.house.store.told_by_all(guest.link.cycle, what)
    return {ref: str(words) for ref, words in told.items() if ref in coming}
