"""The seal of a form: what shows that a POST comes from a page of ours, opened by the same reader.

It is a mark over what the reader has: her link, her session, or else a random cookie. Whoever has only lured her
browser here knows none of them. Where the browser says that the request comes from another site, that alone decides.
"""

from __future__ import annotations

import hmac
import secrets
from urllib.parse import urlsplit

from starlette.requests import Request
from starlette.responses import Response

from portal.house import by_tls, house

FIELD = "seal"
"""The hidden field of every form."""
COOKIE = "kierros-form"
SESSIONS = ("__Host-kierros", "kierros")
"""The cookie of a session of staff: behind TLS, and without it on one computer."""
BACK = "kierros-back"
"""The cookie of where somebody wanted to go who had to sign in first."""
_LINKS = ("/l/", "/s/")


def path_of(request: Request) -> str:
    """The path that was asked for; ``request.url`` would put the whole address together for it."""
    path: str = request.scope["path"]
    return path


def link_token(path: str) -> str:
    """The token in the path of a personal link; empty elsewhere."""
    return path[3:].partition("/")[0] if path.startswith(_LINKS) else ""


def session_token(request: Request) -> str:
    """The token of the session that the browser shows, checked by nobody yet; empty without one."""
    # behind TLS none but the one that no neighbour of our name can set
    cookies = request.cookies
    for name in SESSIONS[:1] if by_tls(request) else SESSIONS:
        if found := cookies.get(name, ""):
            return found
    return ""


def seal(request: Request) -> str:
    """The seal for the forms of this page."""
    return house(request).sealed(*_bound_to(request))


def _bound_to(request: Request) -> tuple[str, str]:
    if token := link_token(path_of(request)):
        return "link", token
    if token := session_token(request):
        return "session", token
    return "reader", _reader(request)


def _reader(request: Request) -> str:
    """The random cookie; one is made where there is none, and set with the answer."""
    known: str = request.cookies.get(COOKIE, "") or getattr(request.state, "reader", "")
    if not known:
        known = request.state.reader = secrets.token_urlsafe(18)
    return known


def keep_reader(request: Request, response: Response) -> None:
    """Sets the cookie to which the seals of this page are bound, where it was made for it."""
    if made := getattr(request.state, "reader", ""):
        response.set_cookie(COOKIE, made, httponly=True, samesite="lax", secure=by_tls(request))


def sealed_by_us(request: Request, given: str) -> bool:
    """Whether a POST may act: it comes from our own pages, and its seal is the reader's."""
    if not _from_here(request):
        return False
    kind, token = bound = _bound_to(request)
    if kind == "reader" and request.cookies.get(COOKIE, "") != token:  # made just now: no page of ours has shown it
        return False
    return hmac.compare_digest(given.encode("utf-8", "replace"), house(request).sealed(*bound).encode())


def _from_here(request: Request) -> bool:
    """What the browser itself says of where the request comes from. Old browsers say nothing; the seal decides then.

    Our pages send no referrer, and browsers then name their origin as ``null``: that says nothing either.
    """
    site = request.headers.get("sec-fetch-site", "")
    if site and site not in {"same-origin", "none"}:
        return False
    origin = request.headers.get("origin", "null")
    if origin == "null":
        return True
    try:
        return urlsplit(origin).netloc == request.headers.get("host", "")
    except ValueError:  # no address at all, like ``http://[``
        return False
