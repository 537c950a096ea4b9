"""A yes or a no that reached staff by telephone or by mail: `answer`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any, Literal

import typer

from cli.app import PEOPLE, command
from cli.faults import Misused
from cli.terminal import InCycle, Reason, terminal

if TYPE_CHECKING:
    from exchange.base import Command
    from exchange.state import Cycle
    from store.models import Person


@command(
    "answer",
    PEOPLE,
    "kierros answer anna@library.example yes",
    'kierros answer anna@library.example no --reason "She is on leave"',
    "kierros answer helsinki yes",
    "kierros answer anna@library.example yes --on 2027-04-12",
)
def answer(
    who: Annotated[
        str,
        typer.Argument(metavar="PERSON", help="Who answered, by e-mail address or full name; a host also by its id."),
    ],
    said: Annotated[Literal["yes", "no"], typer.Argument(metavar="yes|no", help="What was answered.")],
    reason: Reason = "",
    slot: Annotated[
        str, typer.Option(metavar="SLOT", help="Which visit; needed only where she is asked about several.")
    ] = "",
    on: Annotated[
        str, typer.Option("--on", metavar="WHEN", help="Of a visit that has moved: the date that she was asked about.")
    ] = "",
    cycle: InCycle = "",
) -> None:
    """Type in somebody's answer to whatever she was asked last. The history says who typed it in."""
    from cli.record import acting, cycle_id, kept, person_at
    from telling.times import now

    wanted, staff = cycle_id(cycle), acting()
    if reason and said == "yes":
        raise Misused("A reason is kept with a no. For what should be known of a yes there is `kierros note`.")
    state = terminal().store.load(wanted)
    person = person_at(wanted, who) if "@" in who else _called(wanted, who)
    if (slot or on) and person is None:
        raise Misused("--slot and --on are for somebody who is asked whether she can still come: name her by address.")
    host = _host_meant(state, person) if person else who
    signed: dict[str, Any] = {"at": now(), "entered_by": staff.ref}
    entered = f" Entered by {staff.name}."
    if host:
        _for_host(wanted, state, host, said == "yes", reason, signed, entered)
    elif person is not None:
        about = {"actor": person.ref, "person": person.ref}
        signed |= about if said == "yes" else about | {"reason": kept(wanted, reason)}
        wish = _about_new_date(state, person, said == "yes", slot, on, signed)
        _for_person(wanted, person, wish or meant(state, person, said == "yes", signed), entered)


def _called(cycle: str, name: str) -> Person | None:
    """The one person of the cycle with that name; nobody where it is a host's.

    Raises:
        Misused: several have it.
    """
    from plans.words import plain

    found = [one for one in terminal().store.people(cycle) if plain(one.name) == plain(name)]
    if len(found) > 1:
        raise Misused(
            f"{len(found)} people are called {name}: {', '.join(p.address for p in found)}. Name the address."
        )
    return found[0] if found else None


def _about_new_date(
    state: Cycle, person: Person, yes: bool, slot: str, on: str, signed: dict[str, Any]
) -> Command | None:
    """Her answer to whether she can still come to a visit that has moved; None where she is not asked that.

    Raises:
        Misused: a visit or a date was named, and she is asked about none.
    """
    from cli.moments import read_when
    from exchange.coming import AnswerNewDate, standing

    asked = [one for one in standing(state) if person.ref in one[3].people and slot in {"", one[1].id}]
    open_first = [one for one in asked if not one[3].people[person.ref]] or asked
    if not open_first or person.ref not in state.group():
        if slot or on:
            raise Misused(f"{person.name} is not asked whether she can still come to {slot or 'a visit'}.")
        return None
    when = read_when(on, open_first[0][1].begins, state.plan) if on else None
    if slot or len(open_first) == 1:
        signed = {**signed, "step": open_first[0][0].id, "slot": open_first[0][1].id}
    return AnswerNewDate(**signed, comes=yes, when=when)


def meant(state: Cycle, person: Person, yes: bool, signed: dict[str, Any]) -> Command:
    """What her yes or no means where she stands.

    Raises:
        Misused: she is asked nothing.
    """
    from exchange.invitation import DeclineInvitation
    from exchange.registration import AcceptOffer, DeclineOffer, Register, Withdraw

    step, place = state.place(person.ref)
    if place is not None and place.state == "offered":
        return AcceptOffer(**signed) if yes else DeclineOffer(**signed)
    if place is not None and place.live and not yes:
        return Withdraw(**signed)
    invited = next((s for s in state.invitations() if person.ref in s.people), None)
    if invited is None and step is None:
        raise Misused(
            f"{person.name} was neither invited nor has she asked for a place, so there is nothing for her to answer. "
            "`kierros register` registers her all the same."
        )
    if not yes:
        return DeclineInvitation(**signed)
    desk = invited.registration if invited else step.id if step else ""
    return Register(**signed, home=person.home, step=desk)


def _for_person(wanted: str, person: Person, wish: Command, entered: str) -> None:
    from cli.people import turn_of
    from cli.posting import send
    from exchange.desk import explained
    from exchange.places import ANSWERED

    here = terminal()
    if send(wanted, wish):
        known = here.store.load(wanted)
        step, place = known.place(person.ref)
        state = place.state if place and step and type(wish).__name__ != "DeclineInvitation" else ""
        became = _still_comes(known, wish) or ANSWERED.get(state, state)
        here.say(f"{person.name} {became}.{entered}", "green" if state == "confirmed" else "")
        turn = explained(known.desk(step.id), step, person.ref) if step else None
        if turn is not None:
            here.say(turn_of(turn))
    here.next(f"kierros show {wanted}")


def _still_comes(known: Cycle, wish: Command) -> str:
    """To what she can still come: the answer says which date it was taken for."""
    from exchange.coming import AnswerNewDate, standing
    from telling.names import in_english
    from telling.times import span

    if not isinstance(wish, AnswerNewDate) or not wish.comes:
        return ""
    step, slot, stay, _ = next(one for one in standing(known) if wish.slot in {"", one[1].id})
    house = known.plan.organisation(stay.host)
    return (
        f"can still come to {in_english(house.name, stay.host) if house else step.id}, {span(slot.begins, slot.ends)}"
    )


def _host_meant(state: Cycle, person: Person) -> str:
    """The host for which she answers, where it is that she is asked; empty where she answers for herself.

    Raises:
        Misused: she is asked for several hosts, or for a host and for herself.
    """
    stays = [stay for journey in state.journeys() for stay in journey.slots]
    hers = dict.fromkeys(c.host for stay in stays for c in stay.candidates if c.contact == person.ref)
    awaited = [host for host in hers if _asks(state, host)]
    herself = any(person.ref in s.people for s in state.invitations()) or state.place(person.ref)[1] is not None
    hosts = awaited if herself else awaited or list(hers)
    if len(hosts) > 1 or (hosts and herself):
        also = " and for herself (kierros register, withdraw, accept, decline)" if herself else ""
        raise Misused(
            f"{person.name} answers for {', '.join(hosts)}{also}. "
            "For a host, name the host in her place: kierros answer HOST yes."
        )
    return next(iter(hosts), "")


def _asks(state: Cycle, host: str) -> bool:
    """Whether an answer of the host is awaited."""
    return any(booking.host == host and booking.stage in {"asked", "proposed"} for booking in state.bookings.values())


def _for_host(
    wanted: str, state: Cycle, name: str, yes: bool, reason: str, signed: dict[str, Any], entered: str
) -> None:
    from cli.hosting import asked_host, hand_in
    from cli.record import kept
    from exchange.booking import AnswerAsHost

    host, contact, _ = asked_host(state, name, "")
    answer: Literal["confirm", "decline"] = "confirm" if yes else "decline"
    wish = AnswerAsHost(**signed, actor=contact, host=host, answer=answer, reason=kept(wanted, reason))
    hand_in(wanted, state, wish, entered)
