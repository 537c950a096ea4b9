"""`kierros`: reads the command line, runs the command, and says in one sentence what stood in its way."""

from __future__ import annotations

import os
import sys
import traceback
from functools import cache
from pathlib import Path
from typing import Annotated, Any

import typer

from cli import (
    amending,
    amendment,
    answering,
    beginning,
    belated,
    deciding,
    extending,
    handing,
    health,
    hosting,
    importing,
    linking,
    noting,
    people,
    personal,
    placing,
    planning,
    reading,
    recovering,
    rehearsing,
    replacing,
    reporting,
    running,
    saving,
    setup,
    signing_in,
    spending,
    standstill,
    today,
    undelivered,
    writing,
)
from cli.app import app
from cli.boundary import explained
from cli.terminal import Json, Terminal, terminal, use

COMMANDS = (
    running,
    beginning,
    planning,
    rehearsing,
    today,
    reading,
    reporting,
    undelivered,
    belated,
    deciding,
    people,
    personal,
    linking,
    answering,
    placing,
    replacing,
    extending,
    hosting,
    importing,
    amending,
    standstill,
    amendment,
    writing,
    noting,
    spending,
    handing,
    setup,
    signing_in,
    health,
    recovering,
    saving,
)
"""Modules whose commands are known by being imported."""

_WITH_VALUE = ("--data", "--as")
_FLAGS = ("--no-input",)


@app.callback(invoke_without_command=True)
def kierros(
    context: typer.Context,
    data: Annotated[
        Path | None,
        typer.Option("--data", metavar="DIR", envvar="KIERROS_DATA", help="The folder where everything is kept."),
    ] = None,
    acting: Annotated[
        str, typer.Option("--as", metavar="NAME", envvar="KIERROS_STAFF", help="Who acts, of those signed in here.")
    ] = "",
    no_input: Annotated[bool, typer.Option("--no-input", help="Ask nothing; fail where one must be asked.")] = False,
    as_json: Json = False,
    version: Annotated[bool, typer.Option("--version", help="Print the version.")] = False,
) -> None:
    """Run exchange cycles between libraries: plan, invite, visit, report.

    Without a command it shows today: what waits for whom, the next 14 days, and what is wrong.
    """
    use(Terminal(data, acting, no_input))
    if version:
        from importlib.metadata import version as installed

        sys.stdout.write(f"kierros {installed('kierros')}\n")
    elif context.invoked_subcommand is None:
        today.today(as_json)


def main() -> None:
    """The program. Ends the process with the exit code of the command."""
    code = run(sys.argv[1:])
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except OSError:
            code = code or 1
    # a short-lived process that used the SDK may abort while it is torn down, after all is done
    if "temporalio" in sys.modules:
        os._exit(code)
    sys.exit(code)


def run(words: list[str]) -> int:
    """Runs one command line and returns its exit code; a fault is one sentence on stderr."""
    use(Terminal())
    try:
        code = _commands()(hoisted(words), prog_name="kierros", standalone_mode=False)
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:
        sys.stdout = open(os.devnull, "w", encoding="utf-8")  # noqa: PTH123, SIM115 - nobody reads on; silence the end
        return 1
    except Exception as error:  # noqa: BLE001 - the boundary: every fault becomes a sentence and an exit code
        if os.environ.get("KIERROS_DEBUG") == "1":
            traceback.print_exc()
        sentence, code = explained(error)
        terminal().say(sentence, "red")
    finally:
        terminal().close()
    return code if isinstance(code, int) else 0


@cache
def _commands() -> Any:
    """All commands, as they are parsed: put together once in a process, however many lines are typed in it."""
    return typer.main.get_command(app)


def hoisted(words: list[str]) -> list[str]:
    """The words with the options that hold everywhere moved to the front, so that they may stand anywhere."""
    front: list[str] = []
    rest: list[str] = []
    queue = list(words)
    while queue:
        word = queue.pop(0)
        if word == "--":
            rest += [word, *queue]
            break
        if word in _FLAGS or word.startswith(tuple(f"{option}=" for option in _WITH_VALUE)):
            front.append(word)
        elif word in _WITH_VALUE and queue:
            front += [word, queue.pop(0)]
        else:
            rest.append(word)
    return front + rest
