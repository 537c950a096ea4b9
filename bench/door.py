"""The portal that is measured: ``python -m bench.door DATA SOCKET``, in a process of its own.

Beside the portal's own pages it has ``/hello``, a plain answer behind the same guard, and ``/form``, a form as the
pages have them: seal, size and rates by the guard, three fields looked at, one row committed. Behind personal links it
does what the portal does, but waits for no decision.
"""

from __future__ import annotations

import asyncio
import socket
import sys
from pathlib import Path
from uuid import uuid4

import uvicorn
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import PlainTextResponse, RedirectResponse, Response
from starlette.routing import Route

from bench.crowd import entered, opened
from portal import answers, static
from portal.connections import Bounds
from portal.forms import Field, Form
from portal.guard import Guard
from portal.house import House
from portal.look import page, spoken
from portal.pages import areas
from portal.server import config, even, more_files, warm
from runtime.keys import Keys
from runtime.log import configure
from runtime.settings import Settings
from store.models import Letterbox
from store.taking import Taking

CYCLE = "cycle-bench-2030-doors"
SECRET = b"a secret of the bench, 32 characters or more"
CHOICES = (("all", "Everything"), ("vegetarian", "No meat"), ("vegan", "Nothing of animals"))


def form_of(request: Request) -> Form:
    """A name, a choice and a few words."""
    fields = [
        Field("name", "Your name", header=True),
        Field("diet", "What do you eat?", kind="radios", options=CHOICES),
        Field("wishes", "What would you like to learn?", kind="textarea", required=False),
    ]
    return Form(spoken(request), fields)


async def ask(request: Request) -> Response:
    """The page with the form; the bench only wants its seal."""
    request.app.state.house.sealed("reader", "bench")
    return page(
        request, "link/closed.jinja", reason="unknown", title="Form", sentence="", form=form_of(request), cycle=""
    )


def _shown(request: Request, form: Form) -> Response:
    said = {"reason": "unknown", "title": "Form", "sentence": "", "cycle": ""}
    return page(request, "link/closed.jinja", 422 if form.errors else 200, form=form, **said)


async def act(request: Request) -> Response:
    """What a page does with a form: looks at it, keeps the answer, and leads on."""
    form = form_of(request).read(request.state.form)
    if form.errors:
        return _shown(request, form)
    command = {"kind": "Register", "person": f"p_{uuid4().hex[:12]}"}
    item = Letterbox(command_id=f"web-{uuid4().hex}", command=command, actor=command["person"])
    await request.app.state.house.gathering.take(CYCLE, Taking(item))
    return RedirectResponse("/form", 303)


async def hello(_request: Request) -> Response:
    """The least that this server can say."""
    return PlainTextResponse("hello")


def main() -> None:
    """Serves until it is told to leave."""
    configure("warning")
    data, door = Path(sys.argv[1]), socket.socket(fileno=int(sys.argv[2]))
    store = opened(data)
    entered(store, CYCLE, 100)
    answers.PATIENCE = 0.0  # no engine runs here: nothing is decided, and nobody waits for it
    keys = Keys(SECRET)
    house = House(store, Settings(data=data), keys, f"http://127.0.0.1:{door.getsockname()[1]}")
    routes = [*static.routes, Route("/hello", hello), Route("/form", ask), Route("/form", act, methods=["POST"])]
    pages = [route for area in areas() for route in area.routes]
    app = Starlette(routes=[*routes, *pages], middleware=[Middleware(Guard, house=house, uploads={})])
    app.state.house = house
    how = config(house, Bounds())
    how.app = app
    more_files(2048)
    warm()
    even()
    asyncio.run(uvicorn.Server(how).serve(sockets=[door]))


if __name__ == "__main__":
    main()
