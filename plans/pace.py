"""A year drawn together into minutes, for practice: in order, and every moment far enough from the next to be seen."""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from datetime import UTC, datetime, timedelta
from itertools import accumulate

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
        return now + timedelta(seconds=_between(at.timestamp(), old, new))

    return move


Drawn = Iterable[tuple[datetime, datetime]]
"""Pairs of an instant of a practice run and the plan's own that became it."""


def drawn_apart(drawn: Drawn, now: datetime) -> datetime | None:
    """The plan's own instant that a moment of a practice run stands for.

    Before the run's first instant the plan's calendar shows its first, and behind the last one its last.

    Args:
        drawn: the pairs that are known.
        now: the moment.

    Returns:
        None where fewer than two instants are known.
    """
    old, new = _in_order(drawn)
    if len(old) < 2:
        return None
    return datetime.fromtimestamp(_between(now.timestamp(), old, new), tz=UTC)


def drawn_in(drawn: Drawn, own: datetime, now: datetime, pace: float) -> datetime:
    """The moment of a practice run that stands for an instant of the plan's own: what :func:`drawn_apart` leads back.

    So what is still to come by the plan's calendar is still to come in the run, and what is past there is past here.

    Args:
        drawn: the pairs that are known; at least one.
        own: the instant, which need not be among them.
        now: the moment. Outside the run's instants the plan's calendar stands still.
        pace: real seconds per second of the plan, before the first pair and behind the last one.
    """
    run, known = _in_order(drawn)
    at, here = own.timestamp(), now.timestamp()
    if at < known[0]:
        found = min(run[0], here) - (known[0] - at) * pace
    elif at > known[-1]:
        found = max(run[-1], here) + (at - known[-1]) * pace
    else:
        found = _between(at, known, run)
    return datetime.fromtimestamp(found, tz=UTC)


def _in_order(drawn: Drawn) -> tuple[list[float], list[float]]:
    """The instants of the run and the plan's own, both in order: what stands crosswise counts as late as the others."""
    own: dict[float, float] = {}
    for here, there in sorted((there.timestamp(), here.timestamp()) for here, there in drawn):
        own[here] = max(there, own.get(here, there))
    latest = accumulate(own.values(), max)
    run = {there: here for here, there in zip(own, latest, strict=True)}
    return list(run), list(run.values())


def _between(at: float, old: list[float], new: list[float]) -> float:
    if not old[0] <= at <= old[-1] or len(old) < 2:
        return new[0] if at <= old[0] else new[-1]
    here = min(bisect_right(old, at), len(old) - 1) - 1
    share = (at - old[here]) / (old[here + 1] - old[here])
    return new[here] + share * (new[here + 1] - new[here])
