"""A library's contact: she names, chooses and replaces, sees her own people, and no other library's."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from exchange.registration import Withdraw
from letters.refusals import sentence as refusal
from portal.addresses import mixed
from portal.shown.staff_names import Spoken
from portal.shown.staff_people import standing_of
from portal.speech import NAMES, words_in
from store.models import Person
from tests.portal.visiting import Played, begin, dump, says
from tests.portal.world import Browser, sealed

OPEN = datetime(2024, 1, 20, 12, tzinfo=UTC)
ASKED = datetime(2024, 2, 7, 12, tzinfo=UTC)
LATE = datetime(2024, 2, 20, 12, tzinfo=UTC)
RUTA, VILMA, OTHER = "Rūta Ąžuolaitė", "Vilma Kregždienė", "Jurgita Vieversė"
HER, ELSEWHERE = "p_contact00001", "p_contact00002"
NEW = {"name": "Nauja Kolegė", "address": "nauja@azuolyne-library.example", "language": "lt"}


PEOPLE = [
    Person(ref=HER, name="Audra Kontaktė", address="audra@azuolyne-library.example", home="azuolyne", language="en"),
    Person(ref=ELSEWHERE, name="Kita Kontaktė", address="kita@regional-library.example", home="regional"),
]


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record in which the registration has opened, made once."""
    contacts = {"azuolyne": HER, "regional": ELSEWHERE}
    return begin(tmp_path_factory.mktemp("begun"), OPEN, PEOPLE, contacts=contacts)


@pytest.fixture
def played(begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Played]:
    played = Played(begun, tmp_path, monkeypatch, OPEN)
    yield played
    played.store.close()


@pytest.fixture
def web(played: Played) -> Browser:
    return played.browser()


@pytest.fixture
def hers(played: Played) -> str:
    return played.path(HER, ("nominate", "registration/azuolyne"))


@pytest.fixture
def choosing(played: Played, hers: str) -> str:
    """Two of her people have asked, and she has one place: she chooses."""
    says(played, RUTA, VILMA, OTHER)
    played.at(ASKED)
    return hers


def place(played: Played, name: str) -> str:
    _, found = played.state.place(played.person(name).ref)
    return found.state if found else ""


async def send(web: Browser, path: str, data: dict[str, Any]) -> Any:
    """Sends the form of the page with its own hidden fields."""
    shown = await web.get(path)
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown.text))
    return await web.client.post(path, data={**hidden, **data})


# -- what she is shown ------------------------------------------------------------------------------------------------


async def test_the_page_says_what_is_asked_by_when_and_what_then(played: Played, web: Browser, hers: str):
    for when, said in (
        (datetime(2024, 1, 10, 12, tzinfo=UTC), "Nothing yet."),
        (OPEN, "Name the colleagues whom your library would like to send."),
        (datetime(2024, 2, 5, 21, 58, tzinfo=UTC), "Name the colleagues"),
        (datetime(2024, 2, 6, 12, tzinfo=UTC), "Nothing: the time to name people is over."),
    ):
        played.now = when
        page = await web.get(hers)
        assert page.status_code == 200
        for sentence in ("Whom Ąžuolynė Town Library sends", "What we ask of you", said, "What happens next"):
            assert sentence in page.text


async def test_in_practice_she_reads_by_when_by_the_plans_calendar_as_in_her_letter(
    played: Played, web: Browser, hers: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("portal.doors.by_calendar", lambda _plan, at: at.replace(year=2031))
    played.now = OPEN
    assert "on 5 February 2031" in (await web.get(hers)).text


async def test_she_sees_where_each_of_her_people_stands_and_nobody_else(played: Played, web: Browser, choosing: str):
    asked = await web.get(choosing)
    assert RUTA in asked.text
    assert VILMA in asked.text
    assert OTHER not in asked.text
    assert "at most 1 person" in asked.text
    played.at(LATE)

    settled = (await web.get(choosing)).text

    assert "has a place" in settled
    assert "number 1 on the waiting list" in settled
    assert OTHER not in settled


async def test_nothing_of_one_stands_in_the_other_s_letters(played: Played, web: Browser, choosing: str):
    await send(web, choosing, {"people": played.person(VILMA).ref})
    played.at(LATE)

    ruta, vilma = played.person(RUTA), played.person(VILMA)
    written = {letter.to_ref: [] for letter in played.store.letters(played.cycle)}
    for letter in played.store.letters(played.cycle):
        written[letter.to_ref].append(str(letter.facts))
    assert not [facts for facts in written[ruta.ref] if vilma.ref in facts or VILMA in facts]
    assert not [facts for facts in written[vilma.ref] if ruta.ref in facts or RUTA in facts]


async def test_a_contact_of_another_library_opens_nothing_here(played: Played, web: Browser, choosing: str):
    for about in ("registration/azuolyne", "registration/nowhere", "visits/azuolyne", ""):
        other = played.path(ELSEWHERE, ("nominate", about))
        assert (await web.get(other)).status_code == 404
    own = await web.get(played.path(ELSEWHERE, ("nominate", "registration/regional")))
    assert own.status_code == 200
    assert OTHER in own.text
    assert RUTA not in own.text


async def test_a_link_for_another_purpose_does_not_choose(played: Played, web: Browser, choosing: str):
    seal = sealed(await web.get(choosing))
    for about in (("place", ""), ("host", "visits/aarhus/dokk1"), ("data", "")):
        path = played.path(HER, about)
        for below in ("/colleague", "/instead"):
            before = dump(played.store)
            refused = await web.client.post(f"{path}{below}", data={"seal": seal, **NEW})
            assert refused.status_code in {403, 404, 405}
            assert dump(played.store) == before
    assert not played.state.desk("registration").nominations["azuolyne"].done


# -- choosing ---------------------------------------------------------------------------------------------------------


async def test_she_chooses_by_the_date(played: Played, web: Browser, choosing: str):
    sent = await send(web, choosing, {"people": played.person(VILMA).ref})

    assert (sent.status_code, sent.headers["location"]) == (303, choosing)
    assert place(played, VILMA) == "confirmed"
    assert place(played, RUTA) == "waiting"


async def test_nobody_or_too_many_or_others_cannot_be_chosen(played: Played, web: Browser, choosing: str):
    both = [played.person(VILMA).ref, played.person(RUTA).ref]
    for given, said in (
        ({}, "Choose at least one colleague."),
        ({"people": both}, "Your library has 1 place, and you chose 2 people."),
        ({"people": played.person(OTHER).ref}, "choose one of those offered"),
        ({"people": "<script>"}, "choose one of those offered"),
    ):
        before = dump(played.store)
        wrong = await send(web, choosing, given)
        assert wrong.status_code == 422
        assert said in wrong.text
        assert "<script>" not in wrong.text
        assert dump(played.store) == before
    again = await send(web, choosing, {"people": both})
    assert again.text.count(" checked") == 2


async def test_a_double_click_is_one_choice_and_another_window_hears_that_it_came_second(
    played: Played, web: Browser, choosing: str
):
    shown = (await web.get(choosing)).text
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown))
    one, other = ({**hidden, "people": played.person(name).ref} for name in (VILMA, RUTA))

    twice = await asyncio.gather(*(web.client.post(choosing, data=one) for _ in range(2)))
    late = await web.client.post(choosing, data=other)

    assert [sent.status_code for sent in twice] == [303, 303]
    assert late.status_code == 409
    assert "has chosen already" in late.text
    assert place(played, VILMA) == "confirmed"


async def test_after_the_date_those_who_asked_first_are_sent(played: Played, web: Browser, choosing: str):
    hidden = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', (await web.get(choosing)).text))
    played.at(LATE)

    late = await web.client.post(choosing, data={**hidden, "people": played.person(VILMA).ref})

    assert late.status_code == 409
    assert place(played, RUTA) == "confirmed"
    assert place(played, VILMA) == "waiting"


async def test_while_nobody_decides_her_choice_is_kept(played: Played, web: Browser, choosing: str):
    played.engine_away()

    kept = await send(web, choosing, {"people": played.person(VILMA).ref})

    assert kept.status_code == 200
    assert "We have your answer" in kept.text
    assert not played.state.desk("registration").nominations["azuolyne"].done
    played.at(played.now)
    assert place(played, VILMA) == "confirmed"


# -- somebody new -----------------------------------------------------------------------------------------------------


async def test_she_puts_a_colleague_down_who_reads_that_her_library_would_like_to_send_her(
    played: Played, web: Browser, hers: str
):
    sent = await send(web, f"{hers}/colleague", NEW)

    assert sent.status_code == 303
    assert place(played, NEW["name"]) == "applied"
    new = played.person(NEW["name"])
    assert (new.home, new.language, new.zone) == ("azuolyne", "lt", "Europe/Vilnius")
    (letter,) = [one for one in played.store.letters(played.cycle) if one.to_ref == new.ref]
    assert (letter.kind, letter.facts) == ("application_received", {"home": "azuolyne"})
    page = (await web.get(hers)).text
    assert NEW["name"] in page
    assert "named by you" in page
    assert "is down for a place" not in page


async def test_of_whom_she_has_not_named_no_page_says_who_asked(played: Played, web: Browser, hers: str):
    """It may have been herself, or staff who put her down."""
    says(played, RUTA)
    page = (await web.get(hers)).text

    assert "is down for a place" in page
    assert "asked for a place" not in page
    assert "named by you" not in page


async def test_a_colleague_whom_she_names_is_told_of_as_she_stands(played: Played, web: Browser, hers: str):
    says(played, RUTA, VILMA)
    again = {"name": VILMA, "address": played.person(VILMA).address, "language": "lt"}
    asked = await send(web, f"{hers}/colleague", again)
    assert asked.status_code == 409
    assert "has been put down for a place already" in asked.text
    played.at(ASKED)
    played.at(LATE)

    stands = {"confirmed": "has a place already", "waiting": "waits for a place already"}
    for name in (RUTA, VILMA):
        facts = {"person": played.person(name).ref, "state": place(played, name)}
        said = refusal(words_in("en"), "AlreadyRegistered", facts, reader=HER, tell=str)
        assert stands[facts["state"]] in said


async def test_the_same_address_twice_is_one_person_and_keeps_her_name(played: Played, web: Browser, hers: str):
    await send(web, f"{hers}/colleague", NEW)

    again = await send(web, f"{hers}/colleague", {**NEW, "name": "X", "address": "NAUJA@Azuolyne-Library.example"})

    assert again.status_code == 409
    assert "has been put down for a place already" in again.text
    assert 'value="X"' in again.text
    assert [one.name for one in played.store.people(played.cycle) if "nauja" in one.address] == [NEW["name"]]


async def test_who_withdrew_can_be_put_down_again(played: Played, web: Browser, hers: str):
    await send(web, f"{hers}/colleague", NEW)
    says(played, NEW["name"], kind=Withdraw)
    assert place(played, NEW["name"]) == "withdrawn"

    await send(web, f"{hers}/colleague", NEW)

    assert place(played, NEW["name"]) == "applied"


WRONG = [
    ("name", "", "fill this in"),
    ("name", "=?utf-8?q?Ann=0D=0ABcc:_x@y?=", "cannot stand in it"),
    ("name", "Ann\u202eanna", "cannot be shown"),
    ("name", "Ann\x07a", "cannot be shown"),
    ("name", "A" * 121, "at most 120 characters"),
    ("name", "Аnna Berg", "letters of two alphabets"),
    ("name", "@SUM(1+9)", "Write the name alone"),
    ("address", "anna", "This is no e-mail address"),
    ("address", "Ann <ann@azuolyne-library.example>", "does not belong there"),
    ("address", "аnn@azuolyne-library.example", "letters of two alphabets"),
    ("address", "ann@аzuolyne-library.example", "letters of two alphabets"),
    ("address", "ann@azuolyne-library.example\nBcc: x@y.example", "cannot be shown"),
    ("address", "jurgita.vieverse@regional-library.example", "not one of a colleague of your library"),
    ("language", "xx", "choose one of those offered"),
    ("language", "", "choose an answer"),
]


async def test_what_is_wrong_is_said_beside_the_field_and_what_was_typed_stays(played: Played, web: Browser, hers: str):
    path = f"{hers}/colleague"
    seal = sealed(await web.get(path))
    before = dump(played.store)

    for field, given, said in WRONG:
        wrong = await web.client.post(path, data={"seal": seal, **NEW, field: given})
        assert wrong.status_code == 422, (field, given)
        assert said in wrong.text, (field, given)
        assert f'href="#f-{field}"' in wrong.text
        assert "<title>Mistake:" in wrong.text
        kept = "name" if field == "address" else "address"
        assert f'value="{NEW[kept]}"' in wrong.text

    assert dump(played.store) == before


async def test_a_colleague_whom_we_know_is_named_without_a_language(played: Played, web: Browser, hers: str):
    known = played.person(VILMA)
    asked = (await web.get(f"{hers}/colleague")).text
    assert "Only for somebody to whom we have not written yet." in asked

    sent = await send(web, f"{hers}/colleague", {"name": VILMA, "address": known.address, "language": ""})

    assert sent.status_code == 303
    assert place(played, VILMA) == "applied"
    assert played.person(VILMA).language == known.language


def test_a_home_librarys_contact_is_no_host(played: Played):
    names = Spoken(played.state.plan, speech=words_in("en"))
    her = played.person("Audra Kontaktė").model_copy(update={"host": "azuolyne"})
    assert standing_of(played.state, names, her).startswith("answers for the library ")
    host = next(c for j in played.state.journeys() for slot in j.slots for c in slot.candidates)
    his = her.model_copy(update={"ref": host.contact, "host": host.host})
    assert standing_of(played.state, names, his).startswith("answers for the host ")


async def test_markup_is_shown_as_it_was_typed(played: Played, web: Browser, hers: str):
    await send(web, f"{hers}/colleague", {**NEW, "name": "<b>Anna</b> & “Co”"})

    shown = (await web.get(hers)).text

    assert "&lt;b&gt;Anna&lt;/b&gt;" in shown
    assert "<b>Anna" not in shown


async def test_where_she_chooses_she_may_send_somebody_who_has_not_asked(played: Played, web: Browser, choosing: str):
    sent = await send(web, f"{choosing}/colleague", NEW)

    assert sent.status_code == 303
    assert place(played, NEW["name"]) == "confirmed"
    assert (place(played, RUTA), place(played, VILMA)) == ("waiting", "waiting")
    kinds = [one.kind for one in played.store.letters(played.cycle) if one.to_ref == played.person(NEW["name"]).ref]
    assert kinds == ["place_confirmed"]


async def test_a_page_from_before_the_closing_chooses_for_nobody(played: Played, web: Browser, hers: str):
    says(played, RUTA, VILMA)
    stale = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', (await web.get(f"{hers}/colleague")).text))
    played.at(ASKED)

    refused = await web.client.post(f"{hers}/colleague", data={**stale, **NEW})

    assert refused.status_code == 409
    assert "The time to answer was over" in refused.text
    assert not played.state.desk("registration").nominations["azuolyne"].done


# -- somebody else ----------------------------------------------------------------------------------------------------


async def test_a_colleague_takes_over_a_place_of_the_library(played: Played, web: Browser, choosing: str):
    played.at(LATE)
    ruta = played.person(RUTA).ref

    sent = await send(web, f"{choosing}/instead", {"who": ruta, "reason": "She is on leave", **NEW})

    assert sent.status_code == 303
    assert (place(played, RUTA), place(played, NEW["name"]), place(played, VILMA)) == (
        "withdrawn",
        "confirmed",
        "waiting",
    )
    page = (await web.get(choosing)).text
    assert "has withdrawn" in page
    assert "on leave" not in page


async def test_nobody_of_another_library_is_replaced(played: Played, web: Browser, choosing: str):
    played.at(LATE)
    before = dump(played.store)

    refused = await send(web, f"{choosing}/instead", {"who": played.person(OTHER).ref, **NEW})

    assert refused.status_code == 422
    assert dump(played.store) == before


async def test_pages_that_have_lost_their_sense_lead_back(played: Played, web: Browser, hers: str):
    assert (await web.get(f"{hers}/instead")).headers["location"] == hers
    played.at(LATE)
    assert (await web.get(f"{hers}/colleague")).headers["location"] == hers


# -- what holds for all -----------------------------------------------------------------------------------------------


async def test_looking_changes_nothing(played: Played, web: Browser, choosing: str):
    await web.get(choosing)
    before = dump(played.store)

    for path in (choosing, f"{choosing}/colleague", f"{choosing}/instead"):
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
            await web.client.request(method, path, params={"people": played.person(RUTA).ref})
        assert (await web.client.post(path, data={"people": "x"})).status_code == 403

    assert dump(played.store) == before


async def test_the_page_speaks_each_language(played: Played, web: Browser, choosing: str):
    for language in NAMES:
        page = await web.get(f"{choosing}?lang={language}")

        assert f'<html lang="{language}"' in page.text
        assert RUTA in page.text
        assert ("What we ask of you" in page.text) == (language == "en")


def test_two_alphabets_in_one_word_are_seen():
    assert mixed("Аnna")
    assert not mixed("Anna Иванова-Berg")
    assert not mixed("Žydrūnė O’Neill 3")
