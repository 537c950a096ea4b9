"""The half of the store that keeps what happens: inbox, journal, prompts, feedback, reports."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from exchange.record import Post, Record
from exchange.state import Cycle
from store import inbox, keeping, outcomes, projecting, reading, recovering, sealed, taking
from store.engine import Ground
from store.models import (
    JournalEntry,
    LastAnswer,
    Letterbox,
    Newcomer,
    Outcome,
    PromptRow,
    Receipt,
    Recovered,
    ReportRow,
    Session,
    TextRow,
)
from store.refs import clock


class Records(Ground):
    """Inbox, journal, prompts, feedback and reports. What each call means and raises is said where it leads."""

    def receive(
        self,
        cycle: str,
        items: Sequence[Letterbox],
        received_at: datetime | None = None,
        *,
        session: Session | None = None,
    ) -> list[Receipt]:
        """:func:`store.inbox.receive`."""
        with self.writing() as connection:
            return inbox.receive(connection, cycle, items, received_at, session)

    def take(
        self,
        cycle: str,
        item: Letterbox,
        texts: Sequence[TextRow] = (),
        newcomer: Newcomer | None = None,
        told: Mapping[str, Any] | None = None,
        received_at: datetime | None = None,
    ) -> Receipt:
        """:func:`store.taking.take`."""
        with self.writing() as connection:
            one = taking.Taking(item, texts, newcomer, told)
            return taking.take(connection, cycle, [one], received_at)[0]

    def take_all(self, cycle: str, takings: Sequence[taking.Taking]) -> list[Receipt]:
        """:func:`store.taking.take`."""
        with self.writing() as connection:
            return taking.take(connection, cycle, takings)

    def proofs(self, cycle: str, numbers: Iterable[int]) -> dict[int, tuple[str, str]]:
        """:func:`store.inbox.proofs`."""
        with self.reading() as connection:
            return inbox.proofs(connection, cycle, numbers)

    def named_by(self, cycle: str, actor: str) -> dict[str, set[datetime]]:
        """:func:`store.taking.named_by`."""
        with self.reading() as connection:
            return taking.named_by(connection, cycle, actor)

    def last_answer(self, cycle: str, actor: str) -> LastAnswer | None:
        """:func:`store.taking.last_answer`."""
        with self.reading() as connection:
            return taking.last_answer(connection, cycle, actor)

    def outcome(self, cycle: str, number: int) -> Outcome | None:
        """:func:`store.inbox.outcome`."""
        with self.reading() as connection:
            return inbox.outcome(connection, cycle, number)

    def taken_as(self, cycle: str, command_id: str) -> Outcome | None:
        """:func:`store.inbox.taken_as`."""
        with self.reading() as connection:
            return inbox.taken_as(connection, cycle, command_id)

    def outcomes(self, cycle: str, numbers: Iterable[int]) -> dict[int, Outcome]:
        """:func:`store.inbox.outcomes`."""
        with self.reading() as connection:
            return inbox.outcomes(connection, cycle, numbers)

    def undecided(self) -> list[tuple[str, int]]:
        """:func:`store.inbox.undecided`."""
        with self.reading() as connection:
            return inbox.undecided(connection)

    def waiting(self, cycle: str, most: int) -> Post:
        """:func:`store.inbox.waiting`."""
        with self.reading() as connection:
            return inbox.waiting(connection, cycle, most)

    def keep(self, record: Record, now: datetime | None = None) -> Post:
        """:func:`store.keeping.keep`."""
        with self.writing() as connection:
            return keeping.keep(connection, record, self._domain, now or clock())

    def feedback(self, cycle: str, step: str) -> dict[str, list[Any]]:
        """:func:`store.outcomes.feedback`."""
        with self.reading() as connection:
            return outcomes.feedback(connection, cycle, step)

    def prompts(self, cycle: str | None = None, *, open_only: bool = True) -> list[PromptRow]:
        """:func:`store.projecting.list_prompts`."""
        with self.reading() as connection:
            return projecting.list_prompts(connection, cycle, open_only)

    def journal(self, cycle: str, until: datetime | None = None, kinds: Collection[str] = ()) -> list[JournalEntry]:
        """:func:`store.reading.read_journal`."""
        with self.reading() as connection:
            return list(reading.read_journal(connection, cycle, until, kinds))

    def load(self, cycle: str, at: datetime | None = None) -> Cycle:
        """:func:`store.reading.load`."""
        with self.reading() as connection:
            return reading.load(connection, cycle, at)

    def follow(self, state: Cycle) -> Cycle:
        """:func:`store.reading.follow`."""
        with self.reading() as connection:
            return reading.follow(connection, state)

    def recovered(self, cycle: str) -> Recovered:
        """:func:`store.recovering.recovered`."""
        with self.reading() as connection:
            return recovering.recovered(connection, cycle)

    def recover(self, cycle: str) -> Recovered:
        """:func:`store.recovering.recover`."""
        with self.writing() as connection:
            return recovering.recover(connection, cycle)

    def save_report(
        self, cycle: str, step: str, revision: int, html: str, data: dict[str, Any], now: datetime | None = None
    ) -> str:
        """:func:`store.reading.save_report`."""
        with self.writing() as connection:
            return reading.save_report(connection, cycle, step, revision, html, data, now or clock())

    def reports(self, cycle: str) -> list[ReportRow]:
        """:func:`store.reading.all_reports`."""
        with self.reading() as connection:
            return reading.all_reports(connection, cycle)

    def report(self, cycle: str, step: str | None = None) -> ReportRow | None:
        """:func:`store.reading.newest_report`."""
        with self.reading() as connection:
            return reading.newest_report(connection, cycle, step)

    def unfiled(self) -> list[tuple[str, str]]:
        """:func:`store.sealed.unfiled`."""
        with self.reading() as connection:
            return sealed.unfiled(connection)
