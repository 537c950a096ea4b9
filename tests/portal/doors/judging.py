"""What no answer may be, whatever was asked: judged from outside, by what came back and what stands in the record."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any
from urllib.parse import parse_qs, unquote, unquote_plus, urlsplit

from tests.portal.doors.asking import Answer, Ask
from tests.portal.doors.town import IN_PAGES_OF_ONE, MARK, Key, Town, right_seal

MUST = {
    "content-security-policy": "'none'",
    "x-content-type-options": "nosniff",
    "x-frame-options": "DENY",
    "referrer-policy": "no-referrer",
    "cross-origin-opener-policy": "same-origin",
    "permissions-policy": "camera=()",
    "cache-control": "no-store",
}
FOREVER = "public, max-age=31536000, immutable"
TRACES = (b"Traceback (most recent call last)", b'File "/', b"sqlalchemy", b"sqlite3.", b"jinja2.exceptions")
SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
OF_SIGNING = frozenset({"sign_ins", "sessions", "security_log"})
WHOSE = ("ref", "to_ref", "actor", "staff")
"""Columns that name a person."""


class Wrong(AssertionError):
    """What a door must never do."""


class Judge:
    """Looks at every answer, and at the record whenever something was written.

    Args:
        town: the record and its keys.
    """

    def __init__(self, town: Town) -> None:
        self._town = town
        self.settle()

    def settle(self) -> None:
        """What stands in the record now is right."""
        self._version, self._before = self._town.version(), self._town.dump()
        self._keys = {key.token: key for key in self._town.keys}

    def look(self, one: Ask, answer: Answer) -> None:
        """Judges one answer.

        Raises:
            Wrong: it may not be.
        """
        for said in (*self._of_answer(one, answer), *self._of_pages(one, answer), *self._of_record(one)):
            raise Wrong(f"{said}\n{one}\n{answer.status} {answer.text[:400]}")

    def _of_answer(self, one: Ask, answer: Answer) -> Iterator[str]:
        if answer.status >= 500 and not (answer.status == 503 and answer.header("retry-after")):
            yield f"a fault of ours, {answer.status}"
        if not answer.status:
            yield "no answer at all"
        if any(trace in answer.body for trace in TRACES):
            yield "a traceback"
        static = one.path.startswith("/static/") and answer.header("cache-control") == FOREVER
        for name, value in MUST.items():
            if value not in answer.header(name) and not (static and name == "cache-control"):
                yield f"no {name}"
        if any("\n" in value or "\r" in value for _, value in answer.headers):
            yield "a broken header"
        if (to := urlsplit(answer.header("location")).netloc) and to.encode() != one.host:
            yield "the way to elsewhere"
        if any(typed in answer.body for typed in (b"<script>alert", b"<img src=x")):
            yield "what was typed, as a part of the page"

    # -- other people's pages ---------------------------------------------------------------------------------------

    def guest(self, one: Ask) -> Key | None:
        """Whose link it is."""
        parts = unquote(one.path).split("/")
        return self._keys.get(parts[2]) if len(parts) > 2 and parts[1] in {"l", "o", "s"} else None

    def session(self, one: Ask) -> Key | None:
        """Which session the browser shows."""
        shown = dict(one.cookies)
        found = self._keys.get(shown.get("__Host-kierros") or shown.get("kierros", ""))
        return found if found is not None and found.kind == "session" else None

    def named(self, one: Ask) -> str:
        """The cycle that the path names."""
        return next((part for part in unquote(one.path).split("/") if part in self._town.cycles), "")

    def _of_pages(self, one: Ask, answer: Answer) -> Iterator[str]:
        typed = set(MARK.findall(unquote_plus(one.body.decode("utf-8", "replace"))))  # stands there again: no secret
        for found in set(MARK.findall(answer.text)) - typed:
            cycle, ref = self._town.marks[found]
            if not self._may_read(one, cycle, ref):
                yield f"a page with {found}, who is {ref} of {cycle}"

    def _may_read(self, one: Ask, cycle: str, ref: str) -> bool:
        if one.path.startswith("/l/"):
            key = self.guest(one)
            if key is None or key.kind != "link" or key.cycle != cycle:
                return False
            return key.purpose not in IN_PAGES_OF_ONE or ref == key.ref or ref in self._town.known
        if one.path.startswith("/staff") and self.session(one):
            return self.named(one) in {"", cycle}
        return False

    # -- the record -------------------------------------------------------------------------------------------------

    def _of_record(self, one: Ask) -> Iterator[str]:
        if self._town.version() == self._version:
            return
        self._version, now = self._town.version(), self._town.dump()
        changed = list(differences(self._before, now))
        self._before = now
        if not changed:
            return
        if one.method in SAFE:
            yield f"{one.method} changed {changed[:3]}"
        if not one.path.startswith("/o/") and not self._sealed(one):
            yield f"without its seal it changed {changed[:3]}"
        for table, was, row in changed:
            if said := self._not_theirs(one, table, was, row):
                yield f"{said} {table}: {was} {row}"

    def _sealed(self, one: Ask) -> bool:
        given = parse_qs(one.body.decode("utf-8", "replace"), keep_blank_values=True).get("seal", [""])[-1]
        # the path as the application reads it: percent signs are undone
        known = given == right_seal(self._town, unquote(one.path), dict(one.cookies))
        foreign = any(
            (name, value) in {(b"origin", b"https://elsewhere.example"), (b"sec-fetch-site", b"cross-site")}
            for name, value in one.headers[:1]
        )
        return known and not foreign

    def _not_theirs(self, one: Ask, table: str, was: dict[str, Any] | None, row: dict[str, Any] | None) -> str:
        """What is wrong with that row being written by this request; nothing where it may be."""
        some = row or was or {}
        cycle = some.get("cycle", some.get("id", "") if table == "cycles" else "")
        if table in OF_SIGNING:
            return self._not_hers(one, table, some)
        if one.path.startswith("/l/") and table == "outbox" and some.get("kind") == "new_link":
            return ""  # a letter with new links, to whoever has them
        if one.path.startswith(("/l/", "/o/")):
            return self._not_the_guests(one, cycle, _named(was) if was else set())
        if self.session(one) is None:
            return "nobody wrote"
        return "" if not cycle or cycle == self.named(one) else "the page of another cycle wrote"

    def _not_hers(self, one: Ask, table: str, some: dict[str, Any]) -> str:
        shown = (self.guest(one), self.session(one))
        owners = {it.ref for it in shown if it is not None and it.kind in {"session", "sign_in"}}
        asks = one.path == "/sign-in" and table != "sessions"
        return "" if asks or _named(some) <= owners else "somebody else's session"

    def _not_the_guests(self, one: Ask, cycle: str, whose: set[str]) -> str:
        key = self.guest(one)
        if key is None or key.kind != "link":
            return "nobody's link wrote"
        if cycle and cycle != key.cycle:
            return "the link of another cycle wrote"
        others = whose and key.ref not in whose and key.purpose in IN_PAGES_OF_ONE
        return "somebody else's row was written" if others else ""


def _named(row: dict[str, Any]) -> set[str]:
    return {str(row[name]) for name in WHOSE if row.get(name)}


def differences(
    before: dict[str, dict[Any, dict[str, Any]]], after: dict[str, dict[Any, dict[str, Any]]]
) -> Iterator[tuple[str, dict[str, Any] | None, dict[str, Any] | None]]:
    """Which rows are new, gone or changed."""
    for table, rows in after.items():
        old = before.get(table, {})
        for key in old.keys() | rows.keys():
            if old.get(key) != rows.get(key):
                yield table, old.get(key), rows.get(key)


def no_key_in(said: str, town: Town) -> None:
    """No token stands in what was logged.

    Raises:
        Wrong: one does.
    """
    for key in town.keys:
        if key.token in said:
            raise Wrong(f"a token in the log: {next(line for line in said.splitlines() if key.token in line)}")
    if any(found in said for found in town.marks):
        raise Wrong("somebody's name in the log")


__all__ = ["Judge", "Wrong", "differences", "no_key_in"]
