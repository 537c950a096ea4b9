"""Two cycles full of people over one record, with links of every purpose and staff who have signed in.

Everybody's name holds a mark of her own, so that a page that shows it tells whose page it is.
"""

from __future__ import annotations

import re
import sqlite3
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, get_args

import pytest
from sqlalchemy import update

from activities.wording import Wording
from exchange.base import Command, Refusal
from exchange.correspondence import held
from exchange.plan import Report
from exchange.record import Preparation, Ready
from exchange.registration import Register
from exchange.state import Cycle
from letters.facts import Sender
from letters.personal import stamped
from plans import Staffer, read_people, read_plan, split_plan
from portal.house import House
from portal.rates import Buckets, Rates
from store.links import Purpose
from store.models import Letterbox, OutboxRow, Person, Rendered, TextRow
from store.schema import cycles
from store.store import Store, open_store
from tests.portal.deciding import Engine
from tests.portal.world import ADDRESS, EXAMPLES, a_house
from workers.desk import RefusedByRule
from workflows.ledger import Ledger, plain

BEGUN = datetime(2023, 11, 20, 12, tzinfo=UTC)
OPEN = datetime(2024, 1, 20, 12, tzinfo=UTC)
"""Registration is open."""
END = datetime(2026, 1, 1, tzinfo=UTC)
MARK = re.compile(r"Zq[a-z]{4}x")
SENDER = Sender(name="Helsinki City Library", address="exchange@library.example")
LINK = re.compile(rf"{ADDRESS}(/[^\s<>\"]*[^\s<>\".,;:!?)])")
IN_PAGES_OF_ONE: frozenset[str] = frozenset({"invitation", "place", "feedback", "learned", "data", "optout"})
"""What these links open shows nobody but the reader and those who speak or answer for a library."""


def mark(number: int) -> str:
    """The mark of somebody's name, e.g. ``Zqabcdx``."""
    letters = "".join(chr(97 + number // 26**power % 26) for power in (3, 2, 1, 0))
    return f"Zq{letters}x"


@dataclass(frozen=True)
class Key:
    """A token that was made, and what for."""

    token: str
    kind: str
    """``link``, ``closed``, ``sign_in`` or ``session``."""
    cycle: str = ""
    ref: str = ""
    purpose: str = ""


class Clerk(Engine):
    """An engine whose letters for approval are written and held, as in earnest."""

    def _staff(self, ledger: Ledger, now: datetime) -> bool:
        step = ledger.preparing()
        if not step:
            return super()._staff(ledger, now)
        revision, ready = ledger.cycle.approving(step).revision, Ready(digest="d")
        self._keep(ledger, now)
        if isinstance(ledger.cycle.to_approve(step), Report):
            digest = self._store.save_report(self._cycle, step, revision, "<h1>Report</h1>", {"registered": 3})
            ready = Ready(digest=digest)
        elif mails := tuple(held(ledger.cycle, step)):
            preparation = Preparation(cycle=self._cycle, step=step, revision=revision, mails=mails)
            ready = self._store.hold(preparation, lambda row: letter_of(self._store, row, now), now)
        ledger.prepared(step, revision, ready, now)
        return True


def letter_of(store: Store, row: OutboxRow, now: datetime) -> Rendered | None:
    """The letter as it is written, with stand-ins for its links."""
    wording = Wording(store, SENDER, ADDRESS)
    wording.meet([row])
    return wording.render(row, now)


class Nobody:
    """Is told of answers, and does nothing."""

    def tell(self, cycle: str) -> None:
        """Nothing."""


@dataclass
class Town:
    """The record, the portal, and every key to it."""

    folder: Path
    clock: dict[str, datetime] = field(default_factory=lambda: {"now": OPEN})
    cycles: list[str] = field(default_factory=list)
    marks: dict[str, tuple[str, str]] = field(default_factory=dict)
    """Whose a mark is: her cycle and her reference."""
    known: set[str] = field(default_factory=set)
    """Who may be named on others' pages of the same cycle: who speaks, or answers for a library or a host."""
    keys: list[Key] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.store: Store = open_store(f"sqlite:///{self.folder / 'kierros.db'}", domain="library.example")
        every = {name: Buckets(burst=10**9, per_minute=1) for name in ("by_link", "by_address", "by_asking")}
        self.house: House = a_house(self.store, self.folder, now=lambda: self.clock["now"], rates=Rates(**every))
        self.house.__dict__["waker"] = Nobody()
        self._look = sqlite3.connect(self.folder / "kierros.db", isolation_level=None)
        self.roster: dict[str, str] = {}

    def close(self) -> None:
        self._look.close()
        self.store.close()

    # -- what happens -----------------------------------------------------------------------------------------------

    def begin(
        self,
        name: str = "denmark-2024",
        suffix: str = "",
        begun: datetime = BEGUN,
        contacts: dict[str, str] | None = None,
    ) -> str:
        """Starts an example, with a mark in everybody's name; ``contacts``: who answers for which library, by name."""
        file = read_plan(EXAMPLES / name / "plan.yaml")
        people = read_people(file.people, organisations=file.draft.organisations)
        staff = self._staff(who for role in file.draft.roles.values() for who in role)
        split = split_plan(file, people, staff, starter=next(iter(staff.values())).ref, now=begun)
        plan = split.plan.model_copy(update={"id": split.plan.id + suffix})
        named = (contacts or {}).items()
        answering = {home: one.ref for home, who in named for one in split.people if one.name == who}
        plan = plan.model_copy(update={"contacts": plan.contacts | answering})
        persons = [Person.model_validate(one, from_attributes=True) for one in split.people]
        persons = [one.model_copy(update={"name": f"{one.name} {self._mark(plan.id, one)}"}) for one in persons]
        texts = [TextRow.model_validate(one, from_attributes=True) for one in split.texts]
        self.store.start_cycle(plan, persons, texts, begun)
        self.cycles.append(plan.id)
        return plan.id

    def _staff(self, names: Iterable[str]) -> dict[str, Staffer]:
        for name in dict.fromkeys(names):
            if name not in self.roster:
                self.roster[name] = self.store.add_staff(name, f"staff-{len(self.roster)}@library.example")
        return {name.casefold(): Staffer(self.roster[name]) for name in dict.fromkeys(self.roster)}

    def _mark(self, cycle: str, one: Person) -> str:
        made = mark(len(self.marks) + 1)
        self.marks[made] = cycle, one.ref
        if one.part in {"contact", "speaker"} or one.host:
            self.known.add(one.ref)
        return made

    def decide(self, cycle: str, until: datetime) -> Cycle:
        """The cycle decides what lies in its inbox and what time asks for."""
        return Clerk(self.store, cycle).decide(until)

    def answer(self, cycle: str, wish: type[Command], ref: str) -> None:
        """Somebody answers, by whatever way."""
        command = {"kind": wish.__name__, "person": ref}
        self.store.receive(cycle, [Letterbox(command_id=f"t-{wish.__name__}-{ref}", command=command, actor=ref)])

    def fill(self, cycle: str, most: int = 8) -> None:
        """Registration is open, and people ask for places."""
        self.decide(cycle, OPEN)
        invited = [one for one in self.store.people(cycle) if one.part == "invitee"]
        for one in invited[:most]:
            self.answer(cycle, Register, one.ref)
        self.decide(cycle, OPEN + timedelta(minutes=5))

    def over(self, cycle: str) -> None:
        """The cycle has ended."""
        with self.store.writing() as connection:
            ended = update(cycles).where(cycles.c.id == cycle).values(ended_at=OPEN, phase="finished")
            connection.execute(ended)

    # -- keys -------------------------------------------------------------------------------------------------------

    def cut_keys(self, cycle: str, people: int = 7) -> None:
        """Links of every purpose for some of everybody, and some that do not stand."""
        everybody = self.store.people(cycle)
        some = [*everybody[:people], *[one for one in everybody[people:] if one.ref in self.known][:6]]
        plan = self.store.get_plan(cycle)
        steps = ["", *[step.id for step in plan.steps]]
        for number, one in enumerate(some):
            for purpose in get_args(Purpose):
                self._cut(cycle, one.ref, purpose, steps[number % len(steps)])
        for row in self.store.letters(cycle):
            for about in self.links(row):
                self._cut(cycle, row.to_ref, *about)
        gone = everybody[-1]
        self.keys += [self._closed(cycle, gone.ref, ("place", ""), "superseded")]
        self.house.links.reissue(cycle, gone.ref, OPEN)
        self.keys += [self._closed(cycle, gone.ref, ("data", ""), "expired", OPEN - timedelta(days=1))]

    def links(self, row: OutboxRow) -> list[tuple[str, str]]:
        """What the links of a letter are about."""
        return list(self._stand_ins(row).values())

    def _stand_ins(self, row: OutboxRow) -> dict[str, tuple[str, str]]:
        return dict(Wording(self.store, SENDER, ADDRESS).links(row, self.written(row)))

    def written(self, row: OutboxRow) -> bytes:
        """The letter's bytes, with stand-ins; nothing where nobody is to read it any more."""
        whole = self.store.letter(row.id)
        if whole is not None and whole.data is not None:
            return whole.data
        made = letter_of(self.store, row, self.clock["now"])
        return b"" if made is None else made.data

    def left(self, row: OutboxRow) -> bytes:
        """The letter as it leaves, with links that work."""
        tokens = {}
        for code, about in self._stand_ins(row).items():
            tokens[code] = self.house.links.issue(row.cycle, row.to_ref, about, END, self.clock["now"])
        return stamped(self.written(row), tokens)

    def _cut(self, cycle: str, ref: str, purpose: str, about: str) -> None:
        token = self.house.links.issue(cycle, ref, (purpose, about), END, OPEN)
        if all(key.token != token for key in self.keys):
            self.keys.append(Key(token, "link", cycle, ref, purpose))

    def _closed(self, cycle: str, ref: str, about: tuple[str, str], why: str, until: datetime = END) -> Key:
        token = self.house.links.issue(cycle, ref, about, until, BEGUN)
        return Key(token, "closed", cycle, ref, why)

    def sign_in(self) -> None:
        """Staff sign in, where they are not signed in any more; and somebody has asked for a link."""
        now, mine = self.clock["now"], [key for key in self.keys if key.kind == "session"]
        standing = [key.ref for key in mine if self.store.session(key.token, "portal", now)]
        for ref in self.roster.values():
            if ref not in standing:
                token, _ = self.store.open_session(ref, "portal", now)
                self.keys.append(Key(token, "session", ref=ref))
        if not any(key.kind == "sign_in" for key in self.keys):
            made = self.store.begin_sign_in(next(iter(self.roster.values())), "portal", now)
            self.keys.append(Key(made.secret, "sign_in", ref=next(iter(self.roster.values()))))

    # -- the record -------------------------------------------------------------------------------------------------

    def version(self) -> int:
        """Changes with every commit that changes anything."""
        found: int = self._look.execute("PRAGMA data_version").fetchone()[0]
        return found

    def dump(self) -> dict[str, dict[Any, dict[str, Any]]]:
        """Everything that the record holds: its tables, and each row by its key."""
        found = {}
        tables = self._look.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall()
        for (table,) in tables:
            about = self._look.execute(f'PRAGMA table_info("{table}")').fetchall()
            names, keys = [one[1] for one in about], [one[0] for one in about if one[5]]
            rows = self._look.execute(f'SELECT * FROM "{table}"').fetchall()
            found[table] = {tuple(row[n] for n in keys) or row: dict(zip(names, row, strict=True)) for row in rows}
        return found


def a_town(folder: Path, patch: pytest.MonkeyPatch) -> Town:
    """Two cycles in which people ask for places, and one that is over."""
    town = Town(folder)
    for module in ("inbox", "taking"):
        patch.setattr(f"store.{module}.clock", lambda: town.clock["now"])
    patch.setattr("portal.answers.PATIENCE", 0.001)
    patch.setattr("portal.acting.PATIENCE", 0.001)

    async def tell(case: Any, command: Command, _update: str) -> None:
        try:
            Clerk(town.store, case.id).staff(command, town.clock["now"])
        except Refusal as no:
            raise RefusedByRule(no.name, str(no), plain(no.facts), case.id) from None

    patch.setattr("portal.acting._told", tell)
    for suffix in ("", "-again", "-past"):
        cycle = town.begin(suffix=suffix)
        town.fill(cycle)
        if suffix == "-past":
            town.over(cycle)
    town.clock["now"] = OPEN + timedelta(minutes=10)
    for cycle in town.cycles:
        town.cut_keys(cycle)
    town.sign_in()
    return town


def right_seal(town: Town, path: str, cookies: dict[str, str]) -> str:
    """The seal that the page at this path has for who holds these cookies."""
    if path.startswith(("/l/", "/s/")):
        return town.house.sealed("link", path[3:].partition("/")[0])
    session = cookies.get("__Host-kierros") or cookies.get("kierros")
    if session:
        return town.house.sealed("session", session)
    return town.house.sealed("reader", cookies.get("kierros-form", ""))
