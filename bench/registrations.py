"""Ten thousand registrations into one cycle: everything that was taken is stored and decided, and at which pace.

Half of them find a place, half wait. The embedded server, the real worker with its postman, the record on a disk that
every commit is flushed to. The floor: the same rows received and the same records kept by the store alone.
"""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime

from bench.crowd import Crowd, alone, crowd, entered, opened, recorded
from bench.figures import Line, Progress
from bench.ground import cycles_worker, folder, server
from bench.scenes import desk_plan

FEW, MANY = 1_000, 10_000
FLOOR = "the same rows and records by the store alone"


async def measure(progress: Progress, *, few: int = FEW, many: int = MANY) -> list[Line]:
    """Counts of the large crowd, times of both."""
    with folder() as data:
        found = {}
        store = opened(data)
        async with server(data) as client, cycles_worker(client, data):
            for number in (few, many):
                progress(f"{number:,} registrations")
                plan = entered(store, f"cycle-crowd-{number}", number // 2)
                found[number] = await crowd(client, store, plan.id, number)
        store.close()
        low = {}
        for number in (few, many):
            progress(f"{number:,} registrations by the store alone")
            low[number] = await asyncio.to_thread(_alone, number)
    return lines(found[few], found[many], low[few], low[many])


def _alone(many: int) -> float:
    with folder() as first, folder() as second:
        pattern, store = opened(first), opened(second)
        plan = desk_plan("cycle-crowd", datetime.now(UTC), many // 2)
        seconds = alone(store, plan, many, recorded(pattern, plan, many))
        pattern.close()
        store.close()
        return seconds


def lines(few: Crowd, many: Crowd, low_few: float, low_many: float) -> list[Line]:
    """What came of it."""
    name = f"{many.sent:,} registrations"
    lost = many.sent - min(many.stored, many.accepted, many.placed)
    return [
        Line(f"{name}: taken and not decided", [lost], goal=0),
        Line("further history events, all runs", [many.events], goal=1_000),
        Line("the longest run", [many.longest], unit="events", goal=1_999),
        Line("approvals taken afterwards", [few.approved + many.approved], unit="of 2", goal=2, least=True),
        Line(f"seconds for {few.sent:,}", [few.seconds], [low_few], "s", floor_is=FLOOR),
        Line(f"seconds for {many.sent:,}", [many.seconds], [low_many], "s", floor_is=FLOOR),
        Line("one by the other", [many.seconds / few.seconds], [low_many / low_few], "times", 11, floor_is=FLOOR),
        Line("decided", [many.sent / many.seconds], [many.sent / low_many], "/s", floor_is=FLOOR),
    ]
