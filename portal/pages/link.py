"""Personal links: what opens behind one, and what is said where it opens nothing.

All that a link can be without standing (unknown, expired, used up, superseded, of a cycle that is over) has a page that
offers a way on. Whose a closed link was is not looked up to show its page: an unknown one takes as long as an old one.
"""

from __future__ import annotations

from starlette.concurrency import run_in_threadpool
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.doors import guest_by, through
from portal.faults import NotHere
from portal.house import asked, house
from portal.look import page
from portal.pages import doors as behind
from portal.speech import mark
from store.links import Closed

SAID = {
    "unknown": (
        mark("This link is not known"),
        mark("A mail program may have cut it off: open it from the letter once more, or copy the whole of it."),
    ),
    "expired": (
        mark("This link has expired"),
        mark("Links in letters stand for a limited time, so that nobody finds an old letter and acts in your name."),
    ),
    "superseded": (
        mark("A newer link has taken the place of this one"),
        mark("Look for a later letter from us: the link in it opens."),
    ),
    "used": (
        mark("This link has been used already"),
        mark("What it was for is done, and need not be done again."),
    ),
    "cycle_over": (
        mark("This cycle is over"),
        mark("There is nothing left to answer. Thank you for having been part of it."),
    ),
}
"""The heading and the sentence for each reason why a link opens nothing."""


async def link(request: Request) -> Response:
    """What lies behind a personal link."""
    here, token = house(request), request.path_params["token"]
    opened = await asked(here.links.open, token, here.now())
    if isinstance(opened, Closed):
        return closed(request, opened)
    door = behind().get(opened.purpose, {}).get(request.path_params.get("rest", ""))
    if door is None:
        raise NotHere
    guest = await run_in_threadpool(guest_by, request, here, token, opened)
    return await through(door, request, guest)


def closed(request: Request, found: Closed) -> Response:
    """The page of a link that opens nothing; 410 where there was one, 404 where there never was."""
    title, sentence = SAID[found.reason]
    cycle = found.link.cycle if found.link else ""
    status = 404 if found.reason == "unknown" else 410
    return page(request, "link/closed.jinja", status, reason=found.reason, title=title, sentence=sentence, cycle=cycle)


_ALL = ["GET", "POST", "PUT", "PATCH", "DELETE"]

routes = [
    Route("/l/{token}", link, methods=_ALL),
    Route("/l/{token}/{rest:path}", link, methods=_ALL),
]
