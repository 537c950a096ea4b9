"""The terminal that a command runs at: its flags, what it prints where, and what it may ask."""

from __future__ import annotations

import json
import os
import sys
import unicodedata
from collections.abc import Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console, RenderableType
from rich.text import Text

from cli.faults import Misused, OutOfReach, Refused

if TYPE_CHECKING:
    from runtime.settings import Settings
    from store.store import Store

Json = Annotated[bool, typer.Option("--json", help="Print data for programs instead of a page for people.")]
CycleId = Annotated[str, typer.Argument(metavar="ID", help="The cycle; needed only where several are open.")]
InCycle = Annotated[str, typer.Option("--cycle", metavar="ID", help="The cycle; needed only where several are open.")]
NO_REASON = "This needs a reason: --reason TEXT."
Reason = Annotated[str, typer.Option("--reason", metavar="TEXT", help="Why; kept with the decision.")]
Yes = Annotated[bool, typer.Option("--yes", "-y", help="Agree without being asked.")]


@dataclass
class Terminal:
    """One run of `kierros`. Data goes to stdout, everything said to people goes to stderr."""

    data_folder: Path | None = None
    acting: str = ""
    no_input: bool = False
    out: Console = field(default_factory=lambda: console(sys.stdout))
    err: Console = field(default_factory=lambda: console(sys.stderr))

    @cached_property
    def settings(self) -> Settings:
        """The settings of this run.

        Raises:
            Misused: a variable holds what it cannot mean.
        """
        from runtime.settings import SettingsFault, read_settings

        try:
            return read_settings(data=self.data_folder, staff=self.acting or None)
        except SettingsFault as why:
            raise Misused(str(why)) from None

    @cached_property
    def store(self) -> Store:
        """The record; its folder is made where it is not there yet."""
        from store.store import open_store

        if not self.settings.database:
            _made(self.settings.data)
        return open_store(self.settings.database_url, domain=self.settings.mail_domain)

    def close(self) -> None:
        """Lets go of the record."""
        if "store" in self.__dict__:
            self.store.close()

    @property
    def interactive(self) -> bool:
        """Whether somebody can be asked."""
        return not self.no_input and sys.stdin.isatty() and sys.stderr.isatty()

    def show(self, page: RenderableType) -> None:
        """Prints a page on stdout."""
        self.out.print(page)

    def line(self, words: str) -> None:
        """Prints one line of data on stdout; it is never broken in two where a program reads."""
        self.out.print(Text(plain(words)), soft_wrap=not self.out.is_terminal)

    def data(self, value: Any, *, on_one_line: bool = False) -> None:
        """Prints data as JSON on stdout, at once."""
        from pydantic_core import to_jsonable_python

        words = json.dumps(to_jsonable_python(value), ensure_ascii=False, indent=None if on_one_line else 2)
        sys.stdout.write(words + "\n")
        sys.stdout.flush()

    def say(self, words: str, style: str = "") -> None:
        """Says something to the person at the keyboard, on stderr."""
        self.err.print(Text(plain(words), style=style), soft_wrap=not self.err.is_terminal)

    def next(self, command: str, why: str = "") -> None:
        """Suggests what to do next, on stderr."""
        self.say(f"Next: {command}{f'   ({why})' if why else ''}", "dim")

    def ask(self, question: str, instead: str) -> str:
        """What the person at the keyboard types in answer.

        Raises:
            Misused: nobody can be asked; ``instead`` says which option answers it.
        """
        if not self.interactive:
            # a reason is no confirmation: --yes alone would be taken for the answer
            unasked = f"This asks for confirmation, and nobody can be asked here. {instead}"
            raise Misused(instead if instead == NO_REASON else unasked)
        self.err.print(Text(question, style="bold"), end=" ")
        return sys.stdin.readline().strip()

    def reason(self, given: str, question: str = "Why? (kept with the decision)") -> str:
        """The reason that was given, or else what the person at the keyboard answers.

        Raises:
            Misused: there is none.
        """
        found = (given or self.ask(question, NO_REASON)).strip()
        if not found:
            raise Misused(NO_REASON)
        return found

    def answer(self, question: str, default: str) -> str:
        """What somebody types in answer to a question that may be left open; the default where it is.

        Raises:
            Refused: whoever was asked has gone.
        """
        self.err.print(Text.assemble((plain(question), "bold"), (f" [{plain(default)}]: ", "dim")), end="")
        line = sys.stdin.readline()
        if not line:
            self.err.print()
            raise Refused("The conversation was broken off. Nothing was written.")
        return line.strip() or default


def _made(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as why:
        words = f"The data folder {folder} cannot be made ({why.strerror or why})."
        raise OutOfReach(f"{words} Name another with --data or KIERROS_DATA.") from None


_current: ContextVar[Terminal] = ContextVar("terminal")


def terminal() -> Terminal:
    """The terminal of the command that is running."""
    return _current.get()


def use(found: Terminal) -> None:
    """Makes it the terminal of the commands that follow."""
    _current.set(found)


def console(file: Any) -> Console:
    """A console that takes words as they are: no markup and no emoji in them, 80 columns where nobody looks."""
    width = None if file.isatty() or "COLUMNS" in os.environ else 80
    return Console(file=file, markup=False, emoji=False, highlight=False, width=width, legacy_windows=False)


def plain(words: str) -> str:
    """Words without control characters: a name must not move the cursor."""
    return "".join(map(_shown, words.replace("\r\n", "\n")))


def _shown(char: str) -> str:
    if char.isprintable() or char == "\n":
        return char
    return " " if unicodedata.category(char) == "Zs" else "�"


@contextmanager
def progress(words: str) -> Iterator[None]:
    """Says that something takes its time, on a terminal only."""
    here = terminal()
    if here.err.is_terminal:
        with here.err.status(words):
            yield
    else:
        yield
