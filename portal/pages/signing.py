"""Signing in and out: staff ask for a letter, open its link, and press a button. Looking uses nothing up."""

from __future__ import annotations

import re
from datetime import timedelta

from starlette.background import BackgroundTask
from starlette.requests import Request
from starlette.responses import RedirectResponse, Response
from starlette.routing import Route

from portal.addresses import address_field
from portal.faults import TooOften
from portal.forms import Form
from portal.house import House, by_tls, caller, house
from portal.look import page
from portal.seals import BACK, SESSIONS, session_token
from portal.speech import PageWords, words_of
from runtime.log import logger
from store.faults import SignInRefused, StoreFault, TooManySignIns
from store.models import Staff
from store.refs import normal_address
from store.sessions import COUNTS, LASTS
from workers.sign_in import NotSent, send_sign_in

DESK = "/staff"
"""Where whoever has signed in begins."""
SIGN_IN, SENT = "/sign-in", "/sign-in/sent"
PRESSED = "pressed"
"""Comes back from a link that was used already, for the cookie that the browser may have by now."""
_DESKS = re.compile(r"/staff(?:/\w[\w.-]*)*")


def ask(request: Request) -> Response:
    """Where staff ask for their link; and what comes of it, which is the same for whatever address was given."""
    form = _form(words_of(request))
    if request.method in {"GET", "HEAD"}:
        shown = page(request, "signing/ask.jinja", form=form)
        _remember(request, shown)
        return shown
    if form.read(request.state.form).errors:
        return page(request, "signing/ask.jinja", 422, form=form)
    here = house(request)
    if wait := here.rates.by_asking.take(f"sign-in {caller(request)}"):
        raise TooOften(wait)
    # afterwards, so that nobody can tell by the time it takes whose address is known
    return RedirectResponse(SENT, 303, background=BackgroundTask(_send, here, form.word("address")))


def _form(words: PageWords) -> Form:
    label, hint = words.gettext("Your e-mail address"), words.gettext("The one by which your library made you known.")
    return Form(words, [address_field(words, "address", label, hint=hint, autocomplete="email")])


def sent(request: Request) -> Response:
    """A letter may be on its way."""
    return page(request, "signing/sent.jinja")


def _send(here: House, address: str) -> None:
    """Sends the link to whom the address belongs; to nobody, where it is no member of staff's."""
    staff = _known(here, address)
    if staff is None:
        return
    try:
        made = here.store.begin_sign_in(staff.ref, "portal", here.now())
        send_sign_in(here.settings, staff, made, f"{here.address}/s/{made.secret}")
    except (NotSent, TooManySignIns, StoreFault) as why:
        logger().warning("sign-in letter not sent", staff=staff.ref, why=type(why).__name__)


def _known(here: House, address: str) -> Staff | None:
    wanted = normal_address(address)
    return next((one for one in here.store.staff() if normal_address(one.address) == wanted), None)


def link(request: Request) -> Response:
    """What the letter's link opens: a page with a button. Only the button signs in, and uses the link up."""
    here, token = house(request), request.path_params["token"]
    try:
        if request.method in {"GET", "HEAD"}:
            (staff,) = here.store.get_staff([here.store.sign_in_link(token, here.now())]).values()
            words_of(request, own=staff.language)
            return page(request, "signing/link.jinja", name=staff.name)
        opened, _ = here.store.sign_in_with_link(token, here.now())
    except SignInRefused as no:
        pressed = request.method == "POST" or PRESSED in request.query_params
        if pressed and _signed_in_as(request, no.whose):
            # the button, pressed twice: the first press has signed her in
            return RedirectResponse(_wanted(request.cookies.get(BACK, "")) or DESK, 303)
        if request.method == "POST" and no.why == "used":
            # the second press may have left before the first one's cookie came: the browser shows it when it asks again
            return RedirectResponse(f"/s/{token}?{PRESSED}", 303)
        return _closed(request, no)
    _leave(request)
    answer = RedirectResponse(_wanted(request.cookies.get(BACK, "")) or DESK, 303)
    _keep(request, answer, opened)
    if BACK in request.cookies:
        answer.delete_cookie(BACK, path="/")
    return answer


def _signed_in_as(request: Request, whose: str) -> bool:
    """Whether the browser shows a session of hers that stands."""
    here, token = house(request), session_token(request)
    session = here.store.session(token, "portal", here.now()) if token and whose else None
    return session is not None and session.staff == whose


def _closed(request: Request, no: SignInRefused) -> Response:
    """What is said of a link that signs nobody in: in the language of whose it was; of one not known, the browser's."""
    # asked of an unknown one as well, so that it takes as long as an old one
    known = house(request).store.get_staff([no.whose]).values()
    words_of(request, own=next((one.language for one in known), ""))
    return page(request, "signing/closed.jinja", 404 if no.why == "unknown" else 410, why=no.why)


def _remember(request: Request, answer: Response) -> None:
    """Keeps where she wanted to go, until she has signed in: her letter opens in the same browser."""
    if wanted := _wanted(request.query_params.get("back", "")):
        secure, lasts = by_tls(request), COUNTS // timedelta(seconds=1)
        answer.set_cookie(BACK, wanted, max_age=lasts, path="/", secure=secure, httponly=True, samesite="lax")


def _wanted(path: str) -> str:
    """A page of the desk; empty for whatever else an address may say, so that it leads nowhere but there."""
    return path if _DESKS.fullmatch(path) else ""


def out(request: Request) -> Response:
    """Signs out, at once; also where nobody had signed in."""
    _leave(request)
    answer = RedirectResponse("/sign-in?out", 303)
    for name in SESSIONS:
        answer.delete_cookie(name, path="/", secure=name.startswith("__"), httponly=True, samesite="lax")
    return answer


def _leave(request: Request) -> None:
    """Ends the session that the browser shows, if it shows one that stands."""
    here, token = house(request), session_token(request)
    session = here.store.session(token, "portal", here.now()) if token else None
    if session is not None:
        here.store.end_session(session, here.now())


def _keep(request: Request, answer: Response, token: str) -> None:
    """Behind TLS the cookie counts for this name alone, which its own name demands of browsers."""
    secure = by_tls(request)
    name, lasts = SESSIONS[0] if secure else SESSIONS[1], LASTS["portal"] // timedelta(seconds=1)
    answer.set_cookie(name, token, max_age=lasts, path="/", secure=secure, httponly=True, samesite="lax")


routes = [
    Route(SIGN_IN, ask, methods=["GET", "POST"]),
    Route(SENT, sent),
    Route("/s/{token}", link, methods=["GET", "POST"]),
    Route("/sign-out", out, methods=["POST"]),
]
