"""Doors that open by a personal link: ``/l/<token>`` and what lies behind it.

An area says in its ``doors`` what opens for a purpose. Opening changes nothing; only a POST acts. A handler is an
ordinary function, which may ask the store (it runs beside the event loop), or a coroutine.
"""

from __future__ import annotations

import inspect
import time
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import NamedTuple

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response

from exchange.plan import CyclePlan
from exchange.state import Cycle
from letters.practice import by_calendar
from portal.faults import NotHere, Turned
from portal.house import House
from portal.speech import PageWords, words_of
from store.links import ALWAYS, Link
from store.models import Person


@dataclass(frozen=True)
class Guest:
    """Somebody who came by a personal link, and what is known of her."""

    house: House
    token: str
    link: Link
    person: Person | None
    """None where the link's person is no longer on record."""
    plan: CyclePlan
    words: PageWords
    state: Cycle | None
    """How her cycle stood when she came, or half a second before; None behind links that ask nothing of it."""
    since: float = field(default_factory=time.monotonic)
    """When she came, by :func:`time.monotonic`."""

    @property
    def here(self) -> str:
        """The path of her door; forms post to it, and its other pages lie below."""
        return f"/l/{self.token}"

    def moment(self, at: datetime, place: str = "") -> str:
        """An instant by the clocks of a place, else her own; in practice by the plan's calendar, as in letters."""
        clocks = place or (self.person.zone if self.person else self.plan.zone)
        return self.words.moment(by_calendar(self.plan, at), clocks)


Handler = Callable[[Request, Guest], Response | Awaitable[Response]]


class Door(NamedTuple):
    """One page behind a link."""

    show: Handler
    answer: Handler | None = None
    """What its form does; None where there is nothing to do."""


async def through(door: Door, request: Request, guest: Guest) -> Response:
    """What lies behind the door.

    Raises:
        Turned: there is nothing to be done here.
    """
    handler = door.show if request.method in {"GET", "HEAD"} else door.answer
    if handler is None or request.method not in {"GET", "HEAD", "POST"}:
        raise Turned(405, headers={"allow": "GET, HEAD, POST" if door.answer else "GET, HEAD"})
    if inspect.iscoroutinefunction(handler):
        found = await handler(request, guest)
    else:
        found = await run_in_threadpool(handler, request, guest)
    assert isinstance(found, Response)
    return found


def guest_by(request: Request, house: House, token: str, link: Link) -> Guest:
    """Who came by this link.

    Raises:
        NotHere: the link's person is of another cycle.
    """
    # whoever asks for her data must get it, even where her cycle cannot be read
    state = None if link.purpose in ALWAYS else house.states.lately(link.cycle)
    plan = house.store.get_plan(link.cycle)
    person = house.store.get_people([link.ref]).get(link.ref)
    if person is not None and person.cycle != link.cycle:
        raise NotHere
    words = words_of(request, person.language if person else "", tuple(plan.languages))
    request.state.practice = plan.practice
    return Guest(house, token, link, person, plan, words, state, request.state.came)
