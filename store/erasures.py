"""The half of the store that forgets, corrects, and gives account of what is kept of a person."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import select, update

from store import accounting, correcting, erasing, forgetting, retaining
from store.engine import Ground
from store.models import Erasure, Person
from store.refs import clock
from store.schema import erasures, people
from store.scrubbing import scrub


class Erasures(Ground):
    """What is kept of a person, and how it goes. What each call means and raises is said where it leads."""

    def erase_person(
        self, cycle: str, ref: str, by: str = erasing.HERSELF, role: str = "", now: datetime | None = None
    ) -> Erasure:
        """:func:`store.erasing.erase`."""
        with self.reading() as connection:
            looked = erasing.look(connection, cycle, ref)
        with self.writing() as connection:
            return erasing.erase(connection, cycle, ref, by, role, looked, now or clock())

    def erase_staff(self, ref: str, by: str, now: datetime | None = None) -> Erasure:
        """:func:`store.forgetting.erase_staff`."""
        with self.writing() as connection:
            return forgetting.erase_staff(connection, ref, by, now or clock())

    def erasures(self, *, pending_only: bool = False) -> list[Erasure]:
        """Everybody who was erased, the newest last."""
        query = select(erasures).order_by(erasures.c.asked_at, erasures.c.mark)
        if pending_only:
            query = query.where(erasures.c.done_at.is_(None))
        with self.reading() as connection:
            return [Erasure.model_validate(dict(row._mapping)) for row in connection.execute(query)]

    def untold(self) -> list[str]:
        """:func:`store.forgetting.untold_cycles`."""
        with self.reading() as connection:
            return forgetting.untold_cycles(connection)

    def scrub(self) -> str:
        """:func:`store.scrubbing.scrub`."""
        return scrub(self._engine)

    def warn_of_time(self, now: datetime | None = None) -> None:
        """:func:`store.retaining.warn`."""
        with self.writing() as connection:
            retaining.warn(connection, self._domain, now or clock())

    def over_time(self, now: datetime | None = None) -> list[str]:
        """:func:`store.retaining.over_time`."""
        with self.reading() as connection:
            return retaining.over_time(connection, now or clock())

    def retire(self, cycle: str, now: datetime | None = None) -> int:
        """:func:`store.retaining.retire`."""
        with self.writing() as connection:
            return retaining.retire(connection, cycle, now or clock())

    def leaving(self, cycle: str, now: datetime | None = None) -> bool:
        """:func:`store.forgetting.leaving`."""
        with self.reading() as connection:
            return forgetting.leaving(connection, cycle, now or clock())

    def blanked(self, cycle: str) -> list[str]:
        """:func:`store.forgetting.blanked`."""
        with self.reading() as connection:
            return forgetting.blanked(connection, cycle)

    def note_erasure(self, one: Erasure, pending: str, now: datetime | None = None) -> None:
        """Notes what an erasure still waits for; where that is nothing, that it is done."""
        mine = (erasures.c.mark == one.mark, erasures.c.cycle == one.cycle)
        done: dict[str, Any] = {} if pending else {"done_at": now or clock(), "ref": ""}
        with self.writing() as connection:
            connection.execute(update(erasures).where(*mine).values(pending=pending, **done))

    def to_repeat(self, listed: Iterable[tuple[str, str]]) -> list[tuple[str, str, str]]:
        """:func:`store.forgetting.to_repeat`."""
        with self.reading() as connection:
            return forgetting.to_repeat(connection, listed)

    # -- account and correction -------------------------------------------------------------------------------------

    def everywhere(self, who: str) -> list[Person]:
        """Everybody of all cycles with that address, that reference or that name; oldest first."""
        with self.reading() as connection:
            return accounting.everywhere(connection, who)

    def same_person(self, ref: str) -> list[Person]:
        """The person in all cycles where she has the same address, this one among them."""
        with self.reading() as connection:
            norm = select(people.c.address_norm).where(people.c.ref == ref)
            rows = connection.execute(select(people).where(people.c.address_norm.in_(norm)).order_by(people.c.added_at))
            return [Person.model_validate(dict(row._mapping)) for row in rows]

    def kept_of(self, cycle: str, ref: str) -> dict[str, Any]:
        """:func:`store.accounting.kept_of`."""
        with self.reading() as connection:
            return accounting.kept_of(connection, cycle, ref)

    def correct_person(self, cycle: str, ref: str, **changes: str) -> Person:
        """:func:`store.correcting.correct`."""
        with self.writing() as connection:
            return correcting.correct(connection, cycle, ref, changes, self._domain, clock())

    def ask_to_confirm(self, cycle: str, ref: str, now: datetime | None = None) -> bool:
        """:func:`store.forgetting.ask_to_confirm`."""
        with self.writing() as connection:
            return forgetting.ask_to_confirm(connection, cycle, ref, self._domain, now or clock())
