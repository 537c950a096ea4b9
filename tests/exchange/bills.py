"""A budget of two funders, and what is paid out of it."""

from __future__ import annotations

from typing import Any

from exchange.plan import Budget, Funder
from exchange.spending import ChangeShare, Spend
from exchange.state import Cycle
from tests.builders import ANTTI, OLGA, day, journey, slot

FUNDERS = (Funder(name={"en": "The fund", "fi": "Rahasto"}, cents=300_00), Funder(name={"en": "Towns"}, cents=200_00))
AT = day(6)


def asked(cap: int = 500_00) -> Cycle:
    """One stay, for which the first host was promised 200."""
    stay = slot("first", 40, "helsinki", "oslo", cents=[200_00, 150_00])
    cycle = journey(stay, fallback="automatic")
    budget = Budget(cap=cap, funders=FUNDERS)
    return cycle.put(
        plan=cycle.plan.model_copy(update={"budget": budget}), purse=cycle.purse.model_copy(update={"cap": cap})
    )


def spend(cents: int, at: Any = AT, **more: Any) -> Spend:
    said = {"actor": OLGA, "step": "visits", "slot": "first", "currency": "EUR", "on": at.date()}
    return Spend.model_validate({"at": at, "original": cents, **said, **more})


def share(cents: int, **more: Any) -> ChangeShare:
    return ChangeShare(**{"at": AT, "actor": ANTTI, "funder": "rahasto", "cents": cents, "reason": "n_why", **more})


def purse(cycle: Cycle) -> tuple[int, int, int]:
    return cycle.purse.committed, cycle.purse.settled, cycle.purse.free
