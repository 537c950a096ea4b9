"""A confirmed visit moves at the terminal: a host's wish, what staff see of it, and who can still come."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from exchange.plan import Slot
from exchange.prompt import Prompt
from tests.cli.conftest import Desk
from tests.cli.world import OLGA, Ran, World

VISIT = "“Visits to host libraries: Helsinki / Turku”"

ANNA, BO = "anna@home-library.example", "bo@home-library.example"


@pytest.fixture
def booked(desk: Desk, world: World) -> str:
    """A cycle in which Anna and Bo have places and the host has confirmed its visit."""
    cycle = world.start(days_ago=20)
    assert desk("approve", "--step", "invitations", "--yes").code == 0
    for who in (ANNA, BO):
        assert desk("register", who).code == 0
    assert desk("approve", "--step", "visits", "--yes", staff=OLGA).code == 0
    assert desk("host", "host-library", "confirm").code == 0
    return cycle


def stay(world: World, cycle: str) -> Slot:
    return world.ledgers[cycle].cycle.slot_of("visits", "first-visit")[1]


def waits(world: World, cycle: str) -> Prompt:
    """The decision about the host's wish."""
    return next(prompt for prompt in world.prompts(cycle).values() if prompt.about == "wish")


def later(world: World, cycle: str, days: int) -> str:
    return (datetime.fromisoformat(stay(world, cycle).begins.local) + timedelta(days=days)).date().isoformat()


def wish(desk: Desk, world: World, cycle: str, days: int = 7) -> Ran:
    begins = later(world, cycle, days)
    return desk("host", "host-library", "propose", "--begins", begins, "--reason", "The hall is being painted")


def said(ran: Ran) -> str:
    return " ".join(f"{ran.out} {ran.err}".split())


def test_a_second_wish_says_what_becomes_of_the_first(desk: Desk, world: World, booked: str):
    wish(desk, world, booked)
    first = waits(world, booked)
    again = wish(desk, world, booked)
    assert again.code == 1
    assert "already, and that waits for a decision: `kierros waiting`" in again.sentence
    assert waits(world, booked) == first
    other = wish(desk, world, booked, days=14)
    assert "This takes the place of its wish for" in other.sentence
    assert waits(world, booked).id != first.id


def test_a_host_that_has_confirmed_wishes_to_move_and_staff_see_whom_it_touches(desk: Desk, world: World, booked: str):
    before = stay(world, booked).begins
    ran = wish(desk, world, booked)
    assert "The host library wishes to move the visit, which stays where it is." in said(ran)
    assert "for you to decide: wish-visits-first-visit-" in said(ran)
    assert stay(world, booked).begins == before
    shown = said(desk("waiting"))
    assert "It affects 2 people with a place (Anna Example, Bo Example)." in shown
    assert "Its reason: “The hall is being painted”" in shown
    (line,) = [line for line in desk("waiting", "--json").data if line["id"].startswith("wish-")]
    assert line["options"][:2] == ["move", "keep_date"]
    assert line["details"][0].startswith("From ")


def test_what_forbids_the_move_is_said_before_it_is_chosen_and_refuses_it(desk: Desk, world: World, booked: str):
    wish(desk, world, booked, days=200)
    assert "It cannot move there as things are. The plan holds visits before" in said(desk("waiting"))
    ran = desk("choose", waits(world, booked).id, "move", "--yes")
    assert ran.code == 1
    assert waits(world, booked)


def test_a_time_at_which_the_group_is_elsewhere_needs_to_be_meant(desk: Desk, world: World, booked: str):
    wish(desk, world, booked)
    ran = desk("choose", waits(world, booked).id, "move", "--yes")
    assert ran.code == 1
    assert "the group is expected at “Visits to host libraries: Turku” as well" in said(ran)
    assert "say so with --anyway" in said(ran)
    assert waits(world, booked)
    assert desk("choose", waits(world, booked).id, "move", "--anyway", "--yes").code == 0


def test_staff_move_a_visit_into_the_days_of_another_only_where_it_is_meant(desk: Desk, world: World, booked: str):
    other = world.ledgers[booked].cycle.slot_of("visits", "second-visit")[1].begins.local[:10]
    move = ("move", "visits", "begins", other, "--slot", "first-visit", "--reason", "The ferry", "--yes")
    before = stay(world, booked).begins
    ran = desk(*move)
    assert ran.code == 1
    assert "the group is expected at “Visits to host libraries: Turku” as well" in said(ran)
    assert "say so with --anyway" in said(ran)
    assert stay(world, booked).begins == before
    ran = desk(*move, "--anyway")
    assert ran.code == 0, ran.err
    assert stay(world, booked).begins.local[:10] == other


def test_staff_agree_and_people_answer_by_telephone(desk: Desk, world: World, booked: str):
    wish(desk, world, booked)
    ran = desk("choose", waits(world, booked).id, "move", "--anyway", "--yes")
    assert ran.code == 0, ran.err
    assert "It affects 2 people" in said(ran)
    assert "0 of 2 still come; no answer yet from Anna Example, Bo Example" in said(desk("show"))
    early = desk("answer", ANNA, "yes")
    assert (early.code, "the letter that asks Anna Example about that has not left yet" in said(early)) == (1, True)
    on = stay(world, booked).begins.local[:10]
    yes = desk("answer", ANNA, "yes", "--on", on)
    assert "Anna Example can still come to The host library," in said(yes)
    assert "Entered by Kristina Virtanen." in said(yes)
    assert "1 of 2 still come; no answer yet from Bo Example" in said(desk("show"))
    no = desk("answer", BO, "no", "--on", on, "--reason", "At a conference")
    assert "Bo Example has withdrawn." in said(no)
    told = said(desk("history"))
    assert f"Anna Example can still come to {VISIT}, entered by Kristina Virtanen." in told
    assert f"Bo Example cannot come to {VISIT} at its new time, entered by Kristina Virtanen." in told


def test_an_answer_about_an_earlier_date_is_refused_by_name(desk: Desk, world: World, booked: str):
    first, move = later(world, booked, 7), ("--slot", "first-visit", "--reason", "x", "--yes", "--anyway")
    assert desk("move", "visits", "begins", first, *move).code == 0
    again = later(world, booked, 2)
    assert desk("move", "visits", "begins", again, *move).code == 0
    ran = desk("answer", ANNA, "yes", "--on", first)
    assert ran.code == 1
    assert "The answer of Anna Example is about" in said(ran)
    assert desk("answer", ANNA, "yes", "--on", again).code == 0


def test_the_date_of_an_answer_is_for_whoever_is_asked(desk: Desk, world: World, booked: str):
    assert desk("answer", ANNA, "yes", "--on", "2030-01-01").code == 2
    assert desk("answer", "host-library", "yes", "--slot", "first-visit").code == 2


def test_moving_a_confirmed_visit_shows_whom_it_touches_and_what_clashes(desk: Desk, world: World, booked: str):
    to = later(world, booked, 5)
    ran = desk("move", "visits", "begins", to, "--slot", "first-visit", "--reason", "x", "--yes", "--anyway")
    assert "2 letters (still coming): Anna Example, Bo Example" in said(ran)
    assert "It affects 2 people with a place" in said(ran)


def test_a_move_before_today_is_refused_and_nothing_has_changed(desk: Desk, world: World, booked: str):
    before = stay(world, booked)
    ran = wish(desk, world, booked, days=-300)
    assert ran.code == 1
    assert "is past. Choose a moment that is still to come." in said(ran)
    ran = desk("move", "visits", "begins", "2020-01-01", "--slot", "first-visit", "--reason", "x", "--yes")
    assert ran.code == 1
    assert stay(world, booked) == before
    assert not [prompt for prompt in world.ledgers[booked].cycle.prompts.values() if prompt.about == "wish"]


def test_staff_keep_the_date(desk: Desk, world: World, booked: str):
    wish(desk, world, booked)
    ran = desk("choose", waits(world, booked).id, "keep_date", "--yes", "--reason", "The ferry")
    assert ran.code == 0, ran.err
    assert f"kept the date of {VISIT}; The host library is told." in said(desk("history"))
    assert desk("host", "host-library", "decline").code == 0


def test_a_host_takes_its_wish_back(desk: Desk, world: World, booked: str):
    wish(desk, world, booked)
    assert "takes its wish back; the date stays" in said(desk("host", "host-library", "confirm"))
    assert f"The host library took back its wish to move {VISIT}" in said(desk("history"))


def test_staff_remind_those_of_the_group_who_are_silent(desk: Desk, world: World, booked: str):
    to = later(world, booked, 5)
    assert desk("move", "visits", "begins", to, "--slot", "first-visit", "--reason", "x", "--yes", "--anyway").code == 0
    ran = desk("remind", "visits", "--slot", "first-visit", "--yes")
    assert ran.code == 1
    assert "Nobody is to be reminded" in said(ran)


def test_a_wish_in_whose_place_another_came_was_decided_by_nobody(desk: Desk, world: World, booked: str):
    wish(desk, world, booked)
    first = waits(world, booked).id
    wish(desk, world, booked, days=9)
    ran = desk("choose", first, "move", "--yes")
    assert ran.code == 1
    assert f"{first} is no longer needed: {waits(world, booked).id} took its place; see `kierros waiting`." in said(ran)


def test_a_host_that_is_released_is_not_listed_as_one_before_it(desk: Desk, world: World, booked: str):
    assert desk("cancel", "--reason", "The funding has ended", "--yes").code == 0
    shown = said(desk("show"))
    assert "The host library" in shown
    assert "before:" not in shown
