"""What a history consists of: which calls were made, and how large each was."""

from __future__ import annotations

from collections import Counter

from temporalio.api.enums.v1 import EventType
from temporalio.api.history.v1 import HistoryEvent
from temporalio.client import WorkflowHistory

from activities.names import LOOK_AND_NOTE
from bench.papers import Sizes

COUNTED = {
    EventType.EVENT_TYPE_MARKER_RECORDED: "local activity",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_UPDATE_ACCEPTED: "update",
    EventType.EVENT_TYPE_WORKFLOW_EXECUTION_SIGNALED: "signal",
    EventType.EVENT_TYPE_TIMER_STARTED: "timer",
}


def calls(history: WorkflowHistory) -> Counter[str]:
    """How often each call was made: activities by name, the rest by kind."""
    found: Counter[str] = Counter()
    for event in history.events:
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            found[_type(event)] += 1
        elif kind := COUNTED.get(event.event_type):
            found[kind] += 1
    return found


def sizes(history: WorkflowHistory) -> Sizes:
    """How large each call's papers were, and a filler as long as the input."""
    there: dict[str, list[int]] = {}
    back: dict[str, list[int]] = {}
    names: dict[int, str] = {}
    for event in history.events:
        if event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_SCHEDULED:
            names[event.event_id] = _type(event)
            given = event.activity_task_scheduled_event_attributes.input.payloads
            there.setdefault(_type(event), []).append(sum(len(p.data) for p in given))
        elif event.event_type == EventType.EVENT_TYPE_ACTIVITY_TASK_COMPLETED:
            done = event.activity_task_completed_event_attributes
            name = names[done.scheduled_event_id]
            back.setdefault(name, []).append(sum(len(p.data) for p in done.result.payloads))
        elif event.event_type == EventType.EVENT_TYPE_MARKER_RECORDED:
            noted = event.marker_recorded_event_attributes.details["result"].payloads
            back.setdefault(LOOK_AND_NOTE, []).append(sum(len(p.data) for p in noted))
    found = Sizes(there=there, back=back)
    started = history.events[0].workflow_execution_started_event_attributes.input.payloads
    plan = sum(len(p.data) for p in started)
    return found.model_copy(update={"filler": "x" * max(0, plan - len(found.model_dump_json()))})


def weight(history: WorkflowHistory) -> tuple[int, int]:
    """Events and bytes."""
    return len(history.events), sum(event.ByteSize() for event in history.events)


def _type(event: HistoryEvent) -> str:
    return event.activity_task_scheduled_event_attributes.activity_type.name
