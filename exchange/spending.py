"""Spending: a fact that is always recorded, in its own currency with the rate and the day; and the funders' shares.

What is spent takes the place of what was promised for it, and what was paid before is taken off the promise. Where more
is spent than there is, nothing is refused: a decision waits for the coordinator, who says what becomes of it. TRUST
invariant 19; source: seeds 000 (funders).
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import TYPE_CHECKING

from exchange.base import Cents, Command, Event
from exchange.booking import commitment
from exchange.plan import Budget, CyclePlan, Funder, Visits
from exchange.prompt import Choose, Prompt, authorise, closed, opened
from exchange.sums import (
    HostWithoutStay,
    MoreBackThanSpent,
    NoSuchFunder,
    NotItsHost,
    ShareUnexplained,
    SpentAlready,
    WhichHost,
    counted,
    sized,
)

if TYPE_CHECKING:
    from exchange.state import Cycle

WITHIN = timedelta(days=5)
WAYS = ("fewer_places", "larger_share", "cancel_part", "ask_funder", "accept")
"""What can become of money that is short. Each but the last is then done by its own command."""


class Spend(Command):
    """Staff record what was paid, or (``original`` below nothing) what came back."""

    step: str
    slot: str = ""
    host: str = ""
    """Of a stay: to whom, where the slot has had another host; empty for the only one that it can be."""
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
    toward: str = ""
    """Of a stay: the commitment that it is taken off as soon as that is made."""
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


def name_of(funder: Funder) -> str:
    """The name that stands in the history: the English one, else the first (:mod:`exchange.essential` keeps it)."""
    return funder.name.get("en") or next(iter(funder.name.values()), "")


def funder_called(plan: CyclePlan, name: str) -> Funder | None:
    """The funder of that name in any of the plan's languages."""
    spelt = name.strip().casefold()
    return next((f for f in plan.budget.funders if spelt in {n.casefold() for n in f.name.values()}), None)


def _key(cycle: Cycle, command: Spend, step: str, slot: str) -> str:
    """The commitment, made or still to come, that spending on the step (or the stay) goes against."""
    if slot:
        return commitment(step, slot, _host(cycle, command, step, slot))
    if command.host:
        raise HostWithoutStay(command.host)
    return step


def _host(cycle: Cycle, command: Spend, step: str, slot: str) -> str:
    """Whom it was paid to, or who gave it back; empty where it can be anybody that is asked later.

    Raises:
        WhichHost: it can be several, and none was named.
        NotItsHost: the one that was named is neither a host of the slot nor a candidate.
    """
    start, purse = commitment(step, slot, ""), cycle.purse
    keys = [key for key in (*purse.entries, *purse.unpromised) if key.startswith(start)]
    spent = {key.removeprefix(start): purse.spent_on(key, key) for key in keys}
    hosts = tuple(dict.fromkeys((cycle.booking(step, slot).host, *spent)))
    known = tuple(filter(None, hosts))
    if command.host:
        candidates = (c.host for c in cycle.slot_of(step, slot)[1].candidates)
        if command.host not in (able := tuple(dict.fromkeys((*known, *candidates)))):
            raise NotItsHost(command.host, slot, able)
        return command.host
    # only who was paid can have given something back
    meant = known if command.original > 0 else tuple(host for host in hosts if spent.get(host))
    if len(meant) > 1:
        raise WhichHost(slot, tuple(filter(None, meant)))
    return meant[0] if meant else ""


def _spend(cycle: Cycle, command: Spend) -> list[Event]:
    role, step, slot = cycle.demand(command.actor), cycle.known(command.step), command.slot
    if slot or isinstance(step, Visits):
        slot = cycle.slot_of(step.id, slot)[1].id if slot else ""
    plan, key = cycle.plan, _key(cycle, command, step.id, slot)
    cents = counted(command, plan.budget.currency, practice=plan.practice)
    promised, spent = key in cycle.purse.entries, cycle.purse.spent_on(key, key)
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
        key=key if promised else "",
        toward=key if slot and not promised else "",
        cents=cents,
        last=last and promised,
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
    if sized(command.cents) == funder.cents:
        return []
    cap = max(0, sized(budget.cap + command.cents - funder.cents)) if budget.cap else 0
    # a share that grows takes nothing back, however much more was spent than there is
    if cap < min(budget.cap, max(1, cycle.purse.settled)):
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
    meant = funder_called(plan, event.funder)
    funders = tuple(f.model_copy(update={"cents": event.cents}) if f is meant else f for f in plan.budget.funders)
    # the plan in the record may name a funder that the cycle's own plan does not
    if event.new and meant is None:
        funders = (*funders, Funder(name={"en": event.funder}, cents=event.cents))
    budget = Budget(currency=plan.budget.currency, cap=event.cap, funders=funders)
    return plan.model_copy(update={"budget": budget})


def evolve(cycle: Cycle, event: Event) -> Cycle:
    match event:
        case MoneySpent():
            otherwise = event.toward or event.step
            return cycle.put(purse=cycle.purse.spend(event.key, event.cents, last=event.last, otherwise=otherwise))
        case ShareChanged():
            purse = cycle.purse.model_copy(update={"cap": event.cap})
            return cycle.put(plan=shared(cycle.plan, event), purse=purse)
        case _:
            raise TypeError(event)
