"""What is said of a plan that was sent in: of very many faults the first, in the reader's language what is ours."""

from __future__ import annotations

import html
import re

import pytest

from exchange.prompt import Prompt
from letters.catalogues import languages
from plans.faults import MOST
from portal.shown.staff_names import Spoken
from portal.speech import words_in
from telling.sentences import asks
from tests.cli.test_sentences import NAMES, NOW
from tests.portal.desk import Desk
from tests.portal.test_planning import desk, papers
from tests.portal.world import sealed

__all__ = ["desk", "papers"]


async def faults(desk: Desk, plan: bytes, people: bytes, path: str = "/staff/start") -> str:
    web = desk.browser()
    files = {"plan": ("plan.yaml", plan), "people": ("people.csv", people)}
    seal = sealed(await web.get(path))
    sent = await web.client.post(path, data={"seal": seal, "deed": "look", "how": "earnest"}, files=files)
    assert sent.status_code == 422
    return sent.text.partition('id="faults"')[2].partition("</section>")[0]


async def test_of_very_many_faults_the_first_fifty_are_shown_and_how_many_more(desk: Desk, papers: tuple[bytes, bytes]):
    plan, people = papers
    head = people.splitlines(keepends=True)[0]
    rows = b"".join(b"Nobody %d,no address,en\n" % number for number in range(300))

    shown = await faults(desk, plan, head + rows)

    assert shown.count("<li>") == MOST
    (more,) = re.findall(r"<p>(\d+) more</p>", shown)
    assert int(more) >= 250


async def test_a_warning_is_called_so_in_the_reader_s_language(desk: Desk, papers: tuple[bytes, bytes]):
    plan, people = papers
    rows = people.splitlines()
    odd = b"\n".join([rows[0] + b",shoes", *(row + b",41" for row in rows[1:]), b"Nobody,no address,en"])

    shown = await faults(desk, plan, odd, "/staff/start?lang=fi")

    assert ">varoitus</" in shown
    assert "warning" not in shown


@pytest.mark.parametrize("language", languages())
def test_a_page_names_no_command_where_something_due_could_not_be_decided(language: str):
    prompt = Prompt(id="defect-time-1", about="defect", subject="0", opened_at=NOW, due_at=NOW, within=NOW - NOW)
    names = Spoken(NAMES.plan, NAMES.known, words_in(language))
    assert "Cancel" in asks(prompt, names)
    assert "(" in asks(prompt, names)
    assert "kierros" not in asks(prompt, names)
    assert asks(prompt, NAMES).endswith(": kierros history")


# -- all at once -------------------------------------------------------------------------------------------------------


async def sent(desk: Desk, path: str, files: dict[str, tuple[str, bytes]], **typed: str) -> str:
    """The page that comes back, without marks for characters."""
    web = desk.browser()
    seal = sealed(await web.get(path))
    page = await web.client.post(path, data={"seal": seal, "deed": "look", **typed}, files=files)
    assert page.status_code == 422
    return html.unescape(page.text)


def summary(page: str) -> list[str]:
    """What the top of the page leads to, field by field."""
    return re.findall(r'<li><a href="#f-([a-z]+)', page.partition('class="errors"')[2].partition("</div>")[0])


JUNK = ("junk.bin", b"\x00\x01junk")


async def test_a_start_tells_what_is_wrong_with_both_files_and_that_an_answer_is_missing(
    desk: Desk, papers: tuple[bytes, bytes]
):
    plan, people = papers
    broken = ("plan.yaml", plan.replace(b"capacity: ", b"capacity: -"))
    odd = ("people.csv", people + b"Nobody,no address,en,,participant\n")

    page = await sent(desk, "/staff/start", {"plan": broken, "people": odd})

    assert summary(page) == ["text", "people", "how"]
    assert "plan.yaml:" in page
    assert "people.csv:" in page


@pytest.mark.parametrize("path", ["/staff/start", "/staff/amend/{}"])
async def test_what_is_no_list_hides_nothing_of_the_plan_and_is_not_said_to_be_kept(
    desk: Desk, papers: tuple[bytes, bytes], path: str
):
    plan = papers[0].replace(b"opens: ", b"opens: 2099-01-01 # ", 1)  # after it closes, which is no matter of notation
    cycle = desk.world.start(days_ago=20) if "amend" in path else ""

    page = await sent(desk, path.format(cycle), {"plan": ("plan.yaml", plan), "people": JUNK}, how="earnest")

    assert summary(page) == ["text", "people", *(["reason"] if cycle else [])]
    assert "must come after" in page.partition("<textarea")[0]
    assert "that you sent is kept" not in page


@pytest.mark.parametrize("path", ["/staff/start", "/staff/amend/{}"])
async def test_what_is_wrong_with_a_list_is_told_also_where_no_plan_came_or_none_that_is_one(desk: Desk, path: str):
    cycle = desk.world.start(days_ago=20) if "amend" in path else ""
    odd = ("people.csv", b"name,address\nNobody,no address\n")

    for files in ({"people": JUNK}, {"people": odd}, {"plan": JUNK, "people": odd}):
        page = await sent(desk, path.format(cycle), files, how="earnest")
        assert summary(page)[:2] == ["plan", "people"]
        assert "that you sent is kept" not in page
        assert ("people.csv:2" in page) == (files["people"] == odd)


async def test_an_amendment_without_a_reason_tells_what_the_cycle_keeps_too_all_of_it(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    plan = (await web.get(f"/staff/cycles/{cycle}/plan.yaml")).text
    plan = plan.replace("currency: EUR", "currency: SEK").replace("city: Turku", "city: Oulu")

    page = await sent(desk, f"/staff/amend/{cycle}", {"plan": ("plan.yaml", plan.encode())})

    assert summary(page) == ["text", "reason"]
    assert "“budget” stays as the cycle was started with" in page
    assert "other-host stays as the cycle was started with" in page


async def test_an_amendment_without_a_reason_tells_what_the_rules_say_too(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    plan = (await web.get(f"/staff/cycles/{cycle}/plan.yaml")).content.replace(b"per_library: 3", b"per_library: 4")

    page = await sent(desk, f"/staff/amend/{cycle}", {"plan": ("plan.yaml", plan)})

    assert summary(page) == ["reason"]
    assert "so “per library” cannot be changed in the plan" in page


async def test_words_to_be_replaced_are_no_fault_where_no_letter_leaves_and_come_after_what_is_one(
    desk: Desk, papers: tuple[bytes, bytes]
):
    broken = ("plan.yaml", papers[0].replace(b"capacity: ", b"capacity: -"))
    page = await sent(desk, "/staff/start", {"plan": broken, "people": ("people.csv", papers[1])}, how="earnest")
    assert "The plan cannot be taken yet: 1 fault" in page
    told = page.partition('id="faults"')[2].partition("</section>")[0]
    first, *others = told.split("<li>")[1:]
    assert "capacity" in first
    assert all(">warning</" in one for one in others)


async def test_the_same_file_chosen_for_both_is_told_apart(desk: Desk, papers: tuple[bytes, bytes]):
    both = ("plan.yaml", papers[0])
    page = await sent(desk, "/staff/start", {"plan": both, "people": both}, how="earnest")
    assert summary(page) == ["people"]
