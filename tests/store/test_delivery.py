from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest

from exchange.approval import PromptClosed, PromptOpened
from exchange.cancelling import CycleFinished
from exchange.correspondence import Mail
from store.delivery import PAUSES, pause, scrubbed
from store.models import OutboxRow, Rendered
from store.store import Store
from tests.store.builders import NOON, after, mail, opened, record, registered, rendering, started
from tests.store.test_prompts import prompt

LEASE = timedelta(minutes=2)


def queued(store: Store, *mails: Mail) -> str:
    cycle = started(store)
    store.keep(record(cycle, [opened()], *(mails or (mail("p_1"),))), NOON)
    return cycle


def claimed(store: Store, **span: float) -> OutboxRow:
    """The one letter that is to be tried."""
    (row,) = store.claim(after(**span), 10, LEASE)
    return row


def now(store: Store, row: OutboxRow) -> OutboxRow:
    found = store.letter(row.id)
    assert found is not None
    return found


def test_a_letter_is_claimed_once_and_the_longest_waiting_first(store: Store):
    cycle = queued(store, mail("p_1", "p_2"), mail("p_3"))
    store.keep(record(cycle, [registered(1)], mail("p_0"), at=1), after(minutes=-5))
    assert [row.to_ref for row in store.claim(NOON, 3, LEASE)] == ["p_0", "p_1", "p_2"]
    rest = claimed(store)
    assert (rest.to_ref, rest.state, rest.tries, rest.claimed_until) == ("p_3", "sending", 1, NOON + LEASE)
    assert now(store, rest) == rest
    assert store.claim(NOON, 3, LEASE) == []


def test_of_many_senders_one_gets_each_letter(store: Store):
    queued(store, mail(*(f"p_{n}" for n in range(60))))
    with ThreadPoolExecutor(6) as pool:
        parts = list(pool.map(lambda _: store.claim(NOON, 10, LEASE), range(12)))
    refs = [row.to_ref for part in parts for row in part]
    assert len(refs) == len(set(refs)) == 60


def test_the_final_form_is_kept_before_the_first_try_and_stays(store: Store):
    queued(store)
    row = claimed(store)
    first = store.rendered(row, rendering(row))
    again = store.rendered(row, Rendered(data=b"other", subject="Other", language="en"))
    assert first.data == again.data == rendering(row).data
    assert (again.subject, again.state, again.tries) == ("Place_Confirmed", "sending", 1)


def test_a_delivered_letter_is_sent(store: Store):
    queued(store)
    row = claimed(store)
    assert store.began_data(row, NOON)
    assert store.delivered(row, after(seconds=2)) == "sent"
    assert (now(store, row).sent_at, now(store, row).maybe_delivered) == (after(seconds=2), 1)
    assert store.claim(after(days=9), 10, LEASE) == []
    assert store.next_delivery_at() is None


def test_what_the_mail_server_refuses_for_good_has_failed(store: Store):
    queued(store)
    row = claimed(store)
    store.began_data(row, NOON)
    assert store.refused(row, "550 no such user <anna@library.example>") == "failed"
    found = now(store, row)
    assert (found.last_error, found.maybe_delivered) == ("550 no such user …", 0)


def test_what_is_put_off_is_tried_again_after_longer_and_longer_pauses(store: Store):
    queued(store)
    at = NOON
    for expected in (1, 5, 30, 120, 600, 3600, 3600):
        (row,) = store.claim(at, 10, LEASE)
        assert store.began_data(row, at)
        assert store.deferred(row, "451 later", at) == "queued"
        following = store.next_delivery_at()
        assert following == at + timedelta(seconds=expected)
        assert store.claim(following - timedelta(milliseconds=1), 10, LEASE) == []
        at = following
    assert now(store, row).maybe_delivered == 0


def test_what_is_put_off_for_three_days_has_failed(store: Store):
    queued(store)
    row = claimed(store)
    store.deferred(row, "451 later", NOON)
    row = claimed(store, days=3, seconds=1)
    assert store.deferred(row, "451 later", after(days=3, seconds=1)) == "failed"


def test_a_long_sleep_before_the_first_try_does_not_count(store: Store):
    queued(store)
    row = claimed(store, days=12)
    assert store.deferred(row, "no answer", after(days=12)) == "queued"


def test_a_lost_answer_is_tried_again_three_times_in_all_and_then_left_to_people(store: Store):
    queued(store)
    outcomes, at = [], NOON
    for _ in range(3):
        (row,) = store.claim(at, 10, LEASE)
        assert store.began_data(row, at)
        outcomes.append(store.suspect(row, "connection lost", at))
        at = at + timedelta(hours=2)
    assert outcomes == ["queued", "queued", "suspect"]
    assert now(store, row).maybe_delivered == 3
    assert store.claim(at, 10, LEASE) == []


def test_a_lost_answer_counts_also_when_nobody_said_that_the_handing_over_began(store: Store):
    queued(store)
    outcomes = [store.suspect(claimed(store, hours=n), "connection lost", after(hours=n)) for n in range(3)]
    assert outcomes == ["queued", "queued", "suspect"]


def test_a_sender_that_died_after_handing_over_may_have_delivered(store: Store):
    queued(store)
    counts = []
    for hour in range(3):
        row = claimed(store, hours=hour)
        assert store.began_data(row, after(hours=hour))
        counts.append(now(store, row).maybe_delivered)
    assert counts == [1, 2, 3]
    assert store.claim(after(hours=4), 10, LEASE) == []
    assert now(store, row).state == "suspect"


def test_a_sender_that_died_before_handing_over_has_delivered_nothing(store: Store):
    queued(store)
    for hour in range(5):
        row = claimed(store, hours=hour)
    assert (row.maybe_delivered, row.tries) == (0, 5)


def test_whoever_takes_over_waits_for_no_claim_and_the_former_sender_hands_over_nothing_more(store: Store):
    queued(store, mail("p_1", "p_2"))
    first, second = store.claim(NOON, 10, LEASE)
    assert store.began_data(first, NOON)
    store.take_over(after(seconds=10))
    again = store.claim(after(seconds=10), 10, LEASE)
    assert {row.id: (row.tries, row.maybe_delivered) for row in again} == {first.id: (2, 1), second.id: (2, 0)}
    assert not store.began_data(second, after(seconds=11)), "it only slept, and has woken"
    assert store.delivered(first, after(seconds=11)) == "sent"
    assert [store.began_data(row, after(seconds=12)) for row in again] == [row.id == second.id for row in again]


def test_taking_over_gives_no_letter_a_fourth_copy(store: Store):
    queued(store)
    for n in range(3):
        row = claimed(store, seconds=n)
        assert store.began_data(row, after(seconds=n))
        store.take_over(after(seconds=n))
    assert now(store, row).state == "suspect"
    assert store.claim(after(hours=1), 10, LEASE) == []


def test_a_claim_that_ran_out_hands_over_nothing(store: Store):
    queued(store)
    slow = claimed(store)
    assert not store.began_data(slow, NOON + LEASE)
    quick = claimed(store, minutes=3)
    assert not store.began_data(slow, after(minutes=3))
    assert store.began_data(quick, after(minutes=3))
    assert not store.began_data(quick, after(minutes=3))


def test_who_was_too_slow_has_no_say_about_anothers_try(store: Store):
    queued(store)
    slow = claimed(store)
    quick = claimed(store, minutes=3)
    assert store.refused(slow, "550") == "sending"
    assert store.deferred(slow, "451", after(minutes=3)) == "sending"
    assert store.delivered(quick, after(minutes=3)) == "sent"
    assert store.suspect(slow, "lost", after(minutes=3)) == "sent"


def test_a_delivery_counts_whoever_holds_the_claim_by_then(store: Store):
    queued(store)
    slow = claimed(store)
    assert store.began_data(slow, NOON)
    quick = claimed(store, minutes=3)
    assert store.delivered(slow, after(minutes=3)) == "sent"
    assert not store.began_data(quick, after(minutes=3))


def test_a_letter_that_is_to_wait_was_not_tried(store: Store):
    queued(store)
    row = claimed(store)
    assert store.postponed(row, after(hours=9)) == "queued"
    found = now(store, row)
    assert (found.tries, found.not_before) == (0, after(hours=9))
    assert store.next_delivery_at() == after(hours=9)
    assert claimed(store, hours=9).tries == 1


def test_a_letter_to_nobody_is_dropped(store: Store):
    queued(store)
    row = store.rendered(claimed(store), Rendered(data=b"x", subject="x", language="en"))
    assert store.dropped(row, "nobody to send it to") == "dropped"
    assert now(store, row).data is None
    assert store.claim(after(days=1), 10, LEASE) == []


def test_the_next_delivery_is_the_earliest_of_what_waits_and_of_what_may_lapse(store: Store):
    queued(store, mail("p_1", "p_2"))
    assert store.next_delivery_at() == NOON
    store.claim(NOON, 1, LEASE)
    assert store.next_delivery_at() == NOON
    store.claim(NOON, 1, LEASE)
    assert store.next_delivery_at() == NOON + LEASE


# ------------------------------------------------------------------------------------------------- what staff are told


def told(store: Store, cycle: str) -> list[str]:
    """What the post office has put into the cycle's inbox."""
    rows = store.waiting(cycle, 10).rows
    assert all(row.data == {"kind": "NoteFailedLetters", "count": 1} for row in rows)
    return [row.actor for row in rows]


def test_a_failed_letter_is_told_to_its_cycle_once(store: Store):
    cycle = queued(store)
    row = claimed(store)
    assert told(store, cycle) == []
    store.refused(row, "550")
    store.refused(row, "550")
    assert told(store, cycle) == ["post-office"]


def test_a_letter_whose_senders_all_died_is_told_as_well(store: Store):
    cycle = queued(store)
    for hour in range(3):
        assert store.began_data(claimed(store, hours=hour), after(hours=hour))
    assert told(store, cycle) == []
    assert store.claim(after(hours=4), 10, LEASE) == []
    assert store.claim(after(hours=5), 10, LEASE) == []
    assert told(store, cycle) == ["post-office"]


def test_a_letter_that_is_tried_again_is_not_told_before_it_has_failed(store: Store):
    cycle = queued(store)
    store.deferred(claimed(store), "451", NOON)
    store.suspect(claimed(store, hours=1), "lost", after(hours=1))
    assert told(store, cycle) == []


def test_a_letter_that_fails_again_is_told_again(store: Store):
    cycle = queued(store)
    store.refused(claimed(store), "550")
    waits = PromptOpened(at=NOON, actor="time", prompt=prompt("letters-1", about="letters"))
    answered = PromptClosed(at=NOON, actor="s_1", prompt="letters-1", option="again")
    store.keep(record(cycle, [waits, answered], at=1), NOON)
    store.refused(claimed(store), "550")
    assert told(store, cycle) == ["post-office", "post-office"]


def test_a_cycle_that_is_over_is_told_nothing(store: Store):
    cycle = queued(store)
    store.keep(record(cycle, [CycleFinished(at=NOON, actor="time")], at=1), NOON)
    assert store.refused(claimed(store), "550") == "failed"
    assert store.undecided() == []


# -------------------------------------------------------------------------------------------------------------- opt-out


@pytest.mark.parametrize(("kind", "left"), [("", ["p_2"]), ("place_confirmed", ["p_2"]), ("survey", ["p_1", "p_2"])])
def test_who_asked_for_no_more_gets_no_more_of_that_kind(store: Store, kind: str, left: list[str]):
    cycle = queued(store, mail("p_1"), mail("p_2"))
    store.opt_out(cycle, "p_1", kind)
    store.opt_out(cycle, "p_1", kind)
    assert [row.to_ref for row in store.claim(NOON, 1, LEASE) + store.claim(NOON, 1, LEASE)] == left


def test_an_opt_out_holds_in_its_cycle_and_not_for_the_end_of_it(store: Store):
    first = queued(store, mail("p_1"), mail("p_1", kind="cycle_cancelled"))
    queued(store, mail("p_1"))
    store.opt_out(first, "p_1")
    assert [row.kind for row in store.claim(NOON, 9, LEASE)] == ["cycle_cancelled", "place_confirmed"]
    assert [row.state for row in store.letters(first)] == ["dropped", "sending"]


# ---------------------------------------------------------------------------------------------------------------- again


@pytest.mark.parametrize(("about", "option", "state"), [
    ("letters", "again", "queued"), ("letters", "leave", "failed"), ("revise", "again", "failed"),
])  # fmt: skip
def test_staff_can_have_failed_letters_tried_once_more(store: Store, about: str, option: str, state: str):
    cycle = queued(store)
    row = claimed(store)
    store.refused(row, "550")
    waits = PromptOpened(at=NOON, actor="time", prompt=prompt("letters-1", about=about))
    answered = PromptClosed(at=NOON, actor="s_1", prompt="letters-1", option=option)
    store.keep(record(cycle, [waits], at=1), NOON)
    store.keep(record(cycle, [answered], at=2), after(days=9))
    found = now(store, row)
    assert found.state == state
    if state == "queued":
        assert (found.not_before, found.message_id) == (after(days=9), row.message_id)


def test_pauses_grow_to_an_hour():
    assert [pause(n) for n in range(8)] == [PAUSES[0], *PAUSES, PAUSES[-1]]


def test_errors_are_kept_without_addresses_and_short():
    assert scrubbed("550 5.1.1 <anna@x.example>: unknown, see mailto:help@x.example") == "550 5.1.1 … unknown, see …"
    assert len(scrubbed("x" * 1000)) == 300
