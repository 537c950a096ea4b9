"""The seminars: their programme, and how many were there."""

from __future__ import annotations

from typing import Literal

from activities.account.model import Meeting, Sitting
from activities.account.sources import Sources, span
from exchange.plan import Seminar


def meetings(sources: Sources) -> tuple[Meeting, ...]:
    """Every seminar in the plan's order."""
    return tuple(_meeting(sources, step) for step in sources.cycle.seminars())


def _meeting(sources: Sources, step: Seminar) -> Meeting:
    gathering = sources.cycle.gathering(step.id)
    noted = gathering.attendance.values()
    present = sum(noted) if noted else None
    return Meeting(
        step=step.id,
        title=sources.title(step.id),
        form=step.form,
        when=span(step.begins, step.ends),
        place=sources.words(step.place),
        at=sources.organisation(step.organisation) if step.organisation else {},
        outcome=_outcome(sources, gathering.stage),
        sessions=tuple(
            Sitting(title=sources.words(s.title), when=span(s.begins, s.ends), speaker=bool(s.speaker))
            for s in step.sessions
        ),
        expected=len(sources.cycle.group()),
        present=present,
        absent=None if present is None else len(noted) - present,
    )


def _outcome(sources: Sources, stage: str) -> Literal["held", "called_off", "not_held"]:
    if stage == "held":
        return "held"
    return "called_off" if stage == "released" or sources.cycle.phase == "cancelled" else "not_held"
