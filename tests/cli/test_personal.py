"""`people`: what is kept of a person is shown, corrected and erased at the terminal."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.cli.conftest import Desk
from tests.cli.world import KRISTINA, OLGA, World

ANNA = "anna@home-library.example"


@pytest.fixture(autouse=True)
def _at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """No worker runs here, and nobody is waited for."""
    monkeypatch.setattr("cli.personal.PATIENCE", 0.0)


def test_everything_that_is_kept_of_her_is_given_as_data(desk: Desk, world: World, tmp_path: Path):
    cycle = world.start(days_ago=20)
    desk("note", "Prefers mornings", "--about", ANNA)
    world.pass_time(cycle)
    (kept,) = desk("people", "export", ANNA).data
    assert (kept["cycle"], kept["person"]["name"], kept["person"]["address"]) == (cycle, "Anna Example", ANNA)
    assert [list(one["words"].values()) for one in kept["words"]] == [["Prefers mornings"]]
    assert any("noted about Anna Example" in event["what"] for event in kept["events"])
    assert {letter["kind"] for letter in kept["letters"]} == {"invitation"}
    file = tmp_path / "anna.json"
    assert desk("people", "export", "Anna Example", "--to", str(file)).code == 0
    assert json.loads(file.read_text("utf-8"))[0]["person"]["name"] == "Anna Example"
    assert file.stat().st_mode & 0o777 == 0o600
    again = desk("people", "export", ANNA, "--to", str(file))
    assert (again.code, "is there already" in again.err) == (1, True)


def test_somebody_whom_nobody_knows_is_a_sentence(desk: Desk, world: World):
    world.start(days_ago=20)
    for words in (["export", "x@y.example"], ["erase", "Nobody"], ["correct", "x@y.example", "--name", "X"]):
        ran = desk("people", *words)
        assert ran.code == 2
        assert "Nobody is known as" in ran.err


def test_her_name_and_address_are_corrected(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    done = desk("people", "correct", ANNA, "--name", "Anna Exemplar", "--address", "anna@new.example")
    assert (done.code, "Corrected in 1 cycle: name, address." in done.err) == (0, True)
    person = world.store.by_address(cycle, "anna@new.example")
    assert person is not None
    assert person.name == "Anna Exemplar"
    other = next(one.address for one in world.store.people(cycle) if one.address != "anna@new.example")
    for words, said in (
        (["--address", "no address"], "address"),
        (["--address", "anna@n\u0435w.example"], "letters of two alphabets"),
        ([], "Say what to correct"),
        (["--address", other], "Somebody else in"),
    ):
        ran = desk("people", "correct", "anna@new.example", *words)
        assert ran.code in {1, 2}
        assert said in ran.err


def test_it_shows_what_goes_and_what_stays_and_defaults_to_no(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    ran = desk("people", "erase", ANNA)
    said = " ".join(ran.err.split())
    assert ran.code == 2
    assert f"{cycle}. Goes: her name and address, 1 letter" in said
    assert "Stays: counts, sums and the history" in said
    assert "Add --yes." in said
    assert world.store.by_address(cycle, ANNA) is not None


def test_she_is_erased_and_it_is_pending_until_her_cycle_has_let_her_go(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    ran = desk("people", "erase", ANNA, "--yes")
    assert ran.code == 0
    assert "its cycle has not let her go yet" in " ".join(ran.err.split())
    assert world.store.by_address(cycle, ANNA) is None
    assert "an erasure is pending" in " ".join(desk().out.split())
    assert "1 erasure is pending" in " ".join(desk("doctor").out.split())
    world.pass_time(cycle)
    history = " ".join(desk("history").out.split())
    assert "Kristina Virtanen, coordinator, had the data of someone erased" in history
    from runtime.settings import Settings
    from workers.erasing import finish

    finish(Settings(data=world.folder), world.store)
    (row,) = desk("people", "erasures", "--json").data
    assert row["done_at"]
    assert "pending" not in desk("people", "erasures").out
    assert desk("people", "erase", ANNA, "--yes").code == 2


def test_the_list_of_erasures_names_nobody(desk: Desk, world: World, tmp_path: Path):
    world.start(days_ago=20)
    assert "Nobody has been erased" in desk("people", "erasures").err
    desk("people", "erase", ANNA, "--yes")
    file = tmp_path / "list.jsonl"
    assert desk("people", "erasures", "--to", str(file)).code == 0
    assert "p_" not in file.read_text()
    assert "anna" not in file.read_text().lower()


def test_who_has_no_role_in_her_cycle_cannot_have_her_erased(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    world.store.add_staff("Somebody Else", "else@library.example")
    ran = desk("people", "erase", ANNA, "--yes", staff="Somebody Else")
    assert ran.code == 1
    assert world.store.by_address(cycle, ANNA) is not None


def test_staff_who_left_are_erased_and_what_they_decided_stays(desk: Desk, world: World):
    world.start(days_ago=20)
    ref = world.store.add_staff("Vera Left", "vera@library.example")
    world.store.remove_staff(ref)
    ran = desk("people", "erase", "Vera Left", "--yes")
    assert (ran.code, ran.err.count("Erased.")) == (0, 1)
    (one,) = [s for s in world.store.staff(everybody=True) if s.ref == ref]
    assert (one.name, one.address) == ("somebody who left", f"{ref}@erased.invalid")


@pytest.mark.parametrize("removed", [False, True])
def test_staff_for_whom_an_open_cycle_waits_are_not_erased(desk: Desk, world: World, *, removed: bool):
    world.start(days_ago=20)
    ref = world.store.find_staff(OLGA).ref
    if removed:
        world.store.remove_staff(ref)
    ran = desk("people", "erase", ref, "--yes", staff=KRISTINA)
    assert ran.code == 1
    assert "kierros handover" in " ".join(ran.err.split())
