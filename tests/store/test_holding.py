from __future__ import annotations

import hashlib
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import update

from exchange.correspondence import Mail
from exchange.record import Preparation
from store.delivery import try_failed_again
from store.faults import NoSuchCycle
from store.models import OutboxRow, Rendered
from store.schema import outbox
from store.sealed import NOT_APPROVED, digest_of
from store.store import Store
from tests.store.batches import BATCH, preparation, states
from tests.store.builders import NOON, after, approved, invitation, mail, opened, record, rendering, started

# -------------------------------------------------------------------------------------------------------------- holding


def test_letters_are_rendered_and_held_under_one_digest(store: Store):
    cycle = started(store)
    ready = store.hold(preparation(cycle, invitation("p_anna", "p_bo")), rendering, NOON)
    rows = store.held(cycle, BATCH)
    assert (ready.letters, ready.languages) == (2, ("en", "fi"))
    assert [(row.to_ref, row.state, row.subject, row.language) for row in rows] == [
        ("p_anna", "held", "Invitation", "fi"), ("p_bo", "held", "Invitation", "en"),
    ]  # fmt: skip
    assert rows[0].data is not None
    assert rows[0].message_id.encode() in rows[0].data
    assert all(row.data is not None and row.digest == hashlib.sha256(row.data).hexdigest() for row in rows)
    assert ready.digest == digest_of((row.key, row.digest) for row in rows) == store.batch_digest(cycle, BATCH)


def test_the_digest_does_not_depend_on_the_order_and_depends_on_every_letter():
    one, two = ("a", "1"), ("b", "2")
    assert digest_of([one, two]) == digest_of([two, one])
    assert len({digest_of(x) for x in ([one, two], [one], [two], [("a", "2"), ("b", "1")], [])}) == 5


def test_holding_the_same_again_changes_nothing(store: Store):
    cycle = started(store)
    mails = (invitation("p_anna", "p_bo", "p_gone"),)
    ready = store.hold(preparation(cycle, *mails), lambda row: None if row.to_ref == "p_gone" else rendering(row), NOON)
    before = store.held(cycle, BATCH)

    def never(row: OutboxRow) -> Rendered:
        raise AssertionError(row)

    assert store.hold(preparation(cycle, *mails), never, after(hours=1)) == ready
    assert store.held(cycle, BATCH) == before


def test_other_letters_under_the_same_batch_take_the_place_of_the_earlier(store: Store):
    cycle = started(store)
    first = store.hold(preparation(cycle, invitation("p_anna", "p_bo")), rendering, NOON)
    second = store.hold(preparation(cycle, invitation("p_anna")), rendering, NOON)
    assert first.digest != second.digest
    assert states(store, cycle) == [("p_anna", "held")]
    assert store.batch_digest(cycle, BATCH) == second.digest


def test_a_preparation_that_comes_again_after_the_release_changes_nothing(store: Store):
    cycle = started(store)
    ready = store.hold(preparation(cycle, invitation("p_anna", "p_bo")), rendering, NOON)
    store.keep(record(cycle, [approved(ready.digest)], invitation("p_anna", op="release")), NOON)
    store.hold(preparation(cycle, invitation("p_anna", "p_new")), rendering, NOON)
    assert states(store, cycle) == [("p_anna", "queued"), ("p_bo", "held")]


def test_who_cannot_be_written_to_is_left_out_of_what_is_approved(store: Store):
    cycle = started(store)
    prepared = preparation(cycle, invitation("p_anna", "p_gone"))
    ready = store.hold(prepared, lambda row: None if row.to_ref == "p_gone" else rendering(row), NOON)
    assert ready.letters == 1
    assert states(store, cycle) == [("p_anna", "held"), ("p_gone", "dropped")]
    assert store.batch_digest(cycle, BATCH) == ready.digest


def test_a_letter_that_cannot_be_rendered_leaves_nothing_held(store: Store):
    cycle = started(store)

    def failing(row: OutboxRow) -> Rendered:
        if row.to_ref == "p_bo":
            raise RuntimeError("no template")
        return rendering(row)

    with pytest.raises(RuntimeError, match="no template"):
        store.hold(preparation(cycle, invitation("p_anna", "p_bo")), failing, NOON)
    assert store.letters(cycle) == []


def test_others_can_write_while_letters_are_rendered(store: Store):
    cycle = started(store)

    def writing(row: OutboxRow) -> Rendered:
        store.put_setting(row.to_ref, True, "s_1")
        return rendering(row)

    assert store.hold(preparation(cycle, invitation("p_anna")), writing, NOON).letters == 1


def test_a_step_without_letters_is_ready_too(store: Store):
    cycle = started(store)
    ready = store.hold(preparation(cycle), rendering, NOON)
    assert (ready.letters, ready.languages, ready.digest) == (0, (), digest_of([]))


def test_an_unknown_cycle_holds_nothing(store: Store):
    with pytest.raises(NoSuchCycle):
        store.hold(preparation("cycle-x", invitation("p_anna")), rendering, NOON)


# ------------------------------------------------------------------------------------------------------------ releasing


def test_what_is_released_is_byte_for_byte_what_was_held(store: Store):
    cycle = started(store)
    ready = store.hold(preparation(cycle, invitation("p_anna", "p_bo")), rendering, NOON)
    before = {row.to_ref: (row.data, row.message_id) for row in store.held(cycle, BATCH)}
    store.keep(record(cycle, [approved(ready.digest)], invitation("p_anna", "p_bo", op="release")), after(hours=1))
    freed = [store.letter(row.id) for row in store.letters(cycle)]
    assert {row.to_ref: (row.data, row.message_id) for row in freed if row} == before
    assert {(row.state, row.not_before) for row in freed if row} == {("queued", after(hours=1))}


def test_only_those_named_are_released_and_one_for_whom_none_was_held_gets_a_new_letter(store: Store):
    cycle = started(store)
    ready = store.hold(preparation(cycle, invitation("p_anna", "p_bo")), rendering, NOON)
    store.keep(record(cycle, [approved(ready.digest)], invitation("p_anna", "p_late", op="release")), NOON)
    assert states(store, cycle) == [("p_anna", "queued"), ("p_bo", "held"), ("p_late", "queued")]


def test_what_rests_leaves_when_its_time_comes_and_word_of_a_new_deadline_after_it(store: Store):
    cycle, asked = started(store), {"kind": "nomination_invitation", "host": "gusev"}
    ready = store.hold(preparation(cycle, invitation("p_gusev", **asked)), rendering, NOON)
    freed = invitation("p_gusev", "p_late", op="release", rest=timedelta(days=5), **asked)
    store.keep(record(cycle, [approved(ready.digest)], freed), NOON)
    moved = mail("p_gusev", kind="nomination_moved", host="gusev", mark="7", instead=True)
    store.keep(record(cycle, [opened()], moved, at=1), after(days=2))
    assert store.claim(after(days=4), 10, timedelta(minutes=2)) == []
    assert store.next_delivery_at() == after(days=5)
    opens = store.claim(after(days=5), 10, timedelta(minutes=2))
    assert sorted((row.kind, row.to_ref) for row in opens) == [
        ("nomination_invitation", "p_gusev"), ("nomination_invitation", "p_late"),
    ]  # fmt: skip


def test_a_host_is_released_for_its_own_slot_only(store: Store):
    cycle = started(store)

    def request(op: str, slot: str, host: str) -> Mail:
        about = {"op": op, "kind": "host_request", "to": ("p_host",), "step": "visits", "batch": "visits/1"}
        return Mail.model_validate({**about, "slot": slot, "host": host})

    requests = request("hold", "a", "oulu"), request("hold", "b", "oulu")
    ready = store.hold(Preparation(cycle=cycle, step="visits", revision=1, mails=requests), rendering, NOON)
    store.keep(record(cycle, [approved(ready.digest, "visits")], request("release", "b", "oulu")), NOON)
    assert [(row.slot, row.state) for row in store.letters(cycle)] == [("a", "held"), ("b", "queued")]


def test_dropping_a_batch_leaves_other_batches_and_what_was_released(store: Store):
    cycle = started(store)
    ready = store.hold(preparation(cycle, invitation("p_anna", "p_bo")), rendering, NOON)
    store.hold(preparation(cycle, invitation("p_anna", batch="other/1")), rendering, NOON)
    freed = invitation("p_anna", op="release")
    store.keep(record(cycle, [approved(ready.digest)], freed, Mail(op="drop", batch=BATCH)), NOON)
    assert [(row.batch, row.to_ref, row.state) for row in store.letters(cycle)] == [
        (BATCH, "p_anna", "queued"), (BATCH, "p_bo", "dropped"), ("other/1", "p_anna", "held"),
    ]  # fmt: skip
    gone = store.letter(store.letters(cycle, "dropped")[0].id)
    assert gone is not None
    assert gone.data is None


def test_dropping_everything_drops_all_that_the_cycle_holds(store: Store):
    first, second = started(store), started(store)
    for cycle in (first, second):
        store.hold(preparation(cycle, invitation("p_anna"), invitation("p_anna", batch="other/1")), rendering, NOON)
    store.keep(record(first, [opened()], Mail(op="drop")), NOON)
    assert {row.state for row in store.letters(first)} == {"dropped"}
    assert {row.state for row in store.letters(second)} == {"held"}


@pytest.mark.parametrize("drop", [Mail(op="drop", batch=BATCH), None])
def test_what_was_dropped_stays_dropped_and_keeps_nobody_else_from_their_letter(store: Store, drop: Mail | None):
    cycle = started(store)
    ready = store.hold(preparation(cycle, invitation("p_anna", "p_bo")), rendering, NOON)
    if drop is None:  # as erasure does: the bytes of one letter go, its digest stays
        gone = {"state": "dropped", "data": None, "subject": ""}
        change(store, cycle, "p_anna", **gone)
    else:
        store.keep(record(cycle, [opened()], drop), NOON)
    at = 0 if drop is None else 1
    freed = invitation("p_anna", "p_bo", op="release")
    store.keep(record(cycle, [approved(ready.digest)], freed, at=at), NOON)
    assert states(store, cycle) == [("p_anna", "dropped"), ("p_bo", "dropped" if drop else "queued")]
    assert store.batch_digest(cycle, BATCH) == ready.digest


# --------------------------------------------------------------------------------------------- what is not what it was


def change(store: Store, cycle: str, to: str, **values: Any) -> None:
    """Changes a letter behind the record's back."""
    with store.writing() as connection:
        mine = (outbox.c.cycle == cycle, outbox.c.to_ref == to)
        connection.execute(update(outbox).where(*mine).values(**values))


@pytest.mark.parametrize(
    "tampered",
    [
        {"data": b"Pay here"},
        {"data": b"Pay here", "digest": hashlib.sha256(b"Pay here").hexdigest()},
        {"key": "invitation:invitations::::p_other@invitations/1"},
    ],
)
def test_nothing_leaves_that_is_not_what_was_approved_and_staff_are_told(store: Store, tampered: dict[str, Any]):
    cycle = started(store)
    ready = store.hold(preparation(cycle, invitation("p_anna", "p_bo")), rendering, NOON)
    change(store, cycle, "p_anna", **tampered)
    happened = [approved(ready.digest)]
    store.keep(record(cycle, happened, invitation("p_anna", "p_bo", op="release")), NOON)
    assert states(store, cycle) == [("p_anna", "failed"), ("p_bo", "failed")]
    assert {row.last_error for row in store.letters(cycle)} == {NOT_APPROVED}
    assert store.claim(after(hours=1), 10, timedelta(minutes=1)) == []
    (note,) = store.waiting(cycle, 10).rows
    assert (note.actor, note.data) == ("post-office", {"kind": "NoteFailedLetters", "count": 2})


def test_a_letter_that_was_put_among_the_approved_is_not_sent(store: Store):
    cycle = started(store)
    ready = store.hold(preparation(cycle, invitation("p_anna")), rendering, NOON)
    store.hold(preparation(cycle, invitation("p_anna", "p_bo")), rendering, NOON)
    store.keep(record(cycle, [approved(ready.digest)], invitation("p_anna", "p_bo", op="release")), NOON)
    assert states(store, cycle) == [("p_anna", "failed"), ("p_bo", "failed")]


def test_whoever_joined_since_is_stopped_with_the_others_and_goes_with_them(store: Store):
    cycle = started(store)
    ready = store.hold(preparation(cycle, invitation("p_anna")), rendering, NOON)
    (row,) = store.held(cycle, BATCH)
    change(store, cycle, "p_anna", data=b"Pay here")
    store.keep(record(cycle, [approved(ready.digest)], invitation("p_anna", "p_late", op="release")), NOON)
    assert states(store, cycle) == [("p_anna", "failed"), ("p_late", "failed")]
    change(store, cycle, "p_anna", data=row.data)
    with store.writing() as connection:
        assert try_failed_again(connection, cycle, NOON) == 2
    assert states(store, cycle) == [("p_anna", "queued"), ("p_late", "queued")]


def test_nothing_that_was_held_leaves_without_an_approval(store: Store):
    cycle = started(store)
    store.hold(preparation(cycle, invitation("p_anna")), rendering, NOON)
    store.keep(record(cycle, [opened()], invitation("p_anna", op="release")), NOON)
    assert states(store, cycle) == [("p_anna", "failed")]


def test_an_approval_names_the_bytes_that_lie_there_now(store: Store):
    cycle = started(store)
    ready = store.hold(preparation(cycle, invitation("p_anna")), rendering, NOON)
    change(store, cycle, "p_anna", data=b"Pay here")
    assert store.batch_digest(cycle, BATCH) != ready.digest


def test_a_stopped_letter_goes_only_once_it_is_again_what_was_approved(store: Store):
    cycle = started(store)
    ready = store.hold(preparation(cycle, invitation("p_anna")), rendering, NOON)
    (row,) = store.held(cycle, BATCH)
    change(store, cycle, "p_anna", data=b"Pay here")
    store.keep(record(cycle, [approved(ready.digest)], invitation("p_anna", op="release")), NOON)
    with store.writing() as connection:
        assert try_failed_again(connection, cycle, NOON) == 0
    assert states(store, cycle) == [("p_anna", "failed")]
    change(store, cycle, "p_anna", data=row.data)
    with store.writing() as connection:
        assert try_failed_again(connection, cycle, NOON) == 1
    assert states(store, cycle) == [("p_anna", "queued")]


def test_a_rejected_revision_and_the_next_are_told_apart(store: Store):
    cycle = started(store)
    first = store.hold(preparation(cycle, invitation("p_anna")), rendering, NOON)
    store.keep(record(cycle, [opened()], Mail(op="drop", batch=BATCH)), NOON)
    second = store.hold(preparation(cycle, invitation("p_anna", batch="invitations/2")), rendering, NOON)
    freed = invitation("p_anna", op="release", batch="invitations/2")
    store.keep(record(cycle, [approved(second.digest, revision=2)], freed, at=1), NOON)
    assert first.digest != second.digest
    assert [(row.batch, row.state) for row in store.letters(cycle)] == [(BATCH, "dropped"), ("invitations/2", "queued")]
