"""Somebody else in the place of one who cannot come: `replace`."""

from __future__ import annotations

from dataclasses import replace as changed
from typing import TYPE_CHECKING, Annotated

import typer

from cli.app import PEOPLE, command
from cli.faults import Misused
from cli.terminal import InCycle, Reason, Yes, terminal

if TYPE_CHECKING:
    from exchange.state import Cycle
    from store.models import Person

NEW = "p_new"
"""Stands in for the new speaker until she is made known."""


@command(
    "replace",
    PEOPLE,
    'kierros replace dina@library.example eva@library.example --name "Eva Holm" --reason "Dina is ill"',
)
def replace(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="The speaker who cannot come.")],
    by: Annotated[str, typer.Argument(metavar="NEW-ADDRESS", help="Who speaks in her place.")],
    name: Annotated[str, typer.Option(metavar="NAME", help="Needed for somebody whom the cycle does not know.")] = "",
    language: Annotated[str, typer.Option(metavar="CODE", help="The language of her letters.")] = "",
    step: Annotated[
        str, typer.Option("--step", metavar="SEMINAR", help="The seminar; needed only where she speaks at several.")
    ] = "",
    reason: Reason = "",
    cycle: InCycle = "",
    yes: Yes = False,
) -> None:
    """Let somebody else speak at a seminar. You see whom it touches before it is done."""
    from cli.amending import decide_it, show_touched
    from cli.record import acting, cycle_id, looked_up, person_at
    from exchange.replacing import ReplaceSpeaker
    from telling.times import now

    here, staff, wanted = terminal(), acting(), cycle_id(cycle)
    state, names = looked_up(wanted)
    person, other = person_at(wanted, address), _speaker(wanted, state, by, name, language)
    seminar = step or _where(state, person)
    ref = other.ref or NEW
    names = changed(names, known={**names.known, ref: other.name})
    wish = ReplaceSpeaker(at=now(), actor=staff.ref, step=seminar, person=person.ref, by=ref)
    what = f"{other.name} speaks at {names.step(seminar)} in the place of {person.name}."
    show_touched(state, wish, names, what)
    decide_it(wanted, wish, reason, yes, "Do it? [y/N]", what, lambda: {"by": here.store.find_or_add(wanted, other)})


def _speaker(cycle: str, state: Cycle, address: str, name: str, language: str) -> Person:
    """Who is to speak: somebody known, or somebody new who is not kept yet."""
    from cli.entry import one_person
    from plans.addresses import read_address
    from store.models import Person

    known = terminal().store.by_address(cycle, read_address(address))
    if known is not None:
        if name and name.split() != known.name.split():
            raise Misused(
                f"{address} is the address of {known.name} in {cycle}, not of {name}. To have {known.name} speak, "
                f"leave --name out; for {name}, give another address."
            )
        return known
    if not name:
        raise Misused(f"Nobody in {cycle} has the address {address} yet. Say who it is: --name NAME.")
    typed = one_person(name, address, language=language)
    tongue = typed.language or state.plan.languages[0]
    return Person(name=typed.name, address=typed.address, language=tongue, zone=state.plan.zone, part="speaker")


def _where(state: Cycle, person: Person) -> str:
    """The one seminar to come at which she speaks."""
    from exchange.mail import speakers_of

    speaks = [step.id for step in state.seminars() if person.ref in speakers_of(step)]
    ahead = [step for step in speaks if state.gathering(step).stage in {"idle", "announced"}] or speaks
    if len(ahead) == 1:
        return ahead[0]
    if ahead:
        raise Misused(f"{person.name} speaks at several seminars; say at which with --step: {', '.join(ahead)}.")
    raise Misused(f"{person.name} speaks at no seminar of this cycle. For a participant there is `kierros substitute`.")
