"""Continue-as-new in the middle of a year: nothing is forgotten."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from uuid import uuid4

import pytest

from exchange.cycle import begin, fold
from exchange.essential import essential
from exchange.state import Cycle
from store.store import Store
from tests.workflows.conftest import Enter
from tests.workflows.stage import Players, Stage, enter
from workflows import carry
from workflows.ledger import Ledger

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def runs(stage: Stage) -> str:
    return (
        (await stage.handle.fetch_history())
        .events[0]
        .workflow_execution_started_event_attributes.continued_execution_run_id
    )


@pytest.fixture
def short_runs(monkeypatch: pytest.MonkeyPatch) -> None:
    """A run hands over after some forty events."""
    monkeypatch.setattr("workflows.cycle.LONG", 40)


async def test_a_year_of_many_runs_reaches_the_same_end(stages: Enter, short_runs: None) -> None:
    stage = await stages(open_box=True)
    cycle = await Players(stage).play()
    assert await stage.handle.result() == "finished"
    assert await runs(stage)
    entries = stage.store.journal(stage.plan.id)
    assert [entry.position for entry in entries] == list(range(1, len(entries) + 1))
    assert (len(cycle.participants()), cycle.purse.committed) == (20, 0)
    live = carry.unpack(await stage.handle.query("state"))
    plan = essential(stage.store.first_plan(stage.plan.id))
    assert live.cycle.model_dump_json() == fold(begin(plan), (e.event for e in entries)).model_dump_json()
    assert live.decided_to == 20 + 4 + 20


async def test_the_inbox_is_read_on_from_where_the_run_before_stopped(stages: Enter, short_runs: None) -> None:
    stage = await stages(open_box=True)
    players = Players(stage, each_alone=True)
    await players.play(lambda cycle: cycle.desk("registration").confirmed == 20)
    names = [type(e.event).__name__ for e in stage.store.journal(stage.plan.id)]
    assert names.count("DelegateRegistered") == 20
    assert not stage.store.undecided()


async def test_a_decision_sent_again_to_a_later_run_takes_effect_once(stages: Enter, short_runs: None) -> None:
    stage = await stages(open_box=True)
    await stage.wait(lambda cycle: cycle.prompts, days=5)
    prompt, update_id = stage.open_prompt(), str(uuid4())
    first = await stage.approve(prompt, update_id=update_id)
    run = await runs(stage)
    await Players(stage).play(lambda cycle: cycle.current == "introductory-seminar")
    assert await runs(stage) != run
    again = await stage.approve(prompt, update_id=update_id)
    assert again.position == first.position
    names = [type(e.event).__name__ for e in stage.store.journal(stage.plan.id)]
    assert names.count("InvitationsSent") == 1


async def test_a_large_state_is_packed_and_comes_back_the_same(monkeypatch: pytest.MonkeyPatch, store: Store) -> None:
    ledger = Ledger(begin(enter(store, datetime.now(UTC), timedelta(days=300))), decided_to=7, taken={"u": 3})
    ledger.stuck.add("a due that failed")
    plain = carry.unpack(carry.pack(ledger))
    monkeypatch.setattr(carry, "READABLE", 100)
    packed = carry.pack(ledger)
    assert "state" not in packed
    back = carry.unpack(packed)
    for one in (plain, back):
        assert (one.cycle, one.decided_to, one.taken, one.stuck) == (ledger.cycle, 7, {"u": 3}, ledger.stuck)
    assert isinstance(back.cycle, Cycle)
