"""The currencies that are in use somewhere today (ISO 4217, as CLDR knows them), and which one was meant."""

from __future__ import annotations

from difflib import get_close_matches

from babel import Locale
from babel.core import get_global

from plans.faults import Misread
from plans.said import said


def in_use() -> dict[str, str]:
    """Every currency that is legal tender today, by its code, with its English name."""
    names = Locale("en").currencies
    told = get_global("territory_currencies").values()
    codes = {code for tender in told for code, _, until, legal in tender if legal and until is None}
    return {code: names.get(code, code) for code in sorted(codes)}


def read_currency(words: str) -> str:
    """The code of a currency.

    Raises:
        Misread: there is none of that code; the sentence names those that are near.
    """
    known, code = in_use(), words.strip().upper()
    if code in known:
        return code
    meant = [one for one, name in known.items() if words.strip().casefold() in name.casefold()] if len(code) > 3 else []
    near = (meant or get_close_matches(code, known, 3, 0.6))[:4]
    shown = ", ".join(f"{one} ({known[one]})" for one in near) or "EUR, SEK, DKK, NOK"
    no = "“{words}” is no currency in use; write its three letters. Near to it: {near}."
    raise Misread(said(no, words=words, near=shown))
