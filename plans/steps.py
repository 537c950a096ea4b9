"""The steps of a plan, each read by its kind."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Literal

from exchange.base import Text
from exchange.plan import (
    Approval,
    Candidate,
    Feedback,
    Invitations,
    Registration,
    Report,
    Seminar,
    Session,
    Slot,
    Step,
    Visits,
    When,
)
from plans.asking import read_asked
from plans.clock import AFTERNOON, EVENING, MORNING
from plans.faults import did_you_mean, listed
from plans.questions import read_questions
from plans.ready import TITLES
from plans.remind import read_reminders
from plans.said import said
from plans.section import Section
from plans.words import plain


@dataclass
class _Reading:
    """What the steps of one plan share while they are read."""

    zone: str
    zones: dict[str, str]
    """Organisation to its zone; an empty zone is one that could not be read."""
    desks: list[str]
    """The ids of the registration steps."""
    texts: dict[str, Text] = field(default_factory=dict)

    def keep(self, section: Section, key: str) -> str:
        """Reads a text that will be a row of the store; returns the place by which it is known until then."""
        words = section.text(key, lines=True)
        place = ".".join((*section.path, key))
        if words:
            self.texts[place] = words
        return place if words else ""


def read_steps(top: Section, zone: str, zones: dict[str, str]) -> tuple[tuple[Step, ...], dict[str, Text]]:
    """All steps in the plan's order, and the texts that stand in them by their place.

    Args:
        top: the whole plan.
        zone: the zone of the learners' end.
        zones: organisation to its zone.
    """
    sections = top.sections("steps", required=True)
    desks = [section.path[-1] for section in sections if section.raw("kind") == "registration"]
    reading = _Reading(zone, zones, desks)
    steps: list[Step] = []
    reminded: list[Section] = []
    for section in sections:
        step = _step(section, reading)
        if step is not None:
            steps.append(step)
            reminded.append(section)
    finished = [read_reminders(section, step, steps) for section, step in zip(reminded, steps, strict=True)]
    for section in reminded:
        section.finish()
    return tuple(finished), reading.texts


def _step(section: Section, reading: _Reading) -> Step | None:
    kind = section.raw("kind", required=True)
    reader = _READERS.get((kind or "").strip().casefold())
    if reader is None:
        if kind is not None:
            hint = did_you_mean(kind, _READERS)
            unknown = "“{kind}” is no kind of step; it is {known}.{hint}"
            section.note("kind", said(unknown, kind=kind, known=listed(_READERS, "or"), hint=hint))
        return None
    return reader(section, reading, _common(section, reading))


def _common(section: Section, reading: _Reading) -> dict[str, Any]:
    kind = (section.raw("kind") or "").strip().casefold()
    title = section.text("title", spoken=True) or TITLES[kind]
    return {
        "id": section.identifier(),
        "title": title,
        "approval": _approval(section),
        "letter": reading.keep(section, "letter"),
    }


def _approval(section: Section) -> Approval | None:
    if section.is_single("approval"):
        if (section.raw("approval") or "").casefold() in {"none", "no"}:
            return None
        return Approval(role=plain(section.words("approval")))
    inner = section.section("approval")
    if inner is None:
        return None
    found = Approval(
        role=plain(inner.words("role", required=True)),
        deputy=plain(inner.words("deputy")) or None,
        within=inner.span("within", timedelta(days=7)),
        second_person=inner.yes("second_person"),
    )
    inner.finish()
    return found


def _invitations(section: Section, reading: _Reading, common: dict[str, Any]) -> Step:
    return Invitations(
        **common,
        prepare=section.moment("prepare", section.zone("zone", reading.zone), MORNING),
        registration=section.words("registration") or (reading.desks[0] if len(reading.desks) == 1 else ""),
    )


def _registration(section: Section, reading: _Reading, common: dict[str, Any]) -> Step:
    place, per_library = section.zone("zone", reading.zone), section.count("per_library", 0) or None
    ask, wanted = read_asked(section)
    return Registration(
        **common,
        opens=section.moment("opens", place, MORNING),
        closes=section.moment("closes", place, EVENING),
        capacity=section.count("capacity", 0, required=True),
        per_library=per_library,
        places=_places(section, per_library),
        select_within=section.span("select_within", timedelta(days=7)),
        select_role=plain(section.words("select_role")) or "coordinator",
        offer_lasts=section.span("offer_lasts", timedelta(days=3)),
        offers_until=section.moment("offers_until", place, EVENING) if section.has("offers_until") else None,
        priority=tuple(kind for kind, _ in section.lines("priority")),
        ask=ask,
        wanted=wanted,
    )


def _places(section: Section, per_library: int | None) -> Literal["first_come", "selected", "nominated"]:
    """Who gets a place. Where each library has so many, its contact says whom it sends, unless the plan says else."""
    otherwise = "nominated" if per_library else "first_come"
    return section.one_of("places", ["first_come", "selected", "nominated"], otherwise)  # type: ignore[return-value]  # one of these


def _seminar(section: Section, reading: _Reading, common: dict[str, Any]) -> Step:
    organisation = section.words("organisation") or None
    place = section.zone("zone", reading.zones.get(organisation or "", reading.zone))
    begins = section.moment("begins", place, MORNING)
    ends = section.moment("ends", place, AFTERNOON, on=begins)
    return Seminar(
        **common,
        form=section.one_of("form", ["introductory", "final", "workshop"], "introductory"),  # type: ignore[arg-type]  # one of these
        place=section.text("place", required=organisation is None, spoken=True),
        organisation=organisation,
        begins=begins,
        ends=ends,
        announce=section.moment("announce", place, MORNING),
        sessions=tuple(_session(item, place, begins, ends) for item in section.sections("sessions", named=False)),
        cents=section.cents("cost"),
    )


def _session(section: Section, place: str, begins: When, ends: When) -> Session:
    day = begins if begins.local[:10] == ends.local[:10] else None
    starts = section.moment("begins", place, MORNING, on=day)
    found = Session(
        title=section.text("title", required=True, spoken=True),
        begins=starts,
        ends=section.moment("ends", place, AFTERNOON, on=starts),
        speaker=section.words("speaker") or None,
    )
    section.finish()
    return found


def _visits(section: Section, reading: _Reading, common: dict[str, Any]) -> Step:
    return Visits(
        **common,
        prepare=section.moment("prepare", section.zone("zone", reading.zone), MORNING),
        answer_within=section.span("answer_within", timedelta(days=14)),
        remind_after=section.span("remind_after", timedelta(days=7)),
        fallback="automatic" if section.one_of("fallback", ["ask", "automatic"], "ask") == "automatic" else "ask",
        decide_role=plain(section.words("decide_role")) or "coordinator",
        decide_within=section.span("decide_within", timedelta(days=5)),
        slots=tuple(_slot(slot, reading) for slot in section.sections("slots", required=True)),
    )


def _slot(section: Section, reading: _Reading) -> Slot:
    candidates = []
    for item in section.sections("candidates", required=True, named=False):
        candidates.append(
            Candidate(
                host=item.words("host", required=True),
                contact=item.words("contact"),
                reason=reading.keep(item, "reason"),
                cents=item.cents("cost"),
            )
        )
        item.finish()
    first = reading.zones.get(candidates[0].host, reading.zone) if candidates else reading.zone
    place = section.zone("zone", first)
    begins = section.moment("begins", place, MORNING)
    ends = section.moment("ends", place, AFTERNOON, on=begins)
    found = Slot(id=section.identifier(), begins=begins, ends=ends, candidates=tuple(candidates))
    section.finish()
    return found


def _feedback(section: Section, reading: _Reading, common: dict[str, Any]) -> Step:
    place = section.zone("zone", reading.zone)
    return Feedback(
        **common,
        opens=section.moment("opens", place, MORNING),
        closes=section.moment("closes", place, EVENING),
        questions=read_questions(section),
    )


def _report(section: Section, reading: _Reading, common: dict[str, Any]) -> Step:
    return Report(**common, due=section.moment("due", section.zone("zone", reading.zone), MORNING))


_READERS: dict[str, Callable[[Section, _Reading, dict[str, Any]], Step]] = {
    "invitations": _invitations,
    "registration": _registration,
    "seminar": _seminar,
    "visits": _visits,
    "feedback": _feedback,
    "report": _report,
}
