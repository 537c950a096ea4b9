"""Processes that are killed, frozen, stopped and started."""

from __future__ import annotations

import contextlib
import os
import signal
import time

from tests.engine.faults.scene import Fault, Scene
from tests.engine.installation import Installation, until

FROZEN = 8.0
"""Seconds for which a worker is frozen: longer than a decision may wait."""


def workers(here: Installation) -> list[int]:
    """The processes that serve cycles: the worker and its spare."""
    return [pid for pid in (here.pid("cycles"), here.pid("spare")) if pid]


def send(sign: signal.Signals, *pids: int) -> None:
    for pid in pids:
        with contextlib.suppress(ProcessLookupError):
            os.kill(pid, sign)


def kill_worker(scene: Scene) -> None:
    scene.soon()
    send(signal.SIGKILL, scene.here.pid(scene.rng.choice(("cycles", "cycles", "spare"))))


def kill_workers(scene: Scene) -> None:
    scene.soon()
    send(signal.SIGKILL, *workers(scene.here))


def kill_letters(scene: Scene) -> None:
    scene.soon(2)
    scene.here.kill("letters")


def kill_server(scene: Scene) -> None:
    scene.soon()
    scene.here.kill("server")


def kill_both(scene: Scene) -> None:
    scene.soon()
    send(signal.SIGKILL, *workers(scene.here), scene.here.pid("server"))


def freeze_worker(scene: Scene) -> None:
    _frozen(scene, scene.rng.choice(("cycles", "cycles", "spare")), FROZEN)


def freeze_letters(scene: Scene) -> None:
    _frozen(scene, "letters", 4)


def freeze_server(scene: Scene) -> None:
    _frozen(scene, "server", 4)


def _frozen(scene: Scene, child: str, seconds: float) -> None:
    """Stopped where it stands, and woken; whoever took its place meanwhile must not be disturbed by it."""
    scene.soon()
    pid = until(lambda: scene.here.pid(child), what=f"{child} runs")
    send(signal.SIGSTOP, pid)
    time.sleep(seconds)
    send(signal.SIGCONT, pid)


def kill_up(scene: Scene) -> None:
    """The process that keeps all others, which it leaves behind."""
    scene.soon()
    process = scene.here.process
    assert process is not None
    process.kill()
    process.wait()
    scene.here.up()


def restart(scene: Scene) -> None:
    scene.soon()
    scene.here.down()
    scene.here.up()


FAULTS = (
    Fault("worker killed", kill_worker),
    Fault("all workers killed", kill_workers),
    Fault("letters worker killed", kill_letters),
    Fault("server killed", kill_server),
    Fault("worker and server killed", kill_both),
    Fault("worker frozen and woken", freeze_worker),
    Fault("letters worker frozen and woken", freeze_letters),
    Fault("server frozen and woken", freeze_server),
    Fault("`up` killed", kill_up),
    Fault("all stopped and started", restart),
)
