"""Where things stand: `list`, `show`, `watch` and `waiting`. They read the record and nothing else."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Annotated

import typer

from cli.app import TODAY, command
from cli.faults import Misused
from cli.terminal import CycleId, Json, terminal

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from store.models import CycleRow
    from telling.board import Board, PromptLine


@command("list", TODAY, "kierros list", "kierros list --json")
def list_cycles(as_json: Json = False) -> None:
    """List all cycles, the open ones first."""
    from cli.whatnext import suggest

    here = terminal()
    rows = here.store.cycles()
    if as_json:
        here.data([row.model_dump(mode="json") for row in rows])
        return
    if not rows:
        here.say("There is no cycle yet.")
        suggest()
        return
    for row in rows:
        here.show(_cycle(row))
    here.next(f"kierros show {rows[0].id}")


def _cycle(row: CycleRow) -> RenderableType:
    """One cycle in two lines."""
    from rich.console import Group
    from rich.text import Text

    from cli.show import cell
    from telling.counts import plural
    from telling.names import in_english

    where = f"at {row.step}" if row.phase == "running" else _standstill(row) or row.phase
    words = [in_english(row.theme_name, row.theme), where, plural(row.registered, "participant")]
    words += ["practice"] if row.practice else []
    words += {"pending": ["not begun yet"], "lost": ["stands still"]}.get(row.engine, [])
    return Group(Text(row.id, style="bold"), cell(f"  {' · '.join(words)}"))


def _standstill(row: CycleRow) -> str:
    """Why it stands still; empty where it does not."""
    from cli.record import looked_up
    from telling.board import still_line

    line = still_line(*looked_up(row.id)) if row.phase == "suspended" else None
    return f"suspended {line}" if line else ""


@command(
    "show",
    TODAY,
    "kierros show",
    "kierros show cycle-riga-2027-youth --json",
    "kierros show --needs",
    "kierros show --needs --nameless",
    "kierros show --learned",
)
def show(
    cycle: CycleId = "",
    needs: Annotated[bool, typer.Option("--needs", help="Instead: what people told as they registered.")] = False,
    nameless: Annotated[bool, typer.Option("--nameless", help="With --needs: without names, for a caterer.")] = False,
    learned: Annotated[bool, typer.Option("--learned", help="Instead: what people learned, and from whom.")] = False,
    as_json: Json = False,
) -> None:
    """Show where a cycle stands: steps, places, hosts, money, what waits, and the newest notes.

    With --needs it shows what those who have a place eat and need, to whoever looks after the group. That is sensitive:
    you have to be signed in, and each look is noted.
    """
    if nameless and not needs:
        raise Misused("--nameless goes with --needs.")
    if needs and learned:
        raise Misused("Ask for --needs or --learned, one after the other.")
    if learned:
        from cli.needing import show_learned

        show_learned(cycle, as_json)
        return
    if needs:
        from cli.needing import show_needs

        show_needs(cycle, nameless, as_json)
        return
    from cli.noting import LAST, notes
    from cli.record import latest_id
    from cli.show import heading, notes_table

    here = terminal()
    board = _board(latest_id(cycle))
    written = notes(board.id, LAST)
    if as_json:
        here.data({**board.as_data(), "notes": written})
        return
    here.show(_page(board))
    if written:
        here.show(heading("Notes"))
        here.show(notes_table(written))
    suggest(board)


@command("watch", TODAY, "kierros watch", "kierros watch --once", "kierros watch --json")
def watch(
    cycle: CycleId = "",
    once: Annotated[bool, typer.Option("--once", help="Show it once and end.")] = False,
    as_json: Json = False,
) -> None:
    """Watch a cycle live, until it ends or you press Ctrl-C.

    With --json it prints one line of data at once, and another whenever something has changed.
    """
    from cli.record import latest_id

    here, wanted = terminal(), latest_id(cycle)
    board = _board(wanted)
    if as_json:
        _tell(wanted, board, once=once)
        return
    if once or not here.out.is_terminal:
        here.show(_page(board))
    else:
        board = _follow(wanted, board)
    suggest(board)


def _tell(cycle: str, board: Board, *, once: bool) -> None:
    """The board as data, line by line."""
    last = None
    while True:
        if board != last:
            terminal().data(board.as_data(), on_one_line=True)
        if once or board.phase not in {"running", "suspended"}:
            return
        try:
            time.sleep(1)
        except KeyboardInterrupt:
            return
        last, board = board, _board(cycle)


def _follow(cycle: str, board: Board) -> Board:
    from rich.live import Live

    with Live(_page(board), console=terminal().out, auto_refresh=False, vertical_overflow="crop") as live:
        while board.phase in {"running", "suspended"}:
            try:
                time.sleep(1)
            except KeyboardInterrupt:
                break
            board = _board(cycle)
            live.update(_page(board), refresh=True)
    return board


@command("waiting", TODAY, "kierros waiting", "kierros waiting --json")
def waiting(cycle: CycleId = "", as_json: Json = False) -> None:
    """List all decisions that wait: for whom, since when, due when."""
    from rich.console import Group

    from cli.record import readable_cycles
    from cli.show import prompts
    from telling.times import now

    here = terminal()
    ids = [here.store.cycle(cycle).id] if cycle else [row.id for row in readable_cycles()]
    lines = [line for wanted in ids for line in _waiting(wanted, alone=bool(cycle))]
    if as_json:
        here.data([vars(line) for line in lines])
        return
    if not lines:
        here.say("Nothing waits for a decision.")
        return
    here.show(Group(*prompts(lines, now(), cycle=len(ids) > 1)))
    if able := [line for line in lines if not line.paused]:
        suggest_answer(able, f"kierros show {able[0].cycle}")
    else:
        here.next(f"kierros resume {lines[0].cycle}")


def _waiting(cycle: str, *, alone: bool) -> tuple[PromptLine, ...]:
    """The open decisions of one cycle, from the table of prompts; only a few need the state behind them.

    Where it is not alone, one that needs a newer release is named on stderr, and hides no other.
    """
    from cli.record import looked_up, names_in
    from exchange.groups import PREFIX
    from store.faults import CycleNewer
    from telling.board import prompt_lines
    from telling.heldup import may_be_late
    from telling.times import now

    store = terminal().store
    try:
        waiting = [row.prompt for row in store.prompts(cycle)]
    except CycleNewer as why:
        if alone:
            raise
        terminal().say(str(why), "yellow")
        return ()
    plan, paused = store.get_plan(cycle), store.cycle(cycle).phase == "suspended"
    if any(p.about in {"wish", "host"} or p.step.startswith(PREFIX) or may_be_late(plan, p, now()) for p in waiting):
        state, names = looked_up(cycle)
        return prompt_lines(waiting, names, paused=paused, known=(store, state))
    return prompt_lines(waiting, names_in(plan), paused=paused)


def suggest(board: Board) -> None:
    """The command that follows from where a cycle stands."""
    here = terminal()
    if board.suspended:
        here.next(f"kierros resume {board.id}")
    elif board.prompts:
        suggest_answer(board.prompts)
    elif board.phase == "finished":
        here.next(f"kierros report {board.id}")
    else:
        here.next(f"kierros history {board.id}")


def suggest_answer(lines: Sequence[PromptLine], otherwise: str = "kierros waiting") -> None:
    """Suggests the command that answers the first decision which somebody who has signed in here may take."""
    from cli.signed import standing

    store = terminal().store
    here = {one.name for one in store.get_staff([session.staff for session in standing()]).values()}
    ours = next((line for line in lines if not here or here & {*line.people}), None)
    terminal().next(answering(ours) if ours else otherwise, "" if ours else "each decision waits for somebody else")


def answering(line: PromptLine) -> str:
    """The command that answers a decision, or that must come before it."""
    if line.first:
        return line.first
    if "approve" in line.options:
        return f"kierros approve {line.id}"
    return f"kierros choose {line.id} {'|'.join(line.options)}"


def _board(cycle: str) -> Board:
    from cli.record import looked_up
    from telling.board import board_of

    return board_of(*looked_up(cycle), terminal().store)


def _page(board: Board) -> RenderableType:
    from cli.show import board_page
    from telling.times import now

    return board_page(board, now())
