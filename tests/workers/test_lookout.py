"""What is made of a worker's answer about a workflow; and of a cycle that only a newer release can begin."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from sqlalchemy import text
from temporalio.client import WorkflowExecutionStatus, WorkflowQueryFailedError
from temporalio.service import RPCError, RPCStatusCode

from exchange.base import RULES, NewerRules
from exchange.record import Whereabouts
from runtime.settings import Settings
from store.store import Store, open_store
from tests.store.builders import NOON, plan, started
from workers import lookout
from workers.lookout import look
from workers.postman import Postman

PATCH = "[TMPRL1100] Nondeterminism error: Non-deprecated patch marker encountered\nand more of it"


class Engine:
    """Stands in for Temporal's client: one workflow that runs, and what a query of it comes to."""

    def __init__(self, *answers: Any) -> None:
        self.answers, self.asked = list(answers), 0

    def get_workflow_handle(self, _cycle: str) -> Engine:
        return self

    async def describe(self, **_: Any) -> Any:
        return SimpleNamespace(run_id="run", status=WorkflowExecutionStatus.RUNNING)

    async def query(self, *_: Any, **__: Any) -> Any:
        self.asked += 1
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Store]:
    monkeypatch.setattr(lookout, "PAUSE", 0)
    made = open_store(f"sqlite:///{tmp_path / 'kierros.db'}")
    yield made
    made.close()


FITS = Whereabouts(recorded=0, position=0, outcomes_to=0, decided_to=0)
NEWER = WorkflowQueryFailedError(str(NewerRules("cycle-x", RULES + 1)))


@pytest.mark.parametrize(
    ("answers", "state", "lost", "said"),
    [
        ([FITS], "fits", False, ""),
        ([WorkflowQueryFailedError(PATCH)], "stuck", True, "No worker can follow its workflow"),
        ([WorkflowQueryFailedError("the worker was leaving"), FITS], "fits", False, ""),
        ([NEWER], "newer", False, "Its workflow waits. cycle-x needs the rules of version"),
        ([RPCError("", RPCStatusCode.DEADLINE_EXCEEDED, b"")], "silent", False, "no worker answers for it"),
    ],
    ids=["well", "another history", "a moment", "newer", "nobody"],
)
async def test_what_a_worker_says_tells_who_can_go_on_with_a_cycle(
    store: Store, answers: list[Any], state: str, lost: bool, said: str
) -> None:
    found = await look(Engine(*answers), store, started(store))  # type: ignore[arg-type]  # stands in
    assert (found.state, found.lost) == (state, lost)
    assert said in found.said
    assert "\n" not in found.said


async def test_a_cycle_that_a_newer_release_put_into_the_record_is_left_for_it_to_begin(
    store: Store, tmp_path: Path
) -> None:
    new = plan()
    store.start_cycle(new, [], [], NOON)
    with store.writing() as connection:
        connection.execute(text("UPDATE cycles SET rules = 99"))
    postman = Postman(Engine(FITS), Settings(data=tmp_path), store)  # type: ignore[arg-type]  # stands in
    await postman.round(0)
    assert store.cycle(new.id).engine == "pending"
