"""The year of a participant: one place for whoever comes first, or as the example has it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select

from exchange.registration import Register
from store.schema import inbox
from store.store import Store
from tests.portal.people import FIRST_COME, OPEN, SOON, Year, a_year

HER, OTHER, THIRD = "Laima Rasuolė", "Edita Lineikienė", "Rūta Ąžuolaitė"
NEEDS = {"ask": ("diet", "access")}


@pytest.fixture
def year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Year]:
    """One place, whoever comes first; two sensitive questions."""
    yield from a_year(tmp_path, monkeypatch, **FIRST_COME, **NEEDS)


@pytest.fixture
def plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Year]:
    """As the example has it, where the libraries choose; but nothing sensitive is asked."""
    yield from a_year(tmp_path, monkeypatch, ask=(), wanted=())


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Year]:
    """As the example has it: two sensitive questions, and one of its own."""
    yield from a_year(tmp_path, monkeypatch)


def rows(store: Store, table: Any = inbox) -> int:
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


def queue(year: Year) -> None:
    """One has the place; the second and the third wait."""
    for number, name in enumerate((OTHER, THIRD, HER)):
        year.clock["now"] = OPEN + number * SOON
        year.somebody(Register, name)
    year.goes_on(OPEN + 4 * SOON)
