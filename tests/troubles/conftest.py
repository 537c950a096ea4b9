"""One server for all pages of a process, and a scene for each."""

from __future__ import annotations

import itertools
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.troubles.ground import Engine, server
from tests.troubles.pages import played
from tests.troubles.scene import Scene


@pytest.fixture(scope="session")
def namespaces(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Iterator[Engine]]:
    names = [f"page-{number}" for number in range(len(played()) + 5)]
    with server(tmp_path_factory.mktemp("engine"), names) as address:
        yield itertools.chain(Engine(address, name) for name in names)


@pytest.fixture
def scene(namespaces: Iterator[Engine], tmp_path: Path) -> Iterator[Scene]:
    made = Scene(tmp_path, next(namespaces))
    yield made
    made.close()
