"""First come: five hundred people answer in the five seconds after a desk of thirty places opens.

Through the pages behind their links (:mod:`bench.town`). Exactly thirty are confirmed, the first thirty by receipt; the
others wait in the order of their receipt. The floor: a small file of the same portal, at the same rate.
"""

from __future__ import annotations

import asyncio
import random
from datetime import UTC, datetime, timedelta

from bench.crowd import at_rest
from bench.figures import Line, Progress
from bench.ground import folder
from bench.rush import counts, lines, plain, rush
from bench.town import town

PEOPLE, PLACES, SECONDS = 500, 30, 5.0
SEED = 30
OPENS_IN = 15.0
"""Seconds until the desk opens: as long as everybody needs to have her page before her."""


async def measure(
    progress: Progress, *, people: int = PEOPLE, places: int = PLACES, seconds: float = SECONDS,
    opens_in: float = OPENS_IN,
) -> list[Line]:  # fmt: skip
    """Who got a place, and whether it was those who came first."""
    dice = random.Random(SEED)
    moments = sorted(dice.uniform(0, seconds) for _ in range(people))
    with folder() as data:
        async with town(data) as here:
            progress("the floor")
            floor = await plain(here, people / seconds)
            opens = datetime.now(UTC) + timedelta(seconds=opens_in)
            tokens = here.people("cycle-opening", people, places, opens)
            await at_rest(here.store, "cycle-opening")
            progress("waiting for the desk to open")
            await asyncio.sleep((opens - datetime.now(UTC)).total_seconds())
            progress(f"{people:,} people, {places:,} places")
            became = await rush(here, "cycle-opening", tokens, moments)
    return [*lines(became, floor), *counts(became, places)]
