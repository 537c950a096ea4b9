"""Looking after personal data: the coordinator is warned, and what is over its time goes. Idempotent by the record."""

from __future__ import annotations

from datetime import UTC, datetime

from temporalio import activity

from activities import names
from runtime.log import logger
from store.store import Store


class Caretaker:
    """Keeps people's data no longer than the plans say, also of cycles that no workflow carries on any more."""

    def __init__(self, store: Store) -> None:
        self._store = store

    @activity.defn(name=names.KEEP_IN_TIME)
    def keep_in_time(self) -> int:
        """Warns, and erases what is over its time; gives back how many people that were.

        That nothing is left of them in the files is seen to by the workers (an erasure is pending until then).
        """
        now = datetime.now(UTC)
        self._store.warn_of_time(now)
        count = 0
        for cycle in self._store.over_time(now):
            gone = self._store.retire(cycle, now)
            logger().info("personal data over its time erased", cycle=cycle, people=gone)
            count += gone
        return count
