"""The spare worker: it takes over from one that is frozen, and the frozen one does no harm when it wakes."""

from __future__ import annotations

import os
import signal
from pathlib import Path

import pytest

from tests.engine.installation import installed, until
from tests.engine.test_faults import judge

pytestmark = [pytest.mark.server]


@pytest.mark.timeout(240)
def test_a_frozen_worker_is_stood_in_for_and_harms_nothing_when_it_wakes(tmp_path: Path) -> None:
    with installed(tmp_path) as here:
        cycle = here.start(here.plan("Frozen").resolve())
        here.prompt(cycle, step="invitations")
        until(lambda: here.served("spare") == 1, within=90, what="the spare worker serves")
        os.kill(frozen := here.pid("cycles"), signal.SIGSTOP)
        try:
            here.do("note", "Taken while one is frozen", "--cycle", cycle)
            here.do("approve", "--cycle", cycle, "--step", "invitations", "--yes")
        finally:
            os.kill(frozen, signal.SIGCONT)
        here.do("note", "Taken when it is awake again", "--cycle", cycle)
        until(lambda: len(here.letters(cycle, "invitation")) > 0)
        assert here.names(cycle).count("NoteTaken") == 2
        assert here.names(cycle).count("StepApproved") == 1
        judge(here, cycle)
