"""A host's pages: yes, no, other dates, a move, who comes, and how it went."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import update

from exchange.booking import Booking
from exchange.moving import Move
from portal.speech import NAMES
from store.schema import cycles
from telling.hosting import of_host
from telling.names import Names
from tests.portal.visiting import Played, begin, dump, says
from tests.portal.world import Browser, sealed
from workflows.ledger import Ledger

ASKED = datetime(2024, 1, 24, 12, tzinfo=UTC)
SILENT = datetime(2024, 2, 7, 12, tzinfo=UTC)
KIRSTEN, SOREN, AMINA = "Kirsten Bøgeskov", "Søren Havtorn", "Amina Lyngdal"
AARHUS = ("host", "visits/aarhus/dokk1")


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A record in which the hosts have been asked, made once."""
    return begin(tmp_path_factory.mktemp("begun"), ASKED)


@pytest.fixture
def played(begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Played]:
    played = Played(begun, tmp_path, monkeypatch, ASKED)
    yield played
    played.store.close()


@pytest.fixture
def web(played: Played) -> Browser:
    web = played.browser()
    web.client.cookies.set("kierros-lang", "en")
    return web


@pytest.fixture
def dokk1(played: Played) -> str:
    return played.path(played.person(KIRSTEN).ref, AARHUS)


def stay(played: Played, slot: str = "aarhus") -> Booking:
    return played.state.booking("visits", slot)


async def send(web: Browser, path: str, data: dict[str, Any] | None = None, page: str = "") -> Any:
    """Sends a form with the hidden fields of its page."""
    return await web.client.post(path, data={**hidden(await web.get(page or path)), **(data or {})})


def hidden(page: Any) -> dict[str, str]:
    return dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', page.text))


async def confirm(web: Browser, path: str) -> Any:
    return await send(web, f"{path}/yes", page=path)


def dates(first: tuple[int, int, int], last: tuple[int, int, int], **more: str) -> dict[str, str]:
    found = {"from": "9:00", "to": "16:00", **more}
    for name, day in (("first", first), ("last", last)):
        found |= dict(zip((f"{name}-day", f"{name}-month", f"{name}-year"), map(str, day), strict=True))
    return found


LATER = dates((20, 5, 2024), (22, 5, 2024), reason="The hall is being painted")


# -- the request ------------------------------------------------------------------------------------------------------


async def test_the_request_says_all_at_one_glance(played: Played, web: Browser, dokk1: str):
    page = (await web.get(dokk1)).text

    for said in (
        "May we visit you?", "What we ask of you", "yes, no, or other dates", "By when", "February 2024",
        "What happens next", "13–15 May 2024", "up to 9 people", "Lithuania", "Libraries for people", "€4,100",
        "Ministry of Culture", "A house for the whole town", "We are nine librarians", "Ieva Lankaitė", "mailto:",
    ):  # fmt: skip
        assert said in page, said
    assert "Ąžuolaitė" not in page


async def test_in_practice_a_host_reads_by_when_by_the_plans_calendar(
    played: Played, web: Browser, dokk1: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("portal.doors.by_calendar", lambda _plan, at: at.replace(year=2031))
    assert "February 2031" in (await web.get(dokk1)).text


async def test_a_yes_confirms_the_visit(played: Played, web: Browser, dokk1: str):
    sent = await confirm(web, dokk1)

    assert (sent.status_code, sent.headers["location"]) == (303, dokk1)
    assert (stay(played).stage, stay(played).host) == ("confirmed", "dokk1")
    assert "The group comes to you" in (await web.get(dokk1)).text
    assert [one.kind for one in played.store.letters(played.cycle, to_ref=played.person(KIRSTEN).ref)][-1] == (
        "host_confirmed"
    )


async def test_a_double_click_is_one_yes(played: Played, web: Browser, dokk1: str):
    form = hidden(await web.get(dokk1))

    twice = await asyncio.gather(*(web.client.post(f"{dokk1}/yes", data=form) for _ in range(3)))

    assert [one.status_code for one in twice] == [303, 303, 303]
    kinds = [one.kind for one in played.store.letters(played.cycle, to_ref=played.person(KIRSTEN).ref)]
    assert kinds.count("host_confirmed") == 1


async def test_a_no_goes_to_the_next_library_and_its_reason_is_a_row(played: Played, web: Browser, dokk1: str):
    sent = await send(web, f"{dokk1}/no", {"reason": "We are closed for <b>repairs</b>"})

    assert sent.status_code == 303
    assert (stay(played).stage, stay(played).host) == ("asked", "horsens")
    page = (await web.get(dokk1)).text
    assert "Thank you: we have received your no" in page
    assert "We have turned to another library. If you say yes now" in page
    assert "repairs" not in page
    horsens = await web.get(played.path(played.person(SOREN).ref, ("host", "visits/aarhus/horsens")))
    assert "May we visit you?" in horsens.text
    assert "repairs" not in horsens.text
    assert "Dokk1" not in horsens.text


async def test_a_no_after_which_nobody_is_asked_is_thanked_for_and_says_nothing_of_another_library(
    played: Played, web: Browser, dokk1: str
):
    horsens = played.path(played.person(SOREN).ref, ("host", "visits/aarhus/horsens"))
    for path in (dokk1, horsens):
        await send(web, f"{path}/no", {"reason": ""})

    assert (stay(played).stage, stay(played).host) == ("open", "")
    for path in (dokk1, horsens):
        page = (await web.get(path)).text
        assert "Thank you: we have received your no" in page
        assert "We decide who receives the group now." in page
        assert "another library" not in page


async def test_the_very_dates_that_were_asked_for_are_no_proposal(played: Played, web: Browser, dokk1: str):
    same = dates((13, 5, 2024), (15, 5, 2024))
    slot = played.state.slot_of("visits", "aarhus")[1]
    same |= {"from": slot.begins.local[11:], "to": slot.ends.local[11:]}

    sent = await send(web, f"{dokk1}/dates", same)

    assert sent.status_code == 422
    assert "These are the dates for which we asked you. If they suit you, go back and say yes." in sent.text
    assert 'href="#f-first' in sent.text
    assert stay(played).stage == "asked"


async def test_other_dates_go_to_staff(played: Played, web: Browser, dokk1: str):
    sent = await send(web, f"{dokk1}/dates", LATER)

    assert sent.status_code == 303
    begins, ends = stay(played).proposed or (None, None)
    assert begins is not None
    assert ends is not None
    assert (begins.local, begins.zone, ends.local) == ("2024-05-20T09:00", "Europe/Copenhagen", "2024-05-22T16:00")
    page = (await web.get(dokk1)).text
    assert "You have suggested other dates" in page
    assert "20 May" in page
    assert (await confirm(web, dokk1)).status_code == 303
    assert stay(played).stage == "confirmed"


async def test_two_windows_with_different_answers_and_the_rules_say_what_counts(
    played: Played, web: Browser, dokk1: str
):
    yes, no = hidden(await web.get(dokk1)), hidden(await web.get(f"{dokk1}/no"))
    await web.client.post(f"{dokk1}/no", data=no)

    late = await web.client.post(f"{dokk1}/yes", data=yes)

    assert late.status_code == 303
    assert stay(played).late == ("dokk1",)
    assert "Your yes is with us" in (await web.get(dokk1)).text


async def test_after_silence_a_yes_still_reaches_staff_once(played: Played, web: Browser, dokk1: str):
    played.at(SILENT)
    page = await web.get(dokk1)
    assert "a yes still reaches us" in page.text
    assert (await web.get(f"{dokk1}/dates")).headers["location"] == dokk1

    stale = await web.client.post(f"{dokk1}/dates", data={**hidden(page), **LATER})
    assert stale.status_code == 409
    assert "another time cannot be proposed any more" in stale.text
    assert 'value="20"' in stale.text
    await confirm(web, dokk1)

    assert "Your yes is with us" in (await web.get(dokk1)).text
    state = played.state
    (prompt,) = (one for one in state.prompts.values() if one.subject == "aarhus")
    told = " ".join(of_host(played.store, state, prompt, Names(state.plan), SILENT))
    assert "Its time to answer was over on " in told
    assert "has been asked since, and has not said yes yet." in told
    again = await web.client.post(f"{dokk1}/yes", data=hidden(page) | {"seen": "f" * 32})
    assert again.status_code == 409


async def test_an_answer_is_about_the_time_that_the_page_showed(played: Played, web: Browser, dokk1: str):
    form = hidden(await web.get(dokk1))
    move(played, "aarhus", timedelta(days=1))
    before = dump(played.store)

    stale = await web.client.post(f"{dokk1}/yes", data=form)

    assert stale.status_code == 409
    assert "The visit has moved meanwhile" in stale.text
    assert "14–16 May 2024" in stale.text
    assert dump(played.store) == before
    assert (await confirm(web, dokk1)).status_code == 303


def move(played: Played, slot: str, by: timedelta) -> None:
    """Staff move a visit."""
    ledger = Ledger(played.state, decided_to=played.store.cycle(played.cycle).decided_to)
    found = played.state.slot_of("visits", slot)[1]
    span = {
        name: when.model_copy(
            update={
                "local": (datetime.fromisoformat(when.local) + by).isoformat(timespec="minutes"),
                "at": when.at + by,
            }
        )
        for name, when in (("begins", found.begins), ("ends", found.ends))
    }
    staff = played.state.plan.roles["coordinator"][0]
    ledger.decide(
        Move(
            at=played.now,
            actor=staff,
            step="visits",
            slot=slot,
            when=span["begins"],
            ends=span["ends"],
            reason="n_why",
            anyway=True,
        )
    )
    record = ledger.record(collect=False)
    played.store.keep(record, played.now)


async def test_while_nobody_decides_the_answer_is_kept(played: Played, web: Browser, dokk1: str):
    played.engine_away()

    kept = await confirm(web, dokk1)

    assert kept.status_code == 200
    assert "We have your answer" in kept.text
    assert stay(played).stage == "asked"
    played.at(played.now)
    assert stay(played).stage == "confirmed"


# -- what is wrong ----------------------------------------------------------------------------------------------------

WRONG = [
    (dates((31, 2, 2024), (22, 5, 2024)), "first", "there is no such day"),
    (dates((20, 5, 2024), (19, 5, 2024)), "last", "ends before it begins"),
    (dates((20, 5, 2024), (20, 5, 2024), to="8:00"), "last", "ends before it begins"),
    (dates((20, 1, 2024), (22, 5, 2024)), "first", "“First day”: that day is over"),
    (dates((20, 5, 2014), (22, 5, 2014)), "first", "“First day”: that day is over"),
    (dates((20, 5, 9999), (22, 5, 9999)), "first", "“First day”: that is years away"),
    (dates((20, 5, 2024), (22, 5, 2024), to="25:00"), "to", "no time of day"),
    (dates((20, 5, 2024), (22, 5, 2024), **{"from": "soon"}), "from", "no time of day"),
    (dates((31, 3, 2024), (22, 5, 2024), **{"from": "2:30"}), "from", "the clocks are changed"),
    ({**LATER, "reason": "x" * 1001}, "reason", "at most 1,000 characters"),
    ({**LATER, "reason": "a\u202eb"}, "reason", "cannot be shown"),
    ({**LATER, "first-day": ""}, "first", "there is no such day"),
    ({**LATER, "first-year": "9" * 20}, "first", "there is no such day"),
    ({**LATER, "first-day": "<script>alert(1)</script>"}, "first", "there is no such day"),
]


async def test_what_is_wrong_is_said_and_what_was_typed_stays(played: Played, web: Browser, dokk1: str):
    form = hidden(await web.get(f"{dokk1}/dates"))
    before = dump(played.store)

    for given, field, said in WRONG:
        wrong = await web.client.post(f"{dokk1}/dates", data={**form, **given})
        assert wrong.status_code == 422, (given, wrong.status_code)
        assert said in wrong.text, given
        assert wrong.text.count("that day is over") in {0, 2}, "once in the summary and once beside its field"
        assert "that day is over" not in wrong.text or "years away" not in wrong.text
        assert f'href="#f-{field}' in wrong.text, given
        assert 'value="22"' in wrong.text or field == "last"
        assert "<script>" not in wrong.text

    assert dump(played.store) == before


async def test_a_reason_too_long_is_said_on_the_page_of_the_no(played: Played, web: Browser, dokk1: str):
    wrong = await send(web, f"{dokk1}/no", {"reason": "x" * 1001})

    assert wrong.status_code == 422
    assert stay(played).stage == "asked"


# -- once confirmed ---------------------------------------------------------------------------------------------------


@pytest.fixture
async def confirmed(played: Played, web: Browser, dokk1: str) -> str:
    await confirm(web, dokk1)
    return dokk1


async def test_it_sees_who_comes_once_the_places_are_given(played: Played, web: Browser, confirmed: str):
    people = [one for one in played.store.people(played.cycle) if one.part == "invitee"]
    says(played, *(one.name for one in people[:3]))
    before = (await web.get(confirmed)).text
    assert "places are still being given" in before
    assert people[0].name not in before
    played.at(datetime(2024, 2, 20, 12, tzinfo=UTC))

    page = (await web.get(confirmed)).text

    names = {ref: one.name for ref, one in played.store.get_people(played.state.group()).items()}
    assert names
    assert all(name in page for name in names.values())
    assert "Lithuanian" in page
    assert not [one.name for one in people if one.ref not in names and one.name in page]
    assert not [one.address for one in people if one.address in page]
    assert "What they eat" not in page


async def test_needs_are_shown_without_names_where_the_plan_asks_for_them(played: Played, web: Browser, confirmed: str):
    people = [one for one in played.store.people(played.cycle) if one.part == "invitee"]
    says(played, people[0].name)
    played.store.tell(played.cycle, people[0].ref, {"diet": "No nuts <i>please</i>"}, played.now)
    played.store.tell(played.cycle, people[1].ref, {"diet": "Nobody shall see this"}, played.now)
    asks_for(played)
    played.at(datetime(2024, 2, 20, 12, tzinfo=UTC))
    assert "No nuts" not in (await web.get(confirmed)).text
    asks_for(played, "diet")

    page = (await web.get(confirmed)).text

    assert "No nuts &lt;i&gt;please" in page
    assert "Nobody shall see this" not in page


async def test_a_host_counts_diets_and_reads_a_name_only_with_leave(played: Played, web: Browser, confirmed: str):
    people = [one for one in played.store.people(played.cycle) if one.part == "invitee"]
    several = list({one.home: one for one in people}.values())[:3]
    says(played, *(one.name for one in several))
    first, second, third = several
    for who, told in (
        (first, {"diet": "Vegetarian", "access": "A lift", "named": "yes", "ask:journey": "2"}),
        (second, {"diet": "vegetarian. ", "access": "Subtitles"}),
        (third, {"diet": "No nuts", "named": "yes"}),
    ):
        played.store.tell(played.cycle, who.ref, told, played.now)
    played.at(datetime(2024, 2, 20, 12, tzinfo=UTC))

    page = (await web.get(confirmed)).text

    assert "Vegetarian × 2" in page
    assert "<li>No nuts</li>" in page
    assert f"<li>{first.name}: A lift</li>" in page
    assert "<li>Subtitles</li>" in page
    assert "By air" not in page


def asks_for(played: Played, *what: str) -> None:
    """The plan asks for it from now on, and for nothing else."""
    plan = played.store.get_plan(played.cycle)
    steps = tuple(
        s.model_copy(update={"ask": what, "wanted": ()}) if s.kind == "registration" else s for s in plan.steps
    )
    changed = plan.model_copy(update={"steps": steps}).model_dump(mode="json")
    with played.store.writing() as connection:
        connection.execute(update(cycles).where(cycles.c.id == played.cycle).values(plan=changed))


async def test_it_asks_to_move_the_visit_and_takes_that_back(played: Played, web: Browser, confirmed: str):
    sent = await send(web, f"{confirmed}/dates", LATER)
    assert sent.status_code == 303
    wish = stay(played).wish
    assert wish is not None
    assert stay(played).stage == "confirmed"
    page = (await web.get(confirmed)).text
    assert "You have asked to move the visit" in page
    assert "13–15 May 2024" in page

    again = await send(web, f"{confirmed}/dates", LATER)
    assert again.status_code == 409
    assert "asked for that time already" in again.text
    same = await send(web, f"{confirmed}/dates", dates((13, 5, 2024), (15, 5, 2024)))
    assert same.status_code == 409
    assert "nothing to move" in same.text
    await confirm(web, confirmed)

    assert stay(played).wish is None
    assert "The group comes to you" in (await web.get(confirmed)).text


async def test_it_can_call_the_visit_off(played: Played, web: Browser, confirmed: str):
    assert "called off at your library" in (await web.get(f"{confirmed}/no")).text

    await send(web, f"{confirmed}/no", {"reason": "Water in the cellar"})

    assert stay(played).host == "horsens"


async def test_the_visit_is_an_entry_for_a_calendar_only_while_it_stands(played: Played, web: Browser, dokk1: str):
    assert (await web.get(f"{dokk1}/calendar.ics")).status_code == 404
    await confirm(web, dokk1)

    entry = await web.get(f"{dokk1}/calendar.ics")

    assert entry.headers["content-type"].startswith("text/calendar")
    assert "DTSTART;TZID=Europe/Copenhagen:20240513T090000" in entry.text


# -- afterwards -------------------------------------------------------------------------------------------------------

OVER = datetime(2024, 5, 30, 12, tzinfo=UTC)
TOLD = {"rating": "4", "gained": "We play <b>more</b>", "better": "Stay longer"}


@pytest.fixture
async def visited(played: Played, web: Browser, dokk1: str) -> str:
    await confirm(web, dokk1)
    played.through(OVER)
    assert stay(played).stage == "visited"
    return played.path(played.person(KIRSTEN).ref, ("host_feedback", "visits/aarhus/dokk1"))


async def test_it_tells_how_it_went_and_may_change_that(played: Played, web: Browser, visited: str):
    asked = (await web.get(visited)).text
    assert "How did the visit go?" in asked
    assert " checked" not in asked

    thanked = await send(web, visited, TOLD)

    assert "You can change your answers" in thanked.text
    heard = stay(played).heard
    assert heard is not None
    assert heard.rating == "4"
    texts = played.store.get_texts([heard.gained, heard.better])
    assert texts[heard.gained] == {"und": TOLD["gained"]}
    assert "We play &lt;b&gt;more" in (await web.get(visited)).text
    await send(web, visited, {**TOLD, "rating": "2", "better": ""})
    now = stay(played).heard
    assert now is not None
    assert (now.rating, now.better) == ("2", "")


async def test_what_was_learned_from_it_is_read_only_where_that_is_allowed(played: Played, web: Browser, visited: str):
    first, second, third = [one for one in played.store.people(played.cycle) if one.part == "invitee"][:3]
    lesson = {"what": "A garden needs neighbours", "from": "dokk1"}
    played.store.tell(played.cycle, first.ref, {"learned": {**lesson, "host": "yes"}}, played.now)
    played.store.tell(played.cycle, second.ref, {"learned": {**lesson, "what": "Kept to myself"}}, played.now)
    other = {"what": "Of another house", "from": "randers", "host": "yes"}
    played.store.tell(played.cycle, third.ref, {"learned": other}, played.now)

    page = (await web.get(visited)).text

    assert "A garden needs neighbours" in page
    assert first.name in page
    assert "Kept to myself" not in page
    assert "Of another house" not in page


async def test_the_first_question_is_asked_for(played: Played, web: Browser, visited: str):
    for given, said in (({}, "choose an answer"), ({"rating": "6"}, "choose one of those offered")):
        wrong = await send(web, visited, {"gained": "kept", **given})
        assert wrong.status_code == 422
        assert said in wrong.text
        assert ">\nkept</textarea>" in wrong.text
    assert stay(played).heard is None


async def test_before_the_visit_there_is_nothing_to_tell(played: Played, web: Browser, confirmed: str):
    form = hidden(await web.get(f"{confirmed}/dates"))

    early = await web.client.post(f"{confirmed}/feedback", data={**form, **TOLD})

    assert early.status_code == 409
    assert "has not received this visit" in early.text
    assert stay(played).heard is None


async def test_the_page_of_the_visit_leads_there(played: Played, web: Browser, visited: str, dokk1: str):
    page = await web.get(dokk1)

    assert "Thank you for receiving our group" in page.text
    assert f'href="{dokk1}/feedback"' in page.text
    assert (await web.get(f"{dokk1}/feedback")).status_code == 200


# -- what holds for all -----------------------------------------------------------------------------------------------


async def test_only_the_host_s_own_contact_and_visit_open(played: Played, web: Browser, dokk1: str):
    kirsten, amina = played.person(KIRSTEN).ref, played.person(AMINA).ref
    for ref, about in (
        (kirsten, ("host", "visits/branch/gellerup")), (amina, AARHUS), (kirsten, ("host", "visits/aarhus/horsens")),
        (kirsten, ("host", "visits/aarhus")), (kirsten, ("host", "nothing/aarhus/dokk1")),
        (kirsten, ("nominate", "registration/dokk1")),
    ):  # fmt: skip
        path = played.path(ref, about)
        form = {"seal": "0" * 32}
        before = dump(played.store)
        for below in ("yes", "no", "dates", "feedback"):
            assert (await web.client.post(f"{path}/{below}", data=form)).status_code in {403, 404, 405}
            assert (await web.get(f"{path}/{below}")).status_code in {404, 303}
        assert dump(played.store) == before
    late = await web.get(played.path(kirsten, ("host_feedback", "visits/aarhus/dokk1")))
    assert "May we visit you?" in late.text


async def test_a_seal_of_another_link_is_refused(played: Played, web: Browser, dokk1: str):
    other = played.path(played.person(AMINA).ref, ("host", "visits/branch/gellerup"))
    seal = sealed(await web.get(other))

    assert (await web.client.post(f"{dokk1}/yes", data={"seal": seal})).status_code == 403
    assert stay(played).stage == "asked"


async def test_looking_changes_nothing(played: Played, web: Browser, dokk1: str):
    await web.get(dokk1)
    before = dump(played.store)

    for below in ("", "/yes", "/no", "/dates", "/feedback", "/calendar.ics"):
        for method in ("GET", "HEAD", "OPTIONS", "PUT", "DELETE"):
            await web.client.request(method, f"{dokk1}{below}", params={"answer": "confirm"})
        assert (await web.client.post(f"{dokk1}{below}", data={})).status_code in {403, 405}

    assert dump(played.store) == before


async def test_a_host_whose_turn_has_not_come_is_asked_nothing(played: Played, web: Browser):
    path = played.path(played.person(SOREN).ref, ("host", "visits/north/horsens"))

    page = await web.get(path)

    assert "You are not asked at present" in page.text
    assert "<form" not in page.text
    assert "2024" in page.text
    assert "Its reading groups" not in page.text


async def test_the_pages_speak_each_language(played: Played, web: Browser, dokk1: str):
    for language in NAMES:
        for below in ("", "/dates", "/no"):
            page = await web.get(f"{dokk1}{below}?lang={language}")
            assert f'<html lang="{language}"' in page.text
            assert ("What happens next" in page.text) == (language == "en")
