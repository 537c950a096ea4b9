"""Help is grouped, shows an example for each command, and costs nothing."""

from __future__ import annotations

import re
import subprocess
import sys

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
