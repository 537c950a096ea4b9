"""Money: `spend` records what was paid, `money` shows where it went, `money share` changes what a funder pays."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.amending import decide_it, show_touched
from cli.app import DECIDING, TODAY, Group, app, command
from cli.faults import Misused
from cli.terminal import InCycle, Json, Reason, Yes, terminal

if TYPE_CHECKING:
    from exchange.spending import MoneySpent, Spend
    from exchange.state import Cycle
    from telling.names import Names


NOT_NEGATIVE = (
    "An amount is never negative. Money that came back, or that was recorded by mistake, is taken off again with "
    "--back: kierros spend STEP AMOUNT CURRENCY --back."
)


@command(
    "spend",
    DECIDING,
    'kierros spend opening 780.50 EUR --for "The hall"',
    'kierros spend visits 8900 SEK --rate 0.0873 --on 2027-04-14 --slot malmo-days --for "Hotel"',
    'kierros spend visits 120 EUR --back --for "Train tickets, refunded"',
)
def spend(
    step: Annotated[str, typer.Argument(metavar="STEP", help="The step it was paid for, by its id in the plan.")],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="What was paid, e.g. 780.50.")],
    currency: Annotated[str, typer.Argument(metavar="CURRENCY", help="Its three letters, e.g. SEK.")],
    purpose: Annotated[str, typer.Option("--for", metavar="TEXT", help="What for; kept with it.")] = "",
    rate: Annotated[
        str, typer.Option(metavar="NUMBER", help="The plan's currency for one of this one, e.g. 0.0873.")
    ] = "",
    on: Annotated[str, typer.Option(metavar="DATE", help="The day it was paid; today if left out.")] = "",
    slot: Annotated[str, typer.Option(metavar="SLOT", help="Of visits: for which stay.")] = "",
    host: Annotated[
        str, typer.Option(metavar="HOST", help="Of a stay with more than one host so far: which, by id or name.")
    ] = "",
    more: Annotated[
        bool, typer.Option("--more", help="More bills for the same are to come: keep the rest of the promise.")
    ] = False,
    back: Annotated[bool, typer.Option("--back", help="Money came back, or was recorded by mistake.")] = False,
    cycle: InCycle = "",
    yes: Yes = False,
) -> None:
    """Record what was paid. It counts even where the money does not reach; then a decision opens."""
    from cli.record import acting, cycle_id, kept, looked_up
    from exchange.spending import Spend
    from plans.currencies import read_currency
    from telling.times import now

    staff, wanted, code = acting(), cycle_id(cycle), read_currency(currency)
    state, names = looked_up(wanted)
    original = _cents(amount) * (-1 if back else 1)
    told: dict[str, Any] = {"currency": code, "rate": rate.strip().replace(",", "."), "on": _day(on, state)}
    told |= {"slot": slot, "host": _host(state, host), "original": original, "more": more}
    wish = Spend(at=now(), actor=staff.ref, step=step, **told)
    show_touched(state, wish, names, _says(state, wish, names))
    question = _doubted(wanted, state, wish)
    words = {"what": "n_"} if purpose.strip() else {}
    decide_it(wanted, wish, "", yes, question, "Recorded.", last=lambda: {k: kept(wanted, purpose) for k in words})
    _told(terminal().store.load(wanted), names)


def _doubted(cycle: str, state: Cycle, wish: Spend) -> str:
    """The question that is asked before it is recorded; first it is said where the rate can hardly be meant."""
    from cli.rates import doubt
    from exchange.spending import MoneySpent

    paid = terminal().store.journal(cycle, kinds=("MoneySpent",))
    spent = [entry.event for entry in paid if isinstance(entry.event, MoneySpent)]
    if why := doubt(wish.currency, state.plan.budget.currency, wish.rate or "1", spent):
        terminal().say(f"  {why}", "yellow")
        return "Record it all the same? [y/N]"
    return "Record it? [y/N]"


def _cents(amount: str) -> int:
    from plans.faults import Misread
    from plans.notation import read_cents

    if amount.strip().startswith(("-", "−", "–")):
        raise Misused(NOT_NEGATIVE)
    try:
        return read_cents(amount)
    except Misread as why:
        raise Misused(str(why)) from None


def _host(state: Cycle, words: str) -> str:
    """Its id, by id or by name; a name that nobody has is left for the rules to refuse."""
    spelt = words.strip().casefold()
    found = (o.id for o in state.plan.organisations if spelt in {n.casefold() for n in (o.id, *o.name.values())})
    return next(found, words.strip()) if spelt else ""


def _day(words: str, state: Cycle) -> date:
    from zoneinfo import ZoneInfo

    from telling.times import now, own_instant

    if not words:
        today = own_instant(state.plan, now()) or now()
        return today.astimezone(ZoneInfo(state.plan.zone)).date()
    try:
        return date.fromisoformat(words.strip())
    except ValueError:
        raise Misused(f"{words!r} is no date; write it like 2027-04-14.") from None


def _says(state: Cycle, wish: Spend, names: Names) -> str:
    """What is recorded, how it was computed, and what it does to what was promised."""
    from exchange.spending import MoneySpent
    from telling.names import money
    from telling.refusals import tried

    (event,) = (e for e in tried(state, wish) if isinstance(e, MoneySpent))
    ours = names.money(abs(event.cents))
    if event.currency != state.plan.budget.currency:
        ours = f"{money(event.currency, abs(event.original))} × {event.rate} = {ours}, rounded to the cent,"
    deed = f"{ours} {'paid' if event.cents > 0 else 'that came back'} on {event.on} for {names.step(event.step)}"
    host = (event.key or event.toward).rpartition("/")[2] if event.slot else ""
    stay = ", ".join(filter(None, (event.slot, host and names.host(host))))
    return f"To be recorded: {deed}{f' ({stay})' if stay else ''}. {_promise(state, event, names)}"


def _promise(state: Cycle, event: MoneySpent, names: Names) -> str:
    from exchange.plan import Seminar

    if not event.key:
        coming = event.toward or isinstance(state.plan.step(event.step), Seminar)
        return f"Nothing is promised for it{' yet; it will be taken off the promise' if coming else ''}."
    held = state.purse.entries[event.key]
    if held.paid or held.state == "released":
        return "Nothing of a promise is left for it."
    after = state.purse.spend(event.key, event.cents, last=event.last).entries[event.key]
    rest = held.left - max(0, event.cents) if event.last else 0
    if not event.last:
        return f"{names.money(after.left)} of {names.money(held.cents)} promised for it stays promised."
    what = "as promised" if not rest else f"{names.money(abs(rest))} {'less' if rest > 0 else 'more'} than promised"
    return f"That settles what was promised for it: {what}."


def _told(state: Cycle, names: Names) -> None:
    """Says where the money stands, where more was spent than there is."""
    short = [p for p in state.prompts.values() if p.about == "money"]
    if short:
        terminal().say(f"{names.money(state.purse.short)} short. What becomes of it is for the coordinator to decide.")
        terminal().next(f"kierros choose {short[-1].id} {'|'.join(short[-1].options)}")


purse = typer.Typer(
    cls=Group,
    help="Show the budget: who pays, what is promised, what was spent, what is left.",
    epilog="[bold]Examples[/]\n  $ kierros money\n"
    '  $ kierros money share "Nordic fund" 6000 --reason "Raised in March"',
    rich_markup_mode="rich",
    invoke_without_command=True,
)
app.add_typer(purse, name="money", rich_help_panel=TODAY)


@purse.callback()
def money(context: typer.Context, cycle: InCycle = "", as_json: Json = False) -> None:
    """Show the budget: who pays, what is promised, what was spent, what is left."""
    from cli.purse import purse_data, purse_page
    from cli.record import latest_id, names_in
    from telling.sentences import texts_of

    if context.invoked_subcommand:
        return
    here, wanted = terminal(), latest_id(cycle)
    state = here.store.load(wanted)
    spent = [entry.event for entry in here.store.journal(wanted, kinds=("MoneySpent",))]
    names = names_in(state.plan, [text for event in spent for text in texts_of(event)])
    data = purse_data(state, spent, names)
    if as_json:
        here.data(data)
        return
    here.show(purse_page(data))
    here.next(f"kierros show {wanted}")


@command("share", DECIDING, 'kierros money share "Nordic fund" 6000 --reason "Raised in March"', to=purse)
def share(
    funder: Annotated[
        str, typer.Argument(metavar="FUNDER", help="An organisation, by its name in the plan; never a private person.")
    ],
    amount: Annotated[str, typer.Argument(metavar="AMOUNT", help="What it pays from now on, in the plan's currency.")],
    new: Annotated[bool, typer.Option("--new", help="It pays for the first time; the plan does not name it.")] = False,
    reason: Reason = "",
    cycle: InCycle = "",
    yes: Yes = False,
) -> None:
    """Change what a funder pays; the budget rises or falls by the difference.

    Funders are organisations: the name is kept for good and stands in the report, so it is never a private person's.
    """
    from cli.record import acting, cycle_id, looked_up
    from exchange.spending import ChangeShare, funder_called, name_of
    from telling.times import now

    staff, wanted = acting(), cycle_id(cycle)
    state, names = looked_up(wanted)
    known = funder_called(terminal().store.get_plan(wanted), funder)
    name = name_of(known) if known else funder
    wish = ChangeShare(at=now(), actor=staff.ref, funder=name, cents=_cents(amount), new=new)
    show_touched(state, wish, names, f"{funder} pays {names.money(wish.cents)}.")
    decide_it(wanted, wish, reason, yes, "Change it? [y/N]", f"{funder} pays {names.money(wish.cents)} now.")
    _told(terminal().store.load(wanted), names)
