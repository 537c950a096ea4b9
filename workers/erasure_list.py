"""The list of erasures that lies beside the record, and that no restore touches.

It holds marks, cycles and moments, and nothing about a person: by it whoever was erased is erased again where an older
backup brought her back. The record has the same list; the file outlives the record.
"""

from __future__ import annotations

import os
import sqlite3
from collections.abc import Iterable
from contextlib import closing
from pathlib import Path

from pydantic import ValidationError

from letters.mailbox_page import put
from runtime.settings import Settings
from store.models import Erasure
from store.store import Store

LIST = "erasures.jsonl"
"""Its name in the data folder."""


def enlist(settings: Settings, done: Iterable[Erasure]) -> None:
    """Adds erasures to the list that lies beside the record; those on it stay."""
    known = {(one.cycle, one.mark) for one in listed(settings.data / LIST)}
    lines = [_line(one) for one in done if (one.cycle, one.mark) not in known]
    if not lines:
        return
    with os.fdopen(os.open(settings.data / LIST, os.O_CREAT | os.O_APPEND | os.O_WRONLY, 0o600), "a") as file:
        file.writelines(lines)
        file.flush()
        os.fsync(file.fileno())


def _line(one: Erasure) -> str:
    return one.model_dump_json(include={"mark", "cycle", "asked_at", "asked_by", "role"}) + "\n"


def listed(file: Path) -> list[Erasure]:
    """The erasures on a list; none where there is no such file. A line that was cut off is passed over."""
    found = []
    for line in file.read_text("utf-8").splitlines() if file.is_file() else ():
        try:
            found.append(Erasure.model_validate_json(line))
        except ValidationError:
            continue
    return found


def write_list(store: Store, file: Path) -> int:
    """Writes the whole list to a file, to be kept with the backups; gives back how many are on it."""
    rows = store.erasures()
    put(file, "".join(map(_line, rows)).encode())
    return len(rows)


def gather(settings: Settings, record: Path | None, files: Iterable[Path] = ()) -> int:
    """Adds to the list what other lists have, before a backup takes the record's place; gives back how many it has.

    Args:
        settings: whose data folder has the list.
        record: the file of the record that is replaced, where it is one of SQLite.
        files: lists that were kept elsewhere.

    Raises:
        OSError: one of them cannot be read.
    """
    found = [one for file in files for one in listed(file)]
    if record is not None and record.is_file():
        found += _listed_in(record)
    enlist(settings, found)
    return len(listed(settings.data / LIST))


def _listed_in(record: Path) -> list[Erasure]:
    """The list of a record that may be damaged, or older than lists of erasures: what can be read of it."""
    columns = ("mark", "cycle", "asked_at", "asked_by", "role")
    try:
        with closing(sqlite3.connect(f"{record.as_uri()}?mode=ro", uri=True)) as connection:
            rows = connection.execute(f"SELECT {', '.join(columns)} FROM erasures").fetchall()  # noqa: S608 - our own names
    except sqlite3.Error:
        return []
    return [Erasure.model_validate(dict(zip(columns, row, strict=True))) for row in rows]
