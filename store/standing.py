"""What may not leave yet, whatever its hour: letters of cycles that stand still, and word that comes after another.

The answers of a cycle that stands still stay in the inbox, and its letters in the outbox, until it goes on. Word of a
moved deadline waits while the invitation to the same person has not left, for that still names the old one.
"""

from __future__ import annotations

from functools import cache

from sqlalchemy import ColumnElement, and_, exists, or_, select

from store.schema import cycles, outbox

SUSPENDED = select(cycles.c.id).where(cycles.c.phase == "suspended")
"""The ids of the cycles that are suspended."""

ALL_THE_SAME = ("cycle_suspended", "erasure_asked", "new_link", "address_changed")
"""Letters that leave a suspended cycle: those that say that it is, and those that open the way to one's data. A
cancellation ends the standstill."""

LAST_WORD = "deadline_moved"
CORRECTS = {LAST_WORD: "invitation", "nomination_moved": "nomination_invitation"}
"""The kinds of letters that never leave before the one whose deadline they correct."""


@cache
def may_leave() -> ColumnElement[bool]:
    """Whether a letter's cycle lets it leave, and what has to leave before it has left."""
    lets = or_(outbox.c.kind.in_(ALL_THE_SAME), outbox.c.cycle.not_in(SUSPENDED))
    return and_(lets, *(or_(outbox.c.kind != kind, ~_waits(corrected)) for kind, corrected in CORRECTS.items()))


def _waits(kind: str) -> ColumnElement[bool]:
    """Whether such a letter of the cycle to the same person may still leave; what failed is for people to see to."""
    other = outbox.alias("invitation")
    hers = (other.c.cycle == outbox.c.cycle, other.c.to_ref == outbox.c.to_ref)
    return exists().where(*hers, other.c.kind == kind, other.c.state.in_(("queued", "sending", "overdue")))
