"""Personal links: what opens behind one, and what is said where it opens nothing.

All that a link can be without standing (unknown, expired, used up, superseded, of a cycle that is over or was called
off) has a page that offers a way on. Whose a closed link was is not looked up to show its page: an unknown one takes as
long as an old one.
"""

from __future__ import annotations

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.doors import Door, Guest, guest_by, through
from portal.faults import NotHere, TooOften
from portal.forms import Field, Form, is_address
from portal.house import LOOPBACK, House, caller, house
from portal.look import page, spoken
from portal.pages import doors as behind
from portal.speech import mark
from portal.threads import asked
from runtime.log import logger
from store.faults import StoreFault
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
    "cancelled": (
        mark("This cycle was called off"),
        mark(
            "What was still planned does not take place, and no arrangements are needed. There is nothing left to "
            "answer."
        ),
    ),
}
"""The heading and the sentence for each reason why a link opens nothing."""


async def link(request: Request) -> Response:
    """What lies behind a personal link."""
    here, token = house(request), request.path_params["token"]
    came = await asked(_opened, request, here, token)
    if isinstance(came, Closed):
        return await closed(request, came)
    door, guest = came
    return await through(door, request, guest)


def _opened(request: Request, here: House, token: str) -> tuple[Door, Guest] | Closed:
    """The door that the link opens, and who came by it."""
    with here.store.together():
        opened = here.links.open(token, here.now())
        if isinstance(opened, Closed):
            return opened
        door = behind().get(opened.purpose, {}).get(request.path_params.get("rest", ""))
        if door is None:
            raise NotHere
        return door, guest_by(request, here, token, opened)


async def closed(request: Request, found: Closed, *, asks: bool = True) -> Response:
    """The page of a link that opens nothing: 410 where there was one, 404 where there never was.

    Where it does not ask, it sends nothing either: for a POST that no page of ours has sealed.
    """
    form = _form(request, found) if asks else None
    if request.method == "POST" and form is not None and not form.read(request.state.form).errors:
        return _sent(request, found, form.word("address"))
    title, sentence = SAID[found.reason]
    values = {"reason": found.reason, "title": title, "sentence": sentence, "form": form}
    gone = 404 if found.reason == "unknown" else 410
    status = 422 if form is not None and form.errors else gone
    return page(request, "link/closed.jinja", status, cycle=found.link.cycle if found.link else "", **values)


def _form(request: Request, found: Closed) -> Form | None:
    """What has to be said to get a new link: who one is, where the link does not tell; None where none is needed."""
    if found.reason in {"used", "cycle_over", "cancelled"}:
        return None
    words = spoken(request)
    if found.link is not None:
        return Form(words, [])
    label, hint = words.gettext("Your e-mail address"), words.gettext("The one to which our letters come.")
    wrong = words.gettext("This is no e-mail address. Write it like anna@library.example.")
    field = Field(
        "address", label, "email", hint, autocomplete="email", check=lambda it: "" if is_address(it) else wrong
    )
    return Form(words, [field])


def _sent(request: Request, found: Closed, address: str) -> Response:
    """The same answer, as quickly, whether anybody of that address is known; the letter is made ready behind it."""
    here, whose = house(request), caller(request)
    wait = here.rates.by_asking.take(whose) if whose not in LOOPBACK else 0
    if wait:
        raise TooOften(wait)
    response = page(request, "link/sent.jinja")
    response.background = BackgroundTask(_renew, here, found, address)
    return response


def _renew(here: House, found: Closed, address: str) -> None:
    try:
        if found.link is not None:
            here.store.send_links(found.link.cycle, found.link.ref, now=here.now())
        else:
            here.store.send_links_to(address, here.now())
    except StoreFault as why:
        logger().warning("no new link was sent", error=type(why).__name__)


_ALL = ["GET", "POST", "PUT", "PATCH", "DELETE"]

routes = [
    Route("/l/{token}", link, methods=_ALL),
    Route("/l/{token}/{rest:path}", link, methods=_ALL),
]
