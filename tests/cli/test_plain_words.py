"""What a newcomer typed, and what should have been said: each of these was once answered badly."""

from __future__ import annotations

import pytest

from cli.record import LONGEST_WORDS
from exchange.cancelling import Cancel
from portal.shown.staff_names import Spoken
from portal.shown.staff_today import waiting
from telling.board import prompt_lines
from telling.names import Names
from telling.steplines import step_line
from tests.builders import ANTTI, KRISTINA, OLGA, after, begun, day, journey, passed, slot, waiting_for, year
from tests.cli.conftest import Desk
from tests.cli.world import World


def test_an_answer_of_nobody_is_asked_for_a_name(desk: Desk, world: World):
    world.start()
    ran = desk("answer", "", "yes")
    assert ran.code == 2
    assert "Say who answered" in ran.sentence


def test_a_reason_or_note_that_nobody_would_read_is_refused(desk: Desk, world: World):
    world.start()
    for words in (["note", "y" * (LONGEST_WORDS + 1)], ["suspend", "--yes", "--reason", "y" * (LONGEST_WORDS + 1)]):
        ran = desk(*words)
        assert ran.code == 2, words
        assert "Say it shorter" in ran.sentence, words
    assert desk("note", "y" * LONGEST_WORDS).code == 0


@pytest.mark.parametrize("command", ["letters", "show", "waiting", "history"])
def test_a_cycle_that_is_an_argument_here_may_be_named_as_elsewhere(desk: Desk, world: World, command: str):
    cycle = world.start()
    ran = desk(command, "--cycle", cycle)
    assert (ran.code, ran.out) == (0, desk(command, cycle).out)
    assert desk(command, f"--cycle={cycle}").code == 0
    assert desk(command, "--cycle", "no-such-cycle").code != 0
    assert "No such option: --cycle" in desk("list", "--cycle", cycle).sentence


def test_words_of_the_machinery_stay_inside(desk: Desk, world: World):
    world.start()
    for words in (["answer", "Anna", "maybe"], ["start", "plan.yaml", "--practice", "--finish-within", "abc"]):
        ran = desk(*words)
        assert ran.code == 2, words
        assert "Value error" not in ran.err, words
        assert "Input should" not in ran.err, words


def test_nobody_is_named_for_a_decision_who_may_not_take_it():
    cycle = passed(begun(*year().steps), 1)
    prompt = waiting_for(cycle, "invitations").model_copy(update={"second_person": True})
    prompt = prompt.model_copy(update={"passed": True, "asked_by": OLGA})
    names = Names(cycle.plan)
    everybody = {names.who(one) for one in (KRISTINA, OLGA, ANTTI)}

    assert len(everybody) == 3

    (without_state,) = prompt_lines([prompt], names)
    assert set(without_state.people) == everybody - {names.who(cycle.plan.starter), names.who(OLGA)}


def test_nor_on_the_desk_in_the_browser():
    cycle = passed(begun(*year().steps), 1)
    prompt = waiting_for(cycle, "invitations").model_copy(update={"second_person": True, "passed": True})
    names = Spoken(cycle.plan)

    shown = waiting(cycle, names, prompt, cycle.plan.starter, day(1))
    assert names.who(cycle.plan.starter) not in shown.people
    assert shown.people
    assert not shown.mine


def test_visits_of_a_cancelled_cycle_are_not_done():
    cycle = journey(slot("first", 40, "helsinki"), days=5)
    cycle = after(cycle, Cancel(at=day(6), actor=KRISTINA, reason="r_1"))
    (visits, *_) = cycle.journeys()
    assert step_line(cycle, visits).state == "dropped"
