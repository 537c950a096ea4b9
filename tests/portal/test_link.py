"""What opens behind a personal link, and what is said where it opens nothing."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path

import pytest
from sqlalchemy import update
from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response

import portal.pages.link
from portal.doors import Door, Guest
from portal.house import House
from store.schema import cycles
from store.store import Store
from tests.portal.world import NOW, Browser, a_cycle, a_house, browser


def show(request: Request, guest: Guest) -> Response:
    assert guest.person
    return PlainTextResponse(f"{guest.person.name}, {guest.words.language}, {guest.here}")


async def act(request: Request, guest: Guest) -> Response:
    return PlainTextResponse("acted")


@pytest.fixture(autouse=True)
def a_door(monkeypatch: pytest.MonkeyPatch) -> None:
    opened = {"place": {"": Door(show, act), "entry.ics": Door(show)}}
    monkeypatch.setattr(portal.pages.link, "behind", lambda: opened)


@pytest.fixture
def token(here: House, cycle: str) -> str:
    ref = here.store.people(cycle)[0].ref
    return here.links.issue(cycle, ref, ("place", "registration"), NOW + timedelta(days=30), NOW)


async def test_a_link_opens_its_door_in_its_reader_s_language(web: Browser, here: House, cycle: str, token: str):
    person = here.store.people(cycle)[0]

    page = await web.get(f"/l/{token}")

    assert page.text == f"{person.name}, {person.language}, /l/{token}"
    assert (await web.get(f"/l/{token}/entry.ics")).status_code == 200


async def test_a_reader_s_choice_goes_before_her_setting(web: Browser, token: str):
    assert ", da, " in (await web.get(f"/l/{token}?lang=da")).text


async def test_behind_a_link_there_is_only_what_its_purpose_opens(web: Browser, here: House, cycle: str, token: str):
    other = here.links.issue(cycle, here.store.people(cycle)[0].ref, ("feedback", "x"), NOW + timedelta(days=3), NOW)

    assert (await web.get(f"/l/{token}/data")).status_code == 404
    assert (await web.get(f"/l/{other}")).status_code == 404


async def test_what_a_door_cannot_do_is_refused(web: Browser, here: House, token: str):
    seal = here.sealed("link", token)

    assert (await web.client.post(f"/l/{token}", data={"seal": seal})).text == "acted"
    refused = await web.client.post(f"/l/{token}/entry.ics", data={"seal": seal})
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD")
    assert (await web.client.delete(f"/l/{token}")).status_code in {403, 405}


@pytest.mark.parametrize(("days", "status"), [(29, 200), (31, 410)])
async def test_a_link_expires(store: Store, tmp_path: Path, token: str, days: int, status: int):
    later = a_house(store, tmp_path, now=lambda: NOW + timedelta(days=days))

    assert (await browser(later).get(f"/l/{token}")).status_code == status


async def test_a_link_that_was_replaced_says_so(web: Browser, here: House, cycle: str):
    ref = here.store.people(cycle)[1].ref
    old = here.links.issue(cycle, ref, ("place", "registration"), NOW + timedelta(days=30), NOW)
    here.links.reissue(cycle, ref, NOW)

    page = await web.get(f"/l/{old}")

    assert page.status_code == 410
    assert "newer link" in page.text


async def test_an_unknown_link_is_nobody_s(web: Browser):
    page = await web.get("/l/AAAAAAAAAAAAAAAAAAAAAAAA")

    assert page.status_code == 404
    assert "not known" in page.text


async def test_who_has_an_expired_link_gets_a_new_one_by_letter(store: Store, tmp_path: Path, cycle: str):
    ref = store.people(cycle)[2].ref
    old = a_house(store, tmp_path).links.issue(cycle, ref, ("place", ""), NOW + timedelta(days=1), NOW)
    later = a_house(store, tmp_path, now=lambda: NOW + timedelta(days=2))

    first = await browser(later).post(f"/l/{old}")
    again = await browser(later).post(f"/l/{old}")

    letters = [row for row in store.letters(cycle) if row.kind == "new_link" and row.to_ref == ref]
    assert (first.status_code, again.status_code) == (200, 200)
    assert [letter.facts["links"] for letter in letters] == ["place="]
    new = later.links.issue(cycle, ref, ("place", ""), NOW + timedelta(days=30), later.now())
    assert new != old


async def test_who_lost_her_letter_gives_her_address_and_learns_nothing(web: Browser, here: House, cycle: str):
    person = here.store.people(cycle)[3]
    standing = here.links.issue(cycle, person.ref, ("place", ""), NOW + timedelta(days=30), NOW)
    path = "/l/AAAAAAAAAAAAAAAAAAAAAAAA"

    known = await web.post(path, {"address": person.address.upper()})
    unknown = await web.post(path, {"address": "nobody@library.example"})
    wrong = await web.post(path, {"address": "nobody"})

    assert known.text == unknown.text
    assert (wrong.status_code, "This is no e-mail address" in wrong.text) == (422, True)
    assert [row.to_ref for row in here.store.letters(cycle) if row.kind == "new_link"][-1] == person.ref
    assert (await web.get(f"/l/{standing}")).status_code == 200, "whoever knows her address cannot end her links"


async def test_new_links_are_not_asked_for_all_day(web: Browser):
    answers = [
        (await web.post("/l/AAAAAAAAAAAAAAAAAAAAAAAA", {"address": "a@b.example"})).status_code for _ in range(6)
    ]

    assert answers == [200] * 5 + [429]


async def test_a_link_of_a_cycle_that_is_over_says_how_it_ended(store: Store, tmp_path: Path):
    ended = a_cycle(store, "kaliningrad-2012")
    here = a_house(store, tmp_path)
    token = here.links.issue(ended, store.people(ended)[0].ref, ("place", ""), NOW + timedelta(days=30), NOW)
    pages = {}
    for phase in ("finished", "cancelled"):
        with store.writing() as connection:
            connection.execute(update(cycles).where(cycles.c.id == ended).values(ended_at=NOW, phase=phase))
        pages[phase] = await browser(here).get(f"/l/{token}")

    assert [page.status_code for page in pages.values()] == [410, 410]
    assert all(f'href="/c/{ended}"' in page.text for page in pages.values())
    assert "This cycle is over" in pages["finished"].text
    assert "Thank you for having been part of it" in pages["finished"].text
    off = pages["cancelled"].text
    assert "This cycle was called off" in off
    assert "no arrangements are needed" in off
    assert "Thank you" not in off
    assert "Send me a new link" not in off
