"""Cycles: started once from one plan, listed, and kept beside the plan as it stands after what was moved."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from functools import cache, lru_cache
from typing import Any

from sqlalchemy import Connection, Row, Select, Text, bindparam, cast, select, update

from exchange.base import RULES
from exchange.plan import CyclePlan
from store.columns import loads
from store.faults import AnotherPlan, CycleNewer, NoSuchCycle
from store.models import CycleRow, Person, Started, TextRow
from store.people import add_people, add_texts
from store.schema import cycles
from store.writing import insert_one

_LISTED = [column for column in cycles.c if column.name in CycleRow.model_fields]
_PLAN = cast(cycles.c.plan, Text).label("plan")


def start_cycle(
    connection: Connection, plan: CyclePlan, people: Iterable[Person], texts: Iterable[TextRow], now: datetime
) -> Started:
    """Takes a plan, its people and its texts, all or nothing. Idempotent by the plan's id and digest.

    Raises:
        AnotherPlan: the id belongs to a cycle that was started from another plan.
    """
    if insert_one(connection, cycles, _new_row(plan, now)):
        add_people(connection, plan.id, people, now)
        add_texts(connection, plan.id, texts, now)
        return Started(cycle=plan.id, new=True)
    found = connection.execute(select(cycles.c.digest, cycles.c.engine).where(cycles.c.id == plan.id)).one()
    if found.digest != plan.digest:
        raise AnotherPlan(plan.id)
    return Started(cycle=plan.id, new=False, engine=found.engine)


def _new_row(plan: CyclePlan, now: datetime) -> dict[str, Any]:
    data = plan.model_dump(mode="json")
    return {
        "id": plan.id, "digest": plan.digest, "programme": plan.programme, "theme": plan.theme,
        "theme_name": plan.theme_name, "year": plan.year, "practice": plan.practice, "rules": RULES,
        "first_plan": data, "plan": data, "engine": "pending", "started_at": now, "phase": "running",
        "step": plan.steps[0].id if plan.steps else "", "registered": 0, "next_due": None, "ended_at": None,
        "length": 0, "received_to": 0, "received_at": None, "decided_to": 0,
        "writer": "",
    }  # fmt: skip


def engine_started(connection: Connection, cycle: str) -> None:
    """Notes that the cycle's workflow has been started.

    Raises:
        NoSuchCycle: there is none of that id.
    """
    if not connection.execute(update(cycles).where(cycles.c.id == cycle).values(engine="started")).rowcount:
        raise NoSuchCycle(cycle)


def engine_lost(connection: Connection, cycle: str, writer: str) -> None:
    """Notes that no workflow carries the cycle on; not where it was recovered since ``writer`` was read."""
    mine = (cycles.c.id == cycle, cycles.c.writer == writer, cycles.c.engine == "started")
    connection.execute(update(cycles).where(*mine, cycles.c.phase.in_(["running", "suspended"])).values(engine="lost"))


def get_plan(connection: Connection, cycle: str) -> CyclePlan:
    """The plan as it stands, every moved date at its new place.

    Raises:
        NoSuchCycle: there is none of that id.
        CycleNewer: a newer release began it.
    """
    return _read(_readable(connection, cycle, _PLAN).plan)


@lru_cache(maxsize=16)
def _read(plan: str) -> CyclePlan:
    """The plan in that text: every page asks for its cycle's, and it seldom changes."""
    return CyclePlan.model_validate(loads(plan))


def first_plan(connection: Connection, cycle: str) -> tuple[CyclePlan, int]:
    """The plan as the cycle was started from it, and the version of the rules.

    Raises:
        NoSuchCycle: there is none of that id.
        CycleNewer: a newer release began it.
    """
    row = _readable(connection, cycle, cycles.c.first_plan)
    return CyclePlan.model_validate(row.first_plan), row.rules


def list_cycles(connection: Connection) -> list[CycleRow]:
    """All cycles, those that run first, then the newest first."""
    order = (cycles.c.phase.in_(["finished", "cancelled"]), cycles.c.started_at.desc(), cycles.c.id)
    return [_cycle_row(row) for row in connection.execute(select(*_LISTED).order_by(*order))]


def get_cycle(connection: Connection, cycle: str) -> CycleRow:
    """One cycle.

    Raises:
        NoSuchCycle: there is none of that id.
    """
    return _cycle_row(_one(connection, cycle, *_LISTED))


def _one(connection: Connection, cycle: str, *columns: Any) -> Row[Any]:
    row = connection.execute(_of_id(*columns), {"its_id": cycle}).one_or_none()
    if row is None:
        raise NoSuchCycle(cycle)
    return row


@cache
def _of_id(*columns: Any) -> Select[Any]:
    """The statement, put together once, as in :mod:`store.writing`."""
    return select(*columns).where(cycles.c.id == bindparam("its_id"))


def _readable(connection: Connection, cycle: str, *columns: Any) -> Row[Any]:
    """Of a cycle that this release may read."""
    row = _one(connection, cycle, cycles.c.rules, *columns)
    if row.rules > RULES:
        raise CycleNewer(cycle, row.rules)
    return row


def _cycle_row(row: Row[Any]) -> CycleRow:
    return CycleRow.model_validate(row._mapping)
