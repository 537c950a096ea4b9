"""However senders die, dawdle and lose answers: at most three copies of a letter, and none after it is settled."""

from __future__ import annotations

from collections import Counter
from datetime import timedelta
from typing import Literal

from hypothesis import given, settings
from hypothesis import strategies as st

from store.delivery import MOST_COPIES
from store.models import OutboxRow
from store.store import Store
from tests.store.builders import NOON, mail, opened, record, started

LEASE = timedelta(minutes=2)
Deed = Literal["claim", "hand over", "lose", "delivered", "refuse", "defer", "postpone", "wait", "sleep"]

DEEDS = st.sampled_from(
    ["claim"] * 4
    + ["hand over"] * 4
    + ["lose"] * 3
    + ["wait"] * 3
    + ["delivered"] * 3
    + ["refuse", "defer", "postpone", "sleep"]
)


class Post:
    """One letter, several senders, and what really went over the wire."""

    def __init__(self, store: Store) -> None:
        self.store, self.now = store, NOON
        self.cycle = started(store)
        store.keep(record(self.cycle, [opened()], mail("p_1")), NOON)
        self.claims: list[OutboxRow] = []
        self.begun: list[OutboxRow] = []
        self.copies = 0
        """Handed over, and no clear no came back."""
        self.settled = False

    def claim(self) -> None:
        self.claims += [row for row in self.store.claim(self.now, 50, LEASE) if row.cycle == self.cycle]

    def do(self, deed: str, pick: int) -> None:
        if deed == "claim":
            self.claim()
        elif deed == "hand over" and self.claims:
            self._hand_over(self.claims[pick % len(self.claims)])
        elif deed in {"lose", "delivered", "refuse", "defer"} and self.begun:
            self._answer(deed, self.begun.pop(pick % len(self.begun)))
        elif deed == "postpone" and self.claims:
            row = self.claims.pop(pick % len(self.claims))
            if row not in self.begun:
                self.store.postponed(row, self.now + timedelta(minutes=5))
        elif deed in {"wait", "sleep"}:
            self.now += timedelta(minutes=3) if deed == "wait" else timedelta(days=2)

    def _hand_over(self, row: OutboxRow) -> None:
        if self.store.began_data(row, self.now):
            assert not self.settled
            self.copies += 1
            self.begun.append(row)

    def _answer(self, deed: str, row: OutboxRow) -> None:
        self.claims = [claim for claim in self.claims if claim != row]
        match deed:
            case "lose":
                self.store.suspect(row, "connection lost", self.now)
            case "delivered":
                assert self.store.delivered(row, self.now) == "sent"
                self.settled = True
            case "refuse":
                self.copies -= 1
                self.store.refused(row, "550")
            case _:
                self.copies -= 1
                self.store.deferred(row, "451", self.now)


def check(post: Post, reached: Counter[str]) -> None:
    (row,) = post.store.letters(post.cycle)
    assert post.copies <= MOST_COPIES
    assert row.maybe_delivered <= MOST_COPIES
    if post.settled:
        assert row.state == "sent"
    reached[row.state] += 1
    reached[f"{post.copies} copies"] += 1


def test_a_letter_is_handed_over_three_times_at_most(store: Store):
    reached: Counter[str] = Counter()

    @settings(max_examples=40, deadline=None, derandomize=True)  # so that what is reached is always reached
    @given(
        deeds=st.lists(st.tuples(DEEDS, st.integers(0, 5)), min_size=10, max_size=25),
        deep=st.integers(0, 3),
        lost=st.booleans(),
    )
    def run(deeds: list[tuple[Deed, int]], deep: int, lost: bool) -> None:
        post = Post(store)
        for _ in range(deep):
            post.claim()
            post.do("hand over", len(post.claims) - 1)
            post.do("lose" if lost else "wait", 0)
            post.now += timedelta(hours=1)
        for deed, pick in deeds:
            post.do(deed, pick)
            check(post, reached)

    run()
    shallow = [s for s in ("queued", "sending", "sent", "suspect", "3 copies") if reached[s] < 3]
    assert not shallow, reached
