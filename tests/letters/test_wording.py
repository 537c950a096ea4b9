"""What the letters say: every kind in every language, nothing untranslated, the same facts in text and HTML."""

from __future__ import annotations

import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

import letters
from letters.catalogues import language_for, languages
from letters.library_kinds import KINDS as LIBRARY_KINDS
from letters.library_kinds import kind_in
from letters.words import Words
from tests.letters.tongues import LANGUAGES as TONGUES
from tests.letters.world import (
    KINDS,
    PLAN,
    letter,
)

FOLDER = Path(letters.__file__).parent
TRANSLATED = [language for language in languages() if language != "en"]
PLACE = re.compile(r"%\(\w+\)s")
VERBATIM = re.compile(r"<[^>]*>|&\w+;|kierros waiting|\bKierros\b|https?:\S+")
"""What stands in a sentence for a machine, or is a name: in every language the same."""
QUOTES = {"fi": "”", "sv": "”", "da": "”", "nb": "«»", "et": "„“", "lv": "„”", "lt": "„“", "ru": "«»"}
"""The marks in which each language sets a title."""
STANDING = {
    "et": r"(?:hiljemalt|kuni|enne) %",
    "lv": r"(?:līdz|pirms|pēc|no|ar) %",
    "lt": r"%\((?:date|day|days)\)s\.$",
}
"""What may not come before a date or a name that stands in its basic form; after a Lithuanian date, no full stop."""
SAME = {("sv", "Workshop"), ("da", "Workshop"), ("nb", "Workshop")}
"""Sentences that a language really says as English does."""


def sources() -> dict[str | tuple[str, ...], set[str]]:
    """Every sentence that letters use, singular and plural, with the files it comes from."""
    with (FOLDER / "locale" / "babel.cfg").open() as mapping:
        methods, options = parse_mapping_cfg(mapping)
    found: dict[str | tuple[str, ...], set[str]] = {}
    for file, _, message, *_ in extract_from_dir(FOLDER, method_map=methods, options_map=options):
        found.setdefault(message, set()).add(file)
    return found


SOURCES = sources()


def catalogue(language: str) -> Catalog:
    with (FOLDER / "locale" / language / "LC_MESSAGES" / "letters.po").open("rb") as file:
        return read_po(file, locale=language)


def forms(message: object) -> tuple[str, ...]:
    return (message,) if isinstance(message, str) else tuple(message)  # type: ignore[arg-type]


class _Shown(HTMLParser):
    """What a reader of the HTML sees."""

    def __init__(self) -> None:
        super().__init__()
        self.words: list[str] = []
        self.lang = ""
        self.headings: list[str] = []
        self._hidden = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self._hidden += tag in {"style", "title"}
        self.headings += [tag] if tag in {"h1", "h2"} else []
        if tag == "html":
            self.lang = dict(attrs).get("lang") or ""

    def handle_endtag(self, tag: str) -> None:
        self._hidden -= tag in {"style", "title"}

    def handle_data(self, data: str) -> None:
        if not self._hidden:
            self.words += data.split()


def shown(html: str) -> _Shown:
    parser = _Shown()
    parser.feed(html)
    return parser


def bare(words: list[str]) -> Iterator[str]:
    """The words alone, without the marks by which plain text replaces what HTML does by its looks."""
    for word in words:
        kept = word.strip(":[]»>*").removesuffix(".") if re.fullmatch(r"\d+\.", word) else word.strip(":[]»>*")
        if kept and not re.fullmatch(r"-+|\d+", kept):
            yield kept


@pytest.mark.parametrize("language", TRANSLATED)
def test_whoever_wants_no_more_letters_says_so_in_her_own_language(language):
    said = [form for message in catalogue(language) for form in forms(message.string)]
    assert not [words for words in said if "unsubscribe" in words.casefold()]


# ------------------------------------------------------------------------------------------------------ every letter


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", KINDS)
def test_every_kind_is_written_in_every_language(kind, language):
    made = letter(kind, language)
    assert made.language == language
    assert made.subject
    assert "%(" not in made.subject + made.text + made.html
    assert "\n\n\n" not in made.text
    assert ".." not in made.text
    assert shown(made.html).lang == language


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", KINDS)
def test_text_and_html_say_the_same(kind, language):
    made = letter(kind, language, practice=True)
    assert list(bare(made.text.split())) == list(bare(shown(made.html).words))


def test_whoever_sends_a_colleague_is_told_who_comes():
    facts = {"people": "p_boris"}
    made = letter("place_withdrawn", facts=facts, names={"p_boris": "Boris Lind"})
    assert "Boris Lind comes to “Staff competences and projects” in your place." in made.text
    unknown = letter("place_withdrawn", facts=facts, names={})
    assert "A colleague of your library comes to" in unknown.text


@pytest.mark.parametrize("kind", KINDS)
def test_a_letter_says_whom_it_is_for_what_about_and_what_happens_next(kind):
    made = letter(kind)
    quiet = {
        "deadline_moved", "offer_expired", "place_withdrawn", "seminar_changed", "host_changed", "host_released",
        "survey_reminder", "speaker_released", "deadline_extended", "word", "nomination_moved",
    }  # fmt: skip
    assert "Dear " in made.text
    assert "Staff competences and projects" in made.text
    assert ("What happens next" in made.text) != (kind in quiet)
    assert ("»" in made.text) != (kind == "word")  # what is asked stands in the words of staff themselves
    assert kind.startswith("decision_") or "Ritva Hakala" in made.text


@pytest.mark.parametrize("kind", KINDS)
def test_the_html_has_real_headings_and_loads_nothing(kind):
    made = letter(kind)
    assert shown(made.html).headings[0] == "h1"
    assert shown(made.html).headings.count("h1") == 1
    assert not re.search(r"<(?:img|script|link|iframe|a)\b|url\(|https?:", made.html)


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", KINDS)
def test_a_practice_run_says_so_on_top(kind, language):
    banner = Words(language).gettext("Practice run: this letter has not left this computer.")
    made = letter(kind, language, practice=True)
    assert made.text.startswith(f"[ {banner} ]")
    assert banner in shown_text(made.html)
    assert banner not in letter(kind, language).text


def shown_text(html: str) -> str:
    return " ".join(shown(html).words)


# ------------------------------------------------------------------------------------------------------- translations


def where(language: str, message: object) -> str:
    """Which sentence of which language is meant, for whoever has to mend it."""
    return f"{language}: {forms(message)[0]!r}"


@pytest.mark.parametrize("language", TRANSLATED)
def test_every_sentence_is_translated_and_none_is_left_over(language):
    known = {
        message.id if isinstance(message.id, str) else tuple(message.id): message for message in catalogue(language)
    }
    file = f"letters/locale/{language}/LC_MESSAGES/letters.po"
    missing = [where(language, one) for one in SOURCES if one not in known or not all(forms(known[one].string))]
    assert not missing, f"to be translated in {file} (locale/README.md says how)"
    left_over = [where(language, one) for one in known if one and one not in SOURCES]
    left_over += [where(language, one.id) for one in catalogue(language).obsolete.values()]
    assert not left_over, f"no letter says this any more: take it out of {file}"
    doubtful = [where(language, one) for one, message in known.items() if one and message.fuzzy]
    assert not doubtful, f"look whether it is right, and take the mark “fuzzy” out of {file}"


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_the_places_of_their_sentence(language):
    for message in catalogue(language):
        if message.id:
            wanted = sorted(PLACE.findall(forms(message.id)[-1]))
            for form in forms(message.string):
                assert sorted(PLACE.findall(form)) == wanted, where(language, message.id)
                assert "%" not in PLACE.sub("", form), where(language, message.id)


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_keep_what_is_for_a_machine_to_read(language):
    for message in catalogue(language):
        if message.id:
            wanted = sorted(VERBATIM.findall(forms(message.id)[-1]))
            for form in forms(message.string):
                assert sorted(VERBATIM.findall(form)) == wanted, where(language, message.id)


@pytest.mark.parametrize("language", TRANSLATED)
def test_no_translation_is_the_english_sentence_again(language):
    """Where a sentence has letters of its own; SAME holds the few words that are the same."""
    copied = {
        (language, one)
        for message in catalogue(language)
        for one in forms(message.id)
        if one in forms(message.string) and re.search(r"[^\W\d_]", PLACE.sub("", one))
    }
    assert copied == {pair for pair in SAME if pair[0] == language}


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_no_blanks_too_many(language):
    for message in catalogue(language):
        for form in forms(message.string) if message.id else ():
            assert form == " ".join(form.split()), where(language, message.id)


@pytest.mark.parametrize("language", TRANSLATED)
def test_titles_stand_in_the_marks_of_their_language(language):
    for message in catalogue(language):
        for form in forms(message.string) if message.id else ():
            assert set(re.findall('["“”„«»‘]', form)) <= set(QUOTES[language]), where(language, message.id)


@pytest.mark.parametrize("language", STANDING)
def test_what_comes_ready_made_is_not_asked_to_be_inflected(language):
    for message in catalogue(language):
        for form in forms(message.string) if message.id else ():
            named = re.sub(r"%\(num\)s", "7", form)
            assert not re.search(STANDING[language], named), where(language, message.id)


@pytest.mark.parametrize("language", TRANSLATED)
def test_translations_have_all_plural_forms_of_their_language(language):
    known = catalogue(language)
    for message in known:
        if message.pluralizable:
            assert len(message.string) == known.num_plurals


@pytest.mark.parametrize("language", TRANSLATED)
@pytest.mark.parametrize("kind", KINDS)
def test_no_english_is_left_in_a_translated_letter(kind, language):
    made = letter(kind, language)
    pieces = {piece.strip() for message in SOURCES for form in forms(message) for piece in PLACE.split(form)}
    telling = [piece for piece in pieces if len(piece) > 6 and piece not in LIBRARY_KINDS]
    assert not [piece for piece in telling if re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", made.text)]


def test_sentences_are_whole_and_placeholders_have_names():
    for message in SOURCES:
        for form in forms(message):
            assert "%" not in PLACE.sub("", form)
            assert form == form.strip()


@pytest.mark.parametrize("language", TRANSLATED)
def test_kinds_of_library_are_said_in_every_language(language):
    assert all(kind_in(Words(language), kind) != kind for kind in LIBRARY_KINDS)
    assert kind_in(Words(language), "toy library") == "toy library"


@pytest.mark.parametrize(
    ("wanted", "others", "chosen"),
    [
        ("fi", (), "fi"), ("fi-FI", (), "fi"), ("ru_RU", (), "ru"), ("pl", ("pl", "ru", "fi"), "ru"),
        ("pl", ("pl", "uk"), "en"), ("", ("fi",), "fi"), ("../fi", (), "en"), ("lt", ("fi",), "lt"),
        ("no", (), "nb"), ("nb-NO", (), "nb"), ("nn", ("en",), "nb"), ("pl", ("no",), "nb"),
    ],
)  # fmt: skip
def test_a_language_without_catalogue_falls_back_to_the_plans_then_to_english(wanted, others, chosen):
    assert language_for(wanted, others) == chosen


def test_letters_are_there_in_the_languages_around_the_baltic_sea():
    assert {"en", "fi", "ru", *TONGUES} <= set(languages())


def test_a_letter_in_another_language_says_in_which_it_is():
    plan = PLAN.model_copy(update={"languages": ("pl", "ru")})
    made = letter("invitation", "pl", plan=plan)
    assert made.language == "ru"
    assert "Content-Language: ru" in made.message.decode()
