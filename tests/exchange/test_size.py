"""Ten thousand delegates cost no more per answer than a thousand: counted in calls, not in seconds."""

from __future__ import annotations

import sys
from collections.abc import Callable
from typing import Any

import pytest

from exchange.cycle import decide, due, evolve, fold
from exchange.feedback import FeedbackGiven
from exchange.invitation import InvitationDeclined
from exchange.registration import (
    DelegateRegistered,
    DelegateWaitlisted,
    DelegateWithdrawn,
    OfferAccepted,
    OfferDeclined,
    PlaceOffered,
)
from exchange.seminar import AttendanceRecorded, RecordAttendance
from exchange.state import Cycle
from tests.builders import (
    OLGA,
    after,
    answer,
    begun,
    day,
    feedback,
    invitations,
    passed,
    register,
    registration,
    report,
    seminar,
    slot,
    visits,
    withdraw,
)

SMALL, LARGE = 1_000, 10_000


def calls(action: Callable[[], Any]) -> int:
    """How many functions the action calls, Python's and C's: a measure that no other process disturbs."""
    count = 0

    def counted(_frame: Any, event: str, _arg: Any) -> None:
        nonlocal count
        count += event in {"call", "c_call"}

    sys.setprofile(counted)
    try:
        action()
    finally:
        sys.setprofile(None)
    return count


def crowd(size: int, capacity: int = 500) -> Cycle:
    """So many people, all invited, have asked for a place; whoever came after the first ``capacity`` waits."""
    people = [f"p_{number}" for number in range(size)]
    steps = (
        invitations(*people), registration(capacity=capacity, per_library=size), seminar(),
        visits(slot("first", 40, "helsinki", "oslo")), feedback(), report(),
    )  # fmt: skip
    cycle = passed(begun(*steps), 2)
    said: dict[str, Any] = {"at": day(2), "step": "registration", "home": "gusev"}
    placed = [DelegateRegistered(**said, actor=p, person=p) for p in people[:capacity]]
    waiting = [DelegateWaitlisted(**said, actor=p, person=p, position=n) for n, p in enumerate(people[capacity:], 1)]
    return fold(cycle, [*placed, *waiting])


@pytest.fixture(scope="module")
def crowds() -> dict[int, Cycle]:
    return {size: crowd(size) for size in (SMALL, LARGE)}


ABOUT: dict[str, Any] = {"at": day(3), "actor": "p_1", "step": "registration"}


@pytest.mark.parametrize(
    "event",
    [
        DelegateRegistered(**ABOUT, person="p_new", home="gusev"),
        DelegateWaitlisted(**ABOUT, person="p_new", home="gusev", position=9),
        DelegateWithdrawn(**ABOUT, person="p_17"),
        PlaceOffered(**ABOUT, person="p_999", until=day(5)),
        InvitationDeclined(**{**ABOUT, "step": "invitations"}, person="p_17"),
        AttendanceRecorded(**{**ABOUT, "step": "intro"}, person="p_17"),
        FeedbackGiven(**{**ABOUT, "step": "feedback"}, person="p_17"),
    ],
    ids=lambda event: type(event).__name__,
)
def test_an_event_costs_the_same_at_ten_thousand_delegates(crowds: dict[int, Cycle], event: Any) -> None:
    small, large = (calls(lambda cycle=cycle: evolve(cycle, event)) for cycle in crowds.values())  # type: ignore[misc]
    assert large <= small + 10


@pytest.mark.parametrize("event", [OfferAccepted, OfferDeclined])
def test_an_answer_to_an_offer_costs_the_same_at_ten_thousand_delegates(crowds: dict[int, Cycle], event: Any) -> None:
    offered = PlaceOffered(**ABOUT, person="p_999", until=day(5))
    answered = event(**ABOUT, person="p_999")
    small, large = (
        calls(lambda cycle=cycle: evolve(evolve(cycle, offered), answered))  # type: ignore[misc]
        for cycle in crowds.values()
    )
    assert large <= small + 10


@pytest.mark.parametrize(
    "command",
    [
        register("p_new", home="gusev", at=day(3)),
        withdraw("p_999"),
        answer("helsinki", "confirm"),
        RecordAttendance(at=day(30), actor=OLGA, step="intro", person="p_17"),
    ],
    ids=lambda command: type(command).__name__,
)
def test_a_wish_costs_the_same_at_ten_thousand_delegates(crowds: dict[int, Cycle], command: Any) -> None:
    small, large = (calls(lambda cycle=cycle: decide(cycle, command)) for cycle in crowds.values())  # type: ignore[misc]
    assert large <= small + 10


def test_what_is_due_costs_the_same_at_ten_thousand_delegates(crowds: dict[int, Cycle]) -> None:
    small, large = (calls(lambda cycle=cycle: due(cycle)) for cycle in crowds.values())  # type: ignore[misc]
    assert large <= small + 10


def test_a_freed_place_finds_the_next_in_any_line(crowds: dict[int, Cycle]) -> None:
    freed = withdraw("p_17")
    small, large = (calls(lambda cycle=cycle: decide(cycle, freed)) for cycle in crowds.values())  # type: ignore[misc]
    assert large <= small + 10
    assert after(crowds[LARGE], freed).desk("registration").offers[0][0] == "p_500"
