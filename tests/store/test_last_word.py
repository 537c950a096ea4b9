"""Word of a moved deadline is the last word: it waits while the invitation that names the old one has not left."""

from __future__ import annotations

from datetime import datetime, timedelta

from exchange.mail import Mail
from store.models import OutboxRow
from store.store import Store
from tests.store.builders import NOON, after, mail, opened, record, registered, rendering, started

LEASE = timedelta(minutes=2)
AUGUST = after(days=31)


def moved(*to: str, number: int = 7) -> Mail:
    return mail(*to, kind="deadline_moved", mark=str(number), instead=True)


def invited(store: Store, *to: str) -> str:
    """A cycle whose invitations wait for the end of quiet weeks."""
    cycle = started(store)
    store.keep(record(cycle, [opened()], mail(*to, kind="invitation", step="invitations")), NOON)
    for row in store.claim(NOON, 10, LEASE):
        assert store.postponed(row, AUGUST) == "queued"
    return cycle


def tried(store: Store, now: datetime) -> list[OutboxRow]:
    """What a round of the post office tries; the invitations wait for August."""
    left = []
    for row in store.claim(now, 10, LEASE):
        if row.kind == "invitation" and now < AUGUST:
            store.postponed(row, AUGUST)
            continue
        ready = store.rendered(row, rendering(row))
        assert store.began_data(ready, now)
        assert store.delivered(ready, now) == "sent"
        left.append(row)
    return left


def test_it_leaves_after_the_invitation_and_not_before(store: Store):
    cycle = invited(store, "p_1")
    store.keep(record(cycle, [registered(9)], moved("p_1", "p_2"), at=1), after(days=2))
    assert [(row.kind, row.to_ref) for row in tried(store, after(days=2))] == [("deadline_moved", "p_2")]
    assert tried(store, after(days=3)) == []
    assert store.next_delivery_at() == AUGUST
    assert [row.kind for row in tried(store, AUGUST)] == ["invitation"]
    assert [row.kind for row in tried(store, AUGUST)] == ["deadline_moved"]


def test_it_waits_while_the_invitation_is_handed_over(store: Store):
    cycle = invited(store, "p_1")
    (row,) = store.claim(AUGUST, 10, LEASE)
    store.keep(record(cycle, [registered(9)], moved("p_1"), at=1), AUGUST)
    assert store.claim(AUGUST, 10, LEASE) == []
    assert store.next_delivery_at() == AUGUST + LEASE
    store.suspect(row, "connection lost", AUGUST)
    assert [row.kind for row in tried(store, AUGUST + LEASE)] == ["invitation"]
    assert [row.kind for row in tried(store, AUGUST + LEASE)] == ["deadline_moved"]


def test_it_waits_with_an_invitation_that_is_overdue(store: Store):
    cycle = invited(store, "p_1")
    store.awake(AUGUST)
    store.awake(AUGUST + timedelta(days=12))
    (row,) = store.letters(cycle, "overdue")
    store.keep(record(cycle, [registered(9)], moved("p_1"), at=1), AUGUST + timedelta(days=12))
    assert tried(store, AUGUST + timedelta(days=12)) == []
    store.drop_overdue(cycle, [row.id], "s_1", "")
    assert [row.kind for row in tried(store, AUGUST + timedelta(days=12))] == ["deadline_moved"]


def test_it_does_not_wait_for_an_invitation_that_does_not_leave(store: Store):
    cycle = invited(store, "p_1", "p_2")
    first, second = store.claim(AUGUST, 10, LEASE)
    store.dropped(first, "overtaken")
    store.refused(second, "550")
    store.keep(record(cycle, [registered(9)], moved("p_1", "p_2"), at=1), AUGUST)
    assert [row.kind for row in tried(store, AUGUST)] == ["deadline_moved", "deadline_moved"]


def test_nor_for_that_of_somebody_else_or_of_another_cycle(store: Store):
    invited(store, "p_1")
    cycle = invited(store, "p_2")
    store.keep(record(cycle, [registered(9)], moved("p_1"), at=1), NOON)
    assert [row.kind for row in tried(store, NOON)] == ["deadline_moved"]


def test_the_invitation_is_looked_at_at_once_for_it_may_have_no_time_left_to_wait(store: Store):
    """The deadline has moved to a day before the end of the quiet weeks."""
    cycle = invited(store, "p_1", "p_2")
    store.keep(record(cycle, [registered(9)], moved("p_1"), at=1), after(days=2))
    assert [(row.kind, row.to_ref) for row in store.claim(after(days=2), 10, LEASE)] == [("invitation", "p_1")]


def test_of_two_that_waited_the_newer_leaves(store: Store):
    cycle = invited(store, "p_1")
    store.keep(record(cycle, [registered(9)], moved("p_1"), at=1), after(days=2))
    store.keep(record(cycle, [registered(8)], moved("p_1", number=8), at=2), after(days=3))
    assert [row.kind for row in tried(store, AUGUST)] == ["invitation"]
    assert [row.mark for row in tried(store, AUGUST)] == ["8"]
