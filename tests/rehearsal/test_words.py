"""A cycle in which a letter of staff's own waits can be rehearsed to its end."""

from __future__ import annotations

import pytest

from exchange.state import Cycle
from rehearsal.script import Script
from rehearsal.year import rehearse
from tests.builders import KRISTINA, after, day
from tests.exchange.test_writing import there, waits, written

LETTER = written("confirmed")


@pytest.mark.parametrize("cycle", [waits(there(second_person=True), LETTER), after(there(second_person=True), LETTER)])
def test_a_letter_of_staffs_own_is_approved_by_a_second_person_and_leaves(cycle: Cycle) -> None:
    year = rehearse(cycle, Script(), day(5), {})
    assert year.ends.phase == "finished"
    assert [(one.option, one.by) for one in year.decisions if one.prompt.step == "word_1"] == [("approve", KRISTINA)]
    assert [one.to for one in year.letters if one.kind == "word"] == [("p_anna", "p_boris")]
