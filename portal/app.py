"""The portal as an ASGI application: the pages of all areas behind the guard."""

from __future__ import annotations

from starlette.applications import Starlette
from starlette.middleware import Middleware

from portal import static
from portal.guard import Guard
from portal.house import House
from portal.pages import areas


def build_app(house: House) -> Starlette:
    """All pages over one record."""
    found = areas()
    app = Starlette(
        routes=[*static.routes, *(route for area in found for route in area.routes)],
        middleware=[Middleware(Guard, house=house, uploads={k: v for area in found for k, v in area.uploads.items()})],
    )
    app.state.house = house
    return app
