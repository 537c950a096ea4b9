"""In which language a page speaks, and its sentences.

The English sentences in templates and code are the keys; the catalogues are ``locale/<language>/<area>.po``, one for
each area of pages, read as they are and joined. What is said in letters too (days, hours, cities) is taken from the
letters' own catalogue.
"""

from __future__ import annotations

from datetime import date
from functools import cache, lru_cache
from gettext import GNUTranslations, NullTranslations
from importlib.resources import files
from io import BytesIO

from babel.dates import format_skeleton
from babel.messages.catalog import Catalog
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from markupsafe import Markup
from starlette.requests import Request
from starlette.responses import Response

from exchange.base import Text
from letters.catalogues import SOURCE, languages
from letters.catalogues import catalogue as letters_catalogue
from letters.words import Words
from portal.house import by_tls
from store.models import UNDETERMINED

SWITCH = "lang"
"""``?lang=fi`` switches; the choice is kept in the cookie."""
COOKIE = "kierros-lang"
_YEAR = 365 * 24 * 3600
_SAME = {"no": "nb", "nn": "nb"}
_MOST_WISHES = 20
_FOLDER = files("portal").joinpath("locale")

NAMES = {
    "en": "English", "fi": "Suomi", "sv": "Svenska", "da": "Dansk", "nb": "Norsk", "et": "Eesti",
    "lv": "Latviešu", "lt": "Lietuvių", "ru": "Русский",
}  # fmt: skip
"""The languages by their own names, in the order of the switch."""


def mark(sentence: str) -> str:
    """The sentence as it is: so that one which stands in code and is spoken later gets into the catalogues."""
    return sentence


@cache
def catalogue(language: str) -> NullTranslations:
    """The sentences of all areas in a language; what they lack is looked for among the letters', else it is English."""
    joined = Catalog(locale=language)
    for area in sorted(areas(language)):
        with _FOLDER.joinpath(language, f"{area}.po").open("rb") as source:
            for message in read_po(source, locale=language):
                if message.id and message.string and joined.get(message.id, message.context) is None:
                    joined[message.id] = message
    compiled = BytesIO()
    write_mo(compiled, joined)
    compiled.seek(0)
    found: NullTranslations = GNUTranslations(compiled)
    found.add_fallback(letters_catalogue(language))
    return found


def areas(language: str) -> list[str]:
    """The areas that have a catalogue in a language."""
    folder = _FOLDER.joinpath(language)
    if language == SOURCE or not folder.is_dir():
        return []
    return [file.name.removesuffix(".po") for file in folder.iterdir() if file.name.endswith(".po")]


class Foreign(str):
    """Words of a plan in another language than the page's: written into a page they say in which (WCAG 3.1.2)."""

    __slots__ = ("tongue",)
    tongue: str

    def __html__(self) -> Markup:
        return Markup('<span lang="{}">{}</span>').format(self.tongue, str(self))


def in_tongue_of(example: str, words: str) -> str:
    """Words that belong together with others, in whichever language those are: a programme and its year."""
    return foreign(words, example.tongue) if isinstance(example, Foreign) else words


def foreign(words: str, tongue: str) -> str:
    """Words in a language that is not the page's."""
    found = Foreign(words)
    found.tongue = tongue
    return found


def unmarked(words: object) -> str:
    """The bare words, for where a page can hold no mark-up: its title, an attribute, an option."""
    return words.striptags() if isinstance(words, Markup) else str(words)


class PageWords(Words):
    """How pages speak one language: its sentences, and its dates, numbers and lists as letters write them."""

    def __init__(self, language: str, fallbacks: tuple[str, ...] = ()) -> None:
        super().__init__(language, fallbacks)
        self.catalogue = catalogue(language)

    def pick(self, text: Text) -> str:
        """As in letters; what is not in the page's language says in which it is."""
        tongue = next((code for code in (*self._order, *text) if text.get(code)), "")
        said = super().pick(text)
        return said if tongue in {"", self.language, UNDETERMINED} else foreign(said, tongue)

    def month(self, day: date) -> str:
        """``February 2012``."""
        return format_skeleton("yMMMM", day, locale=self.locale)

    def falling_back(self, fallbacks: tuple[str, ...]) -> PageWords:
        """The same words; of texts that are not in this language, the first of ``fallbacks`` that has them."""
        return words_in(self.language, fallbacks)


@cache
def words_in(language: str, fallbacks: tuple[str, ...] = ()) -> PageWords:
    """The words of a language; where a text of the plan is not in it, the first of ``fallbacks`` that has it."""
    return PageWords(language, fallbacks)


@lru_cache(maxsize=256)
def known(code: str) -> str:
    """The language of that code, ``fi`` for ``fi-FI`` and ``nb`` for ``no``; empty where there are no words in it."""
    code = code.strip().replace("_", "-").partition("-")[0].lower()
    code = _SAME.get(code, code)
    return code if code in languages() else ""


def switched(request: Request) -> str:
    """The language that the reader chose by the switch, now or before; empty where she did not."""
    asked = known(request.query_params.get(SWITCH, "")) if request.scope["query_string"] else ""
    return asked or known(request.cookies.get(COOKIE, ""))


def wished(request: Request) -> str:
    """The language that the browser asks for first among those there are; empty where it asks for none of them."""
    return _best(request.headers.get("accept-language", "")[:400])


@lru_cache(maxsize=256)
def _best(said: str) -> str:
    wishes: list[tuple[float, int, str]] = []
    for place, wish in enumerate(said.split(",")[:_MOST_WISHES]):
        code, _, quality = wish.partition(";")
        weight = _weight(quality)
        if weight > 0 and (language := known(code)):
            wishes.append((-weight, place, language))
    return min(wishes)[2] if wishes else ""


def _weight(quality: str) -> float:
    if not quality.strip():
        return 1.0
    try:
        return float(quality.strip().removeprefix("q="))
    except ValueError:
        return 0.0


def language_of(request: Request, own: str = "") -> str:
    """The reader's choice, else her own setting, else the browser's wish, else English."""
    return switched(request) or known(own) or wished(request) or SOURCE


def words_of(request: Request, own: str = "", fallbacks: tuple[str, ...] = ()) -> PageWords:
    """The words for this page.

    Args:
        request: as it came.
        own: the language that the person is known to read, where it is known who asks.
        fallbacks: the plan's languages, for texts of the plan.
    """
    words = words_in(language_of(request, own), fallbacks)
    request.state.words = words
    return words


def keep_choice(request: Request, response: Response) -> None:
    """Keeps what the reader has just chosen by the switch."""
    chosen = known(request.query_params.get(SWITCH, ""))
    if chosen and chosen != request.cookies.get(COOKIE):
        secure = by_tls(request)
        response.set_cookie(COOKIE, chosen, max_age=_YEAR, httponly=True, samesite="lax", secure=secure)
