"""Stopping for a while, from the terminal: `suspend` and `resume`, and who, when and why wherever a cycle is shown."""

from __future__ import annotations

from datetime import timedelta

import pytest

from exchange.moving import Move
from exchange.plan import When
from exchange.suspending import Resume, Suspend
from telling.board import still_line
from telling.names import Names
from tests.builders import OLGA, after, begun, day, year
from tests.cli.conftest import Desk
from tests.cli.world import World, clock

WHY = ("--reason", "The house is flooded")


def suspended(desk: Desk, world: World) -> str:
    """A cycle that stands still."""
    cycle = world.start(days_ago=20)
    assert desk("suspend", cycle, "--yes", *WHY).code == 0
    return cycle


def test_a_cycle_is_suspended_with_a_reason_and_shown_as_such_everywhere(desk: Desk, world: World):
    cycle = suspended(desk, world)
    assert world.store.cycle(cycle).phase == "suspended"
    for words in ([], ["list"], ["show"], ["watch", "--once"]):
        page = " ".join(desk(*words).out.split())
        assert "Kristina Virtanen: “The house is flooded”" in page, words
        assert "since" in page, words
    assert desk("show", "--json").data["suspended"]["why"] == "The house is flooded"
    assert f"kierros resume {cycle}" in desk().err


def test_its_history_says_who_suspended_it_and_why(desk: Desk, world: World):
    suspended(desk, world)
    history = " ".join(desk("history").out.split())
    assert "Kristina Virtanen, coordinator, suspended the cycle. Reason: “The house is flooded”" in history


def test_nothing_is_suspended_without_a_reason(desk: Desk, world: World):
    world.start(days_ago=20)
    ran = desk("suspend", "--yes", "--no-input")
    assert ran.code != 0
    assert "This needs a reason: --reason TEXT." in ran.sentence
    assert "confirmation" not in ran.sentence


def test_a_no_suspends_nothing(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    assert desk("suspend", *WHY, types=["n"]).code != 0
    assert world.store.cycle(cycle).phase == "running"


def test_decisions_are_refused_while_it_stands_still(desk: Desk, world: World):
    suspended(desk, world)
    ran = desk("approve", "--yes")
    assert ran.code != 0
    assert "kierros resume" in ran.err


def test_before_it_goes_on_one_sees_what_is_due_then(desk: Desk, world: World):
    cycle = suspended(desk, world)
    ran = desk("resume", types=["n"])
    assert ran.code != 0
    assert "Nothing was changed." in ran.err
    assert "Reminder of the decision approve-invitations-1" in ran.err
    assert world.store.cycle(cycle).phase == "suspended"


def test_it_goes_on(desk: Desk, world: World):
    cycle = suspended(desk, world)
    assert desk("resume", "--yes", "--reason", "Dry again").code == 0
    assert world.store.cycle(cycle).phase == "running"
    assert world.store.load(cycle).standstill is None


def test_dates_that_have_passed_are_shown_with_the_commands_that_move_them(desk: Desk, world: World):
    """The cycle was suspended long ago, and its registration would have closed yesterday."""
    cycle = world.start(days_ago=20)
    staff = world.plan(cycle).roles["coordinator"][0]
    soon = clock() + timedelta(seconds=1)
    closes = When(local=f"{soon:%Y-%m-%dT%H:%M:%S}", zone="UTC", at=soon)
    move = {"at": clock(), "actor": staff, "step": "registration", "field": "closes", "when": closes, "reason": "n_x"}
    world.decide(cycle, Move.model_validate(move))
    world.decide(cycle, Suspend(at=clock(), actor=staff, reason="n_x"))
    while clock() <= soon:
        pass
    ran = desk("resume", "--yes")
    assert ran.code != 0
    assert "kierros move registration closes WHEN" in " ".join(ran.err.split())
    assert "passed: closes of" in ran.err


def test_the_time_to_decide_is_longer_by_the_standstill(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    staff = world.plan(cycle).roles["coordinator"][0]
    before = {row.prompt.id: row.prompt.due_at for row in world.store.prompts(cycle)}
    at = clock()
    world.decide(cycle, Suspend(at=at, actor=staff, reason="n_x"))
    world.decide(cycle, Resume(at=at + timedelta(days=9), actor=staff))
    rows = world.store.prompts(cycle)
    assert {row.prompt.id: row.prompt.due_at - timedelta(days=9) for row in rows} == before
    assert all(row.prompt == world.store.load(cycle).prompts[row.prompt.id] for row in rows)


def test_an_answer_taken_meanwhile_is_kept_and_waits(desk: Desk, world: World):
    cycle = suspended(desk, world)
    ran = desk("register", "nobody@library.example", "--name", "No Body", "--cycle", cycle)
    assert "the suspended cycle goes on" in ran.err
    assert world.store.undecided() == []


def test_no_decision_is_overdue_while_it_stands_still(desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch):
    cycle = suspended(desk, world)
    later = clock() + timedelta(days=90)
    monkeypatch.setattr("telling.times.now", lambda: later)
    ran = desk("waiting")
    assert world.prompts(cycle)
    assert "overdue" not in ran.out
    assert "waits until the cycle goes on" in ran.out
    assert f"Next: kierros resume {cycle}" in ran.sentence
    assert all(line["paused"] for line in desk("waiting", "--json").data)
    assert "overdue since" not in desk("show").out


def test_what_became_of_the_answers_kept_meanwhile_is_told_when_it_goes_on(desk: Desk, world: World):
    cycle = suspended(desk, world)
    for _ in range(2):
        desk("register", "nobody@library.example", "--name", "No Body", "--cycle", cycle)
    ran = desk("resume", cycle, "--yes")
    assert ran.code == 0, ran.err
    assert "2 answers kept meanwhile decided; 1 of them refused." in ran.sentence
    assert "refused: No Body is registered already" in ran.sentence


def test_in_a_practice_run_it_stands_still_since_a_day_of_the_plan() -> None:
    practice = begun(*year().steps, practice=True)
    still = after(practice, Suspend(at=day(1), actor=OLGA, reason="n_why"))
    line = still_line(still, Names(practice.plan))
    assert line is not None
    assert line.when == "10 Jan 2012 09:00", "the clocks of that moment go to the second in practice"
