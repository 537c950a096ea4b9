"""Forty faults in running cycles: nothing acknowledged is lost or doubled, order is kept, letters come.

`make verify SEED=7` plays another forty.
"""

from __future__ import annotations

import random
from pathlib import Path

import pytest

from tests.engine.faults import engine, mail, processes, record
from tests.engine.faults.disk import small_disk
from tests.engine.faults.run import chosen, opened, put_in, restored_from_different_moments
from tests.engine.faults.scene import Scene
from tests.engine.installation import installed
from tests.engine.post import mail_server
from tests.postgres import SETTINGS, running, wanted_programs

pytestmark = [pytest.mark.server, pytest.mark.slow, pytest.mark.timeout(1200)]

ON_SQLITE, ON_POSTGRESQL = 30, 10
DURABLE = {**SETTINGS, "synchronous_commit": "on"}
"""A crash of the server must lose nothing that was committed."""


def test_thirty_faults_in_running_cycles_lose_nothing_and_double_nothing(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed)
    with (
        mail_server() as (sink, settings),
        small_disk(tmp_path / "kierros") as (folder, why),
        installed(folder, **settings) as here,
    ):
        scene = Scene(here, sink, rng, disk=None if why else folder)
        faults = [*processes.FAULTS, *mail.FAULTS, *engine.FAULTS, *record.ON_SQLITE]
        if why:
            print(f"left out: a full disk, because {why}")
        else:
            faults += record.ON_A_SMALL_DISK
        run = opened(scene, ("One", "Two", "Three"), year=150)
        for fault in put_in(record.LONG_LOCK, chosen(faults, ON_SQLITE - 2, rng), rng):
            run.inflict(fault)
        run.end()
        restored_from_different_moments(run, tmp_path / "kierros.zip")
        bit = {"answers lost"} if why else {"answers lost", "disk full"}
        assert {what for what, count in scene.noted.items() if count} == bit, "a fault did not bite"
        assert len(run.took) == ON_SQLITE


@pytest.mark.postgres
def test_ten_faults_with_postgresql_lose_nothing_and_double_nothing(tmp_path: Path, seed: int) -> None:
    rng = random.Random(seed + 1)
    with (
        running(wanted_programs(), DURABLE) as server,
        server.database() as url,
        mail_server() as (sink, settings),
        installed(tmp_path, KIERROS_DATABASE=url, **settings) as here,
    ):
        scene = Scene(here, sink, rng, postgres=server)
        usual = [fault for fault in processes.FAULTS if fault.strike in {processes.kill_both, processes.restart}]
        run = opened(scene, ("One", "Two"))
        for fault in chosen([*record.ON_POSTGRESQL, *usual], ON_POSTGRESQL, rng):
            run.inflict(fault)
        run.end()
