"""The public pages in Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.portal.browser.look import audit, press

PAGES = {
    "/": 200, "/c/{cycle}": 200, "/privacy": 200, "/c/{cycle}/privacy": 200, "/accessibility": 200, "/mailbox": 200,
    "/nowhere": 404, "/l/x": 404,
}  # fmt: skip


@pytest.mark.parametrize("path", PAGES)
def test_a_page_stands_in_nobody_s_way(tab: Page, at: str, cycle: str, path: str):
    answer = tab.goto(at + path.format(cycle=cycle))

    assert answer
    assert answer.status == PAGES[path]
    audit(tab)


def test_the_language_is_switched_by_a_link_and_kept(tab: Page, at: str, cycle: str):
    tab.goto(f"{at}/c/{cycle}")
    press(tab.get_by_role("link", name="Suomi"))
    assert tab.locator("html").get_attribute("lang") == "fi"

    tab.goto(at)

    assert tab.locator("html").get_attribute("lang") == "fi"


def test_everything_is_reached_by_keyboard(tab: Page, at: str, cycle: str):
    tab.goto(at)

    tab.keyboard.press("Tab")
    assert tab.evaluate("document.activeElement.className") == "skip"
    tab.keyboard.press("Enter")
    tab.keyboard.press("Tab")

    assert cycle in (tab.evaluate("document.activeElement.href") or "")
