"""One file with all that an installation knows: the record, and the embedded Temporal's histories; and back.

The record is the truth, and Temporal's file is copied first: at worst it is a moment older, and the workflows then find
in the record what they were about to write. Settings and passwords are not in the file; people's data is, and so is the
secret of the data folder, without which links in letters that have left would be of no use.
"""

from __future__ import annotations

import hashlib
import json
import os
import sqlite3
import tempfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from io import TextIOWrapper
from pathlib import Path

from pydantic import AwareDatetime, ValidationError
from sqlalchemy import make_url, select

from exchange.base import Model
from runtime.keys import SECRET_FILE
from runtime.settings import Settings
from store import copying
from store.engine import Ground, connect
from store.migrating import revision
from store.schema import REVISION, cycles
from store.store import Store
from workers.erasure_list import gather
from workers.up import alone

FORM = 1
"""The form of the archive. A newer one is refused."""
MANIFEST = "manifest.json"
HISTORIES = "temporal.db"
FILES = (HISTORIES, SECRET_FILE)
"""What is taken from the data folder as it is."""
_PIECE = 1 << 20
_BESIDE = ("", "-wal", "-shm")
"""What lies beside a file of SQLite and belongs to it."""


class BackupFault(Exception):
    """A backup cannot be made, or not be restored; nothing was changed."""


class Backup(Model):
    """What a backup says of itself."""

    kierros: str
    """The release that made it."""
    archive: int
    record: str
    """The form of its record."""
    made_at: AwareDatetime
    cycles: tuple[str, ...]
    rows: dict[str, int]
    """Table to number of rows, in the order in which they are laid back."""
    sha256: dict[str, str]
    """Name of each part to its checksum."""

    @property
    def histories(self) -> bool:
        """Whether Temporal's histories are in it."""
        return HISTORIES in self.sha256


def save(settings: Settings, store: Store, file: Path) -> Backup:
    """Writes the backup, also while everything runs. The file is there once it is whole.

    Raises:
        BackupFault: the file is there already, or cannot be written; or the record has parts that this release does
            not know.
    """
    with store.reading() as connection:
        if (form := revision(connection)) != REVISION:
            raise BackupFault(
                f"The record has the form {form} of a newer Kierros, and a backup by this one ({REVISION}) would leave "
                "out what is new in it. Make it with that release, or copy folder and database while nothing runs."
            )
    if file.exists():
        raise BackupFault(f"{file} is there already, and a backup overwrites nothing. Name another file.")
    part = file.with_name(file.name + ".part")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_TRUNC | os.O_RDWR, 0o600), "w+b") as raw:
            with zipfile.ZipFile(raw, "w", zipfile.ZIP_DEFLATED) as archive:
                done = _write(settings, store, archive)
            raw.flush()
            os.fsync(raw.fileno())
        part.replace(file)
    except OSError as why:
        raise BackupFault(f"{file} cannot be written: {why.strerror or why}.") from None
    finally:
        part.unlink(missing_ok=True)
    return done


def _write(settings: Settings, store: Store, archive: zipfile.ZipFile) -> Backup:
    sums: dict[str, str] = {}
    rows: dict[str, int] = {}
    if (settings.data / HISTORIES).is_file():
        with tempfile.TemporaryDirectory(dir=settings.data, prefix="backup-") as folder:
            copy = Path(folder, HISTORIES)
            copy_histories(settings.data / HISTORIES, copy)
            sums[HISTORIES] = _add(archive, HISTORIES, _pieces(copy))
    if (settings.data / SECRET_FILE).is_file():
        sums[SECRET_FILE] = _add(archive, SECRET_FILE, _pieces(settings.data / SECRET_FILE))
    with store.reading() as connection:
        known = tuple(connection.execute(select(cycles.c.id).order_by(cycles.c.id)).scalars())
        for name in copying.TABLES:
            lines = _Counted(copying.dump(connection, name))
            sums[_lines_of(name)] = _add(archive, _lines_of(name), lines)
            rows[name] = lines.count - 1
    said = {"kierros": version("kierros"), "archive": FORM, "record": REVISION, "made_at": datetime.now(UTC)}
    done = Backup.model_validate({**said, "cycles": known, "rows": rows, "sha256": sums})
    archive.writestr(MANIFEST, done.model_dump_json(indent=2))
    return done


class _Counted:
    """Lines as bytes, counted as they go by."""

    def __init__(self, lines: Iterable[str]) -> None:
        self._lines, self.count = lines, 0

    def __iter__(self) -> Iterator[bytes]:
        for line in self._lines:
            self.count += 1
            yield line.encode() + b"\n"


def _lines_of(table: str) -> str:
    return f"record/{table}.jsonl"


def copy_histories(source: Path, to: Path) -> None:
    """A file of SQLite as it is at one moment, also while its server writes."""
    with (
        closing(sqlite3.connect(f"{source.as_uri()}?mode=ro", uri=True, timeout=30)) as of,
        closing(sqlite3.connect(to)) as into,
    ):
        of.backup(into)


def _pieces(file: Path) -> Iterator[bytes]:
    with file.open("rb") as source:
        while piece := source.read(_PIECE):
            yield piece


def _add(archive: zipfile.ZipFile, name: str, pieces: Iterable[bytes]) -> str:
    """Adds a part and gives back its checksum."""
    digest = hashlib.sha256()
    with archive.open(name, "w", force_zip64=True) as to:
        for piece in pieces:
            digest.update(piece)
            to.write(piece)
    return digest.hexdigest()


def read(file: Path) -> Backup:
    """What the backup says of itself, once all its parts have been found whole.

    Raises:
        BackupFault: it is none, was damaged, or a newer release made it.
    """
    try:
        with zipfile.ZipFile(file) as archive:
            found = json.loads(archive.read(MANIFEST))
            if found["archive"] > FORM:
                said = f"{file} was made by a newer Kierros ({found['kierros']})."
                raise BackupFault(f"{said} Install that release, or a later one, and restore with it.")
            backup = Backup.model_validate(found)
            for name, wanted in backup.sha256.items():
                digest = hashlib.sha256()
                with archive.open(name) as part:
                    while piece := part.read(_PIECE):
                        digest.update(piece)
                if digest.hexdigest() != wanted:
                    raise BackupFault(f"{file} is damaged: its {name} is not what was saved. Take another backup.")
    except OSError as why:
        raise BackupFault(f"{file} cannot be read: {why.strerror or why}.") from None
    except (zipfile.BadZipFile, KeyError, ValueError, TypeError, ValidationError, EOFError, zlib.error):
        raise BackupFault(f"{file} is no backup of Kierros, or it is damaged. Take another.") from None
    return backup


def restore(
    settings: Settings, file: Path, *, replace: bool, erasures: Iterable[Path] = ()
) -> tuple[Backup, Path | None]:
    """Lays a backup into the data folder, and the record into its database.

    Args:
        settings: the data folder and the database.
        file: the backup.
        replace: whether what is there is moved aside; nothing is deleted.
        erasures: lists of erasures that were kept elsewhere; what they name is known from now on, and whoever restores
            has it erased again (:func:`workers.erasing.repeat`).

    Returns:
        What was restored, and the folder to which what was there has been moved.

    Raises:
        BackupFault: there is something already, or the file cannot be taken.
        StackRuns: `kierros up` runs over the folder.
        StoreFault: the database cannot be written, is not empty, or the form of the record is unknown here.
    """
    backup = read(file)
    settings.data.mkdir(parents=True, exist_ok=True)
    with alone(settings):
        targets = {name: settings.data / name for name in FILES if name == HISTORIES or name in backup.sha256}
        if (record := _sqlite_file(settings)) is not None:
            targets["kierros.db"] = record
        gather(settings, record, erasures)
        there = [target for name, target in targets.items() if target.exists() and not _same(backup, name, target)]
        if there and not replace:
            said = f"{', '.join(map(str, there))} {'is' if len(there) == 1 else 'are'} there already."
            raise BackupFault(f"{said} Restore into an empty folder (--data), or add --replace to have it moved aside.")
        with tempfile.TemporaryDirectory(dir=settings.data, prefix="restore-") as folder:
            _lay(backup, file, Path(folder), settings.database_url if record is None else "")
            aside = _move_aside(settings, there) if there else None
            for name, target in targets.items():
                if Path(folder, name).exists():
                    Path(folder, name).replace(target)
    return backup, aside


def _same(backup: Backup, name: str, target: Path) -> bool:
    """Whether what is there is what would be restored: then it need not go. Only the secret can be."""
    return name == SECRET_FILE and hashlib.sha256(target.read_bytes()).hexdigest() == backup.sha256[name]


def _sqlite_file(settings: Settings) -> Path | None:
    """The file of the record; None where it is in PostgreSQL."""
    url = make_url(settings.database_url)
    return Path(url.database) if url.get_backend_name() == "sqlite" and url.database else None


def _lay(backup: Backup, file: Path, folder: Path, database: str) -> None:
    """Unpacks everything beside where it will be; a record in PostgreSQL comes last, in one transaction."""
    with zipfile.ZipFile(file) as archive:
        for name in FILES:
            if name in backup.sha256:
                archive.extract(name, folder)
                (folder / name).chmod(0o600)
        engine, where = connect(database or f"sqlite:///{folder / 'kierros.db'}")
        ground = Ground(engine, where, "")
        try:
            with ground.writing() as connection:
                copying.prepare(connection, where, backup.record)
                for name, count in backup.rows.items():
                    with TextIOWrapper(archive.open(_lines_of(name)), "utf-8", newline="\n") as lines:
                        if copying.load(connection, name, lines) != count:
                            raise BackupFault(f"{file} is damaged: {name} does not have {count} rows. Take another.")
                copying.finish(connection, where)
        finally:
            ground.close()


def _move_aside(settings: Settings, there: Iterable[Path]) -> Path:
    aside = settings.data / f"before-restore-{datetime.now(UTC):%Y%m%dT%H%M%S}"
    aside.mkdir(mode=0o700)
    for target in there:
        for end in _BESIDE:
            beside = target.with_name(target.name + end)
            if beside.exists():
                beside.replace(aside / beside.name)
    return aside
