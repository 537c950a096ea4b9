"""What the page of people's needs shows: the events for which a list is, and who has read the answers before."""

from __future__ import annotations

from collections.abc import Iterable

from exchange.plan import Seminar
from exchange.state import Cycle
from portal.shown.staff_names import Spoken
from store.models import SecurityEntry

SHOWN = 10
"""So many looks are told."""


def events_of(state: Cycle, names: Spoken) -> list[tuple[str, str]]:
    """Seminars, and visits that a host has confirmed: each by what a printed list is headed with."""
    found = [
        (step.begins.at, step.id, f"{names.step(step.id)}, {names.span(step.begins, step.ends)}")
        for step in state.plan.steps
        if isinstance(step, Seminar)
    ]
    for journey in state.journeys():
        for slot in journey.slots:
            booking = state.booking(journey.id, slot.id)
            if booking.stage == "confirmed":
                said = f"{names.host(booking.host)}, {names.span(slot.begins, slot.ends)}"
                found.append((slot.begins.at, f"{journey.id}/{slot.id}", said))
    return [(key, said) for _, key, said in sorted(found)]


def looks_of(entries: Iterable[SecurityEntry], names: Spoken) -> list[tuple[str, str, str]]:
    """Who has read answers in this cycle, when, and of whom; empty for everybody's. The newest first."""
    return [
        (names.who(one.staff), names.moment(one.at), names.who(one.detail) if one.detail else "") for one in entries
    ]
