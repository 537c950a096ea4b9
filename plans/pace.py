"""A year drawn together into minutes, for practice: in order, and every moment far enough from the next to be seen."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta

from exchange.drawn import between
from exchange.plan import Registration, Step, Visits

HEAD_START = 3.0
"""Seconds before a practice run's first moment, so that the cycle has been started by then."""

EVENLY = 0.5
"""How much of the time is shared out evenly between the moments; the rest follows their true distances."""

READ = timedelta(minutes=2)
"""So long a decision should wait, so that somebody can read the letters that it is about."""


def leisurely(steps: Iterable[Step], pace: float, finish_within: float) -> float | None:
    """In how many seconds a practice run would have to finish that gives time to read; None where this one does.

    Args:
        steps: of the plan, with their true durations.
        pace: real seconds of the run per second of the plan.
        finish_within: seconds of the run.
    """
    spans = [span for step in steps for span in _to_decide(step)]
    quickest = min(spans, default=READ / pace) * pace
    return finish_within * (READ / quickest) if quickest < READ else None


def _to_decide(step: Step) -> Iterator[timedelta]:
    """How long decisions of a step may wait."""
    if not isinstance(step, Registration) and step.approval is not None:
        yield step.approval.within
    if isinstance(step, Registration) and step.places == "selected":
        yield step.select_within
    if isinstance(step, Visits):
        yield step.decide_within


def spread(moments: Iterable[float], first: float, last: float, evenly: float = EVENLY) -> dict[float, float]:
    """Each distinct moment to its new one between ``first`` and ``last``; order is kept and both ends are hit.

    Purely in proportion, a seminar of seven hours in a year of two minutes would last a tenth of a second. So a part of
    the time is shared out by rank: of n gaps none gets less than ``evenly / n`` of it.

    Args:
        moments: in any order and unit.
        first: what the earliest becomes; the only one too.
        last: what the latest becomes.
        evenly: between 0 (in proportion) and 1 (by rank alone).
    """
    ranked = sorted(set(moments))
    if len(ranked) < 2:
        return dict.fromkeys(ranked, first)
    span, gaps = ranked[-1] - ranked[0], len(ranked) - 1
    shares = [evenly * rank / gaps + (1 - evenly) * (at - ranked[0]) / span for rank, at in enumerate(ranked)]
    drawn = {at: first + share * (last - first) for at, share in zip(ranked, shares, strict=True)}
    return drawn | {ranked[-1]: last}


def drawn_together(marks: Iterable[datetime], now: datetime, finish_within: float) -> Callable[[datetime], datetime]:
    """A function from the plan's instants to those of a practice run.

    Args:
        marks: the instants that are to be told apart; what lies between two of them stays between them.
        now: the earliest mark becomes three seconds after it.
        finish_within: seconds from ``now`` to the latest mark.
    """
    drawn = spread((at.timestamp() for at in marks), min(HEAD_START, finish_within / 2), finish_within)
    old, new = list(drawn), list(drawn.values())

    def move(at: datetime) -> datetime:
        return now + timedelta(seconds=between(at.timestamp(), old, new))

    return move
