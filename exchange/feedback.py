"""Feedback: one answer per person from those who took part, and an end to the asking.

The answers themselves never come here: the record keeps them apart from the mark that someone answered. Source: TRUST
invariant 24; seeds 000 (the round closes with what was learned).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar, Literal

from pydantic import AwareDatetime

from exchange.base import TIME, Command, Due, Event, Model, Refusal
from exchange.invitation import NothingToRemind, timely
from exchange.keyed import Keyed

if TYPE_CHECKING:
    from exchange.state import Cycle


class GiveFeedback(Command):
    """The mark that a person has answered; what she answered lies apart."""

    person: str
    step: str = ""


class OpenSurvey(Command):
    step: str


class CloseSurvey(Command):
    step: str


class RemindSurvey(Command):
    step: str
    number: int = 0


class SurveyOpened(Event):
    step: str
    asked: int
    until: AwareDatetime


class FeedbackGiven(Event):
    step: str
    person: str


class SurveyReminded(Event):
    step: str
    number: int
    count: int
    """How many are written to; 0 where the moment had passed when it was decided."""
    role: str = ""


class SurveyClosed(Event):
    step: str
    asked: int = 0
    given: int = 0


class Survey(Model):
    stage: Literal["idle", "open", "closed"] = "idle"
    asked: int = 0
    opened_at: AwareDatetime | None = None
    until: AwareDatetime | None = None
    given: Keyed[int] = Keyed()
    reminded: int = 0
    last_reminder: AwareDatetime | None = None


@dataclass(eq=False)
class FeedbackClosed(Refusal):
    step: str
    since: datetime | None

    def __str__(self) -> str:
        when = f"since {self.clock(self.since)}" if self.since else "now"
        return f"Feedback on {self.step} is closed {when}."


@dataclass(eq=False)
class FeedbackNotOpen(Refusal):
    step: str
    about_time: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"Feedback on {self.step} has not been opened yet; it opens when what came before it is over."


@dataclass(eq=False)
class DidNotTakePart(Refusal):
    person: str

    def __str__(self) -> str:
        return f"{self.person} did not take part, and feedback is asked of those who did."


@dataclass(eq=False)
class FeedbackAlreadyGiven(Refusal):
    person: str

    def __str__(self) -> str:
        return f"{self.person} has answered already; one answer per person counts."


def _give(cycle: Cycle, command: GiveFeedback) -> list[Event]:
    step = cycle.survey_step(command.step)
    survey = cycle.survey(step.id)
    if survey.stage == "idle":
        raise FeedbackNotOpen(step.id)
    if survey.stage == "closed" or (survey.until and command.at > survey.until):
        raise FeedbackClosed(step.id, survey.until)
    if not cycle.took_part(command.person):
        raise DidNotTakePart(command.person)
    if command.person in survey.given:
        raise FeedbackAlreadyGiven(command.person)
    return [FeedbackGiven(**command.said, step=step.id, person=command.person)]


def silent(cycle: Cycle, step_id: str) -> list[str]:
    """Those who took part and have not answered."""
    given = cycle.survey(step_id).given
    return [person for person in cycle.participants() if person not in given]


def _remind(cycle: Cycle, command: RemindSurvey) -> list[Event]:
    step = cycle.survey_step(command.step)
    survey, count = cycle.survey(step.id), len(silent(cycle, step.id))
    over = survey.stage != "open" or survey.until is None or command.at >= survey.until
    if command.actor == TIME:
        in_time = not over and timely(step.remind, command.number, survey.opened_at, command.at)
        return [SurveyReminded(**command.said, step=step.id, number=command.number, count=count if in_time else 0)]
    role = cycle.demand(command.actor)
    if over or not count:
        raise NothingToRemind(step.id)
    cycle.demand_pause(step.id, survey.last_reminder, command.at)
    return [SurveyReminded(**command.said, step=step.id, number=0, count=count, role=role)]


def decide(cycle: Cycle, command: Command) -> list[Event]:
    match command:
        case GiveFeedback():
            return _give(cycle, command)
        case RemindSurvey():
            return _remind(cycle, command)
        case OpenSurvey():
            step = cycle.survey_step(command.step)
            # opened late, it stays open as long as it was meant to
            until = max(step.closes.at, command.at + (step.closes.at - step.opens.at))
            return [SurveyOpened(**command.said, step=step.id, asked=len(cycle.participants()), until=until)]
        case CloseSurvey():
            survey = cycle.survey(command.step)
            return [SurveyClosed(**command.said, step=command.step, asked=survey.asked, given=len(survey.given))]
        case _:
            raise TypeError(command)


def evolve(cycle: Cycle, event: Event) -> Cycle:
    match event:
        case SurveyOpened():
            return cycle.with_survey(event.step, stage="open", asked=event.asked, opened_at=event.at, until=event.until)
        case FeedbackGiven():
            return cycle.with_survey(event.step, given=cycle.survey(event.step).given.put(event.person, 1))
        case SurveyReminded():
            survey = cycle.survey(event.step)
            last = event.at if event.count else survey.last_reminder
            return cycle.with_survey(event.step, reminded=max(survey.reminded, event.number), last_reminder=last)
        case SurveyClosed():
            return cycle.with_survey(event.step, stage="closed")
        case _:
            raise TypeError(event)


def due(cycle: Cycle) -> list[Due]:
    """Opening in the plan's order, the reminders, and the close."""
    found = []
    for step in cycle.surveys():
        survey = cycle.survey(step.id)
        if survey.stage == "idle" and cycle.reached(step.id):
            found.append(Due(step.opens.at, OpenSurvey(at=step.opens.at, actor=TIME, step=step.id), after_post=False))
        if survey.stage == "open" and survey.until is not None:
            if survey.reminded < len(step.remind):
                at = step.remind[survey.reminded].at
                found.append(Due(at, RemindSurvey(at=at, actor=TIME, step=step.id, number=survey.reminded + 1)))
            found.append(Due(survey.until, CloseSurvey(at=survey.until, actor=TIME, step=step.id)))
    return found
