"""A worker in a process of its own: ``python -m bench.serving SIDE ADDRESS QUEUE``, SIDE being ``ours`` or ``floor``.

Its activities return at once. What they were told to record is written to stdout, a word a line, so that the players
know when it is their turn; a line on stdin is answered with the CPU seconds used so far; the end of stdin ends it.
"""

from __future__ import annotations

import asyncio
import os
import sys
import threading
from collections.abc import Callable, Iterable
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from pathlib import Path
from typing import Any

from temporalio import activity
from temporalio.worker import Worker

from activities import names
from bench.floor import EmptyWorkflow, FloorWorkflow
from bench.papers import Task, Told
from bench.scenes import KEY
from bench.script import AT_ONCE, IN_TIME, answers_to
from exchange.record import Post, Preparation, Ready, Record, Row
from runtime.engine import connect, sdk_runtime
from runtime.settings import Settings
from workers.proof import ProofInterceptor, TurnedAway
from workers.sandbox import runner
from workflows.chores import RECORDING
from workflows.cycle import CycleWorkflow

Say = Callable[[str, Iterable[str]], None]
RECORDED = (*RECORDING, names.CLOSE_CYCLE, names.LOOK_AND_NOTE)
PREPARED = (names.PREPARE_LETTERS, names.DRAW_UP_REPORT)


def speaker() -> Say:
    """Writes words about a cycle, each line whole."""
    lock = threading.Lock()

    def say(cycle: str, words: Iterable[str]) -> None:
        lines = "".join(f"{cycle} {word}\n" for word in words)
        with lock:
            sys.stdout.write(lines)
            sys.stdout.flush()

    return say


def words_of(record: Record) -> list[str]:
    """What players listen to: a word for each event and each refusal."""
    return [*map(word_of, record.events), *(f"Refused:{refused.name}" for refused in record.refused)]


def word_of(event: dict[str, Any]) -> str:
    """The event's kind, with the prompt, host, person or step that it is about."""
    if event["kind"] == "PromptOpened":
        return f"PromptOpened:{event['prompt']['id']}"
    return f"{event['kind']}:{event.get('host') or event.get('person') or event.get('step') or ''}"


class Inbox:
    """What has been said in each cycle, in this process's memory; new rows are found by the next who looks."""

    def __init__(self) -> None:
        self._rows: dict[str, list[Row]] = {}

    def exchange(self, record: Record) -> tuple[Row, ...]:
        """Takes the rows that follow from what is recorded, and gives those that waited before.

        What must not depend on how fast word travels comes with the same look: a survey that closes at once has its
        answers, and the host asked in another's stead answers before its companions' stays are over.
        """
        rows = self._rows.setdefault(record.cycle, [])
        waiting = len(rows)
        for event in record.events:
            at_once = word_of(event) in AT_ONCE
            for command in answers_to(word_of(event)):
                at = event["at"] if at_once or command["kind"] != "Register" else IN_TIME
                actor = command.get("person", "s_olga")
                rows.append(Row(number=len(rows) + 1, at=at, actor=actor, data=command))
            waiting = len(rows) if at_once else waiting
        return tuple(rows[record.decided_to : waiting]) if record.collect else ()


def ours(say: Say) -> list[Any]:
    """The cycle's activities."""
    inbox = Inbox()

    def recorded(name: str) -> Any:
        @activity.defn(name=name)
        def record(record: Record) -> Post:
            rows = inbox.exchange(record)
            say(record.cycle, words_of(record))
            return Post(rows=rows) if rows else Post()

        return record

    def prepared(name: str) -> Any:
        @activity.defn(name=name)
        def prepare(preparation: Preparation) -> Ready:
            return Ready(digest=f"{preparation.step}-{preparation.revision}", letters=24, languages=("en", "ru"))

        return prepare

    return [*map(recorded, dict.fromkeys(RECORDED)), *map(prepared, PREPARED)]


def floor(say: Say) -> list[Any]:
    """The floor's activities: the same names, and as much comes back."""

    def named(name: str) -> Any:
        @activity.defn(name=name)
        def work(task: Task) -> Told:
            say(task.cycle, task.words)
            return Told(filler=max(0, task.back - 13) * "x")

        return work

    return [*map(named, dict.fromkeys((*RECORDED, *PREPARED)))]


async def serve(side: str, address: str, queue: str) -> None:
    """Serves until stdin ends."""
    client = await connect(Settings(data=Path.cwd()), environment={"TEMPORAL_ADDRESS": address}, runtime=sdk_runtime())
    say = speaker()
    mine: dict[str, Any] = (
        {"workflows": [CycleWorkflow], "activities": ours(say), "workflow_runner": runner()}
        if side == "ours"
        else {"workflows": [FloorWorkflow, EmptyWorkflow], "activities": floor(say)}
    )
    with ThreadPoolExecutor(8) as pool:
        worker = Worker(
            client,
            task_queue=queue,
            activity_executor=pool,
            max_concurrent_activities=8,
            interceptors=[ProofInterceptor(KEY, TurnedAway())] if side == "ours" else [],
            graceful_shutdown_timeout=timedelta(seconds=1),
            **mine,
        )
        async with worker:
            say("worker", ["serves"])
            while await asyncio.to_thread(sys.stdin.readline):
                used = os.times()
                say("cpu", [f"{used.user + used.system:.4f}"])


if __name__ == "__main__":
    asyncio.run(serve(*sys.argv[1:4]))
    sys.stdout.flush()
    os._exit(0)  # a process that used temporalio may abort in its exit handlers (sdk-python#300)
