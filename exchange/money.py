"""Money: what is committed never exceeds the cap, and each commitment is released or settled once.

Integer hundredths of the plan's currency. What is spent is a fact and counts in any case: it takes the place of what
was promised for it, before or after, and may exceed the cap (:mod:`exchange.spending`). Source: seeds 000 (funders);
TRUST invariant 19.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

from exchange.base import Cents, Model, Refusal
from exchange.keyed import Keyed


class Commitment(Model):
    """Money promised for one thing, and what was spent on it."""

    cents: Cents
    state: Literal["committed", "released", "settled"] = "committed"
    spent: Cents = 0
    paid: bool = False
    """Whether the last bill has come: what was promised counts no more, only what was spent."""

    @property
    def left(self) -> int:
        """What of the promise no bill has come for."""
        return 0 if self.paid else max(0, self.cents - self.spent)

    @property
    def committed(self) -> int:
        return self.left if self.state == "committed" else 0

    @property
    def settled(self) -> int:
        """What was spent; of something that has taken place, what is still to be paid as well."""
        return self.spent + (self.left if self.state == "settled" else 0)


class Purse(Model):
    """The cycle's commitments, by what they are for (``visits/slot-1/helsinki``, ``final-seminar``)."""

    cap: Cents = 0
    # not bounded by type: a state that was kept opens again, whatever stands in it
    committed: int = 0
    settled: int = 0
    entries: Keyed[Commitment] = Keyed()
    unpromised: Keyed[int] = Keyed()
    """What was spent though nothing was promised for it. Part of ``settled``.

    By the step; by the key of the promise to come where it is for a stay (:attr:`MoneySpent.toward`).
    """

    @property
    def free(self) -> int:
        """What may still be committed; less than nothing where more was spent than there is."""
        return self.cap - self.committed - self.settled

    @property
    def short(self) -> int:
        """By how much more was spent and promised than there is; a plan without cap is never short."""
        return max(0, -self.free) if self.cap else 0

    def spent_on(self, key: str, otherwise: str) -> int:
        """What was really spent against the commitment of that key, or else without one.

        What is still to be paid for something that has taken place is not spent.
        """
        entry = self.entries.get(key)
        return entry.spent if entry is not None else self.unpromised.get(otherwise) or 0

    def commit(self, key: str, cents: int) -> Purse:
        """So much is promised; what was spent and paid for the same before is not promised once more."""
        if not cents:
            return self
        early = {toward: self.unpromised.get(toward) or 0 for toward in (key, _of_any_host(key))}
        held, before = self.entries.get(key) or Commitment(cents=0), sum(early.values())
        after = {"cents": cents, "state": "committed", "spent": held.spent + before}
        return self._without(*early)._changed(key, held, after)

    def needs(self, key: str, cents: int) -> int:
        """What promising so much takes from what is free: less where some of it was paid before."""
        return self.commit(key, cents).committed - self.committed

    def release(self, key: str) -> Purse:
        return self._end(key, "released")

    def settle(self, key: str) -> Purse:
        return self._end(key, "settled")

    def spend(self, key: str, cents: int, *, last: bool, otherwise: str = "") -> Purse:
        """What was spent, against the commitment of that key where there is one.

        Args:
            key: of the commitment; empty where nothing was promised for it.
            cents: less than nothing where money came back.
            last: whether no more is to be paid for it: what is left of the promise is free again.
            otherwise: what it was spent on, where nothing was promised for it: a step, or a promise to come.
        """
        entry = self.entries.get(key)
        if entry is None:
            whole = self.unpromised.put(otherwise, self.spent_on(key, otherwise) + cents)
            return self.model_copy(update={"settled": self.settled + cents, "unpromised": whole})
        changes: dict[str, object] = {"spent": entry.spent + cents, "paid": entry.paid or last}
        if last and entry.state == "committed":
            changes["state"] = "settled"
        return self._changed(key, entry, changes)

    def _without(self, *keys: str) -> Purse:
        """What was spent on these is counted elsewhere from now on."""
        unpromised = self.unpromised
        for key in keys:
            unpromised = unpromised.drop(key)
        gone = sum(self.unpromised.get(key) or 0 for key in keys)
        return self.model_copy(update={"settled": self.settled - gone, "unpromised": unpromised})

    def _end(self, key: str, state: Literal["released", "settled"]) -> Purse:
        entry = self.entries.get(key)
        if entry is None or entry.state != "committed":
            return self
        return self._changed(key, entry, {"state": state})

    def _changed(self, key: str, before: Commitment, changes: dict[str, object]) -> Purse:
        after = before.model_copy(update=changes)
        return self.model_copy(
            update={
                "committed": self.committed + after.committed - before.committed,
                "settled": self.settled + after.settled - before.settled,
                "entries": self.entries.put(key, after),
            }
        )


def _of_any_host(key: str) -> str:
    """Where money for a stay stands that was spent before any host of it was asked."""
    return key[: key.rfind("/") + 1]


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
