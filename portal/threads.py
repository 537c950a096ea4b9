"""Where the portal asks the store, which blocks: beside the event loop, so that other requests go on meanwhile."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from typing import TypeVar

T = TypeVar("T")

AT_ONCE = 4
"""Questions to the store that are answered at the same time: with the commit that is on its way, as many as there are
connections that are kept."""

# a few at a time: each computes more than it waits for the disk, and Python lets only one compute
_ASKING = ThreadPoolExecutor(AT_ONCE, thread_name_prefix="asking")
_KEEPING = ThreadPoolExecutor(1, thread_name_prefix="keeping")


async def asked(function: Callable[..., T], *args: object) -> T:
    """What a blocking call (of the store, say) answers, without standing in the way of other requests."""
    return await asyncio.get_running_loop().run_in_executor(_ASKING, partial(function, *args))


async def kept(function: Callable[..., T], *args: object) -> T:
    """The same for answers that are to be committed: they do not stand in line behind questions."""
    return await asyncio.get_running_loop().run_in_executor(_KEEPING, partial(function, *args))
