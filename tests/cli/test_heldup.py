"""What `show` and `waiting` tell of a cycle that does not go on by itself, and the way on."""

from __future__ import annotations

from datetime import timedelta
from types import SimpleNamespace
from typing import Any

import pytest

from cli.checkup import _left_alone as left_alone_runs
from exchange.approval import Reject
from exchange.moving import Move
from exchange.prompt import Prompt
from portal.shown.staff_names import Spoken
from portal.speech import words_in
from telling.board import board_of
from telling.heldup import may_be_late, nobody, too_late
from telling.names import Names
from telling.times import written
from tests.builders import KRISTINA, after, approval, begun, day, on, passed, registration, seminar, waiting_for, year
from tests.builders import desk as desk_of
from tests.cli.conftest import Desk
from tests.cli.world import World, clock


def test_letters_that_came_too_late_name_the_way_on():
    cycle = passed(begun(*year().steps), 21)
    (said,) = too_late(cycle, waiting_for(cycle, "invitations"), Names(cycle.plan), day(21))
    assert said.startswith("registration closed at 29 Jan 2012 09:00 (UTC), and the letters of invitations would call")
    assert "kierros move registration closes WHEN" in said
    assert f"kierros cancel {cycle.plan.id}" in said
    early = passed(begun(*year().steps), 19)
    assert too_late(early, waiting_for(early, "invitations"), Names(early.plan), day(19)) == ()


@pytest.mark.parametrize("about", ["letters", "defect", "money"])
def test_a_decision_about_no_step_is_about_no_letters_of_one(about: Any):
    cycle = passed(begun(*year().steps), 21)
    prompt = Prompt(id="one", about=about, opened_at=day(21), due_at=day(22), within=day(22) - day(21))
    assert not may_be_late(cycle.plan, prompt, day(21))
    assert too_late(cycle, prompt, Names(cycle.plan), day(21)) == ()


def test_show_and_waiting_say_so_where_the_decision_waits(desk: Desk, world: World):
    cycle = world.start(days_ago=52)
    (waits,) = [prompt.id for prompt in world.prompts(cycle).values() if prompt.step == "invitations"]
    for words in (["show"], ["waiting"]):
        ran = desk(*words)
        page = " ".join(ran.out.split())
        assert f"{waits} due" in page, words
        assert "registration closed at" in page, words
        assert "kierros move registration closes WHEN" in page, words
        assert "Next: kierros move registration closes WHEN" in ran.sentence, words


def test_the_way_that_is_named_leads_on(desk: Desk, world: World):
    cycle = world.start(days_ago=52)
    assert desk("approve", "--step", "invitations", "--yes").code == 1
    (seminar, _) = world.plan(cycle).of_kind("seminar")
    new = seminar.begins.local[:10] + " 09:00"
    ran = desk("move", "registration", "closes", new, "--reason", "Nobody had time", "--yes")
    assert ran.code == 0, ran.err
    assert desk("approve", "--step", "invitations", "--yes").code == 0


def test_what_was_rejected_too_late_is_made_ready_again_once_it_has_a_new_date(desk: Desk, world: World):
    cycle = world.start(days_ago=52)
    ran = desk("reject", "--step", "invitations", "--reason", "Nobody had time", "--yes")
    assert "Next: kierros move registration closes WHEN" in ran.sentence
    again = ("choose", "revise-invitations-1", "again", "--yes")
    ran = desk(*again)
    assert ran.code == 1
    assert "letters of invitations that are made ready again would call to what is past" in ran.sentence
    assert "Move it first (`kierros move registration closes WHEN`), then have them made ready again." in ran.sentence
    (seminar, _) = world.plan(cycle).of_kind("seminar")
    new = seminar.begins.local[:10] + " 09:00"
    assert desk("move", "registration", "closes", new, "--reason", "Nobody had time", "--yes").code == 0
    ran = desk(*again)
    assert ran.code == 0, ran.err
    assert "approve-invitations-2" in world.prompts(cycle)


def test_a_year_whose_dates_have_all_passed_says_that_it_does_not_end_by_itself():
    left_alone = passed(begun(*year(practice=True).steps, practice=True), 400)
    assert board_of(left_alone, Names(left_alone.plan)).overrun.startswith("The last date of the plan, ")


def test_doctor_names_practice_runs_that_nobody_ended_and_the_command_that_does():
    idle = passed(begun(*year(practice=True).steps, practice=True), 400)
    known = [("a-practice", True, True), ("b-practice", False, True), ("a", True, False)]
    rows = [SimpleNamespace(id=name, open=is_open, practice=practice) for name, is_open, practice in known]
    store: Any = SimpleNamespace(cycles=lambda: rows, load=lambda _id: idle)
    (found,) = left_alone_runs(store)
    assert (found.name, found.state) == ("Practice", "note")
    assert found.mend == "To end what is not needed: kierros cancel a-practice"
    store.load = lambda _id: begun(*year(practice=True).steps, practice=True)
    assert not list(left_alone_runs(store))


def test_today_lists_a_year_that_nobody_ends(desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch):
    cycle = world.start(days_ago=20)
    later = clock() + timedelta(days=700)
    monkeypatch.setattr("telling.times.now", lambda: later)
    (found,) = [it for it in desk("--json").data["wrong"] if "does not end by itself" in it["what"]]
    assert found["help"] == f"kierros cancel {cycle}"
    assert found["what"].startswith("year: its last date has passed")


def test_a_gathering_without_anybody_is_asked_about_everywhere(desk: Desk, world: World):
    cycle = world.start(days_ago=80)
    seminar, _ = world.plan(cycle).of_kind("seminar")
    said = f"Introductory seminar, {written(seminar.begins)}: nobody has a place. Is it to be held?"
    assert said in " ".join(desk("show").out.split())
    assert f"If the year is not to go on: `kierros cancel {cycle}`." in " ".join(desk("show").out.split())
    (found,) = [it for it in desk("--json").data["wrong"] if "nobody has a place" in it["what"]]
    assert (found["what"], found["help"]) == (said, f"kierros cancel {cycle}")
    assert "Next: kierros cancel" not in desk().sentence


def test_whoever_approves_a_programme_for_nobody_is_told():
    agreed = approval()
    cycle = passed(begun(registration(), seminar(approval=agreed)), 23)
    prompt, names = waiting_for(cycle, "intro"), Names(cycle.plan)
    assert nobody(cycle, names, day(23), prompt.step).startswith("intro, 8 Feb 2012 09:00: nobody has a place.")
    assert nobody(cycle, names, day(23), "another") == ""
    assert nobody(desk_of("p_anna"), names, day(23)) == ""


@pytest.mark.parametrize("practice", [False, True])
def test_a_step_that_was_rejected_and_is_gone_by_leads_to_another_date_or_out_of_the_plan(practice: bool) -> None:
    cycle = passed(begun(seminar(approval=approval()), practice=practice), 23)
    asked = waiting_for(cycle, "intro")
    no = Reject(at=day(23), actor=KRISTINA, prompt=asked.id, reason="n_no")
    cycle = after(cycle, no)
    (again,) = cycle.prompts.values()
    assert too_late(cycle, again, Names(cycle.plan), day(29)) == ()
    (said,) = too_late(cycle, again, Names(cycle.plan), day(31))
    assert "the moment was 8 Feb 2012 09:00" in said
    assert "Give it a new date first (`kierros move intro begins WHEN`), then have it made ready again." in said
    assert ("Or take the step out of the plan: `kierros amend PLAN`." in said) == (not practice)
    (page,) = too_late(cycle, again, Spoken(cycle.plan, speech=words_in("en")), day(31))
    assert "could not be approved. Move the date first, then have it made ready again" in page
    # and so it is: the date moves, and the step may be taken out
    later = Move(at=day(31), actor=KRISTINA, step="intro", when=on(40), ends=on(40.3), reason="n_x")
    assert too_late(after(cycle, later), again, Names(cycle.plan), day(31)) == ()
