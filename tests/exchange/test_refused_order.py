"""Refusals of dates that would break the order of a step or of the plan; gathered by :mod:`test_refusals`."""

from __future__ import annotations

from typing import Any

from exchange.moving import Move, OutOfOrder
from exchange.order import OutOfPlan
from exchange.prompt import Choose
from exchange.state import Cycle
from tests.builders import (
    OLGA,
    after,
    answer,
    approval,
    begun,
    day,
    journey,
    on,
    passed,
    registration,
    seminar,
    slot,
    visits,
    waiting_for,
)
from tests.given import Outcome, given, refuses

FIRST = slot("first", 40, "helsinki", "malmo", "oslo")
THREE = (registration(), seminar(), visits(FIRST))


def move(cycle: Cycle, step: str, when: float, at: float = 5, **more: Any) -> Outcome:
    said = {"at": day(at), "actor": OLGA, "step": step, "when": on(when), "reason": "n_why"}
    return given(cycle).when(Move.model_validate({**said, **more}))


@refuses(OutOfOrder("visits/first", "prepare", "begins"))
def test_hosts_are_asked_before_their_stay_begins() -> Outcome:
    return move(begun(visits(FIRST)), "visits", 40, at=1, field="prepare")


@refuses(OutOfPlan("registration", "closes", on(31), "intro", "begins", on(30), goes_first=True))
def test_no_desk_closes_after_the_seminar_has_begun() -> Outcome:
    return move(begun(*THREE), "registration", 31, field="closes")


@refuses(OutOfPlan("visits", "begins", on(29), "intro", "ends", on(30.3)))
def test_no_stay_begins_before_the_seminar_in_front_of_it_has_ended() -> Outcome:
    return move(begun(*THREE), "visits", 29, slot="first", ends=on(31))


@refuses(OutOfPlan("intro", "ends", on(41), "visits", "begins", on(40), "first", goes_first=True))
def test_no_seminar_is_put_off_beyond_the_visits_that_follow() -> Outcome:
    return move(begun(*THREE), "intro", 39, ends=on(41))


@refuses(OutOfPlan("visits", "ends", on(61), "final", "begins", on(60), goes_first=True))
def test_no_proposal_is_taken_that_breaks_the_plans_order() -> Outcome:
    cycle = after(journey(FIRST), answer("helsinki", "propose", begins=on(58), ends=on(61)))
    return given(cycle).when(Choose(at=day(5), actor=OLGA, prompt=waiting_for(cycle, "first").id, option="accept"))


@refuses(OutOfPlan("final", "begins", on(48), "intro", "ends", on(50.3)))
def test_a_stay_that_was_left_behind_hides_no_seminar_in_front_of_it() -> Outcome:
    final = seminar(id="final", form="final", announce=on(35), begins=on(60), ends=on(60.3))
    # nobody approves the programme, so the seminar is not held, and the stay's own day goes by
    cycle = passed(begun(registration(), seminar(approval=approval()), visits(FIRST), final), 5)
    cycle = passed(after(cycle, answer("helsinki", "confirm", at=day(5))), 45)
    put_off = move(cycle, "intro", 50, at=45, ends=on(50.3))
    assert put_off.refusal is None
    return move(put_off.cycle, "final", 48, at=46, ends=on(48.3))
