"""An unchanged plan is no difference, whatever has happened to its people since; and what did change goes through."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Desk
from tests.cli.test_amending import edit, state
from tests.cli.world import World
from tests.portal.desk import Desk as Portal

ANNA, BO, DINA, ERIK = (
    "anna@home-library.example", "bo@home-library.example", "dina@home-library.example", "erik@host-library.example",
)  # fmt: skip
NEW, OTHER = "nora@home-library.example", "other@home-library.example"

HAPPENED: dict[str, list[list[str]]] = {
    "nothing": [],
    "a speaker replaced": [["replace", DINA, NEW, "--name", "Nora New", "--reason", "x", "--yes"]],
    "a speaker replaced by one invited": [["replace", DINA, ANNA, "--reason", "x", "--yes"]],
    "one invited erased": [["people", "erase", ANNA, "--yes"]],
    "two invited erased": [["people", "erase", ANNA, "--yes"], ["people", "erase", BO, "--yes"]],
    "the speaker erased": [["people", "erase", DINA, "--yes"]],
    "a contact erased": [["people", "erase", ERIK, "--yes"]],
    "one invited corrected": [["people", "correct", ANNA, "--name", "Anna Other", "--address", OTHER]],
    "corrected twice": [
        ["people", "correct", ANNA, "--address", NEW],
        ["people", "correct", NEW, "--address", OTHER],
    ],
    "the speaker corrected": [["people", "correct", DINA, "--name", "Dina Other", "--address", NEW]],
    "a contact corrected": [["people", "correct", ERIK, "--name", "Erik Other"]],
    "somebody registered": [["register", NEW, "--name", "Nora New", "--library", "home-library"]],
    "a speaker registered": [["register", DINA]],
    "a substitute": [["register", ANNA], ["substitute", ANNA, NEW, "--name", "Nora New"]],
    "a list imported": [["register", "--file", "FOLDER/more.csv"]],
}  # fmt: skip
HAPPENED["all of it"] = [
    words
    for name in ("a speaker replaced", "one invited corrected", "a contact erased", "a list imported")
    for words in HAPPENED[name]
] + [["people", "erase", BO, "--yes"]]


@pytest.fixture
def cycle(world: World, monkeypatch: pytest.MonkeyPatch) -> str:
    return Portal(world, monkeypatch).invited()


def happens(desk: Desk, world: World, what: str) -> None:
    (world.folder / "more.csv").write_text("name,address\nIda More,ida@home-library.example\n", "utf-8")
    for words in HAPPENED[what]:
        ran = desk(*(word.replace("FOLDER", str(world.folder)) for word in words))
        assert ran.code == 0, ran.err


@pytest.mark.parametrize("what", HAPPENED)
def test_the_files_as_they_were_started_from_differ_in_nothing(desk: Desk, world: World, cycle: str, what: str):
    happens(desk, world, what)
    ran = desk("amend", str(world.folder / "plan.yaml"), "--dry-run")
    assert "there is nothing to change" in ran.sentence


@pytest.mark.parametrize("what", [what for what in HAPPENED if what != "the speaker erased"])
def test_a_changed_question_goes_through_and_brings_nobody_back(desk: Desk, world: World, cycle: str, what: str):
    happens(desk, world, what)
    before = {one.ref for one in world.store.people(cycle)}
    ran = desk("amend", edit(world, ("What was best?", "What was worst?")), "--reason", "x", "--yes")
    assert ran.code == 0, ran.err
    assert "What was worst?" in str(world.plan(cycle).step("feedback"))
    assert {one.ref for one in world.store.people(cycle)} == before
    assert state(world, cycle).plan == world.plan(cycle)


def test_a_speaker_who_was_erased_and_whom_an_older_file_names_is_shown_before_she_would_come_back(
    desk: Desk, world: World, cycle: str
):
    happens(desk, world, "the speaker erased")
    ran = desk("amend", edit(world, ("What was best?", "What was worst?")), "--dry-run")
    assert "speaker" in ran.out  # the session by itself, and who would speak in it
    assert "Dina" in ran.out


def test_who_is_new_is_not_taken_for_the_one_who_was_erased(desk: Desk, world: World):
    cycle = world.start(days_ago=20)  # nobody is invited yet
    people = world.folder / "people.csv"
    happens(desk, world, "two invited erased")
    kept = [line for line in people.read_text("utf-8").splitlines() if not line.startswith(("Anna", "Bo"))]
    nora = f"Nora New,{NEW},en,home-library,participant"
    people.write_text("\n".join([*kept, nora, ""]), "utf-8")
    ran = desk("amend", str(world.folder / "plan.yaml"), "--reason", "x", "--yes")
    assert ran.code == 0, ran.err
    assert "with Nora New" in " ".join(ran.out.split())
    invited = world.plan(cycle).step("invitations").people  # type: ignore[union-attr]
    assert invited[-1] == next(one.ref for one in world.store.people(cycle) if one.name == "Nora New")


def test_somebody_new_is_refused_once_the_invitations_have_begun_also_beside_one_who_was_erased(
    desk: Desk, world: World, cycle: str
):
    happens(desk, world, "one invited erased")
    people = world.folder / "people.csv"
    people.write_text(people.read_text("utf-8") + f"Nora New,{NEW},en,home-library,participant\n", "utf-8")
    ran = desk("amend", str(world.folder / "plan.yaml"), "--reason", "x", "--yes")
    assert ran.code == 1
    assert "people of invitations cannot be amended any more" in ran.sentence
