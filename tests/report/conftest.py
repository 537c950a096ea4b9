"""A whole year and its account, made once: nothing in them can be changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

import pytest

from activities.accounts import Account, Letters, Sources, draw_up
from tests.report.year import Year, good_answers, good_year, kaliningrad


@pytest.fixture(scope="session")
def played() -> tuple[Year, dict[str, dict[str, str]]]:
    """The year 2012 and the texts of its plan."""
    plan, texts = kaliningrad()
    return good_year(plan), texts


@pytest.fixture(scope="session")
def sources(played: tuple[Year, dict[str, dict[str, str]]]) -> Sources:
    year, texts = played
    letters = [Letters("invitation", "sent", 24), Letters("survey", "failed", 2), Letters("survey", "sent", 18)]
    answers: Mapping[str, Mapping[str, Sequence[Any]]] = good_answers(year)
    return Sources(cycle=year.cycle, journal=year.journal, answers=answers, letters=letters, texts=texts)


@pytest.fixture(scope="session")
def account(sources: Sources) -> Account:
    return draw_up(sources, "report")
