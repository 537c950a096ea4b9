"""`kierros amend`: shows the difference, whom it touches and what is asked again, and defaults to No."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from exchange.moving import Move
from exchange.plan import Visits, When
from exchange.state import Cycle
from tests.cli.conftest import Desk
from tests.cli.world import KRISTINA, OLGA, World, clock, write_plan

NEW_HOST = """
  new-host:
    name: "The new host"
    country: FI
    city: "Oulu"
    zone: Europe/Helsinki
  home-library:
"""
CANDIDATE = """        candidates:           # the first is asked first
          - host: new-host
            contact: "Nora New"
            reason: Nobody knows more about it.
            cost: 100,00
          - host: host-library
"""


def edit(world: World, *changes: tuple[str, str], file: str = "plan.yaml") -> str:
    """The plan file with words in it changed."""
    path = world.folder / file
    words = path.read_text("utf-8")
    for old, new in changes:
        assert old in words, old
        words = words.replace(old, new, 1)
    path.write_text(words, "utf-8")
    return str(world.folder / "plan.yaml")


def state(world: World, cycle: str) -> Cycle:
    return world.ledgers[cycle].cycle


def test_an_unchanged_plan_has_nothing_to_amend(desk: Desk, world: World):
    world.start(days_ago=20)
    ran = desk("amend", edit(world), "--reason", "x", "--yes")
    assert ran.code == 1
    assert "there is nothing to change" in ran.sentence


def test_a_practice_run_is_not_amended_and_says_what_to_do_instead(desk: Desk, world: World):
    plan = write_plan(world.folder)
    assert desk("start", str(plan), "--finish-within", "600").code == 0
    ran = desk("amend", str(plan), "--reason", "x", "--yes")
    assert ran.code == 2
    assert "-practice), and a practice run is not amended. Practise again from the changed plan" in ran.sentence


def test_a_dry_run_shows_the_difference_and_changes_nothing(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    before = state(world, cycle).position
    ran = desk("amend", edit(world, ("answer_within: 14 days", "answer_within: 21 days")), "--dry-run")
    assert ran.code == 0
    shown = " ".join(ran.out.split())
    for words in ("Visits to host libraries", "answer within", "14 days", "21 days"):
        assert words in shown
    assert "Visits to host libraries: what waits for approval says something of this. It is made ready" in ran.sentence
    assert "is no longer needed" not in ran.sentence  # another decision comes in its place
    assert "Invitations:" not in ran.sentence  # they say nothing of it
    assert "cannot be that person; Olga Sokolova can." in ran.sentence
    assert "What was approved already stays approved." in ran.sentence
    assert "Nothing was changed" in ran.sentence
    assert state(world, cycle).position == before


def test_what_is_asked_afterwards_asks_nobody_to_approve_again(desk: Desk, world: World):
    world.start(days_ago=20)
    ran = desk("amend", edit(world, ("What was best?", "What was worst?")), "--dry-run")
    assert ran.code == 0
    assert "approve" not in ran.sentence


def test_a_new_host_comes_with_her_contact_and_is_asked_for_again(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    people = (world.folder / "people.csv").read_text("utf-8").splitlines()
    erik = next(line for line in people if "Erik Example" in line)
    nora = erik.replace("Erik Example", "Nora New").replace("erik@", "nora@").replace("host-library", "new-host")
    edit(world, (erik, f"{erik}\n{nora}"), file="people.csv")
    path = edit(
        world,
        ("\n  home-library:\n", NEW_HOST),
        ("        candidates:           # the first is asked first\n          - host: host-library\n", CANDIDATE),
    )
    ran = desk("amend", path, "--reason", "They wrote to us", types=["y"])
    assert ran.code == 0, ran.err
    assert "“Nobody" in ran.out
    journey = world.plan(cycle).step("visits")
    assert isinstance(journey, Visits)
    first = journey.slots[0].candidates[0]
    assert world.store.get_people([first.contact])[first.contact].name == "Nora New"
    assert world.store.get_texts([first.reason])[first.reason] == {"en": "Nobody knows more about it."}
    assert state(world, cycle).approving("visits").revision == 2
    assert "They wrote to us" in " ".join(desk("history").out.split())
    assert desk("amend", path, "--dry-run").code == 1  # it stands so by now


def test_an_amendment_defaults_to_no(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    path = edit(world, ("answer_within: 14 days", "answer_within: 21 days"))
    ran = desk("amend", path, "--reason", "x", types=[""])
    assert ran.code == 1
    assert world.plan(cycle).revision == 1


def test_an_amendment_needs_a_reason(desk: Desk, world: World):
    world.start(days_ago=20)
    path = edit(world, ("answer_within: 14 days", "answer_within: 21 days"))
    assert desk("amend", path, "--yes", types=[""]).code == 2


def test_a_moved_date_that_the_file_does_not_know_stays_moved(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    step = world.plan(cycle).step("report")
    due: When = step.due  # type: ignore[union-attr]
    local = datetime.fromisoformat(due.local) + timedelta(days=3)
    later = When(local=local.isoformat(timespec="minutes"), zone=due.zone, at=due.at + timedelta(days=3))
    wish = {"at": clock(), "actor": world.staff[KRISTINA], "reason": "n_x"}
    world.decide(cycle, Move.model_validate({**wish, "step": "report", "field": "due", "when": later}))
    path = edit(world, ("due: ", "title: The account\n    due: "))
    ran = desk("amend", path, "--reason", "x", "--yes")
    assert ran.code == 0, ran.err
    report = world.plan(cycle).step("report")
    assert report.title == {"en": "The account"}
    assert report.due == later  # type: ignore[union-attr]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("capacity: 20", "capacity: 24"), "use `kierros capacity registration NUMBER`"),
        (("per_library: 3", "per_library: 4"), "per_library of registration cannot be amended any more"),
        (("cap: 12 000,00", "cap: 15 000,00"), "“budget” stays as the cycle was started with"),
        (
            ('director: "Olga', 'funder: "Olga Sokolova"\n  director: "Olga'),
            "“roles” stays as the cycle was started with",
        ),
        (('city: "Turku"', 'city: "Oulu"'), "other-host stays as the cycle was started with"),
        (("second_person: yes", "second_person: no"), "who must agree was settled when the cycle started"),
    ],
)
def test_what_has_begun_or_was_agreed_at_the_start_is_refused(
    desk: Desk, world: World, change: tuple[str, str], words: str
):
    cycle = world.start(days_ago=20)
    ran = desk("amend", edit(world, change), "--reason", "x", "--yes")
    assert ran.code in {1, 2}
    assert words in ran.sentence
    assert world.plan(cycle).revision == 1


def test_the_plan_of_another_cycle_is_refused_by_name(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    path = edit(world, ("id: our-exchange", "id: their-exchange"))
    for more in ([], ["--cycle", cycle]):
        ran = desk("amend", path, "--reason", "x", "--yes", *more)
        assert ran.code == 2
        assert "cycle-their-exchange" in ran.sentence
        assert cycle in ran.sentence


def test_a_faulty_plan_is_refused_with_its_lines(desk: Desk, world: World):
    world.start(days_ago=20)
    ran = desk("amend", edit(world, ("fallback: ask", "fallback: dance")), "--reason", "x", "--yes")
    assert ran.code == 2
    assert "plan.yaml" in ran.sentence


def test_only_the_coordinator_amends(desk: Desk, world: World):
    world.start(days_ago=20)
    path = edit(world, ("answer_within: 14 days", "answer_within: 21 days"))
    ran = desk("amend", path, "--reason", "x", "--yes", staff=OLGA)
    assert ran.code == 1


def test_a_step_more_and_a_step_less(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    words = (world.folder / "plan.yaml").read_text("utf-8")
    step = words[words.index("  - id: feedback") : words.index("  - id: report")]
    more = step.replace("id: feedback", "id: voices")
    ran = desk("amend", edit(world, (step, more)), "--reason", "x", "--yes")
    assert ran.code == 0, ran.err
    shown = " ".join(ran.out.split())
    assert "new step" in shown
    assert "taken out" in shown
    assert [s.id for s in world.plan(cycle).steps][-2:] == ["voices", "report"]
