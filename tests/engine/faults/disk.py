"""A small disk of its own for an installation, so that it can be full without filling anybody else's."""

from __future__ import annotations

import contextlib
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

SIZE = "128m"


@contextlib.contextmanager
def small_disk(folder: Path) -> Iterator[tuple[Path, str]]:
    """The folder on a disk in memory, and why it is none where it is none."""
    folder.mkdir()
    why = _mounted(folder)
    try:
        yield folder, why
    except BaseException:
        if not why:  # what lies there tells what has happened
            shutil.copytree(folder, folder.with_name(folder.name + "-kept"), ignore_dangling_symlinks=True)
        raise
    finally:
        if not why:
            subprocess.run(["umount", "-l", str(folder)], check=False, capture_output=True)


def _mounted(folder: Path) -> str:
    if sys.platform != "linux" or os.geteuid() != 0:
        return "a disk of its own takes Linux and root"
    command = ["mount", "-t", "tmpfs", "-o", f"size={SIZE},mode=0700", "kierros-test", str(folder)]
    try:
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    except OSError as why:
        return f"mount cannot be run: {why.strerror}"
    return "" if done.returncode == 0 else f"mount says no: {done.stderr.strip()}"
