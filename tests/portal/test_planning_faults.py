"""What is said of a plan that was sent in: of very many faults the first, in the reader's language what is ours."""

from __future__ import annotations

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
