"""Places as libraries give them: `nominate` and `substitute`."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.app import PEOPLE, command
from cli.faults import Misused
from cli.people import OfStep
from cli.terminal import InCycle, Reason, terminal

if TYPE_CHECKING:
    from exchange.state import Cycle


@command(
    "nominate",
    PEOPLE,
    "kierros nominate second-library olli@second-library.example",
    "kierros nominate second-library olli@second-library.example --step workshop-registration",
)
def nominate(
    library: Annotated[str, typer.Argument(metavar="LIBRARY", help="The home library, by its id or name in the plan.")],
    people: Annotated[list[str], typer.Argument(metavar="ADDRESS", help="Whom it sends, by their addresses.")],
    step: OfStep = "",
    cycle: InCycle = "",
) -> None:
    """Note whom a library sends, where more of its people ask than it has places."""
    from cli.posting import send
    from cli.record import acting_in, cycle_id, names_in, person_at
    from exchange.nominating import Nominate
    from telling.times import now

    here, wanted = terminal(), cycle_id(cycle)
    acting_in(wanted)
    state = here.store.load(wanted)
    home = _library(state, library)
    picked = tuple(person_at(wanted, address).ref for address in people)
    actor = state.plan.contacts.get(home, state.plan.starter)
    if send(wanted, Nominate(at=now(), actor=actor, home=home, people=picked, step=step)):
        names = names_in(state.plan)
        here.say(f"{names.host(home)} sends {', '.join(names.who(person) for person in picked)}.", "green")
    here.next(f"kierros show {wanted}")


@command(
    "substitute",
    PEOPLE,
    "kierros substitute anna@library.example eva@library.example",
    'kierros substitute anna@library.example eva@library.example --name "Eva Holm" --reason "Anna is on leave"',
)
def substitute(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Who cannot come after all.")],
    by: Annotated[str, typer.Argument(metavar="SUBSTITUTE", help="Who comes instead, from the same library.")],
    name: Annotated[str, typer.Option(metavar="NAME", help="Needed for somebody whom the cycle does not know.")] = "",
    language: Annotated[
        str, typer.Option(metavar="CODE", help="The language of her letters; else that of whose place it is.")
    ] = "",
    reason: Reason = "",
    cycle: InCycle = "",
) -> None:
    """Let somebody of the same library take a person's place. The waiting list is not touched by it."""
    from cli.people import newcomer
    from cli.posting import send
    from cli.record import acting_in, cycle_id, kept, names_in, person_at
    from exchange.substituting import Substitute
    from telling.times import now

    here, wanted = terminal(), cycle_id(cycle)
    acting_in(wanted)
    person = person_at(wanted, address)
    _, place = here.store.load(wanted).place(person.ref)
    other, home = newcomer(wanted, by, name, place.home if place and name else "", language or person.language)
    wish = Substitute(at=now(), actor=person.ref, person=person.ref, by=other, home=home, reason=kept(wanted, reason))
    if send(wanted, wish):
        names = names_in(here.store.get_plan(wanted))
        here.say(f"{names.who(other)} takes the place of {person.name}. Both are told.", "green")
    here.next(f"kierros show {wanted}")


def _library(state: Cycle, given: str) -> str:
    spelt = given.casefold()
    for one in state.plan.organisations:
        if spelt in {one.id.casefold(), *(name.casefold() for name in one.name.values())}:
            return one.id
    choosing = [home for desk in state.desk_books.values() for home, n in desk.nominations.items() if not n.done]
    asked = f" To choose now: {', '.join(choosing)}." if choosing else ""
    raise Misused(f"{given} is no library of this plan.{asked}")
