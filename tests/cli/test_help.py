"""Help is grouped, shows an example for each command, and costs nothing."""

from __future__ import annotations

import re
import subprocess
import sys
from collections.abc import Iterator
from typing import Any

import pytest
import typer.main

from cli.app import app
from cli.main import COMMANDS, hoisted
from tests.cli.world import HOME, World

GROUPS = ("Running", "Planning", "Today", "Deciding", "People", "Set-up")
WANTED = {
    "accept",
    "answer",
    "amend",
    "approve",
    "attend",
    "backup",
    "cancel",
    "capacity",
    "check",
    "choose",
    "decline",
    "doctor",
    "extend",
    "feedback",
    "go-live",
    "history",
    "host",
    "letters",
    "list",
    "login",
    "logout",
    "money",
    "move",
    "new",
    "note",
    "handover",
    "nominate",
    "overdue",
    "people",
    "opt-out",
    "portal",
    "substitute",
    "recover",
    "register",
    "rehearse",
    "reject",
    "remind",
    "replace",
    "report",
    "restore",
    "resume",
    "settle",
    "show",
    "spend",
    "staff",
    "start",
    "suspend",
    "up",
    "waiting",
    "watch",
    "withdraw",
    "worker",
    "write",
}


def test_every_command_that_was_promised_is_there():
    assert COMMANDS
    group = typer.main.get_group(app)
    assert set(group.commands) == WANTED


def test_help_shows_the_groups_in_their_order_within_80_columns(world: World):
    ran = world.run("--help")
    assert ran.code == 0
    places = [ran.out.index(f" {group} ") for group in GROUPS]
    assert places == sorted(places)
    assert max(map(len, ran.out.splitlines())) <= 80


@pytest.mark.parametrize("command", sorted(WANTED - {"staff", "people"}))
def test_each_command_has_an_example_and_says_what_it_does(command: str):
    found = typer.main.get_group(app).commands[command]
    assert found.help
    assert f"$ kierros {command}" in (found.epilog or "") or f"kierros {command}" in (found.epilog or "")


def test_a_subcommand_explains_itself(world: World):
    ran = world.run("start", "--help")
    assert ran.code == 0
    assert "kierros start plan.yaml --finish-within 120" in ran.out


def pages(name: str = "", group: Any = None) -> Iterator[tuple[str, Any]]:
    """Every command by its whole name, those of the groups too."""
    group = group or typer.main.get_group(app)
    yield name.strip(), group
    for word, found in getattr(group, "commands", {}).items():
        yield from pages(f"{name} {word}", found)


def test_help_never_shows_a_type_of_python():
    """``--yes <bool>`` reads as if a word had to follow."""
    for name, found in pages():
        ctx = typer.Context(found)
        shown = {one.name: one.display_type_rich(ctx) for one in found.get_params(ctx)}
        assert not [one for one, word in shown.items() if word and word.startswith("<")], (name, shown)
        assert all(word for one, word in shown.items() if takes_a_word(found, one)), (name, shown)
        assert all("|" in piece or "{" not in piece for piece in found.collect_usage_pieces(ctx)), name


def takes_a_word(found: Any, name: str) -> bool:
    """Whether it is an option after which a word is typed."""
    return any(
        one.name == name and one.param_type_name == "option" and not one.is_flag and not one.count
        for one in found.params
    )


def test_flags_stand_bare_and_values_have_a_word(world: World):
    lines = world.run("approve", "--help").out.splitlines()
    assert re.search(r"--yes +-y +Agree without being asked", "\n".join(lines))
    assert re.search(r"--step +STEP +The decision", "\n".join(lines))
    assert "Usage: kierros host [OPTIONS] HOST {confirm|decline|propose}" in world.run("host", "--help").out


def test_help_breaks_lines_where_the_terminal_ends(world: World):
    assert " opens that shows whom it touches and what clashes. " in world.run("host", "--help").out


def test_what_may_be_chosen_about_is_named(world: World):
    said = " ".join(world.run("choose", "--help").out.split())
    for part in ("another host, a host's wish to move its visit", "who gets a place", "money that is short"):
        assert part in said


READERS = [["--help"], ["list"], ["show"], ["waiting"], [], ["history"], ["letters"], ["check", "x"]]


@pytest.mark.parametrize("words", READERS, ids=" ".join)
def test_what_only_reads_never_imports_the_engine(world: World, words: list[str]):
    world.start(days_ago=20)
    program = (
        "import sys; from cli.main import run; run(sys.argv[1:]);"
        "sys.exit(3 if any(name.partition('.')[0] == 'temporalio' for name in sys.modules) else 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", program, *words],
        cwd=HOME, env={"PATH": "/usr/bin", "KIERROS_DATA": str(world.folder)}, capture_output=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr


def test_help_does_not_open_the_record(world: World):
    program = "import sys; from cli.main import run; run(['--help']); sys.exit('sqlalchemy' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", program], cwd=HOME, capture_output=True, check=False).returncode == 0


def test_what_holds_everywhere_may_stand_anywhere():
    assert hoisted(["list", "--data", "x", "--json"]) == ["--data", "x", "list", "--json"]
    assert hoisted(["approve", "--as=Olga", "p", "--no-input"]) == ["--as=Olga", "--no-input", "approve", "p"]
    assert hoisted(["register", "--", "--as"]) == ["register", "--", "--as"]


def test_the_version_is_one_line_of_data(world: World):
    ran = world.run("--version")
    assert re.fullmatch(r"kierros \d+\.\d+\.\d+\n", ran.out)
