"""What people told as they registered: read by a button, by those who look after the group; each time is noted."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.world import KRISTINA, OLGA, World
from tests.portal.desk import Desk
from tests.portal.world import sealed

ANNA, BO = "Anna Example", "Bo Example"
ASK = """\
    ask:
      - diet
      - access
      - {id: way, ask: "How do you travel?", choices: [By train, By air]}
"""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    made = World(tmp_path)
    yield Desk(made, monkeypatch)
    made.store.close()


@pytest.fixture
def cycle(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> str:
    """Two have a place and have told something; somebody told something and has none."""
    monkeypatch.setattr("plans.new._asking", lambda _wishes: ASK)
    cycle, store = desk.world.start(days_ago=20), desk.world.store
    desk.approve(cycle, "approve-invitations-1", KRISTINA)
    for name in (ANNA, BO):
        ran = desk.world.type("register", desk.person(cycle, name).address)
        assert ran.code == 0, ran.err
    told = {ANNA: {"diet": "Vegetarian", "access": "A lift", "ask:way": "2"}, BO: {"diet": "vegetarian."}}
    for name, words in told.items():
        store.tell(cycle, desk.person(cycle, name).ref, words)
    desk.world.pass_time(cycle)
    return cycle


def looks(desk: Desk) -> list[tuple[str, str, str]]:
    entries = desk.world.store.security_log(what=("needs_read",))
    return [(one.staff, one.cycle, one.detail) for one in reversed(entries)]


async def test_the_page_shows_no_answer_until_it_is_asked_for_and_then_it_is_noted(desk: Desk, cycle: str):
    web, path = desk.browser(), f"/staff/cycles/{cycle}/needs"
    assert f'href="{path}"' in (await web.get(f"/staff/cycles/{cycle}")).text
    shown = await web.get(path)
    assert "Vegetarian" not in shown.text
    assert looks(desk) == []

    read = await web.client.post(path, data={"seal": sealed(shown), "event": "introductory-seminar"})

    words = " ".join(re.sub(r"<[^>]+>", " ", read.text).split())
    for said in ("Vegetarian × 2", f"{ANNA} Our own library A lift", "By air", "How do you travel?", "sensitive"):
        assert said in words, said
    assert re.search(r'<p class="lead">[^<]+20\d\d', read.text), "the printed list says for what it is"
    assert looks(desk) == [(desk.world.staff[KRISTINA], cycle, "")]
    assert KRISTINA in (await web.get(path)).text.split("Who has read them")[1]

    kitchen = await web.client.post(path, data={"seal": sealed(shown), "nameless": "yes"})
    assert "Vegetarian" in kitchen.text
    assert ANNA not in kitchen.text


async def test_one_persons_answers_stand_on_her_page_behind_a_button(desk: Desk, cycle: str):
    anna = desk.person(cycle, ANNA).ref
    web, path = desk.browser(), f"/staff/cycles/{cycle}/people/{anna}"
    shown = await web.get(path)
    assert "Vegetarian" not in shown.text

    read = await web.client.post(f"{path}/needs", data={"seal": sealed(shown)})

    assert "A lift" in read.text
    assert "By air" in read.text
    assert looks(desk) == [(desk.world.staff[KRISTINA], cycle, anna)]
    assert (await web.get(f"{path}/needs")).headers["location"] == path


async def test_who_does_not_look_after_the_group_reads_nothing_and_is_not_noted(desk: Desk, cycle: str):
    web, path = desk.browser(OLGA), f"/staff/cycles/{cycle}/needs"
    shown = await web.get(path)
    assert "Only the coordinator of this cycle" in shown.text
    seal = sealed(shown)
    anna = desk.person(cycle, ANNA).ref

    for there in (path, f"/staff/cycles/{cycle}/people/{anna}/needs"):
        turned = await web.client.post(there, data={"seal": seal})
        assert turned.status_code == 403
        assert "Vegetarian" not in turned.text
    assert looks(desk) == []


async def test_the_terminal_shows_the_same_to_the_same(desk: Desk, cycle: str):
    ran = desk.world.type("show", "--needs")
    assert ran.code == 0, ran.err
    for said in ("What they eat", ANNA, "A lift", "By air", "1 person has a place and told nothing"):
        assert said in " ".join(ran.out.split()), said
    kitchen = desk.world.type("show", "--needs", "--nameless")
    assert "2 × Vegetarian" in " ".join(kitchen.out.replace("2 ×  ", "2 × ").split())
    assert ANNA not in kitchen.out
    data = desk.world.type("show", "--needs", "--json").data
    assert [one["said"] for one in data["questions"][2]["people"]] == ["By air"]
    kristina = desk.world.staff[KRISTINA]
    assert looks(desk) == [(kristina, cycle, "")] * 3

    refused = desk.world.type("show", "--needs", staff=OLGA)
    assert refused.code == 1
    assert "is no coordinator or deputy coordinator" in refused.sentence
    assert desk.world.type("show", "--nameless").code == 2
    assert len(looks(desk)) == 3


async def test_what_was_learned_is_read_by_staff_with_names(desk: Desk, cycle: str):
    web, path = desk.browser(OLGA), f"/staff/cycles/{cycle}/learned"
    assert "Nobody has told anything yet" in (await web.get(path)).text
    lesson = {"what": "A garden <b>needs</b> neighbours", "from": "host-library", "host": "yes"}
    desk.world.store.tell(cycle, desk.person(cycle, ANNA).ref, {"learned": lesson})

    page = (await web.get(path)).text
    for said in ("A garden &lt;b&gt;needs", ANNA, "The host library", "That library may read it"):
        assert said in page
    shown = " ".join(desk.world.type("show", "--learned").out.split())
    assert f"{ANNA} A garden <b>needs</b> neighbours The host library" in shown
    (told,) = desk.world.type("show", "--learned", "--json").data["learned"]
    assert (told["host"], told["shown"]) == ("host-library", True)


async def test_where_the_plan_asks_nothing_it_is_said(desk: Desk):
    cycle = desk.invited()
    page = await desk.browser().get(f"/staff/cycles/{cycle}/needs")
    assert "asks people nothing" in page.text
    assert "asks people nothing" in desk.world.type("show", "--needs").sentence
