"""Serving the portal: uvicorn with connections that are bounded, and an end in order.

``python -m portal`` is the same as a child of `kierros up`.
"""

from __future__ import annotations

import asyncio
import contextlib
import os
import resource
import socket
from collections.abc import Callable

import uvicorn

from portal.app import build_app
from portal.connections import Bounds, bounded
from portal.house import House
from runtime.keys import read_keys
from runtime.log import configure, logger
from runtime.settings import Settings
from store.store import open_store
from workers.ports import listen

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
    server = uvicorn.Server(config(house, bounds))
    async with contextlib.AsyncExitStack() as stack:
        if parent is not None:
            stack.callback(asyncio.create_task(_until_orphaned(parent, server)).cancel)
        if announce is not None:
            stack.callback(asyncio.create_task(_once_up(server, announce, house.address)).cancel)
        logger().info("portal serves", pid=os.getpid())
        await server.serve(sockets=[listening])
        logger().info("portal leaves")


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


async def _until_orphaned(parent: int, server: uvicorn.Server) -> None:
    while os.getppid() == parent:  # noqa: ASYNC110 - no event tells that a parent has died
        await asyncio.sleep(1)
    server.should_exit = True


async def _once_up(server: uvicorn.Server, announce: Callable[[str], None], address: str) -> None:
    while not server.started:  # noqa: ASYNC110 - uvicorn offers no event
        await asyncio.sleep(0.02)
    announce(address)
