"""Histories that releases have kept (`scripts/golden.py`): each replays to its journal, state and commands."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import WorkflowHistory
from temporalio.worker import Replayer, WorkflowRunner

from exchange import record
from exchange.cycle import begin, fold
from exchange.state import Cycle
from runtime.engine import CONVERTER
from scripts.golden import commands
from workers.sandbox import runner, strict_runner
from workflows import carry
from workflows.contract import CycleStart
from workflows.cycle import CycleWorkflow
from workflows.ledger import Ledger

HERE = Path(__file__).parent
KEPT = sorted(file.name.removesuffix(".history.json") for file in HERE.glob("*.history.json"))


def kept(name: str, what: str) -> Any:
    return json.loads((HERE / f"{name}.{what}.json").read_text("utf-8"))


def written(cycle: Cycle) -> str:
    return json.dumps(cycle.model_dump(mode="json"), indent=1, ensure_ascii=False) + "\n"


def history(name: str) -> WorkflowHistory:
    return WorkflowHistory.from_json(name, kept(name, "history"))


@pytest.fixture
def ledgers(monkeypatch: pytest.MonkeyPatch) -> list[Ledger]:
    """The ledgers that replayed workflows have made."""
    made: list[Ledger] = []
    original = Ledger.__init__

    def noted(self: Ledger, *args: Any, **options: Any) -> None:
        original(self, *args, **options)
        made.append(self)

    monkeypatch.setattr(Ledger, "__init__", noted)
    return made


@pytest.mark.parametrize("runs", [runner, strict_runner])
@pytest.mark.parametrize("name", KEPT)
async def test_a_kept_history_replays_to_its_state(
    name: str, runs: Callable[[], WorkflowRunner], ledgers: list[Ledger]
) -> None:
    replayer = Replayer(workflows=[CycleWorkflow], data_converter=CONVERTER, workflow_runner=runs())
    await replayer.replay_workflow(history(name))
    (ledger,) = ledgers
    assert written(ledger.cycle) == (HERE / f"{name}.state.json").read_text("utf-8")


@pytest.mark.parametrize("name", KEPT)
def test_what_a_run_of_that_release_carried_is_taken_up_and_carried_on_as_it_was(name: str) -> None:
    carried = kept(name, "carried")
    ledger = carry.unpack(carried)
    assert written(ledger.cycle) == (HERE / f"{name}.state.json").read_text("utf-8")
    assert carry.pack(ledger) == carried


@pytest.mark.parametrize("name", KEPT)
def test_a_kept_journal_folds_to_its_state(name: str) -> None:
    start = first_input(name)
    assert start.plan is not None
    events = [record.events.unpack(data) for data in kept(name, "journal")]
    assert written(fold(begin(start.plan, start.rules), events)) == (HERE / f"{name}.state.json").read_text("utf-8")
    assert [record.events.pack(event, start.rules) for event in events] == kept(name, "journal")


@pytest.mark.parametrize("name", KEPT)
def test_the_order_of_commands_is_the_one_that_was_written_down(name: str) -> None:
    assert "\n".join(commands(history(name))) + "\n" == (HERE / f"{name}.commands.txt").read_text("utf-8")


def first_input(name: str) -> CycleStart:
    """What the workflow was started with."""
    (payload,) = history(name).events[0].workflow_execution_started_event_attributes.input.payloads
    return CycleStart.model_validate_json(payload.data)
