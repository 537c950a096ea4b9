"""Amounts, durations and counts as people write them. Forgiving in notation, strict in meaning; never a float."""

from __future__ import annotations

import re
from datetime import timedelta

from plans.faults import Misread

_UNITS = {
    "minute": timedelta(minutes=1),
    "min": timedelta(minutes=1),
    "hour": timedelta(hours=1),
    "h": timedelta(hours=1),
    "day": timedelta(days=1),
    "d": timedelta(days=1),
    "week": timedelta(weeks=1),
    "w": timedelta(weeks=1),
}
_SPAN = re.compile(r"([0-9]+)\s*(minute|min|hour|h|day|d|week|w)s?\b\.?(?:\s*(?:,|and)?\s*)", re.IGNORECASE)
_BLANKS = re.compile(r"[\s'’]")
_AMOUNT = re.compile(r"(?P<whole>[0-9]{1,3}(?:[.,][0-9]{3})+|[0-9]+)(?:(?P<point>[.,])(?P<cents>[0-9]{1,2}))?")
_CURRENCY = re.compile(r"^(?:[A-Z]{3}|[€$£])|(?:[A-Z]{3}|[€$£]|kr\.?)$")


def read_span(words: str) -> timedelta:
    """A duration: ``14 days``, ``3 hours``, ``1 week and 2 days``.

    Raises:
        Misread: no notation we know, or no time at all.
    """
    text = words.strip()
    if not re.fullmatch(rf"(?:{_SPAN.pattern})+", text, re.IGNORECASE):
        raise Misread(f"“{words}” is no duration that we can read; write it like 14 days, 3 hours or 90 minutes.")
    span = sum((int(count) * _UNITS[unit.lower()] for count, unit in _SPAN.findall(text)), timedelta())
    if not timedelta() < span <= timedelta(days=3650):
        raise Misread(f"“{words}” is too short or too long; a duration lies between 1 minute and 10 years.")
    return span


def read_cents(words: str) -> int:
    """Money in hundredths: ``4200.00``, ``4 200,00``, ``4.200,00`` and ``€4,200.00`` are all 420000.

    Raises:
        Misread: no amount, a negative one, or one that can be read in two ways (``4.200``).
    """
    text = _BLANKS.sub("", words)
    if re.search(r"[-−–][0-9]", text):
        raise Misread(f"“{words}” is negative; money in a plan is 0 or more.")
    found = _AMOUNT.fullmatch(_CURRENCY.sub("", text))
    if found is None:
        raise Misread(f"“{words}” is no amount of money; write it like 4200.00 or 4 200,00.")
    groups = re.findall(r"[.,]", found["whole"])
    if len(groups) == 1 and not found["cents"]:
        whole = re.sub(r"[.,]", "", found["whole"])
        raise Misread(f"“{words}” can be read in two ways; write {whole}.00 if you mean {whole} whole ones.")
    if len(set(groups)) > 1 or found["point"] in groups:
        raise Misread(f"“{words}” mixes points and commas so that it can be misread; write it like 4200.00.")
    return int(re.sub(r"[.,]", "", found["whole"])) * 100 + int((found["cents"] or "0").ljust(2, "0"))


def read_count(words: str, least: int = 1) -> int:
    """A whole number of at least ``least``.

    Raises:
        Misread: no whole number, or one that is too small.
    """
    text = _BLANKS.sub("", words)
    if not re.fullmatch(r"[+−-]?[0-9]{1,9}", text):
        raise Misread(f"“{words}” is no whole number; write it in figures, e.g. 15.")
    count = int(text.replace("−", "-"))
    if count < least:
        raise Misread(f"“{words}” is too small; it must be {least} or more.")
    return count


def read_yes(words: str) -> bool:
    """``yes``, ``true`` and ``on``; ``no``, ``false`` and ``off``.

    Raises:
        Misread: neither.
    """
    word = words.strip().casefold()
    if word in {"yes", "true", "on"}:
        return True
    if word in {"no", "false", "off"}:
        return False
    raise Misread(f"“{words}” is neither yes nor no.")


def amount(cents: int, currency: str = "EUR") -> str:
    """An amount for people: ``4 200.00 EUR`` with no-break blanks between thousands."""
    return f"{cents // 100:,}".replace(",", "\u00a0") + f".{cents % 100:02d} {currency}"
