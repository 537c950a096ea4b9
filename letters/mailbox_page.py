"""The mailbox folder as pages: ``index.html`` lists all letters in order, and each letter has a page of its own.

Opened from the disk in any browser. Nothing is loaded from elsewhere; without JavaScript only the filter is missing.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage
from functools import cache
from html import escape
from itertools import groupby
from pathlib import Path
from threading import Lock

from jinja2 import Environment, PackageLoader, StrictUndefined, Template

PAGES = "pages"
"""The folder of the single letters' pages, beside ``index.html``."""


_PAGE = re.compile(r"(\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{16}-\d+)(-\d+\.ics|\.html)")
_OURS = re.compile(r"\d{8}T\d{6}\.\d{6}Z-[0-9a-f]{16}-\d+\.eml")


def letters_in(folder: Path) -> list[Path]:
    """The letters in a mailbox folder in the order of their delivery; what else lies there is left alone."""
    return sorted(file for file in folder.iterdir() if _OURS.fullmatch(file.name))


@dataclass(frozen=True)
class Row:
    """One letter in the list."""

    stem: str
    at: datetime
    """When it was delivered (UTC)."""
    name: str
    address: str
    subject: str
    language: str
    copy: int
    calendar: str
    """``REQUEST`` or ``CANCEL`` when a calendar entry comes with it, else empty."""


class MailboxPages:
    """Makes the pages of one folder. Letters it has seen are not read again."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder
        self._rows: dict[str, Row] = {}
        self._turn = Lock()

    def write(self) -> None:
        """Adds the pages of new letters and replaces ``index.html``. May be called from several threads."""
        with self._turn:
            while not self._write():
                self._sweep()  # another process took letters away meanwhile: nothing of them may come back

    def _sweep(self) -> None:
        """Takes away pages and entries of letters that are not there any more."""
        there = {file.stem for file in letters_in(self._folder)}
        for page in (self._folder / PAGES).iterdir():
            if (match := _PAGE.fullmatch(page.name)) is not None and match[1] not in there:
                page.unlink(missing_ok=True)

    def forget(self) -> None:
        """The pages without those of letters that were taken away."""
        (self._folder / PAGES).mkdir(parents=True, exist_ok=True)
        self._sweep()
        self.write()

    def _write(self) -> bool:
        """Whether all letters of the pages are still there."""
        pages = self._folder / PAGES
        pages.mkdir(parents=True, exist_ok=True)
        files = letters_in(self._folder)
        for file in files:
            if file.stem not in self._rows or not (pages / f"{file.stem}.html").exists():
                self._rows[file.stem] = self._add(file, pages)
        rows = [self._rows[file.stem] for file in files]
        days = [(day, list(of_day)) for day, of_day in groupby(rows, lambda row: row.at.date())]
        people = sorted({(row.name or row.address, row.address) for row in rows})
        index = _template("index.jinja").render(days=days, people=people, count=len(rows), pages=PAGES)
        put(self._folder / "index.html", index.encode("utf-8"))
        return set(files) <= set(letters_in(self._folder))

    def _add(self, file: Path, pages: Path) -> Row:
        letter = message_from_bytes(file.read_bytes(), policy=policy.default)
        entries = _entries(letter)
        for number, (_, data) in enumerate(entries, 1):
            put(pages / f"{file.stem}-{number}.ics", data)
        row = _row(file.stem, letter, entries[0][0] if entries else "")
        put(pages / f"{file.stem}.html", _page(row, letter, len(entries)).encode("utf-8"))
        return row


@dataclass(frozen=True)
class Read:
    """A letter of the folder, as the portal shows it."""

    row: Row
    sender: str
    text: str
    entries: tuple[bytes, ...]


def read_letter(file: Path) -> Read:
    """One letter of the folder."""
    letter = message_from_bytes(file.read_bytes(), policy=policy.default)
    entries = _entries(letter)
    row = _row(file.stem, letter, entries[0][0] if entries else "")
    return Read(row, str(letter["From"]), _said(letter, "plain"), tuple(data for _, data in entries))


@cache
def pages_of(folder: Path) -> MailboxPages:
    """The pages of a folder: one object for the whole process, so that each letter is read once."""
    return MailboxPages(folder)


def _row(stem: str, letter: EmailMessage, calendar: str) -> Row:
    time, _, copy = stem.split("-")
    to = letter["To"].addresses[0]
    return Row(
        stem=stem,
        at=datetime.strptime(time, "%Y%m%dT%H%M%S.%fZ").replace(tzinfo=UTC),
        name=to.display_name,
        address=to.addr_spec,
        subject=str(letter["Subject"]),
        language=str(letter.get("Content-Language", "")),
        copy=int(copy),
        calendar=calendar,
    )


def _entries(letter: EmailMessage) -> list[tuple[str, bytes]]:
    """The attached calendar objects with their methods."""
    found = []
    for part in letter.iter_attachments():
        data = part.get_payload(decode=True)
        assert isinstance(data, bytes)
        found.append(("CANCEL" if b"METHOD:CANCEL" in data else "REQUEST", data))
    return found


def _page(row: Row, letter: EmailMessage, entries: int) -> str:
    """The letter's own HTML, with what stands on its envelope above it."""
    html, text = (_said(letter, kind) for kind in ("html", "plain"))
    values = {"row": row, "letter": letter, "text": text, "entries": entries, "pages": PAGES}
    envelope = _template("envelope.jinja").render(values)
    head, body, rest = html.partition("<body>")
    if not body:
        head, rest = "<!DOCTYPE html><html><head></head>", f"<pre>{escape(text)}</pre></body></html>"
    return head.replace("<head>", f"<head>\n{_POLICY}", 1) + "<body>" + envelope + rest


_POLICY = "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; style-src 'unsafe-inline'\">"


def _said(letter: EmailMessage, kind: str) -> str:
    part = letter.get_body(preferencelist=(kind,))
    return str(part.get_content()) if part is not None else ""


@cache
def _template(name: str) -> Template:
    environment = Environment(
        loader=PackageLoader("letters", "templates/mailbox"), autoescape=True, undefined=StrictUndefined,
        trim_blocks=True, lstrip_blocks=True, auto_reload=False,
    )  # fmt: skip
    return environment.get_template(name)


def put(file: Path, content: bytes) -> None:
    """Writes a file, whole or not at all."""
    draft = file.with_name(f".{file.name}.{os.getpid()}.part")
    draft.write_bytes(content)
    draft.replace(file)
