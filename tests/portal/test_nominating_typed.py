"""Noting at the desk whom a library sends: one library of one registration at a time, and of which it is."""

from __future__ import annotations

from types import SimpleNamespace
from typing import Any

import pytest

from exchange.registration import CloseDesk
from portal.bodies import Typed
from portal.deeds import Wrong
from portal.forms import Form
from portal.pages.lists_deeds import OF_LISTS
from portal.speech import words_in
from tests.builders import after, day, desk, register, time

DEED = next(deed for deed in OF_LISTS if deed.name == "nominate")


@pytest.fixture
def case() -> Any:
    """Two libraries that have to choose."""
    cycle = desk(capacity=3, places="nominated", per_library=1)
    asked = [register(name, home=home) for name, home in (("a", "gusev"), ("b", "gusev"), ("c", "oslo"), ("d", "oslo"))]
    closed = after(cycle, *asked, time(CloseDesk, day(20), step="registration"))
    house = SimpleNamespace(now=lambda: day(21))
    names = SimpleNamespace(who=str, host=str)
    return SimpleNamespace(state=closed, words=words_in("en"), names=names, who=SimpleNamespace(ref="s_a", house=house))


def ticked(case: Any, *people: str) -> Form:
    form = Form(case.words, DEED.fields(case, {})).read(Typed([("people", one) for one in people]))
    assert not form.errors
    return form


def test_it_says_of_which_registration_the_library_sends_them(case: Any):
    wish: Any = DEED.wish(case, ticked(case, "registration/gusev/b"))
    assert (wish.step, wish.home, wish.people, wish.entered_by) == ("registration", "gusev", ("b",), "s_a")
    assert after(case.state, wish).desk("registration").nominations["gusev"].people == ("b",)


def test_people_of_two_libraries_are_not_noted_together(case: Any):
    with pytest.raises(Wrong, match="several libraries"):
        DEED.wish(case, ticked(case, "registration/gusev/b", "registration/oslo/c"))
