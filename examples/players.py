"""Everybody whom the demo plays: invited people, hosts, delegates and, where nobody sits at the terminal, staff."""

from __future__ import annotations

import csv
import select
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from pathlib import Path
from typing import Any

from desk import STARTER, Desk, TooBusy
from rich.console import Console
from rich.live import Live
from rich.text import Text

A_READER = 20.0
"""Seconds that a decision waits for the person at the keyboard before its played holder goes on: dates do not wait."""


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
        if done.returncode and "to what is past" in " ".join(done.stderr.split()):
            raise TooBusy(f"{prompt['id']} was decided too late: what its letters call to had begun.")
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


def _holder(prompt: dict[str, Any]) -> str:
    """Somebody who may decide it and is not the one who asked."""
    names = [name for name in prompt["people"] if name != STARTER] or prompt["people"]
    return str(names[0])


def _first_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip() and not line.startswith("Next:")]
    return lines[0].strip() if lines else ""
