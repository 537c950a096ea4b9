"""A PostgreSQL server for the tests: started once for a session, thrown away after it.

``postgres_server`` gives the server, ``postgres_url`` an empty database in it. Use them by importing them into a
``conftest.py``. Where PostgreSQL is not installed, the tests that need it are left out, except where ``CI`` is set.
"""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from uuid import uuid4

import psycopg
import pytest

SETTINGS = {
    "fsync": "off",
    "full_page_writes": "off",
    "synchronous_commit": "off",
    "max_connections": "100",
    "shared_buffers": "32MB",
    "listen_addresses": "127.0.0.1",
    "log_min_messages": "fatal",
}


@dataclass(frozen=True)
class Server:
    """A running server that trusts whoever reaches it."""

    port: int
    control: Callable[..., None]
    """Runs ``pg_ctl`` over its data."""

    def restart(self, how: str) -> None:
        """Down and up again: ``fast`` breaks connections off, ``immediate`` is as a crash."""
        self.control("-m", how, "-w", "-t", "60", "restart")

    def url(self, database: str) -> str:
        return f"postgresql://kierros@127.0.0.1:{self.port}/{database}"

    @contextmanager
    def database(self, template: str = "template0") -> Iterator[str]:
        """The address of a new database, a copy of the template, which is dropped afterwards."""
        name = f"test_{uuid4().hex}"
        self.execute(f'CREATE DATABASE "{name}" TEMPLATE "{template}"')
        try:
            yield self.url(name)
        finally:
            self.execute(f'DROP DATABASE "{name}" WITH (FORCE)')

    def execute(self, statement: str) -> None:
        with psycopg.connect(self.url("postgres"), autocommit=True) as connection:
            connection.execute(statement.encode())


def programs() -> Path | None:
    """The folder of initdb and postgres: the newest under the usual place, or the one on the PATH."""
    usual = Path("/usr/lib/postgresql").glob("*/bin/initdb")
    newest = sorted(usual, key=lambda found: int(found.parts[-3]) if found.parts[-3].isdigit() else 0)
    if newest:
        return newest[-1].parent
    if found := shutil.which("initdb"):
        beside = Path(found).resolve().parent
        return beside if (beside / "postgres").exists() else None
    return None


def _as_nobody() -> list[str]:
    """How a command is run by somebody who may run PostgreSQL: it refuses to be root."""
    if os.geteuid() != 0:
        return []
    user = next((name for name in ("postgres", "nobody") if _known(name)), None)
    if user is None:
        pytest.fail("PostgreSQL does not run as root, and there is neither a user postgres nor nobody.")
    if shutil.which("setpriv"):
        return ["setpriv", f"--reuid={user}", "--regid", str(pwd.getpwnam(user).pw_gid), "--clear-groups"]
    return ["runuser", "-u", user, "--"]


def _known(user: str) -> bool:
    try:
        return bool(pwd.getpwnam(user))
    except KeyError:
        return False


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


def _run(*command: str | Path) -> None:
    done = subprocess.run([str(part) for part in command], capture_output=True, text=True, check=False, cwd="/")
    if done.returncode:
        pytest.fail(f"{Path(command[0]).name} failed:\n{done.stdout}\n{done.stderr}")


@contextmanager
def running(bin_folder: Path, settings: Mapping[str, str] = SETTINGS) -> Iterator[Server]:
    """A server in a folder of its own, short enough for a socket's path."""
    with tempfile.TemporaryDirectory(prefix="pg-", ignore_cleanup_errors=True) as folder:
        owner = _as_nobody()
        if owner:
            user = next(name for name in ("postgres", "nobody") if _known(name))
            shutil.chown(folder, user)
        data, log, port = Path(folder) / "data", Path(folder) / "log", _free_port()
        _run(
            *owner, bin_folder / "initdb", "-D", data, "-U", "kierros", "-A", "trust", "-E", "UTF8", "--no-locale", "-N"
        )
        said = " ".join(f"-c {key}={value}" for key, value in settings.items())
        options = f"-p {port} -k {folder} {said}"

        def control(*words: str) -> None:
            _run(*owner, bin_folder / "pg_ctl", "-D", data, "-l", log, "-o", options, *words)

        control("-w", "-t", "60", "start")
        try:
            yield Server(port, control)
        finally:
            _run(*owner, bin_folder / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")


def wanted_programs() -> Path:
    """The same for a test that cannot do without."""
    found = programs()
    if found is None:
        missing = "PostgreSQL is not installed on this machine (Debian: apt install postgresql)."
        if os.environ.get("CI"):
            pytest.fail(missing)
        pytest.skip(missing)
    return found


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Server]:
    with running(wanted_programs()) as server:
        yield server


@pytest.fixture
def postgres_url(postgres_server: Server) -> Iterator[str]:
    with postgres_server.database() as url:
        yield url
