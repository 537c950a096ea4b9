"""How long the personal links of a cycle's letters are of use: to the end of its last step, and half a year longer.

So whoever comes back to a letter late still finds what was decided, and what is kept of her.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from exchange.plan import CyclePlan, Feedback, Invitations, Registration, Seminar, Step, Visits, When

AFTERWARDS = timedelta(days=180)
"""How long links last after the end of the last step."""


def links_last_until(plan: CyclePlan) -> datetime:
    """When links that are made under this plan end (UTC)."""
    return max(_end(step).at for step in plan.steps) + AFTERWARDS


def _end(step: Step) -> When:
    match step:
        case Invitations():
            return step.prepare
        case Registration() | Feedback():
            return step.closes
        case Seminar():
            return step.ends
        case Visits():
            return max((step.prepare, *(slot.ends for slot in step.slots)), key=lambda when: when.at)
        case _:
            return step.due
