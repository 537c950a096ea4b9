"""More time for one person: `extend` at the terminal."""

from __future__ import annotations

from datetime import timedelta

import pytest

from telling.times import written
from tests.cli.conftest import Desk
from tests.cli.world import World

ANNA, BO = "anna@home-library.example", "bo@home-library.example"
WHY = ("--reason", "Her director is away", "--yes")


@pytest.fixture
def cycle(desk: Desk, world: World) -> str:
    """A cycle whose invitations are out and whose registration is open."""
    started = world.start(days_ago=20)
    assert desk("approve", "--step", "invitations", "--yes").code == 0
    return started


def closing(world: World, cycle: str, days: int) -> str:
    """The day so many days after the closing, as somebody types it."""
    closes = world.ledgers[cycle].cycle.desk_step("").closes.at
    return f"{closes + timedelta(days=days):%Y-%m-%d}"


def test_she_has_until_the_end_of_that_day_and_the_history_says_who_gave_it_and_why(
    desk: Desk, world: World, cycle: str
):
    day = closing(world, cycle, 3)
    ran = desk("extend", ANNA, "--until", day, *WHY)
    assert ran.code == 0
    assert "1 letter (deadline extended): Anna Example" in ran.sentence
    assert "Anna Example has until" in ran.sentence
    desk_book = world.ledgers[cycle].cycle.desk("registration")
    (given,) = [one for _, one in desk_book.extended.items()]
    assert f"{given.until:%H:%M}" in {"20:59", "21:59", "22:59", "23:59"}
    (letter,) = [row for row in world.store.letters(cycle) if row.kind == "deadline_extended"]
    assert letter.facts == {"until": given.until.isoformat(), "asked": "invitations"}
    told = " ".join(desk("history").out.split())
    assert "Kristina Virtanen, coordinator, gave Anna Example until" in told
    assert "to answer. Reason: “Her director is away”" in told


def test_a_second_time_is_refused_by_name_and_nothing_is_written(desk: Desk, world: World, cycle: str):
    assert desk("extend", ANNA, "--until", closing(world, cycle, 3), *WHY).code == 0
    again = desk("extend", ANNA, "--until", closing(world, cycle, 5), *WHY)
    assert again.code == 1
    assert "Anna Example was given more time before, until" in again.sentence
    assert len([row for row in world.store.letters(cycle) if row.kind == "deadline_extended"]) == 1


def test_what_makes_no_sense_is_refused_before_anybody_is_asked(desk: Desk, world: World, cycle: str):
    plan = world.plan(cycle)
    first = min((step.begins for step in plan.steps if step.kind == "seminar"), key=lambda when: when.at)
    late = desk("extend", ANNA, "--until", f"{first.at + timedelta(days=1):%Y-%m-%d}", *WHY)
    assert (late.code, written(first) in late.sentence) == (1, True)
    past = desk("extend", ANNA, "--until", "2012-01-01", *WHY)
    assert (past.code, "gives Anna Example no more time" in past.sentence) == (1, True)
    desk("register", BO)
    answered = desk("extend", BO, "--until", closing(world, cycle, 3), *WHY)
    assert (answered.code, "Bo Example has answered already and has a place, so" in answered.sentence) == (1, True)
    assert desk("extend", ANNA).code == 2
    assert desk("extend", ANNA, "--until", "soon", *WHY).code != 0
    assert desk("extend", ANNA, "--until", closing(world, cycle, 3), "--reason", "x", types=["n"]).code == 1
    assert not world.ledgers[cycle].cycle.desk("registration").extended


def test_a_place_on_offer_to_her_is_kept_longer(desk: Desk, world: World, cycle: str):
    desk("capacity", "registration", "1", "--reason", "small", "--yes")
    desk("register", ANNA)
    desk("register", BO)
    desk("withdraw", ANNA)
    ((_, was),) = world.ledgers[cycle].cycle.desk("registration").offers
    until = was + timedelta(days=2)
    assert desk("extend", BO, "--until", f"{until:%Y-%m-%d}", *WHY).code == 0
    ((_, now),) = world.ledgers[cycle].cycle.desk("registration").offers
    assert now > was
    assert desk("accept", BO).code == 0
