"""Staff sign in by a link in a letter: looking uses nothing up, the button does, and signing out is at once."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta
from html import unescape

import pytest

from portal.house import House
from portal.rates import Buckets, Rates
from portal.speech import NAMES, words_in
from store.store import Store
from tests.portal.world import ADDRESS, NOW, Browser, browser, sealed


@pytest.fixture
def maija(store: Store) -> str:
    known = {one.name: one.ref for one in store.staff()}
    return known.get("Maija Salo") or store.add_staff("Maija Salo", "maija@library.example", "fi", now=NOW)


def letters(here: House) -> list[str]:
    return [file.read_text("ascii") for file in sorted(here.settings.mailbox.glob("*.eml"))]


async def asked(web: Browser, here: House, address: str = "maija@library.example") -> str:
    """The path of the link that came."""
    sent = await web.post("/sign-in", {"address": address})
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in/sent")
    found = re.search(rf"{ADDRESS}(/s/[\w-]{{24}})", letters(here)[-1].replace("=\n", "").replace("=\r\n", ""))
    assert found is not None
    return found[1]


def fresh(here: House, **changes: object) -> House:
    return replace(here, rates=Rates(), **changes)


@pytest.fixture
def web(here: House, store: Store, maija: str) -> Browser:
    store.end_sessions(maija, NOW)
    with store.writing() as connection:
        connection.exec_driver_sql("DELETE FROM sign_ins")
    return browser(here)


async def test_a_letters_link_signs_in_once(web: Browser, here: House, store: Store, maija: str) -> None:
    path = await asked(web, here)
    assert "Content-Language: fi" in letters(here)[-1]
    for _ in range(3):
        shown = await web.get(path)
        assert (shown.status_code, store.sessions(maija, NOW)) == (200, [])
        assert "Maija Salo" in shown.text
    done = await web.post(path)
    assert (done.status_code, done.headers["location"]) == (303, "/staff")
    cookie = done.headers["set-cookie"]
    assert cookie.startswith("kierros=")
    assert "HttpOnly" in cookie
    assert "SameSite=lax" in cookie
    (session,) = store.sessions(maija, NOW)
    assert (session.door, session.expires_at) == ("portal", NOW + timedelta(hours=8))
    assert (await web.get(path)).status_code == 410
    assert len(store.sessions(maija, NOW)) == 1


async def test_head_and_options_use_nothing_up(web: Browser, here: House) -> None:
    path = await asked(web, here)
    for method in ("HEAD", "OPTIONS", "GET"):
        await web.client.request(method, path)
    assert (await web.post(path)).status_code == 303


async def test_behind_tls_a_neighbour_of_our_name_cannot_sign_anybody_in(here: House, store: Store, maija: str) -> None:
    """A cookie without the prefix can be set by any name of the same domain."""
    web = browser(fresh(here, address="https://portal.example"))
    token, _ = store.open_session(maija, "portal", NOW)
    web.client.cookies.set("kierros", token)
    assert (await web.get("/staff")).status_code == 303
    web.client.cookies.set("__Host-kierros", token)
    assert (await web.get("/staff")).status_code == 200


async def test_behind_tls_the_cookie_is_bound_to_the_host(here: House, store: Store, maija: str) -> None:
    house = fresh(here, address="https://portal.example")
    web = browser(house)
    token = store.begin_sign_in(maija, "portal", NOW).secret
    done = await web.post(f"/s/{token}")
    cookie = done.headers["set-cookie"]
    assert cookie.startswith("__Host-kierros=")
    assert "Secure" in cookie
    assert "Path=/" in cookie
    assert "Domain" not in cookie


async def test_nobody_learns_whose_address_is_known(web: Browser, here: House) -> None:
    before = len(letters(here)) if here.settings.mailbox.exists() else 0
    sent = await web.post("/sign-in", {"address": "nobody@library.example"})
    assert (sent.status_code, sent.headers["location"]) == (303, "/sign-in/sent")
    assert (len(letters(here)) if here.settings.mailbox.exists() else 0) == before
    assert "If the address is that of a member of staff" in (await web.get("/sign-in/sent")).text


async def test_what_is_missing_is_said_beside_the_field(web: Browser) -> None:
    wrong = await web.post("/sign-in", {"address": " "})
    assert wrong.status_code == 422
    assert 'role="alert"' in wrong.text


async def test_who_asks_too_often_waits(here: House, store: Store, maija: str) -> None:
    house = replace(here, rates=Rates(by_asking=Buckets(burst=1, per_minute=1)))
    web = browser(house)
    assert (await web.post("/sign-in", {"address": "maija@library.example"})).status_code == 303
    assert (await web.post("/sign-in", {"address": "maija@library.example"})).status_code == 429


async def test_links_that_open_nothing_offer_a_new_one(web: Browser, here: House, store: Store, maija: str) -> None:
    assert (await web.get("/s/unknownunknownunknown")).status_code == 404
    old = store.begin_sign_in(maija, "portal", NOW - timedelta(minutes=16)).secret
    for path in (f"/s/{old}", "/s/unknownunknownunknown"):
        assert 'href="/sign-in"' in (await web.get(path)).text
    assert (await web.get(f"/s/{old}")).status_code == 410


@pytest.mark.parametrize("way", ["used", "expired"])
async def test_a_link_that_is_over_speaks_the_language_of_whose_it_was(
    web: Browser, here: House, store: Store, maija: str, way: str
) -> None:
    path = f"/s/{store.begin_sign_in(maija, 'portal', NOW - timedelta(minutes=16 * (way == 'expired'))).secret}"
    if way == "used":
        await web.post(path)
    page = await browser(here).get(path)
    assert (page.status_code, page.headers["content-language"]) == (410, "fi")
    assert "Pyydä uusi linkki" in page.text
    assert "This link does not sign you in" in (await web.get(f"{path}?lang=en")).text


async def test_the_button_pressed_twice_signs_in_once_and_nobody_out(
    web: Browser, here: House, store: Store, maija: str
) -> None:
    path = await asked(web, here)
    form = {"seal": sealed(await web.get(path))}
    first, again = [await web.client.post(path, data=form) for _ in range(2)]
    assert [(it.status_code, it.headers["location"]) for it in (first, again)] == [(303, "/staff")] * 2
    assert len(store.sessions(maija, NOW)) == 1
    stranger = browser(here)
    led = await stranger.client.post(path, data=form)
    assert (led.status_code, led.headers["location"]) == (303, f"{path}?pressed")
    page = await stranger.get(led.headers["location"])
    assert page.status_code == 410
    assert 'href="/staff">' in page.text, "she may be signed in already"
    assert (await stranger.get("/staff")).headers["location"].startswith("/sign-in")
    assert len(store.sessions(maija, NOW)) == 1


async def test_a_second_press_that_overtook_the_cookie_of_the_first_ends_at_the_desk(
    web: Browser, here: House, store: Store, maija: str
) -> None:
    path = await asked(web, here)
    form = {"seal": sealed(await web.get(path))}
    first = await web.client.post(path, data=form)
    cookies = dict(web.client.cookies)
    web.client.cookies.clear()  # the second press left before the answer to the first one came
    again = await web.client.post(path, data=form)
    assert (again.status_code, again.headers["location"]) == (303, f"{path}?pressed")
    web.client.cookies.update(cookies)
    led = await web.get(again.headers["location"])
    assert (led.status_code, led.headers["location"]) == (303, first.headers["location"])
    assert len(store.sessions(maija, NOW)) == 1


@pytest.mark.parametrize("language", sorted(NAMES))
async def test_a_link_that_was_never_made_speaks_the_language_of_the_browser(web: Browser, language: str) -> None:
    page = await web.client.get("/s/unknownunknownunknown", headers={"accept-language": language})
    assert (page.status_code, page.headers["content-language"]) == (404, language)
    assert words_in(language).gettext("This link does not sign you in") in unescape(page.text)


async def test_signing_out_counts_at_once_and_needs_the_forms_seal(web: Browser, here: House, store: Store, maija: str):
    await web.post(await asked(web, here))
    assert (await web.client.post("/sign-out", data={"seal": "0" * 32})).status_code == 403
    assert len(store.sessions(maija, NOW)) == 1
    seal = sealed(await web.get("/sign-in"))
    done = await web.client.post("/sign-out", data={"seal": seal})
    assert done.status_code == 303
    assert store.sessions(maija, NOW) == []


async def test_a_new_session_ends_the_one_before_in_the_same_browser(
    web: Browser, here: House, store: Store, maija: str
):
    await web.post(await asked(web, here))
    await web.post(await asked(web, here))
    assert len(store.sessions(maija, NOW)) == 1


async def test_who_was_on_the_way_to_a_decision_gets_there(web: Browser, here: House) -> None:
    await web.get("/sign-in?back=%2Fstaff%2Fdecisions%2Fcycle-1%2Fapprove-visits-1")
    done = await web.post(await asked(web, here))
    assert done.headers["location"] == "/staff/decisions/cycle-1/approve-visits-1"


@pytest.mark.parametrize(
    "elsewhere", ["//evil.example", "https://evil.example/staff", "/staff/../c", "/staff?x=1", "/sign-out"]
)
async def test_the_way_back_leads_nowhere_but_to_the_desk(web: Browser, here: House, elsewhere: str) -> None:
    await web.get("/sign-in?back=" + elsewhere.replace("?", "%3F"))
    assert "kierros-back" not in web.client.cookies
    done = await web.post(await asked(web, here))
    assert done.headers["location"] == "/staff"


@pytest.mark.parametrize("typed", ["abc", "maija@", "maija@libr\u0430ry.example", "maija library.example"])
async def test_what_is_no_address_is_said_at_once(web: Browser, here: House, typed: str) -> None:
    before = letters(here)
    page = await web.post("/sign-in", {"address": typed})
    assert page.status_code == 422
    assert "This is no e-mail address" in page.text or "letters of two alphabets" in page.text
    assert letters(here) == before
