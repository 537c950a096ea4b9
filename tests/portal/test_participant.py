"""An invitation and a place behind their links: what is shown at each stage, and what can be done there."""

from __future__ import annotations

import asyncio
import re
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from icalendar import Calendar
from sqlalchemy import func, select, update

from exchange.moving import Move
from exchange.registration import Register, Withdraw
from portal.pages import participant
from portal.speech import NAMES
from store.models import Letterbox
from store.schema import cycles, inbox, people, texts
from store.store import Store
from tests.portal.people import FIRST_COME, LATER, OPEN, SOON, Year, a_year, heading, said
from tests.portal.world import sealed

HER, OTHER, THIRD = "Laima Rasuolė", "Edita Lineikienė", "Rūta Ąžuolaitė"
NEEDS = {"ask": ("diet", "access")}


@pytest.fixture
def year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Year]:
    """One place, whoever comes first; two sensitive questions."""
    yield from a_year(tmp_path, monkeypatch, **FIRST_COME, **NEEDS)


@pytest.fixture
def plain(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Year]:
    """As the example has it, where the libraries choose; but nothing sensitive is asked."""
    yield from a_year(tmp_path, monkeypatch, ask=(), wanted=())


@pytest.fixture
def example(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Year]:
    """As the example has it: two sensitive questions, and one of its own."""
    yield from a_year(tmp_path, monkeypatch)


def rows(store: Store, table: Any = inbox) -> int:
    with store.reading() as connection:
        return connection.execute(select(func.count()).select_from(table)).scalar_one()


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
    for year in a_year(tmp_path, monkeypatch, datetime(2024, 1, 12, 12, tzinfo=UTC), **FIRST_COME):
        web, link = year.web(), year.link(HER, "invitation", "registration")

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


# -- the place ---------------------------------------------------------------------------------------------------------


def queue(year: Year) -> None:
    """One has the place; the second and the third wait."""
    for number, name in enumerate((OTHER, THIRD, HER)):
        year.clock["now"] = OPEN + number * SOON
        year.somebody(Register, name)
    year.goes_on(OPEN + 4 * SOON)


async def test_the_waiting_list_explains_the_position(year: Year):
    queue(year)

    page = await year.web().get(year.link(HER))

    words = said(page)
    assert heading(page) == "You are on the waiting list: Libraries for people"
    assert "2 of 2" in words
    assert "1 person asked earlier than you." in words
    assert OTHER not in words
    assert THIRD not in words


async def test_who_is_first_in_line_is_told_so(year: Year):
    queue(year)

    assert "You are next" in said(await year.web().get(year.link(THIRD)))


async def test_a_priority_and_a_full_library_are_explained(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    desk = {**FIRST_COME, "capacity": 2, "per_library": 1, "priority": ("children's library",)}
    for year in a_year(tmp_path, monkeypatch, **desk):
        # two of one library, of which one may come; then a children's library, whose kind goes first
        for number, name in enumerate((THIRD, "Jurgita Vieversė", "Vilma Kregždienė", "Kristina Upelienė")):
            year.clock["now"] = OPEN + number * SOON
            year.somebody(Register, name)
        year.goes_on(OPEN + 5 * SOON)

        words = said(await year.web().get(year.link("Vilma Kregždienė")))

        assert "1 person goes before you because of the kind of library" in words
        assert "As many people of your library have a place as may" in words


async def test_an_offer_says_until_when_and_is_taken(year: Year):
    queue(year)
    year.somebody(Withdraw, OTHER)
    year.goes_on(OPEN + 5 * SOON)
    web, link = year.web(), year.link(THIRD)

    page = await web.get(link)

    assert heading(page) == "A place is free for you: Libraries for people" or page.headers["content-language"] == "lt"
    assert "checked" not in page.text
    nothing = await web.post(f"{link}/offer", {"seen": "offered", "reason": "kept"})
    assert nothing.status_code == 422
    assert "kept" in nothing.text
    await web.post(f"{link}/offer", {"seen": "offered", "answer": "yes"})
    state = year.goes_on(OPEN + 6 * SOON)
    assert year.person(THIRD).ref in state.group()


async def test_an_offer_that_is_declined_goes_on(year: Year):
    queue(year)
    year.somebody(Withdraw, OTHER)
    year.goes_on(OPEN + 5 * SOON)
    web, link = year.web(), year.link(THIRD)

    await web.post(f"{link}/offer", {"seen": "offered", "answer": "no", "reason": "too late for me"})
    state = year.goes_on(OPEN + 6 * SOON)

    assert state.place(year.person(HER).ref)[1].state == "offered"
    assert (await web.get(f"{link}?lang=en")).text.count("You let the place go") == 1


async def test_an_offer_that_has_run_out_is_told_so(year: Year):
    queue(year)
    year.somebody(Withdraw, OTHER)
    year.goes_on(OPEN + 5 * SOON)
    web, link = year.web(), year.link(THIRD)
    form = {"seal": sealed(await web.get(f"{link}?lang=en")), "seen": "offered", "answer": "yes"}
    year.goes_on(OPEN + timedelta(days=4))

    await web.client.post(f"{link}/offer", data=form)
    year.goes_on(OPEN + timedelta(days=4, minutes=5))

    assert "The time to answer the offer is over" in said(await web.get(link))


async def test_a_place_is_given_up_once_on_a_page_of_its_own_and_her_needs_go_with_it(year: Year):
    web, link = year.web(), year.link(HER)
    await web.post(f"{year.link(HER, 'invitation', 'registration')}/yes", {"seen": "invited", "diet": "No fish"})
    year.goes_on(OPEN + SOON)
    for _ in range(3):
        assert (await web.get(f"{link}/withdraw")).status_code == 200

    form = {"seal": sealed(await web.get(f"{link}/withdraw")), "seen": "confirmed", "reason": "New work"}
    for _ in range(2):
        await web.client.post(f"{link}/withdraw", data=form)
    year.goes_on(OPEN + 2 * SOON)

    assert rows(year.store) == 2
    assert "You gave your place up" in said(await web.get(link))
    assert year.store.told(year.cycle, year.person(HER).ref) == {}
    assert (await web.get(f"{link}/withdraw")).headers["location"] == link


async def test_a_confirmed_place_shows_what_is_certain_and_gives_it_to_the_calendar(year: Year):
    year.somebody(Register, HER)
    year.goes_on(OPEN + SOON)
    web, link = year.web(), year.link(HER)
    assert (await web.get(f"{link}/calendar.ics")).status_code == 404
    year.goes_on(datetime(2024, 3, 1, tzinfo=UTC))
    page, file = await web.get(link), await web.get(f"{link}/calendar.ics")

    assert "Online seminar" in said(page)
    assert "Asger Klitgaard Holm" in said(page)
    assert file.headers["content-type"].startswith("text/calendar")
    entries = Calendar.from_ical(file.content).walk("VEVENT")
    assert [str(entry["SUMMARY"]).split(" · ")[0] for entry in entries] == ["Online seminar: what do we go to see?"]
    assert "ATTENDEE" not in entries[0]
    assert Calendar.from_ical(file.content)["METHOD"] == "PUBLISH"


async def test_needs_can_be_changed(year: Year):
    year.somebody(Register, HER)
    year.goes_on(OPEN + SOON)
    web, link = year.web(), year.link(HER)

    long = await web.post(f"{link}/needs", {"diet": "x" * 501})
    await web.post(f"{link}/needs", {"diet": "No nuts", "access": "A lift"})

    assert long.status_code == 422
    assert "x" * 501 in long.text
    assert year.store.told(year.cycle, year.person(HER).ref) == {"access": "A lift", "diet": "No nuts"}
    await web.post(f"{link}/needs", {"diet": "No nuts", "access": ""})
    assert year.store.told(year.cycle, year.person(HER).ref) == {"diet": "No nuts"}


async def test_a_question_of_the_plans_own_is_asked_in_the_readers_language_and_kept(example: Year):
    web, link = example.web(), example.link(HER, "invitation", "registration")
    page = await web.get(link)
    for words in ("How would you like to travel to Aarhus?", "By ferry and train", "May your hosts know"):
        assert words in page.text
    assert " checked" not in page.text
    assert "Kaip norėtumėte keliauti į Orhusą?" in (await web.get(f"{link}?lang=lt")).text

    wrong = await web.post(f"{link}/yes", {"seen": "invited", "ask:journey": "9"})
    given = {"access": "A lift", "named": "yes", "ask:journey": "2"}
    await web.post(f"{link}/yes", {"seen": "invited", **given})

    assert wrong.status_code == 422
    assert example.store.told(example.cycle, example.person(HER).ref) == given
    example.goes_on(OPEN + SOON)
    mine = said(await web.get(f"{link}?lang=en"))
    for words in ("By air", "A lift", "my hosts may see it"):
        assert words in mine
    assert "By air" in (await web.get(example.link(HER, "data"))).text


async def test_what_was_told_goes_with_the_place_whoever_types_it_in(example: Year):
    web, link = example.web(), example.link(HER, "invitation", "registration")
    await web.post(f"{link}/yes", {"seen": "invited", "diet": "No fish", "access": "A lift", "ask:journey": "1"})
    example.goes_on(OPEN + SOON)
    assert len(example.store.told(example.cycle, example.person(HER).ref)) == 3

    example.somebody(Withdraw, HER)
    example.goes_on(OPEN + 2 * SOON)

    assert example.store.told(example.cycle, example.person(HER).ref) == {}


async def test_nothing_sensitive_is_asked_where_the_plan_does_not(plain: Year):
    web, link = plain.web(), plain.link(HER)
    await web.post(f"{plain.link(HER, 'invitation', 'registration')}/yes", {"seen": "invited", "diet": "No fish"})

    assert plain.store.told(plain.cycle, plain.person(HER).ref) == {}
    assert (await web.get(f"{link}/needs")).status_code == 303


async def test_who_has_applied_waits_for_the_choice(plain: Year):
    plain.somebody(Register, HER)
    plain.goes_on(OPEN + SOON)

    page = await plain.web().get(plain.link(HER))

    assert heading(page) == "You have asked for a place: Libraries for people"
    assert "You hear from us by 12 February 2024" in said(page)


async def test_a_colleague_takes_over_a_place(year: Year):
    year.somebody(Register, THIRD)
    year.goes_on(OPEN + SOON)
    web, link = year.web(), year.link(THIRD)
    vilma = {"name": "Vilma Kregždienė", "address": "vilma.kregzdiene@azuolyne-library.example", "language": "lt"}

    await web.post(f"{link}/colleague", {**vilma, "seen": "confirmed"})
    state = year.goes_on(OPEN + 2 * SOON)

    assert state.group() == [year.person("Vilma Kregždienė").ref]


async def test_a_visit_that_has_moved_asks_whether_she_can_still_come(year: Year):
    year.somebody(Register, HER)
    year.goes_on(OPEN + SOON)
    _confirm_a_visit(year)
    web, link = year.web(), year.link(HER)

    page = await web.get(link)

    assert "Can you still come?" in said(page)
    form = {field: _hidden(page.text, field) for field in ("seen", "step", "slot", "when")}
    none = await web.post(f"{link}/date", form)
    assert none.status_code == 422
    assert "Say whether you can still come." in none.text
    assert (await web.post(f"{link}/date", {**form, "comes": "yes", "when": "{}"})).status_code == 404
    await web.post(f"{link}/date", {**form, "comes": "yes"})
    year.goes_on(year.clock["now"] + SOON)
    assert "You have said that you come" in said(await web.get(link))
    await web.post(f"{link}/date", {**form, "comes": "no"})
    assert not year.goes_on(year.clock["now"] + SOON).is_in(year.person(HER).ref)


def _hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found, name
    return found[1].replace("&#34;", '"')


def _confirm_a_visit(year: Year) -> None:
    """Dokk1 says yes, and its dates are moved by staff; the word of it has left."""
    state = year.goes_on(datetime(2024, 1, 25, 12, tzinfo=UTC))
    contact = next(one for one in year.store.people(year.cycle) if one.name == "Kirsten Bøgeskov")
    answer = {"kind": "AnswerAsHost", "host": "dokk1", "answer": "confirm", "step": "visits", "slot": "aarhus"}
    year.store.receive(year.cycle, [Letterbox(command_id="host", command=answer, actor=contact.ref)])
    now = datetime(2024, 1, 25, 13, tzinfo=UTC)
    state = year.goes_on(now)
    assert state.booking("visits", "aarhus").stage == "confirmed"
    _, slot = state.slot_of("visits", "aarhus")
    begins = slot.begins.model_copy(update={"local": "2024-05-14T09:00", "at": slot.begins.at + timedelta(days=1)})
    move = Move(
        at=now, actor=state.plan.starter, step="visits", slot="aarhus", when=begins, ends=slot.ends, reason="n_x"
    )
    year.engine.staff(move, now)
    year.goes_on(now + timedelta(days=2))


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
