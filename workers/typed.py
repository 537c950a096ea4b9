"""What staff typed in at a door, as the command that it means."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from exchange.base import Command
from exchange.booking import RemindHost
from exchange.coming import AnswerNewDate, RemindComing, standing
from exchange.feedback import RemindSurvey
from exchange.invitation import DeclineInvitation, RemindInvited
from exchange.moving import Move, NothingToMove, movable
from exchange.plan import Candidate, CyclePlan, Seminar, Slot, When
from exchange.registration import AcceptOffer, DeclineOffer, Register, Withdraw
from exchange.state import Cycle
from plans.faults import Misread
from plans.moments import along, follow, read_when
from store.models import Person
from telling.names import in_english


def wish_to_move(
    state: Cycle, at: datetime, actor: str, step: str, field: str, when: str, slot: str, ends: str
) -> Move:
    """The wish to move, with every local time resolved."""
    first, last = _standing(state, step, field, slot)
    moved = read_when(when, first, state.plan, at)
    end = None
    if last is not None:
        end = read_when(ends, last, state.plan, at) if ends else follow(last, first, moved, state.plan, at)
    elif ends:
        raise Misread(f"{field} of {step} is a moment and has no end; leave --ends out.")
    found = state.known(step)
    sessions = along(found, moved, state.plan, at) if isinstance(found, Seminar) and field == "begins" else {}
    return Move(at=at, actor=actor, step=step, field=field, slot=slot, when=moved, ends=end, sessions=sessions)


def _standing(state: Cycle, step: str, field: str, slot: str) -> tuple[When, When | None]:
    """The date as it stands, and the end that goes along where it is a span."""
    found = state.known(step)
    if slot:
        _, stay = state.slot_of(step, slot)
        return stay.begins, stay.ends
    fields = movable(state, found)
    if field not in fields:
        raise NothingToMove(step, field, tuple(fields))
    standing: When = getattr(found, field)
    return standing, found.ends if isinstance(found, Seminar) and field == "begins" else None


def about_new_date(
    state: Cycle, person: Person, yes: bool, slot: str, on: str, signed: dict[str, Any]
) -> Command | None:
    """Her answer to whether she can still come to a visit that has moved; None where she is not asked that.

    Raises:
        Misread: a visit or a date was named, and she is asked about none.
    """
    asked = [one for one in standing(state) if person.ref in one[3].people and slot in {"", one[1].id}]
    open_first = [one for one in asked if not one[3].people[person.ref]] or asked
    if not open_first or person.ref not in state.group():
        if slot or on:
            raise Misread(f"{person.name} is not asked whether she can still come to {slot or 'a visit'}.")
        return None
    when = read_when(on, open_first[0][1].begins, state.plan, signed["at"]) if on else None
    if slot or len(open_first) == 1:
        signed = {**signed, "step": open_first[0][0].id, "slot": open_first[0][1].id}
    return AnswerNewDate(**signed, comes=yes, when=when)


def meant(state: Cycle, person: Person, yes: bool, signed: dict[str, Any]) -> Command:
    """What her yes or no means where she stands.

    Raises:
        Misread: she is asked nothing.
    """
    step, place = state.place(person.ref)
    if place is not None and place.state == "offered":
        return AcceptOffer(**signed) if yes else DeclineOffer(**signed)
    if place is not None and place.live and not yes:
        return Withdraw(**signed)
    invited = next((s for s in state.invitations() if person.ref in s.people), None)
    if invited is None and step is None:
        raise Misread(
            f"{person.name} was neither invited nor has she asked for a place, so there is nothing for her to answer. "
            "`kierros register` registers her all the same."
        )
    if not yes:
        return DeclineInvitation(**signed)
    desk = invited.registration if invited else step.id if step else ""
    return Register(**signed, home=person.home, step=desk)


def host_meant(state: Cycle, person: Person) -> str:
    """The host for which she answers, where it is that she is asked; empty where she answers for herself.

    Raises:
        Misread: she is asked for several hosts, or for a host and for herself.
    """
    stays = [stay for journey in state.journeys() for stay in journey.slots]
    hers = dict.fromkeys(c.host for stay in stays for c in stay.candidates if c.contact == person.ref)
    awaited = [host for host in hers if _asks(state, host)]
    herself = any(person.ref in s.people for s in state.invitations()) or state.place(person.ref)[1] is not None
    hosts = awaited if herself else awaited or list(hers)
    if len(hosts) > 1 or (hosts and herself):
        also = " and for herself (kierros register, withdraw, accept, decline)" if herself else ""
        raise Misread(
            f"{person.name} answers for {', '.join(hosts)}{also}. "
            "For a host, name the host in her place: kierros answer HOST yes."
        )
    return next(iter(hosts), "")


def _asks(state: Cycle, host: str) -> bool:
    """Whether an answer of the host is awaited."""
    return any(booking.host == host and booking.stage in {"asked", "proposed"} for booking in state.bookings.values())


def asked_host(state: Cycle, name: str, slot: str) -> tuple[str, str, Slot | None]:
    """The host's id, who answers for it, and the slot it is asked for."""
    spelt = name.casefold()
    ids = [
        o.id for o in state.plan.organisations if spelt in {o.id.casefold(), *(n.casefold() for n in o.name.values())}
    ]
    found = [
        (candidate, stay, state.booking(journey.id, stay.id).host == candidate.host)
        for journey in state.journeys()
        for stay in journey.slots
        for candidate in stay.candidates
        if candidate.host in ids and slot in {"", stay.id}
    ]
    slots = [stay.id for journey in state.journeys() for stay in journey.slots]
    if slot and slot not in slots:
        raise Misread(f"There is no visit {slot}. The plan's visits: {', '.join(slots) or 'none'}.")
    if not found:
        hosts = {c.host for j in state.journeys() for s in j.slots for c in s.candidates}
        known = ", ".join(f"{o.id} ({in_english(o.name, o.id)})" for o in state.plan.organisations if o.id in hosts)
        raise Misread(f"{name} is no host of {slot or 'this cycle'}. Its hosts are {known or 'none'}.")
    candidate, stay, _ = max(found, key=lambda one: one[2])
    return candidate.host, candidate.contact, stay


def visited_host(state: Cycle, name: str, slot: str) -> tuple[str, str, Candidate]:
    """The step and the slot that a host has received, and who answers for it there.

    Raises:
        Misread: it is no host, has received nobody, or several visits and it is not said which.
    """
    host, _, _ = asked_host(state, name, slot)
    found = [
        (journey.id, stay.id, candidate)
        for journey in state.journeys()
        for stay in journey.slots
        for candidate in stay.candidates
        if candidate.host == host and slot in {"", stay.id}
    ]
    visited = [one for one in found if _received(state, one)]
    if len(visited) > 1:
        raise Misread(f"{name} has received several visits; say which with --slot: {', '.join(v[1] for v in visited)}.")
    return (visited or found)[0]


def _received(state: Cycle, one: tuple[str, str, Candidate]) -> bool:
    booking = state.booking(one[0], one[1])
    return booking.stage == "visited" and booking.host == one[2].host


def proposed(plan: CyclePlan, stay: Slot | None, begins: str, ends: str, now: datetime) -> dict[str, Any]:
    """The time that a host proposes.

    Raises:
        Misread: no beginning is said, or a moment cannot be read.
    """
    if not begins or stay is None:
        raise Misread("A proposal says when the visit would begin: --begins WHEN, and --ends WHEN.")
    first = read_when(begins, stay.begins, plan, now)
    last = read_when(ends, stay.ends, plan, now) if ends else follow(stay.ends, stay.begins, first, plan, now)
    return {"begins": first, "ends": last}


def reminder(state: Cycle, at: datetime, actor: str, step: str, slot: str) -> Command:
    """Reminding those who have not answered: the invited, a host or the group of a visit, those asked for feedback.

    Raises:
        Misread: it is not said which visit, or the step asks nobody.
    """
    kind = state.known(step).kind
    signed: dict[str, Any] = {"at": at, "actor": actor, "step": step}
    if kind == "visits":
        slots = [s.id for s in state.step_of(step, type(state.journeys()[0])).slots]
        if not slot and len(slots) > 1:
            raise Misread(f"Say which visit with --slot: {', '.join(slots)}.")
        stay = state.booking(step, slot or slots[0])
        if stay.stage == "confirmed" and stay.call is not None and stay.call.people:
            return RemindComing(**signed, slot=slot or slots[0])
        return RemindHost(**signed, slot=slot or slots[0])
    if kind == "invitations":
        return RemindInvited(**signed)
    if kind == "feedback":
        return RemindSurvey(**signed)
    raise Misread(f"{step} asks nobody for an answer; remind invitations, visits or feedback.")
