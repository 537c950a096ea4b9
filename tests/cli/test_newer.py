"""What an older release shows of a cycle that only a newer one can go on with: a sentence, and all else as ever."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from tests.cli.conftest import Desk
from tests.cli.world import World

SAID = "needs the rules of version 9, and this Kierros knows versions up to 1. Nothing was changed: it waits"


@pytest.fixture
def newer(world: World) -> tuple[str, str]:
    """A cycle like any other, and one that a newer release began."""
    well, new = world.start(days_ago=20), world.start(days_ago=20, theme="Another theme")
    with world.store.writing() as connection:
        connection.execute(text("UPDATE cycles SET rules = 9 WHERE id = :id"), {"id": new})
    return well, new


def test_the_first_page_and_the_decisions_show_the_others(desk: Desk, newer: tuple[str, str]):
    well, new = newer
    today = desk("--json").data
    assert [(w["cycle"], w["what"]) for w in today["wrong"]] == [
        (new, "waits for a newer Kierros (rules of version 9)")
    ]
    assert {line["cycle"] for line in today["waiting"]} == {well}
    waiting = desk("waiting", "--json")
    assert {line["cycle"] for line in waiting.data} == {well}
    assert f"{new} {SAID}" in " ".join(waiting.err.split())
    assert {row["id"] for row in desk("list", "--json").data} == {well, new}


def test_a_decision_about_something_new_hides_no_other(desk: Desk, world: World):
    well, new = world.start(days_ago=20), world.start(days_ago=20, theme="Another theme")
    with world.store.writing() as connection:
        connection.execute(text("UPDATE prompts SET about = 'tender' WHERE cycle = :id"), {"id": new})
    waiting = desk("waiting", "--json")
    assert {line["cycle"] for line in waiting.data} == {well}
    assert f"{new} needs the rules of version 2" in " ".join(waiting.err.split())
    assert desk("waiting", new).code == 1


@pytest.mark.parametrize("words", [("show",), ("history",), ("letters",), ("rehearse",), ("waiting",)])
def test_the_cycle_itself_is_refused_by_a_sentence(desk: Desk, newer: tuple[str, str], words: tuple[str, ...]):
    _, new = newer
    ran = desk(*words, new)
    assert ran.code == 1
    assert f"{new} {SAID}" in ran.sentence


def test_doctor_names_it_and_what_helps(desk: Desk, newer: tuple[str, str]):
    well, new = newer
    found = [one for one in desk("doctor", "--json").data["findings"] if one["name"] == "Newer"]
    assert len(found) == 1
    assert f"{new} {SAID}" in found[0]["found"]
    assert "Start the newer release again" in found[0]["mend"]
    assert well not in found[0]["found"]
