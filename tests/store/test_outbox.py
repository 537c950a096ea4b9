from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from exchange.correspondence import Entry, Mail
from store.store import Store
from tests.store.builders import NOON, after, mail, opened, record, registered, started


def test_an_order_to_send_queues_one_letter_for_each_person(store: Store):
    cycle = started(store)
    entry = Entry(uid="u1", sequence=2, step="visits", slot="oulu")
    store.keep(record(cycle, [opened()], mail("p_1", "p_2", facts={"position": "3"}, mark="7", entries=(entry,))), NOON)
    first, second = store.letters(cycle)
    assert (first.to_ref, second.to_ref) == ("p_1", "p_2")
    assert (first.state, first.not_before, first.facts, first.entries) == ("queued", NOON, {"position": "3"}, (entry,))
    assert first.key == "place_confirmed:registration:::7:p_1"
    assert first.message_id.endswith("@library.example>")
    assert first.message_id != second.message_id


def test_the_same_order_carried_out_twice_makes_one_letter(store: Store):
    cycle = started(store)
    store.keep(record(cycle, [opened()], mail("p_1"), mail("p_1"), mail("p_1", mark="2")), NOON)
    store.keep(record(cycle, [registered(1)], mail("p_1"), at=1), after(hours=1))
    assert [row.mark for row in store.letters(cycle)] == ["", "2"]


def test_two_cycles_write_to_the_same_person_each_for_itself(store: Store):
    first, second = started(store), started(store)
    for cycle in (first, second):
        store.keep(record(cycle, [opened()], mail("p_1")), NOON)
    assert len(store.letters(first)) == len(store.letters(second)) == 1


def test_letters_are_listed_by_state_kind_and_person(store: Store):
    cycle = started(store)
    store.keep(record(cycle, [opened()], mail("p_1", "p_2"), mail("p_1", kind="thanks")), NOON)
    assert [row.kind for row in store.letters(cycle, to_ref="p_1")] == ["place_confirmed", "thanks"]
    assert [row.to_ref for row in store.letters(cycle, kind="thanks")] == ["p_1"]
    assert store.letters(cycle, "sent", "held") == []
    assert len(store.letters(cycle, "queued")) == 3


def moving(mark: str, *to: str, rest: float = 24, **more: Any) -> Mail:
    about = {"kind": "seminar_changed", "step": "intro", "mark": mark, "rest": timedelta(hours=rest), "instead": True}
    return mail(*to, **{**about, **more})


def test_two_moves_in_a_day_make_one_letter_which_leaves_when_the_first_would_have(store: Store):
    cycle = started(store)
    store.keep(record(cycle, [opened()], moving("1", "p_1", "p_2")), NOON)
    assert store.claim(after(hours=23), 10, timedelta(minutes=2)) == []
    store.keep(record(cycle, [registered(1)], moving("2", "p_1", "p_3"), at=1), after(hours=20))
    rows = [(row.to_ref, row.mark, row.state, row.not_before) for row in store.letters(cycle)]
    assert rows == [
        ("p_1", "1", "dropped", after(hours=24)), ("p_2", "1", "queued", after(hours=24)),
        ("p_1", "2", "queued", after(hours=24)), ("p_3", "2", "queued", after(hours=44)),
    ]  # fmt: skip
    assert {row.mark for row in store.claim(after(hours=25), 10, timedelta(minutes=2))} == {"1", "2"}


def test_a_letter_in_the_place_of_one_that_never_left_says_the_time_that_she_was_told_last(store: Store):
    cycle = started(store)
    first, second = ({"was": was, "was_ends": f"{was}!"} for was in ("1 May", "2 May"))
    store.keep(record(cycle, [opened()], moving("1", "p_1", kind="still_coming", facts=first)), NOON)
    newer = moving("2", "p_1", "p_2", kind="still_coming", facts=second)
    store.keep(record(cycle, [registered(1)], newer, at=1), after(hours=20))
    assert [(row.to_ref, row.facts["was"]) for row in store.letters(cycle, "queued")] == [
        ("p_1", "1 May"), ("p_2", "2 May")
    ]  # fmt: skip


def test_two_moves_recorded_at_once_make_one_letter(store: Store):
    cycle = started(store)
    store.keep(record(cycle, [opened()], moving("1", "p_1"), mail("p_9"), moving("2", "p_1", rest=1)), NOON)
    assert [(row.to_ref, row.mark, row.state) for row in store.letters(cycle)] == [
        ("p_1", "1", "dropped"), ("p_9", "", "queued"), ("p_1", "2", "queued"),
    ]  # fmt: skip
    assert store.letters(cycle, kind="seminar_changed")[-1].not_before == after(hours=1)


@pytest.mark.parametrize("other", [{"step": "final"}, {"slot": "x"}, {"host": "y"}, {"kind": "still_coming"}])
def test_a_move_leaves_letters_about_something_else_alone(store: Store, other: dict[str, str]):
    cycle = started(store)
    store.keep(record(cycle, [opened()], moving("1", "p_1"), moving("2", "p_1", **other)), NOON)
    assert {row.state for row in store.letters(cycle)} == {"queued"}


def test_after_a_letter_has_left_a_further_move_makes_a_second(store: Store):
    cycle = started(store)
    store.keep(record(cycle, [opened()], moving("1", "p_1")), NOON)
    (row,) = store.claim(after(hours=25), 10, timedelta(minutes=2))
    store.delivered(row, after(hours=25))
    store.keep(record(cycle, [registered(1)], moving("2", "p_1"), at=1), after(hours=26))
    assert [(row.state, row.not_before) for row in store.letters(cycle)] == [
        ("sent", after(hours=24)), ("queued", after(hours=50)),
    ]  # fmt: skip
