"""One page being played: an installation of its own, the commands that are typed, and what happens beside them."""

from __future__ import annotations

import asyncio
import contextlib
import io
import os
import re
import shlex
import signal
import subprocess
import sys
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path
from typing import Any, TypeVar
from unittest import mock

from temporalio.client import Client

from cli.faults import Misused
from cli.main import run as kierros
from cli.terminal import Terminal
from exchange.base import Command
from exchange.prompt import Prompt
from exchange.state import Cycle
from plans import Split, split_plan
from runtime.engine import connect
from runtime.settings import Settings
from store.faults import StoreFault
from store.store import Store, open_store
from tests.cli.world import empty_record
from tests.engine.post import Sink
from tests.signing import anybody, sign_in
from tests.troubles.ground import Engine, Served
from tests.troubles.likeness import Shift, difference, shift
from tests.troubles.pages import Shown
from workers import desk
from workers.signing import proof_key

PLAN = Path(__file__).with_name("plan")
CYCLE = "cycle-baltic-2027-youth"
MAIJA, JUSSI = "Maija Salo", "Jussi Korpi"
KIERROS = str(Path(sys.executable).with_name("kierros"))
WITHIN = 60.0
"""Seconds until what a page shows has to be there, on a busy machine."""
_LOOKS = re.compile(
    r"kierros"
    r"( (show|waiting|list|letters|history|doctor|check)( .*)?| (money|overdue|note)( --.*)?| approve .*--dry-run)?$"
)
"""Commands that change nothing, and are asked again until what they tell has come about."""

T = TypeVar("T")


@dataclass
class Scene:
    """The folder of a page, its record, and the worker over it."""

    folder: Path
    engine: Engine
    by: Shift = field(default_factory=lambda: shift(date.today(), date(2027, 3, 1)))  # noqa: DTZ011 - the tester's day
    variables: dict[str, str] = field(default_factory=dict)
    brisk: tuple[str, str, timedelta] | None = None
    """A kind of step, a field of it, and how long that is to take in the plan that is read, whatever the file says."""
    answer: Callable[[str, str], str | None] = field(default_factory=lambda: _answer)
    """What is typed in answer to a question; without it what the page shows."""
    sink: Sink = field(default_factory=Sink)
    """The mail server, where there is one."""
    noted: dict[str, Any] = field(default_factory=dict)
    """What one thing that happens leaves for a later one."""

    def __post_init__(self) -> None:
        (self.data / "mailbox").mkdir(parents=True)
        (self.data / "kierros.db").write_bytes(empty_record())
        self.store: Store = open_store(f"sqlite:///{self.data / 'kierros.db'}")
        for name in (MAIJA, JUSSI):
            self.store.add_staff(name, f"{name.split()[0].lower()}@library.example")
        for file in PLAN.iterdir():
            (self.folder / file.name).write_text(self.by.there(file.read_text("utf-8")), "utf-8")
        (self.folder / "plan.yaml").rename(self.folder / "my-year.yaml")
        self.worker = Served(self.settings, self.engine)
        self.stack: subprocess.Popen[bytes] | None = None
        """`kierros up`, where the page types it: then it stands in for the worker and the server of the test."""
        self.ends = contextlib.ExitStack()

    @property
    def data(self) -> Path:
        return self.folder / "kierros"

    def close(self) -> None:
        self.worker.stop()
        self.down()
        self.store.close()
        self.ends.close()

    def settings(self) -> Settings:
        """What the worker is told."""
        said = {name.removeprefix("KIERROS_").lower(): value for name, value in self.variables.items()}
        return Settings(data=self.data, **said)  # type: ignore[arg-type]  # read as from the environment

    def serve(self) -> None:
        """Has somebody carry the cycles on, where nobody does."""
        if self.stack is None and not self.worker.runs:
            self.worker.start()

    # -- what is typed ------------------------------------------------------------------------------------------------

    def play(self, shown: Shown) -> None:
        """One command of the page: it has to do and to say what the page shows.

        Raises:
            AssertionError: it does not.
        """
        found = self.tried(shown)
        assert found is None, f"{shown.typed}\n{found[0]}. It said:\n\n{found[1]}\nThe page:\n\n{shown.said}\n"

    def tried(self, shown: Shown, *, patience: float = WITHIN) -> tuple[str, str] | None:
        """What is not as the page has it, and what was said, by the page's calendar; None where all is well.

        Looks are repeated until they show what comes about, and what is refused until it can be done.
        """
        until = time.monotonic() + patience
        while True:
            code, said = self.type(shown.typed, answers=shown.said)
            wrong = f"its exit code is {code}" if (code != 0) != shown.refused else ""
            wrong = wrong or difference(shown.said, said, self.by)
            if not wrong:
                return None
            again = _LOOKS.fullmatch(shown.typed) or (code != 0 and not shown.refused)
            if not again or time.monotonic() > until:
                return wrong, self.by.back(said)
            time.sleep(0.1)

    def type(self, line: str, *, answers: str = "") -> tuple[int, str]:
        """Runs a command line as its page has it; its exit code and what it said."""
        words = shlex.split(self.by.there(line), comments=True)
        assert words[0] == "kierros", line
        if words[1:2] not in (["login"], ["logout"]):  # whoever acts on a page has signed in before it begins
            with contextlib.suppress(StoreFault):  # the record is away or gone: that is what the page is about
                sign_in(self.store, Settings(data=self.data, database=self.variables.get("KIERROS_DATABASE", "")))
        if words == ["kierros", "up"]:
            return 0, self.up()
        if "PYTHONPATH" in self.variables:  # another release, which cannot be asked in this process
            return self._spawned(words)
        said = io.StringIO()

        def ask(_self: Terminal, question: str, instead: str) -> str:
            answer = self.answer(self.by.back(question), answers)
            if answer is None:
                raise Misused(instead)
            said.write(f"{question} {answer}\n")
            return answer

        kept, home, environment = dict(os.environ), Path.cwd(), self.environment
        try:
            os.environ.clear()
            os.environ.update(environment)
            os.chdir(self.folder)
            with (
                contextlib.redirect_stdout(said),
                contextlib.redirect_stderr(said),
                mock.patch.object(Terminal, "ask", ask),
                mock.patch("workers.starting.split_plan", self.brisker(split_plan)),
                mock.patch("workers.amending.split_plan", self.brisker(split_plan)),
            ):
                code = kierros(words[1:])
        finally:
            os.chdir(home)
            os.environ.clear()
            os.environ.update(kept)
        return code, said.getvalue()

    def _spawned(self, words: list[str]) -> tuple[int, str]:
        done = subprocess.run(
            [KIERROS, *words[1:]], env=self.environment, cwd=self.folder, stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, check=False, timeout=120,
        )  # fmt: skip
        return done.returncode, done.stdout

    def up(self) -> str:
        """`kierros up` for real, in a process of its own; what it says once both workers serve."""
        logs = [self.data / f"{queue}.log" for queue in ("cycles", "letters")]
        before = [_served(log) for log in logs]
        environment = {k: v for k, v in self.environment.items() if not k.startswith("TEMPORAL_")}
        with (self.folder / "up.log").open("wb") as said:
            self.stack = subprocess.Popen(
                [KIERROS, "up"], env=environment, stdin=subprocess.DEVNULL, stdout=said, stderr=said,
                start_new_session=True,
            )  # fmt: skip
        for log, served in zip(logs, before, strict=True):
            self.until(lambda log=log, served=served: _served(log) > served, "both workers serve")  # type: ignore[misc]
        return (self.folder / "up.log").read_text("utf-8")

    def down(self) -> None:
        """Ctrl-C where `kierros up` runs, and everybody leaves in order."""
        if self.stack is not None:
            self.stack.send_signal(signal.SIGINT)
            self.stack.wait(60)
            self.stack = None

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("KIERROS_", "TEMPORAL_", "FORCE_COLOR"))}
        ours = {"KIERROS_DATA": str(self.data), "KIERROS_STAFF": MAIJA, "COLUMNS": "96"}
        engine = self.engine.variables if self.stack is None else {}
        return {**kept, **engine, **ours, **self.variables}

    def do(self, line: str) -> str:
        """A command that nobody sees and that has to take effect, once it can."""
        until = time.monotonic() + WITHIN
        while (ran := self.type(line))[0] and time.monotonic() < until:
            time.sleep(0.1)
        assert ran[0] == 0, f"{line}: {ran[1]}"
        return ran[1]

    def brisker(self, split: Callable[..., Split]) -> Callable[..., Split]:
        """Reads a plan as always, and makes of it one whose times to answer are shorter than a file may say."""

        def quick(*papers: Any, **more: Any) -> Split:
            found = split(*papers, **more)
            if self.brisk is None:
                return found
            kind, name, lasts = self.brisk
            steps = [s.model_copy(update={name: lasts}) if s.kind == kind else s for s in found.plan.steps]
            return replace(found, plan=found.plan.model_copy(update={"steps": tuple(steps)}))

        return quick

    def tell(self, command: Command) -> None:
        """A decision that no command line takes."""

        async def ask() -> None:
            client = await connect(Settings(data=self.data), environment=self.engine.variables)
            hand = anybody(self.store, proof_key(Settings(data=self.data)))
            await desk.tell(client, hand, CYCLE, command, f"page-{command.at.isoformat()}")

        asyncio.run(ask())

    def in_temporal(self, press: Callable[[Client, str], Awaitable[None]]) -> None:
        """Something that is done to the cycle's workflow in Temporal itself."""

        async def ask() -> None:
            client = await connect(Settings(data=self.data), environment=self.engine.variables)
            await press(client, CYCLE)

        asyncio.run(ask())

    # -- what there is ------------------------------------------------------------------------------------------------

    @property
    def cycle(self) -> Cycle:
        return self.store.load(CYCLE)

    def names(self) -> list[str]:
        """The events so far, by name."""
        return [type(entry.event).__name__ for entry in self.store.journal(CYCLE)]

    def until(self, found: Callable[[], T], what: str) -> T:
        deadline = time.monotonic() + WITHIN
        while not (answer := found()):
            assert time.monotonic() < deadline, f"not within {WITHIN:.0f} s: {what}"
            time.sleep(0.05)
        return answer

    def prompt(self, about: str, step: str = "") -> Prompt:
        """The decision, once it waits."""

        def found() -> Prompt | None:
            waits = [row.prompt for row in self.store.prompts(CYCLE)]
            return next((p for p in waits if p.about == about and (not step or p.step == step)), None)

        prompt = self.until(found, f"{about} {step} waits")
        assert prompt is not None
        return prompt


def _served(log: Path) -> int:
    """How often a worker has begun to serve."""
    return log.read_text("utf-8", "replace").count("worker serves") if log.exists() else 0


def _answer(question: str, page: str) -> str | None:
    """What the page has somebody type behind a question; None where it shows no such question."""
    asked = " ".join(question.split())
    for line in page.splitlines():
        words = " ".join(line.split())
        if words.startswith(asked):
            return words[len(asked) :].strip()
    return None


def plain_yes(question: str, page: str) -> str | None:
    """What the page shows, and where it shows nothing a yes."""
    found = _answer(question, page)
    if found is None:
        wanted = re.search(r"Type (\S+) to", question)
        return wanted[1] if wanted else "y"
    return found
