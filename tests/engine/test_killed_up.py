"""`kierros up` itself is killed: the next one ends what was left behind, and is found where the last one was."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.engine.installation import Installation, installed
from workers.leftover import left_behind

pytestmark = [pytest.mark.server, pytest.mark.timeout(240)]


def ports(here: Installation) -> tuple[int, int]:
    known = json.loads((here.folder / "ports.json").read_text("utf-8"))
    return known["port"], known["ui_port"]


def test_the_next_up_serves_at_the_same_ports_so_that_who_waits_is_answered(tmp_path: Path) -> None:
    with installed(tmp_path) as here:
        cycle = here.start(here.plan("Killed"))
        before, server = ports(here), here.pid("server")
        assert here.process is not None
        here.process.kill()
        here.process.wait()
        assert left_behind(tmp_path / "server.pid", str(tmp_path / "temporal.db")) == server
        here.up()
        assert here.pid("server") != server
        assert ports(here) == before
        here.do("note", "Taken by the next one", "--cycle", cycle)
        assert here.names(cycle).count("NoteTaken") == 1
