"""Connections that cannot be held open for nothing.

uvicorn waits for a request for as long as the other side likes: hundreds of slow clients then hold everything. Here a
whole request (line, headers and body) must come within ten seconds, headers have a bound, and connections are counted:
where there are too many, the one that has been dawdling longest makes room; where none dawdles, the new one is told
to come back. Requests of people arrive at once and are never the ones to go.
"""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import dataclass, field
from typing import Any, cast

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol, RequestResponseCycle

from portal.rates import neighbourhood


@dataclass(frozen=True)
class Bounds:
    """How much one side may ask of a server."""

    connections: int = 2048
    per_address: int = 1024
    """Of the same address; those of a trusted proxy are not counted by it."""
    request: float = 10.0
    """Seconds in which a whole request must have come."""
    idle: float = 5.0
    """Seconds that a connection may stay open between two requests."""
    reading: float = 30.0
    """Seconds that the other side may take without reading on in its answer."""
    header_bytes: int = 16 * 1024
    """Of a request's headers; as many again may follow its body, and stand between its pieces."""


@dataclass
class Crowd:
    """Who is connected to one server, those that came first in front."""

    bounds: Bounds
    proxies: frozenset[str] = frozenset()
    here: dict[BoundedProtocol, None] = field(default_factory=dict)
    by_address: Counter[str] = field(default_factory=Counter)

    def enter(self, new: BoundedProtocol) -> bool:
        """Whether there is room for one more; somebody who dawdles may have to go for it."""
        crowded = self.by_address[new.address] >= self.bounds.per_address and new.address not in self.proxies
        full = len(self.here) >= self.bounds.connections
        if crowded or full:
            slowest = next((it for it in self.here if it.dawdles and (full or it.address == new.address)), None)
            if slowest is None:
                return False
            slowest.let_go()
        self.here[new] = None
        self.by_address[new.address] += 1
        return True

    def leave(self, one: BoundedProtocol) -> None:
        """It has gone, or was let go."""
        if one in self.here:
            del self.here[one]
            self.by_address[one.address] -= 1
            if not self.by_address[one.address]:
                del self.by_address[one.address]


def _page(status: str, title: str, words: str) -> bytes:
    """A page for those whose request never became one; whole, with its headers."""
    body = f'<!DOCTYPE html><html lang="en"><title>{title}</title><h1>{title}</h1><p>{words}</p></html>'.encode()
    head = (
        f"HTTP/1.1 {status}\r\ncontent-type: text/html; charset=utf-8\r\ncontent-length: {len(body)}\r\n"
        "content-security-policy: default-src 'none'; frame-ancestors 'none'\r\nx-content-type-options: nosniff\r\n"
        "referrer-policy: no-referrer\r\ncache-control: no-store\r\nretry-after: 5\r\nconnection: close\r\n\r\n"
    )
    return head.encode() + body


_FRAMED = 8
"""Bytes on the way for one of the body, where it comes in the smallest chunks: its size, two ends of line, itself."""

_LATE = _page("408 Request Timeout", "Too slow", "The request did not arrive in time. Try again.")
_LONG = _page("431 Request Header Fields Too Large", "Too long", "The address or the headers are too long.")
_FULL = _page("503 Service Unavailable", "Too many at once", "Try again in a few seconds.")
_WRONG = _page("400 Bad Request", "This is no request", "What arrived here is not HTTP as a browser speaks it.")


class BoundedProtocol(HttpToolsProtocol):
    """One connection. Made by :func:`bounded`, which gives it its crowd."""

    crowd: Crowd

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.address = ""
        self._whole = True
        """Whether the newest request has come to its end."""
        self._in_headers = True
        self._header_bytes = 0
        self._body_bytes = self._beside = 0
        """Bytes of the body in the newest piece; and those since the headers that belong to no body."""
        self._gone = False
        self._deadline: asyncio.TimerHandle | None = None
        self._unread: asyncio.TimerHandle | None = None

    @property
    def dawdles(self) -> bool:
        """Whether nothing of ours is waited for: a request is still coming, or none is."""
        return not self._whole or self._idle

    @property
    def _idle(self) -> bool:
        cycle = self._newest()
        return cycle is None or cycle.response_complete

    def _newest(self) -> RequestResponseCycle | None:
        """What was asked last; None where nothing was (uvicorn's own type does not say so)."""
        return self.cycle

    # -- asyncio ----------------------------------------------------------------------------------------------------

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        super().connection_made(transport)
        self.address = neighbourhood(self.client[0]) if self.client else ""
        if not self.crowd.enter(self):
            self._turn_away(_FULL)
            return
        self._arm()

    def data_received(self, data: bytes) -> None:
        if self._gone:
            return
        self._arm()
        if self._in_headers:
            self._header_bytes += len(data)
            if self._header_bytes > self.crowd.bounds.header_bytes and not self._ends_within(data):
                self._turn_away(_LONG)
                return
        self._body_bytes = 0
        super().data_received(data)
        if self._rambles(data):
            self._turn_away(_LONG)
            return
        if self._whole and not self._idle:
            self._disarm()

    def _rambles(self, data: bytes) -> bool:
        """Whether too much has come after the headers that is no body: headers that follow it, names of its chunks."""
        if self._whole or self._in_headers:
            self._beside = 0
            return False
        self._beside += max(0, len(data) - self._body_bytes * _FRAMED)
        return self._beside > 2 * self.crowd.bounds.header_bytes

    def _ends_within(self, data: bytes) -> bool:
        """Whether the headers end inside the bound: a body may follow them in the same piece."""
        before = self._header_bytes - len(data)
        return b"\r\n\r\n" in data[: max(0, self.crowd.bounds.header_bytes - before)]

    def connection_lost(self, exc: Exception | None) -> None:
        self._gone = True
        self._disarm()
        self.resume_writing()
        self.crowd.leave(self)
        super().connection_lost(exc)

    def pause_writing(self) -> None:
        super().pause_writing()
        if self._unread is None:
            self._unread = self.loop.call_later(self.crowd.bounds.reading, self.transport.abort)

    def resume_writing(self) -> None:
        if self._unread is not None:
            self._unread.cancel()
            self._unread = None
        if self.flow is not None:
            super().resume_writing()

    # -- the parser -------------------------------------------------------------------------------------------------

    def on_message_begin(self) -> None:
        if self._newest() is not None:  # not the first request, whose time runs since the connection was made
            self._disarm()
            self._arm()
        self._whole, self._in_headers = False, True
        super().on_message_begin()

    def on_headers_complete(self) -> None:
        self._in_headers, self._header_bytes, self._beside = False, 0, 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        self._body_bytes += len(body)
        super().on_body(body)

    def on_message_complete(self) -> None:
        self._whole, self._in_headers = True, True
        super().on_message_complete()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002 - our own words
        self._turn_away(_WRONG)

    # -- the deadline -----------------------------------------------------------------------------------------------

    def _arm(self) -> None:
        if self._deadline is None and not self._gone:
            self._deadline = self.loop.call_later(self.crowd.bounds.request, self._late)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _late(self) -> None:
        self._deadline = None
        self._turn_away(_LATE)

    def let_go(self) -> None:
        """Makes room for another."""
        self._turn_away(_FULL)

    def _turn_away(self, page: bytes) -> None:
        """Says why, where no answer has begun and something was asked, and ends the connection."""
        self._gone = True
        self._disarm()
        self.crowd.leave(self)
        cycle = self._newest()
        started = cycle is not None and cycle.response_started and not cycle.response_complete
        if not started and not self.transport.is_closing():
            self.transport.write(page)
        self.transport.close()


def bounded(bounds: Bounds, proxies: frozenset[str] = frozenset()) -> type[HttpToolsProtocol]:
    """The protocol of one server, with a crowd of its own."""
    return cast(
        "type[HttpToolsProtocol]",
        type("Bounded", (BoundedProtocol,), {"crowd": Crowd(bounds, frozenset(map(neighbourhood, proxies)))}),
    )
