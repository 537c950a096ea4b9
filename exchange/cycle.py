"""One cycle's rules, joined: ``decide``, ``evolve``, ``due``.

``decide`` answers a command with events or raises a :class:`Refusal`; it never fails otherwise. ``evolve`` never
refuses. ``due`` lists what time itself will ask for, earliest first.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from exchange import (
    approval,
    booking,
    cancelling,
    defect,
    feedback,
    invitation,
    moving,
    registration,
    reporting,
    seminar,
    visit,
)
from exchange.base import RULES, Command, Due, Event
from exchange.plan import CyclePlan, Invitations, Report, Seminar, Step, Visits
from exchange.state import Cycle

PARTS = {
    approval: (
        approval.Prepare, approval.RecordPrepared, approval.Approve, approval.Reject, approval.RemindPrompt,
        approval.PassPrompt,
    ),
    invitation: (invitation.DeclineInvitation, invitation.RemindInvited),
    registration: (
        registration.Register, registration.Withdraw, registration.AcceptOffer, registration.DeclineOffer,
        registration.ExpireOffer, registration.OpenDesk, registration.CloseDesk, registration.SetCapacity,
    ),
    seminar: (seminar.HoldSeminar, seminar.RecordAttendance),
    visit: (booking.AnswerAsHost, booking.RemindHost, booking.NoteSilence, booking.HoldVisit, booking.LapseSlot),
    feedback: (feedback.GiveFeedback, feedback.OpenSurvey, feedback.CloseSurvey, feedback.RemindSurvey),
    cancelling: (cancelling.Cancel,),
    moving: (moving.Move,),
    defect: (defect.ParkDefect, defect.NoteFailedLetters),
}  # fmt: skip
"""Which part decides which commands."""

_DECIDES = {command: part for part, commands in PARTS.items() for command in commands}

_EVENTS = {
    approval: (
        approval.PreparationBegan, approval.PromptOpened, approval.PromptReminded, approval.PromptPassed,
        approval.PromptClosed, approval.StepApproved, approval.StepRejected,
    ),
    invitation: (invitation.InvitationsSent, invitation.InvitationDeclined, invitation.InvitedReminded),
    registration: (
        registration.DeskOpened, registration.DelegateRegistered, registration.DelegateWaitlisted,
        registration.DelegateWithdrawn, registration.PlaceOffered, registration.OfferAccepted,
        registration.OfferDeclined, registration.OfferExpired, registration.DelegatesSelected,
        registration.CapacityChanged, registration.DeskClosed,
    ),
    seminar: (seminar.SeminarAnnounced, seminar.SeminarHeld, seminar.AttendanceRecorded),
    booking: (
        booking.HostAsked, booking.HostReminded, booking.VisitConfirmed, booking.VisitDeclined,
        booking.HostFellSilent, booking.VisitProposed, booking.HostSaidYesLate, booking.VisitMoved,
        booking.SlotGivenUp, booking.VisitHeld, booking.VisitReleased,
    ),
    feedback: (feedback.SurveyOpened, feedback.FeedbackGiven, feedback.SurveyReminded, feedback.SurveyClosed),
    cancelling: (cancelling.SeminarReleased, cancelling.CycleCancelled, cancelling.CycleFinished),
    moving: (moving.DateMoved,),
    defect: (defect.RowParked, defect.LettersFailed),
    reporting: (reporting.ReportFiled,),
}  # fmt: skip

_EVOLVES = {event: part for part, events in _EVENTS.items() for event in events}

COMMANDS: tuple[type[Command], ...] = (*_DECIDES, approval.Choose)
EVENTS: tuple[type[Event], ...] = tuple(_EVOLVES)


def begin(plan: CyclePlan, rules: int = RULES) -> Cycle:
    """A cycle of which nothing has happened yet."""
    return Cycle(plan=plan, rules=rules, purse=Cycle(plan=plan).purse.model_copy(update={"cap": plan.budget.cap}))


def decide(cycle: Cycle, command: Command) -> list[Event]:
    """What follows from the command, in order.

    Raises:
        Refusal: a rule said no; nothing is changed.
    """
    if cycle.phase != "running":
        assert cycle.ended_at is not None
        raise cancelling.CycleOver(cycle.phase, cycle.ended_at)
    events = _choose(cycle, command) if isinstance(command, approval.Choose) else _DECIDES[type(command)].decide(cycle, command)
    after = fold(cycle, events)
    for event in tuple(events):
        if isinstance(event, approval.StepApproved):
            consequences = _released(after, event, cycle.plan.step(event.step))
            events = [*events, *consequences]
            after = fold(after, consequences)
    if events and after.phase == "running" and not after.current and not after.prompts:
        events = [*events, cancelling.CycleFinished(at=command.at, actor=command.actor, cause=command.cause)]
    return events


def _released(cycle: Cycle, event: approval.StepApproved, step: Step) -> list[Event]:
    """What the approval of a step sets going."""
    match step:
        case Invitations():
            return invitation.released(cycle, event, step)
        case Seminar():
            return seminar.released(cycle, event, step)
        case Visits():
            return visit.released(cycle, event, step)
        case Report():
            return reporting.released(event, step)
        case _:
            return []


def _choose(cycle: Cycle, command: approval.Choose) -> list[Event]:
    prompt = approval.waiting(cycle, command.prompt)
    if prompt.about == "approval" or command.option not in prompt.options:
        raise approval.NoSuchOption(prompt.id, command.option, prompt.options)
    match prompt.about:
        case "revise":
            return approval.revise(cycle, command, prompt)
        case "host":
            return visit.choose(cycle, command, prompt)
        case "select":
            return registration.select(cycle, command, prompt)
        case _:
            return defect.settle(cycle, command, prompt)


def evolve(cycle: Cycle, event: Event) -> Cycle:
    """The state after the event. Constant time, whatever the number of delegates."""
    after = _EVOLVES[type(event)].evolve(cycle, event)
    return after.put(position=cycle.position + 1)


def fold(cycle: Cycle, events: Iterable[Event]) -> Cycle:
    for event in events:
        cycle = evolve(cycle, event)
    return cycle


def due(cycle: Cycle) -> tuple[Due, ...]:
    """What time will ask for, earliest first (equal instants in the plan's order)."""
    if cycle.phase != "running":
        return ()
    found = [d for part in (approval, invitation, registration, seminar, visit, feedback) for d in part.due(cycle)]
    return tuple(sorted(found, key=lambda entry: entry.at))


def at_last(entry: Due, now: datetime) -> Command:
    """The due command as it is decided at ``now``, which may be long after its hour."""
    return entry.command.model_copy(update={"at": max(entry.at, now)})
