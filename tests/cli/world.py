"""A cycle in a real store, the rules themselves in the place of the engine, and the terminal beside them."""

from __future__ import annotations

import contextlib
import json
import os
import re
import subprocess
import sys
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from email.message import EmailMessage
from functools import cache
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from zoneinfo import ZoneInfo

from pydantic import ValidationError

from exchange.approval import RecordPrepared
from exchange.base import Command, Refusal
from exchange.correspondence import held
from exchange.cycle import begin
from exchange.plan import CyclePlan, Report
from exchange.prompt import Prompt
from exchange.record import Preparation, Ready
from plans import PEOPLE, Staffer, Wishes, new_plan, read_people, read_plan, split_plan
from runtime.settings import Settings
from store.faults import StoreLocked
from store.models import OutboxRow, Person, Rendered, TextRow
from store.store import Store, open_store
from tests.signing import sign_in
from tests.terminal import typed
from tests.workdays import EveryWorkday
from workers.desk import RefusedByRule
from workflows.ledger import Ledger, plain

KRISTINA = "Kristina Virtanen"
OLGA = "Olga Sokolova"
ZONE, MORNING = ZoneInfo("Europe/Helsinki"), timedelta(hours=9)
"""Where the plan's clocks hang, and when its steps are due: before that hour the day has not brought them yet."""
NOWHERE = {"TEMPORAL_ADDRESS": "127.0.0.1:1", "TEMPORAL_CONFIG_FILE": "/nonexistent"}
"""Where no engine answers, whatever runs on this machine."""
HOME = Path(__file__).parents[2]


@cache
def empty_record() -> bytes:
    """A new record's file: migrated once for all tests of a process."""
    with TemporaryDirectory() as folder:
        open_store(f"sqlite:///{folder}/kierros.db").close()
        return Path(folder, "kierros.db").read_bytes()


def clock() -> datetime:
    return datetime.now(UTC)


def render(row: OutboxRow) -> Rendered:
    """A plain letter, so that previews have something to read."""
    letter = EmailMessage()
    letter["Subject"] = f"{row.kind} for {row.step}"
    letter["Message-ID"] = row.message_id
    letter.set_content(f"Dear reader,\n\nthis is your {row.kind}.\n")
    return Rendered(
        data=letter.as_bytes(), subject=letter["Subject"], language="fi" if row.kind == "seminar_speaker" else "en"
    )


def write_plan(folder: Path, days_ago: int = 0, deputy: str = "", **words: Any) -> Path:
    """A plan without fault whose invitations were made ready so many whole days ago, whatever the hour is now."""
    begins = (clock().astimezone(ZONE) - MORNING).date() - timedelta(days=days_ago)
    path = folder / "plan.yaml"
    wishes = Wishes(begins=begins, coordinator=KRISTINA, director=OLGA, giving="first come", **words)
    plan, standing_in = new_plan(wishes, days=EveryWorkday()), f"\n  deputy coordinator: {deputy}" if deputy else ""
    path.write_text(re.sub(r"(?m)^(  director: .*)$", rf"\1{standing_in}", plan, count=1), "utf-8")
    (folder / "people.csv").write_text(PEOPLE, "utf-8")
    return path


@dataclass
class World:
    """One installation: its folder, its store, and a stand-in for the engine that decides by the same rules."""

    folder: Path
    ledgers: dict[str, Ledger] = field(default_factory=dict)

    def __post_init__(self) -> None:
        (self.folder / "kierros.db").write_bytes(empty_record())
        self.store: Store = open_store(f"sqlite:///{self.folder / 'kierros.db'}", domain="library.example")
        self.staff = {
            name: self.store.add_staff(name, f"{name.split()[0].lower()}@library.example") for name in (KRISTINA, OLGA)
        }

    # -- the cycle --------------------------------------------------------------------------------------------------

    def start(self, days_ago: int = 0, **words: Any) -> str:
        """Starts a cycle whose plan began so many days ago, and lets time do what it has asked for since."""
        file = read_plan(write_plan(self.folder, days_ago, **words))
        people = read_people(file.people, organisations=file.draft.organisations)
        roster = {name.casefold(): Staffer(ref) for name, ref in self.staff.items()}
        split = split_plan(file, people, roster, starter=self.staff[KRISTINA], now=clock())
        persons = [Person(**vars(person)) for person in split.people]
        texts = [TextRow(ref=t.ref, words=t.words, kind=t.place) for t in split.texts]
        self.store.start_cycle(split.plan, persons, texts)
        self.store.engine_started(split.plan.id)
        self.ledgers[split.plan.id] = Ledger(begin(split.plan))
        self.pass_time(split.plan.id)
        return split.plan.id

    def plan(self, cycle: str) -> CyclePlan:
        return self.store.get_plan(cycle)

    def decide(self, cycle: str, command: Command) -> None:
        self.ledgers[cycle].decide(command)
        self.pass_time(cycle)

    def pass_time(self, cycle: str) -> None:
        """Collects the post and decides what is due, until nothing is."""
        ledger = self.ledgers[cycle]
        while True:
            self.keep(cycle)
            if step := ledger.preparing():
                self._prepare(ledger, step)
            elif (entry := next(iter(ledger.due()), None)) and entry.at <= clock():
                ledger.time(entry, entry.at)
            else:
                return

    def keep(self, cycle: str) -> None:
        ledger = self.ledgers[cycle]
        while True:
            record = ledger.record()
            post = self.store.keep(record)
            ledger.was_recorded(record)
            ledger.forget(post.gone, clock())
            ledger.take(post.rows)
            if (not post.rows or ledger.cycle.standstill is not None) and not ledger.unrecorded:
                return

    def _prepare(self, ledger: Ledger, step: str) -> None:
        cycle, revision = ledger.cycle.plan.id, ledger.cycle.approving(step).revision
        if isinstance(ledger.cycle.to_approve(step), Report):
            data = {"registered": 3, "visits": [{"host": "The host library"}]}
            ready = Ready(digest=self.store.save_report(cycle, step, revision, "<h1>Report</h1>", data))
        else:
            mails = tuple(held(ledger.cycle, step))
            ready = self.store.hold(Preparation(cycle=cycle, step=step, revision=revision, mails=mails), render)
        about = {"digest": ready.digest, "letters": ready.letters, "languages": ready.languages}
        ledger.decide(RecordPrepared(at=clock(), actor="time", step=step, revision=revision, **about))

    # -- the engine -------------------------------------------------------------------------------------------------

    def tell_all(self, cycle: str, commands: list[Command]) -> list[None]:
        """What the engine does with staff commands."""
        for command in commands:
            try:
                self.decide(cycle, command)
            except Refusal as no:  # as it comes back over the wire
                raise RefusedByRule(no.name, str(no), plain(no.facts), cycle) from None
        return [None for _ in commands]

    def prompts(self, cycle: str) -> dict[str, Prompt]:
        return {row.prompt.id: row.prompt for row in self.store.prompts(cycle)}

    # -- the terminal -----------------------------------------------------------------------------------------------

    signs_in: bool = True
    """Whether all staff have signed in at the terminal."""

    def sign_in(self) -> None:
        with contextlib.suppress(StoreLocked, ValidationError):  # what the test is about
            if self.signs_in:
                sign_in(self.store, Settings(data=self.folder))

    def environment(self, staff: str, env: dict[str, str]) -> dict[str, str]:
        """Of a command over this installation, with no engine in reach."""
        ours = ("KIERROS_", "TEMPORAL_", "COLUMNS", "NO_COLOR", "FORCE_COLOR")
        kept = {key: value for key, value in os.environ.items() if not key.startswith(ours)}
        return {**kept, "KIERROS_DATA": str(self.folder), "KIERROS_STAFF": staff, **NOWHERE, **env}

    def type(self, *words: str, staff: str = KRISTINA, **env: str) -> Ran:
        """`kierros` in this process; it asks nothing."""
        self.sign_in()
        return Ran(*typed([*words, "--no-input"], self.environment(staff, env)))

    def run(self, *words: str, staff: str = KRISTINA, stdin: str = "", **env: str) -> Ran:
        """`kierros` in a process of its own."""
        self.sign_in()
        environment = self.environment(staff, env)
        done = subprocess.run(
            [sys.executable, "-c", "from cli.main import main; main()", *words],
            cwd=HOME, env=environment, input=stdin, capture_output=True, text=True, check=False, timeout=60,
        )  # fmt: skip
        return Ran(done.returncode, done.stdout, done.stderr)


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
    def sentence(self) -> str:
        """What was said, in one line, whatever its breaks."""
        return " ".join(self.err.split())


__all__ = ["KRISTINA", "OLGA", "Ran", "Refusal", "World", "write_plan"]
