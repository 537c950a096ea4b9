"""The pages that everybody may read."""

from __future__ import annotations

from tests.portal.world import Browser


async def test_the_first_page_lists_the_cycles(web: Browser, cycle: str):
    page = await web.get("/")

    assert page.status_code == 200
    assert f'href="/c/{cycle}"' in page.text


async def test_a_cycle_has_a_page(web: Browser, cycle: str):
    page = await web.get(f"/c/{cycle}")

    assert page.status_code == 200
    assert "How the cycle goes" in page.text
