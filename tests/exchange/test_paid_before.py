"""A bill that comes before its promise is taken off it, and off what is set aside for it. Invariant 19."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from exchange.approval import StepApproved
from exchange.booking import HostAsked, VisitDeclined
from exchange.keyed import Keyed
from exchange.money import Purse
from exchange.plan import Budget
from exchange.prompt import PromptClosed
from exchange.seminar import SeminarAnnounced
from exchange.spending import MoneySpent, Spend
from exchange.state import Cycle
from exchange.sums import MoreBackThanSpent
from tests.builders import (
    OLGA,
    after,
    answer,
    approval,
    approve,
    begun,
    day,
    on,
    passed,
    seminar,
    slot,
    visits,
    waiting_for,
)
from tests.given import Outcome, fact, given, refuses

EARLY = day(1)
"""Before the hosts are asked, on day 2, and the seminar is announced."""


def coming(cap: int = 300_00) -> Cycle:
    """A stay for which 200 will be promised on day 2, to oslo 150; and a seminar of 80, announced on day 5."""
    stay = visits(slot("first", 40, "helsinki", "oslo", cents=[200_00, 150_00]), fallback="automatic")
    agreed = {"cents": 80_00, "approval": approval()}
    last = seminar(id="final", form="final", announce=on(5), begins=on(60), ends=on(60.3), **agreed)
    return begun(stay, last, budget=Budget(cap=cap))


def spend(cents: int, slot: str = "first", at: datetime = EARLY, **more: Any) -> Spend:
    said = {"actor": OLGA, "step": "visits" if slot else "final", "slot": slot, "currency": "EUR", "on": at.date()}
    return Spend.model_validate({"at": at, "original": cents, **said, **more})


def purse(cycle: Cycle) -> tuple[int, int, int]:
    return cycle.purse.committed, cycle.purse.settled, cycle.purse.free


def test_what_was_paid_before_is_taken_off_the_promise() -> None:
    early = Purse(cap=500, unpromised=Keyed([("a", 50)]), settled=50)
    assert (early.needs("a", 200), early.free) == (150, 450)
    promised = early.commit("a", 200)
    assert (promised.committed, promised.settled, promised.free) == (150, 50, 300)
    assert (promised.spent_on("a", "a"), promised.unpromised.get("a")) == (50, None)
    assert early.commit("a", 30).committed == 0, "paid more than is promised"
    assert promised.release("a").settled == 50


def test_a_deposit_for_a_stay_is_taken_off_the_promise_to_whoever_is_asked_first() -> None:
    paid = given(coming()).when(spend(50_00)).then(fact(MoneySpent, key="", toward="visits/first/", last=False))
    assert purse(passed(paid.cycle, 2)) == (150_00, 50_00, 100_00)


def test_what_was_paid_to_a_candidate_counts_once_it_is_asked() -> None:
    early = after(coming(cap=500_00), spend(50_00, host="oslo"))
    assert purse(passed(early, 2)) == (200_00, 50_00, 250_00), "helsinki is asked first"
    given(passed(early, 2)).when(answer("helsinki", "decline")).then(
        fact(VisitDeclined), fact(HostAsked, host="oslo", cents=150_00)
    ).leaves(purse, (100_00, 50_00, 350_00))


def test_a_bill_for_a_seminar_is_taken_off_its_promise() -> None:
    early = passed(after(coming(), spend(30_00, slot="")), 5)
    assert purse(early) == (200_00, 30_00, 70_00)
    prompt = waiting_for(early, "final")
    assert prompt.cents == 50_00, "what approving it promises beyond what is paid"
    given(early).when(approve(prompt, day(6))).leaves(purse, (250_00, 30_00, 20_00))


def test_nothing_is_set_aside_for_what_is_paid_already() -> None:
    assert coming(cap=280_00).free_for("visits") == 200_00
    assert after(coming(cap=280_00), spend(80_00, slot="")).free_for("visits") == 200_00
    asked = passed(after(coming(cap=280_00), spend(80_00, slot="")), 2)
    assert purse(asked) == (200_00, 80_00, 0)


def test_a_bill_that_comes_while_an_approval_waits_leaves_it_possible() -> None:
    waits = passed(coming(cap=280_00), 5)
    paid = after(waits, spend(80_00, slot="", at=day(5)))
    given(paid).when(approve(waiting_for(paid, "final"), day(6))).then(
        fact(PromptClosed), fact(StepApproved), fact(SeminarAnnounced)
    ).leaves(purse, (200_00, 80_00, 0))


def test_what_was_paid_before_comes_back_from_the_stay_before_and_after_the_promise() -> None:
    paid = after(coming(), spend(50_00))
    given(paid).when(spend(-20_00)).leaves(purse, (0, 30_00, 270_00))
    given(passed(paid, 2)).when(spend(-20_00, at=day(3))).leaves(purse, (170_00, 30_00, 100_00))


@refuses(MoreBackThanSpent(50_00))
def test_no_more_comes_back_than_was_paid_before() -> Outcome:
    return given(coming()).when(spend(50_00), spend(-60_00))
