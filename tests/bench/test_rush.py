"""A crowd at a whole installation whose mail server hangs: the small form of what `make bench` measures."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.rush import Became, rush
from bench.town import Answers, town

MANY, PLACES = 120, 30


@pytest.mark.server
@pytest.mark.slow
async def test_a_crowd_is_served_in_order_of_receipt_while_the_mail_server_hangs(tmp_path: Path):
    async with town(tmp_path) as here:
        tokens = here.people("cycle-small", MANY, PLACES, datetime.now(UTC) - timedelta(hours=1))
        became = await rush(here, "cycle-small", tokens, [number / 40 for number in range(MANY)])

    assert became.answers.wrong == []
    assert len(became.answers.acknowledged) == MANY
    assert became.answers.acknowledged == became.stored == became.decided == became.accepted
    assert became.confirmed == became.received[:PLACES]
    assert became.waiting == became.received[PLACES:]


def test_who_is_lost_or_stands_out_of_turn_is_counted():
    at = [datetime(2030, 1, 1, tzinfo=UTC)] * 3
    people = ["p_a", "p_b", "p_c"]
    good = Became(
        3, Answers(acknowledged=set(people)), set(people), set(people), set(people), ["p_a"], ["p_b", "p_c"], people, at
    )

    assert (good.apart, good.out_of_turn(1)) == (0, 0)
    assert replace(good, decided={"p_a", "p_b"}).apart == 1
    assert replace(good, answers=Answers(acknowledged={"p_a"})).apart > 0
    assert replace(good, waiting=["p_c", "p_b"]).out_of_turn(1) == 2
    assert replace(good, confirmed=["p_a", "p_b"], waiting=["p_c"]).out_of_turn(1) == 1
    assert replace(good, received_at=[at[0], at[0] - timedelta(seconds=1), at[0]]).out_of_turn(1) == 1
