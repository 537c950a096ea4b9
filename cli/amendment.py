"""Amending the plan of a running cycle: `amend` shows what differs and whom it touches, and asks."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated

import typer

from cli.app import DECIDING, command
from cli.faults import Misused, Refused
from cli.planning import PlanPath
from cli.terminal import InCycle, Reason, Yes, terminal

if TYPE_CHECKING:
    from exchange.base import Event
    from exchange.state import Cycle
    from plans import PlanFile
    from plans.people import PeopleList
    from telling.names import Names
    from workers.amending import Wished


@command(
    "amend",
    DECIDING,
    "kierros amend plan.yaml --dry-run",
    'kierros amend plan.yaml --reason "Oslo will be visited, too"',
)
def amend(
    plan: PlanPath,
    cycle: InCycle = "",
    reason: Reason = "",
    yes: Yes = False,
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Show what would change; decide nothing.")] = False,
) -> None:
    """Change the contents of a running cycle: write them into its plan file, then amend the cycle by it.

    You see what differs, whom it touches and what has to be approved again. Only what has not begun may change. A date
    that was moved by `kierros move` stays where it is, unless you write another one.
    """
    from cli.record import acting, looked_up
    from telling.times import now
    from workers.amending import CannotAmend, wished

    here, staff = terminal(), acting()
    file, people = _checked(plan, cycle)
    state, names = looked_up(file.draft.id)
    try:
        wish = wished(here.store, state, file, people, staff.ref, now())
    except CannotAmend as why:
        raise Refused(str(why)) from None
    events = _shown(state, wish, wish.naming(names))
    if dry_run:
        here.say("Nothing was changed.")
        return
    reason = here.reason(reason)
    if not yes and here.ask("Amend the plan? [y/N]", "Add --yes.").casefold() not in {"y", "yes"}:
        raise Refused("Nothing was changed.")
    _tell(state.plan.id, wish, reason)
    again = any(type(event).__name__ == "PreparationBegan" for event in events)
    here.say("The plan is amended.", "green")
    here.next("kierros waiting" if again else f"kierros show {state.plan.id}")


def _checked(plan: PlanPath, cycle: str) -> tuple[PlanFile, PeopleList]:
    """The file, once it is in order and the plan of a cycle that was started."""
    from cli.judging import read_papers, refuse
    from cli.record import open_cycles
    from letters.catalogues import languages
    from plans import check_plan
    from store.faults import NoSuchCycle
    from workers.amending import everybody

    staff = everybody(terminal().store)
    file, people = read_papers(plan, "Nothing was changed.", staff)
    named = file.draft.id
    if cycle and terminal().store.cycle(cycle).id != named:
        raise Misused(
            f"{plan} is the plan of {named}, not of {cycle}. Programme, year and theme of a running cycle stay as they "
            "are; to amend a practice run, practise again from the changed plan."
        )
    try:
        terminal().store.cycle(named)
    except NoSuchCycle:
        raise Misused(_never_started(plan, named, [row.id for row in open_cycles()])) from None
    faults = check_plan(plan, staff, None, written=languages())  # what lies behind us may lie in the past
    refuse(plan, faults, "Nothing was changed.")
    return file, people


def _never_started(plan: PlanPath, named: str, running: list[str]) -> str:
    """Why a plan of which no cycle runs in earnest is not amended."""
    if practised := [cycle for cycle in running if cycle.startswith(f"{named}-practice")]:
        return (
            f"{plan} runs for practice only ({', '.join(practised)}), and a practice run is not amended. Practise "
            f"again from the changed plan: kierros start {plan} --finish-within SECONDS."
        )
    return (
        f"{plan} is the plan of {named}, which was never started, so there is nothing to amend. Open cycles: "
        f"{', '.join(running) or 'none'}. Programme, year and theme of a running cycle stay as they are."
    )


def _shown(state: Cycle, wish: Wished, names: Names) -> list[Event]:
    """Says what differs, whom it touches and what is asked again.

    Raises:
        Refusal: the engine would say no.
    """
    from cli.differences import table_of
    from telling.amended import following
    from telling.refusals import tried
    from telling.touching import touched

    here = terminal()
    events = tried(state, wish.command.model_copy(update={"reason": "n_"}))
    here.show(table_of(state, wish, names))
    _, lines = touched(state, events, names)
    for line in [*following(state, events, names), *(lines or ["Nobody has to be told."])]:
        here.say(f"  {line}")
    return events


def _tell(cycle: str, wish: Wished, reason: str) -> None:
    """Keeps the new people and words, and has the engine decide."""
    from cli.engine import tell
    from cli.record import kept

    terminal().store.add_to_cycle(cycle, wish.people, wish.texts)
    tell(cycle, wish.command.model_copy(update={"reason": kept(cycle, reason)}))
