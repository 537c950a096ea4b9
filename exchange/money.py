"""Money: what is committed never exceeds the cap, and each commitment is released or settled once.

Integer hundredths of the plan's currency. Source: seeds 000 (funders); TRUST invariant 19.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from exchange.base import Cents, Model, Refusal
from exchange.keyed import Keyed


class Commitment(Model):
    cents: Cents
    state: Literal["committed", "released", "settled"] = "committed"


class Purse(Model):
    """The cycle's commitments, by what they are for (``visits/slot-1/helsinki``, ``final-seminar``)."""

    cap: Cents = 0
    committed: Cents = 0
    settled: Cents = 0
    entries: Keyed[Commitment] = Keyed()

    @property
    def free(self) -> int:
        """What may still be committed."""
        return self.cap - self.committed - self.settled

    def commit(self, key: str, cents: int) -> Purse:
        if not cents:
            return self
        entry = Commitment(cents=cents)
        return self.model_copy(update={"committed": self.committed + cents, "entries": self.entries.put(key, entry)})

    def release(self, key: str) -> Purse:
        return self._end(key, "released")

    def settle(self, key: str) -> Purse:
        return self._end(key, "settled")

    def _end(self, key: str, state: Literal["released", "settled"]) -> Purse:
        entry = self.entries.get(key)
        if entry is None or entry.state != "committed":
            return self
        changes: dict[str, object] = {
            "committed": self.committed - entry.cents,
            "entries": self.entries.put(key, entry.model_copy(update={"state": state})),
        }
        if state == "settled":
            changes["settled"] = self.settled + entry.cents
        return self.model_copy(update=changes)


@dataclass(eq=False)
class BudgetExceeded(Refusal):
    cap: int
    free: int
    asked: int

    def __str__(self) -> str:
        return (
            f"This would commit {self.asked / 100:.2f}, and of the budget of {self.cap / 100:.2f} only "
            f"{self.free / 100:.2f} is free. Choose a cheaper host or give something up."
        )
