"""Whether the money reaches."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from exchange.plan import Seminar, Visits
from plans.faults import Fault
from plans.notation import amount
from plans.planfile import PlanFile
from plans.said import said


def money(file: PlanFile) -> Iterator[Fault]:
    """The cap holds even where the dearest host of every slot says yes; the funders give what the cap allows."""
    budget = file.draft.budget
    dearest = _dearest(file)
    if "budget" in {path[0] for path in file.lines if path} and dearest > budget.cap:
        yield file.fault(
            ("budget", "cap"),
            said(
                "is {cap}, but seminars and the dearest host of each slot cost {dearest}; raise the cap or find "
                "cheaper hosts.",
                cap=amount(budget.cap, budget.currency),
                dearest=amount(dearest, budget.currency),
            ),
        )
    given = sum(funder.cents for funder in budget.funders)
    if budget.funders and given < budget.cap:
        yield file.fault(
            ("budget", "funders"),
            said(
                "pay {given} together, less than the cap of {cap}; lower the cap or add a funder.",
                given=amount(given, budget.currency),
                cap=amount(budget.cap, budget.currency),
            ),
            "warning",
        )


def first_hosts(file: PlanFile) -> int:
    """What is promised in hundredths where all goes well: the seminars, and the first candidate of every slot."""
    return _promised(file, lambda sums: sums[0])


def _dearest(file: PlanFile) -> int:
    return _promised(file, max)


def _promised(file: PlanFile, of_slot: Callable[[list[int]], int]) -> int:
    total = 0
    for step in file.draft.steps:
        if isinstance(step, Seminar):
            total += step.cents
        if isinstance(step, Visits):
            total += sum(of_slot([c.cents for c in slot.candidates]) for slot in step.slots if slot.candidates)
    return total
