"""The pages that everybody may read."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from markupsafe import escape

from exchange.plan import Seminar
from portal.shown.staff_names import Spoken
from portal.speech import in_tongue_of, unmarked, words_in
from telling.names import Names
from tests.cli.world import World
from tests.portal.desk import Desk
from tests.portal.world import Browser, browser


async def test_the_first_page_lists_the_cycles(web: Browser, cycle: str):
    page = await web.get("/")

    assert page.status_code == 200
    assert f'href="/c/{cycle}"' in page.text


async def test_a_cycle_has_a_page(web: Browser, cycle: str):
    page = await web.get(f"/c/{cycle}")

    assert page.status_code == 200
    assert "How the cycle goes" in page.text


async def test_what_is_called_off_is_no_more_to_come_and_no_visit_was_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    desk = Desk(World(tmp_path), monkeypatch)
    cycle = desk.invited()
    await desk.browser().post(f"/staff/cycles/{cycle}/do/cancel", {"reason": "x", "deed": "act", "once": "1"})

    page = await browser(desk.house).get(f"/c/{cycle}?lang=en")

    states = dict(re.findall(r'steps__name">([^<]+)</span>\s*<span class="steps__state">([^<]+)<', page.text))
    assert "still to come" not in states.values()
    visits = next(step.title["en"] for step in desk.world.store.get_plan(cycle).steps if step.kind == "visits")
    assert states[visits] == states["Registration"] == "called off"
    assert states["Invitations"] == "done"
    assert "Libraries that were to take part" in page.text
    assert "Libraries that take part" not in page.text
    russian = await browser(desk.house).get(f"/c/{cycle}?lang=ru")
    assert set(re.findall(r'steps__state">([^<]+)<', russian.text)) == {"сделано", "отмена"}, "of any gender and number"
    desk.world.store.close()


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


def test_steps_called_the_same_are_told_apart_by_day_and_town(tmp_path: Path):
    world = World(tmp_path)
    plan = world.store.get_plan(world.start(days_ago=20))
    one = next(step for step in plan.steps if isinstance(step, Seminar))
    begins = one.begins.model_copy(update={"local": "2031-02-18T10:00"})
    more = one.model_copy(update={"id": "second", "begins": begins, "organisation": None})
    house = plan.organisations[0].model_copy(update={"id": "vihti", "city": "Vihti"})
    last = more.model_copy(update={"id": "third", "organisation": "vihti"})
    change = {"steps": (*plan.steps, more, last), "organisations": (*plan.organisations, house)}
    names = Spoken(plan.model_copy(update=change), speech=words_in("en"))

    called = names.called(one)
    assert names.step("second") == f"{called}, 18 February 2031"
    assert names.step("third") == f"{called}, 18 February 2031, Vihti"
    assert Names(names.plan).step("third") == f"{called}, 18 Feb 2031, Vihti"
    assert names.step("registration") == "Registration", "what stands alone needs no day"
    world.store.close()
