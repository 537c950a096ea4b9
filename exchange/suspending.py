"""Suspending: the cycle stands still until staff let it go on; answers are kept, and nothing is asked of anybody.

While it stands still, staff may move its dates, hand it over, cancel it or resume it, and time asks for nothing but
arranged handovers. Resuming wants a new date where one has gone by that cannot simply be decided late. Whoever was
given time to answer has as much more as the standstill took; reminders whose hour has gone by are noted as missed:
there is no burst of them. TRUST invariant 17.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import TYPE_CHECKING, Any, ClassVar

from pydantic import AwareDatetime

from exchange import extending
from exchange.amending import Amend
from exchange.base import TIME, Command, Event, Model, Refusal
from exchange.booking import Booking, HostReminded
from exchange.cancelling import Cancel
from exchange.coming import DelegatesReminded
from exchange.defect import ParkDefect
from exchange.erasing import Erase
from exchange.feedback import SurveyReminded
from exchange.handing import HandOver, PassRoles
from exchange.invitation import InvitedReminded
from exchange.moving import Move
from exchange.noting import TakeNote
from exchange.plan import Registration, Seminar, Slot, Step, Visits, When
from exchange.spending import ChangeShare, Spend

if TYPE_CHECKING:
    from exchange.prompt import Prompt
    from exchange.state import Cycle


class Suspend(Command):
    """Staff let the cycle stand still; ``reason`` is a text reference."""

    reason: str = ""
    tell: bool = False
    """Everybody who takes part is written to, now and when it goes on."""


class Resume(Command):
    """Staff let it go on."""

    reason: str = ""


class CycleSuspended(Event):
    role: str = ""
    reason: str = ""
    told: bool = False


class CycleResumed(Event):
    since: AwareDatetime
    """When it was suspended."""
    role: str = ""
    reason: str = ""
    told: bool = False

    @property
    def pause(self) -> timedelta:
        return self.at - self.since

    def since_then(self, moment: datetime | None) -> timedelta:
        """How much of the standstill came after the moment; all of it where none is known."""
        return self.at - (self.since if moment is None else max(self.since, moment))


class Standstill(Model):
    """Since when the cycle stands still, by whom and why."""

    since: AwareDatetime
    by: str
    role: str = ""
    reason: str = ""
    told: bool = False
    ends_set: dict[str, AwareDatetime] = {}
    """Open surveys whose end staff have moved meanwhile, and when: they knew of the days before."""

    def with_end_set(self, survey: str, at: datetime) -> Standstill:
        return self.model_copy(update={"ends_set": {**self.ends_set, survey: at}})


@dataclass(eq=False)
class CycleStandsStill(Refusal):
    since: datetime

    def __str__(self) -> str:
        return (
            f"This cycle has been suspended since {self.clock(self.since)}, and nothing is decided in it meanwhile. "
            "Dates can be moved (`kierros move`), its plan amended (`kierros amend`), and it can be cancelled; "
            "`kierros resume` lets it go on."
        )


@dataclass(eq=False)
class NotSuspended(Refusal):
    phase: str

    def __str__(self) -> str:
        return f"This cycle is {self.phase}, not suspended, so there is nothing to resume."


@dataclass(eq=False)
class WhySuspend(Refusal):
    def __str__(self) -> str:
        return "Say why the cycle is to stand still: those who resume it will want to know, and the record keeps it."


@dataclass(eq=False)
class DatesPassed(Refusal):
    dates: tuple[str, ...]
    """What has gone by, as it is moved: ``intro begins WHEN``, ``visits begins WHEN --slot malmo-days``."""
    about_time: ClassVar[bool] = True

    def __str__(self) -> str:
        count = "A date has" if len(self.dates) == 1 else f"{len(self.dates)} dates have"
        moves = "; ".join(f"`kierros move {date}`" for date in self.dates)
        return f"{count} gone by while the cycle stood still. Move first, then resume: {moves}."


WHILE_SUSPENDED: tuple[type[Command], ...] = (
    Resume, Cancel, Move, Amend, TakeNote, Spend, ChangeShare, HandOver, PassRoles, ParkDefect, Erase,
)  # fmt: skip
"""What is decided while the cycle stands still; whose it is goes on meanwhile. What was
paid is a fact, and always recorded (TRUST invariant 19)."""


@dataclass(frozen=True)
class Passed:
    """A date that has gone by during the standstill."""

    step: str
    field: str
    slot: str
    when: When

    @property
    def move(self) -> str:
        return f"{self.step} {self.field} WHEN" + (f" --slot {self.slot}" if self.slot else "")


def passed(cycle: Cycle, now: datetime) -> list[Passed]:
    """The dates that have gone by during the standstill and need new ones, the last first: so moved, they keep order.

    Preparations, openings, surveys and reports are not among them: those are simply decided late.
    """
    if cycle.standstill is None:
        return []
    since = cycle.standstill.since
    dates = (date for step in reversed(cycle.plan.steps) for date in _dates(cycle, step))
    return [date for date in dates if since < date.when.at <= now]


def _dates(cycle: Cycle, step: Step) -> list[Passed]:
    """The step's dates that people keep by, as far as they are still to come by what has happened."""
    match step:
        case Registration() if cycle.desk(step.id).stage != "closed":
            return [Passed(step.id, "closes", "", step.closes)]
        case Seminar() if cycle.gathering(step.id).stage in {"idle", "announced"}:
            return [Passed(step.id, "begins", "", step.begins)]
        case Visits():
            left = [slot for slot in step.slots if not cycle.booking(step.id, slot.id).done]
            left.sort(key=lambda slot: slot.begins.at, reverse=True)
            return [Passed(step.id, "begins", slot.id, slot.begins) for slot in left]
        case _:
            return []


def decide(cycle: Cycle, command: Suspend | Resume) -> list[Event]:
    role = cycle.demand(command.actor, "coordinator", "director")
    if isinstance(command, Suspend):
        if not command.reason:
            raise WhySuspend
        return [CycleSuspended(**command.said, role=role, reason=command.reason, told=command.tell)]
    if cycle.standstill is None:
        raise NotSuspended(cycle.phase)
    if gone := passed(cycle, command.at):
        raise DatesPassed(tuple(date.move for date in gone))
    still = cycle.standstill
    about: dict[str, Any] = {"role": role, "reason": command.reason, "told": still.told}
    return [CycleResumed(**command.said, since=still.since, **about), *_missed(cycle, command)]


def _missed(cycle: Cycle, command: Resume) -> list[Event]:
    """The reminders whose hour has gone by: noted, and not sent."""
    said: dict[str, Any] = {**command.said, "actor": TIME}
    events: list[Event] = []
    for step in cycle.invitations():
        guests = cycle.guests(step.id)
        numbers = _gone(step.remind, guests.reminded, command.at) if guests.stage == "sent" else []
        events += [InvitedReminded(**said, step=step.id, number=number, count=0) for number in numbers]
    for form in cycle.surveys():
        survey = cycle.survey(form.id)
        numbers = _gone(form.remind, survey.reminded, command.at) if survey.stage == "open" else []
        events += [SurveyReminded(**said, step=form.id, number=number, count=0) for number in numbers]
    for journey in cycle.journeys():
        for slot in journey.slots:
            stay = cycle.booking(journey.id, slot.id)
            events += _missed_by_the_group(journey, slot, stay, command, said)
            asked = stay.asked_at if stay.stage == "asked" and not stay.reminded else None
            if asked is not None and asked + journey.remind_after <= command.at:
                about = {"step": journey.id, "slot": slot.id, "host": stay.host, "missed": True}
                events.append(HostReminded.model_validate({**said, **about}))
    return events


def _missed_by_the_group(
    journey: Visits, slot: Slot, stay: Booking, command: Resume, said: dict[str, Any]
) -> list[Event]:
    """The reminder to those who have not said whether they can still come, where its hour has gone by."""
    call = stay.call if stay.stage == "confirmed" else None
    if call is None or call.reminded or not call.open or call.leaves + journey.remind_after > command.at:
        return []
    return [DelegatesReminded(**said, step=journey.id, slot=slot.id, count=0)]


def _gone(moments: tuple[When, ...], reminded: int, now: datetime) -> list[int]:
    """The numbers of the reminders that have not been sent and whose hour has come."""
    return [number for number, when in enumerate(moments, 1) if number > reminded and when.at <= now]


def evolve(cycle: Cycle, event: Event) -> Cycle:
    match event:
        case CycleSuspended():
            still = Standstill(since=event.at, by=event.actor, role=event.role, reason=event.reason, told=event.told)
            return cycle.put(phase="suspended", standstill=still)
        case CycleResumed():
            return _resumed(cycle, event)
        case _:
            raise TypeError(event)


def _resumed(cycle: Cycle, event: CycleResumed) -> Cycle:
    """Everybody who has a time to answer in has as much more as the standstill took of it; no host beyond the stay."""
    for step in cycle.desks_in_plan():
        if (desk := cycle.desk(step.id)).offers or desk.nominations:
            cycle = cycle.with_desk(step.id, desk.later(event.pause, cycle.offers_until(step)))
    cycle = extending.resumed(cycle, event.since, event.at)
    for journey in cycle.journeys():
        for slot in journey.slots:
            stay = cycle.booking(journey.id, slot.id)
            if stay.stage == "asked" and stay.until is not None:
                until = min(stay.until + event.pause, max(stay.until, slot.begins.at))
                longer = stay.model_copy(update={"until": until})
                cycle = cycle.with_booking(journey.id, slot.id, longer)
            elif stay.call is not None and stay.call.leaves > event.since:
                # word that rested while all stood still leaves now, at the earliest
                call = stay.call.model_copy(update={"leaves": max(stay.call.leaves, event.at)})
                cycle = cycle.with_booking(journey.id, slot.id, stay.model_copy(update={"call": call}))
    ends_set = cycle.standstill.ends_set if cycle.standstill is not None else {}
    for form in cycle.surveys():
        survey = cycle.survey(form.id)
        if survey.stage == "open" and survey.until is not None:
            cycle = cycle.with_survey(form.id, until=survey.until + event.since_then(ends_set.get(form.id)))
    prompts = cycle.prompts
    for prompt in cycle.prompts.values():
        prompts = prompts.put(prompt.id, prompt.model_copy(update={"due_at": due_after(prompt, event)}))
    return cycle.put(phase="running", standstill=None, prompts=prompts)


def due_after(prompt: Prompt, event: CycleResumed) -> datetime:
    """When a decision is due after the standstill: as much later as the standstill took of its time."""
    return prompt.due_at + event.since_then(prompt.opened_at)
