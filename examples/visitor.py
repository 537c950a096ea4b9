"""Somebody who reads her letters in the mailbox, follows the link in one, and answers on the page behind it.

Nothing here knows a token, an id or a command: only letters, links, pages, forms and buttons, as a person does.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import httpx
from pages import Page

LETTERS = 6
"""So many of her letters somebody looks into, the newest first."""
PATIENCE = 40.0
"""Seconds that somebody waits for the letter, and for the page to ask what the letter says."""
A_PAGE = 30.0
"""Seconds that somebody waits for a page."""
EVERY = 0.7
"""Seconds between two looks into the mailbox."""


class Turned(Exception):
    """A page answered that it could not be done; the words are the page's."""


class Mailbox:
    """The mailbox that `kierros up` shows: whose letters lie there. Read by several people at once."""

    def __init__(self, portal: str, patience: float = PATIENCE) -> None:
        self._reader, self.patience = Visitor(portal), patience
        self._known: dict[str, str] = {}
        self._links: dict[str, list[str]] = {}
        self._turn, self._looked = threading.Lock(), 0.0

    def links_to(self, name: str) -> list[str]:
        """The personal links in somebody's letters, the newest letter first."""
        with self._turn:
            if time.monotonic() - self._looked > EVERY:
                self._look()
                self._looked = time.monotonic()
            hers = sorted((path for path, row in self._known.items() if f"· {name}" in row), reverse=True)
            return list(dict.fromkeys(link for letter in hers[:LETTERS] for link in self._read(letter)))

    def _read(self, letter: str) -> list[str]:
        if letter not in self._links:
            page = self._reader.open(letter)
            self._links[letter] = [where for _, where in page.links if where.startswith(("/l/", "/s/"))]
        return self._links[letter]

    def _look(self) -> None:
        where = "/mailbox"
        while where:
            page = self._reader.open(where)
            new = {path: row for row, path in page.items if path not in self._known}
            self._known |= new
            older = next((to for _, to in page.links if "before=" in to), "")
            where = f"/mailbox{older}" if older and new else ""


class Visitor:
    """A browser in which somebody looks at one page after the other."""

    def __init__(self, portal: str) -> None:
        self._http = httpx.Client(base_url=portal, follow_redirects=True, timeout=A_PAGE)
        self.page = Page("", 0, "")

    def close(self) -> None:
        """Closes the browser."""
        self._http.close()

    def open(self, where: str) -> Page:
        """Goes to an address of the portal."""
        return self._read(self._ask("GET", where))

    def click(self, end: str) -> Page:
        """Follows the link whose address ends so.

        Raises:
            Turned: the page has none.
        """
        where = self.page.link(end)
        if not where:
            raise Turned(self.page.said())
        return self.open(where)

    def send(self, answers: dict[str, str] | None = None, *, to: str = "", button: str = "", having: str = "") -> Page:
        """Fills in a form of the page (which goes there, and has that field besides), and presses its button.

        Raises:
            Turned: the page has no such form, or does not take what was filled in.
        """
        given = self._parts(answers or {})
        form = self.page.form(set(given) | ({having} if having else set()), to)
        if form is None:
            raise Turned(self.page.said())
        page = self._read(self._ask("POST", form.action or self.page.address, data=form.filled(given, button)))
        if page.status >= 400:
            raise Turned(page.said())
        return page

    def in_english(self) -> str:
        """What the same page says to whoever switches it to English."""
        with httpx.Client(base_url=self._http.base_url, cookies=self._http.cookies, timeout=A_PAGE) as another:
            answer = _asked(another, "GET", self.page.address, params={"lang": "en"})
        return Page(self.page.address, answer.status_code, answer.text).said()

    def _ask(self, how: str, where: str, **with_it: Any) -> httpx.Response:
        return _asked(self._http, how, where, **with_it)

    def _parts(self, answers: dict[str, str]) -> dict[str, str]:
        """Days are typed into three fields."""
        typed: dict[str, str] = {}
        for name, words in answers.items():
            if self.page.form({f"{name}-day"}) is not None:
                year, month, day = words.split("-")
                typed |= {f"{name}-day": day, f"{name}-month": month, f"{name}-year": year}
            else:
                typed[name] = words
        return typed

    def _read(self, answer: httpx.Response) -> Page:
        self.page = Page(answer.url.raw_path.decode(), answer.status_code, answer.text)
        return self.page


def _asked(http: httpx.Client, how: str, where: str, **with_it: Any) -> httpx.Response:
    """What comes from the portal.

    Raises:
        Turned: nothing came.
    """
    try:
        return http.request(how, where, **with_it)
    except httpx.HTTPError as fault:
        raise Turned(f"no page came ({type(fault).__name__})") from None


def follow_letter(visitor: Visitor, mailbox: Mailbox, name: str, wanted: Callable[[Page], bool]) -> Page:
    """Follows the links in somebody's letters, the newest first, until one leads to the page that she is looking for.

    Raises:
        Turned: none did, however long she waited for another letter.
    """
    until, newest = time.monotonic() + mailbox.patience, ""
    while time.monotonic() < until:
        links = mailbox.links_to(name)
        newest = links[0] if links else ""
        for link in links:
            if wanted(visitor.open(link)):
                return visitor.page
        time.sleep(EVERY)
    if not newest:
        raise Turned("no letter with a link has come")
    visitor.open(newest)
    raise Turned(f"the page said “{visitor.in_english()}”")
