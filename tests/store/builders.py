"""Plans, answers and records with good defaults, so that a test names only what matters to it."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

from exchange.approval import StepApproved
from exchange.base import Event
from exchange.correspondence import Mail
from exchange.plan import (
    Candidate,
    CyclePlan,
    Feedback,
    Invitations,
    Registration,
    Report,
    Slot,
    Visits,
    When,
)
from exchange.questions import Question
from exchange.record import Record, Refused, Standing, events
from exchange.registration import DelegateRegistered, DeskOpened
from store.models import Letterbox, OutboxRow, Person, Rendered
from store.store import Store

NOON = datetime(2030, 3, 1, 12, tzinfo=UTC)
"""The moment of most tests. Far from now, so that a clock that sneaks in is seen."""


def after(**span: float) -> datetime:
    return NOON + timedelta(**span)


def when(days: float) -> When:
    at = after(days=days)
    return When(local=at.replace(tzinfo=None).isoformat(timespec="minutes"), zone="UTC", at=at)


def plan(cycle: str = "", **changes: Any) -> CyclePlan:
    """A plan with one step of most kinds."""
    slot = Slot(id="oulu", begins=when(40), ends=when(41), candidates=(Candidate(host="oulu", contact="p_host"),))
    steps = (
        Invitations(id="invitations", prepare=when(0), registration="registration", people=("p_anna", "p_bo")),
        Registration(id="registration", opens=when(1), closes=when(20), capacity=15),
        Visits(id="visits", prepare=when(2), slots=(slot,)),
        Feedback(id="feedback", opens=when(50), closes=when(60), questions=(Question(id="q1", text={"en": "How?"}),)),
        Report(id="report", due=when(70)),
    )
    values = {
        "id": cycle or f"cycle-nordic-2030-{uuid4().hex[:8]}", "programme": "nordic",
        "programme_name": {"en": "Nordic exchange"}, "theme": "management", "theme_name": {"en": "Management"},
        "year": 2030, "digest": "d1", "steps": steps,
    }  # fmt: skip
    return CyclePlan.model_validate({**values, **changes})


def started(store: Store, **changes: Any) -> str:
    """A started cycle's id."""
    new = plan(**changes)
    store.start_cycle(new, [], [], NOON)
    return new.id


def anna(**changes: Any) -> Person:
    values = {"ref": "", "name": "Anna Berg", "address": "Anna.Berg@Library.example", "language": "fi"}
    return Person.model_validate({**values, **changes})


def answer(number: int = 1, command_id: str = "", **changes: Any) -> Letterbox:
    """A registration."""
    values = {
        "command_id": command_id or f"c{number}",
        "command": {"kind": "Register", "person": f"p_{number}"},
        "actor": f"p_{number}",
    }
    return Letterbox.model_validate({**values, **changes})


def opened(step: str = "registration") -> Event:
    return DeskOpened(at=NOON, actor="time", step=step)


def approved(digest: str, step: str = "invitations", revision: int = 1) -> Event:
    """Staff agreed to exactly what the digest names."""
    return StepApproved(at=NOON, actor="s_1", step=step, revision=revision, digest=digest)


def registered(number: int, **changes: Any) -> Event:
    values = {
        "at": NOON,
        "actor": f"p_{number}",
        "cause": f"i{number}",
        "step": "registration",
        "person": f"p_{number}",
    }
    return DelegateRegistered.model_validate({**values, **changes})


def record(
    cycle: str,
    happened: Iterable[Event] = (),
    *mails: Mail,
    at: int = 0,
    decided_to: int = 0,
    refused: Iterable[Refused] = (),
    **changes: Any,
) -> Record:
    values: dict[str, Any] = {
        "cycle": cycle,
        "after": at,
        "events": tuple(events.pack(event) for event in happened),
        "mails": mails,
        "decided_to": decided_to,
        "refused": tuple(refused),
        "standing": Standing(step="registration"),
    }
    return Record(**{**values, **changes})


def mail(*to: str, **changes: Any) -> Mail:
    return Mail.model_validate({"kind": "place_confirmed", "to": to, "step": "registration", **changes})


def invitation(*to: str, op: str = "hold", batch: str = "invitations/1", **changes: Any) -> Mail:
    return Mail.model_validate(
        {"op": op, "kind": "invitation", "to": to, "step": "invitations", "batch": batch, **changes}
    )


def rendering(row: OutboxRow) -> Rendered:
    """A letter's final form, as plain as can be."""
    language = "fi" if row.to_ref == "p_anna" else "en"
    words = f"Message-ID: {row.message_id}\r\n\r\n{row.kind} to {row.to_ref} {row.facts}"
    return Rendered(data=words.encode(), subject=row.kind.title(), language=language)
