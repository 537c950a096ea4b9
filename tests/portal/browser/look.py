"""What is asked of every page in a browser: nothing serious in the way of anybody, nothing wider than the window."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Locator, Page

WRONG = {"serious", "critical"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


def press(it: Locator) -> None:
    """Presses a button or follows a link, and waits until the page it leads to is there.

    A click returns as soon as the browser has begun to leave: what is looked at then may be the page that goes.
    """
    with it.page.expect_navigation():
        it.click()


def audit(page: Page) -> None:
    """Fails on what axe-core finds serious or critical, and where the page is wider than its window."""
    page.evaluate(_axe())  # past the page's own policy, which lets no script in
    options = {"runOnly": {"type": "tag", "values": RULES}, "resultTypes": ["violations"]}
    found: dict[str, Any] = page.evaluate("options => axe.run(document, options)", options)
    wrong = [
        f"{one['id']} ({one['impact']}): {one['help']}: {', '.join(str(node['target']) for node in one['nodes'][:5])}"
        for one in found["violations"]
        if one["impact"] in WRONG
    ]
    assert not wrong, "\n".join([page.url, *wrong])
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth"), f"{page.url} is too wide"
    assert page.evaluate("document.querySelectorAll('h1').length") == 1, f"{page.url} has not one first heading"
    cut = enlarged(page)
    assert not cut, f"{page.url}: enlarged twofold, this is cut off or wider than the window: {cut}"


def enlarged(page: Page) -> list[str]:
    """What does not fit when all writing is twice as large, in a window of 640 pixels (WCAG 2.2, 1.4.4)."""
    before = page.viewport_size
    page.set_viewport_size({"width": 640, "height": 900})
    usual = page.evaluate(_SIZE)
    page.evaluate("document.documentElement.style.fontSize = '225%'")
    assert page.evaluate(_SIZE) >= 1.9 * usual, "the size of the writing does not follow the reader's"
    found: list[str] = page.evaluate(_TOO_WIDE)
    page.evaluate("document.documentElement.style.fontSize = ''")
    if before:
        page.set_viewport_size(before)
    return found


_SIZE = "parseFloat(getComputedStyle(document.body).fontSize)"  # the page's usual size is 112.5 %
_TOO_WIDE = """() => {
    const all = [...document.querySelectorAll("body *")];
    const over = all.filter(it => it.getBoundingClientRect().right > window.innerWidth + 1);
    const wide = document.documentElement.scrollWidth > window.innerWidth
        ? ["the page", ...over.slice(-3).map(it => it.outerHTML.slice(0, 80))] : [];
    const cut = [...document.querySelectorAll("main *")].filter(it => {
        const style = getComputedStyle(it);
        const hides = style.overflowX === "hidden" || style.overflowY === "hidden";
        return hides && it.innerText && it.clientWidth > 1 && it.scrollWidth > it.clientWidth + 1;
    });
    return [...wide, ...cut.map(it => it.outerHTML.slice(0, 80))];
}"""
