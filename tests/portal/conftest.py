"""A record with one cycle, made once for a module; a portal over it."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from portal.house import House
from store.store import Store, open_store
from tests.portal.world import Browser, a_cycle, a_house, browser


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    folder = tmp_path_factory.mktemp("portal")
    store = open_store(f"sqlite:///{folder / 'kierros.db'}", domain="library.example")
    yield store
    store.close()


@pytest.fixture(scope="module")
def cycle(store: Store) -> str:
    """The id of a cycle that has just begun."""
    return a_cycle(store)


@pytest.fixture
def here(store: Store, tmp_path: Path) -> House:
    return a_house(store, tmp_path)


@pytest.fixture
def web(here: House) -> Browser:
    return browser(here)
