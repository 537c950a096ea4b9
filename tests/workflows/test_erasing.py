"""The record has erased somebody: her cycle hears of it, lets her go, and forgets nothing of it on replay."""

from __future__ import annotations

import pytest
from temporalio.worker import Replayer

from exchange.erasing import PersonErased
from exchange.registration import PlaceOffered
from exchange.suspending import Resume, Suspend
from runtime.engine import CONVERTER
from store.erasing import HERSELF
from tests.workflows.conftest import Enter
from tests.workflows.stage import Players, Stage
from workers.sandbox import runner
from workflows import contract
from workflows.cycle import CycleWorkflow

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def registered(stages: Enter) -> Stage:
    """The places are given."""
    stage = await stages()
    players = Players(stage)
    await players.play(
        lambda cycle: len(cycle.group()) > 3,
    )
    return stage


async def erase(stage: Stage, person: str, by: str = HERSELF) -> None:
    stage.store.erase_person(stage.plan.id, person, by, now=await stage.now())
    assert stage.store.untold() == [stage.plan.id]
    await stage.handle.signal(contract.POST, contract.GONE)


async def test_her_place_goes_to_the_next_and_the_history_replays(stages: Enter) -> None:
    stage = await registered(stages)
    her = stage.store.load(stage.plan.id).group()[0]
    waits = stage.store.load(stage.plan.id).desk("registration").waiting
    await erase(stage, her)
    await stage.wait(lambda cycle: her in cycle.erased, days=2)
    assert stage.store.untold() == []
    events = [e.event for e in stage.store.journal(stage.plan.id)]
    (gone,) = [event for event in events if isinstance(event, PersonErased)]
    assert (gone.person, gone.actor, gone.cause) == (her, her, "")
    assert len([e for e in events if isinstance(e, PlaceOffered)]) == min(1, waits)
    assert not [row for row in stage.store.letters(stage.plan.id, to_ref=her) if row.state == "queued"]
    await stage.handle.signal(contract.POST, contract.GONE)  # word of nothing new
    history = await stage.handle.fetch_history()
    replayer = Replayer(workflows=[CycleWorkflow], data_converter=CONVERTER, workflow_runner=runner())
    await replayer.replay_workflow(history)
    assert (await Players(stage).play()).phase == "finished"
    assert len([e for e in stage.store.journal(stage.plan.id) if isinstance(e.event, PersonErased)]) == 1


async def test_while_all_stands_still_she_goes_and_the_answers_stay_undecided(stages: Enter) -> None:
    stage = await registered(stages)
    her, coordinator = stage.store.load(stage.plan.id).group()[0], stage.plan.roles["coordinator"][0]
    await stage.tell(Suspend(at=await stage.now(), actor=coordinator, reason="n_flood"))
    (number,) = await stage.register(stage.invited()[-1])
    await erase(stage, her, coordinator)
    cycle = await stage.wait(lambda cycle: her in cycle.erased, days=2)
    assert cycle.phase == "suspended"
    assert stage.store.outcome(stage.plan.id, number).state == "received"
    await stage.tell(Resume(at=await stage.now(), actor=coordinator))
    await stage.wait(lambda _: stage.store.outcome(stage.plan.id, number).state != "received", days=1)
