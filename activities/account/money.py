"""The money: what was promised, settled and released, and what each funder answers for.

Integer hundredths throughout: the funders' parts add up to the whole to the last cent.
"""

from __future__ import annotations

from collections.abc import Sequence

from activities.account.running import Expense, Money, Part, Spending
from activities.account.sources import Sources
from exchange.money import Commitment
from exchange.spending import MoneySpent


def money(sources: Sources) -> Money:
    """The budget, the purse, and the parts."""
    budget, purse = sources.cycle.plan.budget, sources.cycle.purse
    expenses = tuple(_expense(sources, key, entry) for key, entry in purse.entries.items())
    promised = [funder.cents for funder in budget.funders]
    used = shared(purse.settled, promised)
    return Money(
        currency=budget.currency,
        cap=budget.cap,
        settled=purse.settled,
        committed=purse.committed,
        released=sum(expense.cents for expense in expenses if expense.state == "released"),
        left=budget.cap - purse.settled - purse.committed,
        funders=tuple(
            Part(
                name=sources.words(funder.name),
                promised=funder.cents,
                share=round(funder.cents / sum(promised), 4) if sum(promised) else 0.0,
                used=part,
            )
            for funder, part in zip(budget.funders, used, strict=True)
        ),
        expenses=expenses,
        spendings=tuple(_spending(sources, event) for event in sorted(sources.events(MoneySpent), key=lambda e: e.on)),
    )


def _spending(sources: Sources, event: MoneySpent) -> Spending:
    host = (event.key or event.toward).rpartition("/")[2] if event.slot else ""
    return Spending(
        step=event.step,
        title=sources.title(event.step),
        host=sources.organisation(host) if host else {},
        on=event.on,
        cents=event.cents,
        original=event.original,
        currency=event.currency,
        rate=event.rate,
    )


def _expense(sources: Sources, key: str, entry: Commitment) -> Expense:
    step, _, rest = key.partition("/")
    host = rest.rpartition("/")[2]
    about = {"step": step, "title": sources.title(step), "host": sources.organisation(host) if host else {}}
    return Expense.model_validate({**about, **entry.model_dump(include={"cents", "spent", "state"})})


def shared(whole: int, weights: Sequence[int]) -> list[int]:
    """``whole`` in parts as the weights are to each other; the largest remainders get the cents that are over.

    The parts add up to ``whole``. Equal remainders go in order.
    """
    total = sum(weights)
    if not total:
        return [0 for _ in weights]
    parts = [whole * weight // total for weight in weights]
    rest = sorted(range(len(weights)), key=lambda i: (-(whole * weights[i] % total), i))
    for i in rest[: whole - sum(parts)]:
        parts[i] += 1
    return parts
