"""Words that reach people: what may stand in a mail header, ids made of titles, languages by their names."""

from __future__ import annotations

import re
import unicodedata

BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")
"""Characters that turn the direction of writing: with them a name can pretend to be another."""

ID = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")

LANGUAGES: dict[str, tuple[str, ...]] = {
    "en": ("english", "englanti", "английский", "engelska", "engelsk", "anglų"),
    "fi": ("finnish", "suomi", "финский", "finska", "finsk", "suomių"),
    "sv": ("swedish", "ruotsi", "шведский", "svenska", "svensk", "švedų"),
    "da": ("danish", "tanska", "датский", "danska", "dansk", "danų"),
    "nb": ("norwegian", "norja", "норвежский", "norska", "norsk", "norvegų", "bokmål", "no"),
    "nn": ("nynorsk",),
    "is": ("icelandic", "islanti", "исландский", "isländska", "islandsk", "islandų", "íslenska"),
    "lt": ("lithuanian", "liettua", "литовский", "litauiska", "litauisk", "lietuvių"),
    "lv": ("latvian", "latvia", "латышский", "lettiska", "lettisk", "latvių", "latviešu"),
    "et": ("estonian", "viro", "эстонский", "estniska", "estisk", "estų", "eesti"),
    "ru": ("russian", "venäjä", "русский", "ryska", "russisk", "rusų"),
    "pl": ("polish", "puola", "польский", "polska", "polsk", "lenkų", "polski"),
    "de": ("german", "saksa", "немецкий", "tyska", "tysk", "vokiečių", "deutsch"),
}
"""ISO 639-1 code to the names under which lists from our countries call the language."""


def unfit(value: str, *, lines: bool = False) -> str:
    """Why these words must not be taken, or an empty string when they may.

    Source: TRUST (a name like ``=?utf-8?q?…?=`` became a real ``Bcc:`` header).

    Args:
        value: the words.
        lines: whether several lines are allowed, as in a letter's paragraph.
    """
    if any(unicodedata.category(char) in {"Cc", "Zl", "Zp", "Cs"} and not (lines and char in "\n\t") for char in value):
        return "has a control character in it (a line break, a tab or something invisible); write it anew on one line"
    if "=?" in value:
        return "contains “=?”, which mail programs read as code; take it out"
    if BIDI & set(value):
        return "has an invisible character that turns the direction of writing; write it anew by hand"
    return ""


def slug(words: str) -> str:
    """An id made of words: ``Staff competences`` gives ``staff-competences``; empty where no Latin letter is left."""
    latin = unicodedata.normalize("NFKD", words.replace("ø", "o").replace("Ø", "o").replace("æ", "ae"))
    return "-".join(re.findall(r"[a-z0-9]+", latin.encode("ascii", "ignore").decode().lower()))


def plain(words: str) -> str:
    """Words as they are compared: NFKC, case folded, blanks collapsed."""
    return " ".join(unicodedata.normalize("NFKC", words).casefold().split())


def language_code(words: str) -> str:
    """The ISO 639-1 code of a language given as code, locale or name; empty where it is none that we know."""
    word = plain(words)
    code = re.split(r"[-_]", word)[0]
    if code in LANGUAGES:
        return code
    return next((code for code, names in LANGUAGES.items() if word in names), "")
