"""What stands when things break: nothing acknowledged is lost or doubled, letters come, the year goes on."""

from __future__ import annotations

import contextlib
import threading
import time
from dataclasses import replace
from datetime import UTC, datetime
from pathlib import Path

import pytest

from exchange.cycle import begin, fold
from exchange.registration import Register
from plans import Staffer, read_people, read_plan, split_plan
from store.faults import CycleIsOver
from store.models import Letterbox, Person, TextRow
from tests.engine.installation import KRISTINA, Installation, installed, until
from tests.engine.post import mail_server
from tests.engine.year import Year
from tests.workflows.stage import bare

pytestmark = [pytest.mark.server]
A_YEAR = 150.0
"""Seconds from the first date of the year to its last, where nothing comes too late."""


def guests(count: int) -> str:
    """A people list with so many participants."""
    rows = [f"Guest Number{n},guest{n}@home-library.example,en,home-library,participant" for n in range(count)]
    rows += ["Dina Example,dina@home-library.example,en,home-library,speaker"]
    rows += ["Erik Example,erik@host-library.example,en,host-library,contact"]
    rows += ["Freja Example,freja@other-host.example,en,other-host,contact"]
    return "\n".join(["name,address,language,library,part", *rows]) + "\n"


def judge(here: Installation, cycle: str) -> None:
    """The journal is whole and in order, and every row has its one outcome."""
    journal = here.store.journal(cycle)
    assert [entry.position for entry in journal] == list(range(1, len(journal) + 1))
    assert [e.recorded_at for e in journal] == sorted(e.recorded_at for e in journal)
    state = fold(begin(here.store.first_plan(cycle)), (entry.event for entry in journal))
    assert state.model_dump_json() == here.cycle(cycle).model_dump_json()
    causes = [e.event.cause for e in journal if type(e.event).__name__ in {"DelegateRegistered", "DelegateWaitlisted"}]
    assert len(causes) == len(set(causes))
    assert state.desk("registration").confirmed <= state.desk("registration").capacity


@pytest.mark.timeout(240)
def test_a_worker_killed_in_a_burst_loses_and_doubles_nothing(tmp_path: Path) -> None:
    with installed(tmp_path) as here:
        cycle = here.start(here.plan("Burst", people=guests(40), capacity=90).resolve())
        here.prompt(cycle, step="invitations")
        here.do("approve", "--cycle", cycle, "--step", "invitations", "--yes")
        until(lambda: here.cycle(cycle).desk("registration").stage == "open")
        people = here.store.people(cycle)
        invited = [p.ref for p in people if p.address.startswith("guest")]
        numbers = []
        for n, ref in enumerate(invited):
            command = bare(Register(at=datetime.now(UTC), actor=ref, person=ref, home="home-library"))
            item = Letterbox(command_id=f"r-{ref}", command=command, actor=ref)
            numbers += [receipt.number for receipt in here.store.receive(cycle, [item])]
            if n == len(invited) // 2:
                here.kill("cycles")
        until(lambda: not here.store.undecided(), within=90, what="the worker comes back and decides the rest")
        outcomes = here.store.outcomes(cycle, numbers)
        assert len(outcomes) == 40
        assert {outcome.state for outcome in outcomes.values()} <= {"accepted", "refused"}
        began = time.monotonic()
        here.do("capacity", "registration", "95", "--cycle", cycle, "--yes", "--reason", "A larger hall")
        print(f"a decision after the kill took {time.monotonic() - began:.1f} s")
        judge(here, cycle)


class Hands:
    """Somebody who registers people one by one, through every fault, and keeps what was acknowledged."""

    def __init__(self, here: Installation, cycle: str, refs: list[str]) -> None:
        self.here, self.cycle, self.refs = here, cycle, refs
        self.acknowledged: dict[str, int] = {}
        self.thread = threading.Thread(target=self.work, daemon=True)

    def work(self) -> None:
        for ref in self.refs:
            command = bare(Register(at=datetime.now(UTC), actor=ref, person=ref, home="home-library"))
            with contextlib.suppress(CycleIsOver):
                item = Letterbox(command_id=f"r-{ref}", command=command, actor=ref)
                (receipt,) = self.here.store.receive(self.cycle, [item])
                self.acknowledged[ref] = receipt.number
            time.sleep(0.1)


def start_for_real(here: Installation, theme: str, seconds: float) -> str:
    """A cycle whose year lasts so many seconds, and whose letters nevertheless go to the mail server."""
    plan = here.plan(theme, days_ago=0, people=guests(40), capacity=30)
    plan.write_text(plan.read_text("utf-8").replace("per_library: 2", "per_library: 30"), "utf-8")
    file = read_plan(plan)
    roster = {name.casefold(): Staffer(ref) for name, ref in here.staff.items()}
    listed = read_people(file.people, organisations=file.draft.organisations)
    now = datetime.now(UTC)
    split = split_plan(file, listed, roster, starter=here.staff[KRISTINA], now=now, finish_within=seconds)
    split = replace(split, plan=split.plan.model_copy(update={"practice": False}))
    here.store.start_cycle(
        split.plan,
        [Person(**vars(person)) for person in split.people],
        [TextRow(ref=text.ref, words=text.words, kind=text.place) for text in split.texts],
        now,
    )
    return split.plan.id  # the workers start it


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_five_faults_in_a_year_lose_nothing_and_double_nothing(tmp_path: Path) -> None:
    with mail_server() as (sink, settings), installed(tmp_path, **settings) as here:
        here.go_live()
        cycle = start_for_real(here, "Faults", A_YEAR)
        refs = [p.ref for p in here.store.people(cycle) if p.address.startswith("guest")]
        answers = tmp_path / "feedback.csv"
        rows = [f"guest{n}@home-library.example,4,4,5,3,Ideas,All of it" for n in range(5, 12)]
        answers.write_text(
            "\n".join(["address,knowledge,confidence,application,awareness,gains,best", *rows]) + "\n", "utf-8"
        )
        year = Year(here, cycle, [f"guest{n}@home-library.example" for n in range(3)], answers)
        year.done |= {"register", "accept", "late"}
        hands = Hands(here, cycle, refs)
        faults = ["worker", "server", "both", "mail", "restart"]
        recovered: dict[str, float] = {}
        until_over = time.monotonic() + 420
        while (state := here.cycle(cycle)).phase == "running":
            assert time.monotonic() < until_over, year.where(state)
            year.turn(state)
            stage = state.desk("registration").stage
            if stage == "open" and hands.thread.ident is None:
                hands.thread.start()
            ripe = {
                "worker": len(hands.acknowledged) > 8,
                "server": len(hands.acknowledged) > 20,
                # no approval waits that somebody would then give too late
                "both": stage == "closed" and not year.here.cycle(cycle).prompts,
                "mail": stage == "closed" and sum(sink.copies.values()) > 40,
                "restart": state.current not in {"invitations", "registration"},
            }
            if faults and ripe[faults[0]]:
                recovered[fault] = inflict(fault := faults.pop(0), here, sink, cycle)
            time.sleep(0.1)
        assert faults == []
        hands.thread.join(30)
        until(lambda: {r.state for r in here.letters(cycle)} <= {"sent", "dropped"}, within=200, what="letters leave")

        print("recovered in seconds:", {name: round(seconds, 1) for name, seconds in recovered.items()})
        print("put off, because it came too late:", year.put_off)
        judge(here, cycle)
        outcomes = here.store.outcomes(cycle, hands.acknowledged.values())
        assert len(outcomes) == len(hands.acknowledged) > 20
        assert "received" not in {outcome.state for outcome in outcomes.values()}
        closed = [e.event.prompt for e in here.store.journal(cycle) if type(e.event).__name__ == "PromptClosed"]
        assert {prompt: closed.count(prompt) for prompt in year.decided} == dict.fromkeys(year.decided, 1)
        sent = {row.message_id for row in here.letters(cycle) if row.state == "sent"}
        copies = {letter: count for (letter, _), count in sink.copies.items()}
        assert sent <= set(copies)
        assert set(copies.values()) <= {1, 2, 3}


def inflict(fault: str, here: Installation, sink: object, cycle: str) -> float:
    """One fault; gives back the seconds until the cycle records again."""
    began, position = time.monotonic(), here.store.cycle(cycle).decided_to
    match fault:
        case "worker":
            here.kill("cycles")
        case "server":
            here.kill("server")
        case "both":
            here.kill("cycles", "server")
        case "mail":
            sink.mood = "hang"  # type: ignore[attr-defined]
            time.sleep(4)
            sink.mood = "for now"  # type: ignore[attr-defined]
            time.sleep(3)
            sink.mood = "take"  # type: ignore[attr-defined]
            return time.monotonic() - began
        case _:
            here.down()
            here.up()
            return time.monotonic() - began
    newest = max([number for name, number in here.store.undecided() if name == cycle], default=position)
    until(lambda: here.store.cycle(cycle).decided_to >= newest, within=90, what=f"recovery from {fault}")
    return time.monotonic() - began
