"""No more letters of a kind: one click in a mail program (RFC 8058), or one button on a page.

The link can do nothing else but take that back. A mail program posts without having opened the page, so there is no
seal; whoever only looks (a scanner of links, say) changes nothing. What was ended comes again only by the button of the
page, which has one.
"""

from __future__ import annotations

from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from portal.faults import NotHere, NotOurForm
from portal.house import house
from portal.look import page
from portal.pages.link import closed
from portal.seals import FIELD, sealed_by_us
from portal.shown.participant_data import KINDS, ends_with
from portal.speech import words_of
from portal.threads import asked
from store.links import Closed, Link

ONE_CLICK = ("List-Unsubscribe", "One-Click")
"""What RFC 8058 has mail programs post; our own button says the same."""
AGAIN = "again"
"""The field of the button that takes it back."""


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
    person = (await asked(here.store.get_people, [opened.ref])).get(opened.ref)
    words = words_of(request, person.language if person else "")
    again = request.method == "POST" and bool(request.state.form.word(AGAIN))
    if request.method == "POST":
        await asked(_again if again else _end, request, opened)
    ended = set(await asked(here.store.opt_outs, opened.cycle, opened.ref))
    plan = await asked(here.store.get_plan, opened.cycle)
    return page(
        request, "participant/optout.jinja", again=again, ended=bool(ended & {"", *ends_with(opened.about)}),
        all_ended="" in ended, theme=words.pick(plan.theme_name), kind=words.gettext(KINDS[opened.about]),
        one_click=ONE_CLICK,
    )  # fmt: skip


def _end(request: Request, link: Link) -> None:
    here, (name, said) = house(request), ONE_CLICK
    if request.state.form.word(name) != said:
        raise NotHere
    for kind in ends_with(link.about):
        here.store.opt_out(link.cycle, link.ref, kind, here.now())


def _again(request: Request, link: Link) -> None:
    """Has the letters sent again, where the page's own button says so."""
    if not sealed_by_us(request, request.state.form.word(FIELD)):
        raise NotOurForm
    for kind in ends_with(link.about):
        house(request).store.opt_in(link.cycle, link.ref, kind)


routes = [Route("/o/{token}", optout, methods=["GET", "POST"])]
