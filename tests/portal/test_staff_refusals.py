"""What staff read of refusals and of what happened is in their language: no sentence of the terminal shows through."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import fields
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from exchange.base import Refusal
from exchange.nominating import MoreThanItsPlaces
from exchange.plan import CyclePlan, Organisation, When
from letters.catalogues import SOURCE, languages
from letters.refusals import GENERAL
from letters.refusals import SAID as SAID_TO_PEOPLE
from portal.shown.staff_names import Spoken
from portal.shown.staff_refusals import OUTSIDE, SAID, said_of, told
from portal.speech import words_in
from telling.names import Names
from telling.refusals import by_plan
from telling.said import EVENTS
from telling.sentences import sentence
from telling.wished import KNOWN
from tests.cli.world import World
from tests.portal.desk import Desk

OTHERS = [language for language in languages() if language != SOURCE]
MADE = {"what"}
"""Of what sentences are made besides the facts."""
PLAN = CyclePlan(
    id="cycle-x-2030-y", programme="x", programme_name={"en": "X"}, theme="y", theme_name={"en": "Y"}, year=2030,
    zone="Europe/Helsinki",
)  # fmt: skip
NOW = datetime(2030, 3, 1, 12, tzinfo=UTC)
AGREED = When(local="2030-03-01T12:00", zone="Europe/Helsinki", at=NOW)
ENGLISH = re.compile(r"\b(the|is|of|has|was|for|kierros (move|show|waiting|amend|note|write|withdraw|resume))\b")


def known(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for child in kind.__subclasses__():
        yield child
        yield from known(child)


REFUSALS = sorted((one for one in known(Refusal) if one.__module__.startswith("exchange.")), key=lambda it: it.__name__)


def example(kind: type[Refusal]) -> Refusal:
    """The refusal with some facts or other."""
    made: dict[str, Any] = {}
    for field in fields(kind):  # type: ignore[arg-type]  # subclasses are dataclasses
        hint = str(field.type)
        if hint.startswith("tuple"):
            made[field.name] = ("intro begins WHEN",) if field.name == "dates" else ("x1", "x2")
        elif hint == "When":
            made[field.name] = AGREED
        elif "date" in hint:
            made[field.name] = NOW if "datetime" in hint else NOW.date()
        else:
            made[field.name] = {"int": 4, "bool": False}.get(hint, "x")
    return kind(**made)


def test_every_refusal_has_a_sentence_of_its_facts():
    for kind in REFUSALS:
        sentences = [words for name, words in SAID.items() if name.partition("/")[0] == kind.__name__]
        used = {place for words in sentences for place in re.findall(r"%\((\w+)\)s", words)}

        assert sentences, f"{kind.__name__}: portal/shown/refused_*.py"
        assert used <= {field.name for field in fields(kind)} | MADE, kind  # type: ignore[arg-type]
        assert not [words for words in sentences if "kierros " in words or "--" in words], "a page has no command line"


def test_a_library_is_called_by_its_name_in_the_readers_language_also_where_the_sentence_was_told_in_english():
    library = Organisation(id="narva", name={"en": "Narva Library", "ru": "Библиотека Нарвы"}, zone="Europe/Tallinn")
    plan = PLAN.model_copy(update={"organisations": (library,)})
    no = MoreThanItsPlaces("narva", 3, 2)

    assert "Narva Library" in by_plan(no, plan)
    speech = words_in("ru")
    assert "Библиотека Нарвы" in told(Spoken(plan, {}, speech), no)
    assert "Библиотека Нарвы" in said_of(Spoken(plan, {}, speech), no.name, no.facts)


def test_no_sentence_of_a_refusal_is_left_over():
    assert {name.partition("/")[0] for name in SAID} == {kind.__name__ for kind in REFUSALS} | set(OUTSIDE)


@pytest.mark.parametrize("language", OTHERS)
def test_a_refusal_is_said_in_each_language(language: str):
    theirs, english = (Spoken(PLAN, speech=words_in(code)) for code in (language, SOURCE))
    said = {kind.__name__: (told(theirs, example(kind)), told(english, example(kind))) for kind in REFUSALS}

    assert not [name for name, (words, in_english) in said.items() if words == in_english or "%(" in words]


def test_a_refusal_that_was_kept_is_said_as_it_was():
    names = Spoken(PLAN, {"p_anna": "Anna Berg"}, words_in("fi"))
    kept = {"person": "p_anna", "until": "2030-03-01T12:00:00+00:00"}

    said = said_of(names, "AlreadyExtended", kept)

    assert said.startswith("Anna Berg on jo saanut lisäaikaa 1. maaliskuuta 2030 klo 14.00 saakka")


@pytest.mark.parametrize("language", OTHERS)
def test_what_people_are_told_is_never_english(language: str):
    words = words_in(language)

    assert not [name for name, said in SAID_TO_PEOPLE.items() if words.catalogue.gettext(said) == said]
    assert words.catalogue.gettext(GENERAL) != GENERAL


@pytest.mark.parametrize("language", OTHERS)
def test_every_event_and_what_is_known_of_a_decision_is_said_in_each_language(language: str):
    names = Spoken(PLAN, speech=words_in(language))

    assert not [words for words in (*EVENTS.values(), *KNOWN.values()) if names.said(words) == words]


@pytest.fixture
def desk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Desk]:
    made = World(tmp_path)
    yield Desk(made, monkeypatch)
    made.store.close()


async def test_a_history_in_finnish_shows_no_english_sentence(desk: Desk):
    cycle = desk.invited()
    entries = desk.world.store.journal(cycle)
    english = Names(desk.state(cycle).plan)
    page = await desk.browser().get(f"/staff/cycles/{cycle}/history?lang=fi")

    lines = re.findall(r'<dd class="ahead__line"[^>]*>(.*?)</dd>', page.text)
    assert len(lines) == len(entries) > 5
    assert '<dd class="ahead__line" lang' not in page.text
    assert not [line for line in lines if ENGLISH.search(re.sub(r"”.*?”", "", line))]
    assert not {sentence(entry.event, english) for entry in entries} & set(lines)
