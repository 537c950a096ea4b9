"""The visits: where they went, and how each host was found. Read from the journal, where every no is kept."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from activities.account.model import HeardOfHost, Stay, Try
from activities.account.sources import Sources, clean, span
from exchange.base import Event
from exchange.booking import (
    Heard,
    HostAsked,
    HostFellSilent,
    HostReminded,
    HostSaidYesLate,
    SlotGivenUp,
    VisitConfirmed,
    VisitDeclined,
    VisitHeld,
    VisitMoved,
    VisitProposed,
    VisitReleased,
)
from exchange.plan import Slot, Visits


@dataclass
class _Asked:
    """A host that was asked, while its part of the journal is read."""

    host: str
    at: datetime
    outcome: str = "asked"
    answered: datetime | None = None
    reminded: bool = False
    proposed: bool = False
    late_yes: bool = False

    def answer(self, at: datetime, outcome: str) -> None:
        """Its first answer counts for the time it took, the last for what came of it."""
        self.answered, self.outcome = self.answered or at, outcome


def stays(sources: Sources) -> tuple[Stay, ...]:
    """Every visit in the plan's order."""
    return tuple(_stay(sources, step, slot) for step in sources.cycle.journeys() for slot in step.slots)


def _stay(sources: Sources, step: Visits, slot: Slot) -> Stay:
    booking = sources.cycle.booking(step.id, slot.id)
    events = list(_of_slot(sources, step.id, slot.id))
    asked = _read(events)
    tried = {each.host for each in asked}
    host = sources.cycle.plan.organisation(booking.host) if booking.stage == "visited" else None
    return Stay(
        step=step.id,
        slot=slot.id,
        title=sources.title(step.id),
        when=span(slot.begins, slot.ends),
        moved=any(isinstance(event, VisitMoved) for event in events),
        outcome=_outcome(sources, booking.stage),
        host=booking.host if booking.stage == "visited" else "",
        name=sources.organisation(booking.host) if booking.stage == "visited" else {},
        city=host.city if host else "",
        country=host.country if host else "",
        tries=tuple(_try(sources, slot, each) for each in asked),
        heard=_heard(sources, booking.heard),
        not_needed=tuple(sources.organisation(c.host) for c in slot.candidates if c.host not in tried),
    )


def _heard(sources: Sources, heard: Heard | None) -> HeardOfHost | None:
    """What the host said, without names."""
    if heard is None:
        return None

    def said(reference: str) -> str:
        words = next(iter(sources.texts.get(reference, {}).values()), "")
        return clean(sources.mask.strike(words)[0])

    return HeardOfHost(rating=int(heard.rating), gained=said(heard.gained), better=said(heard.better))


def _outcome(sources: Sources, stage: str) -> Any:
    if stage in {"visited", "given_up"}:
        return "held" if stage == "visited" else "given_up"
    return "called_off" if stage == "released" or sources.cycle.phase == "cancelled" else "not_held"


def _of_slot(sources: Sources, step: str, slot: str) -> Iterator[Event]:
    for event in sources.journal:
        if getattr(event, "step", None) == step and getattr(event, "slot", None) == slot:
            yield event


def _read(events: list[Event]) -> list[_Asked]:
    """The hosts in the order in which they were asked. One that is asked again begins anew."""
    asked: list[_Asked] = []
    for event in events:
        if isinstance(event, HostAsked):
            if asked and asked[-1].outcome in {"asked", "confirmed"}:
                asked[-1].outcome = "passed_over"
            asked.append(_Asked(event.host, event.at))
        elif asked:
            host = getattr(event, "host", "") or asked[-1].host
            _note(next((each for each in reversed(asked) if each.host == host), asked[-1]), event)
    return asked


def _note(one: _Asked, event: Event) -> None:
    match event:
        case VisitConfirmed():
            one.answer(event.at, "confirmed")
        case VisitDeclined():
            one.answer(event.at, "cancelled" if event.after_yes else "declined")
        case VisitHeld():
            one.outcome = "visited"
        case HostFellSilent():
            one.outcome = "silent"
        case HostReminded():
            one.reminded = True
        case VisitProposed():
            one.proposed, one.answered = True, one.answered or event.at
        case HostSaidYesLate():
            one.late_yes, one.answered = True, one.answered or event.at
        case VisitReleased():
            one.outcome = "released"
        case SlotGivenUp() if one.outcome in {"asked", "confirmed"}:
            one.outcome = "passed_over"
        case _:
            pass


def _try(sources: Sources, slot: Slot, one: _Asked) -> Try:
    host = sources.cycle.plan.organisation(one.host)
    reason = next((c.reason for c in slot.candidates if c.host == one.host), "")
    words = sources.words(sources.texts.get(reason, {}))
    values: dict[str, Any] = {"outcome": one.outcome}
    return Try(
        host=one.host,
        name=sources.organisation(one.host),
        city=host.city if host else "",
        country=host.country if host else "",
        reason={code: sources.mask.strike(text)[0] for code, text in words.items()},
        asked_at=one.at,
        answered_at=one.answered,
        days=None if one.answered is None else sources.days(one.at, one.answered),
        reminded=one.reminded,
        proposed=one.proposed,
        late_yes=one.late_yes,
        **values,
    )
