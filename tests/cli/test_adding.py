"""`approve --add`: a paragraph of one's own in letters that wait."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Desk
from tests.cli.world import OLGA, World

FIRST = "approve-invitations-1"
ADD = ("approve", FIRST, "--add", "Bring an umbrella.", "--language", "en", "--add", "Ota sateenvarjo.", "--language")


def test_letters_are_made_ready_anew_with_it_and_nothing_is_approved(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    ran = desk(*ADD, "fi")
    assert ran.code == 0, ran.err
    assert "made ready again" in ran.err
    state = world.ledgers[cycle].cycle
    assert (state.approving("invitations").stage, state.approving("invitations").revision) == ("asked", 2)
    (reference,) = state.approving("invitations").added
    assert world.store.get_texts([reference]) == {reference: {"en": "Bring an umbrella.", "fi": "Ota sateenvarjo."}}
    rows = world.store.held(cycle, "invitations/2")
    assert rows
    assert {row.facts["added"] for row in rows} == {reference}
    assert "added a paragraph" in desk("history").out
    assert desk("approve", FIRST, "--yes", staff=OLGA).code == 1
    assert desk("approve", "approve-invitations-2", "--take-back").code == 0
    assert world.ledgers[cycle].cycle.approving("invitations").added == ()


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([*ADD, "klingon"], "is no language that we know"),
        ([*ADD, "en"], "in the same language"),
        (["approve", FIRST, "--add", " ", "--language", "en"], "needs words"),
        (["approve", FIRST, "--add", "a\x1b[31m", "--language", "en"], "no control characters"),
        (["approve", FIRST, "--add", "One", "--add", "Two", "--language", "en"], "language of each --add"),
        (["approve", FIRST, "--language", "en"], "Say what to add"),
        (["approve", FIRST, "--take-back", "--add", "x"], "Say what to add"),
    ],
)  # fmt: skip
def test_what_cannot_be_added(desk: Desk, world: World, words: list[str], said: str):
    cycle = world.start(days_ago=20)
    length = world.store.cycle(cycle).length
    ran = desk(*words)
    assert ran.code == 2
    assert said in " ".join(ran.err.split())
    assert world.store.cycle(cycle).length == length
