"""Whoever reaches Temporal's port with Temporal's own program decides nothing, and it stands on `doctor`."""

from __future__ import annotations

import asyncio
import json
import subprocess
from datetime import UTC, datetime
from typing import Any

import pytest

from runtime.engine import connect
from runtime.proofs import HEADER
from runtime.settings import Settings
from tests.engine.installation import KRISTINA, Installation, until
from workers.up import temporal_program

pytestmark = [pytest.mark.server, pytest.mark.timeout(240)]


def temporal(here: Installation, *words: str) -> str:
    """What `temporal` says, whatever comes of it."""
    address = json.loads((here.folder / "stack.json").read_text())["temporal"]
    command = [temporal_program(), *words, "--address", address, "--output", "json"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=60)
    return done.stdout + done.stderr


def a_proof_that_counted(here: Installation, cycle: str) -> str:
    """The header of the last decision, as anybody can read it in the history."""

    async def ask() -> str:
        handle = (await connect(Settings(data=here.folder))).get_workflow_handle(cycle)
        found = ""
        for event in (await handle.fetch_history()).events:
            asked = event.workflow_execution_update_accepted_event_attributes.accepted_request
            found = asked.input.header.fields[HEADER].data.decode() or found
        return found

    return asyncio.run(ask())


def test_what_temporals_own_program_sends_is_refused_and_told(here: Installation) -> None:
    cycle = here.start(here.plan("Past the doors"))
    prompt = here.prompt(cycle, step="invitations")
    here.do("note", "--cycle", cycle, "A decision whose proof can be read in the history")
    proof, before = a_proof_that_counted(here, cycle), here.names(cycle)
    assert proof.startswith("[")
    wish: dict[str, Any] = {
        "at": datetime.now(UTC).isoformat(), "actor": here.staff[KRISTINA],
        "prompt": prompt.id, "digest": prompt.digest,
    }  # fmt: skip
    approve = (
        "workflow",
        "update",
        "execute",
        "--workflow-id",
        cycle,
        "--name",
        "approve",
        "--input",
        json.dumps(wish),
    )
    assert "NoProof" in temporal(here, *approve) or "did not come from a door" in temporal(here, *approve)
    copied = temporal(here, *approve, "--headers", f"{HEADER}={proof}")
    assert "did not come from a door of Kierros" in copied
    record = {"cycle": cycle, "after": len(before), "events": [{"kind": "StepApproved", "step": "invitations"}]}
    activity = ("--type", "send_invitations", "--task-queue", "kierros", "--activity-id", "forged")
    temporal(
        here, "activity", "execute", *activity, "--start-to-close-timeout", "10s", "--input", json.dumps(record)
    )  # fmt: skip
    temporal(here, "workflow", "signal", "--workflow-id", cycle, "--name", "post", "--input", json.dumps(wish))
    log = until(lambda: (found := here.store.security_log(what=["decision_refused"]))[1:] and found)
    assert {(one.cycle, one.staff, one.door) for one in log} == {(cycle, here.staff[KRISTINA], "engine")}
    assert {one.detail for one in log} == {"approve: missing", "approve: other"}
    assert here.names(cycle) == before
    assert here.prompt(cycle, step="invitations") == prompt
    told = here.run("doctor").said
    assert "an approval without proof was refused" in told
    assert f"in {cycle}" in told
    here.do("approve", "--cycle", cycle, "--step", "invitations", "--yes")
    assert "StepApproved" in here.names(cycle)
