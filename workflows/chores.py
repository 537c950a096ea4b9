"""Which activity a recording is, so that the timeline tells the year by name, and the line that stands beside it."""

from __future__ import annotations

from collections.abc import Sequence

from activities import names
from exchange import (
    approval,
    booking,
    cancelling,
    coming,
    erasing,
    extending,
    feedback,
    host_feedback,
    invitation,
    nominating,
    offering,
    registration,
    replacing,
    reporting,
    seminar,
    substituting,
    wishing,
)
from exchange.base import Event
from exchange.state import Cycle

BY_EVENT: tuple[tuple[str, tuple[type[Event], ...]], ...] = (
    (names.CLOSE_CYCLE, (cancelling.CycleCancelled,)),
    (names.FILE_REPORT, (reporting.ReportFiled,)),
    (names.SEND_INVITATIONS, (invitation.InvitationsSent, invitation.InvitedReminded)),
    (
        names.BOOK_VISITS,
        (
            booking.HostAsked, booking.HostReminded, booking.VisitConfirmed, booking.VisitDeclined,
            booking.HostFellSilent, booking.VisitProposed, booking.HostSaidYesLate, booking.VisitMoved,
            booking.SlotGivenUp, booking.VisitHeld, wishing.MoveWished, wishing.DateKept,
            coming.DelegateStillComes, coming.DelegateCannotCome, coming.DelegatesReminded,
            host_feedback.HostFeedbackGiven,
        ),
    ),
    (
        names.HOLD_SEMINAR,
        (
            seminar.SeminarAnnounced, seminar.SeminarHeld, seminar.AttendanceRecorded, replacing.SpeakerReplaced,
        ),
    ),
    (
        names.GATHER_FEEDBACK,
        (feedback.SurveyOpened, feedback.FeedbackGiven, feedback.SurveyReminded, feedback.SurveyClosed),
    ),
    (
        names.COLLECT_REGISTRATIONS,
        (
            registration.DeskOpened, registration.DelegateRegistered, registration.DelegateWaitlisted,
            registration.DelegateWithdrawn, registration.PlaceOffered, registration.OfferAccepted,
            registration.OfferDeclined, registration.OfferExpired, registration.DelegatesSelected,
            registration.CapacityChanged, registration.DeskClosed, offering.OfferingContinued, offering.OffersEnded,
            nominating.NominationAsked, nominating.DelegatesNominated, substituting.DelegateSubstituted,
            invitation.InvitationDeclined, extending.DeadlineExtended, erasing.PersonErased,
        ),
    ),
)  # fmt: skip
"""The first line whose events are among those to be recorded names the activity."""

BY_STEP = {
    "invitations": names.COLLECT_REGISTRATIONS,
    "registration": names.COLLECT_REGISTRATIONS,
    "seminar": names.HOLD_SEMINAR,
    "visits": names.BOOK_VISITS,
    "feedback": names.GATHER_FEEDBACK,
    "report": names.FILE_REPORT,
}

RECORDING = tuple(dict.fromkeys([name for name, _ in BY_EVENT] + list(BY_STEP.values())))
"""All activity types that record."""


def chore(cycle: Cycle, events: Sequence[Event]) -> str:
    """The activity type that a recording goes under: by what happened, else by the step whose turn it is."""
    for name, kinds in BY_EVENT:
        if any(isinstance(event, kinds) for event in events):
            return name
    current = cycle.current
    return BY_STEP[cycle.plan.step(current).kind] if current else names.CLOSE_CYCLE


QUIET = (
    approval.PreparationBegan, approval.PromptOpened, approval.PromptReminded, approval.PromptPassed,
    registration.DeskOpened, seminar.SeminarHeld, seminar.AttendanceRecorded, booking.VisitHeld,
)  # fmt: skip
"""What time and preparation bring about without a story of its own."""

REMINDERS = (invitation.InvitedReminded, feedback.SurveyReminded)
"""Quiet where nobody was left to be reminded."""


def quiet(events: Sequence[Event]) -> bool:
    """Whether a recording may go as a local activity: one marker in the history instead of six events (ADR 0005)."""
    return all(isinstance(event, QUIET) or (isinstance(event, REMINDERS) and not event.count) for event in events)


def begun(events: Sequence[Event]) -> bool:
    """Whether nothing but the beginning of a preparation is unrecorded: that may wait for what comes of it."""
    return bool(events) and all(isinstance(event, approval.PreparationBegan) for event in events)


def summary(events: Sequence[Event]) -> str:
    """What is recorded, counted by kind: "19 DelegateRegistered, 1 DelegateWaitlisted". No reference, no person."""
    if not events:
        return "inbox"
    counts: dict[str, int] = {}
    for event in events:
        counts[type(event).__name__] = counts.get(type(event).__name__, 0) + 1
    said = [f"{count} × {name}" if count > 1 else name for name, count in counts.items()]
    return ", ".join(said[:4]) + (" …" if len(said) > 4 else "")
