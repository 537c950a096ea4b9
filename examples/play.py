"""Plays one cycle of exchange from plan to report in a few minutes: ``make demo``.

It starts `kierros up` over a folder of its own, starts the plan of ``examples/<cycle>`` with its dates drawn together,
and plays everybody who is asked something: invited people, hosts, delegates and, where nobody sits at the terminal,
staff. They answer on the pages of the portal, to which their letters lead; the plan is started by command.
"""

from __future__ import annotations

import argparse
import contextlib
import os
import select
import shutil
import sys
import time
import webbrowser
from collections.abc import Callable
from pathlib import Path
from typing import Any, TextIO

from desk import OPEN, Desk, TooBusy, Trouble, stack
from players import A_READER, Players, to_read
from rich.console import Console, Group
from rich.live import Live
from rich.markdown import Markdown
from rich.panel import Panel
from story import Story, read_story
from visitor import PATIENCE

HERE = Path(__file__).parent
YEAR = 120.0
"""Seconds from the plan's first date to its last, where a command takes at most :data:`BRISK` seconds. On a slower or
busier machine the year takes as much longer."""
BRISK = 1.5
"""Seconds."""
SLOWEST = 4.0
"""At most so many times as long a year takes at the first try."""
AGAIN = 3.0
"""How many times as long the year takes when people could not keep up with it."""
LONGEST = 8.0
"""At most so many times as long it takes at any try."""
TRIES = 3
"""The last of them goes on where somebody comes too late, and tells it."""
EVERY = 0.5
"""Seconds between two looks at the cycle."""
AN_ANSWER = 60.0
"""Seconds that the question at the end waits."""
BANNER = """\
**This is practice.** Nothing leaves this computer. The people and their addresses are invented.
"""


def _slowness(desk: Desk) -> float:
    """How many times as long a command takes here as it may, between 1 and :data:`SLOWEST`."""
    begun = time.monotonic()
    for _ in range(3):
        desk.run("list")
    return min(SLOWEST, max(1.0, (time.monotonic() - begun) / 3 / BRISK))


def length(folder: Path, times: float, *, someone_there: bool) -> float:
    """Seconds of the year: with somebody at the keyboard so many more as the demo itself waits for her to read."""
    return YEAR * times + (A_READER * to_read(folder) if someone_there else 0)


def picture(shown: dict[str, Any], players: Players, seconds: float) -> Group:
    """The live board."""
    marks = {"done": "[green]✓[/]", "now": "[bold cyan]▶[/]", "later": "[dim]·[/]"}
    steps = [f"{marks.get(s['state'], ' ')} {s['title']}  [dim]{s['when']}[/]  {s['detail']}" for s in shown["steps"]]
    visits = [f"    {v['slot']}: {v['host'] or 'nobody yet'} – {v['stage']}" for v in shown["visits"]]
    places = shown["places"]
    counts = (
        f"Places {places['confirmed']}/{places['capacity']} · offered {places['offered']} · waiting {places['waiting']}"
    )
    waits = [f"[yellow]⏳ {p['id']} waits for the {p['role']}[/]" for p in shown["prompts"]]
    body = "\n".join([*steps, "", *visits, "", counts, *waits])
    story = "\n".join(players.story[-6:])
    return Group(Panel(body, title=f"The year, {seconds:.0f} s in"), Panel(story or "…", title="What happens"))


def play(desk: Desk, addresses: dict[str, Any], story: Story, folder: Path, console: Console, tried: int) -> str:
    """Runs the cycle to its end and gives back its id. ``tried``: how often people have not kept up with it.

    Raises:
        TooBusy: they did not this time either.
    """
    for name, address, language in story.staff:
        desk.run("staff", "add", name, address, "--language", language)
        desk.sign_in(name, address)
    there = at_the_keyboard(console)
    times = min(LONGEST, _slowness(desk) * AGAIN**tried)
    year = length(folder, times, someone_there=there)
    started = desk.run("start", str(folder / "plan.yaml"), "--finish-within", str(year))
    cycle = started.stdout.split()[0]
    console.print(f"The year takes {in_words(year)}.")
    console.print("Watch it in a browser:", f"{addresses['ui']}/namespaces/default/workflows/{cycle}", soft_wrap=True)
    console.print(
        f"The portal:            {addresses['portal']}/mailbox (everybody's letters; their links work)\n",
        soft_wrap=True,
    )
    players = Players(
        desk, addresses["portal"], cycle, folder, story, console,
        someone_there=there, can_begin_again=tried + 1 < TRIES, patience=PATIENCE * times,
    )  # fmt: skip
    with contextlib.closing(players):
        took = look_on(desk, cycle, players, console, 1.5 * year)
    console.print(f"\nThe year is over, {in_words(took)} after it began.")
    return cycle


def look_on(desk: Desk, cycle: str, players: Players, console: Console, most: float) -> float:
    """Shows the year until it is over, while everybody plays; gives back the seconds that it took.

    Raises:
        TooBusy: people did not keep up with it, or it does not end.
    """
    begun, shown = time.monotonic(), None
    with desk.watching(cycle) as watch, contextlib.ExitStack() as screen:
        live = screen.enter_context(Live(console=console, refresh_per_second=4)) if console.is_terminal else None
        while shown is None or shown["phase"] in OPEN:
            if time.monotonic() - begun - players.paused > most:
                raise TooBusy(f"The cycle did not end within {most:.0f} seconds; it is at {shown}.")
            time.sleep(EVERY)
            shown = watch.newest()
            if shown is not None:
                players.turn(shown, live)
                if live is not None:
                    live.update(picture(shown, players, time.monotonic() - begun))
        players.end()
    return time.monotonic() - begun


def in_words(seconds: float) -> str:
    """So many seconds, or minutes where they are more than two."""
    return f"{seconds:.0f} seconds" if seconds < 120 else f"{seconds / 60:.1f}".removesuffix(".0") + " minutes"


def epilogue(desk: Desk, addresses: dict[str, Any], cycle: str, console: Console, *, again: str, keep: bool) -> None:
    """Counts, and where to look. ``again``: what plays it so that everything stays."""
    console.print(desk.run("show", cycle).stdout)
    report = desk.data / "report.html"
    desk.run("report", cycle, "--html", str(report))
    letters = desk.data_of("letters", cycle) or []
    unsent = [letter for letter in letters if letter["state"] not in {"sent", "dropped"}]
    console.print(f"Letters: {sum(letter['state'] == 'sent' for letter in letters)} delivered, {len(unsent)} not.")
    view = f"{addresses['ui']}/namespaces/default/workflows/{cycle}"
    afterwards = "" if keep else "   (until the demo ends)"
    console.print(f"Portal        {addresses['portal']}{afterwards}", soft_wrap=True)
    console.print(f"Temporal UI   {view}{afterwards}", soft_wrap=True)
    console.print(f"Letters       {Path(addresses['mailbox']) / 'index.html'}", soft_wrap=True)
    console.print(f"Report        {report}", soft_wrap=True)
    if not keep:
        console.print(
            f"The portal and the Temporal UI stop with the demo. To look around in them as long as you like, play it "
            f"again with: {again}\nNext: kierros new, for a plan of your own.",
            soft_wrap=True,
        )


def offer(portal: str, console: Console, *, keep: bool) -> None:
    """Asks whoever sits there whether to look at the portal, which otherwise is about to be stopped."""
    if not at_the_keyboard(console):
        return
    console.print("\nOpen the portal in your browser, and look around? [bold]\\[Y/n][/] ", end="")
    if not wants(sys.stdin):
        return
    if not webbrowser.open(portal):
        console.print("No browser could be started here. Open the address above in one.")
    if not keep:
        console.print("It stays up until you press Enter.")
        sys.stdin.readline()


def at_the_keyboard(console: Console) -> bool:
    """Whether there is somebody to be asked."""
    return sys.stdin.isatty() and console.is_terminal and not os.environ.get("CI")


def wants(keyboard: TextIO) -> bool:
    """Her answer; Enter is a yes, and nothing within :data:`AN_ANSWER` seconds a no."""
    if not select.select([keyboard], [], [], AN_ANSWER)[0]:
        return False
    return keyboard.readline().strip().lower() in {"", "y", "yes"}


def whole_year(data: Path, folder: Path, story: Story, console: Console, tried: int, *, keep: bool) -> None:
    """One year from an empty folder to its report."""
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    desk = Desk(data, story.starter)
    with stack(desk, keep=keep) as addresses:
        cycle = play(desk, addresses, story, folder, console, tried)
        epilogue(desk, addresses, cycle, console, again=f"make demo CYCLE={folder.name} KEEP=1", keep=keep)
        offer(addresses["portal"], console, keep=keep)


def as_often_as_needed(year: Callable[[int], None], console: Console) -> None:
    """Plays the year, and where people cannot keep up with it, again and slower.

    Raises:
        TooBusy: not even the last of the :data:`TRIES` could be played.
    """
    for tried in range(TRIES):
        try:
            return year(tried)
        except TooBusy as busy:
            if tried + 1 == TRIES:
                raise
            console.print(f"{busy}\nThis machine is busy; the year begins again, slower.")
    return None


def main() -> int:
    """Plays the example that the command line names."""
    parser = argparse.ArgumentParser(description="Plays one cycle from plan to report.")
    parser.add_argument("cycle", nargs="?", default="kaliningrad-2012", help="a folder of examples/")
    parser.add_argument("--keep", action="store_true", help="leave the stack running")
    parser.add_argument("--data", type=Path, default=None, help="folder to play in (made anew)")
    args = parser.parse_args()
    folder, console = HERE / args.cycle, Console(highlight=False)
    if not (folder / "plan.yaml").exists():
        known = ", ".join(sorted(plan.parent.name for plan in HERE.glob("*/plan.yaml")))
        console.print(f"There is no example called {args.cycle}; there are {known}.")
        return 2
    data = args.data or HERE.parent / ".demo" / args.cycle
    try:
        story = read_story(folder)
        console.print(Panel(Markdown(BANNER + story.note), title="Kierros"))
        as_often_as_needed(lambda tried: whole_year(data, folder, story, console, tried, keep=args.keep), console)
    except Trouble as trouble:
        console.print(f"The demo stopped. {trouble}", style="red")
        return 1
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
