"""The portal as a process: it leaves in order when it is told to."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from runtime.settings import Settings
from store.store import open_store

PROGRAM = (
    "import signal, sys; signal.signal(signal.SIGINT, signal.default_int_handler); "
    "from portal.__main__ import main; sys.argv = ['portal']; sys.exit(main())"
)
"""As from a terminal: a shell that starts something in the background has it ignore Ctrl-C."""


@pytest.mark.parametrize("told", [signal.SIGINT, signal.SIGTERM], ids=lambda told: told.name)
def test_it_closes_the_record_and_says_so_and_nothing_else(told: signal.Signals, tmp_path: Path):
    settings = Settings(data=tmp_path)
    open_store(settings.database_url, domain=settings.mail_domain).close()
    environment = {**os.environ, "KIERROS_DATA": str(tmp_path), "KIERROS_PORTAL_PORT": "0"}
    portal = subprocess.Popen([sys.executable, "-c", PROGRAM], env=environment, stderr=subprocess.PIPE, text=True)
    assert portal.stderr
    with portal.stderr as said:
        until_it_serves = iter(said.readline, "")
        assert any("serves at" in line for line in until_it_serves)
        portal.send_signal(told)
        rest = said.read()

    assert portal.wait() == 0, rest
    assert "portal leaves" in rest
    assert "Traceback" not in rest
    assert not list(tmp_path.glob("kierros.db-wal")), "who closes the record last leaves it whole"
