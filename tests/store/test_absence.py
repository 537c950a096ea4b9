"""Twelve days off: what should have left meanwhile is shown, and leaves only when somebody says so."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from exchange.cancelling import CycleCancelled
from exchange.cycle import begin
from exchange.mail import Mail
from exchange.plan import CyclePlan, Invitations
from exchange.record import Ready, Standing
from store.absence import CANCELLED, NEWER
from store.faults import NoSuchCycle
from store.models import OutboxRow
from store.store import Store
from tests.store.builders import NOON, after, mail, opened, plan, record, registered, rendering, started, when
from workflows.ledger import Ledger

LEASE = timedelta(minutes=2)
BACK = after(days=12)
STAFF = "s_1"


def queued(store: Store, *mails: Mail, at: datetime = NOON, **changes: Any) -> str:
    """A cycle that has just ordered these letters, with the post office at its place."""
    cycle = started(store, **changes)
    store.awake(at)
    store.keep(record(cycle, [opened()], *(mails or (mail("p_1", "p_2"),))), at)
    return cycle


def reminder(*to: str, **changes: Any) -> Mail:
    return mail(*to, kind="invitation_reminder", step="invitations", **changes)


def states(store: Store, cycle: str) -> list[str]:
    return [row.state for row in store.letters(cycle)]


def leaves(store: Store, now: datetime) -> list[OutboxRow]:
    """What a round of the post office sends."""
    store.awake(now)
    rows = store.claim(now, 50, LEASE)
    for row in rows:
        ready = store.rendered(row, rendering(row))
        assert store.began_data(ready, now)
        assert store.delivered(ready, now) == "sent"
    return rows


# --------------------------------------------------------------------------------------------- what waited all the time


def test_after_twelve_days_nothing_that_waited_leaves_and_all_of_it_is_shown(store: Store):
    cycle = queued(store)
    assert store.awake(BACK) == 2
    assert store.claim(BACK, 10, LEASE) == []
    assert store.next_delivery_at() is None
    (late,) = store.overdue()
    assert (late.cycle, late.count, late.since) == (cycle, 2, NOON)
    assert [row.state for row in store.letters(cycle, "overdue")] == ["overdue", "overdue"]


def test_sent_after_all_it_is_the_same_letter_and_leaves_once(store: Store):
    cycle = queued(store)
    before = {row.to_ref: row.message_id for row in store.letters(cycle)}
    store.awake(BACK)
    one, other = store.letters(cycle)
    assert store.release_overdue(cycle, [one.id], STAFF, BACK) == [one.id]
    assert {row.to_ref: row.message_id for row in leaves(store, BACK)} == {"p_1": before["p_1"]}
    assert states(store, cycle) == ["sent", "overdue"]
    assert store.release_overdue(cycle, [one.id, other.id], STAFF, BACK) == [other.id]
    assert {row.to_ref: row.message_id for row in leaves(store, BACK)} == {"p_2": before["p_2"]}
    assert leaves(store, BACK + timedelta(days=1)) == []
    assert store.overdue() == []


def test_dropped_it_never_leaves_and_says_by_whom_and_why(store: Store):
    cycle = queued(store)
    store.awake(BACK)
    numbers = [row.id for row in store.letters(cycle)]
    assert store.drop_overdue(cycle, numbers, STAFF, "n_over", BACK) == numbers
    assert leaves(store, after(days=13)) == []
    row = store.letters(cycle)[0]
    assert (row.state, row.settled_by, row.settled_at) == ("dropped", STAFF, BACK)
    assert store.release_overdue(cycle, numbers, STAFF, BACK) == []
    with pytest.raises(NoSuchCycle):
        store.drop_overdue("cycle-nowhere", numbers, STAFF, "n_over", BACK)


def test_what_is_ordered_again_makes_no_second_letter(store: Store):
    cycle = queued(store)
    store.awake(BACK)
    store.keep(record(cycle, [registered(1)], mail("p_1", "p_2"), at=1), BACK)
    assert states(store, cycle) == ["overdue", "overdue"]


@pytest.mark.parametrize("hours", [1, 23.9])
def test_a_day_off_holds_nothing_back(store: Store, hours: float):
    queued(store)
    assert store.awake(after(hours=hours)) == 0
    assert len(leaves(store, after(hours=hours))) == 2


def test_what_has_waited_for_less_than_a_day_leaves(store: Store):
    cycle = queued(store, mail("p_1"))
    store.keep(record(cycle, [registered(1)], mail("p_2"), at=1), after(days=11.5))
    assert [row.to_ref for row in leaves(store, BACK)] == ["p_2"]
    assert states(store, cycle) == ["overdue", "sent"]


def test_what_waits_for_long_while_the_post_office_is_there_is_not_overdue(store: Store):
    """It waits for go-live, or its cycle stands still."""
    queued(store)
    for hour in range(0, 24 * 12, 12):
        assert store.awake(after(hours=hour)) == 0
    assert len(leaves(store, BACK)) == 2


def test_what_a_sender_died_over_is_overdue_too(store: Store):
    cycle = queued(store, mail("p_1"))
    (row,) = store.claim(NOON, 1, LEASE)
    assert store.began_data(store.rendered(row, rendering(row)), NOON)
    assert store.awake(BACK) == 1
    (found,) = store.letters(cycle)
    assert (found.state, found.claimed_until, found.maybe_delivered) == ("overdue", None, 1)


@pytest.mark.parametrize("kind", ["place_confirmed", "decision_waiting"])
def test_what_may_have_been_delivered_three_times_is_suspect_and_never_overdue(store: Store, kind: str):
    """Otherwise `send` would make it leave once more, which it never may: it would be tried for ever."""
    cycle = queued(store, mail("p_1", kind=kind))
    for hour in range(3):
        (row,) = store.claim(after(hours=hour), 1, LEASE)
        assert store.began_data(store.rendered(row, rendering(row)), after(hours=hour))
    assert store.awake(BACK) == 0
    (found,) = store.letters(cycle)
    assert (found.state, found.claimed_until, found.maybe_delivered) == ("suspect", None, 3)
    assert store.overdue() == []
    assert [(lost.state, lost.count) for lost in store.troubles()] == [("suspect", 1)]
    assert [row.actor for row in store.waiting(cycle, 10).rows] == ["post-office"]


def test_a_copy_sent_after_an_absence_counts_with_those_before(store: Store):
    cycle = queued(store, mail("p_1"))
    for hour in range(2):
        (row,) = store.claim(after(hours=hour), 1, LEASE)
        assert store.began_data(store.rendered(row, rendering(row)), after(hours=hour))
    assert store.awake(BACK) == 1
    store.release_overdue(cycle, [row.id], STAFF, BACK)
    soon = BACK + LEASE
    (row,) = store.claim(soon, 1, LEASE)
    assert store.began_data(row, soon)
    assert store.claim(soon + 2 * LEASE, 1, LEASE) == []
    assert [(row.state, row.maybe_delivered) for row in store.letters(cycle)] == [("suspect", 3)]


def test_staff_are_told_at_once(store: Store):
    queued(store, mail("s_1", kind="decision_waiting"))
    assert [row.kind for row in leaves(store, BACK)] == ["decision_waiting"]


def test_practice_knows_no_absence(store: Store):
    queued(store, practice=True)
    assert len(leaves(store, BACK)) == 2


def test_a_new_installation_has_not_been_away(store: Store):
    cycle = started(store)
    store.keep(record(cycle, [opened()], mail("p_1")), NOON)
    assert len(leaves(store, BACK)) == 1


def test_the_second_absence_is_told_from_the_first(store: Store):
    cycle = queued(store, mail("p_1"), mail("p_2"))
    store.awake(BACK)
    one, other = store.letters(cycle)
    store.release_overdue(cycle, [one.id], STAFF, BACK)
    assert store.awake(after(days=24)) == 1, "released, and it had not left when everything stopped again"
    assert states(store, cycle) == ["overdue", "overdue"]
    numbers = [one.id, other.id]
    assert store.release_overdue(cycle, numbers, STAFF, after(days=24)) == numbers
    assert len(leaves(store, after(days=24))) == 2
    assert store.awake(after(days=40)) == 0


def test_cancelling_drops_what_is_overdue_but_not_what_takes_something_back(store: Store):
    cycle = queued(store, mail("p_1"), mail("p_2", kind="visit_cancelled"))
    store.awake(BACK)
    ended = CycleCancelled(at=BACK, actor=STAFF)
    store.keep(record(cycle, [ended], at=1, standing=Standing(phase="cancelled")), BACK)
    assert states(store, cycle) == ["dropped", "overdue"]
    assert store.letters(cycle)[0].last_error == CANCELLED


def test_a_newer_letter_takes_the_place_of_an_overdue_one(store: Store):
    cycle = queued(store, mail("p_1", kind="seminar_changed", instead=True, mark="1"))
    store.awake(BACK)
    newer = mail("p_1", kind="seminar_changed", instead=True, mark="2")
    store.keep(record(cycle, [registered(1)], newer, at=1), BACK)
    assert states(store, cycle) == ["dropped", "queued"]


# ----------------------------------------------------------------------------------------------------------- reminders


def test_of_the_reminders_of_a_kind_to_one_person_the_newest_is_kept(store: Store):
    first, second = reminder("p_1", "p_2", mark="1"), reminder("p_1", mark="2")
    cycle = queued(store, first, second, reminder("p_1", mark="2", slot="other"))
    store.awake(BACK)
    kept = [(row.to_ref, row.mark, row.slot) for row in store.letters(cycle, "overdue")]
    assert kept == [("p_2", "1", ""), ("p_1", "2", ""), ("p_1", "2", "other")]
    assert {row.last_error for row in store.letters(cycle, "dropped")} == {NEWER}


def test_an_overdue_reminder_is_not_sent_where_a_newer_one_has_left(store: Store):
    cycle = queued(store, reminder("p_1", mark="1"))
    store.awake(BACK)
    store.keep(record(cycle, [registered(1)], reminder("p_1", mark="2"), at=1), BACK)
    assert [row.mark for row in leaves(store, BACK)] == ["2"]
    older = store.letters(cycle)[0]
    assert store.release_overdue(cycle, [older.id], STAFF, BACK) == []
    assert states(store, cycle) == ["dropped", "sent"]


# ------------------------------------------------------------------------------------------ what time asks for too late


def reminding(*days: float) -> CyclePlan:
    """Invitations that nobody has to approve, and reminders on those days."""
    first, *rest = plan().steps
    assert isinstance(first, Invitations)
    changed = first.model_copy(update={"remind": tuple(when(day) for day in days)})
    return plan(steps=(changed, *rest))


def catch_up(store: Store, ledger: Ledger, now: datetime) -> None:
    """What the cycle's workflow does when it wakes: whatever is due is decided now, and kept."""
    while True:
        if step := ledger.preparing():
            ledger.prepared(step, ledger.cycle.approving(step).revision, Ready(digest="d", letters=2), now)
        elif (entry := next(iter(ledger.due()), None)) is not None and entry.at <= now:
            ledger.time(entry, now)
        else:
            break
    done = ledger.record()
    store.keep(done, now)
    ledger.was_recorded(done)


def running(store: Store, wanted: CyclePlan) -> Ledger:
    store.start_cycle(wanted, [], [], NOON)
    return Ledger(begin(wanted))


def test_what_time_asked_for_in_the_absence_waits_and_its_hour_is_the_one_it_had(store: Store):
    ledger = running(store, reminding())
    store.awake(after(hours=-1))
    catch_up(store, ledger, after(days=12))
    cycle = ledger.cycle.plan.id
    found = [(row.kind, row.to_ref, row.not_before) for row in store.letters(cycle, "overdue")]
    invited = [("invitation", "p_anna", NOON), ("invitation", "p_bo", NOON)]
    assert found == [*invited, ("host_request", "p_host", after(days=2))]
    assert leaves(store, after(days=12)) == []


def test_what_comes_in_its_time_bears_no_hour_and_leaves(store: Store):
    ledger = running(store, reminding())
    store.awake(NOON)
    ledger.time(ledger.due()[0], NOON)
    ledger.prepared("invitations", 1, Ready(digest="d", letters=2), NOON)
    assert all("hour" not in sent.model_fields_set for sent in ledger.record().mails)
    catch_up(store, ledger, NOON)
    assert [row.kind for row in leaves(store, NOON)] == ["invitation", "invitation"]


def test_what_is_late_for_another_reason_than_an_absence_leaves(store: Store):
    """A standstill, say: the post office was there all the time."""
    ledger = running(store, reminding())
    for day in range(13):
        store.awake(after(days=day))
    catch_up(store, ledger, after(days=12))
    assert store.overdue() == []
    assert len(leaves(store, after(days=12))) == 3


def test_reminders_of_twelve_days_do_not_burst(store: Store):
    ledger = running(store, reminding(4, 6, 8))
    catch_up(store, ledger, after(days=3))
    cycle = ledger.cycle.plan.id
    assert len(leaves(store, after(days=3))) == 3
    catch_up(store, ledger, after(days=12))
    found = [(row.kind, row.to_ref, row.not_before) for row in store.letters(cycle, "overdue")]
    kept = [("invitation_reminder", "p_anna", after(days=8)), ("invitation_reminder", "p_bo", after(days=8))]
    assert [line for line in found if line[0] == "invitation_reminder"] == kept
    assert leaves(store, after(days=12)) == []


def test_a_reminder_of_this_morning_leaves_and_stands_for_the_overdue_ones(store: Store):
    ledger = running(store, reminding(4, 11.5))
    catch_up(store, ledger, after(days=3))
    leaves(store, after(days=3))
    catch_up(store, ledger, after(days=12))
    assert [(row.kind, row.mark) for row in leaves(store, after(days=12))] == [
        ("invitation_reminder", "2"), ("invitation_reminder", "2"),
    ]  # fmt: skip
    assert "invitation_reminder" not in {row.kind for row in store.letters(ledger.cycle.plan.id, "overdue")}


def test_a_look_in_between_two_absences_does_not_let_the_first_be_forgotten(store: Store):
    ledger = running(store, reminding())
    store.awake(after(hours=-1))
    store.awake(after(days=6))  # for minutes only; the cycle has not caught up
    catch_up(store, ledger, after(days=12))
    assert len(store.letters(ledger.cycle.plan.id, "overdue")) == 3
