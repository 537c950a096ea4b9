"""Who approves the report sees what is promised and not paid yet: after the end no bill can be recorded."""

from __future__ import annotations

from typing import Any

from cli.preview import unpaid
from exchange.prompt import Prompt
from exchange.spending import Spend
from exchange.state import Cycle
from telling.names import Names
from tests.builders import OLGA, after, answer, begun, day, passed, report, slot, visits


def held() -> Cycle:
    """Helsinki was promised 200 and visited on day 40; the report is next."""
    asked = passed(begun(visits(slot("first", 40, "helsinki", cents=[200_00])), report()), 2)
    return passed(after(asked, answer("helsinki", "confirm")), 43)


def spend(cents: int, **more: Any) -> Spend:
    said = {"actor": OLGA, "step": "visits", "slot": "first", "currency": "EUR", "on": day(43).date()}
    return Spend.model_validate({"at": day(43), "original": cents, **said, **more})


def said(cycle: Cycle, step: str = "report") -> str:
    prompt = Prompt(id="a", about="approval", step=step, opened_at=day(80), due_at=day(87), within=day(87) - day(80))
    return unpaid(cycle, prompt, Names(cycle.plan, {}))


def test_what_is_promised_and_not_paid_is_told_with_its_sum():
    assert said(held()).startswith("EUR 200 promised and not paid yet: visits, first: Helsinki EUR 200.")
    assert "kierros spend" in said(held())
    begun_to_pay = after(held(), spend(150_00, more=True))
    assert said(begun_to_pay).startswith("EUR 50 promised and not paid yet")


def test_nothing_is_told_where_all_is_paid_or_no_report_is_approved():
    assert said(after(held(), spend(150_00))) == ""
    assert said(held(), "visits") == ""
