"""The two clocks of a practice run: the plan's calendar, and the run into whose minutes its year is drawn together.

Between two dates of the plan that have their moment in the run both clocks go evenly.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from datetime import UTC, datetime
from itertools import accumulate

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
    return datetime.fromtimestamp(between(now.timestamp(), old, new), tz=UTC)


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
        found = between(at, known, run)
    return datetime.fromtimestamp(found, tz=UTC)


def _in_order(drawn: Drawn) -> tuple[list[float], list[float]]:
    """The instants of the run and the plan's own, both in order: what stands crosswise counts as late as the others."""
    own: dict[float, float] = {}
    for here, there in sorted((there.timestamp(), here.timestamp()) for here, there in drawn):
        own[here] = max(there, own.get(here, there))
    latest = accumulate(own.values(), max)
    run = {there: here for here, there in zip(own, latest, strict=True)}
    return list(run), list(run.values())


def between(at: float, old: list[float], new: list[float]) -> float:
    """What lies in ``new`` where ``at`` lies in ``old``, which is in order; outside of it the nearest end."""
    if not old[0] <= at <= old[-1] or len(old) < 2:
        return new[0] if at <= old[0] else new[-1]
    here = min(bisect_right(old, at), len(old) - 1) - 1
    share = (at - old[here]) / (old[here + 1] - old[here])
    return new[here] + share * (new[here + 1] - new[here])
