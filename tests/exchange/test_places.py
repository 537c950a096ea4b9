"""The registration desk: who gets a place, and who waits."""

from __future__ import annotations

from datetime import timedelta

from exchange.desk import Position, explained
from exchange.moving import DateMoved, Move
from exchange.places import AlreadyRegistered
from exchange.prompt import Choose, PromptClosed, PromptOpened
from exchange.registration import (
    CapacityChanged,
    CloseDesk,
    DelegateRegistered,
    DelegatesSelected,
    DelegateWaitlisted,
    DelegateWithdrawn,
    DeskClosed,
    DeskOpened,
    ExpireOffer,
    OfferAccepted,
    OfferDeclined,
    OfferExpired,
    OpenDesk,
    PlaceOffered,
    SetCapacity,
)
from exchange.state import Cycle
from tests.builders import (
    KRISTINA,
    accept,
    after,
    begun,
    day,
    decline,
    desk,
    invitations,
    on,
    passed,
    plan,
    register,
    registration,
    seminar,
    slot,
    time,
    visits,
    withdraw,
)
from tests.given import fact, given


def in_line(cycle: Cycle) -> list[str]:
    return cycle.desk("registration").in_line()


def group(cycle: Cycle) -> list[str]:
    return cycle.group()


def set_capacity(capacity: int, actor: str = KRISTINA, **more: object) -> SetCapacity:
    said = {"at": day(3), "actor": actor, "step": "registration", "capacity": capacity, "reason": "n_bus"}
    return SetCapacity.model_validate({**said, **more})


def select(*picks: str, **more: object) -> Choose:
    said = {"at": day(21), "actor": KRISTINA, "prompt": "select-registration", "option": "select", "picks": picks}
    return Choose.model_validate({**said, **more})


def test_last_place_goes_to_the_first_who_asked() -> None:
    given(desk(capacity=1)).when(register("vilnius"), register("riga")).then(
        fact(DelegateRegistered, person="vilnius"), fact(DelegateWaitlisted, person="riga", position=1)
    )


def test_the_waiting_list_is_first_come_first_served() -> None:
    given(desk("a", "b", capacity=1)).when(register("c")).leaves(in_line, ["b", "c"])


def test_the_plans_priority_goes_before_the_hour_of_asking() -> None:
    cycle = desk("a", capacity=1, priority=("host",))
    waiting = (register("b", home="gusev"), register("c", home="oslo"), register("d", home="malmo"))
    given(cycle).when(*waiting).then(
        fact(DelegateWaitlisted, person="b", position=1),
        fact(DelegateWaitlisted, person="c", position=1),
        fact(DelegateWaitlisted, person="d", position=2),
    ).leaves(in_line, ["c", "d", "b"])


def test_no_more_from_one_library_than_the_plan_lets_in() -> None:
    cycle = desk(capacity=3, per_library=1)
    given(cycle).when(register("a", home="gusev"), register("b", home="gusev"), register("c", home="oslo")).then(
        fact(DelegateRegistered, person="a"), fact(DelegateWaitlisted, person="b"), fact(DelegateRegistered, person="c")
    )


def test_people_of_no_known_library_are_not_counted_as_one_library() -> None:
    given(desk(capacity=2, per_library=1)).when(register("a"), register("b")).leaves(group, ["a", "b"])


def test_the_people_list_says_where_somebody_comes_from_who_does_not_say_it_herself() -> None:
    cycle = passed(begun(registration(per_library=1), seminar(), homes={"a": "gusev", "b": "gusev"}), 2)
    given(cycle).when(register("a"), register("b")).then(
        fact(DelegateRegistered, person="a", home="gusev"), fact(DelegateWaitlisted, person="b", home="gusev")
    )


def test_whoever_is_held_back_by_the_limit_does_not_hold_back_the_next() -> None:
    cycle = after(desk(capacity=2, per_library=1), register("a", home="gusev"), register("b", home="gusev"))
    cycle = after(cycle, register("c", home="oslo"), register("d", home="malmo"))
    given(cycle).when(withdraw("c")).then(fact(DelegateWithdrawn), fact(PlaceOffered, person="d"))


def test_when_the_limit_gives_way_the_head_of_the_line_is_served_first() -> None:
    cycle = after(desk(capacity=2, per_library=1), register("a", home="gusev"), register("b", home="gusev"))
    cycle = after(cycle, register("c", home="oslo"), register("d", home="malmo"))
    given(cycle).when(withdraw("a")).then(fact(DelegateWithdrawn), fact(PlaceOffered, person="b"))


def test_a_withdrawal_offers_its_place_to_the_next_for_as_long_as_the_plan_says() -> None:
    given(desk("a", "b", "c", capacity=1)).when(withdraw("a", at=day(5))).then(
        fact(DelegateWithdrawn, person="a"), fact(PlaceOffered, person="b", until=day(8))
    )


def test_the_time_of_an_offer_begins_when_it_is_made_though_the_withdrawal_lay_in_the_inbox() -> None:
    late = withdraw("a", at=day(5)).model_copy(update={"decided_at": day(12)})
    given(desk("a", "b", capacity=1)).when(late).then(
        fact(DelegateWithdrawn, at=day(5)), fact(PlaceOffered, at=day(12), until=day(15))
    )


def test_whoever_waits_and_withdraws_frees_no_place() -> None:
    given(desk("a", "b", "c", capacity=1)).when(withdraw("b")).then(fact(DelegateWithdrawn)).leaves(in_line, ["c"])


def test_an_offered_place_is_not_given_to_a_newcomer() -> None:
    given(desk("a", "b", capacity=1)).when(withdraw("a"), register("c", at=day(3))).then(
        fact(DelegateWithdrawn), fact(PlaceOffered, person="b"), fact(DelegateWaitlisted, person="c")
    )


def test_an_offer_that_is_accepted_is_a_place() -> None:
    given(after(desk("a", "b", capacity=1), withdraw("a"))).when(accept("b")).then(
        fact(OfferAccepted, person="b")
    ).leaves(group, ["b"])


def test_an_offer_that_is_declined_goes_on() -> None:
    given(after(desk("a", "b", "c", capacity=1), withdraw("a"))).when(decline("b")).then(
        fact(OfferDeclined, person="b"), fact(PlaceOffered, person="c")
    )


def test_an_offer_expires_once_and_goes_on() -> None:
    cycle = after(desk("a", "b", "c", capacity=1), withdraw("a"))
    expire = time(ExpireOffer, day(6), step="registration", person="b")
    given(cycle).when(expire, expire).then(fact(OfferExpired, person="b"), fact(PlaceOffered, person="c"))


def test_an_offer_does_not_expire_before_its_hour() -> None:
    cycle = after(desk("a", "b", "c", capacity=1), withdraw("a"))
    given(cycle).when(time(ExpireOffer, day(6) - timedelta(seconds=1), step="registration", person="b")).nothing()


def test_an_acceptance_at_the_very_end_of_the_offer_counts() -> None:
    given(after(desk("a", "b", capacity=1), withdraw("a"))).when(accept("b", at=day(6))).then(fact(OfferAccepted))


def test_whoever_let_an_offer_go_may_ask_again_and_stands_last() -> None:
    cycle = after(desk("a", "b", "c", capacity=1), withdraw("a"), decline("b"), register("b", at=day(4)))
    assert in_line(cycle) == ["b"]
    assert cycle.desk("registration").people.keys() == ["a", "c", "b"]


def test_nothing_is_offered_once_the_last_gathering_has_begun() -> None:
    cycle = passed(desk("a", "b", capacity=1), 21)
    given(cycle).when(withdraw("a", at=day(30))).then(fact(DelegateWithdrawn))


def test_an_offer_ends_at_the_latest_when_the_last_gathering_begins() -> None:
    given(desk("a", "b", capacity=1)).when(withdraw("a", at=day(29))).then(
        fact(DelegateWithdrawn), fact(PlaceOffered, until=day(30))
    )


def test_the_plan_may_say_until_when_places_are_offered() -> None:
    given(desk("a", "b", capacity=1, offers_until=on(10))).when(withdraw("a", at=day(10))).then(fact(DelegateWithdrawn))


def test_stays_count_as_gatherings_for_the_end_of_offers() -> None:
    cycle = after(
        passed(begun(registration(capacity=1), visits(slot("first", 50, "oslo"))), 2), register("a"), register("b")
    )
    given(cycle).when(withdraw("a", at=day(49))).then(fact(DelegateWithdrawn), fact(PlaceOffered, until=day(50)))


def test_nobody_who_asks_now_passes_over_those_who_wait_when_offers_have_ended() -> None:
    cycle = after(desk("a", "b", capacity=1, offers_until=on(10)), withdraw("a", at=day(11)))
    given(cycle).when(register("c", at=day(12))).then(fact(DelegateWaitlisted, person="c", position=2))


def test_nobody_passes_over_those_who_wait_because_the_engine_was_away_when_offers_ended() -> None:
    late = {"decided_at": day(12)}
    gone = withdraw("a", at=day(8)).model_copy(update=late)
    cycle = after(desk("a", "b", capacity=1, offers_until=on(10)), gone)
    given(cycle).when(register("c", at=day(9)).model_copy(update=late)).then(fact(DelegateWaitlisted, person="c"))


def test_more_places_are_offered_to_those_who_wait() -> None:
    given(desk("a", "b", "c", "d", capacity=1)).when(set_capacity(3)).then(
        fact(CapacityChanged, capacity=3, role="coordinator", reason="n_bus"),
        fact(PlaceOffered, person="b"),
        fact(PlaceOffered, person="c"),
    )


def test_fewer_places_put_nobody_out_and_free_none() -> None:
    given(desk("a", "b", capacity=3)).when(set_capacity(2), register("c", at=day(3))).then(
        fact(CapacityChanged), fact(DelegateWaitlisted, person="c")
    )


def test_a_place_is_freed_only_below_the_lowered_capacity() -> None:
    cycle = after(desk("a", "b", "c", capacity=2), set_capacity(2))
    given(cycle).when(withdraw("a")).then(fact(DelegateWithdrawn), fact(PlaceOffered, person="c"))


def test_the_line_explains_each_position() -> None:
    step = registration(capacity=1, per_library=1, priority=("host",))
    cycle = passed(begun(step, seminar()), 2)
    cycle = after(cycle, register("a", home="gusev"), register("b", home="gusev"), register("c", home="oslo"))
    cycle = after(cycle, register("d", home="gusev"))
    shown = [explained(cycle.plan, cycle.desk("registration"), step, person) for person in "abcd"]
    assert shown == [
        None,
        Position(number=2, before_by_priority=1, before_by_time=0, library_full=True),
        Position(number=1, before_by_priority=0, before_by_time=0, library_full=False),
        Position(number=3, before_by_priority=1, before_by_time=1, library_full=True),
    ]


def test_the_desk_opens_by_its_date_whether_or_not_the_invitations_are_out() -> None:
    given(begun(invitations(), registration())).when(time(OpenDesk, day(1), step="registration")).then(fact(DeskOpened))


def test_an_answer_received_after_the_opening_counts_though_the_opening_is_decided_later() -> None:
    given(begun(registration(), seminar())).when(
        register("a", at=day(1.5)), time(OpenDesk, day(2), step="registration")
    ).then(fact(DeskOpened), fact(DelegateRegistered, person="a"))


def test_a_registration_at_the_very_deadline_counts() -> None:
    given(desk()).when(register("a", at=day(20))).then(fact(DelegateRegistered))


def test_the_desk_closes_on_its_date_and_says_how_it_stood() -> None:
    given(desk("a", "b", capacity=1)).when(time(CloseDesk, day(20), step="registration")).then(
        fact(DeskClosed, confirmed=1, waiting=1)
    )


def test_the_desk_does_not_close_before_the_invitations_are_out() -> None:
    cycle = passed(begun(invitations(prepare=on(19)), registration()), 2)
    given(cycle).when(time(CloseDesk, day(20), step="registration")).nothing()


def test_where_staff_select_everybody_applies_first() -> None:
    given(desk(capacity=1, places="selected")).when(register("a"), register("b")).then(
        fact(DelegateRegistered, person="a", applied=True), fact(DelegateRegistered, person="b", applied=True)
    ).leaves(group, [])


def test_where_staff_select_the_close_asks_them() -> None:
    cycle = desk("a", "b", capacity=1, places="selected", select_role="director")
    outcome = given(cycle).when(time(CloseDesk, day(20), step="registration"))
    outcome.then(fact(DeskClosed), fact(PromptOpened))
    prompt = outcome.cycle.prompts["select-registration"]
    assert (prompt.role, prompt.options, prompt.due_at) == ("director", ("select",), day(27))


def test_whom_staff_select_has_a_place_and_the_others_wait_in_the_order_they_asked() -> None:
    cycle = passed(desk("a", "b", "c", "d", capacity=2, places="selected"), 21)
    given(cycle).when(select("b", "d", "b")).then(
        fact(PromptClosed, option="select"), fact(DelegatesSelected, people=("b", "d"), role="coordinator")
    ).leaves(group, ["b", "d"]).leaves(in_line, ["a", "c"])


def test_places_that_the_selection_leaves_free_are_offered_in_the_order_of_asking() -> None:
    cycle = passed(desk("a", "b", "c", capacity=2, places="selected"), 21)
    given(cycle).when(select("c")).then(
        fact(PromptClosed), fact(DelegatesSelected, people=("c",)), fact(PlaceOffered, person="a")
    )


def test_nobody_who_withdrew_before_the_selection_waits_after_it() -> None:
    cycle = after(passed(desk("a", "b", "c", capacity=1, places="selected"), 21), withdraw("c", at=day(21)))
    given(cycle).when(select("a")).leaves(in_line, ["b"])


def test_one_person_has_one_place_over_all_desks_of_a_cycle() -> None:
    two = plan(registration(id="one"), registration(id="two"), seminar())
    cycle = after(passed(begun(*two.steps), 2), register("a", step="one"), register("b", step="two"))
    refused = given(cycle).when(register("a", step="two")).refusal
    assert refused == AlreadyRegistered("a", "confirmed")
    given(cycle).when(withdraw("a"), register("a", step="two", at=day(3)), withdraw("a", at=day(4))).then(
        fact(DelegateWithdrawn, step="one"),
        fact(DelegateRegistered, step="two"),
        fact(DelegateWithdrawn, step="two"),
    )


def test_when_a_later_gathering_prolongs_the_offers_the_free_places_are_offered() -> None:
    cycle = after(desk("a", "b", capacity=1, closes=on(40)), withdraw("a", at=day(31)))
    move = Move(at=day(32), actor=KRISTINA, step="intro", when=on(50), ends=on(50.3), reason="n_snow")
    given(cycle).when(move).then(fact(DateMoved), fact(PlaceOffered, person="b"))
