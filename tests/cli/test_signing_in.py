"""Signing in and out at the terminal: by a code that comes in a letter, kept in a file that only its owner reads."""

from __future__ import annotations

import json
import re
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from cli import tokens
from cli.terminal import Terminal
from store.sessions import LETTERS, TRIES
from telling.names import Names
from tests.cli.conftest import Desk
from tests.cli.world import KRISTINA, OLGA, World


@pytest.fixture
def config(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A computer at which nobody has signed in."""
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    return tmp_path / "config" / "kierros" / "tokens.json"


@pytest.fixture
def world(world: World, config: Path) -> World:
    world.signs_in = False
    return world


def letters(world: World) -> list[str]:
    return [file.read_text("ascii") for file in sorted((world.folder / "mailbox").glob("*.eml"))]


def code(world: World) -> str:
    found = re.search(r"^    (\S{4}-\S{4})", letters(world)[-1], re.MULTILINE)
    assert found is not None
    return found[1]


def signed_in(desk: Desk, world: World, who: str = KRISTINA) -> None:
    assert desk("login", who, staff="").code == 0
    assert desk("login", who, "--code", code(world), staff="").code == 0


def test_a_code_from_a_letter_signs_in(desk: Desk, world: World, config: Path):
    asked = desk("login", KRISTINA, staff="")
    assert asked.code == 0
    assert "A letter with a code is on its way to kristina@library.example." in asked.sentence
    assert "it lies in the mailbox folder" in asked.sentence
    assert "kierros login 'Kristina Virtanen' --code CODE" in asked.sentence
    assert "To: Kristina Virtanen <kristina@library.example>" in letters(world)[-1]
    done = desk("login", KRISTINA, "--code", code(world).lower(), staff="")
    assert done.code == 0
    assert "Kristina Virtanen has signed in here, until " in done.sentence
    assert config.stat().st_mode & 0o777 == 0o600
    assert "has signed in here already" in desk("login", KRISTINA, staff="").sentence
    assert len(letters(world)) == 1


def test_on_a_terminal_the_code_is_asked_for(desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(Terminal, "interactive", True)
    monkeypatch.setattr(Terminal, "ask", lambda *_: typed.pop(0) if typed[1:] else code(world))
    typed = ["AAAA-AAAA", "nonsense", ""]
    done = desk("login", KRISTINA, staff="")
    assert done.code == 0, done.err
    assert "4 tries are left" in done.sentence
    assert "3 tries are left" in done.sentence
    assert "has signed in here" in done.sentence


def test_after_five_wrong_codes_the_letter_is_void(desk: Desk, world: World):
    desk("login", KRISTINA, staff="")
    said = [desk("login", KRISTINA, "--code", "AAAA-AAAA", staff="") for _ in range(TRIES)]
    assert {ran.code for ran in said} == {1}
    assert "It is void now." in said[-1].sentence
    assert desk("login", KRISTINA, "--code", code(world), staff="").code == 1


def test_only_so_many_letters_go_out(desk: Desk, world: World):
    for _ in range(LETTERS):
        assert desk("login", KRISTINA, staff="").code == 0
    refused = desk("login", KRISTINA, staff="")
    assert refused.code == 1
    assert "5 sign-in letters have gone to this address within an hour" in refused.sentence
    assert len(letters(world)) == LETTERS


def test_without_signing_in_nothing_is_decided_and_the_next_command_is_named(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    before = world.store.cycle(cycle).length
    for words in (
        ["approve", "--yes"],
        ["register", "anna@home-library.example"],
        ["note", "x"],
        ["handover", "a", "b"],
    ):
        ran = desk(*words)
        assert ran.code == 2, words
        assert ran.sentence == f'{KRISTINA} has not signed in here. Next: kierros login "{KRISTINA}"'
        assert desk(*words, staff="").sentence == "Nobody has signed in here. Next: kierros login NAME"
    assert (world.store.cycle(cycle).length, world.store.cycle(cycle).received_to) == (before, 0)


def test_who_only_looks_need_not_sign_in(desk: Desk, world: World):
    world.start(days_ago=20)
    for words in ([], ["list"], ["show"], ["waiting"], ["history"], ["letters"], ["money"], ["staff", "list"]):
        assert desk(*words, staff="").code == 0, words


def test_the_only_one_who_has_signed_in_need_not_be_named(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    signed_in(desk, world)
    assert desk("note", "Remember the ramp", staff="").code == 0
    assert world.store.journal(cycle)[-1].event.actor == world.staff[KRISTINA]
    signed_in(desk, world, OLGA)
    asked = desk("note", "And the lift", staff="")
    assert asked.code == 2
    assert f"{KRISTINA}, {OLGA} have signed in here. Say who acts: --as NAME, or KIERROS_STAFF." in asked.sentence
    assert desk("note", "And the lift", staff=OLGA).code == 0
    assert world.store.journal(cycle)[-1].event.actor == world.staff[OLGA]


def test_signing_out_counts_at_once(desk: Desk, world: World):
    world.start(days_ago=20)
    signed_in(desk, world)
    signed_in(desk, world, OLGA)
    assert "Olga Sokolova is signed out here." in desk("logout", staff=OLGA).sentence
    assert desk("note", "x", staff=OLGA).code == 2
    assert desk("note", "x", staff="").code == 0
    token = next(iter(next(iter(json.loads(tokens.file().read_text()).values())).values()))
    assert "is signed out here" in desk("logout", staff="").sentence
    assert world.store.session(token, "terminal") is None
    assert json.loads(tokens.file().read_text()) == {}
    assert desk("logout", staff="").code == 2


def test_everywhere_is_everywhere(desk: Desk, world: World):
    signed_in(desk, world)
    elsewhere, _ = world.store.open_session(world.staff[KRISTINA], "portal")
    assert desk("logout", "--everywhere", staff=OLGA).code == 2
    assert "is signed out everywhere" in desk("logout", "--everywhere").sentence
    assert world.store.session(elsewhere, "portal") is None


def test_who_is_removed_is_signed_out(desk: Desk, world: World):
    world.start(days_ago=20)
    signed_in(desk, world)
    world.store.remove_staff(world.staff[KRISTINA])
    assert desk("note", "x", staff="").sentence.startswith("Nobody has signed in here.")


def test_who_has_signed_in_is_listed(desk: Desk, world: World):
    assert "Nobody has signed in on this computer." in desk("login", "--list").sentence
    signed_in(desk, world)
    (one,) = desk("login", "--list", "--json").data
    assert (one["staff"], one["name"]) == (world.staff[KRISTINA], KRISTINA)
    assert "kristina@library.example" in desk("login", "--list").out


def test_a_file_that_others_could_read_is_closed_and_said(desk: Desk, world: World, config: Path):
    world.start(days_ago=20)
    signed_in(desk, world)
    config.chmod(0o644)
    said = desk("note", "x")
    assert said.code == 0
    assert "Others could read" in said.sentence
    assert "kierros logout --everywhere" in said.sentence
    assert config.stat().st_mode & 0o777 == 0o600
    assert "Others could read" not in desk("note", "x").sentence


@pytest.mark.parametrize("words", ["{", "[]", '{"a": 1}', '{"a": {"s_x": 1}}'])
def test_a_file_that_is_broken_is_named(desk: Desk, world: World, config: Path, words: str):
    world.start(days_ago=20)
    config.parent.mkdir(parents=True)
    config.write_text(words)
    config.chmod(0o600)
    ran = desk("note", "x")
    assert ran.code == 2
    assert "tokens.json" in ran.sentence
    assert "kierros login" in ran.sentence


def test_a_session_counts_for_the_installation_it_was_opened_in(desk: Desk, world: World, tmp_path: Path):
    signed_in(desk, world)
    other = tmp_path / "other"
    other.mkdir()
    (other / "kierros.db").write_bytes((world.folder / "kierros.db").read_bytes())
    ran = desk("login", "--list", "--data", str(other))
    assert "Nobody has signed in on this computer." in ran.sentence


def test_nobody_is_known(desk: Desk, world: World, tmp_path: Path):
    for words in (["login"], ["note", "x"]):
        ran = desk(*words, "--data", str(tmp_path / "new"), staff="")
        assert ran.code == 2
        assert "kierros staff add NAME ADDRESS" in ran.sentence


def test_a_letter_that_cannot_be_sent_is_said(desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch):
    for name, value in (("TRANSPORT", "smtp"), ("SMTP_PORT", "1"), ("SMTP_SECURITY", "none")):
        monkeypatch.setenv(f"KIERROS_{name}", value)
    ran = desk("login", KRISTINA, staff="")
    assert ran.code == 3
    assert "The letter to kristina@library.example was not taken by 127.0.0.1:1" in ran.sentence


def test_doctor_tells_what_came_without_proof(world: World):
    from cli.checkup import turned_away

    assert list(turned_away(world.store)) == []
    for _ in range(2):
        world.store.note_security("decision_refused", door="engine", cycle="cycle-a", detail="approve: missing")
    world.store.note_security("answer_refused", door="inbox", cycle="cycle-b", detail="answer 7: other")
    world.store.note_security("decision_refused", door="engine", cycle="cycle-a", detail="move: expired")
    (found,) = turned_away(world.store)
    assert found.state == "note"
    said = re.sub(r"\d{4}-\d\d-\d\d \d\d:\d\d UTC", "then", found.found)
    assert said == (
        "a decision (move) with a proof that had expired was refused on then in cycle-a; "
        "an answer 7 with another's proof was refused on then in cycle-b; "
        "an approval without proof was refused 2 times in cycle-a, last on then"
    )
    world.store.note_security("decision_refused", door="engine", cycle="cycle-c", detail="cancel: missing")
    (found,) = turned_away(world.store)
    assert found.found.endswith("; and 2 more")


def test_doctor_tells_by_the_clocks_of_the_cycle_when_something_came_without_proof(world: World):
    from cli.checkup import turned_away

    cycle, at = world.start(), datetime.now(UTC).replace(microsecond=0) - timedelta(days=1)
    for later in (0, 3):
        world.store.note_security(
            "decision_refused", door="engine", cycle=cycle, detail="approve: other", at=at + timedelta(hours=later)
        )
    (found,) = turned_away(world.store)
    last = Names(world.store.get_plan(cycle)).moment(at + timedelta(hours=3))
    assert found.found == f"an approval with another's proof was refused 2 times in {cycle}, last on {last}"
