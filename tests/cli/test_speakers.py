"""Somebody else speaks: `replace` at the terminal."""

from __future__ import annotations

from tests.cli.conftest import Desk
from tests.cli.world import World

DINA, EVA = "dina@home-library.example", "eva@elsewhere.example"


def speakers(world: World, cycle: str) -> set[str]:
    """Who speaks, by the record's plan and by the fold of its journal, which agree."""
    names = {person.ref: person.name for person in world.store.people(cycle)}
    plans = (world.plan(cycle), world.store.load(cycle).plan)
    found = [{s.speaker for step in p.steps if step.kind == "seminar" for s in step.sessions} - {None} for p in plans]
    assert found[0] == found[1]
    return {names[ref or ""] for ref in found[0]}


def test_somebody_new_speaks_in_the_place_of_one_who_is_ill(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    assert speakers(world, cycle) == {"Dina Example"}
    ran = desk("replace", DINA, EVA, "--name", "Eva Dahl", "--reason", "Dina is ill", "--yes")
    assert (ran.code, "Eva Dahl speaks at Introductory seminar in the place of Dina Example." in ran.sentence) == (
        0,
        True,
    )
    assert speakers(world, cycle) == {"Eva Dahl"}
    assert world.store.by_address(cycle, EVA).part == "speaker"
    told = " ".join(desk("history").out.split())
    assert "had Eva Dahl speak at Introductory seminar in the place of Dina Example. Reason: “Dina is ill”" in told


def test_nobody_is_made_known_before_it_is_agreed(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    assert desk("replace", DINA, EVA, "--reason", "Ill", "--yes").code == 2
    assert desk("replace", DINA, EVA, "--name", "Eva Dahl", "--reason", "Ill", types=["n"]).code == 1
    assert desk("replace", "anna@home-library.example", EVA, "--name", "Eva Dahl", "--yes").code == 2
    assert world.store.by_address(cycle, EVA) is None
    assert speakers(world, cycle) == {"Dina Example"}


def test_an_address_that_is_somebody_elses_is_refused_with_both_names(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    ran = desk("replace", DINA, "anna@home-library.example", "--name", "Eva Dahl", "--reason", "Ill", "--yes")
    assert ran.code == 2
    assert "is the address of Anna Example in" in ran.sentence
    assert "not of Eva Dahl." in ran.sentence
    assert speakers(world, cycle) == {"Dina Example"}
    same = desk("replace", DINA, "anna@home-library.example", "--name", "Anna Example", "--reason", "Ill", "--yes")
    assert same.code == 0
