"""What was approved, held against what is there: nothing leaves that is not byte for byte what staff agreed to.

The digest of a batch is made of what each letter's digest was when it was held. A letter that was dropped since (its
reader withdrew, opted out or was erased) keeps that digest, so its going breaks nothing; one that is still held counts
by the bytes that lie there now. TRUST invariant 2.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from contextlib import suppress

from sqlalchemy import Connection, select, update

from exchange.approval import StepApproved
from exchange.defect import NoteFailedLetters
from exchange.mail import batch_of
from exchange.record import events
from exchange.reporting import ReportFiled
from store.columns import dumps
from store.faults import CycleIsOver
from store.inbox import POST_OFFICE, receive
from store.models import Letterbox
from store.schema import journal, outbox, reports
from store.writing import chunks

NOT_APPROVED = "not sent: what is kept of this letter, or of one approved with it, is not what was approved"
"""Why a letter was stopped at its release."""


_BY_BYTES = {"held", "failed"}
"""What has yet to leave: judged by what lies there, not by what was noted of it."""


def digest_of(letters: Iterable[tuple[str, str]]) -> str:
    """SHA-256 over the letters' keys and digests, in the order of the keys."""
    lines = "".join(f"{key}\n{digest}\n" for key, digest in sorted(letters))
    return hashlib.sha256(lines.encode()).hexdigest()


def batch_digest(connection: Connection, cycle: str, batch: str) -> str:
    """The digest of what lies under the batch: what an approval must name."""
    columns = (outbox.c.key, outbox.c.digest, outbox.c.data, outbox.c.state)
    mine = (outbox.c.cycle == cycle, outbox.c.batch == batch, outbox.c.digest != "")
    rows = connection.execute(select(*columns).where(*mine))
    return digest_of((row.key, row.digest if row.state not in _BY_BYTES else _of(row.data)) for row in rows)


def _of(data: bytes | None) -> str:
    return hashlib.sha256(data or b"").hexdigest()


def approval_of(connection: Connection, cycle: str, batch: str) -> StepApproved | None:
    """Who approved the batch, and under which digest; None where nobody has."""
    mine = (journal.c.cycle == cycle, journal.c.kind == StepApproved.__name__)
    lines = connection.execute(select(journal.c.data).where(*mine).order_by(journal.c.position.desc())).scalars()
    approvals = (event for line in lines if isinstance(event := events.unpack(line), StepApproved))
    return next((event for event in approvals if batch_of(event.step, event.revision) == batch), None)


def intact(connection: Connection, cycle: str, batch: str) -> bool:
    """Whether what lies under the batch is what was approved."""
    agreed = approval_of(connection, cycle, batch)
    return agreed is not None and agreed.digest == batch_digest(connection, cycle, batch)


def stop(connection: Connection, cycle: str, ids: list[int]) -> None:
    """Keeps letters from leaving, and tells staff."""
    for part in chunks(ids):
        stopped = update(outbox).where(outbox.c.id.in_(part))
        connection.execute(stopped.values(state="failed", last_error=NOT_APPROVED))
    if ids:
        tell_cycle(connection, cycle, f"letters-stopped-{min(ids)}", len(ids))


def free_stopped(connection: Connection, cycle: str) -> None:
    """Lets go those stopped letters that are again what was approved, as after a mended database."""
    mine = (outbox.c.cycle == cycle, outbox.c.state == "failed", outbox.c.last_error == NOT_APPROVED)
    for batch in connection.execute(select(outbox.c.batch).where(*mine).distinct()).scalars().all():
        if intact(connection, cycle, batch):
            connection.execute(update(outbox).where(*mine, outbox.c.batch == batch).values(last_error=""))


def tell_cycle(connection: Connection, cycle: str, command_id: str, count: int) -> None:
    """Word to the cycle, by its inbox, that letters will not arrive by themselves. Staff are prompted by it."""
    note = {"kind": NoteFailedLetters.__name__, "count": count}
    with suppress(CycleIsOver):
        receive(connection, cycle, [Letterbox(command_id=command_id, command=note, actor=POST_OFFICE)], None)


def report_digest(html: str, data: object) -> str:
    """SHA-256 over a report: its page, and the figures behind it."""
    return hashlib.sha256(html.encode() + b"\0" + dumps(data).encode()).hexdigest()


def file_report(connection: Connection, cycle: str, event: ReportFiled) -> None:
    """Marks the report as filed, if it is the one that was approved; :func:`unfiled` shows staff where it is not."""
    mine = (reports.c.cycle == cycle, reports.c.step == event.step, reports.c.revision == event.revision)
    row = connection.execute(select(reports.c.html, reports.c.data).where(*mine)).one_or_none()
    if row is not None and report_digest(row.html, row.data) == event.digest:
        connection.execute(update(reports).where(*mine).values(filed_at=event.at))


def unfiled(connection: Connection) -> list[tuple[str, str]]:
    """Cycle and step of each report that was approved and could not be filed: what is kept is something else."""
    columns = (reports.c.cycle, reports.c.step)
    drafts = connection.execute(select(*columns).where(reports.c.filed_at.is_(None)).distinct()).all()
    filed = {(c, s) for c, s in connection.execute(select(*columns).where(reports.c.filed_at.is_not(None)))}
    return [(c, s) for c, s in sorted({(c, s) for c, s in drafts} - filed) if s in _approved_reports(connection, c)]


def _approved_reports(connection: Connection, cycle: str) -> set[str]:
    mine = (journal.c.cycle == cycle, journal.c.kind == ReportFiled.__name__)
    return {data["step"] for data in connection.execute(select(journal.c.data).where(*mine)).scalars()}
