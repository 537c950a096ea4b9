"""Amending the plan: what has not begun may change, and only what changed is approved again."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from exchange.amended import Change, fields_of, wishes
from exchange.amending import Amend, PlanAmended, amended
from exchange.approval import PreparationBegan
from exchange.cancelling import CycleFinished
from exchange.cycle import begin, decide, fold
from exchange.essential import essential
from exchange.moving import Move
from exchange.plan import CyclePlan, Step
from exchange.prompt import PromptClosed
from exchange.record import commands, events
from exchange.state import Cycle
from tests.builders import (
    KRISTINA,
    OLGA,
    after,
    approval,
    approved,
    begun,
    day,
    feedback,
    invitations,
    on,
    passed,
    registration,
    report,
    seminar,
    slot,
    visits,
    year,
)
from tests.given import Outcome, fact, given


def put(whole: CyclePlan, **steps: Step) -> CyclePlan:
    """The plan with those steps instead of its own of the same id."""
    named = {step.id: step for step in steps.values()}
    return whole.model_copy(update={"steps": tuple(named.get(step.id, step) for step in whole.steps)})


def amend(cycle: Cycle, wish: CyclePlan, at: float = 5, read: CyclePlan | None = None, **more: Any) -> Amend:
    """The wish that the file ``wish`` makes of the cycle, the plan having been read as ``read`` before."""
    said = {"at": day(at), "actor": OLGA, "reason": "n_why", "order": tuple(step.id for step in wish.steps)}
    return Amend(**{**said, "changes": wishes(read or cycle.plan, cycle.plan, wish), **more})


def amending(cycle: Cycle, wish: CyclePlan, at: float = 5, **more: Any) -> Outcome:
    return given(cycle).when(amend(cycle, wish, at, **more))


def test_what_has_not_begun_changes():
    cycle = approved(passed(begin(year()), 1), "invitations", day(1))
    outcome = amending(cycle, put(cycle.plan, final=_final(begins=on(62), ends=on(62.3)), desk=feedback(opens=on(63))))
    outcome.then(fact(PlanAmended, revision=2, role="coordinator", reason="n_why"))
    assert outcome.cycle.plan.step("final").begins == on(62)
    assert outcome.cycle.plan.revision == 2
    outcome.writes()


def _final(**changes: Any) -> Step:
    said = {"id": "final", "form": "final", "announce": on(50), "begins": on(60), "ends": on(60.3)}
    return seminar(**{**said, "approval": approval(), **changes})


def test_letters_of_a_changed_step_are_made_ready_anew_and_what_did_not_change_stays():
    cycle = passed(begin(year()), 3)
    shorter = year().step("visits").model_copy(update={"slots": year().step("visits").slots[:2]})
    outcome = amending(cycle, put(cycle.plan, visits=shorter)).then(
        fact(PlanAmended),
        fact(PromptClosed, prompt="approve-invitations-1", option="lapsed"),  # it tells of the visits
        fact(PreparationBegan, step="invitations", revision=2),
        fact(PromptClosed, prompt="approve-visits-1", option="lapsed"),
        fact(PreparationBegan, step="visits", revision=2),
    )
    assert [s.id for s in outcome.cycle.plan.step("visits").slots] == ["first", "second"]


def test_what_was_approved_stays_approved():
    cycle = approved(passed(begin(year()), 3), "invitations", day(3))
    shorter = year().step("visits").model_copy(update={"slots": year().step("visits").slots[:2]})
    outcome = amending(cycle, put(cycle.plan, visits=shorter))
    assert [event.step for event in outcome.events if isinstance(event, PreparationBegan)] == ["visits"]
    assert outcome.cycle.approving("invitations").stage == "given"


def test_a_field_that_no_letter_tells_of_asks_nobody_again():
    cycle = passed(begin(year()), 3)
    patient = year().step("visits").model_copy(update={"decide_role": "director"})
    amending(cycle, put(cycle.plan, visits=patient)).then(fact(PlanAmended))


def asked_again(cycle: Cycle, **steps: Step) -> list[str]:
    """The steps whose letters are made ready anew once these stand in the plan."""
    outcome = amending(cycle, put(cycle.plan, **steps))
    assert outcome.refusal is None
    return [event.step for event in outcome.events if isinstance(event, PreparationBegan)]


def test_what_is_asked_afterwards_is_no_matter_of_the_invitations():
    cycle = passed(begin(year()), 3)
    worded = year().step("feedback").model_copy(update={"letter": "n_words", "closes": on(68)})
    assert asked_again(cycle, feedback=worded) == []
    outcome = amending(cycle, put(cycle.plan, feedback=worded))
    assert outcome.cycle.approving("invitations") == cycle.approving("invitations")
    without = cycle.plan.model_copy(update={"steps": tuple(s for s in cycle.plan.steps if s.id != "feedback")})
    assert [type(event).__name__ for event in amending(cycle, without).events] == ["PlanAmended"]


def test_what_only_hosts_read_is_no_matter_of_the_invitations():
    cycle, journey = passed(begin(year()), 3), year().step("visits")
    slots = [one.model_copy(update={"candidates": tuple(
        c.model_copy(update={"reason": "n_better"}) for c in one.candidates)}) for one in journey.slots]  # fmt: skip
    assert asked_again(cycle, visits=journey.model_copy(update={"answer_within": timedelta(days=4)})) == ["visits"]
    assert asked_again(cycle, visits=journey.model_copy(update={"slots": tuple(slots)})) == ["visits"]
    other = [slots[0].model_copy(update={"candidates": slots[0].candidates[:1]}), *slots[1:]]
    assert asked_again(cycle, visits=journey.model_copy(update={"slots": tuple(other)})) == ["invitations", "visits"]


def test_until_when_places_are_given_is_told_by_the_invitations():
    desk = registration(opens=on(5), closes=on(20))
    cycle = passed(begun(invitations(prepare=on(1), approval=approval()), desk), 3)
    slower = desk.model_copy(update={"select_within": timedelta(days=9)})
    assert asked_again(cycle, registration=slower) == ["invitations"]


def test_whoever_amends_has_had_a_hand_in_what_is_still_to_be_approved():
    four = approval(second_person=True)
    cycle = passed(begun(visits(approval=four), _final()), 3)
    wish = put(cycle.plan, visits=visits(slot("first", 41, "oslo"), approval=four))
    outcome = given(cycle).when(amend(cycle, wish, actor=OLGA))
    assert outcome.refusal is None
    assert "s_olga" in outcome.cycle.approving("visits").hands
    assert outcome.cycle.approving("visits").asked_by == OLGA


def test_a_step_is_added_at_its_place_and_has_its_own_approval():
    cycle = approved(passed(begin(year()), 3), "visits", day(3))
    more = visits(slot("oslo-too", 50, "oslo"), id="more-visits", prepare=on(7), approval=approval())
    steps = list(cycle.plan.steps)
    wish = cycle.plan.model_copy(update={"steps": (*steps[:4], more, *steps[4:])})
    outcome = amending(cycle, wish)
    assert outcome.refusal is None
    assert [s.id for s in outcome.cycle.plan.steps][3:6] == ["visits", "more-visits", "final"]
    later = passed(outcome.cycle, 7)
    assert [p.step for p in later.prompts.values() if p.about == "approval"][-1] == "more-visits"


def test_a_step_that_has_not_begun_is_taken_out():
    cycle = passed(begin(year()), 1)
    wish = cycle.plan.model_copy(update={"steps": tuple(s for s in cycle.plan.steps if s.id != "feedback")})
    outcome = amending(cycle, wish)
    assert "feedback" not in [s.id for s in outcome.cycle.plan.steps]


def test_a_rejected_step_is_taken_out_with_its_decision_and_may_come_back():
    from exchange.approval import Reject

    cycle = passed(begin(year()), 3)
    prompt = next(p for p in cycle.prompts.values() if p.step == "visits")
    cycle = after(cycle, Reject(at=day(3), actor=OLGA, prompt=prompt.id, reason="n_no"))
    without = cycle.plan.model_copy(update={"steps": tuple(s for s in cycle.plan.steps if s.id != "visits")})
    out = amending(cycle, without).cycle
    assert not [p for p in out.prompts.values() if p.step == "visits"]
    back = cycle.plan.model_copy(update={"steps": tuple(
        s.model_copy(update={"prepare": on(6)}) if s.id == "visits" else s for s in cycle.plan.steps)})  # fmt: skip
    again = passed(amending(out, back).cycle, 6)
    assert again.approving("visits").revision == 2


def test_a_moved_date_that_stands_unmoved_in_the_file_stays_moved():
    read = year()
    cycle = after(
        passed(begin(read), 1),
        Move(at=day(2), actor=OLGA, step="final", when=on(60.5), ends=on(60.8), reason="n_hall"),
    )
    cycle = after(cycle, Move(at=day(2), actor=OLGA, step="visits", slot="third", when=on(48), ends=on(49), reason="n"))
    wish = put(read, visits=read.step("visits").model_copy(update={"title": {"en": "The journey"}}))
    outcome = amending(cycle, wish, read=read)
    assert outcome.refusal is None
    assert outcome.cycle.plan.step("final").begins == on(60.5)
    journey = outcome.cycle.plan.step("visits")
    assert (journey.title, journey.slots[2].begins) == ({"en": "The journey"}, on(48))


def test_a_stay_is_added_beside_one_that_has_moved():
    read = year()
    moved = Move(at=day(1), actor=OLGA, step="visits", slot="third", when=on(48), ends=on(49), reason="n")
    cycle = after(passed(begin(read), 1), moved)
    journey = read.step("visits")
    wish = put(read, visits=journey.model_copy(update={"slots": (*journey.slots, slot("fourth", 52, "aarhus"))}))
    outcome = amending(cycle, wish, read=read)
    assert [s.begins for s in outcome.cycle.plan.step("visits").slots] == [on(40), on(43), on(48), on(52)]


def test_what_lies_ahead_of_a_begun_step_may_change():
    cycle = approved(passed(begin(year()), 3), "invitations", day(3))
    later = year().step("invitations").model_copy(update={"remind": (on(9), on(12))})
    assert amending(cycle, put(cycle.plan, invitations=later)).cycle.plan.step("invitations").remind[0] == on(9)


def test_taking_out_all_that_is_left_finishes_the_cycle():
    cycle = passed(begun(registration(), report()), 21)
    wish = cycle.plan.model_copy(update={"steps": cycle.plan.steps[:1]})
    amending(cycle, wish, at=22).then(fact(PlanAmended), fact(CycleFinished))


def test_an_amendment_comes_back_from_the_wire_with_the_kind_of_each_step():
    cycle = passed(begin(year()), 1)
    wish = amend(cycle, put(cycle.plan, final=_final(begins=on(62), ends=on(62.3)), more=feedback(opens=on(63))))
    assert commands.unpack(commands.pack(wish)) == wish
    happened = decide(cycle, wish)
    assert [events.unpack(events.pack(event)) for event in happened] == happened


def test_the_plan_without_words_is_amended_as_the_whole_one():
    whole = year()
    wish = put(
        whole, final=_final(begins=on(62), ends=on(62.3), place={"en": "The new hall"}), f=feedback(opens=on(63))
    )
    command = amend(begin(whole), wish, at=0)
    short, long = begin(essential(whole)), begin(whole)
    assert decide(short, command) == decide(long, command)
    after_short, after_long = fold(short, decide(short, command)), fold(long, decide(long, command))
    assert essential(after_short.plan) == essential(after_long.plan)
    assert after_long.plan.step("final").place == {"en": "The new hall"}


def test_the_file_as_last_read_is_the_plan_with_what_was_amended():
    read = year()
    cycle = begin(read)
    (event,) = decide(
        cycle, amend(cycle, put(read, final=_final(begins=on(62), ends=on(62.3)), f=feedback(opens=on(63))), at=0)
    )
    assert isinstance(event, PlanAmended)
    assert wishes(amended(read, event), fold(cycle, [event]).plan, amended(read, event)) == ()


def test_a_date_is_the_same_by_the_clocks_of_its_place():
    one, other = registration(), registration()
    drawn = other.model_copy(update={"closes": other.closes.model_copy(update={"at": day(2)})})
    assert fields_of(one, drawn) == ()


def test_new_hosts_come_with_their_organisations():
    from exchange.plan import Organisation

    cycle = begun(registration(), visits(prepare=on(9)))
    new = Organisation(id="tromso", name={"en": "Tromsø"})
    wish = put(cycle.plan, visits=visits(slot("first", 40, "tromso"), prepare=on(9)))
    outcome = amending(cycle, wish, organisations=(new,))
    assert outcome.cycle.plan.organisation("tromso") == new


def test_a_change_of_the_words_alone_is_one():
    cycle = begin(essential(year()))
    worded = year().step("feedback").model_copy(update={"letter": "n_words"})
    change = Change(step=worded, fields=("letter",))
    command = Amend(at=day(0), actor=KRISTINA, changes=(change,), reason="n_why")
    given(cycle).when(command).then(fact(PlanAmended, order=()))


def test_the_plan_of_a_cycle_that_stands_still_is_amended_and_nothing_else_follows():
    from exchange.suspending import Suspend

    cycle = after(passed(begin(year()), 3), Suspend(at=day(4), actor=OLGA, reason="n_flood"))
    wish = cycle.plan.model_copy(update={"steps": tuple(s for s in cycle.plan.steps if s.id != "final")})
    outcome = amending(cycle, wish)
    assert outcome.refusal is None
    assert outcome.cycle.phase == "suspended"
    outcome.writes(("drop", ()))
