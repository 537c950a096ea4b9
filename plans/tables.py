"""Tables as they arrive, CSV in its many notations or XLSX, made into rows of plain text with their numbers."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import zipfile
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

from plans.encodings import UnknownEncoding, decode
from plans.said import Several, joined, said
from plans.words import plain

MOST_ROWS = 20_000
LARGEST = 20_000_000
"""A list of more bytes than this is something else."""
TOO_MUCH = "unpacks to far too much for a list of people; is it the right file? Save it as CSV."
UNPACKED = 40_000_000
"""Bytes to which a workbook may unpack: 20,000 people need a quarter of them, and reading them takes half a minute."""
LONGEST = 4_000
"""Characters in one cell."""

_OLD_EXCEL = b"\xd0\xcf\x11\xe0"


class Unreadable(ValueError):
    """A whole file cannot be taken. ``str()`` is the sentence, with how to mend it."""


@dataclass(frozen=True)
class Refused:
    """One row that was not taken."""

    row: int
    """Its number as a spreadsheet shows it, from 1; 0 for the whole file."""
    column: str
    """The column in question, as the file's heading calls it; empty where it is the row as a whole."""
    reason: str
    """What is wrong and how to mend it."""
    name: str = ""
    """The name in the row, where it has one."""

    def __str__(self) -> str:
        where = f"row {self.row}" if self.row else "the file"
        return f"{where}: {f'{self.column}: ' if self.column else ''}{self.reason}"


@dataclass(frozen=True)
class Row:
    """One row of a table, its cells by the meaning of their column."""

    number: int
    cells: Mapping[str, str]
    """Column to text, trimmed; only columns that the file has."""

    def __getitem__(self, column: str) -> str:
        return self.cells.get(column, "")


@dataclass(frozen=True)
class Table:
    """A table whose heading was understood."""

    headings: Mapping[str, str]
    """Column to its heading as the file writes it."""
    rows: tuple[Row, ...]
    """Rows that hold anything, in the file's order."""
    ignored: tuple[str, ...] = ()
    """Headings that mean nothing to us."""
    digest: str = ""
    """SHA-256 of the file as it was read."""

    def heading(self, column: str) -> str:
        """What the file calls a column; the column itself where it has none."""
        return self.headings.get(column, column)


def read_table(
    source: Path | bytes, name: str, meaning: Callable[[str], str], needed: Sequence[Sequence[str]]
) -> Table:
    """Reads a CSV file or the first sheet of a workbook that has the needed columns.

    Args:
        source: the file, or what was in it.
        name: its name, by whose ending a workbook is known.
        meaning: a heading in plain form (:func:`heading_key`) to the column it means, or an empty string.
        needed: columns without which nothing can be done: of each group at least one.

    Raises:
        Unreadable: the file cannot be opened, is in no known encoding, lacks a needed column, or is far too large.
    """
    data = _bytes(source)
    best = Table({}, ())
    for grid in _grids(data, name):
        table = _understood(grid, meaning, needed)
        if all(any(column in table.headings for column in group) for group in needed) and table.headings:
            return replace(table, digest=hashlib.sha256(data).hexdigest())
        best = max(best, table, key=lambda t: len(t.headings))
    lacking = [group[0] for group in needed if not any(column in best.headings for column in group)]
    headings = Several(f"“{column}”" for column in lacking)
    raise Unreadable(said("has no heading for {headings}; name the columns in the first row.", headings=headings))


def heading_key(words: str) -> str:
    """A heading in plain form: letters and figures only, in lower case (``E-mail address`` is ``emailaddress``)."""
    return re.sub(r"[\W_]+", "", plain(words))


def _bytes(source: Path | bytes) -> bytes:
    try:
        data = source if isinstance(source, bytes) else source.read_bytes()
    except OSError as why:
        raise Unreadable(
            f"cannot be opened ({why.strerror or why}); check the name and that you may read it."
        ) from None
    if not data.strip():
        raise Unreadable(said("is empty; it needs a row of headings and a row for each person."))
    if len(data) > LARGEST:
        raise Unreadable(said("is far too large for a list of people; is it the right file?"))
    return data


Grid = list[tuple[int, list[str]]]
"""Rows with their numbers; every cell as text."""


def _grids(data: bytes, name: str) -> Iterator[Grid]:
    if data.startswith(b"PK\x03\x04"):
        yield from _sheets(data)
    elif data.startswith(_OLD_EXCEL):
        old = "is an old or password-protected Excel file; save it as .xlsx without a password, or as CSV."
        raise Unreadable(said(old))
    elif name.lower().endswith((".xlsx", ".xlsm")):
        raise Unreadable(said("is called a workbook but is none; save it anew as .xlsx or as CSV."))
    else:
        yield from _delimited(data)


def _delimited(data: bytes) -> Iterator[Grid]:
    """The table once for each delimiter that its first lines know, the likeliest first."""
    try:
        text = decode(data)
    except UnknownEncoding as why:
        raise Unreadable(joined("{why} {hint}", why=str(why), hint=said("In Excel that is “CSV UTF-8”."))) from None
    head = text.lstrip()[:2000].splitlines()
    named = re.fullmatch(r"sep=(.)", head[0].strip()) if head else None
    marks = [named[1]] if named else sorted(";\t,", key=lambda mark: -sum(line.count(mark) for line in head))
    broken: Unreadable | None = None
    for mark in marks:
        try:
            grid = _csv(text, mark)
        except Unreadable as why:
            broken = broken or why
            continue
        yield grid
    if broken:
        raise broken


def _csv(text: str, mark: str) -> Grid:
    rows: Grid = []
    try:
        reader = csv.reader(io.StringIO(text, newline=""), delimiter=mark, skipinitialspace=True, strict=True)
        for number, cells in enumerate(reader, 1):
            rows.append((number, [cell[: LONGEST + 1] for cell in cells]))
            _bounded(number)
    except csv.Error:
        raise Unreadable(
            said("breaks off after row {row}; look for a quotation mark that is never closed.", row=len(rows))
        ) from None
    return rows


def _sheets(data: bytes) -> Iterator[Grid]:
    from openpyxl import load_workbook  # noqa: PLC0415 - slow to import, and most lists are CSV

    try:
        with zipfile.ZipFile(io.BytesIO(data)) as parts:
            if sum(part.file_size for part in parts.infolist()) > UNPACKED:
                raise Unreadable(said(TOO_MUCH))
        book = load_workbook(io.BytesIO(data), read_only=True, data_only=False)
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 - a broken workbook fails in as many ways as it can be broken
        raise Unreadable(said("is no workbook that can be opened; save it anew as .xlsx or as CSV.")) from None
    try:
        for sheet in book.worksheets:
            sheet.reset_dimensions()  # some programs claim a million columns
            yield _cells(sheet.iter_rows(values_only=True))
    except Unreadable:
        raise
    except Exception:  # noqa: BLE001 - as above: sheets are read only now
        raise Unreadable(said("is a damaged workbook; save it anew as .xlsx or as CSV.")) from None
    finally:
        book.close()


def _cells(sheet: Iterable[Sequence[Any]]) -> Grid:
    rows: Grid = []
    for number, cells in enumerate(sheet, 1):
        if any(cell is not None for cell in cells):
            rows.append((number, [_cell(cell) for cell in cells]))
            _bounded(len(rows))
    return rows


def _cell(value: object) -> str:
    """A cell as it is seen: numbers without ``.0``, so that telephone numbers stay readable."""
    if value is None:
        return ""
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[: LONGEST + 1]


def _bounded(number: int) -> None:
    if number > MOST_ROWS:
        no = "has more than {most} rows; divide it, or see whether it is the right file."
        raise Unreadable(said(no, most=MOST_ROWS))


def _understood(grid: Grid, meaning: Callable[[str], str], needed: Sequence[Sequence[str]]) -> Table:
    """The table below the best heading among the first ten rows."""
    best: tuple[int, dict[str, int]] = (0, {})
    for index, (_, cells) in enumerate(grid[:10]):
        columns: dict[str, int] = {}
        for place, cell in enumerate(cells):
            if column := meaning(heading_key(cell)):
                columns.setdefault(column, place)
        if _worth(columns, needed) > _worth(best[1], needed):
            best = (index, columns)
    index, columns = best
    if not columns:
        return Table({}, ())
    heading = grid[index][1]
    ignored = tuple(cell.strip() for at, cell in enumerate(heading) if at not in columns.values() and cell.strip())
    rows = tuple(_row(number, cells, columns) for number, cells in grid[index + 1 :] if any(c.strip() for c in cells))
    return Table({column: heading[at].strip() for column, at in columns.items()}, rows, ignored)


def _worth(columns: Mapping[str, int], needed: Sequence[Sequence[str]]) -> tuple[int, int]:
    return sum(any(column in columns for column in group) for group in needed), len(columns)


def _row(number: int, cells: list[str], columns: dict[str, int]) -> Row:
    return Row(number, {column: cells[at].strip() for column, at in columns.items() if at < len(cells)})
