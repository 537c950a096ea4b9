"""`backup` and `restore`: whole, checked, never half-done, and nothing is overwritten."""

from __future__ import annotations

import fcntl
import json
import shutil
import sqlite3
import stat
import zipfile
from pathlib import Path
from typing import Any

import pytest

from runtime.keys import read_keys, secret_missing
from runtime.settings import Settings
from store.store import open_store
from tests.cli.world import KRISTINA, Ran, World


def saved(world: World, tmp_path: Path) -> tuple[str, Path]:
    """A cycle, and a backup of it with what stands for Temporal's histories."""
    cycle = world.start(days_ago=22)
    with sqlite3.connect(world.folder / "temporal.db") as histories:
        histories.execute("CREATE TABLE IF NOT EXISTS history (event TEXT)")
        histories.execute("INSERT INTO history VALUES ('begun')")
    histories.close()
    file = tmp_path / "kierros.zip"
    ran = world.type("backup", str(file))
    assert ran.code == 0, ran.sentence
    assert "1 cycle, with Temporal's histories" in ran.sentence
    return cycle, file


def into(world: World, folder: Path, file: Path, *options: str) -> Ran:
    return world.type("restore", str(file), "--data", str(folder), *options)


def changed(file: Path, name: str, change: Any) -> None:
    """Writes one part of the backup anew."""
    with zipfile.ZipFile(file) as old:
        parts = {part: old.read(part) for part in old.namelist()}
    parts[name] = change(parts[name])
    with zipfile.ZipFile(file, "w") as new:
        for part, data in parts.items():
            new.writestr(part, data)


def test_what_was_saved_is_restored_as_it_was(world: World, tmp_path: Path):
    cycle, file = saved(world, tmp_path)
    assert stat.S_IMODE(file.stat().st_mode) == 0o600
    ran = into(world, tmp_path / "new", file)
    assert ran.code == 0, ran.sentence
    assert "Next: kierros up" in ran.sentence
    again = open_store(f"sqlite:///{tmp_path / 'new' / 'kierros.db'}")
    assert again.load(cycle) == world.store.load(cycle)
    assert again.letters(cycle) == world.store.letters(cycle)
    assert [one.name for one in again.staff()] == [one.name for one in world.store.staff()]
    again.close()
    with sqlite3.connect(tmp_path / "new" / "temporal.db") as histories:
        assert histories.execute("SELECT event FROM history").fetchall() == [("begun",)]
    histories.close()
    assert sorted(f.name for f in (tmp_path / "new").iterdir() if f.is_dir()) == []
    for name in ("kierros.db", "temporal.db"):
        assert stat.S_IMODE((tmp_path / "new" / name).stat().st_mode) == 0o600


def test_a_backup_overwrites_nothing(world: World, tmp_path: Path):
    _, file = saved(world, tmp_path)
    before = file.read_bytes()
    ran = world.type("backup", str(file))
    assert (ran.code, file.read_bytes()) == (1, before)
    assert "is there already" in ran.sentence
    nowhere = world.type("backup", str(tmp_path / "no" / "such.zip"))
    assert nowhere.code == 1
    assert "cannot be written" in nowhere.sentence


def test_passwords_are_not_in_a_backup(world: World, tmp_path: Path):
    file = tmp_path / "kierros.zip"
    assert world.type("backup", str(file), KIERROS_SMTP_PASSWORD="zqsecret").code == 0
    with zipfile.ZipFile(file) as archive:
        assert all(b"zqsecret" not in archive.read(name) for name in archive.namelist())


def test_the_secret_comes_along_so_that_links_in_letters_stay_of_use(world: World, tmp_path: Path):
    there, new = Settings(data=world.folder), Settings(data=tmp_path / "new")
    key = read_keys(there).derived("links")
    _, file = saved(world, tmp_path)
    assert into(world, new.data, file).code == 0
    assert not secret_missing(new)
    assert read_keys(new).derived("links") == key
    assert stat.S_IMODE((new.data / "secret.key").stat().st_mode) == 0o600


def test_another_secret_that_is_there_is_not_overwritten(world: World, tmp_path: Path):
    read_keys(Settings(data=world.folder))
    _, file = saved(world, tmp_path)
    there = Settings(data=tmp_path / "new")
    key = read_keys(there).derived("links")
    refused = into(world, there.data, file)
    assert refused.code == 1
    assert "secret.key is there already" in refused.sentence
    assert read_keys(there).derived("links") == key
    (there.data / "secret.key").write_bytes((world.folder / "secret.key").read_bytes())
    assert into(world, there.data, file).code == 0, "the very same one is in nobody's way"


def test_what_is_there_is_moved_aside_only_when_told_and_never_deleted(world: World, tmp_path: Path):
    cycle, file = saved(world, tmp_path)
    before = world.store.cycle(cycle)
    refused = into(world, world.folder, file)
    assert refused.code == 1
    assert "--replace" in refused.sentence
    world.store.close()
    ran = into(world, world.folder, file, "--replace")
    assert ran.code == 0, ran.sentence
    (aside,) = world.folder.glob("before-restore-*")
    assert {"kierros.db", "temporal.db"} <= {f.name for f in aside.iterdir()}
    for folder in (aside, world.folder):
        kept = open_store(f"sqlite:///{folder / 'kierros.db'}")
        assert kept.cycle(cycle) == before
        kept.close()


def test_nothing_is_restored_under_a_running_stack(world: World, tmp_path: Path):
    _, file = saved(world, tmp_path)
    with (world.folder / "up.lock").open("a") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        ran = into(world, world.folder, file, "--replace")
    assert ran.code == 1
    assert "`kierros up` runs already" in ran.sentence
    assert not list(world.folder.glob("before-restore-*"))


def newer(data: bytes) -> bytes:
    return json.dumps({**json.loads(data), "archive": 2, "kierros": "9.0.0"}).encode()


def newer_record(data: bytes) -> bytes:
    return json.dumps({**json.loads(data), "record": "9999"}).encode()


@pytest.mark.parametrize(
    ("part", "change", "said"),
    [
        ("manifest.json", newer, "made by a newer Kierros (9.0.0). Install that release"),
        ("manifest.json", newer_record, "written by a newer Kierros (its form is 9999). Install that release"),
        ("manifest.json", lambda _: b"{}", "is no backup of Kierros, or it is damaged"),
        ("record/journal.jsonl", lambda data: data[:-40], "damaged: its record/journal.jsonl is not what was saved"),
        ("temporal.db", lambda data: data[:100], "damaged: its temporal.db is not what was saved"),
    ],
)
def test_a_backup_that_cannot_be_taken_is_refused_and_nothing_is_touched(
    world: World, tmp_path: Path, part: str, change: Any, said: str
):
    _, file = saved(world, tmp_path)
    changed(file, part, change)
    ran = into(world, tmp_path / "new", file)
    assert ran.code in {1, 3}
    assert said in ran.sentence
    assert "Traceback" not in ran.err
    assert not [f for f in (tmp_path / "new").glob("*") if f.name != "up.lock"]


@pytest.mark.parametrize("kind", ["none", "folder", "text", "half"])
def test_what_is_no_backup_is_refused(world: World, tmp_path: Path, kind: str):
    _, file = saved(world, tmp_path)
    other = tmp_path / "other.zip"
    if kind == "folder":
        other.mkdir()
    elif kind == "text":
        shutil.copy(Path(__file__), other)
    elif kind == "half":
        other.write_bytes(file.read_bytes()[: file.stat().st_size // 2])
    ran = into(world, tmp_path / "new", other)
    assert ran.code == 1
    assert "other.zip" in ran.sentence
    assert "Traceback" not in ran.err
    assert KRISTINA not in ran.sentence


@pytest.mark.parametrize("words", [["history"], ["show"], [], ["doctor"]], ids=" ".join)
def test_a_journal_with_a_gap_is_told_with_its_place_and_how_to_mend_it(world: World, words: list[str]):
    cycle = world.start(days_ago=22)
    with sqlite3.connect(world.folder / "kierros.db") as record:
        record.execute("DELETE FROM journal WHERE position = 2")
    record.close()
    ran = world.type(*words)
    assert ran.code == 1
    said = " ".join((ran.err + ran.out).split())
    assert f"The journal of {cycle} has a gap at event 2" in said
    assert "restore a backup (`kierros restore`)" in said
    assert "Traceback" not in ran.err
