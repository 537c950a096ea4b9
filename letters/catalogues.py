"""The languages: one gettext catalogue each, read from its .po file, so that a new language needs no build.

The English sentences are the message ids; English itself has no catalogue. ``locale/README.md`` says how to add one.
"""

from __future__ import annotations

from functools import cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from importlib.resources.abc import Traversable
from io import BytesIO

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

SOURCE = "en"
_SAME = {"no": "nb", "nn": "nb"}
"""Norwegian that does not say which, and Nynorsk: their readers are written to in Bokmål."""
_FOLDER = files("letters").joinpath("locale")


def _file(language: str) -> Traversable:
    return _FOLDER.joinpath(language, "LC_MESSAGES", "letters.po")


@cache
def languages() -> tuple[str, ...]:
    """The languages letters can be written in: ISO 639-1 codes, English first, then by alphabet."""
    return (SOURCE, *sorted(f.name for f in _FOLDER.iterdir() if f.is_dir() and _file(f.name).is_file()))


@cache
def catalogue(language: str) -> NullTranslations:
    """The sentences of a language; a sentence that is missing or doubtful (fuzzy) stays English."""
    if language == SOURCE:
        return NullTranslations()
    compiled = BytesIO()
    with _file(language).open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def language_for(wanted: str, others: tuple[str, ...] = (), among: tuple[str, ...] = ()) -> str:
    """The language to write in: the reader's, else the first of the plan's that has a catalogue, else English.

    Args:
        wanted: the reader's language, ``fi`` or ``fi-FI``; ``no`` and ``nn`` are ``nb``.
        others: the plan's languages in their order.
        among: the languages there are words in, where these are staff's own; else every language with a catalogue.
            Where none of the others is among them, English or else the first of them.
    """
    known = among or languages()
    codes = (code.replace("_", "-").partition("-")[0].lower() for code in (wanted, *others))
    return next(
        (found for code in codes if (found := _SAME.get(code, code)) in known), SOURCE if SOURCE in known else known[0]
    )
