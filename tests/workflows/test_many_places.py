"""Many places at once: offered, and given up again, in portions of which each is recorded before the next."""

from __future__ import annotations

import json

import pytest
from temporalio.api.enums.v1 import EventType

import workflows.cycle
from exchange import offering
from exchange.registration import OfferExpired, PlaceOffered, SetCapacity
from tests.workflows.conftest import Enter
from tests.workflows.stage import Stage
from tests.workflows.test_answers import at_the_desk

pytestmark = pytest.mark.asyncio(loop_scope="module")

A_PORTION, A_RECORDING = 2, 4


async def resize(stage: Stage, capacity: int) -> None:
    coordinator = stage.plan.roles["coordinator"][0]
    said = {"step": "registration", "capacity": capacity, "reason": "n_hall"}
    await stage.tell(SetCapacity(at=await stage.now(), actor=coordinator, **said))


async def recordings(stage: Stage) -> list[list[str]]:
    """The kinds of the events in each visit to the record that went as an activity."""
    found = []
    for event in (await stage.handle.fetch_history()).events:
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            (payload,) = event.activity_task_scheduled_event_attributes.input.payloads
            found.append([kept["kind"] for kept in json.loads(payload.data).get("events", ())])
    return found


async def test_many_offers_and_their_many_ends_are_recorded_in_portions(
    stages: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(offering, "AT_ONCE", A_PORTION)
    monkeypatch.setattr(workflows.cycle, "AT_ONCE", A_RECORDING)
    stage = await at_the_desk(stages, open_box=True)
    await resize(stage, 1)
    await stage.register(*stage.invited()[:13])
    cycle = await stage.wait(lambda cycle: cycle.desk("registration").waiting == 12)
    line = cycle.desk("registration").in_line()
    await resize(stage, 13)
    await stage.wait(lambda cycle: len(cycle.desk("registration").offers) == 12)
    await stage.wait(lambda cycle: not cycle.desk("registration").offers)
    journal = [entry.event for entry in stage.store.journal(stage.plan.id)]
    assert [event.person for event in journal if isinstance(event, PlaceOffered)] == line
    assert sorted(event.person for event in journal if isinstance(event, OfferExpired)) == sorted(line)
    kept = await recordings(stage)
    # one decision may come on top of what was unrecorded
    assert max(kinds.count("PlaceOffered") for kinds in kept) <= A_RECORDING + A_PORTION
    assert max(kinds.count("OfferExpired") for kinds in kept) <= A_RECORDING
