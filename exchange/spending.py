"""Spending: a fact that is always recorded, in its own currency with the rate and the day; and the funders' shares.

What is spent takes the place of what was promised for it. Where more is spent than there is, nothing is refused: a
decision waits for the coordinator, who says what becomes of it. TRUST invariant 19; source: seeds 000 (funders).
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Decimal
from typing import TYPE_CHECKING

from exchange.base import Cents, Command, Event, Refusal
from exchange.booking import commitment
from exchange.plan import Budget, CyclePlan, Funder, Visits
from exchange.prompt import Choose, Prompt, authorise, closed, opened

if TYPE_CHECKING:
    from exchange.state import Cycle

WITHIN = timedelta(days=5)
WAYS = ("fewer_places", "larger_share", "cancel_part", "ask_funder", "accept")
"""What can become of money that is short. Each but the last is then done by its own command."""
MOST = 10**13
"""Hundredths: more than any cycle costs, and few enough that every product is exact."""
_RATE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,12})?")


class Spend(Command):
    """Staff record what was paid, or (``original`` below nothing) what came back."""

    step: str
    slot: str = ""
    original: int
    """Hundredths of ``currency``."""
    currency: str
    """ISO 4217."""
    rate: str = ""
    """The plan's currency for one of ``currency``, as a decimal number, e.g. ``0.0873``; for its own none is needed."""
    on: date
    """The day on which it was paid."""
    what: str = ""
    """Reference ``n_…`` of the words that say what for."""
    more: bool = False
    """More bills for the same are to come: what is left of the promise stays promised."""


class ChangeShare(Command):
    """Staff note that a funder pays another share."""

    funder: str
    """Its name, in any of the plan's languages."""
    cents: Cents = 0
    new: bool = False
    """It pays for the first time: the plan does not name it."""
    reason: str = ""


class MoneySpent(Event):
    step: str
    slot: str = ""
    key: str = ""
    """The commitment it goes against; empty where nothing was promised for it."""
    cents: int
    """In the plan's currency, rounded half up."""
    original: int
    currency: str
    rate: str = "1"
    on: date
    what: str = ""
    last: bool = False
    role: str = ""


class ShareChanged(Event):
    funder: str
    cents: Cents = 0
    cap: Cents = 0
    """The budget after it."""
    new: bool = False
    role: str = ""
    reason: str = ""


@dataclass(eq=False)
class NoSuchSum(Refusal):
    currency: str

    def __str__(self) -> str:
        return (
            f"{self.currency!r} with this sum or rate cannot be recorded. A sum is not nothing, a currency is three "
            "capital letters, e.g. SEK, and a rate is a number above nothing, e.g. 0.0873."
        )


@dataclass(eq=False)
class RateMissing(Refusal):
    currency: str
    ours: str

    def __str__(self) -> str:
        return (
            f"The plan counts in {self.ours}, and this was paid in {self.currency}. Say how many {self.ours} one "
            f"{self.currency} cost on that day: --rate NUMBER."
        )


@dataclass(eq=False)
class RateNotNeeded(Refusal):
    currency: str
    rate: str

    def __str__(self) -> str:
        return f"The plan counts in {self.currency} itself, so a rate of {self.rate} cannot be meant. Leave --rate out."


@dataclass(eq=False)
class SpentLater(Refusal):
    on: date

    def __str__(self) -> str:
        return f"{self.on} is still to come. Record what was paid on the day it was paid."


@dataclass(eq=False)
class MoreBackThanSpent(Refusal):
    spent: int

    def __str__(self) -> str:
        return f"Only {self.spent / 100:.2f} was spent on that, so no more than this can have come back."


@dataclass(eq=False)
class NoSuchFunder(Refusal):
    funder: str
    funders: tuple[str, ...]

    def __str__(self) -> str:
        known = ", ".join(self.funders) or "none"
        return f"The plan has no funder called {self.funder!r}; it has {known}. One who pays for the first time: --new."


@dataclass(eq=False)
class ShareUnexplained(Refusal):
    funder: str

    def __str__(self) -> str:
        return f"Say why {self.funder} pays another share: the account of the year will be asked."


@dataclass(eq=False)
class SpentAlready(Refusal):
    cap: int
    settled: int

    def __str__(self) -> str:
        return (
            f"With that share the budget would be {self.cap / 100:.2f}, and {self.settled / 100:.2f} has been spent "
            "already. A share cannot take back what is spent."
        )


def converted(original: int, rate: str) -> int:
    """Hundredths of the plan's currency, rounded half up (away from nothing)."""
    return int((original * Decimal(rate)).quantize(Decimal(1), ROUND_HALF_UP))


def name_of(funder: Funder) -> str:
    """The name that stands in the history: the English one, else the first (:mod:`exchange.essential` keeps it)."""
    return funder.name.get("en") or next(iter(funder.name.values()), "")


def funder_called(plan: CyclePlan, name: str) -> Funder | None:
    """The funder of that name in any of the plan's languages."""
    spelt = name.strip().casefold()
    return next((f for f in plan.budget.funders if spelt in {n.casefold() for n in f.name.values()}), None)


def _key(cycle: Cycle, step: str, slot: str) -> str:
    """The commitment that spending on the step (or the stay) goes against."""
    key = step
    if slot:
        key = commitment(step, slot, cycle.booking(step, slot).host)
    return key if key in cycle.purse.entries else ""


def _checked(cycle: Cycle, command: Spend) -> None:
    ours = cycle.plan.budget.currency
    rate = command.rate or "1"
    sized = bool(command.original) and abs(command.original) < MOST
    named = len(command.currency) == 3 and command.currency.isascii() and command.currency.isalpha()
    if not (sized and named and command.currency.isupper() and _RATE.fullmatch(rate) and Decimal(rate)):
        raise NoSuchSum(command.currency)
    if command.currency != ours and not command.rate:
        raise RateMissing(command.currency, ours)
    if command.currency == ours and Decimal(rate) != 1:
        raise RateNotNeeded(ours, rate)
    # a day later than by UTC is today somewhere
    if command.on > (command.at + timedelta(hours=14)).date():
        raise SpentLater(command.on)


def _spend(cycle: Cycle, command: Spend) -> list[Event]:
    role, step, slot = cycle.demand(command.actor), cycle.known(command.step), command.slot
    if slot or isinstance(step, Visits):
        slot = cycle.slot_of(step.id, slot)[1].id if slot else ""
    _checked(cycle, command)
    cents, key = converted(command.original, command.rate or "1"), _key(cycle, step.id, slot)
    if not cents:
        raise NoSuchSum(command.currency)
    spent = cycle.purse.entries[key].spent if key else cycle.purse.settled
    if spent + cents < 0:
        raise MoreBackThanSpent(spent)
    sums = command.model_dump(include={"original", "currency", "on", "what"})
    last = cents > 0 and not command.more
    event = MoneySpent(
        **command.said,
        **sums,
        rate=command.rate or "1",
        step=step.id,
        slot=slot,
        key=key,
        cents=cents,
        last=last and bool(key),
        role=role,
    )
    return [event, *_asked(cycle, command, evolve(cycle, event), step.id)]


def _share(cycle: Cycle, command: ChangeShare) -> list[Event]:
    role, budget = cycle.demand(command.actor, "coordinator", "director"), cycle.plan.budget
    funder = funder_called(cycle.plan, command.funder)
    if funder is None and command.new and command.funder.strip():
        funder = Funder(name={"en": command.funder.strip()}, cents=0)
    elif funder is None:
        raise NoSuchFunder(command.funder, tuple(map(name_of, budget.funders)))
    if not command.reason:
        raise ShareUnexplained(name_of(funder))
    if command.cents == funder.cents:
        return []
    cap = max(0, budget.cap + command.cents - funder.cents) if budget.cap else 0
    if budget.cap and cap < max(1, cycle.purse.settled):
        raise SpentAlready(cap, cycle.purse.settled)
    event = ShareChanged(
        **command.said,
        funder=name_of(funder),
        cents=command.cents,
        cap=cap,
        new=funder not in budget.funders,
        role=role,
        reason=command.reason,
    )
    return [event, *_asked(cycle, command, evolve(cycle, event), "")]


def _asked(cycle: Cycle, command: Command, after: Cycle, step: str) -> list[Event]:
    """The decision that opens where the money has become short, or shorter; one that waits is asked anew."""
    if after.purse.short <= cycle.purse.short:
        return []
    stale = [closed(command, p.id, "lapsed") for p in _open(cycle)]
    number = 1 + sum(key.startswith("money-") for key in (*cycle.prompts.keys(), *cycle.answered.keys()))
    about = {"about": "money", "step": step, "cents": after.purse.short, "options": WAYS}
    return [*stale, opened(command, f"money-{number}", WITHIN * cycle.plan.pace, **about)]


def _open(cycle: Cycle) -> list[Prompt]:
    return [p for p in cycle.prompts.values() if p.about == "money"]


def covered(after: Cycle, command: Command) -> list[Event]:
    """The decision about missing money is needed no more once none is missing, whatever brought it."""
    return [] if after.purse.short else [closed(command, p.id, "lapsed") for p in _open(after)]


def settle(cycle: Cycle, command: Choose, prompt: Prompt) -> list[Event]:
    """Staff say what becomes of it; what follows is done by its own command."""
    role = authorise(cycle, command.actor, prompt)
    return [closed(command, prompt.id, command.option, role, command.reason)]


def decide(cycle: Cycle, command: Command) -> list[Event]:
    match command:
        case Spend():
            return _spend(cycle, command)
        case ChangeShare():
            return _share(cycle, command)
        case _:
            raise TypeError(command)


def shared(plan: CyclePlan, event: ShareChanged) -> CyclePlan:
    """The plan with the funder's new share in it."""
    funders = tuple(
        f.model_copy(update={"cents": event.cents}) if event.funder in f.name.values() else f
        for f in plan.budget.funders
    )
    if event.new:
        funders = (*funders, Funder(name={"en": event.funder}, cents=event.cents))
    budget = Budget(currency=plan.budget.currency, cap=event.cap, funders=funders)
    return plan.model_copy(update={"budget": budget})


def evolve(cycle: Cycle, event: Event) -> Cycle:
    match event:
        case MoneySpent():
            return cycle.put(purse=cycle.purse.spend(event.key, event.cents, last=event.last))
        case ShareChanged():
            purse = cycle.purse.model_copy(update={"cap": event.cap})
            return cycle.put(plan=shared(cycle.plan, event), purse=purse)
        case _:
            raise TypeError(event)
