"""Serving the portal: uvicorn with connections that are bounded, and an end in order.

``python -m portal`` is the same as a child of `kierros up`.
"""

from __future__ import annotations

import asyncio
import contextlib
import gc
import os
import resource
import signal
import socket
import sys
import threading
from collections.abc import Callable
from importlib import import_module
from types import FrameType

import uvicorn

from portal.app import build_app
from portal.connections import Bounds, bounded
from portal.house import House
from portal.look import templates
from portal.speech import NAMES, words_in
from runtime.keys import read_keys
from runtime.log import configure, logger
from runtime.settings import Settings
from store.store import open_store
from workers.ports import listen

SWITCHES = 0.0005
"""Seconds after which a thread that computes lets another one go on, where that wants to."""
COLLECTS = (10_000, 20, 20)
"""How many new objects, and how many rounds of each kind, until what is garbage is looked for (:mod:`gc`)."""
LEAVES_WITHIN = 8
"""Seconds for requests in hand when the portal is told to stop."""


def run(
    settings: Settings,
    *,
    door: int | None = None,
    parent: int | None = None,
    embedded: bool = False,
    announce: Callable[[str], None] | None = None,
) -> int:
    """Serves until SIGINT or SIGTERM.

    Args:
        settings: where the record is, where to listen, and the public address.
        door: a socket that listens already, by its descriptor.
        parent: leave when this process is gone.
        embedded: whether it is a part of `kierros up`.
        announce: called with the address once it listens.

    Raises:
        PortTaken, KeyFault, StoreFault: it cannot begin.
    """
    configure(settings.log_level)
    listening = socket.socket(fileno=door) if door is not None else listen(settings.portal_host, settings.portal_port)
    address = settings.portal_url.rstrip("/") or _address(listening)
    store = open_store(settings.database_url, domain=settings.mail_domain)
    try:
        house = House(store, settings, read_keys(settings), address, embedded)
        asyncio.run(serve(house, listening, parent=parent, announce=announce))
    finally:
        store.close()
        listening.close()
    return 0


async def serve(
    house: House, listening: socket.socket, *, bounds: Bounds | None = None, parent: int | None = None,
    announce: Callable[[str], None] | None = None,
) -> None:  # fmt: skip
    """Serves the portal on a socket until a signal comes."""
    bounds = bounds or Bounds()
    more_files(bounds.connections * 2 + 256)
    even()
    server = uvicorn.Server(config(house, bounds))
    leave_in_order(server)
    async with contextlib.AsyncExitStack() as stack:
        stack.callback(asyncio.create_task(asyncio.to_thread(warm)).cancel)
        if parent is not None:
            stack.callback(asyncio.create_task(_until_orphaned(parent, server)).cancel)
        if announce is not None:
            stack.callback(asyncio.create_task(_once_up(server, announce, house.address)).cancel)
        logger().info("portal serves", pid=os.getpid())
        await server.serve(sockets=[listening])
        logger().info("portal leaves")


def leave_in_order(server: uvicorn.Server) -> None:
    """A signal ends the serving, and nothing more.

    uvicorn raises it once more when it has served the last request, for whoever handled it before: by default that
    kills the process before the record is closed, or prints a traceback after Ctrl-C.
    """
    if threading.current_thread() is not threading.main_thread():
        return

    def leave(_signal: int, _frame: FrameType | None) -> None:
        server.should_exit = True

    for told in (signal.SIGINT, signal.SIGTERM):
        signal.signal(told, leave)


def config(house: House, bounds: Bounds) -> uvicorn.Config:
    """How uvicorn serves the portal."""
    proxies = house.settings.trusted_proxies
    return uvicorn.Config(
        build_app(house),
        http=bounded(bounds, proxies),
        ws="none",
        loop="asyncio",
        lifespan="off",
        log_config=None,
        access_log=False,
        server_header=False,
        date_header=True,
        proxy_headers=bool(proxies),
        forwarded_allow_ips=sorted(proxies),
        timeout_keep_alive=int(bounds.idle),
        timeout_graceful_shutdown=LEAVES_WITHIN,
        backlog=1024,
    )


def _address(listening: socket.socket) -> str:
    host, port = listening.getsockname()[:2]
    shown = "127.0.0.1" if host in {"0.0.0.0", "::"} else host  # noqa: S104 - compared, not bound
    return f"http://[{shown}]:{port}" if ":" in shown else f"http://{shown}:{port}"


def more_files(wanted: int) -> None:
    """Each connection is an open file, and the usual limit is low."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if soft < wanted:
        most = wanted if hard == resource.RLIM_INFINITY else min(wanted, hard)
        with contextlib.suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (most, hard))


def even() -> None:
    """Sets this process up so that no request waits long for what is done for another.

    A thread that comes back from the disk would wait 5 ms, after each statement, until the thread that answers requests
    lets it go on. And what is loaded by now stays: looking through it for what can be thrown away only costs time.
    """
    sys.setswitchinterval(SWITCHES)
    gc.collect()
    gc.freeze()
    gc.set_threshold(*COLLECTS)


def warm() -> None:
    """Loads what the first readers would have to wait for.

    The words of each language, the templates, and the engine's library, by which a cycle is told of an answer.
    """
    for language in NAMES:
        words_in(language)
    for name in templates().list_templates(extensions=["jinja"]):
        templates().get_template(name)
    import_module("workers.telling")


async def _until_orphaned(parent: int, server: uvicorn.Server) -> None:
    while os.getppid() == parent:  # noqa: ASYNC110 - no event tells that a parent has died
        await asyncio.sleep(1)
    server.should_exit = True


async def _once_up(server: uvicorn.Server, announce: Callable[[str], None], address: str) -> None:
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0.02)
    announce(address)
