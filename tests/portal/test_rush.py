"""Many answers at once: all that were acknowledged are stored and decided, and who came first is served first."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from bench.crowd import opened
from bench.rush import Became, became_of
from bench.town import Answers, Town
from portal import answers
from tests.portal.deciding import Engine
from tests.portal.people import NoEngine
from tests.portal.world import a_house, browser

CYCLE, MANY, PLACES = "cycle-many", 40, 12


async def rushed(folder: Path) -> Became:
    """Forty people answer at once on the pages behind their links; then the rules decide."""
    store = opened(folder)
    house = a_house(store, folder, now=lambda: datetime.now(UTC))
    house.__dict__["waker"] = NoEngine()
    begun = datetime.now(UTC)
    tokens = Town(store, house.keys, 0).people(CYCLE, MANY, PLACES, begun - timedelta(hours=1))
    found = Answers()

    async def answer(who: str, token: str) -> None:
        sent = await browser(house, "127.0.0.1").post(f"/l/{token}/yes", {"diet": "no nuts", "access": ""})
        if sent.status_code == 303:
            found.acknowledged.add(who)

    await asyncio.gather(*(answer(who, token) for who, token in tokens.items()))
    Engine(store, CYCLE).decide(datetime.now(UTC))
    became = became_of(store, CYCLE, found, MANY)
    store.close()
    return became


async def test_whoever_came_first_has_a_place_and_the_rest_wait_in_order_of_receipt(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr(answers, "PATIENCE", 0.0)

    became = await rushed(tmp_path)

    assert len(became.answers.acknowledged) == MANY
    assert became.answers.acknowledged == became.stored == became.decided == became.accepted
    assert became.confirmed == became.received[:PLACES]
    assert became.waiting == became.received[PLACES:]
    assert became.received_at == sorted(became.received_at)
    assert (became.apart, became.out_of_turn(PLACES)) == (0, 0)
