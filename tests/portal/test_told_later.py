"""What a page could not say is said by letter: what became of an answer, to whoever gave it, once."""

from __future__ import annotations

from datetime import timedelta

import pytest

from letters.refusals import SAID
from portal import answers
from portal.answers import take
from portal.house import House
from portal.speech import words_in
from store.links import Links
from store.models import Letterbox, OutboxRow
from store.store import Store
from tests.letters.test_personal import said
from tests.portal.deciding import Engine
from tests.portal.doors.town import letter_of
from tests.portal.test_answers import OPEN, cycle, engine, guest, house, no, store, yes

__all__ = ["cycle", "engine", "house", "store"]
LATER = OPEN + timedelta(hours=3)
"""The engine is back."""


def word(store: Store, cycle: str) -> list[OutboxRow]:
    """The letters about answers, whatever became of them."""
    return [row for row in store.letters(cycle) if row.kind.startswith("answer_")]


def due(store: Store) -> list[str]:
    """The kinds of letters that leave within two minutes of the decision."""
    rows = store.claim(LATER + timedelta(minutes=2), 100, timedelta(minutes=1))
    return [row.kind for row in rows if row.kind.startswith("answer_")]


async def test_an_answer_that_was_kept_while_the_engine_was_away_and_then_refused_has_a_letter(
    house: House, cycle: str, engine: Engine
):
    her = guest(house, cycle, language="lt")
    Links(house.store, house.keys).issue(cycle, her.link.ref, ("invitation", "registration"), her.link.expires_at, OPEN)
    await take(her, yes(her))
    engine.decide(OPEN)

    assert (await take(her, no(her))).became == "taken"
    engine.decide(LATER)

    (row,) = word(house.store, cycle)
    assert (row.kind, row.to_ref, row.state) == ("answer_refused", her.link.ref, "queued")
    assert row.facts["name"] == "AlreadyTakesPart"
    assert row.facts["links"] == "invitation=registration"
    written = letter_of(house.store, row, LATER)
    assert written is not None
    text, _ = said(written.data)
    assert "Atsisakėte kvietimo." in text, "what she answered"
    assert words_in("lt").gettext(SAID["AlreadyTakesPart"]) in " ".join(text.split()), "why, in her language"
    assert "/l/LINK-invitation-0" in text
    engine.decide(LATER + timedelta(minutes=1))
    assert len(word(house.store, cycle)) == 1


async def test_what_the_page_has_shown_is_not_written_again(
    house: House, cycle: str, engine: Engine, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(answers, "PATIENCE", 30.0)
    her = guest(house, cycle)
    house.waker.tell = lambda _: engine.decide(LATER) and None

    await take(her, yes(her))
    assert (await take(her, no(her))).became == "refused"

    assert [(row.kind, row.state) for row in word(house.store, cycle)] == [("answer_refused", "dropped")]
    assert due(house.store) == []


async def test_the_letter_rests_until_the_page_has_had_its_chance(house: House, cycle: str, engine: Engine):
    her = guest(house, cycle)
    await take(her, no(her))
    engine.decide(LATER)
    assert "answer_accepted" not in [row.kind for row in house.store.claim(LATER, 100, timedelta(seconds=30))]
    assert due(house.store) == ["answer_accepted"]


async def test_who_is_written_to_anyhow_gets_no_second_letter_about_the_same(house: House, cycle: str, engine: Engine):
    her = guest(house, cycle)
    await take(her, yes(her))
    engine.decide(LATER)
    assert [row.kind for row in house.store.letters(cycle) if row.to_ref == her.link.ref][-1] == "application_received"
    assert word(house.store, cycle) == []


async def test_what_was_decided_at_once_and_accepted_has_none(house: House, cycle: str, engine: Engine):
    her = guest(house, cycle)
    await take(her, no(her))
    engine.decide(OPEN)
    assert word(house.store, cycle) == []


async def test_what_others_typed_in_for_her_has_none(store: Store, cycle: str, engine: Engine):
    ref = store.people(cycle)[0].ref
    store.receive(cycle, [Letterbox(command_id="import-1", command={"kind": "Withdraw", "person": ref}, actor=ref)])
    engine.decide(LATER)
    found = store.outcome(cycle, 1)
    assert found is not None
    assert found.state == "refused"
    assert word(store, cycle) == []
