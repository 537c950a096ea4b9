"""A plan that cannot be used as it is: `check`, `rehearse`, `start` and `amend` refuse it in one way."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cli.faults import Misused

if TYPE_CHECKING:
    from plans import Fault, PlanFile, Staff
    from plans.people import PeopleList


def lines_of(plan: Path, faults: list[Fault]) -> list[str]:
    """A line for each fault; of very many the first, and where all can be read."""
    from plans.faults import shown

    first, more = shown(faults)
    lines = [fault.line_of_list for fault in first]
    return [*lines, f"… and {more:,} more; all of them: kierros check {plan} --json"] if more else lines


def counted(faults: list[Fault]) -> str:
    """``2 faults and 1 warning``."""
    from telling.counts import plural

    wrong = sum(fault.severity == "error" for fault in faults)
    warnings = len(faults) - wrong
    counts = ([plural(wrong, "fault")] if wrong else []) + ([plural(warnings, "warning")] if warnings else [])
    return " and ".join(counts)


def refuse(plan: Path, faults: list[Fault], nothing: str) -> None:
    """Nothing is done with a plan that has a fault.

    Args:
        plan: the file.
        faults: everything that is to be said of it, warnings too.
        nothing: what was not done: ``Nothing was started.``

    Raises:
        Misused: every fault with its line, how many there are, and where the warnings can be read.
    """
    if wrong := [fault for fault in faults if fault.severity == "error"]:
        more = "the warnings, too" if len(wrong) < len(faults) else "them again"
        last = f"{counted(faults)} in {plan}. {nothing}"
        last += f" To see {more}: kierros check {plan}" if len(faults) > 1 else ""
        raise Misused("\n".join((*lines_of(plan, wrong), last)))


def read_papers(plan: Path, nothing: str, staff: Staff | None = None) -> tuple[PlanFile, PeopleList]:
    """A plan and its people list, as they were written.

    Raises:
        Misused: the plan cannot be read; every fault is told, as far as the rest of it can be judged.
    """
    from letters.catalogues import languages
    from plans import PlanFaults, check_plan, read_people, read_plan

    try:
        file = read_plan(plan)
    except PlanFaults:
        refuse(plan, check_plan(plan, staff, written=languages()), nothing)
        raise
    return file, read_people(file.people, organisations=file.draft.organisations)
