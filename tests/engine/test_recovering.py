"""Temporal is not the truth: a cycle goes on from its record after a terminate, a reset, and the loss of everything."""

from __future__ import annotations

import asyncio
import time
from collections import Counter
from pathlib import Path
from typing import Any

import pytest
from temporalio.client import Client

from exchange.cycle import begin, fold
from runtime.engine import connect
from runtime.settings import Settings
from tests.engine.installation import ANNA, BO, Installation, installed, until
from tests.engine.resetting import reset_workflow
from tests.engine.test_desk import at_the_desk
from tests.engine.test_whole_year import start
from workflows import contract

pytestmark = [pytest.mark.server, pytest.mark.timeout(400)]


def in_temporal(here: Installation, act: Any) -> Any:
    """Does something with Temporal itself, as somebody at its browser view would."""

    async def run() -> Any:
        return await act(await connect(Settings(data=here.folder)))

    return asyncio.run(run())


def terminate(here: Installation, workflow: str) -> None:
    async def act(client: Client) -> None:
        await client.get_workflow_handle(workflow).terminate("somebody clicked")

    in_temporal(here, act)


def reset(here: Installation, workflow: str) -> None:
    in_temporal(here, lambda client: reset_workflow(client, workflow))


def judge(here: Installation, cycle: str) -> None:
    """The journal is whole, its fold is the state, and no letter was made twice."""
    journal = here.store.journal(cycle)
    assert [entry.position for entry in journal] == list(range(1, len(journal) + 1))
    state = fold(begin(here.store.first_plan(cycle)), (entry.event for entry in journal))
    assert state.model_dump_json() == here.cycle(cycle).model_dump_json()
    closed = Counter(e.event.prompt for e in journal if type(e.event).__name__ == "PromptClosed")
    assert set(closed.values()) <= {1}
    causes = [e.event.cause for e in journal if type(e.event).__name__ in {"DelegateRegistered", "DelegateWaitlisted"}]
    assert len(causes) == len(set(causes))
    letters = here.letters(cycle)
    assert len({row.message_id for row in letters}) == len({row.key for row in letters}) == len(letters)


def test_a_terminated_cycle_goes_on_from_its_record(here: Installation) -> None:
    cycle = at_the_desk(here, "Terminated")
    here.do("register", ANNA, "--cycle", cycle)
    until(lambda: here.cycle(cycle).desk("registration").confirmed == 1)
    well = here.do("recover", cycle, "--json").data[0]
    assert (well["needed"], well["done"], well["found"]) == (False, False, "")
    terminate(here, cycle)
    before = here.names(cycle)
    refused = here.run("capacity", "registration", "50", "--cycle", cycle, "--yes", "--reason", "A larger hall")
    assert refused.code == 1
    assert f"kierros recover {cycle}" in refused.said
    here.run("register", BO, "--cycle", cycle)  # it is acknowledged; the outcome is waited for in vain

    looked = here.do("recover", cycle, "--dry-run", "--json").data[0]
    assert (looked["needed"], looked["done"], looked["waiting"]) == (True, False, 1)
    assert "terminated" in looked["found"]
    done = here.do("recover", cycle)
    assert f"It goes on from its record: {len(before)} events" in done.said
    assert "1 answer in the inbox is decided now." in done.said
    until(lambda: here.cycle(cycle).desk("registration").confirmed == 2)
    here.do("capacity", "registration", "50", "--cycle", cycle, "--yes", "--reason", "A larger hall")
    assert here.names(cycle)[: len(before)] == before
    judge(here, cycle)
    assert not here.do("recover", cycle, "--json").data[0]["needed"]


def test_the_post_office_is_started_again_by_itself(here: Installation) -> None:
    cycle = at_the_desk(here, "Posted")
    until(lambda: all(row.state == "sent" for row in here.letters(cycle, "invitation")), what="invitations are sent")
    terminate(here, contract.POST_OFFICE_ID)
    here.do("register", ANNA, "--cycle", cycle)
    until(lambda: [row.state for row in here.letters(cycle, "place_confirmed")] == ["sent"], what="a letter leaves")


def test_a_reset_cycle_is_found_out_writes_nothing_and_goes_on_from_its_record(here: Installation) -> None:
    cycle = at_the_desk(here, "Reset")
    here.do("register", ANNA, "--cycle", cycle)
    until(lambda: here.cycle(cycle).desk("registration").confirmed == 1)
    before, letters = here.names(cycle), len(here.letters(cycle))
    reset(here, cycle)
    refused = here.run("capacity", "registration", "50", "--cycle", cycle, "--yes", "--reason", "A larger hall")
    assert refused.code != 0
    assert here.names(cycle) == before
    done = here.do("recover", cycle, "--json").data[0]
    assert done["done"]
    assert done["found"]
    here.do("capacity", "registration", "50", "--cycle", cycle, "--yes", "--reason", "A larger hall")
    assert here.names(cycle)[: len(before)] == before
    assert here.cycle(cycle).desk("registration").capacity == 50
    assert len(here.letters(cycle)) == letters
    judge(here, cycle)


@pytest.mark.slow
def test_a_year_that_is_terminated_and_reset_and_loses_temporal_comes_to_its_report(tmp_path: Path) -> None:
    with installed(tmp_path) as here:
        year = start(here, "Lost and found", within="140")  # a few of its seconds pass while nothing runs
        cycle = year.cycle

        def trouble(number: int) -> None:
            if number == 0:
                terminate(here, cycle)
            elif number == 1:
                reset(here, cycle)
            else:
                here.down()
                for file in tmp_path.glob("temporal.db*"):
                    file.unlink()
                here.up()
                until(lambda: here.store.cycle(cycle).engine == "lost", what="the watchman has looked")
                today = here.do()
                assert "stands still" in today.said
                assert f"kierros recover {cycle}" in today.said
                assert "No workflow carries on" in (tmp_path / "up.log").read_text("utf-8")
                doctor = here.run("doctor")
                assert doctor.code == 1
                assert "Temporal knows no workflow of it" in doctor.said
            assert here.do("recover", "--json").data[0]["done"]

        ripe = [
            lambda s: s.desk("registration").stage == "open" and s.desk("registration").confirmed,
            lambda s: any(stay.stage == "confirmed" for stay in s.bookings.values()),
            lambda s: s.desk("registration").stage == "closed" and s.current != "registration",
        ]
        came, deadline = 0, time.monotonic() + 260
        while (state := here.cycle(cycle)).phase == "running":
            assert time.monotonic() < deadline, f"it is still at {state.current}: {sorted(state.prompts)}"
            year.turn(state)
            time.sleep(0.1)
            if came < len(ripe) and ripe[came](state):
                trouble(came)
                came += 1
        assert came == len(ripe)
        assert state.phase == "finished"
        judge(here, cycle)
        until(
            lambda: {row.state for row in here.letters(cycle)} <= {"sent", "dropped"}, within=60, what="letters leave"
        )
        assert here.do("report", cycle, "--json").data


@pytest.mark.slow
def test_a_backup_of_a_running_cycle_is_restored_and_goes_on_also_where_record_and_temporal_are_of_different_moments(
    tmp_path: Path,
) -> None:
    folder, file = tmp_path / "kierros", tmp_path / "kierros.zip"
    folder.mkdir()
    with installed(folder) as here:
        cycle = at_the_desk(here, "Saved")
        here.do("register", ANNA, "--cycle", cycle)
        until(lambda: here.cycle(cycle).desk("registration").confirmed == 1)
        here.do("backup", str(file))
        before = here.names(cycle)
        here.do("capacity", "registration", "50", "--cycle", cycle, "--yes", "--reason", "A larger hall")
        here.do("register", BO, "--cycle", cycle)
        until(lambda: here.cycle(cycle).desk("registration").confirmed == 2)
        here.down()
        newer = {f.name: f.read_bytes() for f in folder.glob("temporal.db*")}
        here.store.close()
        assert here.run("restore", str(file)).code == 1
        here.do("restore", str(file), "--replace")
    with installed(folder) as here:
        assert here.names(cycle) == before
        assert not here.do("recover", cycle, "--json").data[0]["needed"]
        here.do("register", BO, "--cycle", cycle)
        until(lambda: here.cycle(cycle).desk("registration").confirmed == 2)
        judge(here, cycle)
        here.down()
        here.store.close()
        here.do("restore", str(file), "--replace")
        for name, data in newer.items():
            (folder / name).write_bytes(data)
    with installed(folder) as here:
        until(lambda: here.store.cycle(cycle).engine == "lost", what="the watchman has looked")
        done = here.do("recover", cycle, "--json").data[0]
        assert done["found"].startswith("The record lacks event")
        assert done["missing"]["first"] == len(before) + 1
        assert done["missing"]["events"]["CapacityChanged"] == 1
        assert (done["missing"]["decisions"], done["missing"]["answers"]) == (1, 1)
        here.do("register", BO, "--cycle", cycle)
        until(lambda: here.cycle(cycle).desk("registration").confirmed == 2)
        assert here.names(cycle)[: len(before)] == before
        judge(here, cycle)
