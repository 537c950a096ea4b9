"""A record that cannot be written: locked, on a full disk, or its PostgreSQL away."""

from __future__ import annotations

import contextlib
import errno
import sqlite3
import time
from contextlib import closing
from pathlib import Path

import psycopg

from tests.engine.faults.scene import Fault, Scene
from tests.postgres import Server


def locked_for(seconds: float) -> Fault:
    """Somebody else writes into the file for so long."""

    def strike(scene: Scene) -> None:
        scene.soon()
        file = scene.here.folder / "kierros.db"
        with closing(sqlite3.connect(file, isolation_level=None, timeout=30)) as lock:
            lock.execute("BEGIN IMMEDIATE")
            time.sleep(seconds)
            lock.execute("ROLLBACK")

    return Fault(f"record locked for {seconds:.0f} s", strike)


def fill(disk: Path) -> Path:
    """Writes until nothing more goes onto the disk."""
    ballast = disk / "ballast"
    with ballast.open("wb", buffering=0) as file:
        for size in (1 << 20, 1 << 12, 1):
            with contextlib.suppress(OSError):
                while file.write(b"\0" * size):
                    pass
    return ballast


def full(disk: Path) -> bool:
    """Whether not one byte more goes onto it."""
    probe = disk / "probe"
    try:
        probe.write_bytes(b"x")
    except OSError as why:
        return why.errno == errno.ENOSPC
    finally:
        probe.unlink(missing_ok=True)
    return False


def disk_full(scene: Scene) -> None:
    assert scene.disk is not None
    scene.soon()
    ballast = fill(scene.disk)
    try:
        scene.noted["disk full"] = scene.noted.get("disk full", 0) + full(scene.disk)
        until = time.monotonic() + 4
        while time.monotonic() < until:  # what others give back is taken too
            with contextlib.suppress(OSError), ballast.open("ab", buffering=0) as file:
                while file.write(b"\0" * 512):
                    pass
            time.sleep(0.1)
    finally:
        ballast.unlink()


def restarted(how: str) -> Fault:
    """PostgreSQL goes down and comes up again: ``fast`` breaks connections off, ``immediate`` is a crash."""

    def strike(scene: Scene) -> None:
        scene.soon()
        _server(scene).restart(how)

    return Fault(f"PostgreSQL restarted ({how})", strike)


def broken_off(scene: Scene) -> None:
    for _ in range(3):
        scene.soon()
        _server(scene).execute(
            "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE pid <> pg_backend_pid() AND datname <> ''"
        )


def tables_locked(scene: Scene) -> None:
    with psycopg.connect(scene.here.variables["KIERROS_DATABASE"]) as connection:
        connection.execute("LOCK TABLE cycles IN ACCESS EXCLUSIVE MODE")
        time.sleep(6)


def _server(scene: Scene) -> Server:
    assert scene.postgres is not None
    return scene.postgres


LONG_LOCK = locked_for(30)
ON_SQLITE = (locked_for(6),)
ON_A_SMALL_DISK = (Fault("disk full", disk_full),)
ON_POSTGRESQL = (
    restarted("fast"),
    restarted("immediate"),
    Fault("PostgreSQL breaks off its connections", broken_off),
    Fault("PostgreSQL's tables locked for 6 s", tables_locked),
)
