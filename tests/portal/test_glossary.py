"""One word for one thing: the catalogues of pages and letters use the words of docs/words.md."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
from babel.messages.pofile import read_po

from letters.catalogues import SOURCE, languages

ROOT = Path(__file__).parents[2]
OTHERS = [language for language in languages() if language != SOURCE]
PLACE = re.compile(r"%\(\w+\)s|\{\w+\}")

SAID: dict[str, tuple[str, dict[str, str]]] = {
    "cycle": (r"\bcycles?\b", {
        "fi": "kier", "sv": "omgång", "da": "rund", "nb": "rund", "et": "tsük", "lv": "cikl", "lt": "cikl",
        "ru": "цикл",
    }),
    "waiting list": (r"\bwaiting list\b", {
        "fi": "jono", "sv": "väntelist", "da": "ventelist", "nb": "ventelist", "et": "ootenimekir",
        "lv": "gaidītāju sarakst",
        "lt": "laukiančiųjų sąraš", "ru": "лист[а-я]* ожидания",
    }),
    "home library": (r"\bhome librar", {
        "fi": "kotikirjasto", "sv": "hembibliotek", "da": "hjemmebibliotek", "nb": "hjemmebibliotek",
        "et": "koduraamatukog", "lv": "nosūtītājbibliotēk", "lt": "siunčianči",
        "ru": "направляющ",
    }),
    "host library": (r"\bhost librar", {
        "fi": "isäntäkirjasto", "sv": "värdbibliotek", "da": "værtsbibliotek", "nb": "vertsbibliotek",
        "et": "võõrustav",
        "lv": "uzņēmējbibliotēk", "lt": "priimanči", "ru": "принимающ",
    }),
    "seminar": (r"\bseminars?\b", {
        "fi": "seminaar", "sv": "seminari", "da": "seminar", "nb": "seminar", "et": "seminar",
        "lv": "seminār",
        "lt": "seminar", "ru": "семинар",
    }),
    "report": (r"\breports?\b", {
        "fi": "raport", "sv": "rapport", "da": "rapport", "nb": "rapport", "et": "aruan",
        "lv": "pārskat",
        "lt": "ataskait", "ru": "отч[её]т",
    }),
    "invitation": (r"\binvitations?\b", {
        "fi": "kuts", "sv": "inbjud", "da": "invit", "nb": "invit", "et": "kuts", "lv": "uzaicin",
        "lt": "kvieti",
        "ru": "приглаш",
    }),
    "visit": (r"\b(the|this|several|another|any|no) visits?\b", {
        "fi": "vierail", "sv": "besök", "da": "besøg", "nb": "besøk", "et": "külas", "lv": "vizī[tš]", "lt": "vizit",
        "ru": "визит",
    }),
    "feedback": (r"\bfeedback\b", {
        "fi": "palaut", "sv": "utvärdering", "da": "evaluering", "nb": "evaluering", "et": "tagasiside",
        "lv": "atsauksm",
        "lt": "atsiliepim", "ru": "отзыв",
    }),
    "participant": (r"\bparticipants?\b", {
        "fi": "osallistuj", "sv": "deltagar", "da": "deltager", "nb": "deltaker", "et": "osalej",
        "lv": "dalībniek",
        "lt": "dalyvi", "ru": "участник",
    }),
    "coordinator": (r"\bcoordinators?\b", {
        "fi": "koordinaattor", "sv": "samordnar", "da": "koordinator", "nb": "koordinator",
        "et": "koordinaator",
        "lv": "koordinator", "lt": "koordinatori", "ru": "координатор",
    }),
    "approve": (r"\bapprov", {
        "fi": "hyväks", "sv": "godkän", "da": "godken", "nb": "godkjen", "et": "kinnit", "lv": "apstiprin",
        "lt": "tvirtin",
        "ru": "утвер",
    }),
    "the plan": (r"\bthe plan\b", {
        "fi": "suunnitelm", "sv": "plan", "da": "plan", "nb": "plan", "et": "plaan", "lv": "plān", "lt": "plan",
        "ru": "план",
    }),
}  # fmt: skip
"""Of a term: what it is in English sentences, and how the word begins in each language."""


@cache
def catalogue(language: str) -> list[tuple[str, str]]:
    """Every sentence of pages and letters, and what it is in the language."""
    files = [*(ROOT / "portal/locale" / language).glob("*.po")]
    files.append(ROOT / "letters/locale" / language / "LC_MESSAGES/letters.po")
    found = []
    for file in files:
        with file.open("rb") as source:
            for message in read_po(source, locale=language):
                english = message.id if isinstance(message.id, str) else message.id[-1]
                said = message.string if isinstance(message.string, str) else " ".join(message.string)
                found += [(PLACE.sub("", english), PLACE.sub("", said))] if english else []
    return found


@pytest.mark.parametrize("language", OTHERS)
@pytest.mark.parametrize("term", SAID)
def test_a_thing_is_called_by_one_word_in_pages_and_letters(term: str, language: str):
    english, theirs = SAID[term]
    word = re.compile(theirs[language], re.IGNORECASE)

    ours = [(this, said) for this, said in catalogue(language) if re.search(english, this)]
    otherwise = [f"{this}\n  {said}" for this, said in ours if not word.search(said)]
    assert not otherwise, "\n" + "\n".join(otherwise)


@pytest.mark.parametrize("term", SAID)
def test_the_glossary_says_the_same(term: str):
    lines = (ROOT / "docs/words.md").read_text().splitlines()
    rows = [[cell.strip() for cell in line.strip("|").split("|")] for line in lines if line.startswith("|")]
    heads = rows[0]
    (row,) = [row for row in rows if row[0] == term]

    assert set(OTHERS) <= set(heads)
    for language in OTHERS:
        assert re.search(SAID[term][1][language], row[heads.index(language)], re.IGNORECASE), language
