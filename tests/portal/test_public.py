"""The pages that everybody may read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markupsafe import escape

from portal.speech import in_tongue_of, unmarked, words_in
from tests.cli.world import World
from tests.portal.desk import Desk
from tests.portal.world import Browser


async def test_the_first_page_lists_the_cycles(web: Browser, cycle: str):
    page = await web.get("/")

    assert page.status_code == 200
    assert f'href="/c/{cycle}"' in page.text


async def test_a_cycle_has_a_page(web: Browser, cycle: str):
    page = await web.get(f"/c/{cycle}")

    assert page.status_code == 200
    assert "How the cycle goes" in page.text


async def test_words_of_the_plan_in_another_language_say_in_which(web: Browser, cycle: str):
    ours, theirs = await web.get(f"/c/{cycle}?lang=en"), await web.get(f"/c/{cycle}?lang=lv")

    theme = re.findall(r'<h1><span lang="en">([^<]+)</span></h1>', theirs.text)
    assert theme
    assert f"<h1>{theme[0]}</h1>" in ours.text, "in the page's own language nothing is marked"
    assert f"<title>{theme[0]} – Kierros</title>" in theirs.text
    assert not re.findall(r'="[^"<>]*<span', theirs.text), "no mark-up in an attribute"


def test_words_that_belong_to_a_marked_title_are_marked_with_it():
    words = words_in("lv", ("ru",))
    named = words.pick({"fi": "Kierros", "ru": "Круг <1>"})

    assert escape(in_tongue_of(named, f"{named} 2024")) == '<span lang="ru">Круг &lt;1&gt; 2024</span>'
    assert escape(words.pick({"lv": "Aplis", "ru": "Круг"})) == "Aplis"
    assert escape(words.pick({"und": "typed by somebody"})) == "typed by somebody"
    assert unmarked(named) == "Круг <1>"


async def test_a_practice_run_says_what_it_is_wherever_one_works_with_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    world = World(tmp_path)
    desk = Desk(world, monkeypatch)
    cycle = world.start(days_ago=20)
    row = world.store.cycle(cycle)
    monkeypatch.setattr(type(world.store), "cycle", lambda _self, _id: row.model_copy(update={"practice": True}))

    board = await desk.browser().get(f"/staff/cycles/{cycle}")
    year = await desk.browser().get(f"/staff/cycles/{cycle}/year?lang=fi")

    assert "No letter reaches anybody: each one is caught" in board.text
    assert "eikä mikään täällä koske oikeita kierroksia" in year.text
    world.store.close()
