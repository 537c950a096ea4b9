"""A rehearsal is held against the same cycle on the server: the same events, on the same days."""

from __future__ import annotations

from collections import defaultdict
from datetime import datetime, timedelta

import pytest

from exchange import cycle as rules
from exchange.approval import Approve
from exchange.base import Event
from rehearsal.script import read_script
from rehearsal.year import rehearse
from tests.workflows.conftest import Enter
from tests.workflows.stage import Stage

pytestmark = pytest.mark.asyncio(loop_scope="module")

A_LITTLE = timedelta(minutes=30)
"""The server's clock goes on while answers are handed in one after the other."""


def told(event: Event) -> tuple[str, ...]:
    """What an event says, without its hour."""
    about = ("step", "slot", "host", "person", "prompt", "revision", "position")
    prompt = getattr(event, "prompt", "")
    return (
        type(event).__name__,
        *(str(getattr(event, name, "")) for name in about if name != "prompt"),
        prompt if isinstance(prompt, str) else prompt.id,
    )


def by_hour(events: list[Event]) -> dict[tuple[str, ...], list[datetime]]:
    found: dict[tuple[str, ...], list[datetime]] = defaultdict(list)
    for event in events:
        found[told(event)].append(event.at)
    return found


async def say(stage: Stage, said: list[object]) -> None:
    """Everything that was said in the rehearsal is said to the server at its hour."""
    for command in said:
        wait = command.at - await stage.now()  # type: ignore[attr-defined]
        if wait > timedelta(0):
            await stage.sleep(wait)
        if isinstance(command, tuple(rules.ANSWERS)):
            await stage.receive((command.actor, command))
            continue
        if isinstance(command, Approve):
            waits = await stage.wait(lambda cycle, c=command: c.prompt in cycle.prompts, days=2)
            command = command.model_copy(update={"digest": waits.prompts[command.prompt].digest})  # noqa: PLW2901
        await stage.tell(command)


@pytest.mark.parametrize("script", ["", "the first host declines, five cancel, two decline the invitation"])
async def test_the_server_does_what_was_rehearsed(stages: Enter, script: str) -> None:
    stage = await stages()
    rehearsed = rehearse(rules.begin(stage.plan), read_script([script]), await stage.now(), {})
    assert rehearsed.ends.phase == "finished"
    await say(stage, list(rehearsed.said))
    await stage.wait(lambda cycle: cycle.phase == "finished")
    expected = by_hour(list(rehearsed.events))
    found = by_hour([entry.event for entry in stage.store.journal(stage.plan.id)])
    assert sorted(found) == sorted(expected)
    for about, hours in expected.items():
        assert len(found[about]) == len(hours), about
        assert all(abs(a - b) < A_LITTLE for a, b in zip(found[about], hours, strict=True)), about
