"""My data behind its link, and the end of letters of a kind by one click."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from exchange.registration import Register
from portal.shown.participant_data import zones
from portal.speech import NAMES, words_in
from portal.states import States
from store.faults import CycleNewer
from tests.portal.people import FIRST_COME, OPEN, SOON, Year, a_year, heading, said
from tests.portal.world import sealed

HER = "Laima Rasuolė"
RIGHT = {
    "name": "Laima Rasuolė", "address": "laima.rasuole@vejuva-library.example", "language": "en",
    "zone": "Europe/Vilnius",
}  # fmt: skip


@pytest.fixture
def year(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Year]:
    for year in a_year(tmp_path, monkeypatch, **FIRST_COME, ask=("diet",)):
        year.somebody(Register, HER)
        year.goes_on(OPEN + SOON)
        yield year


async def test_everything_that_is_kept_is_shown_and_can_be_taken_along(year: Year):
    web, link = year.web(), year.link(HER, "data")
    year.store.tell(year.cycle, year.person(HER).ref, {"diet": "No fish"}, OPEN)

    page, file = await web.get(link), await web.get(f"{link}/my-data.json")

    words = said(page)
    for part in (HER, "laima.rasuole@vejuva-library.example", "Vėjuva Town Library", "No fish", "1 answer"):
        assert part in words, part
    kept = json.loads(file.content)
    assert kept["person"]["name"] == HER
    assert kept["told"] == {"diet": "No fish"}
    assert file.headers["cache-control"] == "no-store"
    assert "Rūta" not in file.text


async def test_it_stays_open_when_the_cycle_is_over(year: Year):
    from store.schema import cycles

    link = year.link(HER, "data")
    with year.store.writing() as connection:
        connection.execute(cycles.update().values(phase="finished", ended_at=OPEN))

    assert (await year.web().get(link)).status_code == 200


@pytest.mark.parametrize("path", ["", "/my-data.json", "/erase"])
async def test_it_stays_open_where_the_cycle_cannot_be_read(year: Year, path: str, monkeypatch: pytest.MonkeyPatch):
    link = year.link(HER, "data")

    def newer(_: object, cycle: str) -> Any:
        raise CycleNewer(cycle, 99)

    monkeypatch.setattr(States, "of", newer)
    monkeypatch.setattr(States, "lately", newer)

    assert (await year.web().get(f"{link}{path}")).status_code == 200


async def test_it_is_put_right_and_a_new_address_is_written_to(year: Year):
    web, link = year.web(), year.link(HER, "data")

    same = await web.post(f"{link}/correct", {**RIGHT, "name": "Laima Rasuolė-Nauja", "zone": "Europe/Oslo"})
    moved = await web.post(f"{link}/correct", {**RIGHT, "address": "laima@new-library.example", "language": "fi"})

    assert (same.headers["location"], moved.headers["location"]) == (f"{link}?said=corrected", f"{link}?said=address")
    person = year.person(HER)
    assert (person.address, person.language, person.zone) == ("laima@new-library.example", "fi", "Europe/Vilnius")
    assert [row.kind for row in year.store.letters(year.cycle, kind="new_link")] == ["new_link"]
    assert "laima@new-library.example" in (await web.get(link)).text


@pytest.mark.parametrize(
    ("typed", "of_it"),
    [
        ({"name": " "}, "fill this in"),
        ({"name": "=?utf-8?q?Ann=0D=0ABcc:_x@y?="}, "“=?” cannot stand in it"),
        ({"name": "Ann\u202e"}, "cannot be shown"),
        ({"name": "=HYPERLINK(x)"}, "Write the name alone"),
        ({"name": "12345"}, "Write the name alone"),
        ({"address": "=cmd|x!a0@library.example"}, "This is no e-mail address"),
        ({"address": "laima@"}, "This is no e-mail address"),
        ({"address": "laima@vejuv\u0430-library.example"}, "letters of two alphabets stand side by side"),
        ({"address": "ruta.azuolaite@azuolyne-library.example"}, "This address cannot be used"),
        ({"language": "zz"}, "choose one of those offered"),
        ({"zone": "Mars/Olympus"}, "choose one of those offered"),
    ],
)
async def test_what_is_wrong_is_said_beside_its_field_alone(year: Year, typed: dict[str, str], of_it: str):
    web, link = year.web(), year.link(HER, "data")
    before = year.dump()

    page = await web.post(f"{link}/correct", {**RIGHT, **typed})

    assert page.status_code == 422
    assert page.text.count(of_it) == 2
    assert year.dump() == before


@pytest.mark.parametrize("language", ["en", "fi", "ru"])
def test_each_place_has_one_time_zone_to_choose_and_hers_is_among_them(language: str):
    found = zones(words_in(language), "Europe/Belfast")
    assert len({place for _, place in found}) == len(found)
    assert {"Europe/Belfast", "Europe/Kyiv", "Europe/Chisinau", "UTC"} <= {name for name, _ in found}
    assert "Europe/London" in dict(zones(words_in(language), "Europe/Riga"))


async def test_letters_of_a_kind_end_and_come_again(year: Year):
    web, link, ref = year.web(), year.link(HER, "data"), year.person(HER).ref

    for _ in range(2):
        await web.post(f"{link}/letters", {"kind": "invitation", "wish": "no"})
    assert year.store.opt_outs(year.cycle, ref) == ["invitation", "invitation_reminder"]
    assert "you do not get them" in said(await web.get(link))
    await web.post(f"{link}/letters", {"kind": "invitation", "wish": "yes"})

    assert year.store.opt_outs(year.cycle, ref) == []
    assert (await web.post(f"{link}/letters", {"kind": "place_confirmed", "wish": "no"})).status_code == 404


async def test_erasing_needs_the_link_of_the_letter_that_asks(year: Year):
    web, link, ref = year.web(), year.link(HER, "data"), year.person(HER).ref
    seal = sealed(await web.get(f"{link}/erase"))

    assert (await web.client.post(f"{link}/erase/confirm", data={"seal": seal})).status_code == 404
    for _ in range(2):
        assert (await web.post(f"{link}/erase")).headers["location"] == f"{link}?said=erase"
    assert [row.to_ref for row in year.store.letters(year.cycle, kind="erasure_asked")] == [ref]
    assert year.person(HER)

    in_letter = year.link(HER, "data", "erase")
    assert "the last question" in said(await web.get(in_letter))
    assert (await web.get(f"{in_letter}/erase/confirm")).status_code == 200
    assert year.person(HER)
    done = await web.post(f"{in_letter}/erase/confirm")

    assert heading(done) == "You have been erased"
    assert HER not in [one.name for one in year.store.people(year.cycle)]
    assert (await web.get(link)).status_code == 404


async def test_one_click_ends_letters_and_looking_does_not(year: Year):
    ref = year.person(HER).ref
    path = year.link(HER, "optout", "survey").replace("/l/", "/o/")
    web = year.web()
    before = year.dump()
    for method in ("GET", "HEAD", "OPTIONS"):
        for _ in range(3):
            await web.client.request(method, path)
    assert (await web.client.post(path, data={"something": "else"})).status_code == 404
    assert year.dump() == before

    for _ in range(2):
        page = await web.client.post(path, data={"List-Unsubscribe": "One-Click"})
        assert page.status_code == 200

    assert year.store.opt_outs(year.cycle, ref) == ["survey", "survey_reminder"]
    assert heading(page) == "You get no more letters of this kind in this cycle"


@pytest.mark.parametrize("language", ["en", "ru"])
async def test_what_an_optout_holds_for_is_said_before_the_button_after_it_and_beside_the_choices(
    year: Year, language: str
):
    word = words_in(language).gettext
    alone = word("Your choice holds in this cycle alone: the letters of another cycle have a link of their own.")
    come = word(
        "Letters about a place of yours, about your data and about changes, such as a new date to answer by, "
        "always come."
    )
    web, choices = year.web(), f"{year.link(HER, 'data')}?lang={language}"
    path = f"{year.link(HER, 'optout', 'invitation').replace('/l/', '/o/')}?lang={language}"

    asks = await web.client.get(path)
    ended = await web.client.post(path, data={"List-Unsubscribe": "One-Click"})
    for page in (asks, ended, await web.client.get(choices)):
        assert page.status_code == 200
        assert alone in said(page)
        assert come in said(page)
    for page in (asks, ended):
        assert words_in(language).pick(year.store.get_plan(year.cycle).theme_name) in said(page)


async def test_opened_once_more_it_says_what_is_the_case_and_offers_the_way_back(year: Year):
    ref, web = year.person(HER).ref, year.web()
    path = year.link(HER, "optout", "survey").replace("/l/", "/o/")
    await web.client.post(path, data={"List-Unsubscribe": "One-Click"})
    before = year.dump()

    page = await web.get(path)
    assert heading(page) == "You get no more letters of this kind in this cycle"
    assert "Send them again" in page.text
    assert "no more of these" not in page.text
    unsealed = await year.web().client.post(path, data={"again": "yes"})
    assert unsealed.status_code == 403
    assert year.dump() == before, "a scanner of links, or another page, brings no letters back"

    page = await web.post(path, {"again": "yes"})
    assert heading(page) == "You get letters of this kind again"
    assert year.store.opt_outs(year.cycle, ref) == []
    assert heading(await web.get(path)) == "No more letters of this kind in this cycle?"


async def test_one_click_on_a_link_that_is_superseded_sends_nothing(year: Year):
    path = year.link(HER, "optout", "survey").replace("/l/", "/o/")
    year.house.links.reissue(year.cycle, year.person(HER).ref)
    before = year.dump()

    page = await year.web().client.post(path, data={"List-Unsubscribe": "One-Click"})

    assert page.status_code == 410
    assert 'name="seal"' not in page.text
    assert year.dump() == before


async def test_the_link_that_ends_letters_can_do_nothing_else(year: Year):
    web = year.web()
    path = year.link(HER, "optout", "survey")

    assert (await web.get(path)).status_code == 404
    cut = await web.get(path.replace("/l/", "/o/") + "x")
    assert (cut.status_code, cut.headers["location"]) == (303, f"{path}x"), (
        "what the page of such a link offers is there"
    )
    assert (await web.get(year.link(HER, "data").replace("/l/", "/o/"))).status_code == 404


@pytest.mark.parametrize("path", ["", "/my-data.json", "/correct", "/letters", "/erase", "/erase/confirm"])
async def test_reading_changes_nothing(year: Year, path: str):
    links = [year.link(HER, "data"), year.link(HER, "data", "erase")]
    before = year.dump()

    for link in links:
        for method in ("GET", "HEAD", "OPTIONS"):
            for _ in range(2):
                await year.web().client.request(method, f"{link}{path}")

    assert year.dump() == before


@pytest.mark.parametrize("language", NAMES)
async def test_these_pages_speak_every_language(year: Year, language: str):
    links = [f"{year.link(HER, 'data')}{path}" for path in ("", "/correct", "/erase")]
    links += [
        f"{year.link(HER, 'data', 'erase')}/erase/confirm",
        year.link(HER, "optout", "word").replace("/l/", "/o/"),
    ]
    for link in links:
        page = await year.web().get(f"{link}?lang={language}")
        assert page.status_code == 200
        assert f'<html lang="{language}">' in page.text
