"""What an `up` that was killed has left behind: its children go on, and two servers must not share a file.

Found by the standard ``ps``, which Linux and macOS both have; `/proc` is only Linux.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import signal
import subprocess
from pathlib import Path


async def end_leftover(pid_file: Path, sign: str) -> None:
    """Ends a child that an `up` which was killed has left behind.

    Only a process that this folder wrote down and whose command line still names ``sign`` is touched: the number may
    belong to something else by now.
    """
    pid = await asyncio.to_thread(left_behind, pid_file, sign)
    if pid is None:
        return
    for sig in (signal.SIGTERM, signal.SIGKILL):
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sig)
        for _ in range(50):
            await asyncio.sleep(0.1)
            if await asyncio.to_thread(left_behind, pid_file, sign) is None:
                return


def left_behind(pid_file: Path, sign: str) -> int | None:
    """The process that is written down there, if it lives and its command line names ``sign``."""
    try:
        pid = int(pid_file.read_text())
    except (OSError, ValueError):
        return None
    return pid if pid > 0 and sign in command_line(pid) else None


def command_line(pid: int) -> str:
    """The words a process was started with, as ``ps`` tells them; empty where there is none, or it has ended.

    ``-ww``: not cut off at the width of a terminal. A process that has ended and whose parent has not asked yet
    (a zombie) has its words in brackets, or none.
    """
    environment = {**os.environ, "LC_ALL": "C", "COLUMNS": "32767"}
    try:
        asked = subprocess.run(
            ["ps", "-ww", "-o", "stat=", "-o", "command=", "-p", str(pid)],
            env=environment, capture_output=True, check=False, timeout=10,
        )  # fmt: skip
    except (OSError, subprocess.TimeoutExpired):
        return _from_proc(pid)
    state, _, words = asked.stdout.decode(errors="replace").strip().partition(" ")
    return "" if state.startswith("Z") else words.strip()


def _from_proc(pid: int) -> str:
    """The same from `/proc`, for a container in which there is no ``ps``."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_bytes().replace(b"\0", b" ").decode(errors="replace").strip()
    except OSError:
        return ""
