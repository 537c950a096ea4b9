"""Lists of people at the terminal: every row is taken, refused with its reason, or a duplicate."""

from __future__ import annotations

from datetime import timedelta

import pytest

from exchange.registration import DelegateRegistered
from tests.cli.conftest import Desk
from tests.cli.world import KRISTINA, OLGA, World, clock

ANNA = "anna@home-library.example"


@pytest.fixture
def cycle(desk: Desk, world: World) -> str:
    """A cycle whose invitations are out and whose registration is open."""
    started = world.start(days_ago=20)
    assert desk("approve", "--step", "invitations", "--yes").code == 0
    return started


def places(world: World, cycle: str) -> dict[str, str]:
    """Name to standing."""
    people = {person.ref: person.name for person in world.store.people(cycle)}
    desk = world.ledgers[cycle].cycle.desk("registration")
    return {people[ref]: place.state for ref, place in desk.people.items()}


LIST = """name,address,library
Eva Dahl,eva@elsewhere.example,home-library
Finn Ek,finn@elsewhere.example,
No Address,,home-library
Eva again,EVA@elsewhere.example,home-library
"""


def test_a_list_is_counted_row_by_row(desk: Desk, world: World, cycle: str):
    path = world.folder / "list.csv"
    path.write_text(LIST, "utf-8")
    ran = desk("register", "--file", str(path))
    assert ran.code == 1
    assert "2 accepted + 1 refused + 1 duplicate = 4 rows of list.csv." in ran.err
    assert "2 confirmed." in ran.err
    assert "list.csv, row 4: refused: address:" in ran.out
    assert list(places(world, cycle)) == ["Eva Dahl", "Finn Ek"]


def test_importing_it_again_adds_nothing(desk: Desk, world: World, cycle: str):
    path = world.folder / "list.csv"
    path.write_text("".join(LIST.splitlines(keepends=True)[:3]), "utf-8")
    assert desk("register", "--file", str(path)).code == 0
    length = world.store.cycle(cycle).length
    ran = desk("register", "--file", str(path), "--json")
    assert (ran.code, ran.data["accepted"], len(ran.data["duplicates"])) == (0, 0, 2)
    assert world.store.cycle(cycle).length == length


def test_the_history_says_who_imported_a_list_and_a_colleague_adds_nothing_to_it(desk: Desk, world: World, cycle: str):
    path = world.folder / "list.csv"
    path.write_text("".join(LIST.splitlines(keepends=True)[:3]), "utf-8")
    assert desk("register", "--file", str(path)).code == 0
    length = world.store.cycle(cycle).length

    ran = desk("register", "--file", str(path), "--json", staff=OLGA)

    assert (ran.code, ran.data["accepted"], len(ran.data["duplicates"])) == (0, 0, 2)
    assert world.store.cycle(cycle).length == length
    by = [entry.event.entered_by for entry in world.store.journal(cycle) if isinstance(entry.event, DelegateRegistered)]
    assert by == [world.staff[KRISTINA]] * 2
    assert f"Eva Dahl (Our own library) has a place, entered by {KRISTINA}." in " ".join(desk("history").out.split())


def test_row_order_is_waiting_order(desk: Desk, world: World, cycle: str):
    desk("capacity", "registration", "1", "--reason", "small", "--yes")
    path = world.folder / "list.csv"
    path.write_text("name,address\n" + "".join(f"P {n},p{n}@x.example\n" for n in "cab"), "utf-8")
    ran = desk("register", "--file", str(path), "--json")
    assert ran.data["states"] == {"confirmed": 1, "waiting": 2}
    assert list(places(world, cycle)) == ["P c", "P a", "P b"]


def test_who_is_registered_already_is_a_duplicate_on_a_list(desk: Desk, world: World, cycle: str):
    desk("register", ANNA)
    path = world.folder / "list.csv"
    path.write_text(f"name,address\nAnna Example,{ANNA}\nEva,eva@x.example\n", "utf-8")
    ran = desk("register", "--file", str(path))
    assert ran.code == 0
    assert "row 2: duplicate: Anna Example is registered already" in " ".join(ran.out.split())
    assert "1 accepted + 0 refused + 1 duplicate = 2 rows" in " ".join(ran.err.split())


def test_who_opts_out_gets_no_more_invitations(desk: Desk, world: World, cycle: str):
    ran = desk("opt-out", ANNA)
    assert ran.code == 0
    assert "invitation reminder" in ran.err
    assert world.store.letters(cycle)
    claimed = world.store.claim(clock(), 50, timedelta(minutes=1))
    anna = world.store.by_address(cycle, ANNA)
    assert anna is not None
    assert not [row for row in claimed if row.to_ref == anna.ref and row.kind == "invitation"]


def test_nobody_opts_out_of_a_confirmation(desk: Desk, cycle: str):
    ran = desk("opt-out", ANNA, "--kind", "place_confirmed")
    assert ran.code == 2
    assert "Nobody can opt out" in ran.err


def test_what_a_rule_refused_may_be_handed_in_again_later(desk: Desk, world: World, cycle: str):
    path = world.folder / "list.csv"
    path.write_text("name,address\nEva,eva@x.example\n", "utf-8")
    desk("register", "eva@x.example", "--name", "Eva")
    there = desk("register", "--file", str(path), "--json").data["duplicates"]
    assert "is registered already" in there[0]["reason"]
    desk("withdraw", "eva@x.example")
    assert desk("register", "--file", str(path), "--json").data["states"] == {"confirmed": 1}
    assert len(desk("register", "--file", str(path), "--json").data["duplicates"]) == 1


def test_a_list_is_kept_while_the_engine_is_down(desk: Desk, world: World, cycle: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("cli.posting.waited_for", lambda *_: False)
    path = world.folder / "list.csv"
    path.write_text("name,address\nEva,eva@x.example\n", "utf-8")
    ran = desk("register", "--file", str(path))
    assert ran.code == 0
    assert "They are kept, count from now, and will be decided when the engine runs." in ran.sentence


@pytest.mark.parametrize(
    "content",
    [b"", b"\x00\x01\x02\x03", "имя;адрес\nАнна;a@b.example\n".encode("koi8-r"), b"colour,size\nred,3\n"],
    ids=["empty", "no text", "no known encoding", "other columns"],
)
def test_a_file_that_cannot_be_read_is_a_sentence(desk: Desk, world: World, cycle: str, content: bytes):
    path = world.folder / "list.csv"
    path.write_bytes(content)
    ran = desk("register", "--file", str(path))
    assert ran.code == 2
    assert ran.err.startswith("list.csv ")
    assert desk("register", "--file", str(world.folder / "none.csv")).code == 2
