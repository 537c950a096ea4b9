"""Everybody whom the demo plays: invited people, hosts, delegates and, where nobody sits at the terminal, staff.

What they do beyond answering is the year's own story (:mod:`story`).
"""

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

from desk import Desk, TooBusy
from rich.console import Console
from rich.live import Live
from rich.text import Text
from story import Act, Story

A_READER = 20.0
"""Seconds that a decision waits for the person at the keyboard before its played holder goes on: dates do not wait."""


class Players:
    """Everybody who is asked something, each of whom answers once."""

    def __init__(
        self, desk: Desk, cycle: str, folder: Path, story: Story, console: Console, *, someone_there: bool
    ) -> None:
        self.desk, self.cycle, self.folder, self.console = desk, cycle, folder, console
        self.acts, self.someone_there = story.acts, someone_there
        self.begun: set[str] = set()
        self.done: set[str] = set()
        """Acts that are over."""
        self.pool = ThreadPoolExecutor(4)
        self.going_on: list[Future[None]] = []
        with (folder / "people.csv").open(encoding="utf-8", newline="") as lines:
            self.people = [row for row in csv.DictReader(lines) if row["part"] == "participant"]
        self.story: list[str] = []

    def tell(self, line: str) -> None:
        self.story.append(line)
        if not self.console.is_terminal:
            print(f"  {line}", flush=True)

    def once(self, name: str) -> bool:
        """Whether this is the first time."""
        new = name not in self.begun
        self.begun.add(name)
        return new

    def turn(self, shown: dict[str, Any], live: Live | None) -> None:
        """Everybody looks at their post and answers what is new, each in her own time.

        Raises:
            Trouble: a command that had to work did not.
        """
        for over in [one for one in self.going_on if one.done()]:
            self.going_on.remove(over)
            over.result()
        for act in self.acts:
            if act.ready(shown, self.done) and self.once(f"act {act.id}"):
                self.go(self.play, act)
        if shown["phase"] == "running":
            self.answers(shown, live)

    def answers(self, shown: dict[str, Any], live: Live | None) -> None:
        """Whoever is asked something answers, where the story does not say how."""
        steps = {step["id"]: step for step in shown["steps"]}
        for visit in shown["visits"]:
            told = any(act.when.get("stage") == "asked" and act.answers(visit) for act in self.acts)
            if visit["stage"] == "asked" and not told and self.once(f"{visit['slot']}/{visit['host']}"):
                self.go(self.confirm, visit)
        if " of " in steps["feedback"]["detail"] and self.once("feedback"):
            self.go(self.feedback)
        for prompt in shown["prompts"]:
            if self.once(prompt["id"]):
                self.decide(prompt, live)

    def go(self, what: Callable[..., None], *about: Any) -> None:
        self.going_on.append(self.pool.submit(what, *about))

    def play(self, act: Act) -> None:
        """One act of the story; where it comes too late, that is told instead."""
        done = self.register(act.registers) if act.registers else None
        for words in act.run:
            done = self.desk.run(*words, fails=True)
            if done.returncode:
                self.tell(f"What was to happen now ({act.id}) could not: {_first_line(done)}")
                break
        else:
            self.tell(act.says.format(said=_first_line(done) if done else "").strip())
        self.done.add(act.id)

    def decide(self, prompt: dict[str, Any], live: Live | None) -> None:
        """Staff decide: the person at the keyboard looks on and presses Enter, or their played holder does it."""
        who = _holder(prompt, self.desk.starter)
        if "approve" in prompt["options"] and self.someone_there and live is not None:
            live.stop()
            self.explain(prompt, who)
            live.start()
        self.go(self.answer, prompt, who)

    def answer(self, prompt: dict[str, Any], who: str) -> None:
        if "approve" in prompt["options"]:
            words = ("approve", prompt["id"], "--yes", "--reason", "Played in the demo")
        else:
            words = ("choose", prompt["id"], prompt["options"][0], "--yes")
        done = self.desk.run(*words, acting=who, fails=True)
        if done.returncode and "to what is past" in " ".join(done.stderr.split()):
            raise TooBusy(f"{prompt['id']} was decided too late: what its letters call to had begun.")
        if done.returncode and "has been suspended" in " ".join(done.stderr.split()):
            self.begun.discard(prompt["id"])  # it waits until the cycle goes on, and is decided then
            return
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

    def register(self, count: int) -> subprocess.CompletedProcess[str]:
        """The first so many on the list ask for a place, in one go.

        Raises:
            TooBusy: they could not any more, and without them there is no year.
        """
        with tempfile.NamedTemporaryFile("w", suffix=".csv", delete=False, encoding="utf-8", newline="") as file:
            writer = csv.DictWriter(file, ["name", "address", "language", "library", "part"])
            writer.writeheader()
            writer.writerows(self.people[:count])
        done = self.desk.run("register", "--file", file.name, fails=True)
        Path(file.name).unlink()
        if done.returncode:
            raise TooBusy("Registration had closed before people could register.")
        return done

    def confirm(self, visit: dict[str, Any]) -> None:
        self.desk.run("host", visit["host"], "confirm", "--slot", visit["slot"], fails=True)
        self.tell(f"{visit['host']} confirms the visit “{visit['slot']}”.")


def _holder(prompt: dict[str, Any], starter: str) -> str:
    """Somebody who may decide it and is not the one who asked."""
    names = [name for name in prompt["people"] if name != starter] or prompt["people"]
    return str(names[0])


def _first_line(done: subprocess.CompletedProcess[str]) -> str:
    lines = [line for line in (done.stdout + done.stderr).splitlines() if line.strip() and not line.startswith("Next:")]
    return lines[0].strip() if lines else ""
