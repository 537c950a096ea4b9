"""How long the personal links of a cycle's letters are of use: as long as what they lead to is kept.

That is the plan's word, counted from the end of its last step; where it has none, half a year. So whoever comes back to
a letter late still finds what was decided, and what is kept of her.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from exchange.plan import CyclePlan, Feedback, Invitations, Registration, Seminar, Step, Visits, When

AFTERWARDS = timedelta(days=180)
"""How long links last after the end of the last step, where the plan does not say how long data is kept."""
MONTH = timedelta(days=31)
"""The longest: a link rather leads to a page that says that nothing is kept any more."""


def links_last_until(plan: CyclePlan) -> datetime:
    """When links that are made under this plan end (UTC)."""
    kept = plan.privacy.keep_months
    return max(_end(step).at for step in plan.steps) + (AFTERWARDS if kept is None else kept * MONTH)


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
