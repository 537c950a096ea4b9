"""The half of the store that holds letters, and knows what became of them."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from datetime import datetime, timedelta

from exchange.record import Preparation, Ready
from store import absence, answering, delivery, holding, relinking, sealed, settled
from store.engine import Ground
from store.holding import Render
from store.models import LetterState, OutboxRow, Overdue, Rendered, Trouble
from store.refs import clock


class Letters(Ground):
    """Letters, held, queued and sent. What each call means and raises is said where it leads."""

    def hold(self, preparation: Preparation, render: Render, now: datetime | None = None) -> Ready:
        """Has the letters rendered and holds them; nothing is locked while they are rendered.

        Idempotent: exactly these letters, once held, stay as they are. Others held under the same batch are replaced.

        Raises:
            NoSuchCycle: there is none of that id.
        """
        rows = holding.drafts(preparation, self._domain, now or clock())
        with self.reading() as connection:
            if (ready := holding.as_held(connection, preparation, rows)) is not None:
                return ready
        formed = [holding.formed(row, render) for row in rows]
        with self.writing() as connection:
            return holding.replace(connection, preparation, formed)

    def held(self, cycle: str, batch: str) -> list[OutboxRow]:
        """:func:`store.holding.held`."""
        with self.reading() as connection:
            return holding.held(connection, cycle, batch)

    def batch_digest(self, cycle: str, batch: str) -> str:
        """:func:`store.sealed.batch_digest`."""
        with self.reading() as connection:
            return sealed.batch_digest(connection, cycle, batch)

    def letters(
        self, cycle: str, *states: LetterState, kind: str | None = None, to_ref: str | None = None
    ) -> list[OutboxRow]:
        """:func:`store.holding.letters`."""
        with self.reading() as connection:
            return holding.letters(connection, cycle, states, kind, to_ref)

    def letter(self, letter_id: int) -> OutboxRow | None:
        """:func:`store.holding.letter`."""
        with self.reading() as connection:
            return holding.letter(connection, letter_id)

    # -- delivery ---------------------------------------------------------------------------------------------------

    def claim(self, now: datetime, limit: int, lease: timedelta) -> list[OutboxRow]:
        """:func:`store.delivery.claim`."""
        with self.writing() as connection:
            return delivery.claim(connection, now, limit, lease)

    def take_over(self, now: datetime | None = None) -> None:
        """:func:`store.delivery.take_over`."""
        with self.writing() as connection:
            delivery.take_over(connection, now or clock())

    def rendered(self, row: OutboxRow, letter: Rendered, since: datetime | None = None) -> OutboxRow:
        """:func:`store.delivery.rendered`."""
        with self.writing() as connection:
            return delivery.rendered(connection, row, letter, since)

    def began_data(self, row: OutboxRow, now: datetime | None = None) -> bool:
        """:func:`store.delivery.began_data`."""
        with self.writing() as connection:
            return delivery.began_data(connection, row, now or clock())

    def delivered(self, row: OutboxRow, now: datetime | None = None) -> LetterState:
        """:func:`store.delivery.delivered`."""
        with self.writing() as connection:
            return delivery.delivered(connection, row, now or clock())

    def refused(self, row: OutboxRow, error: str) -> LetterState:
        """:func:`store.delivery.refused`."""
        with self.writing() as connection:
            return delivery.refused(connection, row, error)

    def deferred(self, row: OutboxRow, error: str, now: datetime | None = None) -> LetterState:
        """:func:`store.delivery.deferred`."""
        with self.writing() as connection:
            return delivery.deferred(connection, row, error, now or clock())

    def suspect(self, row: OutboxRow, error: str, now: datetime | None = None) -> LetterState:
        """:func:`store.delivery.suspect`."""
        with self.writing() as connection:
            return delivery.suspect(connection, row, error, now or clock())

    def postponed(self, row: OutboxRow, until: datetime, why: str = "") -> LetterState:
        """:func:`store.delivery.postponed`."""
        with self.writing() as connection:
            return delivery.postponed(connection, row, until, why)

    def dropped(self, row: OutboxRow, why: str) -> LetterState:
        """:func:`store.delivery.dropped`."""
        with self.writing() as connection:
            return delivery.dropped(connection, row, why)

    def next_delivery_at(self) -> datetime | None:
        """:func:`store.delivery.next_delivery_at`."""
        with self.reading() as connection:
            return delivery.next_delivery_at(connection)

    def unwanted(self, rows: Iterable[OutboxRow]) -> set[int]:
        """:func:`store.delivery.unwanted`."""
        with self.reading() as connection:
            return delivery.unwanted(connection, rows)

    def opt_outs(self, cycle: str, ref: str) -> list[str]:
        """The kinds of letters that the person wants no more of; an empty one stands for all."""
        with self.reading() as connection:
            return delivery.opted_out(connection, cycle, ref)

    def opt_in(self, cycle: str, ref: str, kind: str = "") -> None:
        """:func:`store.delivery.opt_in`."""
        with self.writing() as connection:
            delivery.opt_in(connection, cycle, ref, kind)

    def opt_out(self, cycle: str, ref: str, kind: str = "", at: datetime | None = None) -> None:
        """:func:`store.delivery.opt_out`."""
        with self.writing() as connection:
            delivery.opt_out(connection, cycle, ref, kind, at or clock())

    def answer_shown(self, cycle: str, number: int) -> None:
        """:func:`store.answering.shown`."""
        with self.writing() as connection:
            answering.shown(connection, cycle, number)

    def send_links(
        self, cycle: str, ref: str, *, fresh: bool = False, again: bool = False, now: datetime | None = None
    ) -> bool:
        """:func:`store.relinking.send_links`."""
        with self.writing() as connection:
            moment = now or clock()
            return relinking.send_links(connection, cycle, ref, self._domain, moment, fresh=fresh, again=again)

    # -- after an absence -------------------------------------------------------------------------------------------

    def awake(self, now: datetime | None = None) -> int:
        """:func:`store.absence.noted`."""
        with self.writing() as connection:
            return absence.noted(connection, now or clock())

    def overdue(self) -> list[Overdue]:
        """:func:`store.absence.overdue`."""
        with self.reading() as connection:
            return absence.overdue(connection)

    def release_overdue(self, cycle: str, letters: Collection[int], by: str, now: datetime | None = None) -> list[int]:
        """:func:`store.absence.release`."""
        with self.writing() as connection:
            return absence.release(connection, cycle, letters, by, now or clock())

    def drop_overdue(
        self, cycle: str, letters: Collection[int], by: str, why: str, now: datetime | None = None
    ) -> list[int]:
        """:func:`store.absence.drop`."""
        with self.writing() as connection:
            return absence.drop(connection, cycle, letters, by, why, now or clock())

    # -- what did not arrive ----------------------------------------------------------------------------------------

    def troubles(self) -> list[Trouble]:
        """:func:`store.settled.troubles`."""
        with self.reading() as connection:
            return settled.troubles(connection)

    def sender_refused(self) -> str:
        """Why no letter of ours leaves at present, as the mail server says it; empty where none waits for that."""
        with self.reading() as connection:
            return settled.waiting_for_us(connection, delivery.SENDER_REFUSED)

    def settle(self, cycle: str, letters: Collection[int], by: str, why: str, now: datetime | None = None) -> list[int]:
        """:func:`store.settled.settle`."""
        with self.writing() as connection:
            return settled.settle(connection, cycle, letters, by, why, now or clock())

    def send_links_to(self, address: str, now: datetime | None = None) -> int:
        """:func:`store.relinking.send_links_to`."""
        with self.writing() as connection:
            return relinking.send_links_to(connection, address, self._domain, now or clock())
