"""Amounts, durations, counts and ids as people write them. Forgiving in notation, strict in meaning; never a float."""

from __future__ import annotations

import re
from datetime import timedelta

from plans.faults import Misread
from plans.said import said
from plans.words import ID, slug, tidy, unfit

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
        raise Misread(
            said(
                "“{words}” is no duration that we can read; write it like 14 days, 3 hours or 90 minutes.", words=words
            )
        )
    span = sum((int(count) * _UNITS[unit.lower()] for count, unit in _SPAN.findall(text)), timedelta())
    if not timedelta() < span <= timedelta(days=3650):
        raise Misread(
            said("“{words}” is too short or too long; a duration lies between 1 minute and 10 years.", words=words)
        )
    return span


def read_cents(words: str) -> int:
    """Money in hundredths: ``4200.00``, ``4 200,00``, ``4.200,00`` and ``€4,200.00`` are all 420000.

    Raises:
        Misread: no amount, a negative one, or one that can be read in two ways (``4.200``).
    """
    text = _BLANKS.sub("", words)
    if re.search(r"[-−–][0-9]", text):
        raise Misread(said("“{words}” is negative; money in a plan is 0 or more.", words=words))
    found = _AMOUNT.fullmatch(_CURRENCY.sub("", text))
    if found is None:
        raise Misread(said("“{words}” is no amount of money; write it like 4200.00 or 4 200,00.", words=words))
    groups = re.findall(r"[.,]", found["whole"])
    if len(groups) == 1 and not found["cents"]:
        whole = re.sub(r"[.,]", "", found["whole"])
        no = "“{words}” can be read in two ways; write {whole}.00 if you mean {whole} whole ones."
        raise Misread(said(no, words=words, whole=whole))
    if len(set(groups)) > 1 or found["point"] in groups:
        raise Misread(
            said("“{words}” mixes points and commas so that it can be misread; write it like 4200.00.", words=words)
        )
    return int(re.sub(r"[.,]", "", found["whole"])) * 100 + int((found["cents"] or "0").ljust(2, "0"))


def read_count(words: str, least: int = 1) -> int:
    """A whole number of at least ``least``.

    Raises:
        Misread: no whole number, or one that is too small.
    """
    text = _BLANKS.sub("", words)
    if not re.fullmatch(r"[+−-]?[0-9]{1,9}", text):
        raise Misread(said("“{words}” is no whole number; write it in figures, e.g. 15.", words=words))
    count = int(text.replace("−", "-"))
    if count < least:
        raise Misread(said("“{words}” is too small; it must be {least} or more.", words=words, least=least))
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
    raise Misread(said("“{words}” is neither yes nor no.", words=words))


def amount(cents: int, currency: str = "EUR") -> str:
    """An amount for people: ``4 200.00 EUR`` with no-break blanks between thousands."""
    return f"{cents // 100:,}".replace(",", "\u00a0") + f".{cents % 100:02d} {currency}"


def as_id(words: str) -> str:
    """An id as written.

    Raises:
        Misread: it is not of lower-case letters, digits and hyphens, or too long.
    """
    if ID.fullmatch(words) and len(words) <= 60:
        return words
    hint = said(", e.g. “{word}”", word=slug(words)[:60]) if slug(words) else ""
    no = "“{words}” cannot be an id; use lower-case letters a–z, digits and hyphens{hint}."
    raise Misread(said(no, words=words, hint=hint))


def fit(raw: str, *, lines: bool) -> str:
    """Words as they may stand in letters: without blanks at their ends.

    Raises:
        Misread: they hold what must not be taken.
    """
    words = raw.strip() if lines else tidy(raw)
    if why := unfit(words, lines=lines):
        raise Misread(said("“{words}” {why}.", words=words[:40], why=why))
    return words
