"""The hour of whatever time asks for: nothing comes before it; invariants 18 and 20."""

from __future__ import annotations

from datetime import datetime

from exchange import booking, feedback, offering, prompt, registration, seminar
from exchange.base import TIME, Event
from exchange.state import Cycle


def in_its_hour(before: Cycle, event: Event) -> None:
    hour = hour_of(before, event)
    assert hour is None or event.at >= hour, f"20: {type(event).__name__} before its hour"


def hour_of(before: Cycle, event: Event) -> datetime | None:  # noqa: PLR0911 - a table, one line for each kind
    """When time may bring the event about; None for one that does not wait for time."""
    match event:
        case registration.DeskClosed():
            return before.desk_step(event.step).closes.at
        case offering.OffersEnded():
            return before.offers_until(before.desk_step(event.step))
        case seminar.SeminarHeld():
            return next(s.ends.at for s in before.seminars() if s.id == event.step)
        case booking.VisitHeld():
            assert before.booking(event.step, event.slot).stage == "confirmed", "18: a stay that nobody confirmed"
            return before.slot_of(event.step, event.slot)[1].ends.at
        case booking.HostFellSilent():
            assert before.booking(event.step, event.slot).stage == "asked", "18: silence of a host that answered"
            return before.booking(event.step, event.slot).until
        case booking.SlotGivenUp() if event.actor == TIME:
            return before.slot_of(event.step, event.slot)[1].begins.at
        case feedback.SurveyClosed():
            return before.survey(event.step).until
        case prompt.PromptReminded():
            return before.prompts[event.prompt].due_at
        case prompt.PromptPassed():
            asked = before.prompts[event.prompt]
            return asked.due_at + asked.within
        case _:
            return None
