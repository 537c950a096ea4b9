"""A whole installation on the real server: `kierros up` over its own folder, `kierros` beside it, and the record."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from exchange.prompt import Prompt
from exchange.state import Cycle
from plans import PEOPLE, Wishes, new_plan, unwritten
from runtime.settings import Settings
from store.faults import StoreFault
from store.store import Store, open_store
from tests.signing import sign_in
from tests.terminal import typed
from tests.workdays import EveryWorkday

KRISTINA, OLGA = "Kristina Virtanen", "Olga Sokolova"
ANNA, BO, CECILIA = (f"{name}-library.example" for name in ("anna@home", "bo@home", "cecilia@second"))
KIERROS = str(Path(sys.executable).with_name("kierros"))
OWN_LETTER, OWN_REASON = "What our year is about.", "What this library does well."
AT_ONCE = 30.0
"""Seconds within which what should happen at once has happened, on a busy machine."""

T = TypeVar("T")


def until(found: Callable[[], T], *, within: float = AT_ONCE, what: str = "") -> T:
    """Asks again until the answer is true; fails when the time is up."""
    deadline = time.monotonic() + within
    while not (answer := found()):
        assert time.monotonic() < deadline, f"not within {within:.0f} s: {what or getattr(found, '__name__', '')}"
        time.sleep(0.05)
    return answer


def written(plan: str) -> str:
    """A plan of `kierros new` with words of one's own in the place of those that were to be replaced."""
    plan = plan.replace(unwritten.LETTER, OWN_LETTER)
    for ours in (unwritten.FIRST_REASON, unwritten.OTHER_REASON):
        plan = plan.replace(ours, OWN_REASON)
    for ours in (*unwritten.HOSTS, *unwritten.HOMES, unwritten.TOWN):
        plan = plan.replace(ours, f"{ours} by the sea")
    return plan


@dataclass(frozen=True)
class Ran:
    """How a command ended."""

    code: int
    out: str
    err: str

    @property
    def data(self) -> Any:
        return json.loads(self.out)

    @property
    def said(self) -> str:
        """All that was said, in one line."""
        return " ".join((self.out + " " + self.err).split())


@dataclass
class Installation:
    """One folder, its record, and what runs over it."""

    folder: Path
    variables: dict[str, str] = field(default_factory=dict)
    process: subprocess.Popen[bytes] | None = None

    def __post_init__(self) -> None:
        database = self.variables.get("KIERROS_DATABASE") or f"sqlite:///{self.folder / 'kierros.db'}"
        self.store: Store = open_store(database, domain="kierros.example")
        known = {one.name: one.ref for one in self.store.staff()}
        self.staff = {
            name: known.get(name) or self.store.add_staff(name, f"{name.split()[0].lower()}@staff.example")
            for name in (KRISTINA, OLGA)
        }

    @property
    def environment(self) -> dict[str, str]:
        kept = {k: v for k, v in os.environ.items() if not k.startswith(("KIERROS_", "TEMPORAL_", "FORCE_COLOR"))}
        return {**kept, "KIERROS_DATA": str(self.folder), "COLUMNS": "100", **self.variables}

    # -- what runs ----------------------------------------------------------------------------------------------------

    def up(self) -> None:
        """Starts the stack, and waits until both workers serve."""
        served = [self.served(queue) for queue in ("cycles", "letters")]
        with (self.folder / "up.log").open("ab") as log:
            self.process = subprocess.Popen(
                [KIERROS, "up"], env=self.environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True,
            )  # fmt: skip
        for queue, before in zip(("cycles", "letters"), served, strict=True):
            until(lambda q=queue, b=before: self.served(q) > b, within=90, what=f"{queue} worker serves")

    def served(self, queue: str) -> int:
        """How often a worker of the queue has begun to serve."""
        log = self.folder / f"{queue}.log"
        return log.read_text(errors="replace").count("worker serves") if log.exists() else 0

    def down(self) -> None:
        """Ctrl-C, and everybody leaves in order."""
        if self.process is not None and self.process.poll() is None:
            self.process.send_signal(signal.SIGINT)
            try:
                self.process.wait(40)
            except subprocess.TimeoutExpired:
                self.process.kill()
                self.process.wait()
                for child in ("cycles", "letters", "spare", "server"):
                    self.kill(child)
        self.process = None

    def pid(self, child: str) -> int:
        """The process of ``server``, ``cycles``, ``letters`` or ``spare``; 0 where there is none."""
        try:
            return int((self.folder / f"{child}.pid").read_text())
        except (OSError, ValueError):
            return 0

    def kill(self, *children: str) -> None:
        """SIGKILL."""
        for pid in [self.pid(child) for child in children]:
            if pid:
                with contextlib.suppress(ProcessLookupError):
                    os.kill(pid, signal.SIGKILL)

    # -- what is said -------------------------------------------------------------------------------------------------

    def sign_in(self) -> None:
        """Everybody on the staff has signed in on this computer, or cannot: the record may be away just now."""
        with contextlib.suppress(StoreFault):
            sign_in(self.store, self.settings)

    @property
    def settings(self) -> Settings:
        """What the environment says that the installation runs in."""
        database = self.variables.get("KIERROS_DATABASE", "")
        return Settings(data=self.folder, database=database, secret=self.variables.get("KIERROS_SECRET", ""))

    def run(self, *words: str, acting: str = KRISTINA) -> Ran:
        """`kierros` in this process: the same words, the same engine, without the second that Python takes to begin."""
        self.sign_in()
        return Ran(*typed([*words, "--as", acting, "--no-input"], self.environment))

    def spawn(self, *words: str, acting: str = KRISTINA) -> Ran:
        """`kierros` in a process of its own."""
        self.sign_in()
        done = subprocess.run(
            [KIERROS, *words, "--as", acting, "--no-input"],
            env=self.environment, capture_output=True, text=True, check=False, timeout=150, cwd=self.folder,
        )  # fmt: skip
        return Ran(done.returncode, done.stdout, done.stderr)

    def do(self, *words: str, acting: str = KRISTINA) -> Ran:
        """A command that has to take effect."""
        ran = self.run(*words, acting=acting)
        assert ran.code == 0, f"kierros {' '.join(words)}: {ran.said}"
        return ran

    def go_live(self) -> None:
        """What `kierros go-live` keeps once somebody at a terminal has confirmed it."""
        self.store.put_setting("live", {"host": "127.0.0.1"}, self.staff[KRISTINA])

    # -- what there is ------------------------------------------------------------------------------------------------

    def plan(self, theme: str, *, days_ago: int = 22, people: str = PEOPLE, **words: Any) -> Path:
        """Writes a plan that began so many days ago, with its people beside it.

        After 22 days its invitations and visits are to be approved at once, and its registration is open.
        """
        folder = self.folder / "plans" / "".join(c for c in theme.lower() if c.isalnum())
        folder.mkdir(parents=True, exist_ok=True)
        begins = (datetime.now(UTC) - timedelta(days=days_ago)).date()
        wishes = Wishes(theme=theme, coordinator=KRISTINA, director=OLGA, begins=begins, giving="first come", **words)
        text = new_plan(wishes, days=EveryWorkday())
        text = written(text.replace("per_library: 3", "per_library: 2"))
        (folder / "plan.yaml").write_text(text, "utf-8")
        (folder / "people.csv").write_text(people, "utf-8")
        return folder / "plan.yaml"

    def start(self, plan: Path, *options: str) -> str:
        """Starts a cycle from its plan; gives back its id."""
        return str(self.do("start", str(plan), *options, "--json").data["id"])

    def cycle(self, cycle: str) -> Cycle:
        return self.store.load(cycle)

    def prompt(self, cycle: str, about: str = "approval", step: str = "", *, within: float = AT_ONCE) -> Prompt:
        """The open decision, once it waits."""

        def found() -> Prompt | None:
            prompts = [row.prompt for row in self.store.prompts(cycle)]
            return next((p for p in prompts if p.about == about and (not step or p.step == step)), None)

        prompt = until(found, within=within, what=f"{about} {step} waits in {cycle}")
        assert prompt is not None
        return prompt

    def names(self, cycle: str) -> list[str]:
        """The journal's events, by name."""
        return [type(entry.event).__name__ for entry in self.store.journal(cycle)]

    def letters(self, cycle: str, kind: str = "") -> Sequence[Any]:
        return [row for row in self.store.letters(cycle) if not kind or row.kind == kind]


@contextlib.contextmanager
def installed(folder: Path, **variables: str) -> Iterator[Installation]:
    """An installation that runs; it is stopped, and what it started with it."""
    installation = Installation(folder, variables)
    try:
        installation.up()
        yield installation
    finally:
        installation.down()
        installation.store.close()
