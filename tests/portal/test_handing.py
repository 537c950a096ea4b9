"""Handing over in the browser: every open cycle at once, called off again, and the paper for whoever takes over."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from tests.cli.world import KRISTINA, World
from tests.portal.desk import Desk
from tests.portal.world import Browser, sealed

HERE = "/staff/handover"


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    made = World(tmp_path)
    yield Desk(made, monkeypatch)
    made.store.close()


async def confirmed(web: Browser, look: httpx.Response) -> httpx.Response:
    assert look.status_code == 200, re.sub(r"<[^>]+>", " ", look.text.split("<main")[1])
    last = look.text.rpartition("<form")[2]
    fields = {
        name: html.unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', last)
    }
    return await web.client.post(look.url.path, data={**fields, "deed": "act"})


def two_cycles(desk: Desk) -> tuple[str, str, str]:
    """Two cycles of the same people, and who takes over."""
    first = desk.invited()
    second = desk.world.start(days_ago=20, theme="Another theme")
    return first, second, desk.world.store.add_staff("Maria Berg", "maria@library.example")


def typed(desk: Desk, maria: str, **more: Any) -> dict[str, Any]:
    return {"source": desk.world.staff[KRISTINA], "to": maria, "reason": "On <b>leave", "deed": "look", **more}


async def test_every_role_passes_in_every_cycle_after_it_was_shown(desk: Desk):
    (first, second, maria), web = two_cycles(desk), desk.browser()

    look = await web.post(HERE, typed(desk, maria))
    assert look.text.count('<h2 id="c') == 2
    assert "On &lt;b&gt;leave" in look.text
    assert not desk.told
    done = await confirmed(web, look)

    assert done.status_code == 303
    for cycle in (first, second):
        assert desk.state(cycle).plan.roles["coordinator"] == (maria,)
    reasons = {getattr(command, "reason", "") for command in desk.told}
    assert len(reasons) == 2, "each cycle keeps the reason by itself, so that it goes with it"


async def test_that_no_deputy_is_left_is_said_before_and_after_and_leads_to_where_one_is_named(desk: Desk):
    world, web = desk.world, desk.browser()
    maria = world.staff["Maria Berg"] = world.store.add_staff("Maria Berg", "maria@library.example")
    cycle = world.start(days_ago=20, deputy="Maria Berg")
    path = f"/staff/cycles/{cycle}/do/handover"
    passes = {"source": world.staff[KRISTINA], "to": maria, "reason": "On leave"}

    for look in (await web.post(path, {**passes, "deed": "look"}), await web.post(HERE, typed(desk, maria))):
        assert "There is no deputy then, who could decide what waits too long: it is Maria Berg now" in look.text
    done = await confirmed(web, look)
    for page in (await web.get(done.headers["location"]), await web.get(f"/staff/cycles/{cycle}?done=handover")):
        assert "There is no deputy now, who could decide what waits too long: it was Maria Berg" in page.text
        assert f'href="{path}?source={maria}&amp;role=deputy+coordinator">Name a deputy' in page.text

    web = desk.browser("Maria Berg")
    form = await web.get(f"{path}?source={maria}&role=deputy+coordinator")
    assert re.search(r'<option value="deputy coordinator"[^>]* selected', form.text)
    named = {"source": maria, "to": world.staff[KRISTINA], "role": "deputy coordinator", "reason": "Somebody has to"}
    await confirmed(web, await web.post(path, {**named, "deed": "look"}))
    roles = desk.state(cycle).plan.roles
    assert (roles["coordinator"], roles["deputy coordinator"]) == ((maria,), (world.staff[KRISTINA],))
    assert "no deputy" not in (await web.get(f"/staff/cycles/{cycle}?done=handover")).text


async def test_a_last_button_that_is_pressed_twice_passes_every_role_once(desk: Desk):
    (_, _, maria), web = two_cycles(desk), desk.browser()
    look = await web.post(HERE, typed(desk, maria))

    both = [await confirmed(web, look), await confirmed(web, look)]

    assert [one.headers.get("location") for one in both] == [f"{HERE}?done=1"] * 2
    assert len(desk.told) == 2


async def test_where_one_cycle_says_no_none_passes(desk: Desk):
    first, second, _ = two_cycles(desk)
    olga = desk.world.staff["Olga Sokolova"]  # the second pair of eyes of the visits

    sent = await desk.browser().post(HERE, typed(desk, olga))

    assert sent.status_code == 422
    assert not desk.told
    assert desk.world.staff[KRISTINA] in desk.state(first).plan.roles["coordinator"]
    assert desk.world.staff[KRISTINA] in desk.state(second).plan.roles["coordinator"]


async def test_a_handover_on_a_later_day_can_be_called_off(desk: Desk):
    (first, _, maria), web = two_cycles(desk), desk.browser()
    day = datetime.now(UTC) + timedelta(days=10)
    when = {"on-day": str(day.day), "on-month": str(day.month), "on-year": str(day.year)}
    await confirmed(web, await web.post(HERE, typed(desk, maria, **when)))
    assert desk.state(first).handovers
    assert "Maria Berg" in (await web.get(f"{HERE}/paper?cycle={first}")).text

    path = f"/staff/cycles/{first}/do/keep-roles"
    wish = {"source": desk.world.staff[KRISTINA], "reason": "She stays", "deed": "look"}
    await confirmed(web, await web.post(path, wish))

    assert not desk.state(first).handovers


async def test_a_day_that_is_past_is_refused_beside_its_field(desk: Desk):
    _, _, maria = two_cycles(desk)

    sent = await desk.browser().post(HERE, typed(desk, maria, **{"on-day": "1", "on-month": "1", "on-year": "2020"}))

    assert sent.status_code == 422
    assert 'href="#f-on-day"' in sent.text


async def test_the_paper_tells_of_what_waits_and_leaves_out_cycles_in_which_she_holds_no_role(desk: Desk):
    (first, second, maria), web = two_cycles(desk), desk.browser()
    await web.post(f"/staff/cycles/{first}/do/note", {"note": "The key <i>hangs", "deed": "act", "once": "1"})

    page = await web.get(f"{HERE}/paper?source={desk.world.staff[KRISTINA]}")
    assert "The key &lt;i&gt;hangs" in page.text
    assert f"/staff/decisions/{second}/approve-invitations-1" in page.text
    nobody = await web.get(f"{HERE}/paper?source={maria}")
    assert f"/staff/cycles/{first}" not in nobody.text
    strange = await web.get(f"{HERE}/paper?source=%00%3Cx&cycle=nowhere")
    assert strange.status_code == 404


async def test_who_holds_no_role_hands_nothing_over(desk: Desk):
    _, _, maria = two_cycles(desk)
    desk.world.staff["Maria Berg"] = maria

    sent = await desk.browser("Maria Berg").post(HERE, typed(desk, maria))

    assert sent.status_code == 422
    assert "You hold no role in this cycle that may do this." in sent.text
    assert sealed(sent)
