"""What stands before every page: who may ask, how often and how much; and what every answer carries.

A GET, HEAD or OPTIONS changes nothing. Any other method needs the seal of one of our own forms (:mod:`portal.seals`),
except one-click unsubscribing (RFC 8058), whose link can do nothing else.
"""

from __future__ import annotations

import time
import traceback
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from urllib.parse import urlsplit

from sqlalchemy.exc import SQLAlchemyError
from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from portal.bodies import MOST_BYTES, bound_for, read_form
from portal.faults import NotNow, NotOurForm, TooLarge, TooOften, Turned
from portal.house import LOOPBACK, House, caller
from portal.look import turned_page
from portal.seals import BACK, FIELD, SESSIONS, link_token, path_of, sealed_by_us, session_token
from portal.seals import COOKIE as FORM_COOKIE
from portal.speech import COOKIE as LANGUAGE_COOKIE
from portal.static import FOREVER
from portal.threads import asked
from runtime.log import logger
from store.faults import CommandTooLarge, StoreFault
from store.links import mark_of

COOKIES = frozenset(name.encode() for name in (*SESSIONS, FORM_COOKIE, LANGUAGE_COOKIE, BACK))
LONGEST_COOKIE = 512
"""Characters of a cookie, with its name."""
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
UNSEALED = "/o/"
"""One-click unsubscribing: mail programs post there, and know no seal."""

POLICY = (
    "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'none'; "
    "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
)
HEADERS = {
    "content-security-policy": POLICY,
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "permissions-policy": "camera=(), geolocation=(), microphone=(), payment=(), usb=(), browsing-topics=()",
    "cache-control": "no-store",
}
HSTS = "max-age=31536000"
_ALWAYS = [(name.encode(), value.encode()) for name, value in HEADERS.items()]
_BEHIND_TLS = [*_ALWAYS, (b"strict-transport-security", HSTS.encode())]
_NAMES = frozenset(name for name, _ in _BEHIND_TLS)
_POLICY, _FOREVER = b"content-security-policy", (b"cache-control", FOREVER.encode())


class Unfinished(Exception):
    """An answer had begun when something failed; what it was has been noted down."""


class Guard:
    """The outermost part of the portal that knows HTTP.

    Args:
        app: the pages.
        house: the portal.
        uploads: the beginnings of paths that take larger bodies, and how many bytes.
    """

    def __init__(self, app: ASGIApp, house: House, uploads: Mapping[str, int]) -> None:
        self._app, self._house, self._uploads = app, house, uploads
        self._hosts = house.hosts
        self._log = logger()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] != "http":
            await self._app(scope, receive, send)
            return
        scope["headers"] = [*_with_our_cookies(scope["headers"])]
        scope["path"] = scope["path"].rstrip("/") or "/"  # the same page, with or without: nobody is sent elsewhere
        began, answer = time.perf_counter(), _Answer(send, self._secure(scope))
        request = Request(scope, receive)
        request.state.form, request.state.came = None, time.monotonic()
        try:
            await self._answered(request, answer)
        except ClientDisconnect:
            return
        finally:
            if request.state.form is not None:
                await request.state.form.close()  # files that were uploaded
            self._note(scope, answer.status, time.perf_counter() - began)

    async def _answered(self, request: Request, answer: _Answer) -> None:
        try:
            self._admit(request)
            if request.method not in SAFE:
                await self._read(request)
            await self._app(request.scope, request.receive, answer.send)
        except ClientDisconnect:
            raise
        except Exception as error:  # noqa: BLE001 - whatever it is gets a page, or a line in the log
            if answer.status:
                self._turned(error)
                raise Unfinished from None  # its own words, which may hold a person's, would enter the log
            turned = self._turned(error)
            await turned_page(request, turned)(request.scope, request.receive, answer.send)

    def _secure(self, scope: Scope) -> bool:
        return self._house.by_tls or scope.get("scheme") == "https"

    def _admit(self, request: Request) -> None:
        """Turns away who calls us by another's name, and who asks too often."""
        if _hostname(request.headers.get("host", "")) not in self._hosts:
            raise Turned(400, "host")
        rates, address = self._house.rates, caller(request)
        # on the reader's own computer, and where no proxy says whose address it is, there is nobody to tell apart
        wait = rates.by_address.take(address) if address not in LOOPBACK else 0
        if not wait and (token := _link_token(path_of(request))):
            wait = rates.by_link.take(mark_of(token))
        if wait:
            raise TooOften(wait)

    async def _read(self, request: Request) -> None:
        path = path_of(request)
        request.state.form = await read_form(request, await self._most(request, bound_for(path, self._uploads)))
        request.state.came = time.monotonic()  # with all she says: on a slow line that is later
        if not path.startswith(UNSEALED) and not sealed_by_us(request, request.state.form.word(FIELD)):
            raise NotOurForm

    async def _most(self, request: Request, bound: int) -> int:
        """The most bytes that this reader may send: only who has signed in may send more than a form."""
        if bound <= MOST_BYTES or not (token := session_token(request)):
            return min(bound, MOST_BYTES)
        session = await asked(self._house.store.session, token, "portal", self._house.now())
        return bound if session is not None else MOST_BYTES

    def _turned(self, error: Exception) -> Turned:
        """The page for whatever was raised."""
        if isinstance(error, Turned):
            return error
        if isinstance(error, HTTPException):
            return Turned(error.status_code, headers=dict(error.headers or {}))
        if isinstance(error, CommandTooLarge):
            return TooLarge()
        if isinstance(error, StoreFault | SQLAlchemyError):
            self._log.warning("portal cannot use the record", error=type(error).__name__)
            return NotNow()
        # where it happened, never what was said: an error's words may hold a person's
        where = traceback.extract_tb(error.__traceback__)[-1]
        self._log.error("portal page failed", error=type(error).__name__, file=where.filename, line=where.lineno)
        return Turned(500)

    def _note(self, scope: Scope, status: int, seconds: float) -> None:
        self._log.info(
            "portal answered", method=scope["method"], page=shown(scope), status=status, ms=round(seconds * 1000, 1)
        )


def shown(scope: Scope) -> str:
    """The path as a log may hold it: of a page that there is, and without the token of a link."""
    if "endpoint" not in scope:
        return "-"
    path: str = scope["path"]
    return f"{path[:3]}…" if path.startswith(("/l/", "/o/", "/s/")) else path


def _with_our_cookies(headers: Iterable[tuple[bytes, bytes]]) -> Iterator[tuple[bytes, bytes]]:
    """The headers with no cookies but ours, and none longer than ours are.

    Older Pythons take a time that grows with the square of a cookie's length to read one that is full of backslashes:
    most of a second for one of 15 KB, while everybody waits.
    """
    for name, value in headers:
        if name != b"cookie":
            yield name, value
            continue
        ours = (one.strip() for one in value.split(b";") if len(one) <= LONGEST_COOKIE)
        yield name, b"; ".join(one for one in ours if one.partition(b"=")[0] in COOKIES)


def _link_token(path: str) -> str:
    return path.removeprefix(UNSEALED).partition("/")[0] if path.startswith(UNSEALED) else link_token(path)


@lru_cache(maxsize=64)
def _hostname(said: str) -> str:
    """The name by which we were called, without a port."""
    try:
        return urlsplit(f"//{said}").hostname or ""
    except ValueError:
        return ""


class _Answer:
    """Sends the answer with the headers that every answer has."""

    def __init__(self, send: Send, secure: bool) -> None:
        self._send, self._secure = send, secure
        self.status = 0

    async def send(self, message: Message) -> None:
        if message["type"] == "http.response.start":
            self.status = message["status"]
            message["headers"] = _dress(message["headers"], self._secure)
        await self._send(message)


def _dress(headers: list[tuple[bytes, bytes]], secure: bool) -> list[tuple[bytes, bytes]]:
    """The answer's headers and those that every answer has; a page may have its own policy, or be kept for ever."""
    own = [header for header in headers if header[0] not in _NAMES or header[0] == _POLICY or header == _FOREVER]
    said = {name for name, _ in own}
    return [*own, *(header for header in (_BEHIND_TLS if secure else _ALWAYS) if header[0] not in said)]
