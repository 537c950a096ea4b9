"""Keeping the record: one transaction for the events, their letters, the outcomes of rows; the next rows come back.

Every activity type here is that transaction, named for what it is about, so that the timeline of a cycle tells its
year. Idempotent: the journal's length tells what was kept before. Nothing here is final but a record that the workflow
does not fit (one of them was set back, or the cycle is missing): a store that is locked, full or away is tried again
until it is back.
"""

from __future__ import annotations

from datetime import UTC, datetime

from temporalio import activity
from temporalio.exceptions import ApplicationError

from activities import names
from activities.entries import proven
from exchange.record import Post, Record
from store.faults import NoSuchCycle, OutOfStep
from store.store import Store


class Clerk:
    """Keeps the record of every cycle.

    Args:
        store: where.
        key: by which what staff typed in is proven (:mod:`runtime.proofs`).
    """

    def __init__(self, store: Store, key: bytes) -> None:
        self._store, self._key = store, key

    @activity.defn(name=names.SEND_INVITATIONS)
    def send_invitations(self, record: Record) -> Post:
        """Invitations, or reminders of them, leave for the outbox."""
        return self._keep(record)

    @activity.defn(name=names.COLLECT_REGISTRATIONS)
    def collect_registrations(self, record: Record) -> Post:
        """Places given, waited for, offered and given back; and the next answers from the inbox."""
        return self._keep(record)

    @activity.defn(name=names.HOLD_SEMINAR)
    def hold_seminar(self, record: Record) -> Post:
        """A programme goes out, a seminar is held, attendance is noted."""
        return self._keep(record)

    @activity.defn(name=names.BOOK_VISITS)
    def book_visits(self, record: Record) -> Post:
        """Hosts are asked and answer; stays are confirmed, moved, given up, held."""
        return self._keep(record)

    @activity.defn(name=names.GATHER_FEEDBACK)
    def gather_feedback(self, record: Record) -> Post:
        """The survey goes out, answers come in, it closes."""
        return self._keep(record)

    @activity.defn(name=names.FILE_REPORT)
    def file_report(self, record: Record) -> Post:
        """The approved report is filed."""
        return self._keep(record)

    @activity.defn(name=names.CLOSE_CYCLE)
    def close_cycle(self, record: Record) -> Post:
        """Everything booked is released, everyone is told, the record is closed."""
        return self._keep(record)

    @activity.defn(name=names.LOOK_AND_NOTE)
    def look_and_note(self, record: Record) -> Post:
        """A look into the inbox before a deadline is decided, or a note of what time brought about. Runs locally."""
        return self._keep(record)

    def _keep(self, record: Record) -> Post:
        _only_of_its_own(record.cycle)
        try:
            post = self._store.keep(record, datetime.now(UTC))
        except (OutOfStep, NoSuchCycle) as why:
            raise ApplicationError(str(why), type=names.OUT_OF_STEP, non_retryable=True) from None
        return proven(self._store, self._key, record.cycle, post)


def _only_of_its_own(cycle: str) -> None:
    """A cycle's record is written for its own workflow alone: Temporal runs activities for whoever asks it to."""
    if activity.in_activity() and activity.info().workflow_id != cycle:
        raise ApplicationError(
            f"This does not come from the workflow of {cycle}.", type="NotItsOwn", non_retryable=True
        )
