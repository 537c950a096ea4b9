"""What of a plan happens on which days and where: the stays at hosts, the seminars, the deadlines."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from exchange.plan import Feedback, Registration, Seminar, Slot, Step, Visits, When
from plans.free_days import country_of
from plans.people import PeopleList
from plans.planfile import PlanFile
from plans.section import Path

SHORT = timedelta(days=6)
"""What lasts longer has weekends in it, and nobody minds."""


@dataclass(frozen=True)
class Occasion:
    """A stay at a host or a seminar."""

    path: Path
    what: str
    """As a sentence calls it: ``“first-visit”``."""
    begins: When
    ends: When
    countries: tuple[str, ...]
    """Where it may be held: the place's country, or those of the candidates."""

    @property
    def days(self) -> list[date]:
        """The days that must be working days: all of a short one, the first and the last of a long one."""
        first, last = day_of(self.begins), day_of(self.ends)
        if last - first >= SHORT:
            return [first, last]
        return [first + timedelta(days=number) for number in range((last - first).days + 1)]


@dataclass(frozen=True)
class Deadline:
    """A day by which people must have answered."""

    path: Path
    when: When


def occasions(file: PlanFile) -> Iterator[Occasion]:
    """All stays and seminars whose dates are known, in the plan's order."""
    for step in file.draft.steps:
        if isinstance(step, Visits):
            yield from (stay(file, step, slot) for slot in step.slots if _known(slot))
        if isinstance(step, Seminar) and _known(step):
            there = file.draft.organisation(step.organisation) if step.organisation else None
            countries = (country_of(there),) if there else ()
            yield Occasion(("steps", step.id), f"“{step.id}”", step.begins, step.ends, countries)


def stay(file: PlanFile, step: Visits, slot: Slot) -> Occasion:
    """One slot of the visits."""
    hosts = (file.draft.organisation(candidate.host) for candidate in slot.candidates)
    countries = tuple(dict.fromkeys(country_of(host) for host in hosts if host))
    return Occasion(("steps", step.id, "slots", slot.id), f"“{slot.id}”", slot.begins, slot.ends, countries)


def deadlines(file: PlanFile) -> Iterator[Deadline]:
    """Where registrations and feedback close."""
    for step in file.draft.steps:
        if isinstance(step, Registration | Feedback) and step.closes.local:
            yield Deadline(("steps", step.id, "closes"), step.closes)


def homes(file: PlanFile, people: PeopleList) -> tuple[str, ...]:
    """The countries of those who are invited, as far as their libraries tell."""
    libraries = dict.fromkeys(one.library for one in people.accepted if one.part == "invitee" and one.library)
    found = (file.draft.organisation(library) for library in libraries)
    return tuple(dict.fromkeys(country for home in found if home and (country := country_of(home))))


def day_of(when: When) -> date:
    """The day at the place."""
    return datetime.fromisoformat(when.local).date()


def _known(one: Slot | Step) -> bool:
    begins, ends = getattr(one, "begins", None), getattr(one, "ends", None)
    return isinstance(begins, When) and isinstance(ends, When) and bool(begins.local and ends.local)
