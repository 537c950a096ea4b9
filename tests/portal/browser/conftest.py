"""A portal that serves, and Chromium to look at it: started once, and only where a test asks for them.

def test_…(tab, at, cycle):
    tab.goto(f"{at}/c/{cycle}")
    audit(tab)
"""

from __future__ import annotations

import asyncio
import os
import shutil
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import uvicorn
from playwright.sync_api import Browser, Page, sync_playwright

from portal.connections import Bounds
from portal.house import House
from portal.server import config
from store.store import Store
from tests.portal.world import a_house
from workers.ports import listen

QUIET = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync", "--disable-dev-shm-usage",
]  # fmt: skip


def program() -> str:
    """Where Chromium is.

    Skips the test where there is none, and fails it in CI.
    """
    names = (os.environ.get("CHROMIUM"), "chromium", "chromium-browser", "google-chrome")
    found = next((path for name in names if name and (path := shutil.which(name))), None)
    if found is None and os.environ.get("CI"):
        pytest.fail("There is no Chromium on this machine, and in CI its tests cannot be left out.")
    if found is None:
        pytest.skip("There is no Chromium on this machine (Debian: apt install chromium).")
    return found


@dataclass(frozen=True)
class Driven:
    """Chromium, and the loop by which Playwright drives it."""

    browser: Browser
    loop: asyncio.AbstractEventLoop

    @contextmanager
    def awake(self) -> Iterator[None]:
        """While it is driven. Playwright leaves its loop as the running one of this thread, where other tests want
        to run theirs: between two tests it is put aside."""
        asyncio._set_running_loop(self.loop)
        try:
            yield
        finally:
            asyncio._set_running_loop(None)


@pytest.fixture(scope="session")
def chromium() -> Iterator[Driven]:
    """One browser for the session; each test has a tab without memory of its own."""
    path = program()
    playwright = sync_playwright().start()
    driven = Driven(playwright.chromium.launch(executable_path=path, args=QUIET), asyncio.get_running_loop())
    asyncio._set_running_loop(None)
    yield driven
    with driven.awake():
        driven.browser.close()
        playwright.stop()


@pytest.fixture
def tab(chromium: Driven) -> Iterator[Page]:
    """A tab of a telephone's width; whatever the page tries to run, or cannot load, fails the test."""
    with chromium.awake():
        context = chromium.browser.new_context(viewport={"width": 320, "height": 640}, locale="en-GB")
        page = context.new_page()
        wrong: list[str] = []
        page.on("console", lambda said: wrong.append(said.text) if said.type == "error" else None)
        page.on("pageerror", lambda error: wrong.append(str(error)))
        yield page
        context.close()
    assert not [said for said in wrong if "responded with a status of" not in said]


@pytest.fixture(scope="module")
def at(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a portal over the module's record, as inside `kierros up`."""
    with serving(store, tmp_path_factory.mktemp("served"), embedded=True) as house:
        yield house.address


@contextmanager
def serving(store: Store, folder: Path, *, bounds: Bounds | None = None, **changes: Any) -> Iterator[House]:
    """A portal that serves from a thread of its own."""
    door = listen("127.0.0.1", 0)
    house = a_house(store, folder, **{"address": f"http://127.0.0.1:{door.getsockname()[1]}", **changes})
    server = uvicorn.Server(config(house, bounds or Bounds()))
    thread = threading.Thread(target=lambda: asyncio.run(server.serve(sockets=[door])), daemon=True)
    thread.start()
    try:
        yield house
    finally:
        server.should_exit = True
        thread.join(15)
        door.close()
