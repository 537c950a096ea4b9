"""Whether a rate of exchange can be meant: held against earlier bills of the cycle, else against what is usual.

The usual rates are rough, and are never used to compute anything.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal
from statistics import median

from exchange.spending import MoneySpent

PER_EURO = {
    "EUR": 1, "SEK": 11, "DKK": 7.46, "NOK": 11, "ISK": 145, "GBP": 0.85, "CHF": 1, "USD": 1.15, "CAD": 1.5,
    "AUD": 1.6, "JPY": 145, "CNY": 8, "PLN": 4.3, "CZK": 25.5, "HUF": 350, "RON": 4.7, "BGN": 1.96, "RUB": 65,
}  # fmt: skip
"""About so many of each for a euro, over the last years. Of a currency that is not here nothing is doubted."""

USUAL, EARLIER = 3, 1.5
"""So many times as much, or as little, is doubted: of what is usual, and of what was paid before in the same year."""


def doubt(currency: str, ours: str, rate: str, spent: Iterable[MoneySpent]) -> str:
    """Why the rate may be a slip of the finger; empty where it may be right, or nothing is known to hold it against.

    Args:
        currency: what was paid in.
        ours: the plan's currency.
        rate: how many ``ours`` one ``currency`` cost, as it was typed.
        spent: what was paid before in the cycle.
    """
    given = float(Decimal(rate))
    before = [float(Decimal(one.rate)) for one in spent if one.currency == currency]
    if currency == ours or not given:
        return ""
    if before:
        return _doubted(given, median(before), EARLIER, f"Before, one {currency} was {median(before):.4g} {ours}", ours)
    if currency not in PER_EURO or ours not in PER_EURO:
        return ""
    about = PER_EURO[ours] / PER_EURO[currency]
    return _doubted(given, about, USUAL, f"One {currency} is usually about {about:.2g} {ours}", ours)


def _doubted(given: float, known: float, factor: float, said: str, ours: str) -> str:
    if known / factor <= given <= known * factor:
        return ""
    shifted = (given * 10.0**places for places in range(-6, 7))
    meant = next((one for one in (1 / given, *shifted) if known / EARLIER <= one <= known * EARLIER), None)
    hint = f" Was --rate {meant:.4g} meant?" if meant else f" --rate says how many {ours} one of the other cost."
    return f"{said}, and the rate says {given:.10g}.{hint}"
