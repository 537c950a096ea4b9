"""The stylesheet, the fonts and the mark: read once, named by what they hold, kept by browsers for ever."""

from __future__ import annotations

import re
from functools import cache
from hashlib import sha256
from importlib.resources import files
from importlib.resources.abc import Traversable

from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from portal.faults import NotHere

FOREVER = "public, max-age=31536000, immutable"
_TYPES = {".css": "text/css; charset=utf-8", ".svg": "image/svg+xml", ".woff2": "font/woff2"}
_FOLDER = files("portal").joinpath("static")


@cache
def _files() -> dict[str, tuple[str, bytes]]:
    """Every file by its plain name, with its public name. What a stylesheet names is renamed in it."""
    found: dict[str, tuple[str, bytes]] = {}
    everything = sorted(_below(_FOLDER, ""), key=lambda item: item[0].endswith(".css"))
    for name, file in everything:
        content = file.read_bytes()
        if name.endswith(".css"):
            content = re.sub(
                rb'url\("([\w./-]+)"\)',
                lambda found_url: f'url("{static(found_url[1].decode(), found)}")'.encode(),
                content,
            )
        stem, dot, kind = name.rpartition(".")
        found[name] = (f"{stem}.{sha256(content).hexdigest()[:12]}{dot}{kind}", content)
    return found


def _below(folder: Traversable, at: str) -> list[tuple[str, Traversable]]:
    found: list[tuple[str, Traversable]] = []
    for item in folder.iterdir():
        if item.is_dir():
            found += _below(item, f"{at}{item.name}/")
        elif item.name.endswith(tuple(_TYPES)):
            found.append((f"{at}{item.name}", item))
    return found


def static(name: str, among: dict[str, tuple[str, bytes]] | None = None) -> str:
    """The address of a file: ``/static/portal.3f2a….css``."""
    return f"/static/{(among if among is not None else _files())[name][0]}"


@cache
def _served() -> dict[str, tuple[str, bytes]]:
    return {public: (_TYPES[f".{public.rpartition('.')[2]}"], content) for public, content in _files().values()}


async def serve(request: Request) -> Response:
    """One file, under the name that holds its digest."""
    found = _served().get(request.path_params["name"])
    if found is None:
        raise NotHere
    return Response(found[1], media_type=found[0], headers={"cache-control": FOREVER})


routes = [Route("/static/{name:path}", serve)]
