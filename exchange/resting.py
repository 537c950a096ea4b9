"""How long word of a moved date rests before it leaves, so that two moves in a day make one letter.

A date that has been moved is often moved again: the hall first, then the train. So the letter waits for a day, and says
what is true by then. It never waits longer than a tenth of the time that is left until the old or the new date,
whichever is nearer: who is to travel tomorrow reads of it within hours. A further move takes the place of the letter
that rests and does not put it off. Source: TRUST invariant 18.
"""

from __future__ import annotations

from datetime import datetime, timedelta

from exchange.plan import CyclePlan

A_DAY = timedelta(days=1)
SHARE = 10
"""The part of the time left that the letter may take at most."""


def rest(plan: CyclePlan, at: datetime, *begins: datetime) -> timedelta:
    """How long the letter rests.

    Args:
        plan: a year that is drawn together for practice has no days to rest in.
        at: when the date was moved (UTC).
        begins: the date as it was, and as it is.
    """
    left = (min(begins) - at) / SHARE
    return max(timedelta(0), min(A_DAY, left)) if plan.pace >= 1 else timedelta(0)
