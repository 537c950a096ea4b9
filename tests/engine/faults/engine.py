"""Temporal itself: its answers lost, its file lost or of another day, a terminate or a reset by somebody who clicks."""

from __future__ import annotations

import signal
import subprocess
import sys
import time
from pathlib import Path

from tests.engine.faults.processes import send, workers
from tests.engine.faults.proxy import Line, line_to
from tests.engine.faults.scene import Fault, Scene
from tests.engine.installation import until
from tests.engine.test_recovering import reset, terminate
from workers.backup import copy_histories


def terminated(scene: Scene) -> None:
    scene.soon()
    terminate(scene.here, scene.cycle)


def set_back(scene: Scene) -> None:
    scene.soon()
    reset(scene.here, scene.cycle)


def recover_it(scene: Scene) -> None:
    """What staff do who read that it stands still."""
    done = scene.here.do("recover", scene.cycle, "--json").data[0]
    assert done["done"], done
    assert not done["missing"]["last"], f"the record lacks what the engine had: {done}"


def recover_all(scene: Scene) -> None:
    for done in scene.here.do("recover", "--json").data:
        assert not done["missing"]["last"], f"the record lacks what the engine had: {done}"


def file_lost(scene: Scene) -> None:
    """While everything is off, somebody tidies up."""
    scene.here.down()
    for file in scene.here.folder.glob("temporal.db*"):
        file.unlink()
    scene.here.up()


def older_file(scene: Scene) -> None:
    """Temporal's file comes from a moment ago, and the record from now."""
    of, copy = scene.here.folder / "temporal.db", scene.here.folder / "older.db"
    copy.unlink(missing_ok=True)
    copy_histories(of, copy)
    time.sleep(2 + scene.rng.random())
    scene.here.down()
    for file in scene.here.folder.glob("temporal.db*"):
        file.unlink()
    copy.replace(of)
    scene.here.up()


def answers_lost_to_the_desk(scene: Scene) -> None:
    """A command's questions arrive; Temporal's answers do not, until the line breaks."""
    scene.here.variables.pop("TEMPORAL_ADDRESS", None)
    with line_to(_address(scene)) as line:
        scene.here.variables["TEMPORAL_ADDRESS"] = line.address
        try:
            _lose(scene, line, times=4)
        finally:
            del scene.here.variables["TEMPORAL_ADDRESS"]
            time.sleep(0.5)  # whoever has just read the old address gets to use it


def answers_lost_to_the_worker(scene: Scene) -> None:
    """What a worker has done arrives, and it never hears so. The only worker is one behind such a line meanwhile."""
    process = scene.here.process
    assert process is not None
    log = scene.here.folder / "behind.log"
    log.unlink(missing_ok=True)
    send(signal.SIGSTOP, process.pid)  # it would start others
    try:
        send(signal.SIGKILL, *workers(scene.here))
        with line_to(_address(scene)) as line, log.open("ab") as out:
            command = [sys.executable, "-m", "workers", "--queue", "all"]
            behind = subprocess.Popen(
                command, env={**scene.here.environment, "TEMPORAL_ADDRESS": line.address}, stdout=out, stderr=out,
                stdin=subprocess.DEVNULL, cwd=Path(__file__).parents[3],
            )  # fmt: skip
            try:
                until(lambda: "worker serves" in log.read_text("utf-8"), within=60, what="a worker behind the line")
                _lose(scene, line, times=4)
                time.sleep(2)
            finally:
                behind.terminate()
                behind.wait(30)
    finally:
        send(signal.SIGCONT, process.pid)


def _lose(scene: Scene, line: Line, times: int) -> None:
    """So many times some answers are lost, and then the line."""
    for _ in range(times):
        scene.soon()
        before, line.deaf = line.lost, True
        for _ in range(50):
            if line.lost > before:
                break
            time.sleep(0.05)
        scene.soon()
        line.cut()
    scene.noted["answers lost"] = scene.noted.get("answers lost", 0) + line.lost


def _address(scene: Scene) -> str:
    from runtime.engine import stack_address

    address = stack_address(scene.here.folder / "stack.json")
    assert address is not None
    return address


FAULTS = (
    Fault("terminated in the UI", terminated, recover_it),
    Fault("reset in the UI", set_back, recover_it),
    Fault("Temporal's file lost", file_lost, recover_all),
    Fault("Temporal's file of an earlier moment", older_file, recover_all),
    Fault("answers lost to the desk", answers_lost_to_the_desk),
    Fault("answers lost to the worker", answers_lost_to_the_worker),
)
