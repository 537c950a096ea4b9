"""Whoever only looks changes nothing: every link of every letter, and every link behind it, is followed three times."""

from __future__ import annotations

import asyncio
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime
from email import message_from_bytes, policy
from pathlib import Path
from urllib.parse import unquote, urlsplit

import pytest

from portal.app import build_app
from portal.pages import areas
from portal.pages import doors as behind
from store.models import OutboxRow
from tests.portal.doors.asking import Answer, Ask, Page, ask
from tests.portal.doors.judging import Judge
from tests.portal.doors.town import LINK, OPEN, Key, Town

METHODS = ("GET", "HEAD", "OPTIONS") * 3
LATER = datetime(2024, 4, 20, 12, tzinfo=UTC)
AT_LAST = datetime(2024, 12, 1, 12, tzinfo=UTC)
NOT_FOLLOWED = ("/static/", "/sign-out")
SWITCH = re.compile(r"\?(.*&)?lang=\w+$")


def letters(town: Town, cycle: str, of_each: int = 10_000) -> Iterator[tuple[OutboxRow, bytes]]:
    """Every letter of the cycle that somebody is to read, as it leaves; or so many of each kind, the newest first."""
    found = Counter[str]()
    for row in reversed(town.store.letters(cycle)):
        if row.to_ref.startswith("p_") and found[row.kind] < of_each and town.written(row):
            found[row.kind] += 1
            yield row, town.left(row)


def links_in(letter: bytes) -> set[str]:
    """The paths of the links in a letter's text, its page, and its headers."""
    read = message_from_bytes(letter, policy=policy.default)
    said = [str(read["List-Unsubscribe"] or "")]
    said += [part.get_content() for part in read.walk() if part.get_content_maintype() == "text"]
    return {path for words in said for path in LINK.findall(words if isinstance(words, str) else words.decode())}


@dataclass
class Crawler:
    """Follows links, and judges every page."""

    town: Town
    judge: Judge
    cookies: tuple[tuple[str, str], ...] = ()
    seen: dict[str, int] = field(default_factory=dict)
    """Every address that was followed, and the status that it had."""
    dead: list[str] = field(default_factory=list)
    asked: int = 0

    def __post_init__(self) -> None:
        self.app = build_app(self.town.house)

    async def from_(self, starts: set[str]) -> None:
        """Follows the links, the links on their pages, and so on, within this portal."""
        left = [(start, "a letter") for start in sorted(starts)]
        while left:
            at, on = left.pop()
            if at in self.seen:
                continue
            answer = await self._thrice(at)
            self.seen[at] = answer.status
            if answer.status == 404 and not self._yet_to_come(at):
                self.dead.append(f"{at} on {on}")
            found = Page(answer.text).links if answer.header("content-type").startswith("text/html") else []
            found += [answer.header("location")] if answer.header("location") else []
            left += [(path, at) for link in found if (path := self._inside(at, link))]

    def _yet_to_come(self, at: str) -> bool:
        """Whether it is a link of a letter for a purpose that no area opens."""
        if at.startswith("/o/"):
            return not any(getattr(route, "path", "").startswith("/o/") for area in areas() for route in area.routes)
        return at.startswith("/l/") and _purpose(self.town, at) not in {"", *behind()}

    async def _thrice(self, at: str) -> Answer:
        path, _, query = at.partition("?")
        first = Answer()
        for method in METHODS:
            one = Ask(method, path, query, cookies=self.cookies)
            answer = await ask(self.app, one)
            self.asked += 1
            self.judge.look(one, answer)
            if method == "GET":
                assert not first.status or answer.status == first.status, f"{at}: {first.status}, then {answer.status}"
                first = answer
        return first

    @staticmethod
    def _inside(at: str, link: str) -> str:
        """The path and query of a link to this portal; empty for any other, and for the choice of a language."""
        parts = urlsplit(link)
        if parts.scheme or parts.netloc or link.startswith(("#", *NOT_FOLLOWED)) or SWITCH.search(link):
            return ""
        path = parts.path or at.partition("?")[0]
        return f"{path}?{parts.query}" if parts.query else path


def crawl(town: Town, cycle: str, of_each: int = 10_000) -> tuple[Crawler, Counter[str]]:
    """From all letters of the cycle, or from so many of each kind; how many there were of each."""
    starts: set[str] = set()
    kinds = Counter[str]()
    for row, letter in letters(town, cycle, of_each):
        kinds[row.kind] += 1
        found = links_in(letter)
        starts |= found
        town.keys += [Key(path[3:], "link", cycle, row.to_ref, _purpose(town, path)) for path in found]
    crawler = Crawler(town, Judge(town))
    before = town.dump()
    asyncio.run(crawler.from_({unquote(path) for path in starts}))
    assert town.dump() == before
    assert not [row for row in before["links"].values() if row["used_at"]]
    return crawler, kinds


def _purpose(town: Town, path: str) -> str:
    opened = town.house.links.open(path[3:].partition("/")[0], town.clock["now"])
    return str(getattr(opened, "purpose", ""))


@pytest.mark.parametrize("until", [OPEN, pytest.param(LATER, marks=pytest.mark.slow)], ids=["open", "later"])
@pytest.mark.parametrize("name", ["denmark-2024"])
@pytest.mark.timeout(300)
def test_looking_changes_nothing_and_every_link_leads_somewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, until: datetime
):
    town = Town(tmp_path)
    for module in ("inbox", "taking"):
        monkeypatch.setattr(f"store.{module}.clock", lambda: town.clock["now"])
    cycle = town.begin(name)
    town.fill(cycle)
    town.decide(cycle, until)
    town.clock["now"] = until

    crawler, kinds = crawl(town, cycle)

    town.close()
    there = {path for path, status in crawler.seen.items() if status in {200, 303}}
    count = kinds.total()
    assert count > 15
    assert len(there) > count // 2, crawler.seen
    assert set(crawler.seen.values()) <= {200, 303, 404, 410}
    assert not crawler.dead, crawler.dead


@pytest.mark.slow
@pytest.mark.timeout(400)
def test_staff_who_only_look_change_nothing(town: Town):
    session = next(key.token for key in town.keys if key.kind == "session")
    crawler = Crawler(town, Judge(town), cookies=(("kierros", session),))
    before = town.dump()

    asyncio.run(crawler.from_({"/staff"}))

    assert town.dump() == before
    assert len(crawler.seen) > 100
    assert not crawler.dead, crawler.dead[:5]
