"""What is suggested next fits the staff, the plans and the cycles that are there."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.running import _announce
from cli.terminal import Terminal, use
from tests.cli.conftest import Desk
from tests.cli.world import KRISTINA, OLGA, World, write_plan

ADDRESSES = dict.fromkeys(("portal", "ui", "mailbox", "data", "temporal"), "here")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder in which somebody works; the record is elsewhere."""
    found = tmp_path / "work"
    found.mkdir()
    monkeypatch.chdir(found)
    return found


def added(desk: Desk, name: str) -> str:
    return desk("staff", "add", name, f"{name.casefold()}@library.example").sentence


def test_staff_who_are_added_first_write_a_plan(desk: Desk, folder: Path):
    assert "Next: kierros new" in added(desk, "Antti")
    (folder / "notes.yaml").write_text("- roles: none\n", "utf-8")
    assert "Next: kierros new" in added(desk, "Aino")


def test_with_a_plan_in_the_folder_it_is_checked(desk: Desk, folder: Path):
    write_plan(folder)
    assert "Next: kierros check plan.yaml" in added(desk, "Antti")
    assert "Next: kierros check plan.yaml" in desk("list").sentence


def test_while_a_cycle_runs_the_desk_is_looked_at(desk: Desk, world: World, folder: Path):
    world.start()
    said = added(desk, "Antti")
    assert "Next: kierros (what waits, and for whom)" in " ".join(said.split())
    assert "kierros new" not in said


def test_no_cycle_is_open_and_the_next_command_can_be_typed(desk: Desk, world: World, folder: Path):
    said = desk("spend", "opening", "10", "EUR").sentence
    assert "Next here: `kierros new`." in said
    assert "kierros list" not in said, "there is nothing to list"


@pytest.mark.parametrize("known", [(), (KRISTINA, OLGA)])
def test_up_on_an_empty_record_starts_at_the_beginning(world: World, folder: Path, known, capsys):
    for name in set(world.staff) - set(known):
        world.store.remove_staff(world.staff[name])
    world.sign_in()
    here = Terminal(world.folder)
    use(here)
    _announce(ADDRESSES)
    here.close()
    said = " ".join(capsys.readouterr().err.split())
    assert f"Next: kierros {'new' if known else 'staff add NAME ADDRESS'}" in said
    assert "in another terminal" in said
    assert "start PLAN" not in said
