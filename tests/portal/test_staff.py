"""The coordinator's desk: what it shows, who may see it, and that a decision does what the terminal's does."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from exchange.approval import Reject
from runtime.engine import EngineUnreachable
from tests.cli.world import KRISTINA, OLGA, World, clock
from tests.portal.desk import Desk
from tests.portal.world import browser, sealed


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    made = World(tmp_path)
    yield Desk(made, monkeypatch)
    made.store.close()


def hidden(text: str, name: str) -> str:
    found = re.search(rf'name="{name}" value="([^"]*)"', text)
    assert found, f"there is no {name} on this page"
    return found[1]


# -- who may look -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "path", ["/staff", "/staff/cycles/{}", "/staff/cycles/{}/people", "/staff/cycles/{}/do/cancel"]
)
async def test_who_has_not_signed_in_is_shown_the_way_and_back(desk: Desk, path: str):
    path = path.format(desk.world.start(days_ago=20))

    page = await browser(desk.house).get(path)

    assert page.status_code == 303
    assert page.headers["location"].startswith("/sign-in?back=%2Fstaff")


async def test_a_session_that_was_ended_ends_at_once_and_decides_nothing(desk: Desk):
    cycle = desk.world.start(days_ago=20)
    web, path = desk.browser(), f"/staff/decisions/{cycle}/approve-invitations-1"
    seal = sealed(await web.get(path))
    desk.world.store.end_sessions(desk.world.staff[KRISTINA])

    sent = await web.client.post(path, data={"seal": seal, "deed": "approve", "once": "1"})

    assert sent.status_code == 403
    assert "You are signed out" in sent.text
    assert not desk.told


async def test_whose_right_was_taken_away_is_out_at_once(desk: Desk):
    desk.world.start(days_ago=20)
    web = desk.browser(OLGA)
    desk.world.store.remove_staff(desk.world.staff[OLGA])

    assert (await web.get("/staff")).status_code == 303


async def test_a_session_of_the_terminal_opens_no_page(desk: Desk):
    token, _ = desk.world.store.open_session(desk.world.staff[KRISTINA], "terminal")
    web = browser(desk.house)
    web.client.cookies.set("kierros", token)

    assert (await web.get("/staff")).status_code == 303


# -- today ------------------------------------------------------------------------------------------------------------


async def test_today_tells_what_waits_for_me_and_what_for_others(desk: Desk):
    cycle = desk.world.start(days_ago=20)

    mine, _, others = (await desk.browser().get("/staff")).text.partition("Waiting for others")

    assert f"/staff/decisions/{cycle}/approve-invitations-1" in mine
    assert f"/staff/decisions/{cycle}/approve-visits-1" in others
    assert "Olga Sokolova" in others


async def test_cycles_of_one_theme_are_told_apart_by_their_programmes(desk: Desk):
    first = desk.world.start(days_ago=20)
    alone = (await desk.browser().get("/staff")).text
    second = desk.world.start(days_ago=20, programme="Reading together")
    page = (await desk.browser().get("/staff")).text

    theme, programmes = "A theme of your own", ("Our exchange", "Reading together")
    assert theme in alone
    assert f"{theme} (" not in alone
    for cycle, programme in zip((first, second), programmes, strict=True):
        assert f'<a href="/staff/cycles/{cycle}">{theme} ({programme})</a>' in page


async def test_today_tells_what_is_wrong(desk: Desk):
    cycle = desk.invited()
    desk.world.store.engine_lost(cycle, desk.world.store.cycle(cycle).writer)

    assert "nothing carries it on" in (await desk.browser().get("/staff")).text


async def test_today_and_the_board_ask_about_a_gathering_without_anybody(desk: Desk):
    cycle = desk.world.start(days_ago=80)
    web = desk.browser()

    for path in ("/staff", f"/staff/cycles/{cycle}"):
        page = await web.get(path)
        asked = re.search(
            r'<a href="([^"]+)">Introductory seminar, [^<]+: nobody has a place\. Is it to be held\?', page.text
        )
        assert asked, path
        assert asked[1] == f"/staff/cycles/{cycle}/do/cancel"


async def test_today_leads_to_where_a_year_is_ended_that_nobody_ends(desk: Desk):
    cycle = desk.world.start(days_ago=20)
    desk.house = replace(desk.house, now=lambda: clock() + timedelta(days=700))
    token, _ = desk.world.store.open_session(desk.world.staff[KRISTINA], "portal", desk.house.now())
    web = browser(desk.house)
    web.client.cookies.set("kierros", token)

    page = (await web.get("/staff")).text

    assert f'<a href="/staff/cycles/{cycle}/do/cancel">The last date of the plan has passed' in page
    assert "nobody has a place" not in page


async def test_today_speaks_the_language_of_the_reader(desk: Desk):
    desk.world.start(days_ago=20)

    page = await desk.browser().get("/staff?lang=fi")

    assert '<html lang="fi">' in page.text


# -- a decision -------------------------------------------------------------------------------------------------------


async def test_a_decision_shows_every_letter_and_who_gets_it(desk: Desk):
    cycle = desk.world.start(days_ago=20)
    web = desk.browser()

    page = await web.get(f"/staff/decisions/{cycle}/approve-invitations-1")

    for words in ("this is your invitation", "Anna Example", "bo@home-library.example", "3 letters in 1 language"):
        assert words in page.text
    letter = re.search(rf"/staff/decisions/{cycle}/approve-invitations-1/letters/\d+", page.text)
    assert letter
    assert "this is your invitation" in (await web.get(letter[0])).text


async def test_money_and_dates_are_named_before_they_are_committed(desk: Desk):
    cycle = desk.world.start(days_ago=20)

    page = await desk.browser(OLGA).get(f"/staff/decisions/{cycle}/approve-visits-1")

    assert "€7,800" in page.text
    assert "The host library €" in page.text


async def test_approving_sends_what_was_shown(desk: Desk):
    cycle = desk.world.start(days_ago=20)
    web, path = desk.browser(), f"/staff/decisions/{cycle}/approve-invitations-1"
    page = await web.get(path)
    digest = desk.world.prompts(cycle)["approve-invitations-1"].digest

    sent = await web.post(
        path, {"deed": "approve", "once": "1", "digest": hidden(page.text, "digest"), "reason": "Fine"}
    )

    assert hidden(page.text, "digest") == digest
    assert sent.status_code == 303
    assert desk.state(cycle).approving("invitations").stage == "given"
    after = (await web.get(path)).text
    assert "You have decided this" in after
    assert "Fine" in after


async def test_a_form_without_its_button_approves_nothing(desk: Desk):
    cycle = desk.world.start(days_ago=20)
    path = f"/staff/decisions/{cycle}/approve-invitations-1"
    digest = desk.world.prompts(cycle)["approve-invitations-1"].digest

    for deed in ({}, {"deed": ""}, {"deed": "choose"}):
        assert (await desk.browser().post(path, {"once": "1", "digest": digest, **deed})).status_code == 400

    assert desk.told == []


async def test_a_rejection_needs_a_reason_and_keeps_what_was_typed(desk: Desk):
    cycle = desk.world.start(days_ago=20)
    web, path = desk.browser(), f"/staff/decisions/{cycle}/approve-invitations-1"

    without = await web.post(path, {"deed": "reject", "once": "1", "reason": ""})
    done = await web.post(path, {"deed": "reject", "once": "2", "reason": "Anna is ill"})

    assert without.status_code == 422
    assert done.status_code == 303
    (command,) = desk.told
    assert isinstance(command, Reject)
    assert command.reason.startswith("n_"), "words are rows, never in a command"
    assert desk.state(cycle).approving("invitations").stage == "rejected"


async def test_a_decision_has_one_reason_and_a_link_at_its_top_to_where_one_decides(desk: Desk):
    cycle = desk.world.start(days_ago=20)
    path = f"/staff/decisions/{cycle}/approve-invitations-1"

    page = (await desk.browser().get(path)).text
    for_another = (await desk.browser(OLGA).get(path)).text

    top, _, below = page.partition("What happens if it is approved")
    assert '<a href="#decide">Your decision</a>' in top
    assert '<h2 id="decide">Your decision</h2>' in below
    assert page.count("<textarea") == 1
    assert "You need one to reject." in page
    assert "#decide" not in for_another
    refused = await desk.browser().post(path, {"deed": "reject", "once": "1", "reason": " "})
    assert 'href="#f-reason"' in refused.text
    assert not desk.told


async def test_letters_that_changed_since_they_were_looked_at_are_not_approved(desk: Desk):
    cycle = desk.world.start(days_ago=20)
    web, path = desk.browser(), f"/staff/decisions/{cycle}/approve-invitations-1"

    sent = await web.post(path, {"deed": "approve", "once": "1", "digest": "what stood there before"})

    assert sent.status_code == 422
    assert "Nothing was decided" in sent.text
    assert desk.state(cycle).approving("invitations").stage == "asked"


async def test_who_has_not_the_role_reads_and_cannot_decide(desk: Desk):
    cycle = desk.world.start(days_ago=20)
    web, path = desk.browser(), f"/staff/decisions/{cycle}/approve-visits-1"
    page = await web.get(path)

    sent = await web.client.post(path, data={"seal": sealed(page), "deed": "approve", "once": "1", "digest": "x"})

    assert "it is for the director to decide" in page.text
    assert 'name="deed"' not in page.text
    assert sent.status_code == 422
    assert desk.state(cycle).approving("visits").stage == "asked"


async def test_two_windows_the_later_one_is_told_the_first(desk: Desk):
    cycle = desk.world.start(days_ago=20)
    web, path = desk.browser(), f"/staff/decisions/{cycle}/approve-invitations-1"
    seal = sealed(await web.get(path))
    desk.approve(cycle, "approve-invitations-1", KRISTINA)

    sent = await web.client.post(path, data={"seal": seal, "deed": "reject", "once": "1", "reason": "No"})
    after = await web.get(path)

    assert sent.status_code == 303
    assert not desk.told
    assert "approved" in after.text


async def test_an_engine_that_does_not_answer_is_said_and_nothing_typed_is_lost(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    cycle = desk.world.start(days_ago=20)
    path = f"/staff/decisions/{cycle}/approve-invitations-1"

    async def away(*_: object) -> None:
        raise EngineUnreachable("away")

    monkeypatch.setattr("portal.acting._told", away)

    sent = await desk.browser().post(path, {"deed": "reject", "once": "1", "reason": "Wrong <b>week</b>"})

    assert sent.status_code == 503
    assert "the engine does not answer" in sent.text
    assert "Wrong &lt;b&gt;week&lt;/b&gt;" in sent.text


async def test_a_decision_that_never_was_is_not_here(desk: Desk):
    cycle = desk.world.start(days_ago=20)
    web = desk.browser()

    for path in (
        f"/staff/decisions/{cycle}/nothing",
        "/staff/decisions/none/approve-invitations-1",
        "/staff/cycles/none",
        f"/staff/decisions/{cycle}/approve-invitations-1/letters/{10**30}",
        f"/staff/cycles/{cycle}/people/{desk.person(cycle, 'Anna Example').ref}/letters/{2**63}",
    ):
        assert (await web.get(path)).status_code == 404


async def test_looking_changes_nothing(desk: Desk):
    cycle = desk.invited()
    web, anna = desk.browser(), desk.person(cycle, "Anna Example")
    before = desk.everything(cycle)
    pages = ["", "/year", "/history", "/people", "/letters", "/write", f"/people/{anna.ref}"]
    deeds = [
        "answer",
        "host",
        "extend",
        "replace",
        "note",
        "move",
        "places",
        "spend",
        "share",
        "handover",
        "suspend",
        "cancel",
    ]
    paths = ["/staff", *(f"/staff/cycles/{cycle}{page}" for page in [*pages, *(f"/do/{deed}" for deed in deeds)])]

    for path in paths:
        for method in ("GET", "HEAD"):
            page = await web.client.request(method, path)
            assert page.status_code == 200, f"{method} {path}"
        await web.client.request("OPTIONS", path)

    assert desk.everything(cycle) == before


# -- the cycle, its people ------------------------------------------------------------------------------------------


async def test_the_board_tells_who_is_where(desk: Desk):
    cycle = desk.invited()

    page = await desk.browser().get(f"/staff/cycles/{cycle}")

    for words in ("Invited, no answer yet", "Cecilia Example", "The host library", "€12,000"):
        assert words in page.text


async def test_a_stay_for_which_nobody_was_asked_yet_goes_by_its_step_and_its_towns(desk: Desk):
    cycle = desk.world.start(days_ago=20)

    page = await desk.browser().get(f"/staff/cycles/{cycle}")

    stay = re.search(r"<li><strong>([^<]+)</strong> <[^>]+>not asked yet<", page.text)
    assert stay is not None
    assert stay[1] == "Visits to host libraries: Helsinki / Turku"


async def test_a_person_of_another_cycle_is_not_shown(desk: Desk):
    cycle = desk.invited()
    anna = desk.person(cycle, "Anna Example")
    web = desk.browser()

    assert (await web.get(f"/staff/cycles/{cycle}/people/{anna.ref}")).status_code == 200
    assert (await web.get(f"/staff/cycles/{cycle}/people/p_nobody")).status_code == 404
    assert (await web.get(f"/staff/cycles/other/people/{anna.ref}")).status_code == 404


async def test_a_letter_with_new_links_goes_to_who_lost_hers(desk: Desk):
    cycle = desk.invited()
    anna = desk.person(cycle, "Anna Example")

    sent = await desk.browser().post(f"/staff/cycles/{cycle}/people/{anna.ref}", {})

    assert sent.status_code == 303
    assert desk.world.store.letters(cycle, kind="new_link", to_ref=anna.ref)


async def test_who_holds_no_role_there_sends_nobody_links(desk: Desk):
    cycle = desk.invited()
    anna = desk.person(cycle, "Anna Example")
    desk.world.staff["Maria Berg"] = desk.world.store.add_staff("Maria Berg", "maria@library.example")

    sent = await desk.browser("Maria Berg").post(f"/staff/cycles/{cycle}/people/{anna.ref}", {"fresh": "yes"})

    assert sent.status_code == 422
    assert "Kristina Virtanen" in sent.text
    assert not desk.world.store.letters(cycle, kind="new_link")


async def test_overdue_letters_leave_only_when_somebody_says_so(desk: Desk):
    cycle = desk.invited()
    store, web, path = desk.world.store, desk.browser(), f"/staff/cycles/{cycle}/letters"
    late = [row.id for row in store.letters(cycle, "queued")][:2]
    with store.writing() as connection:
        connection.exec_driver_sql(f"UPDATE outbox SET state = 'overdue' WHERE id IN ({late[0]}, {late[1]})")

    nothing = await web.post(path, {"deed": "drop", "send_which": [str(late[1])]})
    look = await web.post(path, {"deed": "send", "send_which": [str(late[0])]})
    assert {row.state for row in store.letters(cycle) if row.id in late} == {"overdue"}
    await web.post(path, {"deed": "send", "send_which": [str(late[0])], "sure": "1"})
    reason = {"send_why": "The seminar is over", "sure": "1"}
    await web.post(path, {"deed": "drop", "send_which": [str(late[1])], **reason})

    assert nothing.status_code == 422
    assert "Nothing has been done yet" in look.text
    states = {row.id: row.state for row in store.letters(cycle) if row.id in late}
    assert states == {late[0]: "queued", late[1]: "dropped"}
