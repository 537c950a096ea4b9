"""Boards and lists as pages of at most 80 columns: calm tables, clear headings, nothing told by colour alone."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cli.board import Board, PromptLine, StepLine
from cli.names import money, plural
from cli.terminal import plain
from cli.times import at_place, away

_MARKS = {"done": "✓", "now": "▶", "ready": "◦", "later": "·", "dropped": "×"}
_STYLES = {"done": "green", "now": "bold", "ready": "", "later": "dim", "dropped": "dim strike"}


def heading(words: str, beside: str = "") -> RenderableType:
    """A heading with something small beside it."""
    text = Text(plain(words), style="bold")
    if beside:
        text.append(f"  {plain(beside)}", style="not bold dim")
    return Padding(text, (1, 0, 0, 0))


def table(*columns: str, header: bool = True) -> Table:
    """A calm table: no frame, a line under the headings."""
    made = Table(box=box.SIMPLE_HEAD if header else None, show_header=header, pad_edge=False, header_style="dim")
    made.padding = (0, 2, 0, 0)
    for name in columns:
        made.add_column(name, overflow="fold")
    return made


def cell(words: str, style: str = "") -> Text:
    """Words for one cell, whatever they hold."""
    return Text(plain(words), style=style)


def board_page(board: Board, now: datetime) -> RenderableType:
    """One cycle at a glance."""
    parts: list[RenderableType] = [heading(board.theme, f"{board.programme} {board.year}")]
    practice = " · practice: nothing leaves this computer" if board.practice else ""
    parts += [cell(f"{board.id} · {board.phase}{practice}", "dim"), Text(""), _steps(board.steps)]
    if any(visit.stage != "planned" for visit in board.visits):
        parts += [heading("Visits"), _visits(board)]
    if board.prompts:
        parts += [heading("Waiting", plural(len(board.prompts), "decision")), *prompts(board.prompts, board, now)]
    if board.ahead:
        parts += [heading("Ahead"), _ahead(board, now)]
    if board.money["cap"]:
        parts += [heading("Money"), cell(_money(board))]
    return Group(*parts)


def _steps(steps: Iterable[StepLine]) -> Table:
    made = table("", "", "", "", header=False)
    for step in steps:
        style = _STYLES[step.state]
        made.add_row(
            cell(f"{_MARKS[step.state]} {step.state}", style),
            cell(step.title, style),
            cell(step.when, style),
            cell(step.detail, style),
        )
    return made


def _visits(board: Board) -> Table:
    made = table("", "", "", "", header=False)
    for visit in board.visits:
        before = f"before: {', '.join(visit.tried)}" if visit.tried else ""
        made.add_row(
            cell(visit.slot),
            cell(visit.when),
            cell("\n".join(filter(None, (visit.host or "nobody now", before)))),
            cell(visit.stage.replace("_", " ")),
        )
    return made


def prompts(lines: Iterable[PromptLine], board: Board | None, now: datetime, zone: str = "") -> list[RenderableType]:
    """Decisions that wait, each in a small block."""
    pages: list[RenderableType] = []
    for line in lines:
        place = board.zone if board else zone
        due = f"due {at_place(line.due, place)} ({away(line.due, now)})"
        style = "bold red" if line.overdue(now) else ""
        pages += [
            Text.assemble((line.id, "bold"), "  ", (("overdue: " if line.overdue(now) else "") + due, style)),
            Padding(cell(f"{line.asks[:1].upper()}{line.asks[1:]}."), (0, 0, 0, 2)),
            Padding(cell(_whose(line, board), "dim"), (0, 0, 0, 2)),
        ]
    return pages


def _whose(line: PromptLine, board: Board | None) -> str:
    people = f": {', '.join(line.people)}" if line.people else ", a role that nobody holds"
    return f"For the {line.role}{people}" + ("" if board else f" · {line.cycle}")


def _ahead(board: Board, now: datetime) -> Table:
    made = table("", "", "", header=False)
    for line in board.ahead:
        made.add_row(cell(at_place(line.at, board.zone)), cell(away(line.at, now), "dim"), cell(line.what))
    return made


def _money(board: Board) -> str:
    said = board.money
    words = [f"{money(said['currency'], said[key])} {key}" for key in ("committed", "settled")]
    return (
        f"{', '.join(words)} of {money(said['currency'], said['cap'])}; {money(said['currency'], said['free'])} free."
    )
