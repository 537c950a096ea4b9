"""What stands against a visit at another time, and whom it touches: what staff see before they agree to move it.

Some of it forbids the move (:attr:`Clash.forbids`): the same host at once, the order of the plan, the past. The rest is
for people to weigh.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Literal

from exchange.base import Refusal
from exchange.booking import VisitMoved
from exchange.hosts import HostBusy
from exchange.meanwhile import meanwhile, overlap
from exchange.moving import MovedIntoPast, check_stay
from exchange.plan import Seminar, Slot, Visits, When

if TYPE_CHECKING:
    from exchange.state import Cycle


@dataclass(frozen=True)
class Clash:
    """One thing that lies at the same time, or that forbids the move."""

    kind: Literal["forbidden", "stay", "seminar", "speaks", "receives", "quiet"]
    step: str = ""
    slot: str = ""
    host: str = ""
    """The other visit's host."""
    person: str = ""
    """Who of the group has a duty of her own then."""
    first: str = ""
    last: str = ""
    """Quiet weeks: their first and last day (ISO 8601)."""
    refusal: Refusal | None = None

    @property
    def forbids(self) -> bool:
        return self.refusal is not None


@dataclass(frozen=True)
class Affected:
    """Whom a visit's new time touches."""

    delegates: tuple[str, ...]
    """Who has a place."""
    speakers: tuple[str, ...]
    """Who speaks at a seminar in the days of the new time."""
    hosts: tuple[str, ...]
    """The other hosts of the same journey that are asked or have confirmed."""


def affected(cycle: Cycle, step: Visits, slot: Slot, begins: When, ends: When) -> Affected:
    """Those with a place, those who speak at that time, and the journey's other hosts."""
    meetings = [s for s in _seminars(cycle) if overlap(begins, ends, s.begins, s.ends)]
    speakers = (session.speaker for meeting in meetings for session in meeting.sessions if session.speaker)
    others = (cycle.booking(step.id, other.id) for other in step.slots if other.id != slot.id)
    hosts = (stay.host for stay in others if stay.stage in {"asked", "proposed", "confirmed"})
    return Affected(tuple(cycle.group()), tuple(dict.fromkeys(speakers)), tuple(dict.fromkeys(hosts)))


def clashes(cycle: Cycle, step: Visits, slot: Slot, begins: When, ends: When, now: datetime) -> list[Clash]:
    """All that stands against the visit at that time, what forbids it first."""
    return [
        *_forbidden(cycle, step, slot, begins, ends, now),
        *stays(cycle, step, slot, begins, ends),
        *(Clash("seminar", s.id) for s in _seminars(cycle) if overlap(begins, ends, s.begins, s.ends)),
        *_duties(cycle, (step.id, slot.id), begins, ends),
        *_quiet(cycle, begins, ends),
    ]


def _forbidden(cycle: Cycle, step: Visits, slot: Slot, begins: When, ends: When, now: datetime) -> Iterator[Clash]:
    host = cycle.booking(step.id, slot.id).host
    if begins.at <= now:
        yield Clash("forbidden", refusal=MovedIntoPast(begins))
    if cycle.host_busy(host, begins, ends, but=(step.id, slot.id)):
        yield Clash("forbidden", refusal=HostBusy(host, slot.id))
    try:
        check_stay(cycle, VisitMoved(at=now, actor="", step=step.id, slot=slot.id, begins=begins, ends=ends))
    except Refusal as no:
        yield Clash("forbidden", refusal=no)


def stays(cycle: Cycle, step: Visits, slot: Slot, begins: When, ends: When) -> Iterator[Clash]:
    """The group's other visits in the days of the new time."""
    for journey, other, host in meanwhile(cycle, step, slot, begins, ends):
        yield Clash("stay", journey, other, host)


def _duties(cycle: Cycle, moving: tuple[str, str], begins: When, ends: When) -> Iterator[Clash]:
    """Those of the group who speak, or receive a group themselves, at that time."""
    group = set(cycle.group())
    for meeting in _seminars(cycle):
        for session in meeting.sessions:
            if session.speaker in group and overlap(begins, ends, session.begins, session.ends):
                yield Clash("speaks", meeting.id, person=session.speaker or "")
    for journey in cycle.journeys():
        for other in journey.slots:
            stay = cycle.booking(journey.id, other.id)
            for candidate in other.candidates:
                elsewhere = candidate.host == stay.host and (journey.id, other.id) != moving
                receives = elsewhere and stay.stage in {"asked", "proposed", "confirmed"}
                if receives and candidate.contact in group and overlap(begins, ends, other.begins, other.ends):
                    yield Clash("receives", journey.id, other.id, stay.host, candidate.contact)


def _quiet(cycle: Cycle, begins: When, ends: When) -> Iterator[Clash]:
    first, last = (datetime.fromisoformat(when.local).date() for when in (begins, ends))
    for weeks in cycle.plan.quiet_weeks:
        if weeks.first <= last and first <= weeks.last:
            yield Clash("quiet", first=weeks.first.isoformat(), last=weeks.last.isoformat())


def _seminars(cycle: Cycle) -> list[Seminar]:
    """The seminars that are still to be held."""
    return [s for s in cycle.seminars() if cycle.gathering(s.id).stage in {"idle", "announced"}]
