"""Spending: always recorded, in its own currency; what is short is for staff to decide. Invariant 19."""

from __future__ import annotations

from datetime import date

import pytest

from exchange.booking import HostAsked, VisitDeclined
from exchange.money import Purse
from exchange.prompt import Choose, PromptClosed, PromptOpened
from exchange.spending import WAYS, MoneySpent, ShareChanged, shared
from exchange.state import Cycle
from exchange.sums import (
    HostWithoutStay,
    MoreBackThanSpent,
    NoSuchFunder,
    NotItsHost,
    WhichHost,
    converted,
)
from tests.builders import ANTTI, OLGA, after, answer, day, passed
from tests.exchange.bills import AT, asked, purse, share, spend
from tests.given import Outcome, fact, given, refuses


def test_what_is_spent_settles_what_was_promised_and_the_rest_is_free_again() -> None:
    given(asked()).when(spend(180_00)).then(
        fact(MoneySpent, cents=180_00, rate="1", key="visits/first/helsinki", last=True, role="coordinator")
    ).leaves(purse, (0, 180_00, 320_00))


def test_while_more_bills_are_to_come_the_rest_stays_promised() -> None:
    outcome = given(asked()).when(spend(80_00, more=True)).leaves(purse, (120_00, 80_00, 300_00))
    given(outcome.cycle).when(spend(150_00)).leaves(purse, (0, 230_00, 270_00))


def test_a_bill_after_the_visit_takes_the_place_of_what_was_promised() -> None:
    held = passed(after(asked(), answer("helsinki", "confirm")), 43)
    assert purse(held) == (0, 200_00, 300_00)
    first = given(held).when(spend(150_00, at=day(43))).leaves(purse, (0, 150_00, 350_00))
    given(first.cycle).when(spend(25_00, at=day(43))).leaves(purse, (0, 175_00, 325_00))


def test_what_was_spent_on_a_host_that_then_declines_stays_spent() -> None:
    cycle = after(asked(cap=2_000_00), spend(40_00, more=True))
    given(cycle).when(answer("helsinki", "decline")).then(fact(VisitDeclined), fact(HostAsked, host="oslo")).leaves(
        purse, (150_00, 40_00, 1_810_00)
    )


def test_what_was_not_promised_is_spent_all_the_same() -> None:
    given(asked()).when(spend(70_00, slot="")).then(fact(MoneySpent, key="", last=False)).leaves(
        purse, (200_00, 70_00, 230_00)
    )


def test_money_that_came_back_is_there_again() -> None:
    given(asked()).when(spend(180_00), spend(-30_00)).leaves(purse, (0, 150_00, 350_00))


@pytest.mark.parametrize(
    ("original", "rate", "cents"),
    [(8_900_00, "0.0873", 776_97), (1, "0.5", 1), (3, "0.5", 2), (-3, "0.5", -2), (100, "1.005", 101), (1, "0.4", 0)],
)
def test_another_currency_is_rounded_half_up_and_exactly(original: int, rate: str, cents: int) -> None:
    assert converted(original, rate) == cents


def test_another_currency_keeps_its_sum_its_rate_and_its_day() -> None:
    given(asked()).when(spend(1_000_00, currency="SEK", rate="0.0873", what="n_hotel", on=date(2012, 1, 10))).then(
        fact(
            MoneySpent, cents=87_30, original=1_000_00, currency="SEK", rate="0.0873", on=date(2012, 1, 10),
            what="n_hotel",
        )
    )  # fmt: skip


def test_more_than_there_is_is_recorded_and_staff_decide() -> None:
    outcome = given(asked()).when(spend(1_300_00)).then(fact(MoneySpent), fact(PromptOpened))
    (prompt,) = outcome.cycle.prompts.values()
    assert (prompt.id, prompt.about, prompt.cents, prompt.options) == ("money-1", "money", 800_00, WAYS)
    assert [(mail.kind, mail.to) for mail in outcome.mails()] == [
        ("decision_waiting", outcome.cycle.plan.roles["coordinator"])
    ]


def test_what_becomes_even_shorter_is_asked_anew_with_the_new_sum() -> None:
    outcome = (
        given(after(asked(), spend(600_00)))
        .when(spend(50_00))
        .then(fact(MoneySpent), fact(PromptClosed, option="lapsed"), fact(PromptOpened))
    )
    (prompt,) = outcome.cycle.prompts.values()
    assert (prompt.id, prompt.cents) == ("money-2", 150_00)


def test_a_decision_about_money_is_kept_with_its_reason_and_stands() -> None:
    short = after(asked(), spend(600_00))
    choose = Choose(at=AT, actor=OLGA, prompt="money-1", option="accept", reason="n_why")
    outcome = given(short).when(choose).then(fact(PromptClosed, option="accept", reason="n_why", role="coordinator"))
    given(outcome.cycle).when(spend(-1_00)).then(fact(MoneySpent))


def test_a_plan_without_a_cap_is_never_short() -> None:
    given(asked(cap=0)).when(spend(9_000_00)).then(fact(MoneySpent))


def test_a_larger_share_covers_it_and_the_decision_lapses() -> None:
    short = after(asked(), spend(600_00))
    outcome = (
        given(short)
        .when(share(400_00))
        .then(
            fact(ShareChanged, funder="The fund", cents=400_00, cap=600_00, role="director"),
            fact(PromptClosed, option="lapsed"),
        )
    )
    budget = outcome.cycle.plan.budget
    assert (budget.cap, outcome.cycle.purse.cap, [f.cents for f in budget.funders]) == (
        600_00,
        600_00,
        [400_00, 200_00],
    )


def test_money_that_comes_back_makes_the_decision_lapse() -> None:
    given(after(asked(), spend(600_00))).when(spend(-100_00)).then(
        fact(MoneySpent), fact(PromptClosed, option="lapsed")
    )


def test_a_smaller_share_may_make_it_short() -> None:
    given(asked()).when(share(0)).then(fact(ShareChanged, cap=200_00))
    given(after(asked(), spend(180_00, slot=""))).when(share(0)).then(fact(ShareChanged), fact(PromptOpened))


def test_the_same_share_again_is_nothing() -> None:
    given(asked()).when(share(300_00)).nothing()


def test_nothing_is_promised_while_money_is_short() -> None:
    short = after(asked(), spend(600_00, slot=""))
    assert purse(short) == (200_00, 600_00, -300_00)
    assert not short.affords("visits", 1, 200_00)


def test_the_purse_counts_what_is_left() -> None:
    some = Purse(cap=500).commit("a", 200).spend("a", 50, last=False)
    assert (some.committed, some.settled, some.release("a").settled, some.settle("a").settled) == (150, 50, 50, 200)
    assert some.settle("a").spend("a", 90, last=True).settled == 140


def test_a_host_that_comes_back_is_promised_only_what_is_not_paid_yet() -> None:
    some = Purse(cap=500).commit("a", 200)
    paid = some.spend("a", 180, last=True).release("a").commit("a", 200)
    assert (paid.committed, paid.settled, paid.entries["a"].spent) == (0, 180, 180)
    begun = some.spend("a", 50, last=False).release("a").commit("a", 120)
    assert (begun.committed, begun.settled, begun.spend("a", 90, last=True).settled) == (70, 50, 140)


def switched(*, paid: int = 150_00) -> Cycle:
    """Helsinki was promised 200 and paid, then let go for Oslo."""
    cycle = asked(cap=2_000_00)
    return after(cycle, *([spend(paid, more=True)] if paid else []), answer("helsinki", "decline"))


def test_money_back_from_a_host_that_was_let_go_is_booked_on_it() -> None:
    given(switched()).when(spend(-40_00)).then(fact(MoneySpent, key="visits/first/helsinki", last=False)).leaves(
        purse, (150_00, 110_00, 1_740_00)
    )


@pytest.mark.parametrize("host", ["helsinki", "oslo"])
def test_whoever_is_named_is_booked_on(host: str) -> None:
    given(switched(paid=0)).when(spend(30_00, host=host)).then(fact(MoneySpent, key=f"visits/first/{host}"))


@refuses(WhichHost("first", ("oslo", "helsinki")))
def test_which_of_two_hosts_was_paid_is_asked() -> Outcome:
    return given(switched()).when(spend(30_00))


@refuses(WhichHost("first", ("oslo", "helsinki")))
def test_which_of_two_that_were_paid_gave_back_is_asked() -> Outcome:
    return given(switched()).when(spend(30_00, host="oslo"), spend(-10_00))


@refuses(MoreBackThanSpent(0))
def test_a_host_that_was_not_paid_gives_nothing_back() -> Outcome:
    return given(switched()).when(spend(-10_00, host="oslo"))


@refuses(NotItsHost("malmo", "first", ("helsinki", "oslo")))
def test_nothing_is_paid_to_a_stranger() -> Outcome:
    return given(asked()).when(spend(10_00, host="malmo"))


@refuses(HostWithoutStay("helsinki"))
def test_a_host_is_paid_for_a_stay() -> Outcome:
    return given(asked()).when(spend(10_00, slot="", host="helsinki"))


def test_a_funder_of_the_record_alone_is_not_added_twice() -> None:
    plan = asked().plan
    event = ShareChanged(at=AT, actor=ANTTI, funder="RAHASTO", cents=50_00, cap=550_00, new=True)
    assert [f.cents for f in shared(plan, event).budget.funders] == [50_00, 200_00]


def test_a_plan_without_funders_says_so_and_sends_nobody_to_be_added_again() -> None:
    said = str(NoSuchFunder("The fund", ()))
    assert "names no funder" in said
    assert "'The fund'" not in said
