"""Another speaker: somebody takes over the sessions of one who cannot come, until the seminar has been held.

Sessions that are over stay hers who held them. Whoever was told the programme is told the change. Letters that wait
for agreement and name the speaker are made ready anew, and whoever replaced her has had a hand in them. TRUST
invariants 2, 5.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from exchange.approval import made_anew
from exchange.base import Command, Event, Refusal
from exchange.eyes import had_a_hand
from exchange.plan import CyclePlan, Seminar, Session

if TYPE_CHECKING:
    from exchange.state import Cycle


class ReplaceSpeaker(Command):
    """``by`` speaks in the place of ``person``."""

    step: str
    person: str
    by: str
    reason: str = ""


class SpeakerReplaced(Event):
    step: str
    person: str
    by: str
    role: str = ""
    reason: str = ""
    told: bool = False
    """People had been told the programme, and are told the change."""


@dataclass(eq=False)
class WhyReplace(Refusal):
    person: str

    def __str__(self) -> str:
        return f"Say why somebody else speaks in the place of {self.person}; the record keeps it."


@dataclass(eq=False)
class NoSuchSpeaker(Refusal):
    person: str
    step: str
    speakers: tuple[str, ...]

    def __str__(self) -> str:
        who = ", ".join(self.speakers) or "nobody"
        return f"{self.person} has no session to come at {self.step}. Who has: {who}."


@dataclass(eq=False)
class SpeaksHerself(Refusal):
    person: str

    def __str__(self) -> str:
        return f"{self.person} cannot take her own place. Name somebody else."


@dataclass(eq=False)
class SeminarOver(Refusal):
    step: str
    stage: str

    def __str__(self) -> str:
        how = "has been held" if self.stage == "held" else "will not be held"
        return f"{self.step} {how}, so nobody can take over a session of it."


def to_come(step: Seminar, now: datetime) -> list[Session]:
    """The sessions with a speaker that are not over."""
    return [session for session in step.sessions if session.speaker and session.ends.at > now]


def decide(cycle: Cycle, command: ReplaceSpeaker) -> list[Event]:
    role, step = cycle.demand(command.actor, "coordinator"), cycle.step_of(command.step, Seminar)
    stage = cycle.gathering(step.id).stage
    if not command.reason:
        raise WhyReplace(command.person)
    if stage in {"held", "released"}:
        raise SeminarOver(step.id, stage)
    speakers = tuple(dict.fromkeys(s.speaker for s in to_come(step, command.at) if s.speaker))
    if command.person not in speakers:
        raise NoSuchSpeaker(command.person, step.id, speakers)
    if command.by == command.person:
        raise SpeaksHerself(command.person)
    about: dict[str, Any] = {"step": step.id, "person": command.person, "by": command.by, "role": role}
    event = SpeakerReplaced(**command.said, **about, reason=command.reason, told=stage == "announced")
    return [event, *made_anew(cycle, command, _naming(cycle, step))]


def _naming(cycle: Cycle, step: Seminar) -> list[Seminar]:
    """The seminar, while its letters are still to be approved: no others name its speakers."""
    return [step] if cycle.approving(step.id).stage != "given" else []


def replaced(plan: CyclePlan, event: SpeakerReplaced) -> CyclePlan:
    """The plan with the new speaker in it."""
    step = plan.step(event.step)
    if not isinstance(step, Seminar):
        return plan
    mine = [session for session in to_come(step, event.at) if session.speaker == event.person]
    sessions = tuple(s.model_copy(update={"speaker": event.by}) if s in mine else s for s in step.sessions)
    after = step.model_copy(update={"sessions": sessions})
    return plan.model_copy(update={"steps": tuple(after if s.id == step.id else s for s in plan.steps)})


def evolve(cycle: Cycle, event: SpeakerReplaced) -> Cycle:
    cycle = cycle.put(plan=replaced(cycle.plan, event))
    step = cycle.step_of(event.step, Seminar)
    cycle = had_a_hand(cycle, _naming(cycle, step), event.actor)
    if not event.told:
        return cycle
    # the cancellation of one entry counts one higher, and whatever is sent about it later must count higher still
    return cycle.with_gathering(step.id, sequence=cycle.gathering(step.id).sequence + 2)
