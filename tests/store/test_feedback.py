from __future__ import annotations

from typing import Any

from sqlalchemy import select, text

from exchange.feedback import FeedbackGiven, SurveyClosed
from exchange.record import Refused
from store.models import Letterbox
from store.schema import answers, envelopes
from store.store import Store
from tests.store.builders import NOON, after, record, started


def form(number: int, **values: Any) -> Letterbox:
    command = {"kind": "GiveFeedback", "person": f"p_{number}"}
    return Letterbox(command_id=f"f{number}", command=command, actor=f"p_{number}", answers=values)


def given(number: int) -> FeedbackGiven:
    return FeedbackGiven(at=NOON, actor=f"p_{number}", cause=f"i{number}", step="feedback", person=f"p_{number}")


def sealed(store: Store) -> int:
    with store.reading() as connection:
        return len(connection.execute(select(envelopes)).all())


def test_answers_lie_sealed_until_they_are_decided(store: Store):
    cycle = started(store)
    store.receive(cycle, [form(1, q1=5, q2="Good")], NOON)
    assert sealed(store) == 1
    assert store.feedback(cycle, "feedback") == {}


def test_accepted_answers_are_parted_from_who_gave_them(store: Store):
    cycle = started(store)
    store.receive(cycle, [form(1, q1=5, q2="Good", q3=None), form(2, q1=3, q2="Bra")], NOON)
    store.keep(record(cycle, [given(1), given(2)], decided_to=2), NOON)
    assert sealed(store) == 0
    found = store.feedback(cycle, "feedback")
    assert {question: sorted(values) for question, values in found.items()} == {"q1": [3, 5], "q2": ["Bra", "Good"]}


def test_refused_answers_are_destroyed(store: Store):
    cycle = started(store)
    store.receive(cycle, [form(1, q1=5)], NOON)
    store.keep(record(cycle, decided_to=1, refused=[Refused(number=1, name="FeedbackAlreadyGiven")]), NOON)
    assert sealed(store) == 0
    assert store.feedback(cycle, "feedback") == {}
    assert _as_they_lie(store) == []


def test_answers_not_decided_yet_stay_sealed(store: Store):
    cycle = started(store)
    store.receive(cycle, [form(1, q1=5), form(2, q1=3)], NOON)
    store.keep(record(cycle, [given(1)], decided_to=1), NOON)
    assert sealed(store) == 1
    assert store.feedback(cycle, "feedback") == {"q1": [5]}


def test_keeping_again_counts_no_answer_twice(store: Store):
    cycle = started(store)
    store.receive(cycle, [form(1, q1=5)], NOON)
    for _ in range(2):
        store.keep(record(cycle, [given(1)], decided_to=1), NOON)
    assert store.feedback(cycle, "feedback") == {"q1": [5]}


def test_answers_of_one_cycle_and_step_stay_with_it(store: Store):
    first, second = started(store), started(store)
    for cycle in (first, second):
        store.receive(cycle, [form(1, q1=cycle)], NOON)
        store.keep(record(cycle, [given(1)], decided_to=1), NOON)
    assert store.feedback(first, "feedback") == {"q1": [first]}
    assert store.feedback(first, "another") == {}


def test_what_is_kept_of_answers_names_neither_person_nor_time_nor_number():
    assert set(answers.c.keys()) == {"id", "cycle", "step", "question", "value"}


def _as_they_lie(store: Store) -> list[int]:
    """The values in the order in which the database keeps them."""
    postgresql = "SELECT value FROM answers ORDER BY ctid"
    with store.reading() as connection:
        sql = postgresql if connection.dialect.name == "postgresql" else "SELECT value FROM answers"
        return [int(str(value)) for (value,) in connection.execute(text(sql))]


def test_the_order_of_answering_cannot_be_read_off_the_table_once_the_survey_has_closed(store: Store):
    cycle, many = started(store), 30
    for number in range(1, many + 1):
        store.receive(cycle, [form(number, q1=number)], NOON)
        store.keep(record(cycle, [given(number)], at=number - 1, decided_to=number), NOON)
    store.keep(
        record(cycle, [SurveyClosed(at=after(days=1), actor="time", step="feedback")], at=many, decided_to=many), NOON
    )
    lying = _as_they_lie(store)
    assert sorted(lying) == list(range(1, many + 1))
    assert lying != sorted(lying)
    assert sorted(store.feedback(cycle, "feedback")["q1"]) == sorted(lying)


def test_the_rows_of_one_transaction_do_not_lie_in_the_order_of_answering_either(store: Store):
    cycle, many = started(store), 30
    store.receive(cycle, [form(n, q1=n) for n in range(1, many + 1)], NOON)
    store.keep(record(cycle, [given(n) for n in range(1, many + 1)], decided_to=many), NOON)
    assert _as_they_lie(store) != list(range(1, many + 1))


def test_sqlite_numbers_no_answer_in_secret(store: Store):
    with store.reading() as connection:
        if connection.dialect.name == "sqlite":
            made = connection.execute(text("SELECT sql FROM sqlite_master WHERE name = 'answers'")).scalar_one()
            assert "WITHOUT ROWID" in made
