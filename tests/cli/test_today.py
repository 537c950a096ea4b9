"""Where things stand: read from the record, as pages of 80 columns and as data."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from itertools import pairwise

import pytest

from exchange.cancelling import Cancel
from exchange.record import Record, events
from exchange.reporting import ReportFiled
from runtime.settings import Settings
from tests.cli.conftest import Desk
from tests.cli.world import KRISTINA, OLGA, World, clock
from tests.signing import sign_in

PAGES = [[], ["list"], ["show"], ["watch", "--once"], ["waiting"], ["history"], ["letters"]]


@pytest.mark.parametrize("words", PAGES, ids=lambda words: " ".join(words) or "today")
def test_pages_fit_80_columns_and_have_no_colour_in_a_pipe(desk: Desk, world: World, words: list[str]):
    world.start(days_ago=20)
    ran = desk(*words)
    assert ran.code == 0
    assert max(map(len, ran.out.splitlines())) <= 80
    assert "\x1b" not in ran.out + ran.err


@pytest.mark.parametrize("words", [["show"], ["waiting"]], ids=" ".join)
def test_colour_is_left_out_where_it_is_not_wanted(desk: Desk, world: World, words: list[str]):
    world.start(days_ago=20)
    coloured = world.run(*words, FORCE_COLOR="1")
    plain = world.run(*words, FORCE_COLOR="1", NO_COLOR="1")
    assert "\x1b[3" in coloured.out or "\x1b[1" in coloured.out
    assert "\x1b[3" not in plain.out


@pytest.mark.parametrize("words", [[], ["list"], ["show"], ["waiting"], ["history"], ["letters"]], ids=" ".join)
def test_data_is_all_that_stdout_holds(desk: Desk, world: World, words: list[str]):
    world.start(days_ago=20)
    assert desk(*words, "--json").data


@pytest.mark.parametrize("words", [[], ["list"], ["waiting"]], ids=" ".join)
def test_an_empty_desk_says_so_and_what_comes_next(desk: Desk, world: World, words: list[str]):
    ran = desk(*words)
    assert ran.code == 0
    assert ran.out.strip() == ""
    assert ran.err


def test_today_shows_what_waits_and_for_whom(desk: Desk, world: World):
    world.start(days_ago=20)
    ran = desk()
    assert "approve-invitations-1" in ran.out
    assert "For the coordinator: Kristina Virtanen" in ran.out
    assert "Next: kierros approve approve-invitations-1" in ran.err


def test_today_shows_what_is_wrong(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    (row, *_) = world.store.claim(clock(), 10, timedelta(minutes=1))
    world.store.refused(row, "550 no such mailbox")
    found = desk("--json").data["wrong"]
    assert [entry["what"] for entry in found] == ["1 letter could not be delivered"]
    assert found[0]["cycle"] == cycle


def test_a_decision_that_is_overdue_says_so_once(desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch):
    world.start(days_ago=20)
    later = clock() + timedelta(days=90)
    monkeypatch.setattr("telling.times.now", lambda: later)
    data = desk("--json").data
    late = [line["id"] for line in data["waiting"]]
    assert late
    assert desk().out.count("overdue") == len(late)
    assert not [entry for entry in data["wrong"] if any(one in entry["what"] for one in late)]


def test_the_id_may_be_left_out_while_one_cycle_is_open(desk: Desk, world: World):
    first = world.start(days_ago=20)
    assert desk("show", "--json").data["id"] == first
    second = world.start(days_ago=20, theme="Another theme")
    ran = desk("show")
    assert ran.code == 2
    assert first in ran.sentence
    assert second in ran.sentence
    assert desk("show", second, "--json").data["id"] == second


def test_an_unknown_cycle_is_a_sentence(desk: Desk, world: World):
    ran = desk("show", "cycle-nowhere")
    assert ran.code == 2
    assert ran.sentence.startswith("There is no cycle called 'cycle-nowhere'.")


def test_the_board_is_data_too(desk: Desk, world: World):
    world.start(days_ago=20)
    board = desk("show", "--json").data
    assert [step["id"] for step in board["steps"]][:2] == ["invitations", "registration"]
    assert board["steps"][0]["state"] == "now"
    assert board["places"] == {"capacity": 20, "confirmed": 0, "offered": 0, "waiting": 0}
    assert board["money"]["cap"] == 1_200_000


def test_history_tells_a_sentence_for_each_event(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    entries = desk("history", "--json").data
    assert len(entries) == len(world.store.journal(cycle))
    assert "Registration opened." in [entry["sentence"] for entry in entries]


def test_history_at_a_moment_shows_what_was_known_then(world: World, desk: Desk):
    cycle = world.start(days_ago=20)
    before = datetime.now(UTC)
    assert desk("approve", "--step", "invitations", "--yes").code == 0
    known = [e.event for e in world.store.journal(cycle, before)]
    zone = world.plan(cycle).zone
    from telling.times import at_place

    said = at_place(before + timedelta(minutes=-1), zone)
    when = datetime.strptime(said, "%d %b %Y %H:%M").strftime("%Y-%m-%d %H:%M")  # noqa: DTZ007 - local time, as typed
    ran = desk("history", "--at", when, "--json")
    assert len(ran.data) <= len(known)
    assert not any("approved" in entry["sentence"] for entry in ran.data)


def test_letters_say_what_to_whom_and_its_state(desk: Desk, world: World):
    world.start(days_ago=20)
    found = desk("letters", "--state", "held", "--json").data
    assert {"Anna Example", "Bo Example"} <= {letter["to"] for letter in found}
    assert {letter["state"] for letter in found} == {"held"}
    one = desk("letters", "--to", "anna@home-library.example", "--json").data
    assert [letter["to"] for letter in one] == ["Anna Example"]
    assert "this is your invitation" in desk("letters", "--show", str(one[0]["id"])).out


ACCOUNT = {
    "cycle": "c", "theme": {"en": "Management"}, "programme": {"en": "Nordic exchange"}, "year": 2030,
    "funnel": [{"id": "invited", "people": 24}, {"id": "took_part", "people": 11}],
    "meetings": [{"title": {"en": "Opening"}, "when": {"begins": {"local": "2030-03-20T10:00"},
        "ends": {"local": "2030-03-20T17:00"}}, "outcome": "held", "expected": 12, "present": 11}],
    "stays": [{
        "slot": "spring", "outcome": "given_up",
        "when": {"begins": {"local": "2030-04-02T10:00"}, "ends": {"local": "2030-04-04T17:00"}},
        "tries": [{"name": {"en": "Malmö City Library"}, "outcome": "declined"}],
    }],
    "surveys": [{"title": {"en": "Your feedback"}, "asked": 11, "given": 9, "questions": [
        {"text": {"en": "Useful?"}, "median": 4.0, "bars": [{"value": 5, "label": {"en": "very"}, "count": 3}]},
        {"text": {"en": "And now?"}, "suppressed": True}]}],
    "money": {"currency": "EUR", "cap": 2600000, "settled": 860000, "committed": 0, "left": 1740000},
    "post": {"sent": 149, "failed": 1},
}  # fmt: skip


def test_a_report_is_shown_written_and_data(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    assert desk("report").code == 1
    world.store.save_report(cycle, "report", 1, "<h1>Report</h1>", ACCOUNT)
    page = desk("report")
    for words in ("took part", "▇", "median 4", "too few answers", "EUR 8,600", "Malmö City Library: declined"):
        assert words in page.out
    assert max(map(len, page.out.splitlines())) <= 80
    assert desk("report", "--json").data == ACCOUNT
    assert desk("report", "--html", str(world.folder / "r.html")).code == 0
    assert (world.folder / "r.html").read_text() == "<h1>Report</h1>"


def test_watching_ends_with_the_cycle(desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch):
    from cli import reading
    from exchange.cancelling import Cancel

    cycle = world.start(days_ago=20)
    wish = Cancel(at=clock(), actor=world.staff[KRISTINA], reason="n_x")
    monkeypatch.setattr(reading.time, "sleep", lambda _: world.decide(cycle, wish))
    monkeypatch.setenv("FORCE_COLOR", "1")
    ran = desk("watch")
    assert ran.code == 0
    assert "cancelled" in ran.out


def test_watching_as_data_prints_a_line_for_each_change(desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch):
    from cli import reading
    from exchange.cancelling import Cancel

    cycle, nights = world.start(days_ago=20), iter((False, False, True))
    wish = Cancel(at=clock(), actor=world.staff[KRISTINA], reason="n_x")
    monkeypatch.setattr(reading.time, "sleep", lambda _: next(nights) and world.decide(cycle, wish))
    shown = [json.loads(line) for line in desk("watch", "--json").out.splitlines()]
    assert (shown[0]["phase"], shown[-1]["phase"]) == ("running", "cancelled")
    assert all(before != after for before, after in pairwise(shown))
    assert shown[-1]["id"] == cycle
    (once,) = desk("watch", "--once", "--json").out.splitlines()
    assert json.loads(once) == shown[-1]


# ------------------------------------------------------------------------------------------------- what did not arrive


def ended_with_a_failed_letter(world: World, **words: str) -> str:
    cycle = world.start(days_ago=20, **words)
    world.decide(cycle, Cancel(at=clock(), actor=world.staff[KRISTINA], reason="n_1"))
    (row, *_) = (r for r in world.store.claim(clock(), 50, timedelta(minutes=1)) if r.cycle == cycle)
    world.store.refused(row, "550 no such mailbox")
    return cycle


def test_letters_that_fail_after_the_end_are_shown_until_they_are_settled(desk: Desk, world: World):
    cycle = ended_with_a_failed_letter(world)
    assert world.store.cycle(cycle).phase == "cancelled"
    assert [entry["cycle"] for entry in desk("--json").data["wrong"]] == [cycle]
    assert "1 letter could not be delivered" in desk().out
    assert "Undelivered" in desk("doctor").out
    (lost,) = desk("letters", "--failed", "--json").data
    assert (lost["cycle"], lost["last_error"]) == (cycle, "550 no such mailbox")
    assert desk("settle", cycle, "--reason", "Phoned her").code == 0
    assert desk("--json").data["wrong"] == []
    assert "Undelivered" not in desk("doctor").out
    assert desk("letters", "--failed", "--json").data == []
    (row,) = world.store.letters(cycle, "failed")
    assert row.settled_by == world.staff[KRISTINA]
    assert row.settled_at is not None
    assert world.store.get_texts([row.settled_why])[row.settled_why] == {"und": "Phoned her"}


def test_a_list_of_letters_says_that_those_of_another_cycle_did_not_arrive(desk: Desk, world: World):
    ended_with_a_failed_letter(world)
    other = world.start(days_ago=20, theme="Another theme")
    assert "1 letter of other cycles did not surely arrive: kierros letters --failed" in desk("letters", other).sentence


def test_settling_asks_for_a_reason_and_for_something_to_settle(desk: Desk, world: World):
    assert "nothing to settle" in desk("settle", "--reason", "x").sentence
    cycle = ended_with_a_failed_letter(world)
    assert "--reason TEXT" in desk("settle").sentence
    assert "Letter 999 does not wait" in desk("settle", "--letter", "999", "--reason", "x").sentence
    assert desk("--json").data["wrong"]
    assert desk("settle", "--reason", "Phoned her").code == 0
    assert "nothing to settle" in desk("settle", cycle, "--reason", "x").sentence


def test_of_several_cycles_one_is_named_to_settle(desk: Desk, world: World):
    first, second = ended_with_a_failed_letter(world), ended_with_a_failed_letter(world, theme="Another theme")
    said = desk("settle", "--reason", "x").sentence
    assert first in said
    assert second in said


def test_a_decision_to_leave_letters_settles_them(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    (row, *_) = world.store.claim(clock(), 10, timedelta(minutes=1))
    world.store.refused(row, "550 no such mailbox")
    world.pass_time(cycle)
    (prompt,) = (p for p in world.prompts(cycle).values() if p.about == "letters")
    assert desk("choose", prompt.id, "leave", "--yes").code == 0
    assert desk("--json").data["wrong"] == []


def test_a_sender_that_is_refused_is_shown_and_counts_against_no_letter(desk: Desk, world: World):
    world.start(days_ago=20)
    (row, *_) = world.store.claim(clock(), 10, timedelta(minutes=1))
    world.store.postponed(row, clock() + timedelta(minutes=5), "550 not allowed to send as x@library.example")
    found = world.store.letter(row.id)
    assert found is not None
    assert (found.state, found.tries, found.maybe_delivered) == ("queued", 0, 0)
    assert "takes no letters from our sender: 550 not allowed to send as …" in desk("--json").data["wrong"][0]["what"]
    doctor = desk("doctor")
    assert doctor.code == 1
    assert "Sender" in doctor.out


def test_a_report_that_is_not_the_approved_one_is_shown(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    world.store.save_report(cycle, "report", 1, "<p>changed</p>", {})
    filed = ReportFiled(at=clock(), actor="s_1", step="report", revision=1, digest="approved")
    after = world.store.cycle(cycle).length
    world.store.keep(Record(cycle=cycle, after=after, events=(events.pack(filed),)))
    assert ["report" in entry["what"] for entry in desk("--json").data["wrong"]] == [True]
    assert desk("doctor").code == 1


def test_what_was_due_long_ago_and_has_not_happened_is_told(desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch):
    world.start(days_ago=-30)
    assert "does the engine run?" not in desk().out
    later = datetime.now(UTC) + timedelta(days=120)
    monkeypatch.setattr("telling.times.now", lambda: later)
    ran = desk()
    assert "has not happened: does the engine run?" in " ".join(ran.out.split())
    assert "kierros doctor" in ran.out + ran.err


@pytest.mark.parametrize(
    ("who", "words"),
    [
        (KRISTINA, "kierros approve approve-invitations-1"),
        (OLGA, "kierros approve approve-visits-1"),
        ("Maria Berg", "each decision waits for somebody else"),
    ],
)
@pytest.mark.parametrize("page", [[], ["show"], ["waiting"]], ids=" ".join)
def test_an_answer_is_suggested_to_whoever_may_give_it(desk: Desk, world: World, who: str, words: str, page: list[str]):
    world.start(days_ago=20)
    world.store.add_staff("Maria Berg", "maria@library.example")
    world.signs_in = False
    sign_in(world.store, Settings(data=world.folder), [who])
    assert words in desk(*page, staff="").err
