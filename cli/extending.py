"""More time for one person: `extend`."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.app import PEOPLE, command
from cli.faults import Misused
from cli.terminal import InCycle, Reason, Yes


@command(
    "extend",
    PEOPLE,
    'kierros extend anna@library.example --until 2027-02-05 --reason "Her director is away"',
)
def extend(
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Who gets more time.")],
    until: Annotated[
        str,
        typer.Option("--until", metavar="WHEN", help="Her last moment to answer: 2027-02-05 (its end), or with 10:00."),
    ] = "",
    reason: Reason = "",
    cycle: InCycle = "",
    yes: Yes = False,
) -> None:
    """Give one person more time to answer an invitation or an offer, once. You see first what she is told."""
    from cli.amending import decide_it, show_touched
    from cli.record import acting, cycle_id, looked_up, person_at
    from exchange.extending import Extend
    from plans.moments import deadline_of
    from telling.times import now, written

    if not until:
        raise Misused("Say until when: --until WHEN.")
    staff, wanted = acting(), cycle_id(cycle)
    person, (state, names) = person_at(wanted, address), looked_up(wanted)
    moment = now()
    last = deadline_of(until, state.plan, moment)
    wish = Extend(at=moment, actor=staff.ref, person=person.ref, until=last)
    what = f"{person.name} has until {written(last)} ({last.zone}) to answer."
    show_touched(state, wish, names, what)
    decide_it(wanted, wish, reason, yes, "Give her that time? [y/N]", what)
