"""The ground under a record gives way: its disk is full, or its PostgreSQL is away."""

from __future__ import annotations

import shutil
import sqlite3
from contextlib import closing
from pathlib import Path

import pytest

from store.store import open_store
from tests.engine.faults.disk import small_disk
from tests.engine.faults.record import fill, full
from tests.postgres import Server, running, wanted_programs
from tests.troubles.scene import JUSSI, MAIJA, Scene


def onto_a_small_disk(scene: Scene) -> None:
    """The data folder lies on a small disk of its own."""
    scene.store.close()
    kept = scene.data.with_name("before")
    scene.data.rename(kept)
    _, why = scene.ends.enter_context(small_disk(scene.data))
    if why:
        pytest.skip(why)
    shutil.copytree(kept, scene.data, dirs_exist_ok=True)
    scene.store = open_store(f"sqlite:///{scene.data / 'kierros.db'}")


def fill_up(scene: Scene) -> Path:
    """Nothing more goes onto that disk, not even into a log that was begun; gives back what fills it."""
    with closing(sqlite3.connect(scene.data / "kierros.db", timeout=30)) as connection:
        connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
    ballast = fill(scene.data)
    assert full(scene.data)
    return ballast


def into_postgresql(scene: Scene) -> Server:
    """The record lies in PostgreSQL."""
    scene.store.close()
    server = scene.ends.enter_context(running(wanted_programs()))
    url = scene.ends.enter_context(server.database())
    scene.variables["KIERROS_DATABASE"] = url
    scene.store = open_store(url)
    for name in (MAIJA, JUSSI):
        scene.store.add_staff(name, f"{name.split()[0].lower()}@library.example")
    return server
