"""The year in seconds: a whole cycle on the time-skipping server, and what it weighs."""

from __future__ import annotations

from collections import Counter

import pytest
from temporalio.api.enums.v1 import EventType

from activities import names
from exchange.cycle import begin, fold
from exchange.essential import essential
from exchange.state import Cycle
from tests.workflows.conftest import Enter
from tests.workflows.stage import Players, Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def weight(stage: Stage) -> tuple[int, int]:
    """Events and bytes of the newest run."""
    history = await stage.handle.fetch_history()
    return len(history.events), sum(event.ByteSize() for event in history.events)


async def timeline(stage: Stage) -> list[str]:
    """The activity types in the order in which each is first seen: the year by name."""
    scheduled = [
        event.activity_task_scheduled_event_attributes.activity_type.name
        for event in (await stage.handle.fetch_history()).events
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED
    ]
    return list(dict.fromkeys(scheduled))


def folded(stage: Stage) -> Cycle:
    """The journal's fold, over what of the plan the workflow carries."""
    entries = stage.store.journal(stage.plan.id)
    return fold(begin(essential(stage.store.first_plan(stage.plan.id))), (entry.event for entry in entries))


async def live(stage: Stage) -> Cycle:
    return Cycle.model_validate((await stage.handle.query("state"))["state"])


async def test_a_year_with_answers_in_bursts_stays_within_300_events_and_80_kilobytes(stages: Enter) -> None:
    stage = await stages()
    players = Players(stage)
    cycle = await players.play()
    assert await stage.handle.result() == "finished"
    assert [s.stage for s in cycle.bookings.values()] == ["visited"] * 3
    assert len(cycle.participants()) == 20
    journal = Counter(type(entry.event).__name__ for entry in stage.store.journal(stage.plan.id))
    assert (journal["PromptClosed"], journal["VisitDeclined"], journal["FeedbackGiven"]) == (4, 1, 20)
    events, size = await weight(stage)
    assert events <= 300
    assert size <= 80_000
    assert await timeline(stage) == [
        names.PREPARE_LETTERS, names.SEND_INVITATIONS, names.COLLECT_REGISTRATIONS, names.BOOK_VISITS,
        names.HOLD_SEMINAR, names.GATHER_FEEDBACK, names.DRAW_UP_REPORT, names.FILE_REPORT,
    ]  # fmt: skip


async def test_a_year_with_every_answer_alone_stays_within_900_events(stages: Enter) -> None:
    stage = await stages()
    cycle = await Players(stage, each_alone=True).play()
    assert cycle.phase == "finished"
    assert (await weight(stage))[0] <= 900


async def test_the_fold_of_the_journal_is_the_live_state_at_every_stop(stages: Enter) -> None:
    stage = await stages()
    players = Players(stage)
    for stop in ("registration", "introductory-seminar", "final-seminar", "report"):
        await players.play(lambda cycle, stop=stop: cycle.current in {stop, ""})
        now = await live(stage)
        await stage.wait(lambda cycle, now=now: cycle.position >= now.position, days=1)
        assert (await live(stage)).model_dump_json() == folded(stage).model_dump_json()


async def test_two_cycles_never_mix(stages: Enter) -> None:
    one, other = await stages(), await stages()
    await Players(one).play(lambda cycle: cycle.desk("registration").confirmed)
    quiet = other.store.load(other.plan.id)
    assert {e.event.actor for e in other.store.journal(other.plan.id)} <= {"time", "plan"}
    assert quiet.desk("registration").confirmed == 0
    assert [p.cycle for p in other.store.prompts(other.plan.id)] == [other.plan.id]
    assert await one.handle.query("board") != await other.handle.query("board")
