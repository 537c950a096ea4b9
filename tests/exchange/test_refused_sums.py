"""Why a bill, money back or a funder's share is not recorded; each refusal by itself. Invariant 19."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from exchange.money import Purse
from exchange.plan import Funder
from exchange.planned import UnknownSlot
from exchange.prompt import NotYourDecision
from exchange.spending import MoneySpent, ShareChanged
from exchange.state import Cycle
from exchange.sums import (
    MOST,
    MoreBackThanSpent,
    NoSuchFunder,
    NoSuchRate,
    NoSuchSum,
    RateMissing,
    RateNotNeeded,
    ShareUnexplained,
    SpentAlready,
    SpentLater,
    SumTooLarge,
    converted,
)
from tests.builders import after, answer, day, passed
from tests.exchange.bills import asked, purse, share, spend
from tests.given import Outcome, fact, given, refuses


@refuses(RateMissing("SEK", "EUR"))
def test_another_currency_needs_a_rate() -> Outcome:
    return given(asked()).when(spend(100, currency="SEK"))


@refuses(RateNotNeeded("EUR", "0.9"))
def test_the_same_currency_needs_none() -> Outcome:
    return given(asked()).when(spend(100, rate="0.9"))


@pytest.mark.parametrize("words", [{"currency": "kr"}, {"original": 0}, {"original": 1}])
def test_what_is_no_sum_is_refused(words: dict[str, Any]) -> None:
    @refuses(NoSuchSum(words.get("currency", "SEK")))
    def refused() -> Outcome:
        return given(asked()).when(spend(100, **{"currency": "SEK", "rate": "0.1", **words}))

    refused()


@pytest.mark.parametrize("rate", ["0", "nine", "1e9", "-1", "0.00", "1234567890"])
def test_what_is_no_rate_is_named_as_such(rate: str) -> None:
    @refuses(NoSuchRate(rate))
    def refused() -> Outcome:
        return given(asked()).when(spend(100, currency="SEK", rate=rate))

    refused()


@pytest.mark.parametrize("words", [{"original": MOST}, {"original": -MOST}, {"rate": "999999999", "original": 10**6}])
def test_more_than_any_cycle_costs_is_refused_in_either_currency(words: dict[str, Any]) -> None:
    @refuses(SumTooLarge(MOST))
    def refused() -> Outcome:
        return given(asked()).when(spend(100, **{"currency": "SEK", "rate": "2", **words}))

    refused()


@pytest.mark.parametrize("cents", [MOST, MOST - 1])
def test_no_share_and_no_budget_is_larger_than_any_cycle_costs(cents: int) -> None:
    @refuses(SumTooLarge(MOST))
    def refused() -> Outcome:
        return given(asked()).when(share(cents))

    refused()


def test_the_longest_product_is_exact() -> None:
    original, rate = MOST - 1, "999999999.500000000001"
    whole = original * 999999999500000000001
    assert whole % 10**12 == 499_999_999_999, "a hair below the half"
    assert converted(original, rate) == whole // 10**12


@refuses(NoSuchRate("0,0873"))
def test_a_rate_has_a_point() -> Outcome:
    return given(asked()).when(spend(100, currency="SEK", rate="0,0873"))


@refuses(SumTooLarge(MOST))
def test_a_sum_is_not_larger_than_any_cycle_costs() -> Outcome:
    return given(asked()).when(spend(MOST))


@refuses(NoSuchSum("EUR"))
def test_nothing_is_no_sum() -> Outcome:
    return given(asked()).when(spend(0))


@refuses(SpentLater(date(2012, 1, 20)))
def test_what_is_to_be_paid_later_is_not_spent() -> Outcome:
    return given(asked()).when(spend(100, on=date(2012, 1, 20)))


def test_in_practice_the_days_are_those_of_the_plan() -> None:
    drawn = asked()
    practice = drawn.put(plan=drawn.plan.model_copy(update={"practice": True}))
    given(practice).when(spend(100, on=date(2012, 3, 20))).then(fact(MoneySpent, on=date(2012, 3, 20)))


@refuses(MoreBackThanSpent(80_00))
def test_no_more_comes_back_than_was_spent() -> Outcome:
    return given(asked()).when(spend(80_00), spend(-90_00))


def held_and_not_paid() -> Cycle:
    return passed(after(asked(), answer("helsinki", "confirm")), 43)


@refuses(MoreBackThanSpent(0))
def test_what_is_still_to_be_paid_cannot_come_back() -> Outcome:
    return given(held_and_not_paid()).when(spend(-200_00, at=day(43), slot=""))


@refuses(MoreBackThanSpent(70_00))
def test_what_was_spent_on_another_step_does_not_come_back_for_this_one() -> Outcome:
    elsewhere = spend(500_00, slot="", step="final")
    return given(asked(cap=0)).when(elsewhere, spend(70_00, slot=""), spend(-80_00, slot=""))


def test_what_was_spent_without_a_promise_can_come_back() -> None:
    given(asked()).when(spend(70_00, slot=""), spend(-70_00, slot="")).leaves(purse, (200_00, 0, 300_00))


def test_a_state_with_less_than_nothing_in_it_opens_again() -> None:
    broken = Purse(cap=500_00, settled=-150_00, committed=-1)
    spent = after(held_and_not_paid(), spend(70_00, at=day(43), slot=""), spend(50_00, at=day(43))).purse
    for whole in (broken, spent):
        carried = whole.model_dump(mode="json", exclude_unset=True)
        assert Purse.model_validate(carried).model_dump() == whole.model_dump()


@refuses(UnknownSlot("visits", "tenth", ("first",)))
def test_spent_on_no_stay() -> Outcome:
    return given(asked()).when(spend(100, slot="tenth"))


@refuses(NotYourDecision("p_anna", ("coordinator", "director")))
def test_only_staff_record_it() -> Outcome:
    return given(asked()).when(spend(100, actor="p_anna"))


def test_somebody_may_pay_for_the_first_time() -> None:
    outcome = (
        given(asked())
        .when(share(50_00, funder="A friend", new=True))
        .then(fact(ShareChanged, funder="A friend", new=True, cap=550_00))
    )
    assert outcome.cycle.plan.budget.funders[-1] == Funder(name={"en": "A friend"}, cents=50_00)


@refuses(NoSuchFunder("Anna Berg", ("The fund", "Towns")))
def test_nobody_else_pays() -> Outcome:
    return given(asked()).when(share(1, funder="Anna Berg"))


@refuses(ShareUnexplained("The fund"))
def test_a_share_changes_with_a_reason() -> Outcome:
    return given(asked()).when(share(1, reason=""))


def test_who_pays_more_is_welcome_however_much_more_was_spent_than_there_is() -> None:
    outcome = given(after(asked(), spend(900_00))).when(share(400_00))
    outcome.then(fact(ShareChanged, cents=400_00, cap=600_00))
    assert outcome.cycle.purse.short == 300_00
    assert given(outcome.cycle).when(share(350_00)).refusal == SpentAlready(550_00, 900_00)


@refuses(SpentAlready(200_00, 250_00))
def test_a_share_cannot_take_back_what_is_spent() -> Outcome:
    return given(after(asked(), spend(250_00))).when(share(0))
