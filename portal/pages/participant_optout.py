"""No more letters of a kind: one click in a mail program (RFC 8058), or one button on a page.

The link can do nothing else. A mail program posts without having opened the page, so there is no seal; whoever only
looks (a scanner of links, say) changes nothing.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from portal.faults import NotHere
from portal.house import house
from portal.look import page
from portal.pages.link import closed
from portal.shown.participant_data import KINDS, ends_with
from portal.speech import words_of
from portal.threads import asked
from store.links import Closed, Link

ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""What RFC 8058 has mail programs post; our own button says the same."""


async def optout(request: Request) -> Response:
    """Asks, or does it."""
    here = house(request)
    opened = await asked(here.links.open, request.path_params["token"], here.now())
    if isinstance(opened, Closed):
        if request.method == "POST":  # by a mail program: no new link is sent because of it
            return await closed(request, opened, asks=False)
        return RedirectResponse(f"/l/{request.path_params['token']}", 303)
    if opened.purpose != "optout" or opened.about not in KINDS:
        raise NotHere
    done = request.method == "POST"
    person = (await asked(here.store.get_people, [opened.ref])).get(opened.ref)
    words = words_of(request, person.language if person else "")
    if done:
        await asked(_end, request, opened)
    return page(
        request, "participant/optout.jinja", done=done, kind=words.gettext(KINDS[opened.about]), one_click=ONE_CLICK
    )


def _end(request: Request, link: Link) -> None:
    here, (name, said) = house(request), ONE_CLICK
    if request.state.form.word(name) != said:
        raise NotHere
    for kind in ends_with(link.about):
        here.store.opt_out(link.cycle, link.ref, kind, here.now())


routes = [Route("/o/{token}", optout, methods=["GET", "POST"])]
