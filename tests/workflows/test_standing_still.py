"""A suspended cycle: its answers stay in the inbox, its clock asks for nothing, and it goes on where it stood."""

from __future__ import annotations

from datetime import timedelta

import pytest
from temporalio.api.enums.v1 import EventType

from exchange.cancelling import Cancel
from exchange.state import Cycle
from exchange.suspending import CycleResumed, Resume, Suspend
from tests.workflows.conftest import Enter
from tests.workflows.stage import Players, Stage
from workers.desk import RefusedByRule

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def invited(stages: Enter) -> Stage:
    """The invitations are out and the desk is open."""
    stage = await stages()
    players = Players(stage)
    players.answered.add("registration")
    await players.play(lambda cycle: cycle.desk("registration").stage == "open")
    return stage


async def suspend(stage: Stage) -> None:
    await stage.tell(Suspend(at=await stage.now(), actor=stage.plan.roles["coordinator"][0], reason="n_flood"))


async def resume(stage: Stage) -> None:
    await stage.tell(Resume(at=await stage.now(), actor=stage.plan.roles["coordinator"][0]))


def registered(cycle: Cycle) -> int:
    return cycle.desk("registration").confirmed


async def test_answers_wait_undecided_while_it_stands_still_and_count_when_it_goes_on(stages: Enter) -> None:
    stage = await invited(stages)
    await suspend(stage)
    row = stage.store.cycle(stage.plan.id)
    assert (row.phase, row.next_due) == ("suspended", None)
    numbers = await stage.register(*stage.invited()[:3])
    await stage.sleep(timedelta(hours=6))
    assert {stage.store.outcome(stage.plan.id, n).state for n in numbers} == {"received"}
    assert stage.store.undecided() == []
    await resume(stage)
    cycle = await stage.wait(lambda cycle: registered(cycle) == 3, days=1)
    assert cycle.phase == "running"
    received = {place.since for place in cycle.desk("registration").people.values()}
    assert max(received) <= next(
        e.event.at for e in stage.store.journal(stage.plan.id) if isinstance(e.event, CycleResumed)
    )


async def test_a_standstill_of_weeks_costs_a_handful_of_events(stages: Enter) -> None:
    stage = await invited(stages)
    await suspend(stage)
    before = len((await stage.handle.fetch_history()).events)
    await stage.sleep(timedelta(days=5))
    history = (await stage.handle.fetch_history()).events
    assert len(history) - before <= 6
    started = [e for e in history if e.event_type == EventType.EVENT_TYPE_TIMER_STARTED]
    over = [
        e for e in history if e.event_type in {EventType.EVENT_TYPE_TIMER_CANCELED, EventType.EVENT_TYPE_TIMER_FIRED}
    ]
    assert len(started) == len(over)
    await resume(stage)
    assert (await Players(stage).play()).phase == "finished"


async def test_a_suspended_cycle_can_be_cancelled_and_ends(stages: Enter) -> None:
    stage = await invited(stages)
    await suspend(stage)
    numbers = await stage.register(*stage.invited()[:2])
    await stage.tell(Cancel(at=await stage.now(), actor=stage.plan.roles["coordinator"][0], reason="n_funding"))
    assert await stage.handle.result() == "cancelled"
    assert {stage.store.outcome(stage.plan.id, n).name for n in numbers} == {"CycleOver"}


async def test_it_is_refused_to_go_on_past_its_dates_by_name(stages: Enter) -> None:
    stage = await invited(stages)
    closes = stage.store.load(stage.plan.id).desk_step("registration").closes.at
    await suspend(stage)
    await stage.sleep(closes - await stage.now() + timedelta(hours=1))
    with pytest.raises(RefusedByRule) as refused:
        await resume(stage)
    assert refused.value.name == "DatesPassed"
    assert "registration closes WHEN" in refused.value.facts["dates"]


async def test_cancel_pressed_in_temporal_while_it_stands_still_is_put_before_staff(stages: Enter) -> None:
    stage = await invited(stages)
    await suspend(stage)
    await stage.handle.cancel()
    cycle = await stage.wait(lambda cycle: cycle.defects, days=2)
    assert (cycle.phase, [p.about for p in cycle.prompts.values()]) == ("suspended", ["defect"])
    await resume(stage)
    assert (await Players(stage).play()).phase == "finished"
