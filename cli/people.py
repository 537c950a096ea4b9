"""People's answers: `register`, `withdraw`, `accept` and `decline`."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.app import PEOPLE, command
from cli.faults import Misused
from cli.terminal import InCycle, Json, Reason, terminal

if TYPE_CHECKING:
    from exchange.desk import Position

Address = Annotated[str, typer.Argument(metavar="ADDRESS", help="The person's e-mail address.")]
OfStep = Annotated[str, typer.Option("--step", metavar="STEP", help="The step; needed only where there are several.")]


@command(
    "register",
    PEOPLE,
    "kierros register anna@library.example",
    'kierros register bo@library.example --name "Bo Berg" --library city --language sv',
    "kierros register --file people.csv",
)
def register(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="The person's e-mail address.")] = "",
    file: Annotated[Path | None, typer.Option(metavar="FILE", help="A list of people, CSV or XLSX.")] = None,
    name: Annotated[str, typer.Option(metavar="NAME", help="Needed for somebody who was not invited.")] = "",
    library: Annotated[str, typer.Option(metavar="ID", help="Her home library, by its id or name in the plan.")] = "",
    language: Annotated[str, typer.Option(metavar="CODE", help="The language of her letters.")] = "",
    step: OfStep = "",
    cycle: InCycle = "",
    as_json: Json = False,
) -> None:
    """Register one person, or everybody on a list in its order."""
    from cli.record import acting_in, cycle_id

    if bool(address) == (file is not None):
        raise Misused("Name one person by ADDRESS, or a list with --file FILE.")
    wanted = cycle_id(cycle)
    acting_in(wanted)
    if file is not None:
        from cli.importing import import_people

        import_people(wanted, file, step, as_json)
        return
    person, home = newcomer(wanted, address, name, library, language)
    _register(wanted, person, home, step, as_json)


def newcomer(cycle: str, address: str, name: str, library: str, language: str) -> tuple[str, str]:
    """The reference of the person and her home library; somebody new is made known first."""
    from cli.entry import one_person
    from plans.addresses import read_address
    from store.models import Person

    store = terminal().store
    plan = store.get_plan(cycle)
    known = store.by_address(cycle, read_address(address))
    if known is None and not name:
        raise Misused(f"Nobody in {cycle} has the address {address} yet. Say who it is: --name NAME, and --library ID.")
    typed = one_person(
        name or (known.name if known else ""),
        address,
        library=library,
        language=language,
        organisations=plan.organisations,
    )
    if known is not None:
        return known.ref, typed.library or known.home
    organisation = plan.organisation(typed.library)
    zone = organisation.zone if organisation else plan.zone
    new = Person(
        name=typed.name,
        address=typed.address,
        language=typed.language or plan.languages[0],
        zone=zone,
        home=typed.library,
    )
    return store.find_or_add(cycle, new), typed.library


def _register(cycle: str, person: str, home: str, step: str, as_json: bool) -> None:
    from cli.posting import send
    from exchange.desk import explained
    from exchange.registration import Register
    from telling.times import now

    here = terminal()
    outcome = send(cycle, Register(at=now(), actor=person, person=person, home=home, step=step))
    known = here.store.load(cycle) if outcome else None
    desk, place = known.place(person) if known else (None, None)
    turn = explained(known.plan, known.desk(desk.id), desk, person) if known and desk else None
    words = {"confirmed": "has a place", "waiting": "waits for a place", "applied": "has applied"}
    if as_json:
        state = place.state if place else "received"
        here.data({"cycle": cycle, "person": person, "state": state, "position": turn.number if turn else None})
    elif place is not None:
        here.say(f"{_name(person)} {words.get(place.state, place.state)}.", "green")
        if turn is not None:
            here.say(turn_of(turn))
    here.next(f"kierros show {cycle}")


def turn_of(turn: Position) -> str:
    """Where somebody stands on the waiting list, and why there."""
    because = []
    if turn.before_by_choice:
        because.append(f"{turn.before_by_choice} before for whom their libraries had places left")
    if turn.before_by_priority:
        because.append(f"{turn.before_by_priority} before by the kind of their library")
    if turn.before_by_time:
        because.append(f"{turn.before_by_time} who asked earlier")
    if turn.library_full:
        because.append("and as many from this library have a place as may, so one of them has to leave first")
    return f"On the waiting list: number {turn.number}{': ' if because else ''}{', '.join(because)}."


def _name(person: str) -> str:
    found = terminal().store.get_people([person])
    return found[person].name if found else person


@command("withdraw", PEOPLE, "kierros withdraw anna@library.example")
def withdraw(address: Address, reason: Reason = "", cycle: InCycle = "") -> None:
    """Give a person's place back, or take her off the waiting list. The next in line is offered it."""
    from cli.posting import send
    from cli.record import acting_in, cycle_id, kept, person_at
    from exchange.registration import Withdraw
    from telling.times import now

    here, wanted = terminal(), cycle_id(cycle)
    acting_in(wanted)
    person = person_at(wanted, address)
    text = kept(wanted, reason)
    if send(wanted, Withdraw(at=now(), actor=person.ref, person=person.ref, reason=text)):
        here.say(f"{person.name} has withdrawn.")
    here.next(f"kierros show {wanted}")


@command("accept", PEOPLE, "kierros accept anna@library.example")
def accept(address: Address, cycle: InCycle = "") -> None:
    """Accept the place that is on offer to a person."""
    from cli.posting import send
    from cli.record import acting_in, cycle_id, person_at
    from exchange.registration import AcceptOffer
    from telling.times import now

    here, wanted = terminal(), cycle_id(cycle)
    acting_in(wanted)
    person = person_at(wanted, address)
    if send(wanted, AcceptOffer(at=now(), actor=person.ref, person=person.ref)):
        here.say(f"{person.name} has a place.", "green")
    here.next(f"kierros show {wanted}")


@command("decline", PEOPLE, "kierros decline anna@library.example")
def decline(address: Address, reason: Reason = "", cycle: InCycle = "") -> None:
    """Decline the place on offer to a person, or her invitation."""
    from cli.posting import send
    from cli.record import acting_in, cycle_id, kept, person_at
    from exchange.invitation import DeclineInvitation
    from exchange.registration import DeclineOffer
    from telling.times import now

    here, wanted = terminal(), cycle_id(cycle)
    acting_in(wanted)
    person = person_at(wanted, address)
    _, place = here.store.load(wanted).place(person.ref)
    signed: dict[str, Any] = {"at": now(), "actor": person.ref, "person": person.ref, "reason": kept(wanted, reason)}
    kind = DeclineOffer if place is not None and place.state == "offered" else DeclineInvitation
    if send(wanted, kind(**signed)):
        here.say(f"{person.name} has declined.")
    here.next(f"kierros show {wanted}")


MAY_STOP = (
    "invitation", "invitation_reminder", "nomination_invitation", "nomination_reminder", "survey", "survey_reminder",
    "word",
)  # fmt: skip
"""What one can do without; confirmations, changed dates and cancellations always go out."""


@command(
    "opt-out", PEOPLE, "kierros opt-out anna@library.example", "kierros opt-out anna@library.example --kind survey"
)
def opt_out(
    address: Address,
    kind: Annotated[
        list[str] | None, typer.Option("--kind", metavar="KIND", help=f"Only these: {', '.join(MAY_STOP)}.")
    ] = None,
    cycle: InCycle = "",
) -> None:
    """Note that a person wants no more invitations, surveys or letters of your own. Counts at once, for all waiting."""
    from cli.record import acting_in, cycle_id
    from plans.addresses import read_address

    here, kinds = terminal(), tuple(kind or MAY_STOP)
    if unknown := [one for one in kinds if one not in MAY_STOP]:
        raise Misused(f"Nobody can opt out of {unknown[0]!r}; of {', '.join(MAY_STOP)} one can.")
    wanted = cycle_id(cycle)
    acting_in(wanted)
    person = here.store.by_address(wanted, read_address(address))
    if person is None:
        raise Misused(f"Nobody in {wanted} has the address {address}.")
    for one in kinds:
        here.store.opt_out(wanted, person.ref, one)
    said = ", ".join(one.replace("_", " ") for one in kinds)
    here.say(f"{person.name} gets no more of these in {wanted}: {said}. Letters about changes come all the same.")
    here.next(f"kierros letters --to {address}")
