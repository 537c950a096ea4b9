"""A gathering to which nobody would come is asked about: when its day is near, or nobody can register any more."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from exchange.emptiness import unattended
from exchange.suspending import Suspend
from tests.builders import (
    KRISTINA,
    after,
    begun,
    day,
    desk,
    on,
    passed,
    registration,
    seminar,
    slot,
    visits,
    withdraw,
)

if TYPE_CHECKING:
    from datetime import datetime

    from exchange.state import Cycle


def asked(cycle: Cycle, at: datetime) -> str | None:
    found = unattended(cycle, at)
    return found and found.step


def test_while_people_can_register_it_is_asked_a_fortnight_before() -> None:
    assert asked(desk(), day(15)) is None
    assert asked(desk(), day(16)) == "intro"


def test_once_registration_is_over_it_is_asked_at_once() -> None:
    later = passed(begun(registration(), seminar(announce=on(90), begins=on(100), ends=on(100.3))), 21)
    assert asked(later, day(21)) == "intro"


@pytest.mark.parametrize("places", ["first_come", "selected"])
def test_whoever_has_a_place_or_asks_for_one_is_somebody(places: Any) -> None:
    assert asked(desk("p_anna", places=places), day(29)) is None


def test_it_is_asked_when_all_have_withdrawn() -> None:
    everybody = desk("p_anna", "p_boris")
    assert asked(after(everybody, withdraw("p_anna")), day(29)) is None
    assert asked(after(everybody, withdraw("p_anna"), withdraw("p_boris")), day(29)) == "intro"


def test_the_gathering_that_begins_first_is_asked_about_and_none_that_is_over() -> None:
    both = begun(registration(), visits(slot("first", 26, "helsinki")), seminar())
    assert asked(passed(both, 21), day(21)) == "visits"
    alone = passed(
        begun(registration(), seminar(), seminar(id="final", announce=on(50), begins=on(60), ends=on(61))), 31
    )
    assert asked(alone, day(31)) == "final"
    assert asked(passed(alone, 62), day(62)) is None


def test_nothing_is_asked_of_a_cycle_that_stands_still_or_registers_nobody() -> None:
    still = Suspend(at=day(3), actor=KRISTINA, reason="n_why")
    assert asked(after(desk(), still), day(29)) is None
    assert asked(begun(seminar()), day(29)) is None
