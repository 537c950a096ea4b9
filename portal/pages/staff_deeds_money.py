"""What staff do about the money: record what was paid, and what funders pay."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date
from zoneinfo import ZoneInfo

from exchange.base import Command
from exchange.spending import ChangeShare, Spend
from plans.currencies import read_currency
from plans.faults import Misread
from plans.notation import read_cents
from portal.deeds import Deed, Wrong, now_of, reason, signed, steps_of
from portal.forms import Field, Form
from portal.speech import mark
from portal.staff import Case
from telling.times import own_instant


def _spend_fields(case: Case, _query: Mapping[str, str]) -> list[Field]:
    say, today = case.words.gettext, _today(case)
    stays = [(slot.id, case.names.span(slot.begins, slot.ends)) for j in case.state.journeys() for slot in j.slots]
    options = [
        ("more", say("More bills for the same are to come")),
        ("back", say("Money came back, or was recorded by mistake")),
    ]
    ours = case.state.plan.budget.currency
    return [
        Field("step", say("For which step"), kind="select", options=steps_of(case)),
        Field("slot", say("For which stay"), kind="select", required=False, options=stays),
        Field("amount", say("Amount"), most=20, hint=say("Like 780.50.")),
        Field("currency", say("Currency"), value=ours, most=3),
        Field("rate", say("Rate"), required=False, most=20,
              hint=say("%(currency)s for one of the other currency, like 0.0873.", currency=ours)),
        Field("on", say("Day of the payment"), kind="date", value=today),
        Field("what", say("What for"), required=False),
        Field("how", say("Besides"), kind="checkboxes", required=False, options=options),
    ]  # fmt: skip


def _today(case: Case) -> date:
    """By the plan's own calendar, also in practice."""
    now = now_of(case)
    return (own_instant(case.state.plan, now) or now).astimezone(ZoneInfo(case.state.plan.zone)).date()


def _spend(case: Case, form: Form) -> Command:
    try:
        currency = read_currency(form.word("currency"))
    except Misread:
        raise Wrong(
            "currency", case.words.gettext("No such currency is in use. Write its three letters, like EUR.")
        ) from None
    cents, day = _cents(case, form, "amount"), form.day("on")
    assert day is not None
    how = form.chosen("how")
    return Spend(
        **signed(case), step=form.word("step"), slot=form.word("slot"), currency=currency, on=day,
        original=-cents if "back" in how else cents, rate=form.word("rate").replace(",", "."), more="more" in how,
    )  # fmt: skip


def _cents(case: Case, form: Form, name: str) -> int:
    said = case.words.gettext("This is no amount of money. Write it like 780.50.")
    try:
        cents = read_cents(form.word(name))
    except Misread:
        raise Wrong(name, said) from None
    if cents < 0:
        raise Wrong(name, said)
    return cents


def _share_fields(case: Case, _query: Mapping[str, str]) -> list[Field]:
    say, money, ours = case.words.gettext, case.names.money, case.state.plan.budget.currency
    funders = [
        (case.words.pick(f.name), f"{case.words.pick(f.name)}: {money(f.cents)}")
        for f in case.state.plan.budget.funders
    ]
    return [
        Field("funder", say("Who pays"), kind="select", options=funders),
        Field("amount", say("Pays from now on"), most=20, hint=say("In %(currency)s, like 6000.", currency=ours)),
        reason(case),
    ]  # fmt: skip


def _share(case: Case, form: Form) -> Command:
    return ChangeShare(**signed(case), funder=form.word("funder"), cents=_cents(case, form, "amount"))


OF_MONEY = (
    Deed(
        "spend", mark("Record a payment"),
        mark("It counts even where the money does not reach; then a decision opens."),
        mark("Record it"), _spend_fields, _spend, words={"what": "what"},
    ),
    Deed(
        "share", mark("Change what a funder pays"), mark("The budget rises or falls by the difference."),
        mark("Change it"),
        _share_fields, _share, fits=lambda case: case.row.open and bool(case.state.plan.budget.funders),
    ),
)  # fmt: skip
