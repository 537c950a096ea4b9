"""The budget as data and as a page: who pays, what is promised, what was spent, what is left. Pure."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from rich.console import Group, RenderableType

from cli.show import cell, heading, table
from exchange.base import Event
from exchange.spending import MoneySpent
from exchange.state import Cycle
from telling.names import Names, in_english, money

STANDS = {"committed": "promised", "settled": "taken place", "released": "released"}


def purse_data(cycle: Cycle, events: Sequence[Event], names: Names) -> dict[str, Any]:
    """The whole of it; sums in hundredths of ``currency``."""
    purse, budget = cycle.purse, cycle.plan.budget
    return {
        "currency": budget.currency,
        "cap": purse.cap,
        "committed": purse.committed,
        "settled": purse.settled,
        "free": purse.free if purse.cap else None,
        "short": purse.short,
        "funders": [{"name": in_english(f.name), "pays": f.cents} for f in budget.funders],
        "commitments": [
            {
                "for": promised_for(key, names),
                "key": key,
                **entry.model_dump(),
                "left": entry.left,
                "settled": entry.settled,
            }
            for key, entry in purse.entries.items()
        ],
        "spent": [_spent(event, names) for event in events if isinstance(event, MoneySpent)],
    }


def promised_for(key: str, names: Names) -> str:
    """What a promise is for: ``Visits to libraries, malmo-days: Malmö City Library``."""
    step, _, rest = key.partition("/")
    slot, _, host = rest.partition("/")
    return names.step(step) + (f", {slot}" if slot else "") + (f": {names.host(host)}" if host else "")


def _spent(event: MoneySpent, names: Names) -> dict[str, Any]:
    sums = event.model_dump(mode="json", include={"step", "slot", "cents", "original", "currency", "rate", "on"})
    return {**sums, "for": names.text(event.what), "by": names.who(event.actor)}


def purse_page(data: Mapping[str, Any]) -> RenderableType:
    """A page of at most 80 columns."""

    def ours(cents: int) -> str:
        return money(data["currency"], cents)

    sums = table("", "", header=False)
    rows = [("budget", "cap"), ("promised", "committed"), ("spent or to be paid", "settled")]
    rows += [("short", "short")] if data["short"] else [("left", "free")]
    for name, key in rows:
        if data["cap"] or key in {"committed", "settled"}:
            sums.add_row(cell(name, "bold" if key == "short" else ""), cell(ours(data[key])))
    parts: list[RenderableType] = [heading("Money"), sums]
    if data["funders"]:
        parts += [heading("Who pays"), _table(((f["name"], ours(f["pays"])) for f in data["funders"]), 2)]
    if data["commitments"]:
        promises = table("For", "Promised", "Spent", "Stands")
        for one in data["commitments"]:
            paid = ours(one["spent"]) if one["spent"] or one["paid"] else ""
            stands = "paid" if one["paid"] else STANDS[one["state"]]
            promises.add_row(cell(one["for"]), cell(ours(one["cents"])), cell(paid), cell(stands))
        parts += [heading("Promised"), promises]
    if data["spent"]:
        parts += [
            heading("Spent"),
            _table(((s["on"], _bill(data, s), s["for"] or s["step"]) for s in data["spent"]), 3),
        ]
    return Group(*parts)


def _bill(data: Mapping[str, Any], spent: Mapping[str, Any]) -> str:
    ours = money(data["currency"], spent["cents"])
    if spent["currency"] == data["currency"]:
        return ours
    return f"{ours} ({money(spent['currency'], spent['original'])} at {spent['rate']})"


def _table(rows: Any, columns: int) -> RenderableType:
    made = table(*[""] * columns, header=False)
    for row in rows:
        made.add_row(*map(cell, row))
    return made
