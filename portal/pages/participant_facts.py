"""What a person's pages need from the record."""

from __future__ import annotations

from exchange.plan import CyclePlan, Seminar, Visits
from exchange.registration import DelegateWithdrawn
from exchange.state import Cycle
from exchange.substituting import DelegateSubstituted
from letters.facts import Reader
from portal.doors import Guest
from portal.faults import Turned
from portal.shown.participant import Facts, Mine
from store.store import Store


def mine_of(guest: Guest) -> Mine:
    """Where she stands now.

    Raises:
        Turned: the cycle asks nobody for a place.
    """
    house, cycle = guest.house, guest.link.cycle
    with house.store.together():
        state = _with_desks(guest, house.states.of(cycle))
        instead = _instead(house.store, state, guest.link.ref)
        facts = Facts(
            state=state,
            now=house.now(),
            organiser=organiser(house.store, guest.plan, house.settings.sender_name, house.settings.sender_address),
            names=_names(house.store, guest.plan, instead),
            last=house.store.last_answer(cycle, guest.link.ref),
            told=house.store.told(cycle, guest.link.ref),
            instead=instead,
        )
    return Mine(guest, facts)


def asked_of(guest: Guest) -> Mine:
    """What she was asked when she came, which is enough to read her answer by and too little to show her page.

    Raises:
        Turned: the cycle asks nobody for a place.
    """
    nobody = Reader(ref="", name="", address="", language="en")
    facts = Facts(
        state=_with_desks(guest, guest.state or guest.house.states.of(guest.link.cycle)),
        now=guest.house.now(),
        organiser=nobody,
        names={},
        last=None,
        told={},
    )
    return Mine(guest, facts)


def _with_desks(guest: Guest, state: Cycle) -> Cycle:
    if guest.person is None or not state.desks_in_plan():
        raise Turned(404)
    return state


def organiser(store: Store, plan: CyclePlan, name: str, address: str) -> Reader:
    """The coordinator, to whom questions go; the library itself where there is none."""
    refs = (*plan.roles.get("coordinator", ()), plan.starter, *(r for refs in plan.roles.values() for r in refs))
    known = store.get_staff(refs)
    member = next((known[ref] for ref in refs if ref in known), None)
    if member is None:
        return Reader(ref="", name=name, address=address, language="en")
    return Reader(ref=member.ref, name=member.name, address=member.address, language=member.language, zone=member.zone)


def _instead(store: Store, state: Cycle, ref: str) -> str:
    """Who took her place over, where that is how she left it last."""
    _, place = state.place(ref)
    if place is None or place.state != "withdrawn":
        return ""
    left = store.journal(state.plan.id, kinds=(DelegateSubstituted.__name__, DelegateWithdrawn.__name__))
    last = next((one.event for one in reversed(left) if getattr(one.event, "person", "") == ref), None)
    return last.by if isinstance(last, DelegateSubstituted) else ""


def _names(store: Store, plan: CyclePlan, instead: str) -> dict[str, str]:
    """Speakers, hosts' contacts and who comes in her place; never another participant."""
    refs = [s.speaker for step in plan.steps if isinstance(step, Seminar) for s in step.sessions if s.speaker]
    refs += [c.contact for step in plan.steps if isinstance(step, Visits) for s in step.slots for c in s.candidates]
    return {ref: person.name for ref, person in store.get_people([*refs, *filter(None, [instead])]).items()}
