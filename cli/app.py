"""The commands, in the groups that help shows."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from typing import Any, ParamSpec, TypeVar

import typer
from typer.core import TyperArgument, TyperCommand, TyperGroup, TyperOption

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


def _no_type(ctx: Any) -> None:
    """What help shows as the type of a flag, which takes no value, and of an argument, which has its name already."""


class Plain:
    """Shows no types of Python's in help: ``--yes <bool>`` reads as if a word had to follow."""

    def get_params(self, ctx: Any) -> list[Any]:
        params: list[Any] = super().get_params(ctx)  # type: ignore[misc]
        for one in params:
            if isinstance(one, TyperArgument) or (isinstance(one, TyperOption) and one.is_flag):
                one.display_type_rich = _no_type  # type: ignore[method-assign]
        return params

    def collect_usage_pieces(self, ctx: Any) -> list[str]:
        """What is needed stands bare, as everywhere on a terminal, and in braces only where one of several is typed."""
        pieces: list[str] = super().collect_usage_pieces(ctx)  # type: ignore[misc]
        return [piece if "|" in piece else piece.replace("{", "").replace("}", "") for piece in pieces]


class Group(Plain, TyperGroup):
    """Several commands under one word."""


class Ordered(Group):
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


class Named(Plain, TyperCommand):
    """A command that takes ``--cycle ID`` also where the cycle is its one argument: elsewhere it is an option."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        if [one.name for one in self.params if one.param_type_name == "argument"] == ["cycle"]:
            args = [word.removeprefix("--cycle=") for word in args if word != "--cycle"]
        found: list[str] = super().parse_args(ctx, args)
        return found


def _told(function: Callable[..., Any]) -> str:
    """Its docstring, with each paragraph on one line: help breaks lines by itself, where the terminal ends."""
    return "\n\n".join(" ".join(part.split()) for part in (inspect.getdoc(function) or "").split("\n\n"))


def command(name: str, group: str, *shown: str, to: typer.Typer = app) -> Callable[[Callable[P, R]], Callable[P, R]]:
    """Makes a function the command ``name`` of a help group, with the examples ``shown``."""

    def register(function: Callable[P, R]) -> Callable[P, R]:
        panel = group if to is app else None
        told, below = _told(function), examples(*shown)
        to.command(name, cls=Named, help=told, rich_help_panel=panel, epilog=below)(function)
        return function

    return register
