"""What all tests share: the processes of Temporal that some of them need, and an end without an accident."""

from __future__ import annotations

import atexit
import os
import shutil
import sys
import tempfile
from collections.abc import Iterator
from importlib import import_module
from typing import Any

import pytest

_CONFIGURATION = tempfile.mkdtemp(prefix="kierros-config-")
atexit.register(shutil.rmtree, _CONFIGURATION, ignore_errors=True)
os.environ["XDG_CONFIG_HOME"] = _CONFIGURATION
"""Where the tokens of those who sign in are kept: never in that of whoever runs the tests."""

SEED = 2012
"""What chance begins with in the tests that play faults, where no other seed is given."""


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--seed", type=int, default=SEED, help=f"with which chance begins in tests of faults ({SEED})")
    of_pages = "a folder for pictures of the main pages, from the cycle that is played by hand"
    parser.addoption("--pictures", default="", help=of_pages)


def pytest_report_header(config: pytest.Config) -> str:
    return f"seed of the faults: {config.getoption('--seed')} (another one: make verify SEED=…)"


@pytest.fixture
def seed(request: pytest.FixtureRequest) -> int:
    """The seed, which is printed wherever it matters."""
    found: int = request.config.getoption("--seed")
    print(f"seed {found}: `make verify SEED={found}` plays the same faults")
    return found


@pytest.fixture(autouse=True, scope="session")
def unflushed() -> Iterator[None]:
    """In the processes of the tests themselves no commit waits for the disk: that would matter to who pulls the plug.
    The programs that tests start flush as always."""
    from store import engine

    flushing = engine._prepare_sqlite

    def prepare(connection: Any, record: object) -> None:
        flushing(connection, record)
        connection.execute("PRAGMA synchronous=OFF").fetchall()

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(engine, "FLUSHING", flushing, raising=False)
        patch.setattr(engine, "_prepare_sqlite", prepare)
        yield


@pytest.fixture
def flushed(monkeypatch: pytest.MonkeyPatch) -> None:
    """Records are opened as they are in production."""
    monkeypatch.setattr("store.engine._prepare_sqlite", import_module("store.engine").FLUSHING)


_status = pytest.StashKey[int]()


def pytest_sessionfinish(session: pytest.Session, exitstatus: int | pytest.ExitCode) -> None:
    session.config.stash[_status] = int(exitstatus)


@pytest.hookimpl(trylast=True)
def pytest_unconfigure(config: pytest.Config) -> None:
    """Leaves at once, with the status that was reached: a process that used temporalio may abort in its exit handlers,
    after all its work is done (sdk-python#300)."""
    status = config.stash.get(_status, None)
    if status is None or "temporalio" not in sys.modules or hasattr(config, "workerinput"):
        return
    sys.stdout.flush()
    sys.stderr.flush()
    os._exit(status)
