"""Taking a plan apart: people and texts for the store, and for the workflow a plan with references only.

Names, addresses, reasons and letter paragraphs never reach Temporal (TRUST, invariants 25 and 27); what is left says
``p_…`` and ``n_…`` where they stood, and every local time has its instant.
"""

from __future__ import annotations

import hashlib
import secrets
from base64 import b32encode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Literal

from exchange.base import Text
from exchange.plan import Candidate, CyclePlan, Invitations, Registration, Seminar, Session, Step, Visits, When
from exchange.walk import changed, found
from plans.faults import Fault, Misread, PlanFaults
from plans.pace import HEAD_START, drawn_together
from plans.people import PeopleList, Person
from plans.planfile import PlanFile
from plans.roster import Staff, contact, home, person, staffer

Refs = Callable[[str], str]
"""Makes a new reference of a kind, ``p`` or ``n``; never the same twice."""


@dataclass(frozen=True)
class PersonRow:
    """A person, for the store."""

    ref: str
    """``p_`` and twelve letters or figures that say nothing."""
    name: str
    address: str
    address_norm: str
    language: str
    """ISO 639-1: the list's, or else the plan's first."""
    zone: str
    """IANA zone: the list's, or else that of the person's organisation, or else the plan's."""
    home: str
    """The id of the person's organisation; empty where the list does not say."""
    part: Literal["invitee", "contact", "speaker"]
    host: str = ""
    """For a contact: the id of the host she answers for."""


@dataclass(frozen=True)
class TextRow:
    """A reason or a letter's paragraph, for the store."""

    ref: str
    """``n_`` and twelve letters or figures."""
    words: Text
    """Language to words."""
    place: str
    """Where it stood in the plan, e.g. ``steps.visits.letter``."""


@dataclass(frozen=True)
class Split:
    """A plan taken apart."""

    plan: CyclePlan
    people: tuple[PersonRow, ...]
    """In the order of the people list."""
    texts: tuple[TextRow, ...]


@dataclass(frozen=True)
class Known:
    """Who and what a running cycle has references for already: they stay what they are."""

    people: Mapping[str, str] = field(default_factory=dict)
    """Normalised address to ``p_…``."""
    texts: Mapping[str, Text] = field(default_factory=dict)
    """``n_…`` to its words."""

    def text(self, words: Text) -> str:
        """The reference of a text with exactly these words; empty where there is none."""
        return next((ref for ref, known in self.texts.items() if known == words), "")


def new_ref(kind: str) -> str:
    """A reference that nobody can guess and that says nothing: ``p_7f3kq2mzv4xa`` (60 random bits)."""
    return f"{kind}_{b32encode(secrets.token_bytes(8)).decode().lower()[:12]}"


def split_plan(
    file: PlanFile,
    people: PeopleList,
    staff: Staff,
    *,
    starter: str,
    now: datetime,
    pace: float | None = None,
    finish_within: float | None = None,
    refs: Refs = new_ref,
    known: Known | None = None,
) -> Split:
    """Takes a plan and its people list apart.

    Args:
        file: a plan that :func:`plans.check_plan` finds without error.
        people: the list beside it.
        staff: everybody who may act, by name in lower case.
        starter: the staff reference of who starts it.
        now: the instant of the start; a practice run begins three seconds later.
        pace: practice: real seconds per second of the plan, e.g. 1e-5.
        finish_within: practice: real seconds from ``now`` to the plan's last moment. Overrides ``pace``.
        refs: makes references.
        known: who and what has a reference already, where a running cycle is amended.

    Raises:
        PlanFaults: a name in the plan is nobody on the list or among the staff, or a row of the list was refused.
    """
    cut = _Cut(file, people, staff, refs, known or Known())
    plan = cut.plan().model_copy(update={"starter": starter, "digest": digest(file, people)})
    if cut.faults:
        raise PlanFaults(cut.faults)
    if finish_within is None and pace is not None:
        finish_within = HEAD_START + pace * _length(plan)
    if finish_within is not None:
        plan = practised(plan, now, finish_within)
    return Split(plan, cut.people(), cut.texts())


def digest(file: PlanFile, people: PeopleList) -> str:
    """SHA-256 of a plan and its people list as they were read: by it the same plan started twice is recognised."""
    return hashlib.sha256(f"{file.digest} {people.digest}".encode()).hexdigest()


LEAST = timedelta(seconds=30)
"""What is asked of people in a practice run waits at least so long: also a quick hand needs a moment."""


def practised(plan: CyclePlan, now: datetime, finish_within: float) -> CyclePlan:
    """The plan drawn together so that its first moment is near and its last one ``finish_within`` seconds from now.

    Local times stay as written; instants keep their order (:mod:`plans.pace`); durations shrink in proportion. A
    seminar's sessions lie within it and take no room of their own. No duration shrinks under :data:`LEAST`.
    """
    coarse = changed(plan, Seminar, lambda seminar: seminar.model_copy(update={"sessions": ()}))
    move = drawn_together([when.at for when in found(coarse, When)], now, finish_within)
    factor = finish_within / max(_length(plan), 1.0)
    moved = changed(plan, When, lambda when: when.model_copy(update={"at": move(when.at)}))
    steps = tuple(_quickened(step, factor) for step in moved.steps)
    return moved.model_copy(update={"steps": steps, "pace": factor, "practice": True})


def _quickened(step: Step, factor: float) -> Step:
    """A step with its durations drawn together. Hosts are still reminded before their time to answer is over."""
    quick = changed(step, timedelta, lambda span: max(span * factor, min(span, LEAST)))
    if not isinstance(step, Visits) or not isinstance(quick, Visits):
        return quick
    share = step.remind_after / step.answer_within
    return quick.model_copy(update={"remind_after": quick.answer_within * share})


def _length(plan: CyclePlan) -> float:
    """Seconds from the plan's first moment to its last."""
    instants = [when.at for when in found(plan, When)]
    return (max(instants) - min(instants)).total_seconds() if instants else 0.0


def person_row(one: Person, plan: CyclePlan, ref: str, host: str = "") -> PersonRow:
    """A person of a list as a row of the store, with what the list does not say taken from the plan.

    Args:
        one: the person.
        plan: the plan, or its draft.
        ref: the reference.
        host: the host the person answers for, where the plan says so.
    """
    library = home(plan, one)
    organisation = plan.organisation(library)
    return PersonRow(
        ref=ref,
        name=one.name,
        address=one.address,
        address_norm=one.address_norm,
        language=one.language or plan.languages[0],
        zone=one.zone or (organisation.zone if organisation else plan.zone),
        home=library,
        part=one.part,
        host=host or (library if one.part == "contact" else ""),
    )


class _Cut:
    """One plan being taken apart. Faults are gathered, so that all are said at once."""

    def __init__(self, file: PlanFile, people: PeopleList, staff: Staff, refs: Refs, known: Known) -> None:
        self.file, self.list, self.staff = file, people, staff
        self.faults = [Fault(people.name, row.row, row.column, row.reason) for row in people.refused]
        self._people = {n: known.people.get(n) or refs("p") for n in (one.address_norm for one in people.accepted)}
        self._texts = {place: known.text(words) or refs("n") for place, words in file.texts.items()}
        self._hosts: dict[str, str] = {}

    def plan(self) -> CyclePlan:
        """The plan with references."""
        draft = self.file.draft
        invitees = [one for one in self.list.accepted if one.part == "invitee"]
        roles = {role: tuple(self._staffer(role, name) for name in names) for role, names in draft.roles.items()}
        return draft.model_copy(
            update={
                "roles": roles,
                "homes": {self._ref(one): home(draft, one) for one in invitees if home(draft, one)},
                "contacts": self._contacts(),
                "steps": tuple(self._step(step, invitees) for step in draft.steps),
            }
        )

    def _contacts(self) -> dict[str, str]:
        """Who answers for each library of the list, where libraries say whom they send."""
        draft = self.file.draft
        if not any(isinstance(step, Registration) and step.places == "nominated" for step in draft.steps):
            return {}
        answering = [one for one in self.list.accepted if one.part == "contact" and home(draft, one)]
        return {home(draft, one): self._ref(one) for one in reversed(answering)}

    def people(self) -> tuple[PersonRow, ...]:
        """The rows of the people list."""
        return tuple(self._row(one) for one in self.list.accepted)

    def texts(self) -> tuple[TextRow, ...]:
        """The plan's texts."""
        return tuple(TextRow(self._texts[place], words, place) for place, words in self.file.texts.items())

    def _row(self, one: Person) -> PersonRow:
        return person_row(one, self.file.draft, self._ref(one), self._hosts.get(one.address_norm, ""))

    def _ref(self, one: Person) -> str:
        return self._people[one.address_norm]

    def _staffer(self, role: str, name: str) -> str:
        try:
            return staffer(self.staff, name).ref
        except Misread as why:
            self.faults.append(self.file.fault(("roles", role), str(why)))
            return ""

    def _step(self, step: Step, invitees: list[Person]) -> Step:
        step = step.model_copy(update={"letter": self._texts.get(step.letter, "")})
        match step:
            case Invitations():
                return step.model_copy(update={"people": tuple(self._ref(one) for one in invitees)})
            case Seminar():
                return changed(step, Session, lambda session: self._session(step, session))
            case Visits():
                return changed(step, Candidate, lambda candidate: self._candidate(step, candidate))
            case _:
                return step

    def _session(self, step: Step, session: Session) -> Session:
        if not session.speaker:
            return session
        return session.model_copy(
            update={"speaker": self._named(step, lambda: person(self.list, session.speaker or ""))}
        )

    def _candidate(self, step: Step, candidate: Candidate) -> Candidate:
        asked = self._named(step, lambda: contact(self.list, self.file.draft, candidate))
        norm = next((norm for norm, ref in self._people.items() if ref == asked), "")
        self._hosts[norm] = candidate.host
        return candidate.model_copy(update={"contact": asked, "reason": self._texts.get(candidate.reason, "")})

    def _named(self, step: Step, look: Callable[[], Person]) -> str:
        try:
            return self._ref(look())
        except Misread as why:
            self.faults.append(self.file.fault(("steps", step.id), str(why)))
            return ""
