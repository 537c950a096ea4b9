"""The mailbox in the browser, for a newcomer: the letters of the folder as they were written, with their links.

Only inside `kierros up`, and only where letters go to the folder: elsewhere nobody may read what was written to others.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import groupby
from pathlib import Path
from typing import NamedTuple
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from letters.mailbox_page import Read, letters_in, read_letter
from portal.faults import NotHere
from portal.house import caller, house
from portal.look import page

AT_ONCE = 100
"""Letters on one page."""
_LINK = re.compile(r"https?://[^\s<>\"]+[^\s<>\".,;:!?)]")
_STEM = re.compile(r"[0-9TZ.]+-[0-9a-f]{16}-\d+")


class Piece(NamedTuple):
    """Words of a letter, or a link in it."""

    said: str
    link: str = ""


def folder(request: Request) -> Path:
    """The folder of letters.

    Raises:
        NotHere: letters leave for real, or others than their practising writer could look.
    """
    found = house(request).mailbox(caller(request))
    if found is None:
        raise NotHere
    return found


def everything(request: Request) -> Response:
    """All letters, the newest first."""
    where = folder(request)
    files = sorted(letters_in(where), reverse=True) if where.is_dir() else []
    before = request.query_params.get("before", "")
    files = [file for file in files if not before or file.stem < before]
    found = [read_letter(file).row for file in files[:AT_ONCE]]
    days = [(day, list(of_day)) for day, of_day in groupby(found, lambda row: row.at.date())]
    older = found[-1].stem if len(files) > AT_ONCE else ""
    return page(request, "mailbox/list.jinja", days=days, older=older)


def _named(request: Request) -> Read:
    stem = request.path_params["stem"]
    file = folder(request) / f"{stem}.eml"
    if not _STEM.fullmatch(stem) or not file.is_file():
        raise NotHere
    return read_letter(file)


def one(request: Request) -> Response:
    """One letter, as its reader would see its words."""
    letter = _named(request)
    here = urlsplit(house(request).address).netloc
    parts = list(pieces(letter.text, here))
    return page(request, "mailbox/letter.jinja", it=letter.row, letter=letter, parts=parts)


def entry(request: Request) -> Response:
    """The calendar entry that came with it."""
    letter = _named(request)
    if not letter.entries:
        raise NotHere
    return Response(letter.entries[0], media_type="text/calendar")


def pieces(text: str, here: str) -> Iterator[Piece]:
    """The words cut at their links. Links to this portal become paths: they work by whatever name it is called."""
    end = 0
    for found in _LINK.finditer(text):
        yield Piece(text[end : found.start()])
        parts = urlsplit(found[0])
        yield Piece(found[0], parts.path if parts.netloc == here else found[0])
        end = found.end()
    yield Piece(text[end:])


routes = [
    Route("/mailbox", everything),
    Route("/mailbox/{stem}", one),
    Route("/mailbox/{stem}/entry.ics", entry),
]
