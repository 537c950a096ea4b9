"""Harm that is done to files and processes behind the back of Kierros."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import sqlite3
import threading
import time
import zipfile
from collections.abc import Iterator
from pathlib import Path

from workers.backup import FORM, MANIFEST


def make_newer(file: Path, newer: Path) -> None:
    """The same backup as a newer release would make it."""
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(newer, "w") as new:
        for name in old.namelist():
            said = old.read(name)
            if name == MANIFEST:
                said = json.dumps(json.loads(said) | {"archive": FORM + 1, "kierros": "9.0.0"}).encode()
            new.writestr(name, said)


def delete_event(record: Path, position: int) -> None:
    """Takes one event out of the journal."""
    with contextlib.closing(sqlite3.connect(record, timeout=30)) as connection, connection:
        assert connection.execute("DELETE FROM journal WHERE position = ?", (position,)).rowcount == 1


@contextlib.contextmanager
def held(record: Path, seconds: float) -> Iterator[None]:
    """Another program has begun to write into the record, and is done after so long."""
    begun = threading.Event()

    def write() -> None:
        with contextlib.closing(sqlite3.connect(record, isolation_level=None, timeout=30)) as connection:
            connection.execute("BEGIN IMMEDIATE")
            begun.set()
            time.sleep(seconds)
            connection.execute("ROLLBACK")

    thread = threading.Thread(target=write, name="another program", daemon=True)
    thread.start()
    assert begun.wait(60), "the record could not be locked"
    yield
    thread.join(60)


def stopped(pid_file: Path) -> bool:
    """Freezes a process where it stands; false where it does not run just now."""
    with contextlib.suppress(ProcessLookupError, ValueError):
        os.kill(int(pid_file.read_text()), signal.SIGSTOP)
        return True
    return False
