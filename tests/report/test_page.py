"""The page: whole without anything else, safe against what people write, in order for those who hear it."""

from __future__ import annotations

import re
from dataclasses import replace
from html.parser import HTMLParser
from itertools import pairwise
from typing import Any

import pytest

from activities.accounts import Account, Sources, draw_up
from exchange.cancelling import Cancel
from exchange.cycle import begin
from exchange.plan import Funder
from letters.papers import render_report
from tests.report.year import Year, good_answers, good_year, kaliningrad

EVIL = "<script>alert(1)</script><img src=x onerror=alert(1)>\"'&{{7*7}}"
VOID = {"meta", "link", "br", "hr", "img", "input"}


class Page(HTMLParser):
    """The elements of a page, and whether each is closed where it should be."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.open: list[str] = []
        self.crossed: list[str] = []
        self.words: list[str] = []
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        if tag not in VOID:
            self.open.append(tag)

    def handle_endtag(self, tag: str) -> None:
        if self.open and self.open[-1] == tag:
            self.open.pop()
        else:
            self.crossed.append(tag)

    def handle_data(self, data: str) -> None:
        if "style" not in self.open:
            self.words.append(data)

    @property
    def text(self) -> str:
        return " ".join(" ".join(self.words).split())

    def tags(self, *names: str) -> list[str]:
        return [tag for tag, _ in self.elements if tag in names]


def page(account: Account) -> Page:
    return Page(render_report(account.model_dump(mode="json")))


def cancelled() -> Account:
    plan, _ = kaliningrad()
    year = Year(plan).until(2012, 1, 17).approve("invitations", "s_kristina").until(2012, 2, 1)
    year.say(Cancel(at=year.now, actor="s_antti"))
    return draw_up(Sources(cycle=year.cycle, journal=year.journal), "report")


def practice() -> Account:
    plan, texts = kaliningrad(languages=("fi", "en", "ru"), practice=True)
    year = good_year(plan)
    answers = good_answers(year)
    answers["feedback"]["knowledge"] = [1, 2]
    return draw_up(Sources(cycle=year.cycle, journal=year.journal, answers=answers, texts=texts), "report")


def empty() -> Account:
    plan, _ = kaliningrad(steps=())
    return draw_up(Sources(cycle=begin(plan)), "report")


PAGES = pytest.mark.parametrize("made", [cancelled, practice, empty])


@PAGES
def test_every_element_is_closed_and_every_id_is_its_own(made: Any):
    found = page(made())
    assert not found.crossed
    assert not found.open
    ids = [attrs["id"] for _, attrs in found.elements if "id" in attrs]
    assert len(ids) == len(set(ids))


@PAGES
def test_what_labels_and_links_point_to_is_there(made: Any):
    found = page(made())
    ids = {attrs["id"] for _, attrs in found.elements if "id" in attrs}
    pointed = {name for _, attrs in found.elements for name in (attrs.get("aria-labelledby") or "").split()}
    pointed |= {(attrs.get("href") or "")[1:] for tag, attrs in found.elements if tag == "a"}
    assert pointed <= ids


@PAGES
def test_headings_go_down_one_step_at_a_time(made: Any):
    levels = [int(tag[1]) for tag in page(made()).tags("h1", "h2", "h3", "h4", "h5")]
    assert levels[0] == 1
    assert levels.count(1) == 1
    assert all(then <= before + 1 for before, then in pairwise(levels))


@PAGES
def test_nothing_is_fetched_and_nothing_runs(made: Any):
    found = page(made())
    assert not found.tags("script", "link", "img", "iframe", "object", "form", "base")
    for _, attrs in found.elements:
        assert not [name for name in attrs if name.startswith("on")]
        assert not {"src", "srcset", "action"} & set(attrs)
        assert not attrs.get("href") or str(attrs["href"]).startswith("#")
    html = render_report(made().model_dump(mode="json"))
    assert not re.search(r"url\(|@import|https?:", html)
    assert "default-src 'none'" in html


def test_every_table_has_heads_and_every_picture_a_title_or_is_passed_over(account: Account):
    found = page(account)
    assert found.tags("table")
    assert found.tags("table", "thead").count("table") == found.tags("table", "thead").count("thead")
    for tag, attrs in found.elements:
        if tag == "th":
            assert attrs.get("scope") in {"row", "col"}
        if tag == "svg" and attrs.get("role") == "img":
            assert attrs.get("aria-labelledby")


def test_hostile_words_stand_on_the_page_as_words(sources: Sources):
    plan = sources.cycle.plan
    text = {"en": EVIL, "fi": EVIL + "!", "xx": EVIL}
    hostile = plan.model_copy(
        update={
            "theme_name": text,
            "programme_name": text,
            "organisations": tuple(
                o.model_copy(update={"name": text, "city": EVIL, "kind": EVIL, "country": EVIL})
                for o in plan.organisations
            ),
            "steps": tuple(step.model_copy(update={"title": text}) for step in plan.steps),
            "budget": plan.budget.model_copy(update={"funders": (Funder(name=text, cents=1),)}),
        }
    )
    answers = {"feedback": {"next-theme": [EVIL + str(n) for n in range(6)]}}
    reasons = {ref: {"en": EVIL} for ref in sources.texts}
    account = draw_up(replace(sources, cycle=sources.cycle.put(plan=hostile), answers=answers, texts=reasons), "report")
    found = page(account)
    assert not found.tags("script", "img")
    assert not found.crossed
    assert not [name for _, attrs in found.elements for name in attrs if name.startswith("on")]
    assert EVIL in found.text
    assert "49" not in re.findall(r"&(\d+)", found.text)


def test_the_page_is_the_same_to_the_byte_for_the_same_account(account: Account):
    data = account.model_dump(mode="json")
    assert render_report(data) == render_report(Account.model_validate(data).model_dump(mode="json"))


def test_a_practice_run_says_so_first():
    assert "Practice run. No letter left this computer." in page(practice()).text[:400]


def test_a_cancelled_cycle_says_so_first():
    found = page(cancelled()).text
    assert "This cycle was cancelled on 1 Feb 2012, 00:00 UTC." in found[:400]
    assert "Nothing had been held when the report was drawn up." in found


def test_the_plans_first_language_stands_beside_english():
    html = render_report(practice().model_dump(mode="json"))
    assert "Staff competences and projects" in html
    assert '<p class="also" lang="fi">Henkilöstön osaaminen ja hankkeet</p>' in html
    assert 'lang="ru"' not in html


def test_the_year_is_told_in_a_few_sentences(account: Account):
    assert (
        "24 people were invited and 23 asked for one of the 20 places. 19 people took part in 2 seminars and 3 visits, "
        "to Helsinki City Library, Blågården Library and Gellerup Library. 5 hosts were asked for the visits; "
        "1 declined and 1 did not answer. Of those asked for feedback, 84% answered. "
        "€23,300 of the €26,000 budgeted was spent or is still to be paid."
    ) in page(account).text


def test_dates_money_and_times_are_written_out(account: Account):
    found = page(account).text
    for words in ("20 March 2012, 10:00–17:00 local time", "14–16 May 2012", "€16,130.77", "17 Jan 2012, 00:00"):
        assert words in found
