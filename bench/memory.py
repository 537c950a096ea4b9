"""What a thousand open cycles weigh in the worker that has them all at hand.

Each is the example's cycle of twenty people, started by the postman and come to rest before its first decision. The
floor: the same worker before it has any.
"""

from __future__ import annotations

import asyncio
import os
import sys
from datetime import UTC, datetime, timedelta
from pathlib import Path

from bench.crowd import opened
from bench.figures import Line, Progress
from bench.ground import address, folder, process, server
from exchange.plan import CyclePlan
from store.models import Person
from store.refs import new_ref
from store.store import Store
from tests.workflows.stage import enter

CYCLES = 1_000
A_YEAR = timedelta(days=300)


async def measure(progress: Progress, *, cycles: int = CYCLES) -> list[Line]:
    """One line, in megabytes."""
    with folder() as data:
        store = opened(data)
        async with server(data) as client:
            environment = {"TEMPORAL_ADDRESS": address(client), "KIERROS_DATA": str(data)}
            command = [sys.executable, "-m", "workers", "--queue", "cycles", "--parent", str(os.getpid())]
            async with process(command, data / "worker.log", environment) as worker:
                await serving(data / "worker.log")
                await asyncio.sleep(3)
                empty = resident(worker.pid)
                await opened_all(store, cycles, progress)
                full = resident(worker.pid)
        store.close()
    return [
        Line(f"worker with {cycles:,} open cycles", [full], [empty], "MB", 250 * cycles / 1000, floor_is="none open"),
        Line("for each cycle", [1000 * (full - empty) / cycles], unit="kB"),
    ]


async def serving(log: Path) -> None:
    """Until the worker says so."""
    async with asyncio.timeout(60):
        while "worker serves" not in log.read_text(errors="replace"):  # noqa: ASYNC110, ASYNC240 - another process writes
            await asyncio.sleep(0.1)


async def opened_all(store: Store, cycles: int, progress: Progress) -> None:
    """Starts the cycles, and waits until each has been at work and come to rest."""
    now = datetime.now(UTC)
    plan = enter(store, now, A_YEAR, id="cycle-0")
    people = store.people(plan.id)
    for number in range(1, cycles):
        again, listed = copied(plan, people, f"cycle-{number}")
        store.start_cycle(again, listed, [], now)
    async with asyncio.timeout(500):
        while (ready := sum(row.length > 1 for row in store.cycles())) < cycles:
            progress(f"{ready} of {cycles} at rest")
            await asyncio.sleep(2)
    await asyncio.sleep(5)


def copied(plan: CyclePlan, people: list[Person], cycle: str) -> tuple[CyclePlan, list[Person]]:
    """The same plan under another name, with people of its own: reading the plan file anew takes ten times as long."""
    refs = {person.ref: new_ref("p") for person in people}
    written = plan.model_copy(update={"id": cycle}).model_dump_json()
    for ref, fresh in refs.items():
        written = written.replace(ref, fresh)
    listed = [person.model_copy(update={"ref": refs[person.ref], "cycle": cycle}) for person in people]
    return CyclePlan.model_validate_json(written), listed


def resident(pid: int) -> float:
    """Megabytes of memory that the process holds."""
    for line in Path(f"/proc/{pid}/status").read_text().splitlines():
        if line.startswith("VmRSS:"):
            return int(line.split()[1]) / 1000
    raise ProcessLookupError(pid)
