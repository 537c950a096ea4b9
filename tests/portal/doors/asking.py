"""Requests as bytes, straight into the application: also those that no browser would send."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from html.parser import HTMLParser
from typing import Any
from urllib.parse import unquote, urlencode

from starlette.types import ASGIApp, Message

Headers = tuple[tuple[bytes, bytes], ...]
FORM = (b"content-type", b"application/x-www-form-urlencoded")


@dataclass(frozen=True)
class Ask:
    """One request."""

    method: str
    path: str
    """As it stands in the first line, without the query."""
    query: str = ""
    headers: Headers = ()
    cookies: tuple[tuple[str, str], ...] = ()
    body: bytes = b""
    host: bytes = b"portal.example"
    pieces: int = 1

    def scope(self) -> dict[str, Any]:
        """The request as a server hands it on."""
        jar = "; ".join(f"{name}={value}" for name, value in self.cookies).encode("utf-8", "replace")
        sent = [(b"host", self.host), *self.headers, *([(b"cookie", jar)] if jar else [])]
        if self.body:
            sent.append((b"content-length", str(len(self.body)).encode()))
        return {
            "type": "http", "asgi": {"version": "3.0"}, "http_version": "1.1", "scheme": "http",
            "method": self.method, "path": unquote(self.path), "raw_path": self.path.encode("utf-8", "replace"),
            "query_string": self.query.encode("utf-8", "replace"), "root_path": "", "headers": sent,
            "client": ("127.0.0.1", 40000), "server": ("portal.example", 80),
        }  # fmt: skip


@dataclass
class Answer:
    """What came back."""

    status: int = 0
    headers: list[tuple[str, str]] = field(default_factory=list)
    body: bytes = b""

    @property
    def text(self) -> str:
        return self.body.decode("utf-8", "replace")

    def header(self, name: str) -> str:
        """The value of a header; several are joined, none is empty."""
        return ", ".join(value for known, value in self.headers if known == name)


async def ask(app: ASGIApp, one: Ask) -> Answer:
    """Sends it, and waits until everything that follows is done."""
    answer, size = Answer(), max(1, -(-len(one.body) // one.pieces))
    parts = [one.body[start : start + size] for start in range(0, len(one.body), size)] or [b""]

    async def receive() -> Message:
        if not parts:
            return {"type": "http.disconnect"}
        return {"type": "http.request", "body": parts.pop(0), "more_body": bool(parts)}

    async def send(message: Message) -> None:
        if message["type"] == "http.response.start":
            answer.status = message["status"]
            answer.headers = [(name.decode("latin-1"), value.decode("latin-1")) for name, value in message["headers"]]
        else:
            answer.body += message.get("body", b"")

    await app(one.scope(), receive, send)
    await asyncio.sleep(0)
    return answer


class Page(HTMLParser):
    """What of a page matters here: its links, and its forms' fields with what stands in them."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.fields: list[tuple[str, str]] = []
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        found = {name: value or "" for name, value in attrs}
        for name in ("href", "src", "action"):
            if name in found:
                self.links.append(found[name])
        if tag in {"input", "textarea", "select", "button"} and found.get("name"):
            self.fields.append((found["name"], found.get("value", "")))
        elif tag == "option" and self.fields:
            self.fields.append((self.fields[-1][0], found.get("value", "")))


def form(fields: list[tuple[str, str]]) -> bytes:
    """Fields as a browser sends them."""
    return urlencode(fields, errors="surrogatepass").encode()
