"""Feedback behind its link: without a name, saved and gone on with, given once; and what she learned, with her name."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from sqlalchemy import select

from exchange.registration import Register
from portal.drafts import opened, sealed
from portal.speech import NAMES
from runtime.keys import Keys
from store.links import mark_of
from store.schema import answers, drafts, envelopes, inbox, journal
from tests.portal.people import FIRST_COME, OPEN, SOON, Year, a_year, said
from tests.portal.world import sealed as seal_of

HER, OTHER = "Laima Rasuolė", "Edita Lineikienė"
ASKED = datetime(2024, 10, 1, 12, tzinfo=UTC)
GIVEN = {"q-knowledge": "5", "q-host": "2", "q-gains": "1", "q-next-theme": "Gardens <b>and</b> bees"}


@pytest.fixture
def year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Year]:
    """One took part; the survey is open."""
    for year in a_year(tmp_path, monkeypatch, **FIRST_COME):
        year.somebody(Register, HER)
        year.goes_on(OPEN + SOON)
        year.goes_on(ASKED)
        yield year


def kept(year: Year, table: object) -> str:
    with year.store.reading() as connection:
        return repr(connection.execute(select(table)).all())  # type: ignore[call-overload]


async def test_nothing_is_ticked_beforehand_and_the_scale_is_labelled(year: Year):
    page = await year.web().get(year.link(HER, "feedback", "feedback"))

    assert page.status_code == 200
    assert "checked" not in page.text
    for label in ("1 – not at all", "5 – entirely", "Which library taught you most?", "without your name"):
        assert label in page.text, label


async def test_in_practice_one_reads_until_when_by_the_plans_calendar(year: Year, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("portal.doors.by_calendar", lambda _plan, at: at.replace(year=2031))
    assert "2031" in (await year.web().get(year.link(HER, "feedback", "feedback"))).text


async def test_answers_are_parted_from_whoever_gave_them(year: Year):
    web, link, ref = year.web(), year.link(HER, "feedback", "feedback"), year.person(HER).ref

    sent = await web.post(link, {**GIVEN, "do": "send"})
    assert sent.headers["location"] == link
    assert "Thank you for your answers" in said(await web.get(link))
    state = year.goes_on(ASKED + SOON)

    assert ref in state.survey("feedback").given
    found = year.store.feedback(year.cycle, "feedback")
    assert (found["knowledge"], found["host"], found["next-theme"]) == ([5], [2], ["Gardens <b>and</b> bees"])
    assert ref not in kept(year, answers)
    assert kept(year, envelopes) == "[]"
    for table in (inbox, journal):
        assert "bees" not in kept(year, table)
    again = await web.get(link)
    assert "Thank you for your answers" in said(again)
    assert "<form" not in again.text


async def test_only_the_first_answers_count(year: Year):
    web, link = year.web(), year.link(HER, "feedback", "feedback")
    seal = seal_of(await web.get(link))

    for number in ("5", "1"):
        await web.client.post(link, data={"seal": seal, "q-knowledge": number, "do": "send"})
    year.goes_on(ASKED + SOON)

    assert year.store.feedback(year.cycle, "feedback") == {"knowledge": [5]}


async def test_a_draft_is_kept_sealed_and_goes_when_the_answers_are_given(year: Year):
    web, link = year.web(), year.link(HER, "feedback", "feedback")

    assert (await web.post(link, {**GIVEN, "do": "save"})).headers["location"] == f"{link}?said=saved"

    page = await year.web().get(link)
    assert "Saved, and not sent yet" in page.text, "also when the link is opened again"
    assert "Saved, and not sent yet" in said(page)
    assert page.text.count("checked") == 3
    assert "Gardens &lt;b&gt;and&lt;/b&gt; bees" in page.text
    draft = kept(year, drafts)
    assert "bees" not in draft
    assert year.person(HER).ref not in draft
    assert not year.store.feedback(year.cycle, "feedback")
    await web.post(link, {"q-knowledge": "4", "do": "send"})
    assert year.store.draft(mark_of(link.removeprefix("/l/"))) is None


async def test_sending_nothing_is_a_mistake_and_what_was_typed_stays(year: Year):
    web, link = year.web(), year.link(HER, "feedback", "feedback")

    none = await web.post(link, {"do": "send"})
    strange = await web.post(link, {"q-knowledge": "9", "q-next-theme": "kept", "do": "send"})
    long = await web.post(link, {"q-next-theme": "x" * 2_001, "do": "save"})

    assert [one.status_code for one in (none, strange, long)] == [422, 422, 422]
    assert "Answer at least one question." in none.text
    assert "kept" in strange.text
    assert kept(year, drafts) == "[]"
    assert "GiveFeedback" not in kept(year, inbox)


async def test_who_did_not_take_part_or_comes_too_early_or_late_is_told_so(year: Year):
    other = year.link(OTHER, "feedback", "feedback")
    assert "for those who took part" in said(await year.web().get(other))

    web, link = year.web(), year.link(HER, "feedback", "feedback")
    seal = seal_of(await web.get(link))
    year.goes_on(datetime(2024, 10, 20, tzinfo=UTC))
    assert "The time for answers is over" in said(await web.get(link))
    await web.client.post(link, data={"seal": seal, "q-knowledge": "5", "do": "send"})
    year.goes_on(year.clock["now"] + SOON)
    assert year.store.feedback(year.cycle, "feedback") == {}
    assert kept(year, envelopes) == "[]"


async def test_before_the_survey_opens_there_is_nothing_to_answer(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for early in a_year(tmp_path, monkeypatch, **FIRST_COME):
        page = await early.web().get(early.link(HER, "feedback", "feedback"))
        assert "have not been opened yet" in said(page)


async def test_what_she_learned_is_kept_with_her_name_apart_from_the_answers(year: Year):
    web, link, ref = year.web(), year.link(HER, "feedback", "feedback"), year.person(HER).ref
    asked = await web.get(f"{link}/learned")
    assert "reads it only if you allow it" in asked.text
    assert " checked" not in asked.text

    await web.post(f"{link}/learned", {"what": "A garden needs neighbours", "from": "nobody who was visited"})

    assert year.store.told(year.cycle, ref)["learned"] == {"what": "A garden needs neighbours", "from": ""}
    assert "garden" not in kept(year, answers)
    assert "A garden needs neighbours" in (await web.get(f"{link}/learned")).text
    assert (await web.post(f"{link}/learned", {"what": "x" * 2_001})).status_code == 422
    await web.post(year.link(HER, "learned"), {"what": ""})
    assert year.store.told(year.cycle, ref) == {}


@pytest.mark.parametrize("language", NAMES)
async def test_reading_changes_nothing_in_any_language(year: Year, language: str):
    links = [year.link(HER, "feedback", "feedback"), f"{year.link(HER, 'feedback', 'feedback')}/learned"]
    before = year.dump()

    for link in links:
        for method in ("GET", "HEAD", "OPTIONS"):
            page = await year.web().client.request(method, f"{link}?lang={language}")
        page = await year.web().get(f"{link}?lang={language}")
        assert f'<html lang="{language}">' in page.text

    assert year.dump() == before


def test_a_draft_opens_under_its_own_link_and_secret_alone():
    keys, other = Keys(b"k" * 32), Keys(b"o" * 32)
    body = sealed(keys, "a" * 24, {"q": "ä" * 100})

    assert opened(keys, "a" * 24, body) == {"q": "ä" * 100}
    assert sealed(keys, "a" * 24, {"q": "ä" * 100}) != body
    for found in (
        opened(keys, "b" * 24, body), opened(other, "a" * 24, body), opened(keys, "a" * 24, body[:-1] + b"x"),
        opened(keys, "a" * 24, None), opened(keys, "a" * 24, b"short"),
    ):  # fmt: skip
        assert found == {}


def test_the_days_of_these_tests_are_those_of_the_plan(year: Year):
    assert year.store.load(year.cycle).survey("feedback").until > ASKED + timedelta(days=5)
