"""Rehearsing: the whole year of a plan, or of a running cycle, by the very rules that will run. Nothing is sent."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.app import PLANNING, command
from cli.faults import Misused
from cli.pages import put, spare
from cli.terminal import Json, terminal

if TYPE_CHECKING:
    from cli.rehearsed import Stage
    from rehearsal.lines import Line
    from rehearsal.script import Script
    from rehearsal.year import Rehearsed

What = Annotated[str, typer.Argument(metavar="PLAN|ID", help="A plan file, or a running cycle by its id.")]
Play = Annotated[
    list[str] | None,
    typer.Option("--play", metavar="WORDS", help="What people do, e.g. “the first host declines, five cancel”."),
]
Moved = Annotated[
    tuple[str, str, str] | None,
    typer.Option("--move", metavar="STEP FIELD WHEN", help="What if this date moved? Of a visit: STEP/SLOT begins …"),
]


@command(
    "rehearse",
    PLANNING,
    "kierros rehearse plan.yaml",
    'kierros rehearse plan.yaml --play "the first host declines, five cancel, nobody answers in July"',
    "kierros rehearse plan.yaml --html year.html",
    "kierros rehearse --move opening begins 2027-02-16",
)
def rehearse(
    what: What = "",
    play: Play = None,
    move: Moved = None,
    svg: Annotated[Path | None, typer.Option(metavar="FILE", help="Draw the year into this file.")] = None,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="The picture with its table, as a page.")] = None,
    as_json: Json = False,
) -> None:
    """Play the whole year in a second: every letter, date and decision. Nothing is sent and nothing is kept."""
    from cli import casting, rehearsed

    spare(svg, html)
    script = _script(play or [])
    stage = rehearsed.of_plan(Path(what)) if _is_plan(what) else rehearsed.of_cycle(what)
    script = casting.cast_in(stage, script)
    year, lines = stage.play(script)
    if move is not None:
        stage = stage.moved(*move)
        year, after = stage.play(script)
    casting.check_played(year)
    if move is not None:
        if not as_json:
            _show_changes(lines, after)
        lines = after
    if as_json:
        terminal().data(rehearsed.as_data(stage, year, lines))
    elif move is None:
        terminal().show(rehearsed.table_of(lines))
    _draw(stage, year, lines, svg, html)
    _conclude(stage, year, move, html or svg)


def _is_plan(what: str) -> bool:
    return what.endswith((".yaml", ".yml")) or (bool(what) and Path(what).is_file())


def _script(sentences: list[str]) -> Script:
    from rehearsal.script import NotUnderstood, read_script

    try:
        return read_script(sentences)
    except NotUnderstood as why:
        raise Misused(str(why)) from None


def _show_changes(before: list[Line], after: list[Line]) -> None:
    from cli.rehearsed import changes_of

    here = terminal()
    page = changes_of(before, after)
    if page is None:
        here.say("Nothing else would change.")
    else:
        here.show(page)


def _draw(stage: Stage, year: Rehearsed, lines: list[Line], svg: Path | None, html: Path | None) -> None:
    if svg is None and html is None:
        return
    from cli.rehearsed import page_of
    from rehearsal import picture

    drawn = picture.draw(year.ends.plan, lines, f"The year of {stage.title}")
    if svg is not None:
        _write(svg, picture.svg(drawn))
    if html is not None:
        _write(html, picture.page(drawn, page_of(stage, year, lines)))


def _write(file: Path, words: str) -> None:
    put(file, words)
    terminal().say(f"Drawn: {file}")


def _conclude(stage: Stage, year: Rehearsed, move: tuple[str, str, str] | None, drawn: Path | None) -> None:
    from cli.rehearsed import conclusion

    here = terminal()
    here.say(conclusion(stage, year), "yellow" if year.stands_still else "green")
    here.say("This was a rehearsal: nothing was sent, nothing was kept.", "dim")
    if move is not None:
        step, slot = (*move[0].split("/", 1), "")[:2]
        option = f" --slot {slot}" if slot else ""
        here.next(f'kierros move {step} {move[1]} "{move[2]}"{option} --reason TEXT')
    elif drawn is None:
        here.next(f"kierros rehearse {stage.given} --html year.html".replace("  ", " "), "the year as a picture")
    else:
        here.next(f"kierros start {stage.given}" if stage.plan_file else "kierros show")
