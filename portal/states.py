"""The states of cycles, read once for all readers until something happens in them."""

from __future__ import annotations

from exchange.state import Cycle
from store.store import Store


class States:
    """The newest state of each cycle that was asked for. Safe to use from several threads: states never change.

    Args:
        store: the record.
    """

    def __init__(self, store: Store) -> None:
        self._store = store
        self._known: dict[str, tuple[int, Cycle]] = {}

    def of(self, cycle: str) -> Cycle:
        """The state as the record has it now.

        Raises:
            NoSuchCycle: there is none of that id.
        """
        with self._store.together():
            return self._of(cycle)

    def _of(self, cycle: str) -> Cycle:
        length = self._store.cycle(cycle).length
        known = self._known.get(cycle)
        if known is not None and known[0] == length:
            return known[1]
        # what is known is only followed on: thousands of answers a minute are not all read again for each of them
        follows = known is not None and known[0] < length
        state = self._store.follow(known[1]) if known is not None and follows else self._store.load(cycle)
        self._known[cycle] = (state.position, state)
        return state
