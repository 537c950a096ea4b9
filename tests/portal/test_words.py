"""The catalogues of the pages: nothing missing, doubtful or superfluous, no place lost, each language in its forms."""

from __future__ import annotations

import re
from datetime import date
from itertools import product
from pathlib import Path
from typing import Any

import pytest
from babel.messages.catalog import Message
from babel.messages.pofile import read_po
from starlette.requests import Request

import letters
from letters.catalogues import SOURCE, languages
from portal.speech import NAMES, areas, language_of, words_in
from scripts.portal_words import Sentence, read, sentences
from tests.portal.world import Browser

LETTERS = Path(letters.__file__).parent / "locale"
SAID = sentences()
OTHERS = [language for language in languages() if language != SOURCE]
SAME = {
    ("sv", "Workshop"), ("da", "Workshop"), ("nb", "Workshop"), ("sv", "Budget"), ("da", "Budget"),
    ("lv", " (“{what}”)"), ("lv", "“{words}” {why}."),
}  # fmt: skip
"""Sentences that a language really says as English does."""

WRITTEN = list(product(OTHERS, sorted(set(SAID.values()))))


def messages(language: str, area: str) -> dict[Sentence, Message]:
    return {message.id: message for message in read(language, area) if message.id}


def forms(message: Message) -> list[str]:
    return list(message.string) if isinstance(message.string, tuple) else [message.string]


@pytest.mark.parametrize(("language", "area"), WRITTEN)
def test_a_catalogue_says_what_its_pages_say(language: str, area: str):
    known = messages(language, area)
    said = {sentence for sentence, its in SAID.items() if its == area}

    missing = [sentence for sentence in said if sentence not in known or not all(forms(known[sentence]))]
    assert not missing, f"python -m scripts.portal_words {area}"
    assert not known.keys() - said, "superfluous"
    assert not [message.id for message in known.values() if message.fuzzy]


@pytest.mark.parametrize(("language", "area"), WRITTEN)
def test_no_place_is_lost_and_nothing_stays_english(language: str, area: str):
    for sentence, message in messages(language, area).items():
        english = sentence if isinstance(sentence, str) else sentence[1]
        *singular, last = forms(message)
        assert places(last) == places(english), last
        assert all(set(places(form)) <= set(places(english)) for form in singular), sentence
        assert message.string != sentence or (language, sentence) in SAME or len(english) < 5, sentence


@pytest.mark.parametrize("language", OTHERS)
def test_a_percent_sign_stands_only_before_a_place(language: str):
    alone = re.compile(r"%(?!\(\w+\)s|%)")
    said = [form for area in areas(language) for one in messages(language, area).values() for form in forms(one)]
    said += [one for sentence in SAID for one in ([sentence] if isinstance(sentence, str) else sentence)]

    assert not [form for form in said if alone.search(form)], "gettext fills it in: write %%"


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("path", ["/", "/c/{cycle}", "/c/{cycle}/privacy", "/privacy", "/accessibility"])
async def test_every_public_page_opens_in_every_language(web: Browser, cycle: str, language: str, path: str):
    page = await web.get(f"{path.format(cycle=cycle)}?lang={language}")

    assert page.status_code == 200
    assert f'<html lang="{language}">' in page.text


def places(sentence: str) -> list[str]:
    return sorted(set(re.findall(r"%\(\w+\)s|\{\w+\}", sentence)))


@pytest.mark.parametrize("language", OTHERS)
def test_every_form_of_a_number_is_there(language: str):
    for area in areas(language):
        catalogue = read(language, area)
        for message in catalogue:
            if isinstance(message.id, tuple):
                assert len(message.string) == catalogue.num_plurals


def test_the_switch_offers_the_languages_that_there_are():
    assert set(NAMES) == set(languages())


@pytest.mark.parametrize(
    ("language", "day", "number"),
    [
        ("en", "3 February 2012", "12,000"), ("fi", "3. helmikuuta 2012", "12 000"),
        ("sv", "3 februari 2012", "12 000"), ("da", "3. februar 2012", "12.000"), ("nb", "3. februar 2012", "12 000"),
        ("et", "3. veebruar 2012", "12 000"), ("lv", "2012. gada 3. februāris", "12 000"),
        ("lt", "2012 m. vasario 3 d.", "12 000"), ("ru", "3 февраля 2012 г.", "12 000"),
    ],
)  # fmt: skip
def test_dates_and_numbers_are_in_the_language_s_own_form(language: str, day: str, number: str):
    words = words_in(language)

    assert re.sub(r"\s", " ", words.day(date(2012, 2, 3))) == day
    assert re.sub(r"\s", " ", words.number(12_000)) == number


# ------------------------------------------------------------------------------------------------ which language it is


def request(query: str = "", cookie: str = "", accept: str = "") -> Request:
    headers = [(b"accept-language", accept.encode())] if accept else []
    headers += [(b"cookie", f"kierros-lang={cookie}".encode())] if cookie else []
    scope: dict[str, Any] = {"type": "http", "query_string": query.encode(), "headers": headers, "path": "/"}
    return Request(scope)


@pytest.mark.parametrize(
    ("query", "cookie", "own", "accept", "found"),
    [
        ("lang=da", "fi", "ru", "sv", "da"),
        ("", "fi", "ru", "sv", "fi"),
        ("", "", "ru", "sv", "ru"),
        ("", "", "", "sv", "sv"),
        ("", "", "", "", "en"),
        ("lang=xx", "yy", "zz", "de;q=0.9, lt;q=0.3, et;q=0.5", "et"),
        ("", "", "", "nn-NO, en", "nb"),
        ("", "", "", "fi;q=0, *;q=0.5", "en"),
        ("", "", "", "fi;q=much", "en"),
        ("", "", "no", "", "nb"),
    ],
)
def test_the_reader_s_choice_then_her_setting_then_her_browser(
    query: str, cookie: str, own: str, accept: str, found: str
):
    assert language_of(request(query, cookie, accept), own) == found


@pytest.mark.parametrize("language", languages())
async def test_a_page_speaks_each_language(web: Browser, cycle: str, language: str):
    page = await web.get(f"/c/{cycle}/privacy?lang={language}")

    assert f'<html lang="{language}">' in page.text
    assert words_in(language).gettext("What is kept about you") in page.text
    assert "%(" not in page.text


async def test_the_switch_keeps_the_page_and_its_questions(web: Browser):
    page = await web.get("/?before=x&lang=fi")

    assert 'href="?before=x&amp;lang=ru"' in page.text
    assert "kierros-lang=fi" in page.headers["set-cookie"]


OTHERWISE = {
    "fi": r"\b(?:[Tt]eidän|[Tt]eille|[Tt]eitä|\w*[Kk]irjasto\w*nne|[Vv]oitteko|[Vv]astaattehan|\w+sitteko)\b",
    "ru": r"\b(?:вы|вас|вам|вами|ваш\w*|[Тт]ы|[Тт]ебя|[Тт]ебе)\b",
    "et": r"\b(?:sina|sinu|sulle|sind)\b",
    "lt": r"\b(?:tu|tau|tave|tavo|jūs|jums|jūsų)\b",
    "lv": r"\b(?:tu|tev|tevi|tavs|tava|jūs|jums|jūsu)\b",
}
"""How a reader is not spoken to: Finnish says *sinä* to colleagues, the others are formal and mark it by a capital."""


@pytest.mark.parametrize("language", OTHERWISE)
def test_a_reader_is_spoken_to_in_one_way_in_letters_and_on_pages(language: str):
    words = [message for area in sorted(set(SAID.values())) for message in messages(language, area).values()]
    with (LETTERS / language / "LC_MESSAGES" / "letters.po").open("rb") as file:
        words += [message for message in read_po(file, locale=language) if message.id]
    wrong = [form for message in words for form in forms(message) if re.search(OTHERWISE[language], form)]
    assert not wrong
