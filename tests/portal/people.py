"""Somebody who takes part, at the pages behind her links; and the year going on around her."""

from __future__ import annotations

import atexit
import re
import shutil
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import select

from exchange.base import Command
from exchange.state import Cycle
from portal import answers
from portal.house import House
from store.links import Purpose
from store.models import Letterbox, Person
from store.schema import metadata
from store.store import Store, open_store
from tests.portal.deciding import Engine
from tests.portal.world import NOW, Browser, a_cycle, a_house, browser

OPEN = datetime(2024, 1, 20, 12, tzinfo=UTC)
"""Registration is open."""
LATER = datetime(2024, 2, 20, 12, tzinfo=UTC)
"""It has closed."""
FIRST_COME = {"places": "first_come", "capacity": 1, "per_library": None}


class NoEngine:
    """Nobody is told: the year goes on where a test lets it."""

    def tell(self, cycle: str) -> None:
        """Nothing."""


@dataclass
class Year:
    """One cycle, its portal, and the clock of both."""

    store: Store
    house: House
    cycle: str
    engine: Engine
    clock: dict[str, datetime] = field(default_factory=lambda: {"now": NOW})

    def goes_on(self, until: datetime) -> Cycle:
        """Time passes; whatever was answered is decided."""
        self.clock["now"] = until
        return self.engine.decide(until)

    def person(self, name: str) -> Person:
        return next(one for one in self.store.people(self.cycle) if one.name == name)

    def link(self, name: str, purpose: Purpose = "place", about: str = "") -> str:
        """The path of her link."""
        until = datetime(2025, 1, 1, tzinfo=UTC)
        ref, now = self.person(name).ref, self.clock["now"]
        return f"/l/{self.house.links.issue(self.cycle, ref, (purpose, about), until, now)}"

    def somebody(self, wish: type[Command], name: str, **more: Any) -> None:
        """Somebody else answers, by whatever way."""
        ref = self.person(name).ref
        command = {"kind": wish.__name__, "person": ref, **more}
        ident = f"t-{wish.__name__}-{ref}-{self.clock['now'].isoformat()}"
        self.store.receive(self.cycle, [Letterbox(command_id=ident, command=command, actor=ref)])

    def web(self) -> Browser:
        """A browser whose reader has chosen English."""
        web = browser(self.house)
        web.client.cookies.set("kierros-lang", "en")
        return web

    def dump(self) -> dict[str, list[Any]]:
        """Everything that the record holds."""
        with self.store.reading() as connection:
            return {
                table.name: sorted(map(repr, connection.execute(select(table)).all()))
                for table in metadata.sorted_tables
            }


_MADE: dict[str, tuple[Path, str]] = {}
"""Records that were made once, by what their registration is like: each test gets a copy."""


def a_year(folder: Path, monkeypatch: pytest.MonkeyPatch, begun: datetime = OPEN, **desk: Any) -> Iterator[Year]:
    """A cycle on a record of its own, carried on until ``begun``."""
    clock = {"now": begun}
    for module in ("inbox", "taking"):
        monkeypatch.setattr(f"store.{module}.clock", lambda: clock["now"])
    monkeypatch.setattr(answers, "PATIENCE", 0.02)
    file, cycle = _made(f"{begun} {desk}", begun, desk)
    shutil.copy(file, folder / "kierros.db")
    store = open_store(f"sqlite:///{folder / 'kierros.db'}", domain="library.example")
    house = a_house(store, folder, now=lambda: clock["now"])
    house.__dict__["waker"] = NoEngine()
    yield Year(store, house, cycle, Engine(store, cycle), clock)
    store.close()


def _made(key: str, begun: datetime, desk: dict[str, Any]) -> tuple[Path, str]:
    if key not in _MADE:
        file = Path(tempfile.mkdtemp(prefix="kierros-year-")) / "kierros.db"
        atexit.register(shutil.rmtree, file.parent, ignore_errors=True)
        store = open_store(f"sqlite:///{file}", domain="library.example")
        cycle = a_cycle(store, desk=desk)
        Engine(store, cycle).decide(begun)
        store.close()
        _MADE[key] = file, cycle
    return _MADE[key]


def heading(page: httpx.Response) -> str:
    found = re.search(r"<h1>(.*?)</h1>", page.text)
    assert found, page.status_code
    return found[1]


def said(page: httpx.Response) -> str:
    """The words of a page, without its marks."""
    return " ".join(re.sub(r"<[^>]+>", " ", page.text).split())


SOON = timedelta(minutes=5)
