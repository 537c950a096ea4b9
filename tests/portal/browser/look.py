"""What is asked of every page in a browser: nothing serious in the way of anybody, nothing wider than the window."""

from __future__ import annotations

from functools import cache
from importlib.resources import files
from typing import Any

from playwright.sync_api import Page

WRONG = {"serious", "critical"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]


@cache
def _axe() -> str:
    return files("axe_playwright_python").joinpath("axe.min.js").read_text("utf-8")


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
