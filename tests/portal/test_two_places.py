"""A decision's page says where else the group is expected, and agrees only where a box is ticked."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from exchange.prompt import Choose, Prompt
from exchange.state import Cycle
from letters.catalogues import languages
from portal.bodies import Typed
from portal.pages.staff_decisions import _form, _wish
from portal.shown.staff_decision import Decision
from portal.shown.staff_names import Spoken
from portal.speech import words_in
from tests.builders import OLGA, day, waiting_for
from tests.exchange.test_wishing import ELSEWHERE, FIRST, wished
from workers.held import Letters


def shown(cycle: Cycle, language: str = "en") -> tuple[Decision, Prompt]:
    prompt = waiting_for(cycle, "first")
    names = Spoken(cycle.plan, speech=words_in(language))
    return Decision(cycle, names, prompt, Letters([], {}, ""), OLGA), prompt


def case(language: str = "en") -> Any:
    house = SimpleNamespace(now=lambda: day(6))
    return SimpleNamespace(words=words_in(language), who=SimpleNamespace(ref=OLGA, house=house))


@pytest.mark.parametrize("language", languages())
def test_the_page_names_the_other_visit_and_has_a_box(language: str):
    decision, _ = shown(wished(FIRST, ELSEWHERE), language)
    (other,) = decision.elsewhere
    assert ELSEWHERE.id not in other
    assert "anyway" in _form(case(language), decision).by_name


def test_where_the_group_is_free_there_is_nothing_to_tick():
    decision, _ = shown(wished(FIRST))
    assert decision.elsewhere == []
    assert "anyway" not in _form(case(), decision).by_name


@pytest.mark.parametrize("ticked", [True, False])
def test_the_tick_is_part_of_the_wish(ticked: bool):
    decision, prompt = shown(wished(FIRST, ELSEWHERE))
    typed = Typed([("option", "move"), *([("anyway", "yes")] if ticked else [])])
    wish = _wish(case(), prompt, _form(case(), decision).read(typed), "choose", "")
    assert isinstance(wish, Choose)
    assert wish.anyway is ticked
