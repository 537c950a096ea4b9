"""The commands, in the groups that help shows."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import typer
from typer.core import TyperCommand, TyperGroup

P = ParamSpec("P")
R = TypeVar("R")

RUNNING = "Running"
PLANNING = "Planning"
TODAY = "Today"
DECIDING = "Deciding"
PEOPLE = "People"
SETUP = "Set-up"

ORDER = (
    "up", "portal", "worker",
    "backup", "restore", "recover",
    "new", "check", "rehearse", "start",
    "list", "show", "watch", "waiting", "history", "letters", "settle", "overdue", "report", "money",
    "approve", "reject", "choose", "amend", "move", "capacity", "remind", "suspend", "resume", "cancel",
    "write", "note", "spend", "handover",
    "register", "answer", "withdraw", "accept", "decline", "nominate", "substitute", "replace", "opt-out", "host",
    "extend", "attend", "feedback", "people",
    "staff", "login", "logout", "go-live", "doctor",
)  # fmt: skip
"""All commands, in the order in which help shows them and, with them, their groups."""


class Ordered(TyperGroup):
    """Lists the commands as :data:`ORDER` does."""

    def list_commands(self, _ctx: Any) -> list[str]:
        return [name for name in ORDER if name in self.commands]


app = typer.Typer(
    name="kierros",
    cls=Ordered,
    add_completion=False,
    no_args_is_help=False,
    rich_markup_mode="rich",
    pretty_exceptions_enable=False,
    context_settings={"help_option_names": ["-h", "--help"]},
)

_EVERYWHERE = "[dim]Everywhere: --data DIR, --as NAME, --no-input.[/]"


def examples(*lines: str) -> str:
    """What stands below a command's help."""
    shown = (f"  $ {line.replace('[', chr(92) + '[')}" for line in lines)
    return "\n".join(["[bold]Examples[/]", *shown, "", _EVERYWHERE])


class Named(TyperCommand):
    """A command that takes ``--cycle ID`` also where the cycle is its one argument: elsewhere it is an option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if [one.name for one in self.params if one.param_type_name == "argument"] == ["cycle"]:
            args = [word.removeprefix("--cycle=") for word in args if word != "--cycle"]
        found: list[str] = super().parse_args(ctx, args)
        return found


def command(name: str, group: str, *shown: str, to: typer.Typer = app) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Makes a function the command ``name`` of a help group, with the examples ``shown``."""

    def register(function: Callable[P, R]) -> Callable[P, R]:
        panel = group if to is app else None
        to.command(name, cls=Named, rich_help_panel=panel, epilog=examples(*shown))(function)
        return function

    return register
