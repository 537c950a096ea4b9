"""A thousand slow clients at the portal's door for a minute, and what ordinary readers notice of them."""

from __future__ import annotations

import asyncio
import time

from bench.callers import dawdle, door, once, visit
from bench.figures import Line, Progress
from bench.ground import folder
from portal.server import more_files

SLOW, ORDINARY, SECONDS = 1_000, 4, 60.0
PAGE = b"GET /accessibility HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n"
FLOOR = "the same without slow clients"


async def measure(progress: Progress, *, slow: int = SLOW, seconds: float = SECONDS) -> list[Line]:
    """All call from one address, the ordinary readers too: nothing tells them apart but that they finish."""
    more_files(slow + 512)
    with folder() as data:
        async with door(data) as (port, _):
            await once(port, PAGE)
            progress("ordinary readers alone")
            alone = await visit(port, PAGE, b"200", ORDINARY, 5.0, 0.05)
            progress(f"{slow:,} slow clients for {seconds:.0f} s")
            until = time.perf_counter() + seconds
            dawdlers = [asyncio.create_task(dawdle(port, until)) for _ in range(slow)]
            await asyncio.sleep(3)
            found = await visit(port, PAGE, b"200", ORDINARY, seconds - 3, 0.05)
            await asyncio.gather(*dawdlers)
    late, low = found.percentile(0.99), alone.percentile(0.99)
    return [
        Line("99 of 100 pages take at most", [late * 1000], [low * 1000], "ms", 1_000, floor_is=FLOOR),
        Line("pages that went wrong", [found.wrong], goal=0),
        Line("pages", [found.per_second], [alone.per_second], "/s", floor_is=FLOOR),
    ]
