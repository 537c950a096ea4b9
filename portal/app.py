"""The portal as an ASGI application: the pages of all areas behind the guard."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response

from portal import static
from portal.faults import Turned
from portal.guard import Guard
from portal.house import House
from portal.look import turned_page
from portal.pages import areas


def build_app(house: House) -> Starlette:
    """All pages over one record."""
    found = areas()
    app = Starlette(
        exception_handlers={HTTPException: _turned},
        routes=[*static.routes, *(route for area in found for route in area.routes)],
        middleware=[Middleware(Guard, house=house, uploads={k: v for area in found for k, v in area.uploads.items()})],
    )
    app.state.house = house
    # the guard takes a slash at the end away; Starlette would redirect, to whatever name and scheme we were called by
    app.router.redirect_slashes = False
    return app


async def _turned(request: Request, error: Exception) -> Response:
    """What Starlette itself turns away (no such page, no such method) has our page as well."""
    assert isinstance(error, HTTPException)
    return turned_page(request, Turned(error.status_code, headers=dict(error.headers or {})))
