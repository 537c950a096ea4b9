"""The body of a request: bounded, read once, and taken apart as a form."""

from __future__ import annotations

from collections.abc import AsyncGenerator, Mapping
from urllib.parse import parse_qsl

from starlette.datastructures import FormData, UploadFile
from starlette.exceptions import HTTPException
from starlette.formparsers import MultiPartException, MultiPartParser
from starlette.requests import ClientDisconnect, Request
from starlette.types import Message, Receive

from portal.faults import TooLarge, Turned

MOST_BYTES = 64 * 1024
"""Of a body. Uploads by staff have a bound of their own (``uploads`` of an area)."""
MOST_FIELDS = 1_000
URLENCODED = "application/x-www-form-urlencoded"
MULTIPART = "multipart/form-data"


class Typed(FormData):
    """What came with a form, as it was typed."""

    def word(self, name: str) -> str:
        """The last value of a field; empty where there is none, or where it is a file."""
        found = self.get(name, "")
        return found if isinstance(found, str) else ""

    def words(self, name: str) -> list[str]:
        """All values of a field, e.g. of checkboxes."""
        return [found for found in self.getlist(name) if isinstance(found, str)]

    def file(self, name: str) -> UploadFile | None:
        """The file of a field; None where none was chosen."""
        found = self.get(name)
        return found if isinstance(found, UploadFile) and found.filename else None


def bound_for(path: str, uploads: Mapping[str, int]) -> int:
    """The most bytes that a body may have on this page."""
    return next((most for start, most in uploads.items() if path.startswith(start)), MOST_BYTES)


async def read_form(request: Request, most: int) -> Typed:
    """The form in the body. Nothing larger than ``most`` is held.

    Raises:
        TooLarge: the body is larger, or says that it is.
        Turned: it is no form, or not in UTF-8.
    """
    if int_of(request.headers.get("content-length", "0")) > most:
        raise TooLarge
    receive = _bounded(request.receive, most)
    kind = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if kind == MULTIPART:
        return await _multipart(request, receive, most)
    body = await _whole(receive)
    if kind not in {URLENCODED, ""} or (not kind and body):
        raise Turned(415)
    try:
        pairs = parse_qsl(body.decode("utf-8"), keep_blank_values=True, errors="strict", max_num_fields=MOST_FIELDS)
    except ValueError:
        raise Turned(400) from None
    return Typed([(name, value) for name, value in pairs])


def int_of(said: str) -> int:
    """A length that was said; one that is no number is too large for anything."""
    return int(said) if said.isascii() and said.isdigit() and len(said) < 16 else 1 << 60


def _bounded(receive: Receive, most: int) -> Receive:
    """The same, giving up where more comes than may."""
    seen = 0

    async def counted() -> Message:
        nonlocal seen
        message = await receive()
        seen += len(message.get("body", b""))
        if seen > most:
            raise TooLarge
        return message

    return counted


async def _whole(receive: Receive) -> bytes:
    parts: list[bytes] = []
    while True:
        message = await receive()
        if message["type"] == "http.disconnect":
            raise ClientDisconnect
        parts.append(message.get("body", b""))
        if not message.get("more_body", False):
            return b"".join(parts)


async def _multipart(request: Request, receive: Receive, most: int) -> Typed:
    broken: list[Exception] = []

    async def pieces() -> AsyncGenerator[bytes, None]:
        try:
            async for piece in Request(request.scope, receive).stream():
                yield piece
        except (TooLarge, ClientDisconnect) as why:
            broken.append(why)
            raise MultiPartException("broken off") from why  # by this one the parser lets go of its files

    parser = MultiPartParser(request.headers, pieces(), max_files=5, max_fields=MOST_FIELDS, max_part_size=most)
    try:
        return Typed((await parser.parse()).multi_items())
    except (MultiPartException, HTTPException, ValueError):
        raise (broken[0] if broken else Turned(400)) from None
