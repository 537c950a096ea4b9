"""Sums that staff record: which are sums at all, what they are in the plan's currency, and why one is refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta
from decimal import ROUND_HALF_UP, Context, Decimal
from typing import TYPE_CHECKING

from exchange.base import Refusal

if TYPE_CHECKING:
    from exchange.spending import Spend

MOST = 10**13
"""Hundredths: more than any cycle costs, and few enough for every column and every number of the record."""
_DIGITS = 40
"""Those of a sum below ``MOST`` and of the longest rate are fewer, so that every product is exact."""
_RATE = re.compile(r"[0-9]{1,9}(\.[0-9]{1,12})?")


@dataclass(eq=False)
class NoSuchSum(Refusal):
    currency: str

    def __str__(self) -> str:
        return (
            f"This sum of {self.currency!r} cannot be recorded. It must be more than nothing, also in the plan's "
            "currency, and a currency is three capital letters, e.g. SEK."
        )


@dataclass(eq=False)
class NoSuchRate(Refusal):
    rate: str

    def __str__(self) -> str:
        return (
            f"{self.rate!r} is no rate. A rate is a number above nothing, with at most nine digits before the point "
            "and twelve behind it, e.g. 0.0873."
        )


@dataclass(eq=False)
class SumTooLarge(Refusal):
    most: int

    def __str__(self) -> str:
        return (
            f"Less than {self.most // 100:,} in the plan's currency can be recorded, and this is more than any cycle "
            "costs. Look at the amount, and at the rate where there is one."
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
        return (
            f"Only {self.spent / 100:.2f} was spent on that, so no more than this can have come back. What was spent "
            "on a stay comes back for that stay: --slot SLOT."
        )


@dataclass(eq=False)
class WhichHost(Refusal):
    slot: str
    hosts: tuple[str, ...]

    def __str__(self) -> str:
        whose = " or ".join(self.hosts)
        return f"Money for {self.stay(self.slot)} can be that of {whose}. Say whose: --host {self.hosts[0]}."


@dataclass(eq=False)
class NotItsHost(Refusal):
    host: str
    slot: str
    hosts: tuple[str, ...]

    def __str__(self) -> str:
        known = ", ".join(self.hosts) or "none"
        stay = self.stay(self.slot)
        return f"{self.host} is no host of {stay}, and nothing was promised to it there. Its hosts: {known}."


@dataclass(eq=False)
class HostWithoutStay(Refusal):
    host: str

    def __str__(self) -> str:
        return f"{self.host} hosts stays, so say for which of them the money is: --slot SLOT; or leave --host out."


@dataclass(eq=False)
class NoSuchFunder(Refusal):
    funder: str
    funders: tuple[str, ...]

    def __str__(self) -> str:
        if not self.funders:
            return (
                "The plan by which this cycle runs names no funder, so there is no share to change. Only an "
                "organisation that pays for the first time is added, with --new; the others stand in kierros money."
            )
        known = ", ".join(self.funders)
        return (
            f"The plan has no funder called {self.funder!r}; it has {known}. An organisation that pays for the first "
            "time: --new."
        )


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


def sized(cents: int) -> int:
    """The sum again.

    Raises:
        SumTooLarge: no cycle costs so much.
    """
    if abs(cents) >= MOST:
        raise SumTooLarge(MOST)
    return cents


def converted(original: int, rate: str) -> int:
    """Hundredths of the plan's currency, rounded half up (away from nothing)."""
    exactly = Context(prec=_DIGITS)
    product = exactly.multiply(Decimal(original), Decimal(rate))
    return int(product.quantize(Decimal(1), ROUND_HALF_UP, exactly))


def counted(command: Spend, ours: str, *, practice: bool = False) -> int:
    """What was paid, in hundredths of the plan's currency; a practice run's days are those of the plan's calendar.

    Raises:
        NoSuchSum, SumTooLarge, NoSuchRate, RateMissing, RateNotNeeded, SpentLater: it cannot be recorded.
    """
    currency, rate = command.currency, command.rate or "1"
    named = len(currency) == 3 and currency.isascii() and currency.isalpha() and currency.isupper()
    if not (sized(command.original) and named):
        raise NoSuchSum(currency)
    if not (_RATE.fullmatch(rate) and Decimal(rate)):
        raise NoSuchRate(rate)
    if currency != ours and not command.rate:
        raise RateMissing(currency, ours)
    if currency == ours and Decimal(rate) != 1:
        raise RateNotNeeded(ours, rate)
    # a day later than by UTC is today somewhere
    if not practice and command.on > (command.at + timedelta(hours=14)).date():
        raise SpentLater(command.on)
    cents = sized(converted(command.original, rate))
    if not cents:
        raise NoSuchSum(currency)
    return cents
