"""The journal read again, whole or as it stood at a moment; and the reports."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, Row, select

from exchange.base import NewerRules
from exchange.cycle import begin, evolve
from exchange.record import events
from exchange.state import Cycle
from store.cycles import first_plan
from store.faults import CycleNewer, JournalBroken
from store.models import JournalEntry, ReportRow
from store.schema import journal, reports
from store.sealed import report_digest
from store.writing import put


def read_journal(
    connection: Connection, cycle: str, until: datetime | None, kinds: Collection[str] = (), after: int = 0
) -> Iterator[JournalEntry]:
    """The journal in its order; with ``until``, what had been recorded by then; with ``kinds``, only such events.

    With ``after``, what stands behind that position.

    Raises:
        CycleNewer: a newer release wrote an event.
        JournalBroken: an event is missing or cannot be read.
    """
    query = select(journal.c.position, journal.c.recorded_at, journal.c.data).where(journal.c.cycle == cycle)
    if until is not None:
        query = query.where(journal.c.recorded_at <= until)
    if kinds:
        query = query.where(journal.c.kind.in_(kinds))
    if after:
        query = query.where(journal.c.position > after)
    for place, row in enumerate(connection.execute(query.order_by(journal.c.position)), after + 1):
        if until is None and not kinds and row.position != place:
            raise JournalBroken(cycle, place, "has a gap")
        try:
            event = events.unpack(row.data)
        except NewerRules as newer:
            raise CycleNewer(cycle, newer.version, row.position) from None
        except (ValueError, AttributeError, TypeError) as why:  # of a kind unknown here, or of another form
            raise JournalBroken(cycle, row.position, f"cannot be read ({type(why).__name__})") from None
        yield JournalEntry(row.position, row.recorded_at, event)


def load(connection: Connection, cycle: str, at: datetime | None) -> Cycle:
    """The state: the fold of the journal over the plan as it was started; with ``at``, as it was known then.

    Raises:
        NoSuchCycle: there is none of that id.
        CycleNewer: a newer release began it, or wrote an event.
        JournalBroken: an event is missing, cannot be read, or does not follow from those before it.
    """
    plan, rules = first_plan(connection, cycle)
    return folded(begin(plan, rules), read_journal(connection, cycle, at))


def follow(connection: Connection, state: Cycle) -> Cycle:
    """The state now, by what was recorded after that one.

    Raises:
        CycleNewer, JournalBroken: as in :func:`load`.
    """
    return folded(state, read_journal(connection, state.plan.id, None, after=state.position))


def folded(state: Cycle, entries: Iterable[JournalEntry]) -> Cycle:
    """The state after the entries.

    Raises:
        JournalBroken: one does not follow from those before it.
    """
    for entry in entries:
        try:
            state = evolve(state, entry.event)
        except Exception as why:  # noqa: BLE001 - evolve never fails over a journal that is whole
            name = type(why).__name__
            raise JournalBroken(state.plan.id, entry.position, f"does not follow ({name})") from None
    return state


def save_report(
    connection: Connection, cycle: str, step: str, revision: int, html: str, data: dict[str, Any], now: datetime
) -> str:
    """Keeps a report that was drawn up and gives back its digest. One that was filed stays as it is."""
    digest = report_digest(html, data)
    mine = (reports.c.cycle == cycle, reports.c.step == step, reports.c.revision == revision)
    kept = connection.execute(select(reports.c.digest, reports.c.filed_at).where(*mine)).one_or_none()
    if kept is not None and kept.filed_at is not None:
        return str(kept.digest)
    row = {"cycle": cycle, "step": step, "revision": revision, "html": html, "data": data, "digest": digest}
    put(connection, reports, {**row, "drawn_at": now, "filed_at": None})
    return digest


def all_reports(connection: Connection, cycle: str) -> list[ReportRow]:
    """Every report of the cycle that is kept, drawn up or filed."""
    rows = connection.execute(select(reports).where(reports.c.cycle == cycle))
    return [ReportRow.model_validate(dict(row._mapping)) for row in rows]


def newest_report(connection: Connection, cycle: str, step: str | None) -> ReportRow | None:
    """The report that was filed last, or else the one drawn up last; None while there is none."""
    query = select(reports).where(reports.c.cycle == cycle)
    if step is not None:
        query = query.where(reports.c.step == step)
    order = (
        reports.c.filed_at.is_(None),
        reports.c.filed_at.desc(),
        reports.c.drawn_at.desc(),
        reports.c.revision.desc(),
    )
    row: Row[Any] | None = connection.execute(query.order_by(*order).limit(1)).one_or_none()
    return None if row is None else ReportRow.model_validate(dict(row._mapping))
