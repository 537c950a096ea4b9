"""Somebody at her own telephone or computer: reads her letters in the mailbox, and does what a page asks, by hand.

She presses what she sees in her own language; every page she comes to is looked over for what would be in her way.
"""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from playwright.sync_api import Browser, Locator, Page

from portal.speech import words_in
from tests.portal.browser.look import audit, press

PATIENCE = 240.0
"""Seconds that she waits for what the year brings by itself; what comes at once is there much sooner."""

_BEHIND = """(letter, label) => {
    let text = "";
    for (const node of letter.childNodes) {
        if (node.nodeName === "A" && text.replace(/\\s+/g, " ").includes(label)) return node.getAttribute("href");
        text += node.textContent;
    }
    return "";
}"""
"""Where the first link of a letter leads that comes after these words."""


def until(found: Callable[[], bool], what: str) -> None:
    """Looks again until it is there."""
    deadline = time.monotonic() + PATIENCE
    while not found():
        assert time.monotonic() < deadline, f"never came: {what}"
        time.sleep(0.4)


@dataclass
class Reader:
    """One person and her browser."""

    browser: Browser
    portal: str
    name: str
    language: str = "en"
    width: int = 390
    pictures: Path | None = None
    """Where pictures are kept, if any are to be taken."""
    wrong: list[str] = field(default_factory=list)
    """What her browser complained of."""

    def __post_init__(self) -> None:
        self.context = self.browser.new_context(
            viewport={"width": self.width, "height": 844 if self.width < 800 else 800}, locale=self.language
        )
        self.tab: Page = self.context.new_page()
        self.tab.set_default_timeout(30_000)
        self.tab.on("console", lambda said: self.wrong.append(said.text) if said.type == "error" else None)
        self.tab.on("pageerror", lambda error: self.wrong.append(str(error)))
        self._read: set[str] = set()

    def close(self) -> None:
        self.context.close()
        assert not [said for said in self.wrong if "responded with a status of" not in said], self.name

    def says(self, sentence: str, **values: Any) -> str:
        """An English sentence of pages or letters in her language; what is in it already stays as it is."""
        spoken = words_in(self.language, ("en",)).gettext(sentence, **values)
        assert self.language == "en" or spoken != sentence or not sentence.isascii(), f"nothing says “{sentence}”"
        return spoken

    # -- letters -------------------------------------------------------------------------------------------------------

    def letter(self, sentence: str, *, read_before: bool = False) -> None:
        """Waits for a letter to her that says so, and opens it; or goes back to one that she has read."""
        if read_before:
            self._read.clear()
        wanted = self.says(sentence)
        until(lambda: any(self._holds(letter, wanted) for letter in self._unread()), f"{wanted} to {self.name}")

    def _unread(self) -> list[str]:
        self.tab.goto(f"{self.portal}/mailbox")
        hers = self.tab.locator("ul.letters li").filter(has_text=re.compile(f"· {re.escape(self.name)}"))
        found: list[str] = hers.locator("a").evaluate_all("all => all.map(it => it.getAttribute('href'))")
        return [letter for letter in found if letter not in self._read]

    def _holds(self, letter: str, wanted: str) -> bool:
        self._read.add(letter)
        self.tab.goto(self.portal + letter)
        return " ".join(wanted.split()) in " ".join(self.text.split())

    def follow(self, label: str) -> None:
        """Follows the link of the open letter that stands behind these words."""
        where = self.tab.locator(".letter").evaluate(_BEHIND, self.says(label))
        assert where, f"no link behind “{self.says(label)}”: {self.text}"
        press(self.tab.locator(f'.letter a[href="{where}"]').first)

    # -- pages ---------------------------------------------------------------------------------------------------------

    @property
    def text(self) -> str:
        return self.tab.locator("main").inner_text()

    @property
    def heading(self) -> str:
        return self.tab.locator("h1").inner_text()

    def sees(self, heading: str, *also: str, picture: str = "", **values: Any) -> None:
        """The page has that heading, says these words, and nothing stands in anybody's way."""
        wanted = self.says(heading, **values)
        assert self.heading == wanted, f"{self.name} expected “{wanted}”: {self.heading}\n{self.text}"
        assert self.tab.locator("html").get_attribute("lang") == self.language
        text = " ".join(self.text.split())
        for sentence in also:
            assert self.says(sentence) in text, f"{self.name} misses “{self.says(sentence)}”: {text}"
        if picture:
            self.keep(picture)
        audit(self.tab)

    def keep(self, picture: str) -> None:
        """Takes a picture of what she sees, as far down as a reader of papers cares, if pictures are wanted."""
        if self.pictures is None:
            return
        long = self.tab.evaluate("document.documentElement.scrollHeight")
        shown = {"x": 0, "y": 0, "width": self.width, "height": min(long, 1150 if self.width < 800 else 860)}
        self.tab.screenshot(path=self.pictures / f"{picture}.png", full_page=True, clip=shown)

    def press(self, label: str, *, exact: bool = True) -> None:
        """Presses a button, or follows a link that stands for itself."""
        press(self._named("button", label, exact=exact))

    def click(self, label: str, *, exact: bool = True) -> None:
        """Follows a link of the page."""
        press(self._named("link", label, exact=exact))

    def _named(self, role: Any, label: str, *, exact: bool) -> Locator:
        wanted = self.says(label)
        named: str | re.Pattern[str] = wanted if exact else re.compile(f"^{re.escape(wanted)}")
        return self.tab.locator("main").get_by_role(role, name=named, exact=exact).first

    def fill(self, label: str, words: str) -> None:
        """Writes into the field of that label."""
        self.tab.get_by_label(re.compile(f"^{re.escape(self.says(label))}")).first.fill(words)

    def choose(self, label: str) -> None:
        """Ticks what stands beside a box or a round button."""
        self.tab.get_by_label(re.compile(f"^{re.escape(self.says(label))}")).first.check()

    def again(self) -> None:
        """Loads the page once more."""
        self.tab.reload()
