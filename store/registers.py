"""The half of the store that knows who and what there is: cycles, people, texts, staff, settings."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from exchange.amending import PlanAmended, amended
from exchange.base import Text
from exchange.plan import CyclePlan
from store import cycles, own_words, people, staff
from store.engine import Ground
from store.models import CycleRow, Person, Setting, Staff, Started, TextRow
from store.reading import read_journal
from store.refs import clock

_AMENDED = (PlanAmended.__name__,)


class Registers(Ground):
    """Cycles, people, texts, staff and settings. What each call means and raises is said where it leads."""

    # -- cycles -----------------------------------------------------------------------------------------------------

    def start_cycle(
        self, plan: CyclePlan, people: Iterable[Person], texts: Iterable[TextRow], now: datetime | None = None
    ) -> Started:
        """:func:`store.cycles.start_cycle`."""
        with self.writing() as connection:
            return cycles.start_cycle(connection, plan, people, texts, now or clock())

    def engine_started(self, cycle: str) -> None:
        """:func:`store.cycles.engine_started`."""
        with self.writing() as connection:
            cycles.engine_started(connection, cycle)

    def engine_lost(self, cycle: str, writer: str) -> None:
        """:func:`store.cycles.engine_lost`."""
        with self.writing() as connection:
            cycles.engine_lost(connection, cycle, writer)

    def get_plan(self, cycle: str) -> CyclePlan:
        """:func:`store.cycles.get_plan`."""
        with self.reading() as connection:
            return cycles.get_plan(connection, cycle)

    def first_plan(self, cycle: str) -> CyclePlan:
        """The plan as the cycle was started from it."""
        with self.reading() as connection:
            return cycles.first_plan(connection, cycle)[0]

    def read_last(self, cycle: str) -> CyclePlan:
        """The plan as its author wrote it last: as it was started, with what was amended and not what was moved."""
        with self.reading() as connection:
            plan, entries = cycles.first_plan(connection, cycle)[0], read_journal(connection, cycle, None, _AMENDED)
            for entry in entries:
                plan = amended(plan, entry.event) if isinstance(entry.event, PlanAmended) else plan
            return plan

    def cycles(self) -> list[CycleRow]:
        """:func:`store.cycles.list_cycles`."""
        with self.reading() as connection:
            return cycles.list_cycles(connection)

    def cycle(self, cycle: str) -> CycleRow:
        """:func:`store.cycles.get_cycle`."""
        with self.reading() as connection:
            return cycles.get_cycle(connection, cycle)

    # -- people and texts -------------------------------------------------------------------------------------------

    def find_or_add(self, cycle: str, person: Person, now: datetime | None = None) -> str:
        """:func:`store.people.find_or_add`."""
        with self.writing() as connection:
            return people.find_or_add(connection, cycle, person, now or clock())

    def add_to_cycle(
        self, cycle: str, persons: Iterable[Person], rows: Iterable[TextRow], now: datetime | None = None
    ) -> None:
        """:func:`store.people.add_to_cycle`."""
        with self.writing() as connection:
            people.add_to_cycle(connection, cycle, persons, rows, now or clock())

    def by_address(self, cycle: str, address: str) -> Person | None:
        """:func:`store.people.by_address`."""
        with self.reading() as connection:
            return people.by_address(connection, cycle, address)

    def get_people(self, refs: Iterable[str]) -> dict[str, Person]:
        """:func:`store.people.get_people`."""
        with self.reading() as connection:
            return people.get_people(connection, refs)

    def people(self, cycle: str) -> list[Person]:
        """:func:`store.people.list_people`."""
        with self.reading() as connection:
            return people.list_people(connection, cycle)

    def add_text(self, cycle: str, words: Text | str, kind: str, now: datetime | None = None) -> str:
        """:func:`store.people.add_text`."""
        with self.writing() as connection:
            return people.add_text(connection, cycle, words, kind, now or clock())

    def get_texts(self, refs: Iterable[str]) -> dict[str, Text]:
        """:func:`store.people.get_texts`."""
        with self.reading() as connection:
            return people.get_texts(connection, refs)

    def tell(self, cycle: str, ref: str, words: Mapping[str, Any], now: datetime | None = None) -> None:
        """:func:`store.own_words.tell`."""
        with self.writing() as connection:
            own_words.tell(connection, cycle, ref, words, now or clock())

    def told(self, cycle: str, ref: str) -> dict[str, Any]:
        """:func:`store.own_words.told`."""
        with self.reading() as connection:
            return own_words.told(connection, cycle, ref)

    def told_by_all(self, cycle: str, about: str) -> dict[str, Any]:
        """:func:`store.own_words.told_by_all`."""
        with self.reading() as connection:
            return own_words.told_by_all(connection, cycle, about)

    def keep_draft(self, cycle: str, mark: str, sealed: bytes, now: datetime | None = None) -> None:
        """:func:`store.own_words.keep_draft`."""
        with self.writing() as connection:
            own_words.keep_draft(connection, cycle, mark, sealed, now or clock())

    def draft(self, mark: str) -> bytes | None:
        """:func:`store.own_words.draft`."""
        with self.reading() as connection:
            return own_words.draft(connection, mark)

    def drop_draft(self, mark: str) -> None:
        """:func:`store.own_words.drop_draft`."""
        with self.writing() as connection:
            own_words.drop_draft(connection, mark)

    # -- staff and settings -----------------------------------------------------------------------------------------

    def add_staff(
        self, name: str, address: str, language: str = "en", roles: Iterable[str] = (), zone: str = "UTC",
        now: datetime | None = None,
    ) -> str:  # fmt: skip
        """:func:`store.staff.add_staff`."""
        with self.writing() as connection:
            return staff.add_staff(connection, name, address, language, zone, roles, now or clock())

    def staff(self, *, everybody: bool = False) -> list[Staff]:
        """:func:`store.staff.list_staff`."""
        with self.reading() as connection:
            return staff.list_staff(connection, everybody)

    def find_staff(self, who: str) -> Staff:
        """:func:`store.staff.find_staff`."""
        with self.reading() as connection:
            return staff.find_staff(connection, who)

    def get_staff(self, refs: Iterable[str]) -> dict[str, Staff]:
        """:func:`store.staff.get_staff`."""
        with self.reading() as connection:
            return staff.get_staff(connection, refs)

    def remove_staff(self, ref: str, now: datetime | None = None) -> None:
        """:func:`store.staff.remove_staff`."""
        with self.writing() as connection:
            staff.remove_staff(connection, ref, now or clock())

    def get_setting(self, key: str) -> Setting | None:
        """:func:`store.staff.get_setting`."""
        with self.reading() as connection:
            return staff.get_setting(connection, key)

    def put_setting(self, key: str, value: Any, by: str, at: datetime | None = None) -> None:
        """:func:`store.staff.put_setting`."""
        with self.writing() as connection:
            staff.put_setting(connection, key, value, by, at or clock())
