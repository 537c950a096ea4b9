"""One cycle's rules, joined: ``decide``, ``evolve``, ``due``.

``decide`` answers a command with events or raises a :class:`Refusal`; it never fails otherwise. ``evolve`` never
refuses. ``due`` lists what time itself will ask for, earliest first.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime
from typing import Any

from exchange import (
    adding,
    agreeing,
    amending,
    approval,
    booking,
    cancelling,
    coming,
    defect,
    erasing,
    extending,
    feedback,
    handing,
    host_feedback,
    invitation,
    moving,
    nominating,
    noting,
    offering,
    prompt,
    registration,
    replacing,
    reporting,
    selecting,
    seminar,
    settling,
    spending,
    substituting,
    suspending,
    visit,
    wishing,
    writing,
)
from exchange.base import RULES, TIME, Command, Due, Event
from exchange.groups import Word
from exchange.plan import CyclePlan, Invitations, Report, Seminar, Step, Visits
from exchange.state import Cycle

Decide = Callable[[Cycle, Any], list[Event]]
Evolve = Callable[[Cycle, Any], Cycle]

ANSWERS: dict[type[Command], Decide] = {
    invitation.DeclineInvitation: invitation.decide,
    registration.Register: registration.decide,
    registration.Withdraw: registration.decide,
    registration.AcceptOffer: registration.decide,
    registration.DeclineOffer: registration.decide,
    nominating.Nominate: nominating.decide,
    substituting.Substitute: substituting.decide,
    booking.AnswerAsHost: visit.decide,
    coming.AnswerNewDate: coming.decide,
    feedback.GiveFeedback: feedback.decide,
    host_feedback.GiveHostFeedback: host_feedback.decide,
}
"""What people and hosts may say: the rows of the inbox."""

STAFF: dict[type[Command], Decide] = {
    approval.Approve: agreeing.decide,
    approval.Reject: agreeing.decide,
    registration.SetCapacity: registration.decide,
    seminar.RecordAttendance: seminar.decide,
    moving.Move: moving.decide,
    amending.Amend: amending.decide,
    cancelling.Cancel: cancelling.decide,
    noting.TakeNote: noting.decide,
    handing.HandOver: handing.decide,
    adding.AddParagraph: adding.decide,
    extending.Extend: extending.decide,
    replacing.ReplaceSpeaker: replacing.decide,
    writing.Write: writing.decide,
    spending.Spend: spending.decide,
    spending.ChangeShare: spending.decide,
    suspending.Suspend: suspending.decide,
    suspending.Resume: suspending.decide,
}
"""What only staff decide."""

REMINDERS: dict[type[Command], Decide] = {
    invitation.RemindInvited: invitation.decide,
    booking.RemindHost: visit.decide,
    coming.RemindComing: coming.decide,
    feedback.RemindSurvey: feedback.decide,
}
"""What time asks for by the plan, and staff besides."""

CLOCK: dict[type[Command], Decide] = {
    approval.Prepare: approval.decide,
    prompt.RemindPrompt: prompt.decide,
    prompt.PassPrompt: prompt.decide,
    registration.OpenDesk: registration.decide,
    registration.CloseDesk: registration.decide,
    registration.ExpireOffer: registration.decide,
    nominating.LapseNomination: nominating.decide,
    offering.OfferPlaces: offering.decide,
    offering.EndOffers: offering.decide,
    seminar.HoldSeminar: seminar.decide,
    booking.NoteSilence: visit.decide,
    booking.HoldVisit: visit.decide,
    booking.LapseSlot: visit.decide,
    feedback.OpenSurvey: feedback.decide,
    feedback.CloseSurvey: feedback.decide,
    handing.PassRoles: handing.decide,
    extending.RemindExtended: extending.decide,
}
"""What only time asks for."""

ENGINE: dict[type[Command], Decide] = {
    approval.RecordPrepared: approval.decide,
    erasing.Erase: erasing.decide,
    defect.ParkDefect: defect.decide,
    defect.NoteFailedLetters: defect.decide,
}
"""What the workflow, the record and the post office report of their work."""

_DECIDES: dict[type[Command], Decide] = {**ANSWERS, **STAFF, **REMINDERS, **CLOCK, **ENGINE}

_EVENTS: dict[Evolve, tuple[type[Event], ...]] = {
    prompt.evolve: (prompt.PromptOpened, prompt.PromptReminded, prompt.PromptPassed, prompt.PromptClosed),
    approval.evolve: (approval.PreparationBegan, approval.StepApproved, approval.StepRejected),
    invitation.evolve: (invitation.InvitationsSent, invitation.InvitationDeclined, invitation.InvitedReminded),
    registration.evolve: (
        registration.DeskOpened, registration.DelegateRegistered, registration.DelegateWaitlisted,
        registration.DelegateWithdrawn, registration.PlaceOffered, registration.OfferAccepted,
        registration.OfferDeclined, registration.OfferExpired, registration.DelegatesSelected,
        registration.CapacityChanged, registration.DeskClosed,
    ),
    nominating.evolve: (nominating.NominationAsked, nominating.DelegatesNominated),
    substituting.evolve: (substituting.DelegateSubstituted,),
    offering.evolve: (offering.OfferingContinued, offering.OffersEnded),
    seminar.evolve: (seminar.SeminarAnnounced, seminar.SeminarHeld, seminar.AttendanceRecorded),
    booking.evolve: (
        booking.HostAsked, booking.HostReminded, booking.VisitConfirmed, booking.VisitDeclined,
        booking.HostFellSilent, booking.VisitProposed, booking.HostSaidYesLate, booking.VisitMoved,
        booking.SlotGivenUp, booking.VisitHeld, booking.VisitReleased,
    ),
    wishing.evolve: (wishing.MoveWished, wishing.DateKept),
    coming.evolve: (coming.DelegateStillComes, coming.DelegateCannotCome, coming.DelegatesReminded),
    feedback.evolve: (feedback.SurveyOpened, feedback.FeedbackGiven, feedback.SurveyReminded, feedback.SurveyClosed),
    host_feedback.evolve: (host_feedback.HostFeedbackGiven,),
    cancelling.evolve: (cancelling.SeminarReleased, cancelling.CycleCancelled, cancelling.CycleFinished),
    suspending.evolve: (suspending.CycleSuspended, suspending.CycleResumed),
    moving.evolve: (moving.DateMoved,),
    amending.evolve: (amending.PlanAmended,),
    defect.evolve: (defect.RowParked, defect.LettersFailed),
    noting.evolve: (noting.NoteTaken,),
    adding.evolve: (adding.ParagraphAdded, adding.ParagraphsTakenBack),
    writing.evolve: (writing.LetterWritten,),
    handing.evolve: (handing.HandoverArranged, handing.HandoverCalledOff, handing.RolesHandedOver),
    spending.evolve: (spending.MoneySpent, spending.ShareChanged),
    replacing.evolve: (replacing.SpeakerReplaced,),
    extending.evolve: (extending.DeadlineExtended,),
    reporting.evolve: (reporting.ReportFiled,),
    erasing.evolve: (erasing.PersonErased,),
}  # fmt: skip

_EVOLVES: dict[type[Event], Evolve] = {event: evolve for evolve, events in _EVENTS.items() for event in events}

COMMANDS: tuple[type[Command], ...] = (*_DECIDES, prompt.Choose)
EVENTS: tuple[type[Event], ...] = tuple(_EVOLVES)


def begin(plan: CyclePlan, rules: int = RULES) -> Cycle:
    """A cycle of which nothing has happened yet."""
    return Cycle(plan=plan, rules=rules, purse=Cycle(plan=plan).purse.model_copy(update={"cap": plan.budget.cap}))


def decide(cycle: Cycle, command: Command) -> list[Event]:
    """What follows from the command, in order; nothing, where it asks for what is no longer due.

    Raises:
        Refusal: a rule said no; nothing is changed.
    """
    if cycle.over:
        raise cancelling.CycleOver(cycle.phase, cycle.ended_at or command.at)
    by_time = command.actor == TIME
    if type(command) in CLOCK and not by_time:
        raise prompt.NotYourDecision(command.actor, (TIME,))
    if by_time and (type(command) in CLOCK or type(command) in REMINDERS) and not _is_due(cycle, command):
        return []
    erasing.refuse_for_erased(cycle, command)
    if cycle.standstill is not None and not isinstance(command, suspending.WHILE_SUSPENDED):
        raise suspending.CycleStandsStill(cycle.standstill.since)
    events = _choose(cycle, command) if isinstance(command, prompt.Choose) else _DECIDES[type(command)](cycle, command)
    return _followed(cycle, command, events)


def _is_due(cycle: Cycle, command: Command) -> bool:
    """Whether time asks for it now: a date may have moved, or an answer come, since it was looked up."""
    asked = command.model_copy(update={"cause": "", "decided_at": None})
    return any(at_last(entry, asked.at) == asked for entry in due(cycle))


def _followed(cycle: Cycle, command: Command, events: list[Event]) -> list[Event]:
    """The events, and what they set going in other parts."""
    after = fold(cycle, events)
    more: list[Event] = []
    for event in events:
        if isinstance(event, approval.StepApproved):
            more += _released(after, event, cycle.to_approve(event.step))
        if isinstance(event, registration.DeskClosed):
            more += _shared_out(after, command, event)
    after = fold(after, more)
    if any(isinstance(event, offering.MAY_FREE_PLACES) for event in (*events, *more)):
        offered = offering.offers(after, command)
        after, more = fold(after, offered), [*more, *offered]
    if after.purse.cap and (stale := spending.covered(after, command)):
        more, after = [*more, *stale], fold(after, stale)
    if (events or more) and _finished(after):
        more.append(cancelling.CycleFinished(**command.onward))
    return [*events, *more]


def _shared_out(cycle: Cycle, command: Command, event: registration.DeskClosed) -> list[Event]:
    """What the closing of a desk sets going where the home libraries say whom they send."""
    step = cycle.desk_step(event.step)
    return nominating.after_closing(cycle, command, step) if step.places == "nominated" else []


def _finished(cycle: Cycle) -> bool:
    """Whether every step is settled, no decision waits, no letter is being written and no offer stands open."""
    standing = (
        cycle.current or cycle.prompts or cycle.words or any(d.offers or d.owed for d in cycle.desk_books.values())
    )
    return cycle.phase == "running" and not standing


def _released(cycle: Cycle, event: approval.StepApproved, step: Step | Word) -> list[Event]:
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


def _choose(cycle: Cycle, command: prompt.Choose) -> list[Event]:
    asked = prompt.waiting(cycle, command.prompt)
    if asked.about == "approval" or command.option not in asked.options:
        raise prompt.NoSuchOption(asked.id, command.option, asked.options)
    match asked.about:
        case "revise":
            return approval.revise(cycle, command, asked)
        case "host" | "wish":
            return settling.settle(cycle, command, asked)
        case "select":
            return selecting.select(cycle, command, asked)
        case "money":
            return spending.settle(cycle, command, asked)
        case _:
            return defect.settle(cycle, command, asked)


def evolve(cycle: Cycle, event: Event) -> Cycle:
    """The state after the event. Constant time, whatever the number of delegates."""
    return _EVOLVES[type(event)](cycle, event).put(position=cycle.position + 1)


def fold(cycle: Cycle, events: Iterable[Event]) -> Cycle:
    for event in events:
        cycle = evolve(cycle, event)
    return cycle


def due(cycle: Cycle) -> tuple[Due, ...]:
    """What time will ask for, earliest first; at equal instants in a fixed order."""
    if cycle.standstill is not None:
        return tuple(sorted(handing.due(cycle), key=lambda entry: entry.at))
    if cycle.phase != "running":
        return ()
    parts = (
        prompt.due, approval.due, invitation.due, registration.due, offering.due, nominating.due, seminar.due,
        visit.due, coming.due, feedback.due, handing.due, extending.due,
    )  # fmt: skip
    return tuple(sorted((entry for part in parts for entry in part(cycle)), key=lambda entry: entry.at))


def at_last(entry: Due, now: datetime) -> Command:
    """The due command as it is decided at ``now``, which may be long after its hour."""
    return entry.command.model_copy(update={"at": max(entry.at, now)})
