"""Keeps a record and kills its own process before the n-th statement: ``python -m tests.store.killed URL CYCLE N``."""

from __future__ import annotations

import os
import signal
import sys

from sqlalchemy import event

from store.store import open_store
from tests.store.builders import NOON
from tests.store.test_keeping import everything


def main(url: str, cycle: str, statement: int) -> None:
    store, ran = open_store(url), 0

    def before(*_: object) -> None:
        nonlocal ran
        ran += 1
        if ran == statement:
            os.kill(os.getpid(), signal.SIGKILL)

    event.listen(store._engine, "before_cursor_execute", before)
    store.keep(everything(cycle), NOON)


if __name__ == "__main__":
    main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
