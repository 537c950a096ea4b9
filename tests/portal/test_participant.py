"""An invitation behind its link: what is shown at each stage, and what can be done there."""

from __future__ import annotations

import asyncio
import threading
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import select, update

from exchange.registration import Register, Withdraw
from portal.pages import participant
from portal.speech import NAMES
from store.schema import cycles, inbox, people, texts
from tests.portal.people import FIRST_COME, LATER, OPEN, SOON, Year, a_year, heading, said
from tests.portal.world import sealed
from tests.portal.years import HER, OTHER, THIRD, example, plain, queue, rows, year

__all__ = ["example", "plain", "year"]


# -- the invitation ----------------------------------------------------------------------------------------------------


async def test_an_invitation_says_what_when_where_who_pays_and_until_when(plain: Year):
    page = await plain.web().get(plain.link(HER, "invitation", "registration"))

    words = said(page)
    assert page.status_code == 200
    assert heading(page) == "You are invited: Libraries for people"
    for part in ("13–15 May 2024", "Kaunas", "Ministry of Culture", "Answer by", "5 February 2024"):
        assert part in words.partition("Yes, I will take part")[0], part  # it is known before it is asked
    assert "Ieva Lankaitė" in words
    assert "sensitive" not in words
    assert "checked" not in page.text


async def test_a_yes_is_kept_before_it_is_decided_and_the_page_says_so(year: Year):
    web, link = year.web(), year.link(HER, "invitation", "registration")
    page = await web.get(link)
    assert "sensitive" in said(page)

    sent = await web.post(f"{link}/yes", {"seen": "invited", "diet": "No fish", "access": ""})

    assert (sent.status_code, sent.headers["location"]) == (303, link)
    assert "It counts from the moment in which you sent it" in said(await web.get(link))
    year.goes_on(OPEN + SOON)
    page = await web.get(link)
    assert heading(page) == "You have a place: Libraries for people"
    assert "No fish" in page.text
    assert year.store.told(year.cycle, year.person(HER).ref) == {"diet": "No fish"}
    assert "No fish" not in str(year.store.journal(year.cycle))


async def test_a_double_click_and_a_reload_are_one_answer(year: Year):
    web, link = year.web(), year.link(HER, "invitation", "registration")
    form = {"seal": sealed(await web.get(link)), "seen": "invited", "diet": "", "access": ""}

    await asyncio.gather(*(web.client.post(f"{link}/yes", data=form) for _ in range(3)))

    assert rows(year.store) == 1


async def test_two_windows_with_different_answers(year: Year):
    """The yes came first and holds; the no of the older window is refused with a kind word."""
    one, other, link = year.web(), year.web(), year.link(HER, "invitation", "registration")
    older = {"seal": sealed(await other.get(f"{link}/decline")), "seen": "invited", "reason": "I am away"}
    await one.post(f"{link}/yes", {"seen": "invited"})
    year.goes_on(OPEN + SOON)

    await other.client.post(f"{link}/decline", data=older)
    year.clock["now"] = OPEN + 2 * SOON
    state = year.goes_on(OPEN + 3 * SOON)

    assert state.is_in(year.person(HER).ref)
    assert "You are registered already" in said(await one.get(link))


async def test_a_no_keeps_its_reason_as_words_of_hers_and_can_be_taken_back(year: Year):
    web, link = year.web(), year.link(HER, "invitation", "registration")
    assert "No, I cannot come" in (await web.get(link)).text

    await web.post(f"{link}/decline", {"seen": "invited", "reason": "My mother is ill"})
    year.goes_on(OPEN + SOON)

    page = await web.get(link)
    assert heading(page) == "You cannot come: Libraries for people"
    assert "I would like to take part after all" in page.text
    assert "My mother is ill" not in str(year.store.journal(year.cycle))
    await web.post(f"{link}/yes", {"seen": "declined"})
    year.goes_on(OPEN + 2 * SOON)
    assert heading(await web.get(link)).startswith("You have a place")


async def test_a_colleague_of_the_same_library_is_registered_instead(year: Year):
    web, link = year.web(), year.link(HER, "invitation", "registration")
    new = {"name": "Nauja Kolegė", "address": "nauja@vejuva-library.example", "language": "lt"}

    sent = await web.post(f"{link}/colleague", {**new, "seen": "invited"})
    state = year.goes_on(OPEN + SOON)

    assert sent.status_code == 303
    added = year.person("Nauja Kolegė")
    assert (added.home, added.language) == ("vejuva", "lt")
    assert state.is_in(added.ref)
    assert not state.is_in(year.person(HER).ref)
    assert heading(await web.get(link)).startswith("You cannot come")
    (line,) = [one.event for one in year.store.journal(year.cycle) if getattr(one.event, "person", "") == added.ref]
    assert (line.actor, line.instead_of) == (year.person(HER).ref, year.person(HER).ref), "one deed, one line"
    letters = [row for row in year.store.letters(year.cycle) if row.to_ref in {added.ref, year.person(HER).ref}]
    assert [row.kind for row in letters if row.to_ref == added.ref] == ["place_confirmed"]
    assert [row.kind for row in letters if row.to_ref != added.ref][-1] == "answer_accepted", (
        "the page could not say it"
    )


async def test_who_sent_a_colleague_reads_who_comes_in_her_place_and_not_that_she_gave_it_up(year: Year):
    web, link = year.web(), year.link(HER, "invitation", "registration")
    year.somebody(Register, HER)
    year.goes_on(OPEN + SOON)
    new = {"name": "Nauja Kolegė", "address": "nauja@vejuva-library.example", "language": "lt"}

    await web.post(f"{link}/colleague", {**new, "seen": "confirmed"})
    year.goes_on(OPEN + 2 * SOON)
    page = await web.get(link)

    assert heading(page).startswith("A colleague comes in your place")
    assert "Nauja Kolegė comes in your place." in said(page)
    assert "You gave your place up" not in said(page)
    told = [row for row in year.store.letters(year.cycle) if row.kind == "place_withdrawn"]
    assert [row.facts["people"] for row in told] == [year.person("Nauja Kolegė").ref]

    year.somebody(Withdraw, "Nauja Kolegė")
    year.goes_on(OPEN + 3 * SOON)
    page = await web.get(link)
    assert "Nauja" not in said(page)
    assert "Your place went to a colleague of your library." in said(page)


@pytest.mark.parametrize(
    ("typed", "said_of_it"),
    [
        ({"name": ""}, "fill this in"),
        ({"name": "=?utf-8?q?Ann=0D=0ABcc:_x@y?="}, "“=?” cannot stand in it"),
        ({"name": "Anna\x07"}, "cannot be shown"),
        ({"name": "Anna\u202eevil"}, "cannot be shown"),
        ({"name": "A" * 121}, "at most 120 characters"),
        ({"address": "no address"}, "This is no e-mail address"),
        ({"address": "anna@libr\u0430ry.example"}, "letters of two alphabets stand side by side"),
        ({"name": "\u0410nna Berg"}, "letters of two alphabets stand in one word"),
        ({"address": "Anna <anna@vejuva-library.example>"}, "does not belong there"),
        ({"address": "laima.rasuole@vejuva-library.example"}, "your own address"),
        ({"address": "edita.lineikiene@gintarupe-library.example"}, "not one of a colleague of your library"),
        ({"language": "xx"}, "choose one of those offered"),
    ],
)
async def test_what_cannot_be_a_colleague_is_said_beside_its_field_and_nothing_is_kept(
    year: Year, typed: dict[str, str], said_of_it: str
):
    web, link = year.web(), year.link(HER, "invitation", "registration")
    new = {"name": "Nauja Kolegė", "address": "nauja@vejuva-library.example", "language": "lt", "seen": "invited"}
    before = rows(year.store, people)

    page = await web.post(f"{link}/colleague", {**new, **typed})

    assert page.status_code == 422
    assert page.text.count(said_of_it) == 2, "in the summary and beside the field"
    assert "<title>Mistake:" in page.text
    kept = "nauja@vejuva-library.example" if "address" not in typed else "Nauja Kolegė"
    assert kept in page.text
    assert (rows(year.store), rows(year.store, people)) == (0, before)


async def test_html_in_a_field_stays_words(year: Year):
    web, link = year.web(), year.link(HER, "invitation", "registration")
    await web.post(f"{link}/yes", {"seen": "invited", "diet": "<script>alert(1)</script>", "access": "{{ 7 * 7 }}"})
    year.goes_on(OPEN + SOON)

    page = await web.get(link)

    assert "<script" not in page.text
    assert "&lt;script&gt;" in page.text
    assert "{{ 7 * 7 }}" in page.text


async def test_before_the_registration_opens_one_can_only_say_no(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    for made in a_year(tmp_path, monkeypatch, datetime(2024, 1, 12, 12, tzinfo=UTC), **FIRST_COME):
        web, link = made.web(), made.link(HER, "invitation", "registration")

        page = await web.get(link)

        assert "You can answer from" in said(page)
        assert "/yes" not in page.text
        assert f"{link}/decline" in page.text


async def test_after_the_deadline_a_yes_is_refused_kindly_with_what_was_typed(year: Year):
    web, link = year.web(), year.link(HER, "invitation", "registration")
    form = {"seal": sealed(await web.get(link)), "seen": "invited", "diet": "No fish", "access": ""}
    year.goes_on(LATER)
    assert heading(await web.get(link)) == "You are invited: Libraries for people"
    assert "The time to answer is over" in said(await web.get(link))

    await web.client.post(f"{link}/yes", data=form)
    year.goes_on(LATER + SOON)

    assert "The time to answer was over at" in said(await web.get(link))


# -- who may ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["", "/yes", "/decline", "/withdraw", "/colleague", "/offer", "/date", "/needs"])
async def test_reading_changes_nothing(year: Year, path: str):
    queue(year)
    links = [year.link(HER), year.link(HER, "invitation", "registration")]
    before = year.dump()

    for link in links:
        for method in ("GET", "HEAD", "OPTIONS"):
            for _ in range(3):
                await year.web().client.request(method, f"{link}{path}")

    assert year.dump() == before


async def test_a_link_for_another_purpose_opens_none_of_this(year: Year):
    for purpose in ("data", "feedback", "nominate", "host"):
        link = year.link(HER, purpose)
        assert (await year.web().get(f"{link}/withdraw")).status_code == 404


async def test_a_form_without_its_seal_or_with_anothers_does_nothing(year: Year):
    web, link = year.web(), year.link(HER, "invitation", "registration")
    other = sealed(await web.get(year.link(OTHER, "invitation", "registration")))

    for seal in ("", "0" * 32, other):
        sent = await web.client.post(f"{link}/yes", data={"seal": seal, "seen": "invited"})
        assert sent.status_code == 403

    assert rows(year.store) == 0


async def test_an_interrupted_cycle_takes_answers_and_says_so(year: Year):
    with year.store.writing() as connection:
        connection.execute(update(cycles).values(phase="suspended"))
    web, link = year.web(), year.link(HER, "invitation", "registration")

    assert (await web.post(f"{link}/yes", {"seen": "invited"})).status_code == 303
    assert rows(year.store) == 1


@pytest.mark.parametrize("language", NAMES)
async def test_every_stage_speaks_every_language(year: Year, language: str):
    queue(year)
    year.somebody(Withdraw, OTHER)
    year.goes_on(OPEN + 5 * SOON)
    links = [year.link(name) for name in (HER, OTHER, THIRD)] + [year.link("Giedrė Smilgaitė", "invitation", "")]
    for link in links:
        for path in ("", "/withdraw", "/decline", "/colleague", "/needs"):
            page = await year.web().get(f"{link}{path}?lang={language}")
            assert page.status_code in {200, 303}
            assert page.status_code == 303 or f'<html lang="{language}">' in page.text


async def test_words_of_hers_are_rows_and_no_part_of_an_event(year: Year):
    web, link = year.web(), year.link(HER, "invitation", "registration")

    await web.post(f"{link}/decline", {"seen": "invited", "reason": "Šuo suvalgė bilietą"})

    with year.store.reading() as connection:
        assert "Šuo suvalgė bilietą" in str(connection.execute(select(texts)).all())
        assert "Šuo" not in str(connection.execute(select(inbox)).all())


@pytest.mark.parametrize("path", ["/date", "/offer"])
async def test_a_page_with_a_mistake_asks_the_record_in_a_thread(
    plain: Year, monkeypatch: pytest.MonkeyPatch, path: str
):
    web, link = plain.web(), plain.link(HER, "invitation", "registration")
    asked: list[int] = []
    steps_of = participant.steps_of

    def noted(*them: Any) -> Any:
        asked.append(threading.get_ident())
        return steps_of(*them)

    monkeypatch.setattr(participant, "steps_of", noted)
    await web.get(link)
    sent = await web.post(f"{link}{path}", {})

    assert sent.status_code == 422
    assert len(asked) >= 2
    assert threading.get_ident() not in asked
