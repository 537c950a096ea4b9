"""A running cycle is amended in the browser by its changed plan, as by the terminal's `amend`."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest

from runtime.engine import EngineUnreachable
from tests.cli.world import KRISTINA, World, write_plan
from tests.portal.desk import Desk
from tests.portal.world import Browser, sealed


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    made = World(tmp_path)
    yield Desk(made, monkeypatch)
    made.store.close()


async def sends(web: Browser, path: str, *, plan: bytes | None = None, people: bytes | None = None, **typed: Any):
    """Chooses the files and sends the form."""
    seal = sealed(await web.get(path))
    files = {"plan": ("plan.yaml", plan)} if plan is not None else {"plan": ("", b"")}
    files |= {"people": ("people.csv", people)} if people is not None else {}
    return await web.client.post(path, data={"seal": seal, "deed": "look", "reason": "x", **typed}, files=files)


def carried(page: httpx.Response) -> dict[str, str]:
    """The hidden fields of a page's last form."""
    last = page.text.rpartition("<form")[2]
    return {
        name: html.unescape(value) for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', last)
    }


async def confirmed(web: Browser, look: httpx.Response) -> httpx.Response:
    assert look.status_code == 200, re.sub(r"<[^>]+>", " ", look.text.split("<main")[1])
    assert "Nothing has been done yet" in look.text
    return await web.client.post(look.url.path, data={**carried(look), "deed": "act"})


async def test_the_plan_as_it_stands_comes_down_and_sent_back_changes_nothing(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    plan = (await web.get(f"/staff/cycles/{cycle}/plan.yaml")).content
    people = (await web.get(f"/staff/cycles/{cycle}/people.csv")).content
    sent = await sends(web, f"/staff/amend/{cycle}", plan=plan, people=people)

    assert sent.status_code == 422
    assert "there is nothing to change" in sent.text


async def test_a_changed_plan_is_shown_first_and_then_amends_the_cycle(desk: Desk):
    cycle, web = desk.world.start(days_ago=20), desk.browser()
    plan = (await web.get(f"/staff/cycles/{cycle}/plan.yaml")).text.replace("answer_within: 14", "answer_within: 21")
    before = desk.everything(cycle)

    look = await sends(web, f"/staff/amend/{cycle}", plan=plan.encode(), reason="Hosts are slow")
    assert "answer within" in look.text
    assert "21 days" in look.text
    assert "Visits to host libraries: what waits for approval says something of this" in look.text
    assert "has to be approved again" in look.text
    assert "is no longer needed" not in look.text
    assert desk.everything(cycle) == before
    done = await confirmed(web, look)

    assert done.status_code == 303
    event = next(e.event for e in desk.world.store.journal(cycle) if type(e.event).__name__ == "PlanAmended")
    assert event.actor == desk.world.staff[KRISTINA]
    assert desk.world.store.get_texts([event.reason])[event.reason] == {"und": "Hosts are slow"}
    assert desk.state(cycle).plan.step("visits").answer_within.days == 21


async def test_words_that_differ_stand_as_they_were_and_as_they_become_with_their_language(desk: Desk):
    cycle, web = desk.world.start(days_ago=20), desk.browser()
    plan = (await web.get(f"/staff/cycles/{cycle}/plan.yaml")).text.replace("What was best?", "What was worst?")

    look = await sends(web, f"/staff/amend/{cycle}?lang=fi", plan=plan.encode())

    row = next(row for row in look.text.split("<tr>") if "questions, best" in row)
    assert '<span lang="en">What was best?</span>' in row
    assert '<span lang="en">What was worst?</span>' in row
    assert "knowledge" not in look.text.split("<table>")[1].split("</table>")[0]


async def test_a_second_click_amends_once(desk: Desk):
    cycle, web = desk.world.start(days_ago=20), desk.browser()
    plan = (await web.get(f"/staff/cycles/{cycle}/plan.yaml")).text.replace("answer_within: 14", "answer_within: 21")
    look = await sends(web, f"/staff/amend/{cycle}", plan=plan.encode())

    first, second = await confirmed(web, look), await confirmed(web, look)

    assert (first.status_code, second.status_code) == (303, 303)
    assert len(desk.told) == 1


async def test_somebody_new_is_known_only_once_it_is_done(desk: Desk):
    cycle, web = desk.world.start(days_ago=20), desk.browser()
    plan = (await web.get(f"/staff/cycles/{cycle}/plan.yaml")).text.replace("Erik Example", "Nora New")
    people = (await web.get(f"/staff/cycles/{cycle}/people.csv")).text
    people = people.replace("Erik Example,erik@", "Nora New,nora@")

    look = await sends(web, f"/staff/amend/{cycle}", plan=plan.encode(), people=people.encode())
    assert "Nora New" in look.text
    assert "Nora New" not in {one.name for one in desk.world.store.people(cycle)}
    await confirmed(web, look)

    assert "Nora New" in {one.name for one in desk.world.store.people(cycle)}


async def test_it_can_be_changed_on_the_page(desk: Desk):
    cycle, web = desk.world.start(days_ago=20), desk.browser()
    page = await web.get(f"/staff/amend/{cycle}?edit")
    words = html.unescape(re.search(r"<textarea[^>]*name=\"text\"[^>]*>\n(.*?)</textarea>", page.text, re.DOTALL)[1])  # type: ignore[index]

    look = await sends(web, f"/staff/amend/{cycle}", text=words.replace("answer_within: 14", "answer_within: 21"))
    await confirmed(web, look)

    assert desk.state(cycle).plan.step("visits").answer_within.days == 21


@pytest.mark.parametrize(
    ("plan", "said"),
    [
        (b'programme: "abc', "opens a quotation mark or bracket that is never closed"),
        (b"PK\x03\x04 a workbook \x00\x01", "open it there and save it as plain text"),
        (b"\xd0\xcf\x11\xe0 an older one \x00\x01", "is a document of Word, Excel or the like"),
        (b"\x7fELF no workbook \x00\x01", "is no text that we can read"),
        (b"\xff\xfe\x00", "is damaged; save it anew in UTF-8"),
        (b"", "is empty"),
        (b"x" * 1_100_000, "is far too large for a plan"),
        (b"year: <script>alert(1)</script>", "“programme” is missing"),
        (b"a: &a [*a]\nb: *zz", "with “*”"),
    ],
)
async def test_what_is_no_plan_comes_back_with_its_own_sentences(desk: Desk, plan: bytes, said: str):
    cycle, web = desk.invited(), desk.browser()

    sent = await sends(web, f"/staff/amend/{cycle}", plan=plan, reason="kept <b>words</b>")

    assert sent.status_code == 422
    assert said in html.unescape(sent.text)
    assert "kept &lt;b&gt;words" in sent.text
    assert "<script>alert" not in sent.text
    assert not desk.told


async def test_a_fault_is_named_with_its_line_and_the_plan_can_be_mended_on_the_page(desk: Desk):
    cycle, web = desk.world.start(days_ago=20), desk.browser()
    plan = (await web.get(f"/staff/cycles/{cycle}/plan.yaml")).text.replace("capacity: ", "capacity: -")

    sent = await sends(web, f"/staff/amend/{cycle}", plan=plan.encode())

    assert sent.status_code == 422
    line = next(number for number, words in enumerate(plan.splitlines(), 1) if "capacity" in words)
    assert f"plan.yaml:{line}" in sent.text
    assert "capacity: -" in sent.text.rpartition("<textarea")[0]


async def test_the_plan_of_another_cycle_is_refused(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    plan = (await web.get(f"/staff/cycles/{cycle}/plan.yaml")).text
    other = re.sub(r"^year: (\d+)$", "year: 2099", plan, flags=re.MULTILINE)

    sent = await sends(web, f"/staff/amend/{cycle}", plan=other.encode())

    assert sent.status_code == 422
    assert "Programme, year and theme of a cycle stay as they are" in sent.text


async def test_what_a_running_cycle_keeps_is_refused_in_a_sentence(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    plan = (await web.get(f"/staff/cycles/{cycle}/plan.yaml")).text.replace("currency: EUR", "currency: SEK")

    sent = await sends(web, f"/staff/amend/{cycle}", plan=plan.encode())

    assert sent.status_code == 422
    assert "stays as the cycle was started with" in sent.text


async def test_who_holds_no_role_there_amends_nothing(desk: Desk):
    cycle = desk.world.start(days_ago=20)
    desk.world.staff["Maria Berg"] = desk.world.store.add_staff("Maria Berg", "maria@library.example")
    web = desk.browser("Maria Berg")
    plan = (await web.get(f"/staff/cycles/{cycle}/plan.yaml")).text.replace("answer_within: 14", "answer_within: 21")

    sent = await sends(web, f"/staff/amend/{cycle}", plan=plan.encode())

    assert sent.status_code == 422
    assert "You hold no role in this cycle that may do this." in sent.text
    assert not desk.told


async def test_only_who_has_signed_in_may_send_much(desk: Desk):
    cycle = desk.invited()
    web = desk.browser()
    seal = sealed(await web.get(f"/staff/amend/{cycle}"))
    much = {"plan": ("plan.yaml", b"x" * 100_000)}

    signed_in = await web.client.post(f"/staff/amend/{cycle}", data={"seal": seal, "reason": "x"}, files=much)
    web.client.cookies.clear()
    stranger = await web.client.post(f"/staff/amend/{cycle}", data={"seal": seal, "reason": "x"}, files=much)

    assert signed_in.status_code == 422
    assert stranger.status_code == 413


# -- starting --------------------------------------------------------------------------------------------------------


async def starts(web: Browser, plan: bytes, people: bytes, how: str = "earnest") -> httpx.Response:
    seal = sealed(await web.get("/staff/start"))
    files = {"plan": ("my <b>plan.yaml", plan), "people": ("people.csv", people)}
    return await web.client.post("/staff/start", data={"seal": seal, "deed": "look", "how": how}, files=files)


@pytest.fixture
def papers(desk: Desk) -> tuple[bytes, bytes]:
    """A plan without fault, and its list."""
    plan = write_plan(desk.world.folder, days_ago=-30)
    return plan.read_bytes(), (desk.world.folder / "people.csv").read_bytes()


@pytest.fixture
def begun(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """The cycles that the engine was asked to begin."""
    asked: list[str] = []

    async def start_cycle(_client: object, plan: Any, _queue: str, _rules: int) -> bool:
        asked.append(plan.id)
        return True

    async def connected(_settings: object) -> None:
        return None

    monkeypatch.setattr("workers.desk.start_cycle", start_cycle)
    monkeypatch.setattr("workers.desk.connected", connected)
    return asked


async def test_a_cycle_is_started_once_after_its_year_was_shown(
    desk: Desk, papers: tuple[bytes, bytes], begun: list[str]
):
    web = desk.browser()

    look = await starts(web, *papers)
    assert "If everybody answers and says yes" in look.text
    assert not desk.world.store.cycles()
    first, second = await confirmed(web, look), await confirmed(web, look)

    (row,) = desk.world.store.cycles()
    assert first.headers["location"] == second.headers["location"] == f"/staff/cycles/{row.id}?done=start"
    assert begun[0] == row.id
    assert desk.world.store.get_plan(row.id).starter == desk.world.staff[KRISTINA]
    assert "The cycle has begun." in (await web.get(first.headers["location"])).text


async def test_while_the_engine_is_away_the_cycle_is_kept(desk: Desk, papers: tuple[bytes, bytes], monkeypatch: Any):
    async def away(_settings: object) -> None:
        raise EngineUnreachable("nobody answers")

    monkeypatch.setattr("workers.desk.connected", away)
    web = desk.browser()

    done = await confirmed(web, await starts(web, *papers))

    assert done.headers["location"].endswith("?done=kept")
    assert [row.engine for row in desk.world.store.cycles()] == ["pending"]


@pytest.mark.usefixtures("begun")
async def test_a_practice_run_gets_an_id_of_its_own(desk: Desk, papers: tuple[bytes, bytes]):
    web = desk.browser()

    await confirmed(web, await starts(web, *papers, how="10"))

    (row,) = desk.world.store.cycles()
    assert row.practice
    assert row.id.endswith("-practice")


@pytest.mark.usefixtures("begun")
@pytest.mark.parametrize("path", ["/staff/amend/{}", "/staff/cycles/{}/plan.yaml", "/staff/cycles/{}/people.csv"])
async def test_the_plan_of_a_practice_run_stays_and_the_page_says_why_and_what_to_do(
    desk: Desk, papers: tuple[bytes, bytes], path: str
):
    web = desk.browser()
    await confirmed(web, await starts(web, *papers, how="10"))
    (row,) = desk.world.store.cycles()

    page = await web.get(path.format(row.id))

    assert page.status_code == 409
    assert "Its year is drawn together into minutes or hours" in page.text
    assert 'href="/staff/start"' in page.text
    assert f'href="/staff/cycles/{row.id}"' in page.text
    board = (await web.get(f"/staff/cycles/{row.id}")).text
    assert f'"/staff/amend/{row.id}"' not in board
    assert "Practise again with another plan" in board


async def test_a_plan_with_a_fault_starts_nothing_and_says_where(desk: Desk, papers: tuple[bytes, bytes]):
    plan, people = papers
    broken = plan.replace(b"capacity: ", b"capacity: -")

    sent = await starts(desk.browser(), broken, people)

    assert sent.status_code == 422
    line = next(number for number, words in enumerate(broken.splitlines(), 1) if b"capacity" in words)
    assert f"plan.yaml:{line}" in sent.text
    assert "<b>plan" not in sent.text
    assert not desk.world.store.cycles()


@pytest.mark.parametrize(
    ("junk", "said"),
    [
        (b"\x00\x01junk", "is no text that we can read; save it in UTF-8."),
        (b"x" * 3_000_000, "is far too large for a plan"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", "is no text that we can read; save it in UTF-8."),
    ],
)
async def test_what_is_no_plan_is_said_at_its_field_also_where_no_list_was_chosen(desk: Desk, junk: bytes, said: str):
    web = desk.browser()
    seal = sealed(await web.get("/staff/start"))
    sent = await web.client.post(
        "/staff/start", data={"seal": seal, "how": "earnest", "deed": "look"}, files={"plan": ("junk.bin", junk)}
    )
    words = html.unescape(sent.text)
    assert sent.status_code == 422
    assert "Choose the list." in words
    assert "The plan cannot be taken yet: 1 fault" in words
    assert said in words
    assert "Excel" not in words


async def test_what_is_no_list_is_said_at_the_list_and_is_not_kept(desk: Desk, papers: tuple[bytes, bytes]):
    sent = await starts(desk.browser(), papers[0], b"\x00\x01junk")
    words = html.unescape(sent.text)
    assert sent.status_code == 422
    assert "The list cannot be taken as it is." in words
    assert "The plan cannot be taken" not in words
    assert "that you sent is kept" not in words
    assert not desk.world.store.cycles()


@pytest.mark.usefixtures("begun")
async def test_another_plan_under_the_same_name_is_refused(desk: Desk, papers: tuple[bytes, bytes]):
    web, (plan, people) = desk.browser(), papers
    await confirmed(web, await starts(web, plan, people))

    sent = await starts(web, plan.replace(b"answer_within: 14", b"answer_within: 15"), people)

    assert sent.status_code == 422
    assert "was started from another plan" in sent.text


async def test_the_plan_to_begin_with_can_be_read(desk: Desk):
    web = desk.browser()
    plan, people = (await web.get("/staff/start/plan.yaml")).content, (await web.get("/staff/start/people.csv")).content

    sent = await starts(web, plan, people, how="10")

    said = html.unescape(re.sub(r"<[^>]+>", "", sent.text))
    assert "Director of our library is not among the staff" in said or "is not among the staff" in said
