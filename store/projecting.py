"""What events change in the tables that lists and boards are read from."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from pydantic import ValidationError
from sqlalchemy import Connection, Row, insert, select, update

from exchange import amending, booking, moving, replacing, roles, spending
from exchange.amending import PlanAmended
from exchange.approval import Prompt, PromptClosed, PromptOpened, PromptPassed, PromptReminded
from exchange.base import RULES, Event
from exchange.booking import VisitMoved
from exchange.cancelling import CycleCancelled, CycleFinished
from exchange.defect import LettersFailed, counted
from exchange.erasing import PersonErased
from exchange.handing import RolesHandedOver
from exchange.moving import DateMoved
from exchange.plan import CyclePlan
from exchange.record import Record, events
from exchange.replacing import SpeakerReplaced
from exchange.reporting import ReportFiled
from exchange.spending import ShareChanged
from exchange.suspending import CycleResumed, due_after
from store.delivery import try_failed_again
from store.erasing import told
from store.faults import CycleNewer
from store.models import PromptRow
from store.schema import cycles, prompts
from store.sealed import file_report
from store.settled import settle

_SHOWN = {
    kind.__name__
    for kind in (
        PromptOpened, PromptReminded, PromptPassed, PromptClosed, DateMoved, VisitMoved, PlanAmended, ShareChanged,
        ReportFiled, CycleFinished, CycleCancelled, CycleResumed, RolesHandedOver,
        SpeakerReplaced, LettersFailed, PersonErased,
    )
}  # fmt: skip

Amending = DateMoved | VisitMoved | ShareChanged | RolesHandedOver | PlanAmended | SpeakerReplaced
"""What changes the plan as it stands."""


def project(connection: Connection, record: Record, row: Row[Any], now: datetime) -> dict[str, Any]:
    """Brings prompts, reports and the plan up to the events; gives back what changes in the cycle's row."""
    shown = [events.unpack(data) for data in record.events if data["kind"] in _SHOWN]
    changes: dict[str, Any] = {
        "length": record.after + len(record.events),
        "step": record.standing.step,
        "registered": record.standing.registered,
        "next_due": record.standing.next_due,
    }
    if row.ended_at is None:
        changes["phase"] = record.standing.phase
    for event in shown:
        _ended(event, changes)
        _prompted(connection, record.cycle, event, now)
        if isinstance(event, ReportFiled):
            file_report(connection, record.cycle, event)
        if isinstance(event, CycleResumed):
            _due_later(connection, record.cycle, event)
    told(connection, record.cycle, (event.person for event in shown if isinstance(event, PersonErased)), now)
    moves = [event for event in shown if isinstance(event, Amending)]
    if moves:
        changes["plan"] = _moved(connection, record.cycle, moves)
    return changes


def _ended(event: Event, changes: dict[str, Any]) -> None:
    if isinstance(event, CycleFinished):
        changes |= {"phase": "finished", "ended_at": event.at}
    elif isinstance(event, CycleCancelled):
        changes |= {"phase": "cancelled", "ended_at": event.at}


def _moved(connection: Connection, cycle: str, moves: list[Amending]) -> dict[str, Any]:
    data = connection.execute(select(cycles.c.plan).where(cycles.c.id == cycle)).scalar_one()
    plan = CyclePlan.model_validate(data)
    for event in moves:
        plan = _changed(plan, event)
    return plan.model_dump(mode="json")


def _changed(plan: CyclePlan, event: Amending) -> CyclePlan:
    match event:
        case DateMoved():
            return moving.moved(plan, event)
        case VisitMoved():
            return booking.moved_to(plan, event)
        case PlanAmended():
            return amending.amended(plan, event)
        case ShareChanged():
            return spending.shared(plan, event)
        case RolesHandedOver():
            return roles.passed_on(plan, event.source, event.to, event.roles)
        case SpeakerReplaced():
            return replacing.replaced(plan, event)


def _prompted(connection: Connection, cycle: str, event: Event, now: datetime) -> None:
    match event:
        case PromptOpened():
            connection.execute(insert(prompts), prompt_row(cycle, event.prompt))
        case PromptReminded():
            _touch(connection, cycle, event.prompt, reminded=True)
        case PromptPassed():
            _touch(connection, cycle, event.prompt, passed=True)
        case LettersFailed():
            _more_failed(connection, cycle, event.count)
        case PromptClosed():
            said = {"closed_at": event.at, "closed_by": event.actor, "option": event.option}
            _touch(connection, cycle, event.prompt, **said, closed_role=event.role, reason=event.reason)
            mine = (prompts.c.cycle == cycle, prompts.c.id == event.prompt, prompts.c.about == "letters")
            if connection.execute(select(prompts.c.id).where(*mine)).first():
                _letters_decided(connection, cycle, event, now)
        case _:
            pass


def _due_later(connection: Connection, cycle: str, event: CycleResumed) -> None:
    """A decision has as much more time as the standstill took."""
    for row in list_prompts(connection, cycle, open_only=True):
        _touch(connection, cycle, row.prompt.id, due_at=due_after(row.prompt, event))


def _more_failed(connection: Connection, cycle: str, count: int) -> None:
    """A decision about letters that waits is about these as well."""
    for row in list_prompts(connection, cycle, open_only=True):
        if row.prompt.about == "letters":
            _touch(connection, cycle, row.prompt.id, subject=counted(row.prompt, count).subject)


def _letters_decided(connection: Connection, cycle: str, event: PromptClosed, now: datetime) -> None:
    if event.option == "again":
        try_failed_again(connection, cycle, now)
    elif event.option == "leave":
        settle(connection, cycle, (), event.actor, event.reason, event.at)


def _touch(connection: Connection, cycle: str, prompt: str, **changes: Any) -> None:
    connection.execute(update(prompts).where(prompts.c.cycle == cycle, prompts.c.id == prompt).values(**changes))


def prompt_row(cycle: str, prompt: Prompt) -> dict[str, Any]:
    """A prompt as its row."""
    still_open = {"closed_at": None, "closed_by": "", "option": "", "closed_role": "", "reason": ""}
    within = prompt.within.total_seconds()
    lists = {"languages": list(prompt.languages), "options": list(prompt.options)}
    wished = prompt.model_dump(mode="json", include={"begins", "ends"})
    return {**prompt.model_dump(), **lists, **wished, "within": within, "cycle": cycle, **still_open}


def list_prompts(connection: Connection, cycle: str | None, open_only: bool) -> list[PromptRow]:
    """Decisions, the one due first in front; those that wait before those that are closed.

    Raises:
        CycleNewer: one of them is of a newer release.
    """
    query = select(prompts).order_by(prompts.c.closed_at.is_not(None), prompts.c.due_at, prompts.c.id)
    if cycle is not None:
        query = query.where(prompts.c.cycle == cycle)
    if open_only:
        query = query.where(prompts.c.closed_at.is_(None))
    return [_prompt(row) for row in connection.execute(query)]


def _prompt(row: Row[Any]) -> PromptRow:
    found = dict(row._mapping)
    try:
        prompt = Prompt.model_validate({**found, "within": timedelta(seconds=found["within"])})
    except ValidationError:  # a decision about something that there was not yet
        raise CycleNewer(row.cycle, RULES + 1) from None
    return PromptRow.model_validate({**found, "prompt": prompt})
