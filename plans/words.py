"""Words that reach people: what may stand in a mail header, ids made of titles, languages by their names."""

from __future__ import annotations

import re
import unicodedata
from functools import cache

from babel import Locale, localedata

from plans.said import said

BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
"""Characters that turn the direction of writing: with them a name can pretend to be another."""

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

_LANGUAGES = ("en", "fi", "sv", "da", "nb", "nn", "no", "is", "lt", "lv", "et", "ru", "pl", "de", "uk", "se")
"""The languages that lists from our countries name, and in which they name them."""


def unfit(value: str, *, lines: bool = False) -> str:
    """Why these words must not be taken, or an empty string when they may.

    Source: TRUST (a name like ``=?utf-8?q?…?=`` became a real ``Bcc:`` header).

    Args:
        value: the words.
        lines: whether several lines are allowed, as in a letter's paragraph.
    """
    if any(unicodedata.category(char) in {"Cc", "Zl", "Zp", "Cs"} and not (lines and char in "\n\t") for char in value):
        return said(
            "has a control character in it (a line break, a tab or something invisible); write it anew on one line"
        )
    if "=?" in value:
        return said("has “=” and “?” side by side (“=?”), which mail programs read as code; take one of them out")
    if BIDI & set(value):
        return said("has an invisible character that turns the direction of writing; write it anew by hand")
    return ""


def formula_like(words: str) -> bool:
    """Whether a spreadsheet would take the words for a formula, and carry it out as it opens a list with them."""
    return words[:1] in set("=+-@\t\r")


def tidy(words: str) -> str:
    """Words without blanks at their ends and with single ones between. Control characters stay, to be refused."""
    return re.sub("[ \u00a0]+", " ", words).strip(" ")


def slug(words: str) -> str:
    """An id made of words: ``Staff competences`` gives ``staff-competences``; empty where no Latin letter is left."""
    latin = unicodedata.normalize("NFKD", words.replace("ø", "o").replace("Ø", "o").replace("æ", "ae"))
    return "-".join(re.findall(r"[a-z0-9]+", latin.encode("ascii", "ignore").decode().lower()))


def plain(words: str) -> str:
    """Words as they are compared: NFKC, case folded, blanks collapsed."""
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())


def language_code(words: str) -> str:
    """The ISO 639-1 code of a language given as code, locale or name; empty where it is none that we know.

    Names are understood in the languages of our countries: ``Finnish``, ``suomi``, ``финский``. Norwegian is ``nb``.
    """
    word = plain(words)
    code = re.split(r"[-_]", word)[0]
    if len(code) != 2 or not localedata.exists(code):
        code = _language_names().get(word, "")
    return "nb" if code == "no" else code


def language_name(code: str) -> str:
    """A language in English with its code: ``Swedish (sv)``; the code alone where it has no name."""
    name = Locale.parse("en").languages.get(code, "")
    return f"{name} ({code})" if name else code


@cache
def _language_names() -> dict[str, str]:
    """The name of each of our languages in each of them, to its code."""
    tongues = [Locale.parse(code).languages for code in _LANGUAGES]
    return {plain(names[code]): code for names in tongues for code in _LANGUAGES if code in names}
