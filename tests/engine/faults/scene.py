"""What a fault finds: an installation, its mail server, one of its cycles, and chance with a seed."""

from __future__ import annotations

import random
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from tests.engine.installation import Installation
from tests.engine.post import Sink
from tests.postgres import Server


@dataclass
class Scene:
    here: Installation
    sink: Sink
    rng: random.Random
    cycle: str = ""
    """The cycle that is struck, where it is one and not all."""
    disk: Path | None = None
    """The small disk that the installation lies on, where this machine lets us make one."""
    postgres: Server | None = None
    """The database's server, where the record lies in PostgreSQL."""
    noted: dict[str, float] = field(default_factory=dict)
    """What faults remember for later."""

    def put_off(self) -> list[str]:
        """Letters that have been tried and wait for another try, soon."""
        soon = datetime.now(UTC) + timedelta(seconds=10)
        return [
            row.message_id
            for cycle in self.here.store.cycles()
            for row in self.here.letters(cycle.id)
            if row.state == "queued" and row.tries and row.not_before < soon
        ]

    def soon(self, most: float = 0.4) -> None:
        """A moment in the midst of what is being done."""
        time.sleep(self.rng.uniform(0, most))


def nothing(_: Scene) -> None:
    """Nobody has to do anything."""


@dataclass(frozen=True)
class Fault:
    """``strike`` runs beside the play: inflicts the fault, holds it, and lets go. ``mend`` is what people then do."""

    name: str
    strike: Callable[[Scene], None]
    mend: Callable[[Scene], None] = nothing
