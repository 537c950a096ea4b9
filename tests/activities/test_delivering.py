"""What the post office notes of a try."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text
from temporalio.testing import ActivityEnvironment

from activities.delivering import PostOffice
from letters.transport import Refused, SenderRefused
from runtime.settings import Settings
from store import delivery
from store.models import OutboxRow, Person
from store.store import Store, open_store
from tests.store.builders import NOON, after, mail, opened, plan, record, registered, rendering, started


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = open_store(f"sqlite:///{tmp_path / 'kierros.db'}")
    yield made
    made.close()


def test_a_refused_sender_counts_against_no_letter_however_long_it_lasts(store: Store, tmp_path: Path) -> None:
    cycle = started(store)
    store.keep(record(cycle, [opened()], mail("p_1")), NOON)
    office = PostOffice(store, Settings(data=tmp_path))
    for day in range(10):
        (row,) = store.claim(after(days=36_500 + day), 10, timedelta(minutes=2))
        ready = store.rendered(row, rendering(row))
        assert store.began_data(ready, after(days=36_500 + day))
        with store.writing() as connection:
            assert office._note(connection, ready, SenderRefused("550 sender rejected")) == "queued"
        (found,) = store.letters(cycle)
        assert (found.state, found.tries, found.maybe_delivered) == ("queued", 0, 0)
    assert "550 sender rejected" in store.sender_refused()
    assert store.troubles() == []
    (row,) = store.claim(after(days=37_000), 10, timedelta(minutes=2))
    with store.writing() as connection:
        assert office._note(connection, row, Refused("550 unknown")) == "failed"
    assert store.sender_refused() == ""
    assert [(lost.cycle, lost.state, lost.count) for lost in store.troubles()] == [(cycle, "failed", 1)]


async def test_a_round_after_an_absence_sends_nothing_that_nobody_has_seen(store: Store, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    cycle = started(store)
    store.awake(now - timedelta(days=12))
    store.keep(record(cycle, [opened()], mail("p_1")), now - timedelta(days=12))
    office = PostOffice(store, Settings(data=tmp_path))
    done = await ActivityEnvironment().run(office.deliver_letters)
    assert (done.sent, done.next_in) == (0, None)
    assert [row.state for row in store.letters(cycle)] == ["overdue"]
    assert [late.count for late in store.overdue()] == [1]
    assert (await ActivityEnvironment().run(office.deliver_letters)).sent == 0


@pytest.mark.parametrize(
    "trouble",
    [
        "UPDATE cycles SET rules = 99 WHERE id = :cycle",
        "UPDATE outbox SET kind = 'postcard' WHERE cycle = :cycle",
        "DELETE FROM journal WHERE cycle = :cycle AND position = 1",
    ],
    ids=["newer cycle", "newer letter", "broken journal"],
)
async def test_a_letter_that_cannot_be_told_now_waits_and_holds_up_no_other(
    store: Store, tmp_path: Path, trouble: str
) -> None:
    now = datetime.now(UTC)
    cycle, other = started(store), started(store)
    for one, ref in ((cycle, "p_1"), (other, "p_2")):
        store.keep(record(one, [opened(), registered(1)], mail(ref, kind="survey_reminder")), now)
    with store.writing() as connection:
        connection.execute(text(trouble), {"cycle": cycle})
    office = PostOffice(store, Settings(data=tmp_path))
    done = await ActivityEnvironment().run(office.deliver_letters)
    assert [row.state for row in store.letters(other)] != ["queued"], "the other letter is dealt with"
    (waits,) = store.letters(cycle)
    assert (waits.state, waits.tries, waits.not_before > now) == ("queued", 0, True)
    assert done.waiting == 1


async def test_a_round_sends_at_once_what_a_sender_that_died_had_claimed(store: Store, tmp_path: Path) -> None:
    cycle = started(store)
    now = datetime.now(UTC)
    store.keep(record(cycle, [opened()], mail("p_1")), now)
    assert store.claim(datetime.now(UTC), 10, timedelta(minutes=2))
    office = PostOffice(store, Settings(data=tmp_path))
    await ActivityEnvironment().run(office.deliver_letters)
    assert [(row.state, row.tries) for row in store.letters(cycle)] != [("sending", 1)]


class Ill(PostOffice):
    """Cannot look at one letter, for a reason that nobody has thought of."""

    poison = ""

    def _looked_at(self, row: OutboxRow, *args: Any, **options: Any) -> Any:
        if row.to_ref == self.poison:
            raise ZeroDivisionError
        return super()._looked_at(row, *args, **options)


async def test_one_letter_that_makes_the_code_fail_holds_up_no_other(store: Store, tmp_path: Path) -> None:
    now = datetime.now(UTC)
    people = [Person(ref=f"p_{n}", name=f"Guest {n}", address=f"guest{n}@library.example") for n in range(5)]
    new = plan(practice=True)
    store.start_cycle(new, people, [], now)
    store.keep(record(new.id, [opened()], mail(*(person.ref for person in people))), now)
    office = Ill(store, Settings(data=tmp_path))
    office.poison = "p_2"
    done = await ActivityEnvironment().run(office.deliver_letters)
    assert (done.sent, done.waiting) == (4, 1)
    states = {row.to_ref: (row.state, row.maybe_delivered) for row in store.letters(new.id)}
    assert states.pop("p_2") == ("queued", 0)
    assert set(states.values()) == {("sent", 1)}


async def test_a_readers_other_letters_wait_with_the_one_that_is_put_off(store: Store, tmp_path: Path) -> None:
    cycle = started(store)
    store.keep(record(cycle, [opened()], mail("p_1"), mail("p_1", kind="place_waiting")), NOON)
    first, other = store.claim(NOON, 10, timedelta(minutes=2))
    assert store.began_data(store.rendered(first, rendering(first)), NOON)
    assert store.deferred(first, "451 busy", NOON) == "queued"
    office = PostOffice(store, Settings(data=tmp_path))
    await office._lay_back(first, [other])
    (one, two) = store.letters(cycle)
    assert one.not_before == two.not_before > NOON
    assert [row.id for row in store.claim(one.not_before, 10, timedelta(minutes=2))] == [first.id, other.id]


def test_a_try_that_was_called_off_before_it_began_counts_as_none(store: Store) -> None:
    cycle = started(store)
    store.keep(record(cycle, [opened()], mail("p_1")), NOON)
    (row,) = store.claim(NOON, 10, timedelta(minutes=2))
    assert store.began_data(row, NOON)
    with store.writing() as connection:
        delivery.not_begun(connection, row)
    (found,) = store.letters(cycle)
    assert (found.maybe_delivered, found.state) == (0, "sending")
    assert store.began_data(row, NOON)
