from __future__ import annotations

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import event, func, select

from exchange.cancelling import CycleCancelled, CycleFinished
from exchange.cycle import begin, fold
from exchange.record import MOST_BYTES, MOST_ROWS, Refused, Standing
from store.faults import JournalDiffers, JournalGap, NoSuchCycle
from store.schema import metadata
from store.store import Store
from tests.store.builders import NOON, after, answer, mail, opened, plan, record, registered, started

ROOT = Path(__file__).parents[2]


def census(store: Store) -> dict[str, int]:
    """How many rows every table has, and the counters of the cycles."""
    with store.reading() as connection:
        counts = {
            t.name: connection.execute(select(func.count()).select_from(t)).scalar_one()
            for t in metadata.tables.values()
        }
    rows = store.cycles()
    return counts | {
        f"{r.id}.{name}": getattr(r, name) for r in rows for name in ("length", "received_to", "decided_to")
    }


def test_events_stand_in_the_journal_in_their_order(store: Store):
    cycle = started(store)
    store.keep(record(cycle, [opened(), registered(1)]), NOON)
    store.keep(record(cycle, [registered(2)], at=2), after(hours=1))
    entries = store.journal(cycle)
    assert [e.position for e in entries] == [1, 2, 3]
    assert [e.recorded_at for e in entries] == [NOON, NOON, after(hours=1)]
    assert [e.event for e in entries] == [opened(), registered(1), registered(2)]
    assert store.cycle(cycle).length == 3


def test_the_state_is_the_fold_of_the_journal(store: Store):
    new = plan()
    store.start_cycle(new, [], [], NOON)
    happened = [opened(), registered(1), registered(2)]
    store.keep(record(new.id, happened), NOON)
    assert store.load(new.id) == fold(begin(new), happened)


def test_what_was_known_at_a_moment_is_the_fold_of_what_was_recorded_by_then(store: Store):
    cycle = started(store)
    store.keep(record(cycle, [opened(), registered(1)]), NOON)
    store.keep(record(cycle, [registered(2)], at=2), after(hours=1))
    assert store.load(cycle, after(minutes=59)).position == 2
    assert store.load(cycle, after(hours=1)).position == 3
    assert store.load(cycle, after(hours=-1)).position == 0
    assert len(store.journal(cycle, until=NOON)) == 2


def test_the_next_answers_come_back_with_their_time_and_actor(store: Store):
    cycle = started(store)
    store.receive(cycle, [answer(1), answer(2)], NOON)
    post = store.keep(record(cycle), NOON)
    assert [(r.number, r.at, r.actor, r.data) for r in post.rows] == [
        (1, NOON, "p_1", {"kind": "Register", "person": "p_1"}),
        (2, NOON, "p_2", {"kind": "Register", "person": "p_2"}),
    ]
    assert not post.more


def test_at_most_so_many_rows_come_back_at_once(store: Store):
    cycle = started(store)
    store.receive(cycle, [answer(n) for n in range(MOST_ROWS + 1)], NOON)
    post = store.keep(record(cycle), NOON)
    assert len(post.rows) == MOST_ROWS
    assert post.more
    rest = store.keep(record(cycle, decided_to=MOST_ROWS), NOON)
    assert [r.number for r in rest.rows] == [MOST_ROWS + 1]
    assert not rest.more


def test_at_most_so_many_bytes_come_back_at_once(store: Store):
    cycle = started(store)
    store.receive(cycle, [answer(n, command={"kind": "Register", "note": "x" * 30_000}) for n in range(10)], NOON)
    post = store.keep(record(cycle), NOON)
    assert 1 < len(post.rows) <= MOST_BYTES // 30_000
    assert post.more


@pytest.mark.parametrize("waiting", [0, 1])
def test_rows_that_are_not_wanted_do_not_come_back_but_it_is_said_that_they_wait(store: Store, waiting: int):
    cycle = started(store)
    store.receive(cycle, [answer(n) for n in range(waiting)], NOON)
    post = store.keep(record(cycle, collect=False), NOON)
    assert post.rows == ()
    assert post.more is bool(waiting)


def test_decided_rows_get_their_outcomes(store: Store):
    cycle = started(store)
    store.receive(cycle, [answer(n) for n in (1, 2, 3, 4)], NOON)
    no = Refused(number=2, name="AlreadyRegistered", facts={"person": "p_1", "state": "confirmed"})
    post = store.keep(record(cycle, [registered(1), registered(3)], decided_to=3, refused=[no]), after(hours=1))
    found = [store.outcome(cycle, n) for n in (1, 2, 3, 4)]
    assert [f and (f.state, f.name) for f in found] == [
        ("accepted", ""), ("refused", "AlreadyRegistered"), ("accepted", ""), ("received", ""),
    ]  # fmt: skip
    assert found[1] is not None
    assert found[1].facts == {"person": "p_1", "state": "confirmed"}
    assert found[1].decided_at == after(hours=1)
    assert [r.number for r in post.rows] == [4]
    assert store.undecided() == [(cycle, 4)]
    assert store.outcome(cycle, 9) is None


def test_rows_are_decided_also_when_nothing_followed_from_them(store: Store):
    cycle = started(store)
    store.receive(cycle, [answer(1)], NOON)
    store.keep(record(cycle, decided_to=1, refused=[Refused(number=1, name="RegistrationNotOpen")]), NOON)
    assert store.undecided() == []


def test_where_the_cycle_stands_is_shown(store: Store):
    cycle = started(store)
    standing = Standing(step="visits", registered=12, next_due=after(days=2))
    store.keep(record(cycle, [opened()], standing=standing), NOON)
    row = store.cycle(cycle)
    assert (row.step, row.phase, row.registered, row.next_due) == ("visits", "running", 12, after(days=2))


@pytest.mark.parametrize(
    ("end", "phase"),
    [(CycleFinished(at=NOON, actor="time"), "finished"), (CycleCancelled(at=NOON, actor="s_1"), "cancelled")],
)
def test_an_end_is_an_end_whatever_is_recorded_after_it(store: Store, end: Any, phase: str):
    cycle = started(store)
    store.keep(record(cycle, [end]), NOON)
    store.keep(record(cycle, at=1), after(days=1))
    row = store.cycle(cycle)
    assert (row.phase, row.ended_at) == (phase, NOON)


def test_keeping_again_adds_nothing(store: Store):
    cycle = started(store)
    store.receive(cycle, [answer(n) for n in (1, 2, 3)], NOON)
    first = record(cycle, [opened(), registered(1), registered(2)], mail("p_1", "p_2"), decided_to=2)
    post = store.keep(first, NOON)
    before = census(store)
    assert store.keep(first, after(hours=1)) == post
    assert census(store) == before
    store.keep(record(cycle, [registered(3)], mail("p_3"), at=3, decided_to=3), NOON)
    before = census(store)
    assert store.keep(first, after(hours=2)).rows == ()
    assert census(store) == before


@pytest.mark.parametrize("at", [1, 3])
def test_a_gap_is_refused_with_both_numbers(store: Store, at: int):
    cycle = started(store)
    store.keep(record(cycle, [opened(), registered(1)]), NOON)
    before = census(store)
    with pytest.raises(JournalGap, match=f"holds 2 events; 2 that follow event {at}"):
        store.keep(record(cycle, [registered(2), registered(3)], mail("p_2"), at=at), NOON)
    assert census(store) == before


def test_other_events_at_positions_that_are_taken_are_refused(store: Store):
    cycle = started(store)
    store.keep(record(cycle, [opened(), registered(1)]), NOON)
    with pytest.raises(JournalDiffers, match="another event 2"):
        store.keep(record(cycle, [opened(), registered(2)]), NOON)


def test_an_unknown_cycle_keeps_nothing(store: Store):
    with pytest.raises(NoSuchCycle):
        store.keep(record("cycle-x", [opened()]), NOON)


class Stop(Exception):
    """What breaks a transaction in these tests."""


@contextmanager
def breaking(store: Store, statement: int) -> Iterator[list[str]]:
    """Lets the transaction fail before its n-th statement; gives the statements that ran."""
    ran: list[str] = []

    def before(_connection: object, _cursor: object, sql: str, *_: object) -> None:
        if len(ran) == statement:
            raise Stop
        ran.append(sql)

    event.listen(store._engine, "before_cursor_execute", before)
    try:
        yield ran
    finally:
        event.remove(store._engine, "before_cursor_execute", before)


def everything(cycle: str) -> Any:
    """A record that touches every table that keeping touches."""
    no = Refused(number=2, name="AlreadyRegistered")
    mails = (mail("p_1"), mail("p_2", kind="place_waiting"))
    return record(cycle, [opened(), registered(1), registered(3)], *mails, decided_to=3, refused=[no])


def test_a_keep_that_breaks_anywhere_leaves_nothing_half(store: Store):
    cycle = started(store)
    store.receive(cycle, [answer(n) for n in (1, 2, 3)], NOON)
    before, broken = census(store), 0
    for statement in range(100):
        with breaking(store, statement) as ran:
            try:
                store.keep(everything(cycle), NOON)
            except Stop:
                broken += 1
            else:
                break
        assert census(store) == before, ran
    assert broken >= 7
    assert store.cycle(cycle).length == 3
    assert store.undecided() == []


@pytest.mark.parametrize("statement", [3, 6])
def test_a_keep_whose_process_is_killed_leaves_nothing_half_and_can_be_tried_again(
    store: Store, url: str, statement: int
):
    cycle = started(store)
    store.receive(cycle, [answer(n) for n in (1, 2, 3)], NOON)
    before = census(store)
    program = [sys.executable, "-m", "tests.store.killed", url, cycle, str(statement)]
    done = subprocess.run(program, cwd=ROOT, capture_output=True, text=True, check=False)
    assert done.returncode == -9, done.stderr
    assert census(store) == before
    store.keep(everything(cycle), NOON)
    assert store.cycle(cycle).length == 3
    assert len(store.letters(cycle)) == 2
