"""A rehearsed year as lines: a day, what happens, whom it touches. The words come from the door that shows them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Literal
from zoneinfo import ZoneInfo

from exchange.base import Event
from rehearsal.year import Decision, Leaving, Refused, Rehearsed

Kind = Literal["event", "answer", "letter", "decision", "trouble"]

SHOWN_OTHERWISE = frozenset({
    "PreparationBegan", "PromptOpened", "PromptClosed", "PromptReminded", "StepApproved", "InvitationsSent",
    "SeminarAnnounced", "InvitedReminded", "SurveyReminded", "HostReminded",
})  # fmt: skip
"""Events that a decision or a letter of the same hour tells better."""

TO_STAFF = frozenset({"decision_waiting", "decision_reminder"})

ANSWERS = frozenset({
    "InvitationDeclined", "DelegateRegistered", "DelegateWaitlisted", "DelegateWithdrawn", "OfferAccepted",
    "OfferDeclined", "VisitConfirmed", "VisitDeclined", "VisitProposed", "HostSaidYesLate", "FeedbackGiven",
    "MoveWished", "DelegatesNominated", "DelegateStillComes", "DelegateCannotCome", "HostFeedbackGiven",
})  # fmt: skip


@dataclass(frozen=True)
class Line:
    """One line of the year."""

    at: datetime
    """The instant (UTC)."""
    local: datetime
    """The same by the clocks of the learners' end."""
    kind: Kind
    step: str
    words: str
    count: int = 1
    """How many letters, or how many answers that day."""


@dataclass(frozen=True)
class Wording:
    """How a door puts things into words."""

    event: Callable[[Event], str]
    several: Callable[[Sequence[Event]], str]
    letters: Callable[[Leaving], str]
    decision: Callable[[Decision], str]
    refused: Callable[[Refused], str]


def lines(year: Rehearsed, say: Wording) -> list[Line]:
    """Everything that happens, in its order; what many do on one day makes one line."""
    zone = ZoneInfo(year.ends.plan.zone)

    def line(at: datetime, kind: Kind, step: str, words: str, count: int = 1) -> Line:
        return Line(at, at.astimezone(zone), kind, step, words, count)

    found = [
        line(events[-1].at, kind, getattr(events[0], "step", ""), words, len(events))
        for events in _by_day(year.events, zone)
        for kind, words in [(_kind(events[0]), say.event(events[0]) if len(events) == 1 else say.several(events))]
    ]
    found += [line(d.prompt.opened_at, "decision", d.prompt.step, say.decision(d)) for d in year.decisions]
    found += [
        line(group.at, "letter", group.step, say.letters(group), len(group.to)) for group in _posts(year.letters, zone)
    ]
    found += [line(no.at, "trouble", "", say.refused(no)) for no in year.refused]
    return sorted(found, key=lambda one: one.at)


def _kind(event: Event) -> Kind:
    return "answer" if type(event).__name__ in ANSWERS else "event"


def _by_day(events: Sequence[Event], zone: ZoneInfo) -> Iterator[list[Event]]:
    """Events of one kind and one step in one day, where one follows the other or many answer."""
    told = [event for event in events if type(event).__name__ not in SHOWN_OTHERWISE]

    def key(event: Event) -> tuple[object, ...]:
        slot = getattr(event, "slot", "")
        return event.at.astimezone(zone).date(), type(event).__name__, getattr(event, "step", ""), slot

    order = {id(event): number for number, event in enumerate(told)}
    groups = [list(group) for _, group in groupby(sorted(told, key=lambda e: (*map(str, key(e)), order[id(e)])), key)]
    yield from sorted(groups, key=lambda group: order[id(group[-1])])


def _posts(letters: Sequence[Leaving], zone: ZoneInfo) -> list[Leaving]:
    """Letters of one kind and one day together; those to staff are told by the decisions that they announce."""
    found: dict[tuple[object, ...], Leaving] = {}
    for one in letters:
        key = one.at.astimezone(zone).date(), one.kind, one.step, one.slot, one.host
        if one.kind not in TO_STAFF:
            found[key] = one.joined(found.pop(key)) if key in found else one
    return list(found.values())


def changes(before: Sequence[Line], after: Sequence[Line]) -> tuple[list[Line], list[Line]]:
    """What one year has and the other has not: the lines that go, and those that come."""
    return _without(before, after), _without(after, before)


def _without(lines: Sequence[Line], others: Sequence[Line]) -> list[Line]:
    left = [(other.local.date(), other.kind, other.step, other.words) for other in others]
    found = []
    for one in lines:
        key = (one.local.date(), one.kind, one.step, one.words)
        if key in left:
            left.remove(key)
        else:
            found.append(one)
    return found
