"""Pages behind the links of contacts and hosts: a cycle that is carried on by hand, and a browser at its portal."""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from shutil import copyfile
from typing import Any

import pytest
from sqlalchemy import select

from exchange.base import Command
from exchange.record import commands
from exchange.registration import Register
from exchange.state import Cycle
from portal import answers
from portal.house import House
from store.links import About
from store.models import Letterbox, Person
from store.schema import metadata
from store.store import Store, open_store
from tests.portal.deciding import Engine
from tests.portal.world import Browser, a_cycle, a_house, browser


class Away:
    """Nobody decides: the engine is away."""

    def tell(self, cycle: str) -> None: ...


@dataclass
class Deciding:
    """Decides at once whatever has come."""

    played: Played

    def tell(self, cycle: str) -> None:
        self.played.engine.decide(self.played.now)


def begin(folder: Path, now: datetime, people: Sequence[Person] = (), **changes: Any) -> Path:
    """The file of a record with a cycle that was carried on until then; ``changes`` are of its plan."""
    store = _open(folder)
    cycle = a_cycle(store, **changes)
    store.add_to_cycle(cycle, people, [])
    Engine(store, cycle).decide(now)
    store.close()
    return folder / "kierros.db"


def _open(folder: Path) -> Store:
    return open_store(f"sqlite:///{folder / 'kierros.db'}", domain="library.example")


class Played:
    """One cycle, its portal, and the hour it is there."""

    def __init__(self, begun: Path, folder: Path, patch: pytest.MonkeyPatch, now: datetime) -> None:
        self.now = now
        for module in ("store.inbox", "store.taking"):
            patch.setattr(f"{module}.clock", lambda: self.now)
        patch.setattr(answers, "PATIENCE", 5.0)
        copyfile(begun, folder / "kierros.db")
        self.store = _open(folder)
        (self.cycle,) = (row.id for row in self.store.cycles())
        self.engine = Engine(self.store, self.cycle)
        self.house: House = a_house(self.store, folder, now=lambda: self.now)
        self.house.__dict__["waker"] = Deciding(self)
        self._patch = patch

    def at(self, now: datetime) -> Cycle:
        """Carries the cycle on until then."""
        self.now = now
        return self.engine.decide(now)

    def through(self, now: datetime) -> Cycle:
        """Carries it on as it goes on, with staff who look at their desk every third day."""
        while self.now + timedelta(days=3) < now:
            self.at(self.now + timedelta(days=3))
        return self.at(now)

    def engine_away(self) -> None:
        self.house.__dict__["waker"] = Away()
        self._patch.setattr(answers, "PATIENCE", 0.02)

    @property
    def state(self) -> Cycle:
        return self.store.load(self.cycle)

    def person(self, name: str) -> Person:
        return next(one for one in self.store.people(self.cycle) if one.name == name)

    def path(self, ref: str, about: About) -> str:
        """Where the person's link leads."""
        token = self.house.links.issue(self.cycle, ref, about, self.now + timedelta(days=400), self.now)
        return f"/l/{token}"

    def browser(self) -> Browser:
        return browser(self.house)


def dump(store: Store) -> str:
    """A mark of all that the record holds."""
    found = hashlib.sha256()
    with store.reading() as connection:
        for table in metadata.sorted_tables:
            found.update(repr(sorted(map(repr, connection.execute(select(table))))).encode())
    return found.hexdigest()


def says(played: Played, *names: str, kind: type[Command] = Register) -> None:
    """Those named have asked for a place (or said what ``kind`` says), in this order, by their own links."""
    for number, name in enumerate(names):
        ref = played.person(name).ref
        wish = commands.pack(kind.model_validate({"at": played.now, "actor": ref, "person": ref}))
        said = {field: value for field, value in wish.items() if field not in {"at", "actor", "cause"}}
        played.store.take(
            played.cycle, Letterbox(command_id=f"{kind.__name__} {number} {ref}", command=said, actor=ref)
        )
    played.at(played.now)
