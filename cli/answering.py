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

ANSWERED = {
    "confirmed": "has a place", "waiting": "waits for a place", "applied": "has applied", "withdrawn": "has withdrawn",
    "declined": "has declined the place on offer", "": "cannot come",
}  # fmt: skip


@command(
    "answer",
    PEOPLE,
    "kierros answer anna@library.example yes",
    'kierros answer anna@library.example no --reason "She is on leave"',
    "kierros answer helsinki yes",
)
def answer(
    who: Annotated[
        str, typer.Argument(metavar="PERSON", help="Who answered, by e-mail address; a host also by its id or name.")
    ],
    said: Annotated[Literal["yes", "no"], typer.Argument(metavar="yes|no", help="What was answered.")],
    reason: Reason = "",
    cycle: InCycle = "",
) -> None:
    """Type in somebody's answer to whatever she was asked last. The history says who typed it in."""
    from cli.record import acting, cycle_id, kept, person_at
    from cli.times import now

    wanted, staff = cycle_id(cycle), acting()
    if reason and said == "yes":
        raise Misused("A reason is kept with a no. For what should be known of a yes there is `kierros note`.")
    state = terminal().store.load(wanted)
    person = person_at(wanted, who) if "@" in who else None
    host = _host_meant(state, person) if person else who
    signed: dict[str, Any] = {"at": now(), "entered_by": staff.ref}
    entered = f" Entered by {staff.name}."
    if host:
        _for_host(wanted, state, host, said == "yes", reason, signed, entered)
    elif person is not None:
        about = {"actor": person.ref, "person": person.ref}
        signed |= about if said == "yes" else about | {"reason": kept(wanted, reason)}
        _for_person(wanted, person, meant(state, person, said == "yes", signed), entered)


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

    here = terminal()
    if send(wanted, wish):
        known = here.store.load(wanted)
        step, place = known.place(person.ref)
        state = place.state if place and step and type(wish).__name__ != "DeclineInvitation" else ""
        here.say(f"{person.name} {ANSWERED.get(state, state)}.{entered}", "green" if state == "confirmed" else "")
        turn = explained(known.desk(step.id), step, person.ref) if step else None
        if turn is not None:
            here.say(turn_of(turn))
    here.next(f"kierros show {wanted}")


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
