"""How often one link and one address may ask: a bucket for each, that fills again by the second. In memory, bounded."""

from __future__ import annotations

import math
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, field
from functools import lru_cache
from ipaddress import IPv6Address, IPv6Network, ip_address


@dataclass
class Buckets:
    """One bucket for each key.

    Args:
        burst: how many requests may come at once.
        per_minute: how many may come each minute in the long run.
        most: how many keys are remembered; the one that was quiet longest is forgotten.
        clock: seconds, only ever forwards.
    """

    burst: int
    per_minute: float
    most: int = 20_000
    clock: Callable[[], float] = time.monotonic
    _levels: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def take(self, key: str) -> int:
        """Takes one request from the key's bucket. 0, or in how many seconds there is one again."""
        now = self.clock()
        level, since = self._levels.pop(key, (float(self.burst), now))
        level = min(float(self.burst), level + (now - since) * self.per_minute / 60)
        left = level - 1 if level >= 1 else level
        self._levels[key] = (left, now)
        if len(self._levels) > self.most:
            self._levels.popitem(last=False)
        return 0 if level >= 1 else max(1, math.ceil((1 - level) * 60 / self.per_minute))

    def __len__(self) -> int:
        return len(self._levels)


@dataclass(frozen=True)
class Rates:
    """The limits of a portal. A person at her telephone reaches none of them."""

    by_link: Buckets = field(default_factory=lambda: Buckets(burst=60, per_minute=60))
    by_address: Buckets = field(default_factory=lambda: Buckets(burst=300, per_minute=600))
    """Many people may share one address: a whole library behind its router."""
    by_asking: Buckets = field(default_factory=lambda: Buckets(burst=5, per_minute=1))
    """Asking for a new link, or to sign in: each sends a letter."""


@lru_cache(maxsize=4_096)
def neighbourhood(address: str) -> str:
    """Whom an address counts for: of IPv6 its network, for each caller has as many addresses of it as she likes."""
    try:
        found = ip_address(address)
    except ValueError:
        return address
    if not isinstance(found, IPv6Address) or found.is_loopback:
        return str(found)
    return str(found.ipv4_mapped or IPv6Network((found, 64), strict=False))
