"""The states of cycles, read once for all readers until something happens in them."""

from __future__ import annotations

import math
import threading
import time
from collections.abc import Callable
from typing import NamedTuple

from exchange.state import Cycle
from store.store import Store

LATELY = 0.5
"""Seconds for which a state is new enough to read an answer by."""
MEANWHILE = 5.0
"""Seconds for which a state that is ahead of what a reader sees of the record is only newer: another reader, who came
later, was quicker. After that the record has been put back to what it was, and is read again."""


class Seen(NamedTuple):
    """How long a record was, and when."""

    position: int
    at: float


class States:
    """The newest state of each cycle that was asked for. Safe to use from several threads: states never change.

    Args:
        store: the record.
        clock: seconds, only ever forwards.
    """

    def __init__(self, store: Store, clock: Callable[[], float] = time.monotonic) -> None:
        self._store, self._clock = store, clock
        self._known: dict[str, Cycle] = {}
        self._seen: dict[str, Seen] = {}
        self._reading: dict[str, threading.Lock] = {}

    def of(self, cycle: str) -> Cycle:
        """The state as the record has it now.

        Raises:
            NoSuchCycle: there is none of that id.
        """
        with self._store.together():
            return self._of(cycle)

    def lately(self, cycle: str) -> Cycle:
        """The state as it is, or was half a second ago: in a rush something is recorded all the time.

        Raises:
            NoSuchCycle: there is none of that id.
        """
        known = self._known.get(cycle)
        return known if known is not None and self._since(cycle, known) < LATELY else self.of(cycle)

    def _of(self, cycle: str) -> Cycle:
        length = self._store.cycle(cycle).length
        if (known := self._as_new(cycle, length)) is not None:
            return known
        # what happened is read by one for all who ask meanwhile
        with self._reading.setdefault(cycle, threading.Lock()):
            if (known := self._as_new(cycle, length)) is not None:
                return known
            before = self._known.get(cycle)
            # what is known is only followed on: thousands of answers a minute are not all read again for each of them
            follows = before is not None and before.position < length
            state = self._store.follow(before) if before is not None and follows else self._store.load(cycle)
            self._known[cycle], self._seen[cycle] = state, Seen(state.position, self._clock())
            return state

    def _as_new(self, cycle: str, length: int) -> Cycle | None:
        """What is known of the cycle, where it is as new as a record of that length."""
        known = self._known.get(cycle)
        if known is None or known.position < length:
            return None
        if known.position == length:
            self._seen[cycle] = Seen(length, self._clock())
            return known
        return known if self._since(cycle, known) < MEANWHILE else None

    def _since(self, cycle: str, known: Cycle) -> float:
        """Seconds since that state was the newest."""
        seen = self._seen.get(cycle)
        # of another state where two readers were at it at once: then it is looked up
        return self._clock() - seen.at if seen is not None and seen.position == known.position else math.inf
