"""A mailbox folder instead of a mail server: for practice, where nothing leaves the computer.

Each delivery is one file, ``<time>-<hash of the Message-ID>-<copy>.eml``: the same letter delivered twice makes two
files, so that copies can be counted. ``index.html`` beside them shows all letters in order; it is made anew at most
once per flush, however many letters came in between.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections import Counter
from collections.abc import Callable, Iterable
from datetime import UTC, datetime
from email import message_from_bytes
from hashlib import sha256
from pathlib import Path
from types import TracebackType
from typing import Self

from letters.mailbox_page import letters_in, pages_of, put
from letters.transport import Deferred, Delivered, Outcome

SOON = 0.5
"""Seconds after a delivery until the page shows it, when nobody flushes before."""


class MailboxTransport:
    """Letters into a folder.

    Args:
        folder: made where it does not exist.
        now: the clock that names the files (aware), for tests.
    """

    def __init__(self, folder: Path, *, now: Callable[[], datetime] = lambda: datetime.now(UTC)) -> None:
        self.folder = folder
        self._now = now
        self._pages = pages_of(folder.resolve())
        self._copies: Counter[str] = Counter()
        self._dirty = False
        self._later: asyncio.TimerHandle | None = None
        self._flushing: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Self:
        self.folder.mkdir(parents=True, exist_ok=True)
        self._copies = Counter(file.stem.split("-")[1] for file in letters_in(self.folder))
        self._dirty = not (self.folder / "index.html").exists()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        if self._later is not None:
            self._later.cancel()
        if self._flushing is not None:
            await self._flushing
        await self.flush()

    async def send(self, message: bytes, sender: str, recipient: str) -> Outcome:  # noqa: ARG002 - no envelope here
        """Puts the letter into the folder, whole or not at all."""
        mark = message_mark(message)
        name = f"{self._now().astimezone(UTC):%Y%m%dT%H%M%S.%fZ}-{mark}-{self._copies[mark] + 1}.eml"
        try:
            put(self.folder / name, message)
        except OSError as why:
            return Deferred(f"the mailbox folder cannot be written to ({why.strerror or type(why).__name__})")
        self._copies[mark] += 1
        self._dirty = True
        if self._later is None:
            self._later = asyncio.get_running_loop().call_later(SOON, self._start_flush)
        return Delivered("into the mailbox folder")

    def _start_flush(self) -> None:
        self._later = None
        self._flushing = asyncio.create_task(self.flush())

    async def flush(self) -> None:
        """Brings ``index.html`` up to date, if letters have come since it was made."""
        if not self._dirty:
            return
        self._dirty = False
        # a page that cannot be written harms no letter: the next flush tries again
        with contextlib.suppress(OSError):
            await asyncio.to_thread(self._pages.write)
            return
        self._dirty = True


def message_mark(message: bytes) -> str:
    """Sixteen hexadecimal digits that stand for the letter's Message-ID."""
    headers = message_from_bytes(message.partition(b"\r\n\r\n")[0])
    return mark_of(str(headers["Message-ID"]))


def mark_of(message_id: str) -> str:
    """The same, of the Message-ID itself."""
    return sha256(message_id.encode()).hexdigest()[:16]


def forget(folder: Path, message_ids: Iterable[str]) -> int:
    """Takes every copy of these letters out of a mailbox folder, and their pages; gives back how many copies.

    Raises:
        OSError: a file cannot be removed, or the pages not be written anew.
    """
    if not folder.is_dir():
        return 0
    marks = {mark_of(one) for one in message_ids}
    gone = [file for file in letters_in(folder) if file.stem.split("-")[1] in marks]
    for file in gone:
        file.unlink(missing_ok=True)
    if gone:
        pages_of(folder.resolve()).forget()
    return len(gone)
