"""What stands on a participant's page as a part of its own."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class Coming:
    """A seminar or a stay that stands in the calendar of whoever has a place."""

    title: str
    lines: tuple[str, ...]
    talks: tuple[str, ...] = ()
    host: str = ""
    strengths: tuple[str, ...] = ()
    contact: str = ""


@dataclass(frozen=True)
class Moved:
    """A stay that has moved, and about which she is asked whether she can still come."""

    step: str
    slot: str
    title: str
    was: tuple[str, ...]
    times: tuple[str, ...]
    begins: str
    """The beginning that the question is about, as JSON of a :class:`~exchange.plan.When`."""
    comes: bool
    """She has said that she does."""
