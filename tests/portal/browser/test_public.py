"""The public pages in Chromium."""

from __future__ import annotations

import pytest
from playwright.sync_api import Page

from tests.portal.browser.look import audit


@pytest.mark.parametrize(
    "path", ["/", "/c/{cycle}", "/privacy", "/c/{cycle}/privacy", "/accessibility", "/nowhere", "/l/x"]
)
def test_a_page_stands_in_nobody_s_way(tab: Page, at: str, cycle: str, path: str):
    tab.goto(at + path.format(cycle=cycle))

    audit(tab)


def test_the_language_is_switched_by_a_link_and_kept(tab: Page, at: str, cycle: str):
    tab.goto(f"{at}/c/{cycle}")
    tab.get_by_role("link", name="Suomi").click()
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
