"""What is asked of a running installation by the code of one release: in this process, or as a program by another's.

As a program it reads a list of ``[name, *arguments]`` as JSON, does one after another, and writes their answers.
"""

from __future__ import annotations

import asyncio
import json
import os
import sys
import time
from collections.abc import Sequence
from pathlib import Path
from typing import Any
from uuid import uuid4

from temporalio.client import Client, WorkflowHistory
from temporalio.worker import Replayer

from exchange.plan import CyclePlan
from exchange.record import commands
from exchange.state import Cycle
from runtime.engine import CONVERTER, connect
from runtime.settings import Settings
from store.models import Letterbox, Person, TextRow
from store.store import Store, open_store
from tests.signing import anybody
from workers import desk
from workers.sandbox import runner
from workers.signing import proof_key
from workflows import carry
from workflows.cycle import CycleWorkflow

AT_ONCE = 60.0
NOW = "2027-01-01T00:00:00Z"
"""Stands where the workflow puts its own time."""


async def enter(here: Settings, plans: Sequence[dict[str, Any]]) -> None:
    """Puts cycles into the record, each with its people and texts; the workers start them."""
    store = open_store(here.database_url)
    for one in plans:
        people = [Person.model_validate(person) for person in one["people"]]
        texts = [TextRow.model_validate(text) for text in one["texts"]]
        store.start_cycle(CyclePlan.model_validate(one["plan"]), people, texts)
    store.close()


async def tell(here: Settings, wishes: Sequence[tuple[str, dict[str, Any]]]) -> list[int]:
    """Has each cycle decide a command of staff; the journal's length after each."""
    client, store = await connect(here), open_store(here.database_url)
    hand = anybody(store, proof_key(here))
    taken = [
        desk.tell(client, hand, cycle, commands.unpack({"at": NOW, **wish}), f"t-{uuid4().hex}", tries=3)
        for cycle, wish in wishes
    ]
    positions = [accepted.position for accepted in await asyncio.gather(*taken)]
    store.close()
    return positions


async def answer(here: Settings, answers: Sequence[tuple[str, dict[str, Any]]]) -> None:
    """Puts an answer into each inbox."""
    store = open_store(here.database_url)
    for cycle, said in answers:
        data = commands.pack(commands.unpack({"at": NOW, **said}))
        bare = {key: value for key, value in data.items() if key not in {"at", "actor", "cause"}}
        store.receive(cycle, [Letterbox(command_id=uuid4().hex, command=bare, actor=said["actor"])])
    store.close()


async def judge(here: Settings, cycles: Sequence[str]) -> dict[str, str]:
    """Whether the live state of each is the fold of its journal; what is wrong where it is not."""
    client, store = await connect(here), open_store(here.database_url)
    wrong = {cycle: said for cycle in cycles if (said := await _differs(client, store, cycle))}
    store.close()
    return wrong


async def _differs(client: Client, store: Store, cycle: str) -> str:
    until = time.monotonic() + AT_ONCE
    while True:
        carried = await client.get_workflow_handle(cycle).query("state")
        live, kept = carry.unpack(carried).cycle, store.recovered(cycle).state
        if _plain(live) == _plain(kept) and not store.waiting(cycle, 1).rows:
            return ""
        if time.monotonic() > until:
            return f"live at {live.position}, the record at {kept.position}"
        await asyncio.sleep(0.1)


def _plain(cycle: Cycle) -> str:
    return cycle.model_dump_json()


async def histories(here: Settings, cycles: Sequence[str], folder: str) -> None:
    """Writes down the history of each one's newest run."""
    client = await connect(here)
    for cycle in cycles:
        history = await client.get_workflow_handle(cycle).fetch_history()
        Path(folder, f"{cycle}.json").write_text(history.to_json(), "utf-8")


async def replay(_here: Settings, cycles: Sequence[str], folder: str) -> dict[str, str]:
    """Replays what was written down; what went wrong where something did."""
    replayer = Replayer(workflows=[CycleWorkflow], data_converter=CONVERTER, workflow_runner=runner())
    wrong = {}
    for cycle in cycles:
        kept = WorkflowHistory.from_json(cycle, Path(folder, f"{cycle}.json").read_text("utf-8"))
        result = await replayer.replay_workflow(kept, raise_on_replay_failure=False)
        if result.replay_failure is not None:
            wrong[cycle] = str(result.replay_failure)
    return wrong


DOES = {"enter": enter, "tell": tell, "answer": answer, "judge": judge, "histories": histories, "replay": replay}


def do(here: Settings, asks: Sequence[Sequence[Any]]) -> list[Any]:
    """One after another."""

    async def all_of_them() -> list[Any]:
        return [await DOES[name](here, *arguments) for name, *arguments in asks]  # type: ignore[operator]

    return asyncio.run(all_of_them())


if __name__ == "__main__":
    sys.stdout.write(json.dumps(do(Settings(), json.load(sys.stdin))))
    sys.stdout.flush()
    os._exit(0)  # a short-lived process that used temporalio may crash as it ends
