"""Every test of the record runs twice: on SQLite and on PostgreSQL.

Migrating takes longer than most tests, so it is done once for a session, and each test gets a copy.
"""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from store.store import Store, open_store
from tests.postgres import Server, postgres_server, postgres_url

__all__ = ["postgres_server", "postgres_url"]


@pytest.fixture(params=["sqlite", pytest.param("postgresql", marks=pytest.mark.postgres)])
def database(request: pytest.FixtureRequest) -> str:
    """Which of the two."""
    name: str = request.param
    return name


@pytest.fixture(scope="session")
def migrated_file(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "kierros.db"
    open_store(f"sqlite:///{file}").close()
    return file


@pytest.fixture(scope="session")
def migrated_database(postgres_server: Server) -> Iterator[str]:
    with postgres_server.database() as url:
        open_store(url).close()
        yield url.rpartition("/")[2]


@pytest.fixture
def url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[str]:
    """The address of a record that nobody has written in."""
    if database == "sqlite":
        file = tmp_path / "kierros.db"
        shutil.copy(request.getfixturevalue("migrated_file"), file)
        yield f"sqlite:///{file}"
    else:
        server: Server = request.getfixturevalue("postgres_server")
        with server.database(request.getfixturevalue("migrated_database")) as url:
            yield url


@pytest.fixture
def empty_url(database: str, request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """The address of an empty database."""
    if database == "sqlite":
        return f"sqlite:///{tmp_path / 'kierros.db'}"
    found: str = request.getfixturevalue("postgres_url")
    return found


@pytest.fixture
def store(url: str) -> Iterator[Store]:
    opened = open_store(url, domain="library.example")
    yield opened
    opened.close()
