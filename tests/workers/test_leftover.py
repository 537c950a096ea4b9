"""What an `up` that was killed has left behind is found and ended; nothing else is."""

from __future__ import annotations

import asyncio
import os
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from workers import leftover
from workers.leftover import command_line, end_leftover, left_behind


@pytest.fixture
def child(tmp_path: Path) -> Iterator[subprocess.Popen[bytes]]:
    """A process that says it serves the file of this folder, and a note of its number."""
    lives = "import time; print(flush=True); time.sleep(60)"
    words = [sys.executable, "-c", lives, "x" * 300, str(tmp_path / "temporal.db")]
    process = subprocess.Popen(words, stdout=subprocess.PIPE)
    assert process.stdout is not None
    process.stdout.readline()  # it runs: just before, Linux has no words of it yet
    (tmp_path / "server.pid").write_text(str(process.pid))
    yield process
    process.kill()
    process.wait()
    process.stdout.close()


@pytest.fixture(params=["ps", "no ps"])
def way(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> None:
    """By the standard ``ps``; and where there is none, by `/proc` on Linux."""
    if request.param == "no ps":
        if not Path("/proc/self").exists():
            pytest.skip("no /proc here")
        monkeypatch.setenv("PATH", "")


@pytest.mark.usefixtures("way")
def test_a_process_left_behind_is_found_by_its_whole_command_line(child: subprocess.Popen[bytes], tmp_path: Path):
    sign = str(tmp_path / "temporal.db")
    assert left_behind(tmp_path / "server.pid", sign) == child.pid
    assert left_behind(tmp_path / "server.pid", "/another/folder/temporal.db") is None


@pytest.mark.usefixtures("way")
def test_a_process_that_has_ended_is_not_taken_for_one_that_lives(child: subprocess.Popen[bytes], tmp_path: Path):
    child.kill()
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert left_behind(tmp_path / "server.pid", str(tmp_path)) is None  # its parent has not asked for it yet
    child.wait()
    assert left_behind(tmp_path / "server.pid", str(tmp_path)) is None


@pytest.mark.parametrize("note", ["", "nothing", "0", "-1"])
def test_a_note_that_names_no_process_touches_none(tmp_path: Path, note: str):
    (tmp_path / "server.pid").write_text(note)
    assert left_behind(tmp_path / "server.pid", "") is None
    assert left_behind(tmp_path / "not-there.pid", "") is None


def test_what_is_left_behind_is_ended(child: subprocess.Popen[bytes], tmp_path: Path):
    asyncio.run(end_leftover(tmp_path / "server.pid", str(tmp_path / "temporal.db")))
    assert child.wait(10) < 0


def test_what_belongs_to_another_folder_is_left_alone(child: subprocess.Popen[bytes], tmp_path: Path):
    asyncio.run(end_leftover(tmp_path / "server.pid", "/another/folder/temporal.db"))
    assert child.poll() is None


def test_it_is_looked_for_in_a_way_that_macos_has_too(child: subprocess.Popen[bytes], monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(leftover, "_from_proc", lambda _pid: "")
    assert "time.sleep(60)" in command_line(child.pid)
