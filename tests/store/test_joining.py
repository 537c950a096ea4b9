from __future__ import annotations

import pytest

from exchange.base import PLAN
from exchange.correspondence import Mail
from store.delivery import try_failed_again
from store.joining import NOT_SHOWN
from store.models import OutboxRow
from store.store import Store
from tests.store.batches import preparation, states
from tests.store.builders import NOON, anna, approved, invitation, record, rendering, started


def released(store: Store, cycle: str, *held: Mail, late: Mail, actor: str = "s_1") -> OutboxRow:
    """The letter that goes to somebody who has joined since letters were made ready and approved."""
    ready = store.hold(preparation(cycle, *held), rendering, NOON)
    agreed = approved(ready.digest).model_copy(update={"actor": actor})
    store.keep(record(cycle, [agreed], late), NOON)
    return store.letters(cycle)[-1]


def test_whoever_joined_since_gets_hers_in_a_language_that_was_there_to_be_read(store: Store):
    row = released(store, started(store), invitation("p_bo"), late=invitation("p_bo", "p_late", op="release"))
    assert (row.to_ref, row.state, row.facts) == ("p_late", "queued", {"shown": "en"})


@pytest.mark.parametrize(
    ("mine", "state"), [("lt", "failed"), ("fi-FI", "queued")], ids=["none-could-be-read", "her-own-could"]
)
def test_whose_letter_nobody_could_read_waits_for_a_decision_of_staff(store: Store, mine: str, state: str):
    cycle = started(store, languages=("lt", "lv"))
    late = store.find_or_add(cycle, anna(language=mine))
    row = released(store, cycle, invitation("p_anna"), late=invitation("p_anna", late, op="release"))
    assert (row.to_ref, row.state) == (late, state)
    told = [note.data for note in store.waiting(cycle, 10).rows]
    assert told == ([{"kind": "NoteFailedLetters", "count": 1}] if state == "failed" else [])
    if told:
        assert row.last_error == NOT_SHOWN
        with store.writing() as connection:
            assert try_failed_again(connection, cycle, NOON) == 1
        assert states(store, cycle)[-1] == (late, "queued")


def test_where_such_a_letter_was_made_ready_for_nobody_staff_are_asked_about_it(store: Store):
    cycle = started(store)
    row = released(store, cycle, late=invitation("p_late", op="release"))
    assert (row.state, row.last_error) == ("failed", NOT_SHOWN)
    assert len(store.waiting(cycle, 10).rows) == 1


def test_where_the_plan_asks_nobody_everybody_is_written_to_in_her_own_language(store: Store):
    row = released(store, started(store), invitation("p_bo"), late=invitation("p_late", op="release"), actor=PLAN)
    assert (row.state, row.facts) == ("queued", {})


@pytest.mark.parametrize("kind", ["seminar_programme", "place_confirmed"])
def test_who_joins_after_the_programme_has_left_gets_it_as_it_was_approved(store: Store, kind: str):
    told = invitation("p_bo", kind=kind)
    cycle = started(store)
    released(store, cycle, told, late=told.model_copy(update={"op": "release"}))
    store.keep(record(cycle, [], invitation("p_late", op="send", batch="", mark="9", kind=kind), at=1), NOON)
    row = store.letters(cycle)[-1]
    assert (row.to_ref, row.state) == ("p_late", "queued")
    assert row.facts == ({"shown": "en"} if kind == "seminar_programme" else {})
