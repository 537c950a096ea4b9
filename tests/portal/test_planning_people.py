"""The plan as it stands comes down and goes back unchanged, whatever has happened to its people since."""

from __future__ import annotations

import asyncio
import html
import re
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.test_amending_people import HAPPENED
from tests.cli.world import World
from tests.portal.desk import Desk
from tests.portal.test_planning import confirmed, sends


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    made = World(tmp_path)
    monkeypatch.setattr("cli.engine.tell_all", made.tell_all)
    monkeypatch.setattr("cli.posting.waited_for", lambda cycle, _number: made.pass_time(cycle) is None)
    yield Desk(made, monkeypatch)
    made.store.close()


def happens(desk: Desk, what: str) -> None:
    folder = desk.world.folder
    (folder / "more.csv").write_text("name,address\nIda More,ida@home-library.example\n", "utf-8")
    for words in HAPPENED[what]:
        ran = desk.world.type(*(word.replace("FOLDER", str(folder)) for word in words))
        assert ran.code == 0, ran.err


@pytest.mark.parametrize("what", HAPPENED)
async def test_what_comes_down_goes_back_as_no_difference_and_a_changed_question_is_one(desk: Desk, what: str):
    cycle, web = desk.invited(), desk.browser()
    await asyncio.to_thread(happens, desk, what)
    plan = (await web.get(f"/staff/cycles/{cycle}/plan.yaml")).content
    people = (await web.get(f"/staff/cycles/{cycle}/people.csv")).content
    page = await web.get(f"/staff/amend/{cycle}?edit")
    words = html.unescape(re.search(r"<textarea[^>]*name=\"text\"[^>]*>\n(.*?)</textarea>", page.text, re.DOTALL)[1])  # type: ignore[index]

    for sent in ({"plan": plan}, {"plan": plan, "people": people}, {"text": words}):
        answer = await sends(web, f"/staff/amend/{cycle}", **sent)  # type: ignore[arg-type]
        assert "there is nothing to change" in answer.text, re.sub(r"<[^>]+>", " ", answer.text.split("<main")[1])

    there = {one.ref for one in desk.world.store.people(cycle)}
    changed = plan.replace(b"What was best?", b"What was worst?")
    await confirmed(web, await sends(web, f"/staff/amend/{cycle}", plan=changed, people=people))
    assert "What was worst?" in str(desk.state(cycle).plan.step("feedback"))
    assert {one.ref for one in desk.world.store.people(cycle)} == there


@pytest.mark.parametrize(
    ("was", "becomes", "said"),
    [
        ("per_library: 3", "per_library: 4", "Registration has begun, so “per library” cannot be changed in the plan"),
        ("cost: '3900.00'", "cost: '3901.00'", "so “first-visit, candidates” cannot be changed in the plan"),
    ],
)
async def test_what_cannot_be_changed_any_more_is_named(desk: Desk, was: str, becomes: str, said: str):
    cycle, web = desk.invited(), desk.browser()
    plan = (await web.get(f"/staff/cycles/{cycle}/plan.yaml")).text

    sent = await sends(web, f"/staff/amend/{cycle}", plan=plan.replace(was, becomes, 1).encode())

    assert said in html.unescape(sent.text)


async def test_a_list_with_somebody_new_says_that_it_is_the_list(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    plan = (await web.get(f"/staff/cycles/{cycle}/plan.yaml")).content
    people = (await web.get(f"/staff/cycles/{cycle}/people.csv")).text
    people += "Nora New,nora@home-library.example,en,home-library,participant,\r\n"

    sent = await sends(web, f"/staff/amend/{cycle}", plan=plan, people=people.encode())

    assert "Invitations has begun, so the people list can neither add nor leave out anybody" in sent.text


async def test_a_step_that_has_begun_says_that_it_stays(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    plan = (await web.get(f"/staff/cycles/{cycle}/plan.yaml")).text
    head, _, rest = plan.partition("  - id: visits\n")
    less = head + rest[rest.index("  - id: final-seminar") :]

    sent = await sends(web, f"/staff/amend/{cycle}", plan=less.encode())

    assert "has begun, so it cannot be taken out of the plan" in sent.text


@pytest.mark.parametrize("what", ["the speaker corrected", "a contact corrected", "one invited corrected"])
async def test_a_plan_from_before_somebody_was_corrected_goes_through_without_a_list(desk: Desk, what: str):
    cycle, web = desk.invited(), desk.browser()
    before = (await web.get(f"/staff/cycles/{cycle}/plan.yaml")).content
    await asyncio.to_thread(happens, desk, what)

    unchanged = await sends(web, f"/staff/amend/{cycle}", plan=before)
    look = await sends(web, f"/staff/amend/{cycle}", plan=before.replace(b"What was best?", b"What was worst?"))
    await confirmed(web, look)

    assert "there is nothing to change" in unchanged.text
    if what != "one invited corrected":  # whom the plan does not name
        assert "is called" in look.text
        assert "by now, and is taken for the same person." in look.text
    assert "What was worst?" in str(desk.state(cycle).plan.step("feedback"))


@pytest.mark.parametrize("what", ["the speaker erased", "a contact erased"])
async def test_a_plan_from_before_somebody_was_erased_says_so_and_leads_to_the_present_one(desk: Desk, what: str):
    cycle, web = desk.invited(), desk.browser()
    before = (await web.get(f"/staff/cycles/{cycle}/plan.yaml")).content
    await asyncio.to_thread(happens, desk, what)

    sent = await sends(web, f"/staff/amend/{cycle}", plan=before)

    assert sent.status_code == 422
    assert "Somebody whom the plan named has been erased since the cycle began" in sent.text
    assert f'href="/staff/cycles/{cycle}/plan.yaml"' in sent.text


async def test_a_name_that_nobody_ever_had_asks_for_the_list(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    plan = (await web.get(f"/staff/cycles/{cycle}/plan.yaml")).content

    sent = await sends(web, f"/staff/amend/{cycle}", plan=plan.replace(b"Dina Example", b"Nora New"))

    assert "No list came with it" in sent.text
    assert "erased" not in sent.text


async def test_a_name_that_two_people_had_is_nobody_s(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    plan = (await web.get(f"/staff/cycles/{cycle}/plan.yaml")).content
    for address in ("dina@home-library.example", "anna@home-library.example"):
        for name in ("Same Name", f"Other {address[0]}"):
            ran = await asyncio.to_thread(desk.world.type, "people", "correct", address, "--name", name)
            assert ran.code == 0, ran.err

    sent = await sends(web, f"/staff/amend/{cycle}", plan=plan.replace(b"Dina Example", b"Same Name"))

    assert "Same Name is not in people.csv" in sent.text
