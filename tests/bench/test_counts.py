"""The counts that the measurements stand for. Times are printed by ``make bench`` and asserted nowhere."""

from __future__ import annotations

from contextlib import AsyncExitStack
from pathlib import Path

import pytest

from bench import calls, imports, size, throughput
from bench.crowd import crowd, entered, opened
from bench.figures import Line, Progress, table
from bench.ground import cycles_worker, server


@pytest.mark.parametrize("asked", imports.ASKED, ids=" ".join)
async def test_a_question_to_the_record_never_imports_temporalio(asked: tuple[str, ...], tmp_path: Path) -> None:
    assert await imports.imported(asked, tmp_path) == ""


async def crowded(data: Path, many: int) -> None:
    store = opened(data)
    async with server(data) as client, cycles_worker(client, data):
        plan = entered(store, f"cycle-{many}", many // 2)
        found = await crowd(client, store, plan.id, many)
    store.close()
    assert (found.sent, found.stored, found.accepted, found.placed) == (many, many, many, many)
    assert found.approved
    assert found.events <= 1_000
    assert found.longest < 2_000


@pytest.mark.server
async def test_five_hundred_registrations_are_all_stored_and_decided(tmp_path: Path) -> None:
    await crowded(tmp_path, 500)


@pytest.mark.server
@pytest.mark.slow
async def test_ten_thousand_registrations_are_all_stored_and_decided(tmp_path: Path) -> None:
    await crowded(tmp_path, 10_000)


@pytest.mark.server
async def test_the_floor_makes_the_calls_that_a_cycle_of_ours_makes(tmp_path: Path) -> None:
    async with AsyncExitStack() as stack:
        pair = await throughput.paired(stack, tmp_path)
    ours, floor = calls.calls(pair.our_history), calls.calls(pair.floor_history)
    assert {name: abs(ours[name] - floor[name]) for name in ours | floor} == dict.fromkeys(ours | floor, 0)


@pytest.mark.server
@pytest.mark.slow
async def test_a_year_stays_within_its_goals_however_people_answer() -> None:
    lines = await size.measure(Progress("size"))
    assert [line.what for line in lines if line.met is False] == []


def test_a_missed_goal_is_said_in_the_table() -> None:
    line = Line("something", [3, 5, 4], [2], "ms", 1.5, "ratio")
    assert line.met is False
    assert table([line])[1] == "something  4 ms (3–5)   2 ms   2.00  ratio ≤ 1.5  MISSED"
