"""Faults in running cycles, one after another, chosen by a seed, while everybody goes on working."""

from __future__ import annotations

import random
import time
from collections.abc import Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from store.faults import StoreFault
from store.store import open_store
from tests.engine.faults.judge import judge
from tests.engine.faults.players import Player
from tests.engine.faults.scene import Fault, Scene
from tests.engine.installation import until
from tests.engine.test_faults import guests, start_for_real


def chosen(faults: Sequence[Fault], count: int, rng: random.Random) -> list[Fault]:
    """Each of them at least once, others again, in the order of chance."""
    assert count >= len(faults)
    more = [*faults, *rng.choices(faults, k=count - len(faults))]
    rng.shuffle(more)
    return more


def put_in(one: Fault, among: list[Fault], rng: random.Random) -> list[Fault]:
    """A fault that comes once, somewhere among the others."""
    place = rng.randrange(len(among) + 1)
    return [*among[:place], one, *among[place:]]


@dataclass
class Run:
    scene: Scene
    players: list[Player]
    """Cycles in real time, that go on by answers and decisions."""
    year: Player | None = None
    """A cycle that comes to its end meanwhile."""
    waited: float = 0.0
    """Seconds that staff waited for the slowest acknowledgement during the last fault, in the cycle that was struck."""
    took: list[tuple[str, float]] = field(default_factory=list)
    """Fault to the seconds until the struck cycle took a decision again, and had decided all its answers."""

    def inflict(self, fault: Fault) -> None:
        struck = self.scene.rng.choice(self.players)
        self.scene.cycle, self.waited = struck.cycle, 0.0
        began = time.monotonic()
        with ThreadPoolExecutor(1) as beside:
            blow: Future[None] = beside.submit(fault.strike, self.scene)
            self.work(struck)
            while not blow.done():
                self.work(struck)
                time.sleep(0.05)
            blow.result()
        fault.mend(self.scene)
        for player in [struck, *self.players]:
            until(player.note, within=120, what=f"a decision in {player.cycle} after: {fault.name} ({player.said})")
        until(lambda: self.decided(struck), within=90, what=f"answers are decided after: {fault.name}")
        self.took.append((fault.name, time.monotonic() - began))
        line = f"{len(self.took):3} {fault.name:40} {struck.cycle[-10:]} {self.took[-1][1]:5.1f} s"
        print(f"{line}, of it {self.waited:4.1f} s for one decision", flush=True)

    def work(self, struck: Player) -> None:
        struck.turn()
        asked = time.monotonic()
        if struck.note():
            self.waited = max(self.waited, time.monotonic() - asked)
        for player in self.players:
            if player is not struck:
                player.turn()
        if self.year is not None:
            self.year.turn()

    def decided(self, player: Player) -> bool:
        try:
            return all(cycle != player.cycle for cycle, _ in self.scene.here.store.undecided())
        except StoreFault:
            return False

    def end(self) -> None:
        """Faults are over: everything goes on, one cycle to its report, and the letters leave."""
        for player in self.players:
            until(player.note, within=120, what=f"{player.cycle} takes decisions: {player.said}")
            player.turn()
        if self.year is not None:
            until(self._year_over, within=300, what=f"the report of {self.year.cycle}: {self.year.said}")
        every = [*self.players, *([self.year] if self.year else [])]
        until(lambda: all(self.decided(p) for p in every), within=90, what="all answers are decided")
        until(lambda: not self.waiting(), within=200, what="letters leave")
        self.judge()

    def judge(self) -> None:
        here, sink = self.scene.here, self.scene.sink
        for player in [*self.players, *([self.year] if self.year else [])]:
            judge(player, sink)
        known = {row.message_id for cycle in here.store.cycles() for row in here.letters(cycle.id)}
        assert {letter for letter, _ in sink.copies} <= known, "letters came of which the record knows nothing"

    def _year_over(self) -> bool:
        assert self.year is not None
        self.year.turn()
        return self.scene.here.cycle(self.year.cycle).phase == "finished"

    def waiting(self) -> list[str]:
        """Letters that should have left by now."""
        soon = datetime.now(UTC) + timedelta(minutes=3)
        rows = [row for cycle in self.scene.here.store.cycles() for row in self.scene.here.letters(cycle.id)]
        return [r.message_id for r in rows if r.state == "sending" or (r.state == "queued" and r.not_before < soon)]


def opened(scene: Scene, themes: Sequence[str], year: float = 0) -> Run:
    """Cycles in which registration is open, and one whose whole year lasts so many seconds."""
    here = scene.here
    players = []
    for theme in themes:
        plan = here.plan(theme, people=guests(90), capacity=12)
        plan.write_text(plan.read_text("utf-8").replace("per_library: 2", "per_library: 12"), "utf-8")
        players.append(Player(here, here.start(plan), random.Random(scene.rng.random())))
    here.go_live()
    coming = start_for_real(here, "Year", year) if year else ""
    every = [*players, *([Player(here, coming, random.Random(scene.rng.random()))] if coming else [])]

    def all_open() -> bool:
        for player in every:
            player.turn()
        return all(here.cycle(p.cycle).desk("registration").stage != "idle" for p in every)

    until(all_open, within=120, what="registration opens")
    return Run(scene, players, every[-1] if coming else None)


def restored_from_different_moments(run: Run, file: Path) -> None:
    """The record from a backup, Temporal's file from now: what is missing is listed, and nothing else is missing."""
    here, struck = run.scene.here, run.players[0]
    began = time.monotonic()
    here.do("backup", str(file))
    since = len(struck.notes)
    for _ in range(3):
        assert struck.note(), struck.said
    here.down()
    newer = {found: found.read_bytes() for found in here.folder.glob("temporal.db*")}
    here.store.close()
    here.do("restore", str(file), "--replace")
    for found, data in newer.items():
        found.write_bytes(data)
    here.store = open_store(f"sqlite:///{here.folder / 'kierros.db'}", domain="kierros.example")
    here.up()
    done = {one["cycle"]: one for one in here.do("recover", "--json").data}
    assert done[struck.cycle]["missing"]["events"] == {"NoteTaken": 3}
    assert done[struck.cycle]["missing"]["decisions"] == 3
    assert [one["cycle"] for one in done.values() if one["missing"]["last"]] == [struck.cycle]
    del struck.notes[since:]  # they are lost, and staff have read so
    until(struck.note, within=60, what=f"a decision after the restore ({struck.said})")
    run.judge()
    run.took.append(("record and Temporal of different moments", time.monotonic() - began))
