"""Requests by chance: half of them nearly right, so that they come far, and the rest anything at all."""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any
from urllib.parse import quote

from hypothesis import strategies as st
from starlette.routing import Route

from portal.pages import areas
from portal.pages import doors as behind
from portal.pages.staff_deeds import DEEDS
from tests.portal.doors.asking import FORM, Ask, Page, ask, form
from tests.portal.doors.judging import Judge
from tests.portal.doors.town import Key, Town, right_seal

METHODS = (
    *["GET"] * 8, *["POST"] * 12, "HEAD", "HEAD", "OPTIONS", "PUT", "PATCH", "DELETE", "TRACE", "get",
)  # fmt: skip
HOSTILE = (
    "", " ", "Ann", "<script>alert(1)</script>", "\"><img src=x onerror=alert(1)>", "{{ 7*7 }}", "%s%(name)s", "=1+1",
    "\u202egnp.exe", "\u2066a\u2069", "=?utf-8?q?Ann=0D=0ABcc:_x@y.example?=", "Ann\r\nBcc: x@y.example", "a\0b",
    "\x1b[31m", "x" * 201, "y" * 5_000, "anna@lıbrary.example", "аnna@library.example", "anna@libraгy.example",
    "anna@library.example", "a@b@c", "\ud800", "\U0010ffff", "' OR 1=1 --", "../../etc/passwd", "0", "-1", "1e9",
    "9" * 30, "１２", "yes", "no", "on", "2024-02-30", "12.4.2027", "2027-04-12 10:00", "{}", "null", "[]",
    "n_x", "p_x",
)  # fmt: skip
HEADERS: tuple[tuple[bytes, bytes], ...] = (
    (b"origin", b"http://portal.example"), (b"origin", b"https://elsewhere.example"), (b"origin", b"null"),
    (b"origin", b"http://["), (b"sec-fetch-site", b"same-origin"), (b"sec-fetch-site", b"cross-site"),
    (b"accept-language", b"fi, ru;q=0.9"), (b"accept-language", b"q;q=q;,;" * 900), (b"accept-language", b"fi;q=nan"),
    (b"x-forwarded-for", b"203.0.113.9"), (b"x-forwarded-proto", b"https"), (b"x-forwarded-host", b"e.example"),
    (b"content-length", b"9" * 40), (b"content-length", b"-1"), (b"transfer-encoding", b"chunked"),
    (b"if-none-match", b"*"), (b"range", b"bytes=0-3"), (b"expect", b"100-continue"), (b"x-big", b"x" * 60_000),
    (b"cookie", b"kierros-lang=ru; kierros-lang=xx"), (b"cookie", b"a=\xff\x01;;=;\"\\"), (b"x-odd", b"\x01\x7f\xff"),
    (b"referer", b"http://portal.example/l/x"), (b"host", b"elsewhere.example"), (b"content-encoding", b"gzip"),
    (b"x-http-method-override", b"DELETE"), (b"authorization", b"Bearer x"), (b"upgrade", b"h2c"),
)  # fmt: skip
HOSTS = (b"portal.example",) * 12 + (
    b"127.0.0.1:8080",
    b"elsewhere.example",
    b"",
    b"[",
    b"[::1]",
    b"\xff",
    b"portal.example:x",
)
TYPES = (
    b"application/json", b"text/plain", b"multipart/form-data", b"multipart/form-data; boundary=x",
    b"application/x-www-form-urlencoded; charset=utf-16", b"APPLICATION/X-WWW-FORM-URLENCODED", b"\xff", b"",
)  # fmt: skip
BODIES = (
    b"", b"{}", b'{"seal": 1}', b"a=%ff", b"\xff\xfe", b"&" * 3_000, b"=" * 100, b"x" * 70_000, b"--x--", b"--x\r\n",
    b'--x\r\nContent-Disposition: form-data; name="seal"\r\n\r\n\xff\r\n--x--\r\n', b"[" * 5_000,
    b'--x\r\nContent-Disposition: form-data; name="people"; filename="a.csv"\r\n\r\na,b\r\n--x--\r\n',
    b'--x\r\nContent-Disposition: form-data\r\n\r\n\r\n--x--\r\n',
    b'--x\r\nContent-Disposition: form-data; name="_charset_"\r\n\r\nutf-7\r\n--x--\r\n',
)  # fmt: skip
QUERIES = (
    "", "", "", "lang=fi", "lang=xx", "lang=%00", "lang=ru&lang=lt", "done=link", "name=a", "name=%ff%00",
    "back=//e.example",
    "back=/staff", "before=2", "before=%E2%80%AE", "year=2024", "year=-1", "year=99999", "month=13", "person={person}",
    "q=" + "x" * 3_000, "%", "a" * 200 + "=1", "&&&", "open=1", "page=99999999999999999999", "step=..&slot=%0d%0a",
)  # fmt: skip
STRAY = (
    "//elsewhere.example", "/..;/staff", "/l", "/l/", "/l//", "/s/", "/o/", "/o/x", "/%00", "/%ff%fe", "/%E2%80%AE",
    "/l/%2e%2e",    "/static/%2e%2e/app.py", "/static/../app.py", "/mailbox", "/mailbox/..%2f..%2fkierros.db",
    "/" + "a" * 8_000, "/staff/",    "/C/x", "/c/%00", "/staff/cycles/%00/people",
    "/l/x%0d%0aset-cookie:a=b", "*", "/favicon.ico", "/robots.txt",
)  # fmt: skip


@dataclass
class Ways:
    """Where one can go in a town, and what stands in the forms there."""

    town: Town
    staff: list[str] = field(default_factory=list)
    forms: dict[str, list[tuple[str, str]]] = field(default_factory=dict)
    """What stands in the form of a page, by its path."""

    def keys(self, *kinds: str) -> list[Key]:
        """The keys of some kinds."""
        return [key for key in self.town.keys if key.kind in kinds]

    async def learn(self, app: Any, judge: Judge, every: int = 1) -> None:
        """Finds the pages of staff, and reads the forms of every page, or of one in so many."""
        self.staff = sorted(self._routes())
        session = next(key.token for key in self.keys("session"))
        for path in self.staff[::every]:
            await self._read(app, judge, path, (("kierros", session),))
        seen: set[tuple[str, str]] = set()
        for key in self.keys("link", "closed")[::every]:
            for rest in behind().get(key.purpose, {"": None}):
                if key.kind == "closed" or (key.cycle, key.purpose + rest) not in seen or len(self.forms) % 5 == 0:
                    seen.add((key.cycle, key.purpose + rest))
                    await self._read(app, judge, f"/l/{key.token}/{rest}".rstrip("/"), ())
        await self._read(app, judge, "/sign-in", (("kierros-form", "reader"),))

    async def _read(self, app: Any, judge: Judge, path: str, cookies: tuple[tuple[str, str], ...]) -> None:
        looks = Ask("GET", path, cookies=cookies)
        answer = await ask(app, looks)
        judge.look(looks, answer)
        if fields := Page(answer.text).fields:
            self.forms[path] = fields[:60]

    def _routes(self) -> set[str]:
        """Every page of staff, with what there is in each cycle."""
        found = set()
        patterns = [r.path for area in areas() for r in area.routes if isinstance(r, Route)]
        for pattern in patterns:
            if not pattern.startswith(("/staff", "/c/", "/privacy", "/accessibility")) and pattern != "/":
                continue
            for cycle in self.town.cycles:
                store = self.town.store
                people, letters = store.people(cycle), store.letters(cycle)
                prompts = [row.prompt.id for row in store.prompts(cycle, open_only=False)]
                for n, deed in enumerate(DEEDS):
                    values = {
                        "cycle": cycle, "person": people[n % len(people)].ref, "deed": deed,
                        "letter:int": str(letters[n % len(letters)].id), "letter": str(letters[n % len(letters)].id),
                        "prompt": prompts[n % len(prompts)],
                    }  # fmt: skip
                    path = pattern
                    for name, value in values.items():
                        path = path.replace(f"{{{name}}}", quote(value))
                    found.add(path)
        return found


def requests(ways: Ways) -> st.SearchStrategy[Ask]:
    """Any request."""
    chance = st.integers(0, 2**62).map(Random)
    return st.builds(_made, st.just(ways), chance, st.text(max_size=12), st.binary(max_size=12))


def _made(ways: Ways, chance: Random, text: str, raw: bytes) -> Ask:
    path = _path(ways, chance, text)
    cookies = _cookies(ways, chance, path)
    method = chance.choice(METHODS)
    if path in ways.forms and method not in {"GET", "HEAD", "POST"} and chance.random() < 0.6:
        method = "POST"  # where a form stands, more is behind sending it than behind odd methods
    query = chance.choice(QUERIES) if chance.random() < 0.4 else ""
    headers = tuple(chance.choice(HEADERS) for _ in range(chance.choice((0, 0, 0, 1, 2))))
    host = chance.choice(HOSTS) if chance.random() < 0.3 else b"portal.example"
    body, kind = b"", ()
    if method not in {"GET", "HEAD", "OPTIONS", "get"} or chance.random() < 0.05:
        body, kind = _body(ways, chance, path, cookies, text, raw)
    return Ask(method, path, query, (*headers, *kind), cookies, body, host, chance.choice((1, 1, 3)))


def _path(ways: Ways, chance: Random, text: str) -> str:
    roll = chance.random()
    if roll < 0.3:
        return chance.choice(sorted(ways.forms))
    if roll < 0.5:
        key = chance.choice(ways.keys("link", "link", "closed"))
        rests = sorted({rest for doors in behind().values() for rest in doors} | {"", "../x", text})
        return f"/l/{_bent(chance, key.token)}/{quote(chance.choice(rests))}".rstrip("/")
    if roll < 0.75:
        return _crossed(ways, chance, chance.choice(ways.staff))
    if roll < 0.85:
        key = chance.choice(ways.town.keys)
        return f"/{chance.choice('lso')}/{_bent(chance, key.token)}"
    if roll < 0.93:
        return chance.choice((*STRAY, "/sign-in", "/sign-in/sent", "/sign-out", "/"))
    return "/" + quote(text, safe=chance.choice(("/", "")), errors="replace")


def _crossed(ways: Ways, chance: Random, path: str) -> str:
    """A page of staff; often with the person, the letter or the decision of another cycle."""
    if chance.random() < 0.6:
        return path
    first, second = chance.sample(ways.town.cycles, 2)
    return "/".join(quote(second) if part == quote(first) else part for part in path.split("/"))


def _bent(chance: Random, token: str) -> str:
    """The token, sometimes not quite."""
    if chance.random() < 0.75:
        return token
    at = chance.randrange(len(token))
    bends: list[Callable[[], str]] = [
        lambda: token[:at] + chance.choice("AZaz09-_") + token[at + 1 :],
        lambda: token[:at], token.swapcase, token[::-1].__str__, lambda: token + "=", lambda: token + "%00",
        lambda: token.replace("-", "+"), lambda: f"%{ord(token[0]):02x}{token[1:]}", lambda: f"%20{token}",
    ]  # fmt: skip
    return chance.choice(bends)()


def _cookies(ways: Ways, chance: Random, path: str) -> tuple[tuple[str, str], ...]:
    found: list[tuple[str, str]] = []
    roll = chance.random()
    if roll < (0.85 if path.startswith("/staff") else 0.3):
        name = chance.choice(("kierros", "kierros", "kierros", "__Host-kierros"))
        found.append((name, chance.choice(ways.keys("session")[-4:]).token))
    elif roll < 0.9:
        found.append(("kierros", _bent(chance, chance.choice(ways.town.keys).token)))
    elif roll < 0.95:
        found.append(("kierros", chance.choice(("", "x", "\u202e", "\xff" * 300))))
    if chance.random() < 0.3:
        found.append(("kierros-form", chance.choice(("reader", "", "other"))))
    if chance.random() < 0.1:
        found.append(("kierros-lang", chance.choice(("fi", "ru", "xx", "../..", "\0"))))
    return tuple(found)


def _body(
    ways: Ways, chance: Random, path: str, cookies: tuple[tuple[str, str], ...], text: str, raw: bytes
) -> tuple[bytes, tuple[tuple[bytes, bytes], ...]]:
    if chance.random() < 0.12:
        return chance.choice((*BODIES, raw)), ((b"content-type", chance.choice((*TYPES, FORM[1]))),)
    stands = ways.forms.get(path) or ways.forms[chance.choice(sorted(ways.forms))]
    fields = [pair for pair in stands if pair[0] != "seal"]
    chance.shuffle(fields)
    honest = chance.random() < 0.4
    typed = [
        (name, value or "Ann") if honest else (name, _typed(ways, chance, name, value, text))
        for name, value in fields
        if honest or chance.random() < 0.9
    ]
    seal = _seal(ways, chance, path, dict(cookies))
    if seal is not None:
        typed.append(("seal", seal))
    if chance.random() < 0.1:
        typed.append((text or "x", text))
    if chance.random() < 0.05:
        return json.dumps(dict(typed)).encode(), ((b"content-type", b"application/json"),)
    return form(typed), (FORM,)


def _typed(ways: Ways, chance: Random, name: str, value: str, text: str) -> str:
    roll = chance.random()
    if roll < 0.6 and value:
        return value
    if roll < 0.75 and ("address" in name or "person" in name):
        cycle = chance.choice(ways.town.cycles)
        return chance.choice(ways.town.store.people(cycle)[:5]).address
    return text if roll > 0.95 else chance.choice(HOSTILE)


def _seal(ways: Ways, chance: Random, path: str, cookies: dict[str, str]) -> str | None:
    """Mostly the right one, else a stranger's, another page's or none."""
    roll = chance.random()
    if roll < 0.7:
        return right_seal(ways.town, path, cookies)
    if roll < 0.85:
        key = chance.choice(ways.town.keys)
        return ways.town.house.sealed(chance.choice(("link", "session")), key.token)
    return chance.choice((None, "", "0" * 32, "é", "\ud800", ways.town.house.sealed("reader", "")))
