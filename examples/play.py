"""Plays one cycle of exchange from plan to report in some two minutes: ``make demo``.

It starts `kierros up` over a folder of its own, starts the plan of ``examples/<cycle>`` with its dates drawn together,
and plays everybody who is asked something: invited people, hosts, delegates and, where nobody sits at the terminal,
staff. It does so by the public commands alone, as people would.
"""

from __future__ import annotations

import argparse
import contextlib
import csv
import json
import os
import select
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from rich.console import Console, Group
from rich.live import Live
from rich.markdown import Markdown
from rich.panel import Panel
from rich.text import Text

HERE = Path(__file__).parent
KIERROS = str(Path(sys.executable).with_name("kierros"))
STAFF = (
    ("Kristina Virtanen", "kristina.virtanen@helsinki-city.example", "fi"),
    ("Olga Sokolova", "olga.sokolova@regional-library.example", "ru"),
    ("Antti Laine", "antti.laine@helsinki-city.example", "en"),
)
STARTER = "Olga Sokolova"
YEAR = 120.0
"""Seconds from the plan's first date to its last, where a command takes a second. People answer by commands, so on a
slower or busier machine the year takes as much longer."""
AGAIN = 3.0
"""How many times as long the year takes when people could not keep up with it the first time."""
SLOWEST = 5.0
"""At most so many times as long."""
A_READER = 20.0
"""Seconds that a decision waits for the person at the keyboard before its played holder goes on: dates do not wait."""
BANNER = """\
**This is practice.** Nothing leaves this computer. The people and their addresses are invented.
The co-operation of libraries that this plan recalls ended in 2022."""


class Trouble(Exception):
    """The demo cannot go on; the sentence says why."""


class TooBusy(Trouble):
    """The people could not keep up with the year: the machine was busier than it seemed."""


class Desk:
    """Kierros' command line over one data folder."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self.environment = {**os.environ, "KIERROS_DATA": str(data), "PYTHONUNBUFFERED": "1"}
        for name in ("KIERROS_DATABASE", "KIERROS_TRANSPORT", "KIERROS_STAFF", "TEMPORAL_ADDRESS"):
            self.environment.pop(name, None)

    def run(self, *words: str, acting: str = STARTER, fails: bool = False) -> subprocess.CompletedProcess[str]:
        """One command. Raises Trouble where it fails and may not."""
        command = [KIERROS, *words, "--as", acting, "--no-input"]
        done = subprocess.run(command, env=self.environment, capture_output=True, text=True, check=False)
        if done.returncode and not fails:
            raise Trouble(f"`kierros {' '.join(words)}` said: {done.stderr.strip() or done.stdout.strip()}")
        return done

    def data_of(self, *words: str) -> Any:
        """What a command prints as data; None where it has nothing to say just now."""
        done = self.run(*words, "--json", fails=True)
        return json.loads(done.stdout) if done.returncode == 0 and done.stdout.strip() else None


@contextlib.contextmanager
def stack(desk: Desk, *, keep: bool) -> Iterator[dict[str, Any]]:
    """`kierros up` in the background, and its addresses."""
    log = (desk.data / "up.log").open("ab")
    process = subprocess.Popen(
        [KIERROS, "up"], env=desk.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log, start_new_session=True
    )
    try:
        yield _addresses(desk, process)
    except Trouble:
        keep = False  # of a year that broke off nothing is left to look at
        raise
    finally:
        if keep and process.poll() is None:
            print(f"The stack stays up. To stop it: kill {process.pid}")
        else:
            with contextlib.suppress(ProcessLookupError):
                process.send_signal(signal.SIGINT)
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(20)
        log.close()


def _addresses(desk: Desk, process: subprocess.Popen[bytes]) -> dict[str, Any]:
    until = time.monotonic() + 60
    while time.monotonic() < until and process.poll() is None:
        with contextlib.suppress(OSError, ValueError):
            found: dict[str, Any] = json.loads((desk.data / "stack.json").read_text())
            return found
        time.sleep(0.1)
    raise Trouble(f"`kierros up` did not come up: {(desk.data / 'up.log').read_text()[-800:]}")


class Players:
    """Everybody who is asked something, each of whom answers once."""

    def __init__(self, desk: Desk, cycle: str, folder: Path, console: Console, *, someone_there: bool) -> None:
        self.desk, self.cycle, self.folder, self.console = desk, cycle, folder, console
        self.someone_there = someone_there
        self.done: set[str] = set()
        self.pool = ThreadPoolExecutor(4)
        self.acts: list[Future[None]] = []
        with (folder / "people.csv").open(encoding="utf-8", newline="") as lines:
            people = [row for row in csv.DictReader(lines) if row["part"] == "participant"]
        self.people = [row["address"] for row in people]
        self.story: list[str] = []

    def tell(self, line: str) -> None:
        self.story.append(line)
        if not self.console.is_terminal:
            print(f"  {line}", flush=True)

    def once(self, name: str) -> bool:
        """Whether this is the first time."""
        new = name not in self.done
        self.done.add(name)
        return new

    def turn(self, shown: dict[str, Any], live: Live | None) -> None:
        """Everybody looks at their post and answers what is new, each in her own time.

        Raises:
            Trouble: a command that had to work did not.
        """
        for done in [act for act in self.acts if act.done()]:
            self.acts.remove(done)
            done.result()
        steps = {step["id"]: step for step in shown["steps"]}
        opens_later = any("Registration opens" in coming["what"] for coming in shown["ahead"])
        if steps["invitations"]["state"] == "done" and not opens_later and self.once("register"):
            self.act(self.register)
        for visit in shown["visits"]:
            if visit["stage"] == "asked" and self.once(f"{visit['slot']}/{visit['host']}"):
                self.act(self.host, visit, declines=self.once("one declines"))
        if " of " in steps["feedback"]["detail"] and self.once("feedback"):
            self.act(self.feedback)
        for prompt in shown["prompts"]:
            if self.once(prompt["id"]):
                self.decide(prompt, live)

    def act(self, what: Callable[..., None], *about: Any, **how: Any) -> None:
        self.acts.append(self.pool.submit(what, *about, **how))

    def decide(self, prompt: dict[str, Any], live: Live | None) -> None:
        """Staff decide: the person at the keyboard looks on and presses Enter, or their played holder does it."""
        who = _holder(prompt)
        if "approve" in prompt["options"] and self.someone_there and live is not None:
            live.stop()
            self.explain(prompt, who)
            live.start()
        self.act(self.answer, prompt, who)

    def answer(self, prompt: dict[str, Any], who: str) -> None:
        if "approve" in prompt["options"]:
            words = ("approve", prompt["id"], "--yes", "--reason", "Played in the demo")
        else:
            words = ("choose", prompt["id"], prompt["options"][0], "--yes")
        done = self.desk.run(*words, acting=who, fails=True)
        said = _first_line(done) if done.returncode == 0 else "somebody else was quicker"
        self.tell(f"{who} decides {prompt['id']}: {said}")

    def feedback(self) -> None:
        done = self.desk.run("feedback", "--file", str(self.folder / "feedback.csv"), fails=True)
        self.tell(f"Feedback comes in. {_first_line(done)}")

    def explain(self, prompt: dict[str, Any], who: str) -> None:
        preview = self.desk.run("approve", prompt["id"], "--dry-run", acting=who, fails=True)
        self.console.rule(f"A decision waits for {who}")
        self.console.print(Text.from_ansi(preview.stdout))
        self.console.print(
            f"[bold]Press Enter[/] and {who} approves: exactly these letters leave, each once. "
            f"(In {A_READER:.0f} seconds it goes on by itself, for in practice a year passes in minutes.)"
        )
        if select.select([sys.stdin], [], [], A_READER)[0]:
            sys.stdin.readline()

    def register(self) -> None:
        """Most answer at once; two more ask when the places are gone, and wait."""
        with tempfile.NamedTemporaryFile("w", suffix=".csv", delete=False, encoding="utf-8", newline="") as file:
            known = {row["address"]: row for row in csv.DictReader((self.folder / "people.csv").open(encoding="utf-8"))}
            writer = csv.DictWriter(file, ["name", "address", "language", "library", "part"])
            writer.writeheader()
            writer.writerows({key: known[a][key] for key in writer.fieldnames} for a in self.people[:22])
        done = self.desk.run("register", "--file", file.name, fails=True)
        Path(file.name).unlink()
        if done.returncode:
            raise TooBusy("Registration had closed before people could register.")
        self.tell(f"Twenty-two people register. {_first_line(done)}")
        self.desk.run("decline", self.people[-1], "--reason", "We have a book fair that week", fails=True)
        self.tell("One of those invited declines.")
        self.give_back()

    def give_back(self) -> None:
        """One gives her place back; the next in line is offered it and takes it."""
        self.desk.run("withdraw", self.people[3], "--reason", "Ill at home", fails=True)
        self.tell("One gives her place back; it is offered to the next in line.")
        next_in_line = self.people[20]  # twenty places, so the twenty-first to ask waits first
        if self.desk.run("accept", next_in_line, fails=True).returncode == 0:
            self.tell("The next in line accepts.")

    def host(self, visit: dict[str, Any], *, declines: bool) -> None:
        """The first host that is asked declines; the others confirm."""
        host, slot = visit["host"], visit["slot"]
        if declines:
            self.desk.run(
                "host", host, "decline", "--slot", slot, "--reason", "The building is under repair", fails=True
            )
            self.tell(f"{visit['host']} declines the visit “{slot}”. The next candidate is asked, as the plan says.")
        else:
            self.desk.run("host", host, "confirm", "--slot", slot, fails=True)
            self.tell(f"{visit['host']} confirms the visit “{slot}”.")


def _slowness(desk: Desk) -> float:
    """How many seconds a command takes here, between 1 and :data:`SLOWEST`."""
    begun = time.monotonic()
    for _ in range(3):
        desk.run("list")
    return min(SLOWEST, max(1.0, (time.monotonic() - begun) / 3))


def _holder(prompt: dict[str, Any]) -> str:
    """Somebody who may decide it and is not the one who asked."""
    names = [name for name in prompt["people"] if name != STARTER] or prompt["people"]
    return str(names[0])


def _first_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip() and not line.startswith("Next:")]
    return lines[0].strip() if lines else ""


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


def play(desk: Desk, addresses: dict[str, Any], folder: Path, console: Console, patience: float) -> str:
    """Runs the cycle to its end and gives back its id. ``patience``: how many times as long as usual the year takes."""
    for name, address, language in STAFF:
        desk.run("staff", "add", name, address, "--language", language)
    year = YEAR * _slowness(desk) * patience
    started = desk.run("start", str(folder / "plan.yaml"), "--finish-within", str(year))
    cycle = started.stdout.split()[0]
    console.print(f"Watch it in a browser: {addresses['ui']}/namespaces/default/workflows/{cycle}\n")
    players = Players(desk, cycle, folder, console, someone_there=sys.stdin.isatty() and console.is_terminal)
    begun = time.monotonic()
    shown = desk.data_of("show", cycle)
    with contextlib.ExitStack() as screen:
        live = screen.enter_context(Live(console=console, refresh_per_second=4)) if console.is_terminal else None
        while shown is None or shown["phase"] == "running":
            if time.monotonic() - begun > 1.5 * year:
                raise Trouble(f"The cycle did not end within {1.5 * year:.0f} seconds; it is at {shown}.")
            if shown is not None:
                players.turn(shown, live)
                if live is not None:
                    live.update(picture(shown, players, time.monotonic() - begun))
            time.sleep(1.0)
            shown = desk.data_of("show", cycle) or shown
    console.print(f"\nThe year is over, {time.monotonic() - begun:.0f} seconds after it began.")
    return cycle


def epilogue(desk: Desk, addresses: dict[str, Any], cycle: str, console: Console, *, keep: bool) -> None:
    """Counts, and where to look."""
    console.print(desk.run("show", cycle).stdout)
    report = desk.data / "report.html"
    desk.run("report", cycle, "--html", str(report))
    letters = desk.data_of("letters", cycle) or []
    unsent = [letter for letter in letters if letter["state"] not in {"sent", "dropped"}]
    console.print(f"Letters: {sum(letter['state'] == 'sent' for letter in letters)} delivered, {len(unsent)} not.")
    view = f"{addresses['ui']}/namespaces/default/workflows/{cycle}"
    console.print(f"Temporal UI   {view}" + ("" if keep else "   (with KEEP=1)"), soft_wrap=True)
    console.print(f"Mailbox       {Path(addresses['mailbox']) / 'index.html'}", soft_wrap=True)
    console.print(f"Report        {report}", soft_wrap=True)
    if not keep:
        console.print("`make demo KEEP=1` leaves everything running. Next: kierros new, for a plan of your own.")


def whole_year(data: Path, folder: Path, console: Console, patience: float, *, keep: bool) -> None:
    """One year from an empty folder to its report."""
    shutil.rmtree(data, ignore_errors=True)
    data.mkdir(parents=True)
    desk = Desk(data)
    with stack(desk, keep=keep) as addresses:
        cycle = play(desk, addresses, folder, console, patience)
        epilogue(desk, addresses, cycle, console, keep=keep)


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
    console.print(Panel(Markdown(BANNER), title="Kierros"))
    data = args.data or HERE.parent / ".demo" / args.cycle
    try:
        try:
            whole_year(data, folder, console, 1.0, keep=args.keep)
        except TooBusy as busy:
            console.print(f"{busy} This machine is busy; the year begins again, {AGAIN:g} times as slow.")
            whole_year(data, folder, console, AGAIN, keep=args.keep)
    except Trouble as trouble:
        console.print(f"The demo stopped. {trouble}", style="red")
        return 1
    except KeyboardInterrupt:
        console.print("Stopped.")
        return 130
    return 0


if __name__ == "__main__":
    sys.exit(main())
