"""What the post office notes of a try."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from temporalio.testing import ActivityEnvironment

from activities.delivering import PostOffice
from letters.transport import Refused, SenderRefused
from runtime.settings import Settings
from store.store import Store, open_store
from tests.store.builders import NOON, after, mail, opened, record, rendering, started


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
        assert office._note(ready, SenderRefused("550 sender rejected")) == "queued"
        (found,) = store.letters(cycle)
        assert (found.state, found.tries, found.maybe_delivered) == ("queued", 0, 0)
    assert "550 sender rejected" in store.sender_refused()
    assert store.troubles() == []
    (row,) = store.claim(after(days=37_000), 10, timedelta(minutes=2))
    assert office._note(row, Refused("550 unknown")) == "failed"
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
