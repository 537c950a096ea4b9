"""What staff do in the browser has the effect of the terminal's command; nothing happens before the last button."""

from __future__ import annotations

import html
import re
from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest

from exchange.base import TIME
from exchange.booking import LapseSlot, NoteSilence
from portal import acting
from portal.pages.staff_deeds import DEEDS, DONE
from tests.cli.world import KRISTINA, OLGA, World
from tests.portal.desk import Desk
from tests.portal.world import Browser, sealed
from workers.desk import Unanswered
from workers.waking import Waker

AS_IT_IS = Waker.tell
"""How cycles are told; the desk of these tests decides at once instead."""


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    made = World(tmp_path)
    yield Desk(made, monkeypatch)
    made.store.close()


async def done(web: Browser, path: str, typed: dict[str, Any]) -> httpx.Response:
    """Fills in the form, looks at what it will do, and has it done from there."""
    look = await web.post(path, {**typed, "deed": "look"})
    assert look.status_code == 200, re.sub(r"<[^>]+>", " ", look.text.split("<main")[1])
    assert "Nothing has been done yet" in look.text or "Nothing leaves yet" in look.text
    return await from_there(web, path, look)


async def from_there(web: Browser, path: str, look: httpx.Response) -> httpx.Response:
    """The last button of that page."""
    fields: dict[str, Any] = {}
    for name, value in re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', look.text):
        fields.setdefault(name, []).append(html.unescape(value))
    return await web.client.post(path, data={**fields, "seal": sealed(look), "deed": "act"})


async def test_an_answer_that_came_by_telephone_counts_as_hers(desk: Desk):
    cycle = desk.invited()
    anna = desk.person(cycle, "Anna Example")

    sent = await done(desk.browser(), f"/staff/cycles/{cycle}/do/answer", {"person": anna.address, "said": "yes"})

    assert sent.status_code == 303
    assert desk.state(cycle).place(anna.ref)[1].state == "confirmed"
    event = next(e.event for e in desk.world.store.journal(cycle) if type(e.event).__name__ == "DelegateRegistered")
    assert (event.actor, event.entered_by) == (anna.ref, desk.world.staff[KRISTINA])


@pytest.mark.parametrize(
    ("deed", "typed"),
    [
        ("register", {"address": "berta@library.example", "name": "Berta Neu"}),
        ("cancel", {"reason": "No money"}),
    ],
)
async def test_a_last_button_that_is_pressed_twice_is_one_deed_and_no_refusal(
    desk: Desk, deed: str, typed: dict[str, str]
):
    cycle, web = desk.invited(), desk.browser()
    path = f"/staff/cycles/{cycle}/do/{deed}"
    look = await web.post(path, {**typed, "deed": "look"})
    carried = re.findall(r'type="hidden" name="([^"]+)" value="([^"]*)"', look.text)
    fields = {name: html.unescape(value) for name, value in carried} | {"seal": sealed(look), "deed": "act"}

    first = await web.client.post(path, data=fields)
    stands = desk.everything(cycle)
    second = await web.client.post(path, data=fields)

    assert (first.status_code, second.status_code) == (303, 303)
    assert second.headers["location"] == first.headers["location"]
    assert desk.everything(cycle) == stands


async def test_what_is_typed_in_is_kept_while_nothing_decides_it(desk: Desk, monkeypatch: pytest.MonkeyPatch):
    cycle = desk.invited()
    anna = desk.person(cycle, "Anna Example")
    monkeypatch.setattr(Waker, "tell", AS_IT_IS)
    monkeypatch.setattr("portal.acting.PATIENCE", 0.05)

    sent = await done(desk.browser(), f"/staff/cycles/{cycle}/do/answer", {"person": anna.address, "said": "yes"})

    assert sent.status_code == 202
    assert "It is kept and counts from now." in sent.text
    assert desk.state(cycle).place(anna.ref)[1] is None
    desk.world.pass_time(cycle)
    assert desk.state(cycle).place(anna.ref)[1].state == "confirmed"


async def test_a_no_by_telephone_is_kept_with_its_reason_as_a_row(desk: Desk):
    cycle = desk.invited()
    anna = desk.person(cycle, "Anna Example")
    typed = {"person": anna.address, "said": "no", "reason": "She is on leave"}

    await done(desk.browser(), f"/staff/cycles/{cycle}/do/answer", typed)

    event = desk.world.store.journal(cycle)[-1].event
    assert type(event).__name__ == "InvitationDeclined"
    assert desk.world.store.get_texts([event.reason])[event.reason] == {"und": "She is on leave"}


async def test_a_host_s_answer_is_typed_in(desk: Desk):
    cycle = desk.invited()
    stay = desk.state(cycle).booking("visits", "first-visit")

    typed = {"host": f"{stay.host}/first-visit", "said": "confirm"}
    await done(desk.browser(), f"/staff/cycles/{cycle}/do/host", typed)

    assert desk.state(cycle).booking("visits", "first-visit").stage == "confirmed"


@pytest.mark.parametrize("after_yes", [False, True])
async def test_a_host_that_said_no_can_say_yes_after_all(desk: Desk, after_yes: bool):
    cycle, web = desk.invited(), desk.browser()
    path, host = f"/staff/cycles/{cycle}/do/host", desk.state(cycle).booking("visits", "first-visit").host
    for said in [*(["confirm"] if after_yes else []), "decline"]:
        await done(web, path, {"host": f"{host}/first-visit", "said": said})
    (listed,) = re.findall(rf'<option value="{host}/first-visit"[^>]*>([^<]+)<', (await web.get(path)).text)

    await done(web, path, {"host": f"{host}/first-visit", "said": "confirm"})

    assert listed.endswith(": said no"), listed
    (prompt,) = (one for one in desk.world.prompts(cycle).values() if one.subject == "first-visit")
    assert (prompt.host, "switch" in prompt.options) == (host, True)
    assert f'value="{host}/first-visit"' not in (await web.get(path)).text, "it was heard, once"


async def test_a_host_that_was_silent_is_listed_as_such_until_its_visit_is_over(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    stay, slot = desk.state(cycle).booking("visits", "first-visit"), desk.state(cycle).slot_of("visits", "first-visit")
    path = f"/staff/cycles/{cycle}/do/host"
    about = {"actor": TIME, "step": "visits", "slot": "first-visit"}
    desk.world.decide(cycle, NoteSilence(at=stay.until, **about))

    assert ": did not answer in time" in (await web.get(path)).text
    desk.world.decide(cycle, LapseSlot(at=slot[1].begins.at, **about))
    assert f'value="{stay.host}/first-visit"' not in (await web.get(path)).text


async def test_a_host_s_wish_for_another_time_opens_a_decision_that_is_chosen_in_the_browser(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    slot = desk.state(cycle).slot_of("visits", "first-visit")[1]
    host = desk.state(cycle).booking("visits", "first-visit").host
    later = (datetime.fromisoformat(slot.begins.local) + timedelta(days=1)).isoformat(" ", timespec="minutes")

    typed = {"host": f"{host}/first-visit", "said": "propose", "begins": later}
    await done(web, f"/staff/cycles/{cycle}/do/host", typed)
    (prompt,) = desk.world.prompts(cycle)
    sent = await web.post(f"/staff/decisions/{cycle}/{prompt}", {"deed": "choose", "option": "accept", "once": "1"})

    assert sent.status_code == 303
    moved = desk.state(cycle).slot_of("visits", "first-visit")[1]
    assert moved.begins.local[:16].replace("T", " ") == later
    assert desk.state(cycle).booking("visits", "first-visit").stage == "confirmed"


async def test_a_note_is_kept_as_a_row(desk: Desk):
    cycle = desk.invited()

    await done(desk.browser(), f"/staff/cycles/{cycle}/do/note", {"note": "A ramp <i>behind</i>", "step": "visits"})

    event = desk.world.store.journal(cycle)[-1].event
    assert (type(event).__name__, event.step) == ("NoteTaken", "visits")
    page = await desk.browser().get(f"/staff/cycles/{cycle}")
    assert "A ramp &lt;i&gt;behind&lt;/i&gt;" in page.text, page.text.partition("Notes")[2][:600]


async def test_a_date_is_moved_after_showing_whom_it_touches(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    path = f"/staff/cycles/{cycle}/do/move"
    closes = next(step for step in desk.state(cycle).plan.steps if step.id == "registration").closes
    later = (datetime.fromisoformat(closes.local) + timedelta(days=1)).date().isoformat()
    typed = {"date": "registration//closes", "when": later, "reason": "Post is slow"}

    look = await web.post(path, {**typed, "deed": "look"})
    assert "3 letters" in look.text
    assert "Anna Example" in look.text
    assert not desk.told
    await done(web, path, typed)

    moved = next(step for step in desk.state(cycle).plan.steps if step.id == "registration").closes
    assert moved.local[:10] == later


async def test_a_visit_moves_into_the_days_of_another_only_where_that_is_ticked(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    path, state = f"/staff/cycles/{cycle}/do/move", desk.state(cycle)
    there = state.slot_of("visits", "second-visit")[1].begins.local[:16].replace("T", " ")
    typed = {"date": "visits/first-visit/begins", "when": there, "reason": "The ferry"}

    refused = await web.post(path, {**typed, "deed": "look"})
    assert refused.status_code == 422
    assert "the group is expected at" in refused.text
    assert "It is known and meant that the group is expected elsewhere at that time" in refused.text
    look = await web.post(path, {**typed, "anyway": "yes", "deed": "look"})
    assert "This is what it will do." in look.text
    assert "It is known and meant that the group is expected elsewhere at that time" in look.text
    await done(web, path, {**typed, "anyway": "yes"})

    assert desk.state(cycle).slot_of("visits", "first-visit")[1].begins.local[:16].replace("T", " ") == there


async def test_a_date_beyond_the_next_step_is_refused_in_a_sentence_and_keeps_what_was_typed(desk: Desk):
    cycle = desk.invited()
    typed = {"date": "registration//closes", "when": "2031-01-10", "reason": "x&y", "deed": "look"}

    sent = await desk.browser().post(f"/staff/cycles/{cycle}/do/move", typed)

    assert sent.status_code == 422
    assert "the plan holds Registration before it. Move the other one first" in sent.text
    assert "x&amp;y" in sent.text


@pytest.mark.parametrize(
    ("deed", "typed", "both"),
    [
        ("move", {"date": "registration//closes", "when": "not a date"}, ["No such date or time", "“Reason”: fill"]),
        ("answer", {"person": "nobody", "said": "no", "reason": "x" * 1001}, ["no e-mail address", "“Reason, where"]),
        ("extend", {"person": "no@one.example", "until": "2031-01-10"}, ["has that address", "“Reason”: fill"]),
    ],
)
async def test_all_that_is_wrong_with_a_form_is_told_at_once(
    desk: Desk, deed: str, typed: dict[str, str], both: list[str]
):
    cycle = desk.invited()
    before = desk.everything(cycle)

    sent = await desk.browser().post(f"/staff/cycles/{cycle}/do/{deed}", {**typed, "deed": "look"})

    assert sent.status_code == 422
    assert [one for one in both if sent.text.count(one) < 2] == [], "above the form, and beside the field"
    assert desk.everything(cycle) == before


async def test_a_payment_in_another_currency_is_recorded(desk: Desk):
    cycle = desk.invited()
    today = datetime.fromisoformat("2026-11-20")
    typed = {
        "step": "introductory-seminar", "amount": "8900", "currency": "sek", "rate": "0,0873", "what": "The hall",
        "on-day": today.day, "on-month": today.month, "on-year": today.year, "how": ["more"],
    }  # fmt: skip

    await done(desk.browser(), f"/staff/cycles/{cycle}/do/spend", typed)

    event = next(e.event for e in desk.world.store.journal(cycle) if type(e.event).__name__ == "MoneySpent")
    assert (event.original, event.currency, event.cents) == (890_000, "SEK", 77_697)
    assert event.what.startswith("n_")


async def test_a_payment_whose_answer_was_lost_is_recorded_once_when_it_is_sent_again(
    desk: Desk, monkeypatch: pytest.MonkeyPatch
):
    cycle = desk.invited()
    typed = {
        "step": "introductory-seminar", "amount": "10", "currency": "eur", "what": "The hall",
        "on-day": 20, "on-month": 11, "on-year": 2026, "how": ["more"],
    }  # fmt: skip
    web, path = desk.browser(), f"/staff/cycles/{cycle}/do/spend"
    told = acting._told

    async def lost(*asked: Any) -> None:
        await told(*asked)
        raise Unanswered("no answer in time")

    look = await web.post(path, {**typed, "deed": "look"})
    with monkeypatch.context() as patch:
        patch.setattr("portal.acting._told", lost)
        unknown = await from_there(web, path, look)
    again = await from_there(web, path, unknown)

    assert unknown.status_code == 503
    assert "Not known yet" in unknown.text
    assert "Nothing was" not in unknown.text
    assert again.status_code == 303
    assert [type(e.event).__name__ for e in desk.world.store.journal(cycle)].count("MoneySpent") == 1


async def test_suspended_and_resumed(desk: Desk):
    cycle, web = desk.invited(), desk.browser()

    await done(web, f"/staff/cycles/{cycle}/do/suspend", {"reason": "Flood"})
    assert desk.state(cycle).standstill is not None
    await done(web, f"/staff/cycles/{cycle}/do/resume", {})

    assert desk.state(cycle).standstill is None


async def test_a_cycle_is_cancelled_for_good_once(desk: Desk):
    cycle, web = desk.invited(), desk.browser()

    await done(web, f"/staff/cycles/{cycle}/do/cancel", {"reason": "No money"})

    assert desk.world.store.cycle(cycle).phase == "cancelled"
    assert len(desk.told) == 1


async def test_before_a_cycle_is_cancelled_all_that_falls_away_is_told(desk: Desk):
    cycle, path = desk.world.start(days_ago=20), "/staff/cycles/{}/do/cancel"
    assert len(desk.world.prompts(cycle)) == 2

    two = await desk.browser().post(path.format(cycle), {"reason": "No money", "deed": "look"})
    assert len(follows(two.text)) == 2, "as many as wait"

    desk.approve(cycle, "approve-invitations-1", KRISTINA)
    desk.approve(cycle, "approve-visits-1", OLGA)
    promised = desk.state(cycle).purse.committed
    assert promised
    none = await desk.browser().post(path.format(cycle), {"reason": "No money", "deed": "look"})
    (free,) = re.findall(r"Promised money that becomes free again: ([^<]+)\.<", none.text)
    assert re.sub(r"[^0-9]", "", free).startswith(str(promised // 100))


def follows(page: str) -> list[str]:
    """What is said to follow."""
    return re.findall("<li>([^<]+)</li>", page.partition("<h2>What follows</h2>")[2].partition("</ul>")[0])


async def test_the_page_of_a_cancelled_cycle_offers_nothing_that_is_refused_and_says_it_once(desk: Desk):
    cycle, web = desk.world.start(), desk.browser()
    home = f"/staff/cycles/{cycle}"
    await done(web, f"{home}/do/cancel", {"reason": "No money"})

    page = await web.get(f"{home}?done=cancel")

    assert f'href="{home}/write"' not in page.text
    assert f'href="{home}/attendance"' not in page.text
    assert ("This cycle was called off" in page.text, "The cycle is cancelled" in page.text) == (True, False)
    visits = page.text.partition("<h2>Visits</h2>")[2].partition("</ul>")[0]
    assert set(re.findall(r'class="tag[^>]*>([^<]+)<', visits)) == {"called off"}


@pytest.mark.parametrize("page", ["write", "do/move"])
async def test_a_form_of_a_cycle_that_is_over_says_so_as_it_is_opened(desk: Desk, page: str):
    cycle, web = desk.world.start(), desk.browser()
    await done(web, f"/staff/cycles/{cycle}/do/cancel", {"reason": "No money"})

    opened = (await web.get(f"/staff/cycles/{cycle}/{page}")).text.partition("<main")[2]

    assert "nothing in it changes any more" in opened
    assert "Nothing was decided" not in opened
    assert "<form" not in opened
    person = desk.person(cycle, "Anna Example")
    assert "/do/" not in (await web.get(f"/staff/cycles/{cycle}/people/{person.ref}")).text


async def test_roles_are_handed_over(desk: Desk):
    cycle = desk.invited()
    gives = desk.world.staff[KRISTINA]
    takes = desk.world.store.add_staff("Maria Berg", "maria@library.example")

    typed = {"source": gives, "to": takes, "reason": "On leave"}
    await done(desk.browser(), f"/staff/cycles/{cycle}/do/handover", typed)

    assert takes in desk.state(cycle).plan.roles["coordinator"]


async def test_somebody_new_speaks_and_is_known_only_once_it_is_done(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    dina, path = desk.person(cycle, "Dina Example"), f"/staff/cycles/{cycle}/do/replace"
    typed = {
        "speaker": f"introductory-seminar/{dina.ref}",
        "address": "eva@library.example",
        "name": "Eva Holm",
        "reason": "Ill",
    }

    await web.post(path, {**typed, "deed": "look"})
    assert desk.world.store.by_address(cycle, "eva@library.example") is None
    await done(web, path, typed)

    eva = desk.world.store.by_address(cycle, "eva@library.example")
    assert eva is not None
    seminar = next(step for step in desk.state(cycle).seminars() if step.id == "introductory-seminar")
    assert eva.ref in {session.speaker for session in seminar.sessions}


async def test_more_time_is_given_to_one_person(desk: Desk):
    cycle = desk.invited()
    anna = desk.person(cycle, "Anna Example")
    closes = next(step for step in desk.state(cycle).plan.steps if step.id == "registration").closes
    until = (datetime.fromisoformat(closes.local) + timedelta(days=2)).date().isoformat()

    typed = {"person": anna.address, "until": until, "reason": "Her director is away"}
    await done(desk.browser(), f"/staff/cycles/{cycle}/do/extend", typed)

    assert anna.ref in desk.state(cycle).desk("registration").extended


async def test_a_host_that_has_not_answered_is_reminded(desk: Desk):
    cycle = desk.invited()

    await done(desk.browser(), f"/staff/cycles/{cycle}/do/remind", {"step": "visits/first-visit"})

    assert desk.world.store.letters(cycle, kind="host_reminder")


async def test_the_number_of_places_changes(desk: Desk):
    cycle = desk.invited()

    typed = {"step": "registration", "capacity": "18", "reason": "A smaller bus"}
    await done(desk.browser(), f"/staff/cycles/{cycle}/do/places", typed)

    assert desk.state(cycle).desk("registration").capacity == 18


async def test_a_letter_to_a_group_becomes_a_decision(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    path = f"/staff/cycles/{cycle}/write"
    typed = {"groups": ["unanswered"], "subject-en": "Boots", "text-en": "Bring <boots>."}

    look = await web.post(path, {**typed, "deed": "look"})
    assert "Bring &lt;boots&gt;." in look.text
    assert "Cecilia Example" in look.text
    await done(web, path, typed)

    (word,) = desk.state(cycle).words.values()
    assert desk.world.store.get_texts([word.subject])[word.subject] == {"en": "Boots"}
    assert any(prompt.step == word.id for prompt in desk.world.prompts(cycle).values())


async def test_a_paragraph_has_the_letters_made_ready_again(desk: Desk):
    cycle, web = desk.world.start(days_ago=20), desk.browser()

    sent = await web.post(
        f"/staff/decisions/{cycle}/approve-invitations-1/paragraph",
        {"text-en": "Bring an umbrella.", "deed": "add", "once": "1"},
    )

    assert sent.status_code == 303
    assert "approve-invitations-2" in desk.world.prompts(cycle)
    assert "The paragraph is added. The letters are made ready" in (await web.get(sent.headers["location"])).text


async def test_who_holds_no_role_there_is_refused_by_the_rules(desk: Desk):
    cycle = desk.invited()
    desk.world.staff["Maria Berg"] = desk.world.store.add_staff("Maria Berg", "maria@library.example")

    sent = await desk.browser("Maria Berg").post(f"/staff/cycles/{cycle}/do/cancel", {"reason": "x", "deed": "look"})

    assert sent.status_code == 422
    assert "You hold no role in this cycle that may do this. Who may: coordinator or director." in sent.text


async def test_a_refusal_is_said_in_the_language_of_the_page(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    path = f"/staff/cycles/{cycle}/do/move?lang=fi"

    past = await web.post(path, {"date": "registration//closes", "when": "2020-01-10", "reason": "x", "deed": "look"})
    late = await web.post(path, {"date": "registration//closes", "when": "2031-01-10", "reason": "x", "deed": "look"})

    assert "on mennyt. Valitse tuleva aika." in past.text
    assert "Siirrä ensin toista tai valitse toinen aika." in late.text
    assert not [words for page in (past, late) for words in re.findall(r'<p lang="en">.*', page.text)]


@pytest.mark.parametrize(
    "typed", ["=?utf-8?q?Ann=0D=0ABcc:_x@y?=", "a\x00b", "\u202eevil", "x" * 5000, "<script>alert(1)</script>"]
)
async def test_whatever_is_typed_is_answered_with_the_same_page(desk: Desk, typed: str):
    cycle, web = desk.invited(), desk.browser()
    for deed, fields in {
        "answer": ("person", "reason"), "extend": ("person", "until"), "move": ("date", "when", "ends", "reason"),
        "spend": ("step", "amount", "currency", "rate", "what", "on-day"), "replace": ("speaker", "address", "name"),
        "handover": ("source", "to", "on-year"), "places": ("step", "capacity"), "host": ("host", "said", "begins"),
        "note": ("note", "step"), "nothing": ("x",),
    }.items():  # fmt: skip
        path = f"/staff/cycles/{cycle}/do/{deed}"
        seal = sealed(await web.get(f"/staff/cycles/{cycle}"))
        sent = await web.client.post(path, data={"seal": seal, "deed": "look", **dict.fromkeys(fields, typed)})

        assert sent.status_code in {200, 404, 422}
        assert "<script>alert" not in sent.text
    assert not desk.told


async def test_a_form_without_its_seal_does_nothing(desk: Desk):
    cycle = desk.invited()

    sent = await desk.browser().client.post(f"/staff/cycles/{cycle}/do/cancel", data={"reason": "x", "deed": "act"})

    assert sent.status_code == 403
    assert not desk.told


def test_each_deed_says_in_a_sentence_that_it_was_done():
    assert not set(DEEDS) - set(DONE), "a deed says nothing once it was done"
    assert all(sentence.endswith(".") for sentence in DONE.values())


async def test_what_was_done_is_said_as_it_is_and_in_her_language(desk: Desk):
    cycle, web = desk.invited(), desk.browser()
    assert "The date is moved." in (await web.get(f"/staff/cycles/{cycle}?done=move")).text
    assert "Päivämäärä on siirretty." in (await web.get(f"/staff/cycles/{cycle}?done=move&lang=fi")).text
