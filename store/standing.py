"""Cycles that stand still: their answers stay in the inbox, and their letters in the outbox, until they go on."""

from __future__ import annotations

from sqlalchemy import ColumnElement, or_, select

from store.schema import cycles, outbox

SUSPENDED = select(cycles.c.id).where(cycles.c.phase == "suspended")
"""The ids of the cycles that are suspended."""

ALL_THE_SAME = ("cycle_suspended",)
"""Letters that leave a suspended cycle: those that say that it is. A cancellation ends the standstill."""


def may_leave() -> ColumnElement[bool]:
    """Whether a letter's cycle lets it leave."""
    return or_(outbox.c.kind.in_(ALL_THE_SAME), outbox.c.cycle.not_in(SUSPENDED))
