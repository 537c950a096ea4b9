"""`handover`: roles pass to somebody else, and the paper says what she needs to know."""

from __future__ import annotations

from datetime import timedelta

import pytest

from tests.cli.conftest import Desk
from tests.cli.world import KRISTINA, OLGA, World, clock

MARIA = "Maria Berg"
WHY = ("--reason", "On leave from March", "--yes")


@pytest.fixture
def maria(world: World) -> str:
    return world.store.add_staff(MARIA, "maria@library.example")


def test_roles_pass_with_what_waits_for_them(desk: Desk, world: World, maria: str):
    cycle = world.start(days_ago=20)
    ran = desk("handover", KRISTINA, MARIA, *WHY)
    assert ran.code == 0, ran.err
    assert f"{MARIA} has taken over from {KRISTINA}." in ran.err
    assert world.plan(cycle).roles["coordinator"] == (maria,)
    assert world.ledgers[cycle].cycle.prompts["approve-invitations-2"].revision == 2
    assert {row.to_ref for row in world.store.letters(cycle, "queued", kind="decision_waiting")} >= {maria}
    assert MARIA in desk("waiting").out
    assert desk("approve", "--yes", staff=KRISTINA).code == 1


def test_that_no_deputy_is_left_is_said_with_the_way_to_name_one(desk: Desk, world: World, maria: str):
    world.staff[MARIA] = maria
    cycle = world.start(days_ago=20, deputy=MARIA)
    none = f"who could decide what waits too long: it {{}} {MARIA} {{}}(deputy coordinator)."
    way = f'kierros handover "{MARIA}" NAME --role "deputy coordinator" --cycle {cycle}'
    ran = desk("handover", KRISTINA, MARIA, "--reason", "On leave", types=[""])
    assert f"There is no deputy then, {none.format('is', 'now ')}" in ran.sentence
    assert way in ran.sentence

    ran = desk("handover", KRISTINA, MARIA, *WHY)
    assert ran.code == 0, ran.err
    assert f"There is no deputy now, {none.format('was', '')}" in ran.sentence
    assert way in ran.sentence
    ran = desk("handover", MARIA, KRISTINA, "--role", "deputy coordinator", *WHY, staff=MARIA)
    assert ran.code == 0, ran.err
    assert "no deputy" not in ran.sentence
    plan = world.plan(cycle)
    assert (plan.roles["coordinator"], plan.roles["deputy coordinator"]) == ((maria,), (world.staff[KRISTINA],))
    ran = desk("handover", KRISTINA, OLGA, "--role", "coordinator", *WHY)
    assert ran.code == 2
    assert f"{KRISTINA} does not hold the role coordinator in a cycle that is open" in ran.sentence


def test_it_is_seen_before_it_is_done_and_defaults_to_no(desk: Desk, world: World, maria: str):
    cycle = world.start(days_ago=20)
    ran = desk("handover", KRISTINA, MARIA, "--reason", "On leave", types=[""])
    assert ran.code == 1
    assert f"{KRISTINA} handed over to {MARIA}, as coordinator." in ran.err
    assert "Hand over from Kristina Virtanen to Maria Berg? [y/N]" in ran.err
    assert maria not in world.plan(cycle).roles["coordinator"]


def test_on_a_later_day_it_is_arranged_and_can_be_called_off(desk: Desk, world: World, maria: str):
    cycle = world.start(days_ago=20)
    later = (clock() + timedelta(days=9)).date().isoformat()
    ran = desk("handover", KRISTINA, MARIA, "--on", later, *WHY)
    assert ran.code == 0, ran.err
    assert f"{MARIA} takes over from {KRISTINA} on" in ran.err
    assert maria not in world.plan(cycle).roles["coordinator"]
    assert f"{KRISTINA} hands over to {MARIA} on" in desk("handover", "--paper").out
    assert f"{KRISTINA} hands over" in desk("show").out
    assert desk("handover", KRISTINA, "--withdraw", *WHY).code == 0
    assert world.ledgers[cycle].cycle.handovers == ()
    assert desk("handover", KRISTINA, "--withdraw", *WHY).code == 2


def test_the_paper_tells_of_each_cycle_what_somebody_new_needs(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    desk("note", "The hall has a ramp")
    ran = desk("handover", "--paper")
    assert ran.code == 0
    for words in (
        "Open decisions", "approve-invitations-1", "Promises made", "Next dates", "Who waits for an answer", "Notes",
        "The hall has a ramp", "Money", "promised",
    ):  # fmt: skip
        assert words in ran.out
    assert "Registration: closes" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80
    (found,) = desk("handover", "--paper", "--json").data["cycles"]
    assert found["id"] == cycle
    assert world.store.cycle(cycle).length == len(world.store.journal(cycle))


def test_whoever_takes_over_reads_first_that_the_year_stands_still(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    assert desk("suspend", cycle, "--yes", *WHY).code == 0
    (found,) = desk("handover", "--paper", "--json").data["cycles"]
    assert found["arranged"][0].startswith("It stands still since ")
    assert found["arranged"][0].endswith(f"kierros resume {cycle}")
    assert "It stands still since" in desk("handover", "--paper").out


def test_the_page_has_no_scripts_and_escapes_what_somebody_wrote(desk: Desk, world: World, maria: str):
    world.start(days_ago=20)
    desk("note", "<script>alert(1)</script>")
    page = world.folder / "handover.html"
    ran = desk("handover", KRISTINA, MARIA, *WHY, "--html", str(page))
    assert ran.code == 0, ran.err
    words = page.read_text("utf-8")
    assert "<script" not in words
    assert "&lt;script&gt;alert(1)" in words
    assert f"{KRISTINA} hands over to {MARIA}" in words
    assert "default-src 'none'" in words


def test_reasons_so_far_stand_beside_the_open_decision(desk: Desk, world: World):
    world.start(days_ago=20)
    assert desk("reject", "--reason", "Two names are missing", "--yes").code == 0
    ran = desk("handover", "--paper")
    assert "revise-invitations-1" in ran.out
    assert "Two names are missing" in " ".join(ran.out.split())


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        ([KRISTINA], 2, "Say who hands over to whom"),
        ([KRISTINA, "Nobody", *WHY], 2, "Nobody"),
        (["Nobody", OLGA, *WHY], 2, "Nobody"),
        ([KRISTINA, KRISTINA, *WHY], 1, "cannot hand over to the same person"),
        ([MARIA, OLGA, *WHY], 2, "holds no role in a cycle that is open"),
        ([OLGA, KRISTINA, *WHY], 1, "on their own word alone"),
        ([KRISTINA, MARIA, "--on", "2011-01-01", *WHY], 2, "is past"),
        ([KRISTINA, MARIA, "--on", "soon", *WHY], 2, "no date"),
        ([KRISTINA, MARIA, "--reason", " ", "--yes"], 2, "needs a reason"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_a_sentence(desk: Desk, world: World, maria: str, words: list[str], code: int, said: str):
    cycle = world.start(days_ago=20)
    length, roles = world.store.cycle(cycle).length, world.plan(cycle).roles
    ran = desk("handover", *words)
    assert ran.code == code, ran.err
    assert said in " ".join(ran.err.split())
    assert (world.store.cycle(cycle).length, world.plan(cycle).roles) == (length, roles)


def test_somebody_whose_roles_do_not_allow_it(desk: Desk, world: World):
    world.start(days_ago=20)
    world.store.add_staff(MARIA, "maria@library.example", roles=["speaker"])
    ran = desk("handover", KRISTINA, MARIA, *WHY)
    assert ran.code == 1
    assert "may act as speaker only, and would take over as coordinator." in " ".join(ran.err.split())


def test_who_was_removed_is_followed(desk: Desk, world: World, maria: str):
    cycle = world.start(days_ago=20)
    removed = desk("staff", "remove", KRISTINA, "--yes", staff=OLGA)
    assert "kierros handover" in removed.err
    assert desk("handover", KRISTINA, MARIA, *WHY, staff=OLGA).code == 0
    assert world.plan(cycle).roles["coordinator"] == (maria,)
