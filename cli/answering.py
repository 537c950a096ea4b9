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
    from cli.record import acting_in, cycle_id, kept, person_at
    from telling.times import now
    from workers.typed import about_new_date, host_meant, meant

    if not who.strip():
        raise Misused("Say who answered: kierros answer PERSON yes|no.")
    wanted = cycle_id(cycle)
    staff = acting_in(wanted)
    if reason and said == "yes":
        raise Misused("A reason is kept with a no. For what should be known of a yes there is `kierros note`.")
    state = terminal().store.load(wanted)
    person = person_at(wanted, who) if "@" in who else _called(wanted, who)
    if (slot or on) and person is None:
        raise Misused("--slot and --on are for somebody who is asked whether she can still come: name her by address.")
    host = host_meant(state, person) if person else who
    signed: dict[str, Any] = {"at": now(), "entered_by": staff.ref}
    entered = f" Entered by {staff.name}."
    if host:
        _for_host(wanted, state, host, said == "yes", reason, signed, entered)
    elif person is not None:
        about = {"actor": person.ref, "person": person.ref}
        signed |= about if said == "yes" else about | {"reason": kept(wanted, reason)}
        wish = about_new_date(state, person, said == "yes", slot, on, signed)
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
        turn = explained(known.plan, known.desk(step.id), step, person.ref) if step else None
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


def _for_host(
    wanted: str, state: Cycle, name: str, yes: bool, reason: str, signed: dict[str, Any], entered: str
) -> None:
    from cli.hosting import hand_in
    from cli.record import kept
    from exchange.booking import AnswerAsHost
    from workers.typed import asked_host

    host, contact, _ = asked_host(state, name, "")
    answer: Literal["confirm", "decline"] = "confirm" if yes else "decline"
    wish = AnswerAsHost(**signed, actor=contact, host=host, answer=answer, reason=kept(wanted, reason))
    hand_in(wanted, state, wish, entered)
