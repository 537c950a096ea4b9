"""Kierros' command line over one data folder, and the stack beneath it: what the demo plays with."""

from __future__ import annotations

import contextlib
import json
import os
import queue
import re
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterator
from email import policy
from email.parser import BytesParser
from pathlib import Path
from typing import Any, TextIO

OPEN = ("running", "suspended")
"""The phases of a cycle that goes on."""
COMES_UP = 180.0
"""Seconds that a busy machine may take to bring `kierros up` up."""
KIERROS = str(Path(sys.executable).with_name("kierros"))


class Trouble(Exception):
    """The demo cannot go on; the sentence says why."""


class TooBusy(Trouble):
    """The people could not keep up with the year; the sentence says with what."""


class Watch:
    """`kierros watch`, which goes on telling where a cycle stands; it is started again where it ends too early.

    One program looks on all the time: to start one for each look takes a second or more of a busy machine.
    """

    def __init__(self, command: list[str], environment: dict[str, str]) -> None:
        self._command, self._environment = command, environment
        self._lines: queue.SimpleQueue[str] = queue.SimpleQueue()
        self._board: dict[str, Any] | None = None
        self._start()

    def newest(self) -> dict[str, Any] | None:
        """Where the cycle stands now, as far as told; nothing as long as nothing was told."""
        ended = self._process.poll() is not None and not self._reader.is_alive()
        while not self._lines.empty():
            self._board = json.loads(self._lines.get())
        if ended and (self._board is None or self._board["phase"] in OPEN):
            self._start()
        return self._board

    def stop(self) -> None:
        """Ends the program."""
        self._process.terminate()
        self._process.wait()
        self._reader.join()

    def _start(self) -> None:
        self._process = subprocess.Popen(
            self._command, env=self._environment, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL, text=True,
        )  # fmt: skip
        self._reader = threading.Thread(target=self._read, args=(self._process.stdout,), daemon=True)
        self._reader.start()

    def _read(self, lines: TextIO) -> None:
        with lines:
            for line in lines:
                self._lines.put(line)


class Desk:
    """Kierros' command line over one data folder, for whoever starts the cycle unless another acts."""

    def __init__(self, data: Path, starter: str) -> None:
        self.data, self.starter = data, starter
        self.environment = {**os.environ, "KIERROS_DATA": str(data), "PYTHONUNBUFFERED": "1"}
        # who signs in for the demo does so for the demo alone
        self.environment["XDG_CONFIG_HOME"] = str(data / "config")
        for name in ("KIERROS_DATABASE", "KIERROS_TRANSPORT", "KIERROS_STAFF", "TEMPORAL_ADDRESS"):
            self.environment.pop(name, None)

    def run(self, *words: str, acting: str = "", fails: bool = False) -> subprocess.CompletedProcess[str]:
        """One command. Raises Trouble where it fails and may not."""
        command = [KIERROS, *words, "--as", acting or self.starter, "--no-input"]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode and not fails:
            raise Trouble(f"`kierros {' '.join(words)}` said: {done.stderr.strip() or done.stdout.strip()}")
        return done

    def sign_in(self, name: str, address: str) -> None:
        """Signs a member of staff in as she would: by the code in the letter that comes to her."""
        self.run("login", name)
        files = sorted((self.data / "mailbox").glob("*.eml"), reverse=True)
        letters = (BytesParser(policy=policy.default).parsebytes(file.read_bytes()) for file in files)
        hers = next((letter for letter in letters if address in str(letter["To"])), None)
        text = hers.get_body(("plain",)) if hers is not None else None
        code = re.search(r"^    ([0-9A-Z]{4}-[0-9A-Z]{4})\r?$", text.get_content() if text else "", re.MULTILINE)
        if code is None:
            raise Trouble(f"No letter with a code has come to {address}.")
        self.run("login", name, "--code", code[1])

    @contextlib.contextmanager
    def watching(self, cycle: str) -> Iterator[Watch]:
        """Looks on at a cycle as long as the context lasts."""
        watch = Watch([KIERROS, "watch", cycle, "--json", "--as", self.starter, "--no-input"], self.environment)
        try:
            yield watch
        finally:
            watch.stop()

    def data_of(self, *words: str) -> Any:
        """What a command prints as data; None where it has nothing to say just now."""
        done = self.run(*words, "--json", fails=True)
        return json.loads(done.stdout) if done.returncode == 0 and done.stdout.strip() else None


@contextlib.contextmanager
def stack(desk: Desk, *, keep: bool) -> Iterator[dict[str, Any]]:
    """`kierros up` in the background, and its addresses."""
    log = (desk.data / "up.log").open("ab")
    process = subprocess.Popen(
        [KIERROS, "up"], env=desk.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
    )
    try:
        yield _addresses(desk, process)
    except Trouble:
        keep = False  # of a year that broke off nothing is left to look at
        raise
    finally:
        if keep and process.poll() is None:
            print(f"The stack stays up. To stop it: kill {process.pid}")
        else:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
        log.close()


def _addresses(desk: Desk, process: subprocess.Popen[bytes]) -> dict[str, Any]:
    until = time.monotonic() + COMES_UP
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError, ValueError):
            found: dict[str, Any] = json.loads((desk.data / "stack.json").read_text())
            return found
        time.sleep(0.1)
    raise Trouble(f"`kierros up` did not come up: {(desk.data / 'up.log').read_text()[-800:]}")
