"""What the plan's calendar shows in a practice run, whose year is drawn together into minutes or hours.

Letters and pages name the plan's dates as they were agreed on; what a rule computed (until when a place is offered) is
told by the same calendar, so that nobody reads two.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from exchange.drawn import drawn_apart
from exchange.plan import CyclePlan, When
from exchange.walk import found
from letters.zones import at_place


def by_calendar(plan: CyclePlan, at: datetime) -> datetime:
    """The instant that a moment stands for by the plan's calendar, to the second; in earnest the moment itself."""
    own = drawn_apart(((when.at, at_place(when)) for when in found(plan, When)), at) if plan.practice else None
    return (own + timedelta(milliseconds=500)).replace(microsecond=0) if own else at
