"""A place behind its link: the waiting list, offers, what she needs, and how it is given up."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from icalendar import Calendar

from exchange.moving import Move
from exchange.registration import Register, Withdraw
from store.models import Letterbox
from tests.portal.people import FIRST_COME, OPEN, SOON, Year, a_year, heading, said
from tests.portal.world import sealed
from tests.portal.years import HER, OTHER, THIRD, example, plain, queue, rows, year

__all__ = ["example", "plain", "year"]


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
    for made in a_year(tmp_path, monkeypatch, **desk):
        # two of one library, of which one may come; then a children's library, whose kind goes first
        for number, name in enumerate((THIRD, "Jurgita Vieversė", "Vilma Kregždienė", "Kristina Upelienė")):
            made.clock["now"] = OPEN + number * SOON
            made.somebody(Register, name)
        made.goes_on(OPEN + 5 * SOON)

        words = said(await made.web().get(made.link("Vilma Kregždienė")))

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

    assert heading(page) == "You are down for a place: Libraries for people"
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
