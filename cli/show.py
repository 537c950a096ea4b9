"""Boards and lists as pages of at most 80 columns: calm tables, clear headings, nothing told by colour alone."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

from rich import box
from rich.console import Group, RenderableType
from rich.padding import Padding
from rich.table import Table
from rich.text import Text

from cli.terminal import plain
from telling.board import Board, ComingLine, PromptLine
from telling.counts import plural
from telling.names import money
from telling.steplines import StepLine
from telling.times import away

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
    practice = "practice: nothing leaves this computer" if board.practice else ""
    parts: list[RenderableType] = [
        heading(board.theme, board.phase),
        cell(f"{board.programme} {board.year}"),
        cell(" · ".join(filter(None, (board.id, practice))), "dim"),
        Text(""),
        *([cell(f"Suspended {board.suspended}"), Text("")] if board.suspended else []),
        *(line for said in (board.overrun, board.empty) if said for line in (cell(said, "yellow"), Text(""))),
        _steps(board.steps),
    ]
    if any(visit.stage != "planned" for visit in board.visits):
        parts += [heading("Visits"), _visits(board)]
    if board.prompts:
        parts += [heading("Waiting", plural(len(board.prompts), "decision")), *prompts(board.prompts, now)]
    if board.ahead:
        parts += [heading("Ahead"), ahead(board.ahead, now)]
    if board.money["cap"]:
        parts += [heading("Money"), cell(_money(board))]
    return Group(*parts)


def _steps(steps: Iterable[StepLine]) -> Table:
    made = table("", "", "", "", header=False)
    for step in steps:
        style = _STYLES[step.state]
        name = cell(step.id, style)
        if step.title.casefold() != step.id.replace("-", " ").casefold():
            name.append(f"\n{plain(step.title)}", "dim")
        made.add_row(
            cell(f"{_MARKS[step.state]} {step.state}", style), name, cell(step.when, style), cell(step.detail, style)
        )
    return made


def _visits(board: Board) -> Table:
    made = table("", "", "", "", header=False)
    for visit in board.visits:
        before = f"before: {', '.join(visit.tried)}" if visit.tried else ""
        who = cell("\n".join(filter(None, (visit.host or "nobody now", before, visit.still_coming))))
        made.add_row(cell(visit.slot), cell(visit.when), who, cell(visit.stage.replace("_", " ")))
    return made


def prompts(lines: Iterable[PromptLine], now: datetime, *, cycle: bool = False) -> list[RenderableType]:
    """Decisions that wait, each in a small block; with the cycle's id where several cycles are shown."""
    pages: list[RenderableType] = []
    for line in lines:
        late = line.overdue(now)
        due = f"{'overdue since' if late else 'due'} {line.when} ({away(line.due, now)})"
        if line.paused:
            due = "waits until the cycle goes on"
        pages += [
            Text.assemble((line.id, "bold"), "  ", (due, "bold red" if late else "")),
            Padding(cell(f"{line.asks[:1].upper()}{line.asks[1:]}."), (0, 0, 0, 2)),
            *(Padding(cell(detail), (0, 0, 0, 4)) for detail in line.details),
            Padding(cell(_whose(line), "dim"), (0, 0, 0, 2)),
        ]
        if "approve" not in line.options:
            pages.append(Padding(cell(f"Choose: {', '.join(line.options)}", "dim"), (0, 0, 0, 2)))
        if cycle:
            pages.append(Padding(cell(line.cycle, "dim"), (0, 0, 0, 2)))
    return pages


def _whose(line: PromptLine) -> str:
    return f"For the {line.role}: {', '.join(line.people) or 'nobody holds that role'}"


def notes_table(lines: Iterable[Mapping[str, Any]]) -> Table:
    """Notes, each with when it was taken."""
    made = table("", "", header=False)
    for line in lines:
        made.add_row(cell(line["when"], "dim"), cell(line["sentence"]))
    return made


def ahead(lines: Iterable[ComingLine], now: datetime) -> Table:
    """Dates to come."""
    made = table("", "", "", header=False)
    for line in lines:
        made.add_row(cell(line.when), cell(away(line.at, now), "dim"), cell(line.what))
    return made


def _money(board: Board) -> str:
    said = board.money
    words = [f"{money(said['currency'], said[key])} {key}" for key in ("committed", "settled")]
    left = f"{money(said['currency'], abs(said['free']))} {'free' if said['free'] >= 0 else 'short'}"
    return f"{', '.join(words)} of {money(said['currency'], said['cap'])}; {left}."
