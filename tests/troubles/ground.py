"""What the pages are tried on: one real server with a namespace for each page, and a worker as a thread beside it.

So each page has an installation of its own, as its reader has: one record, one cycle in it, and nobody else's letters.
"""

from __future__ import annotations

import asyncio
import contextlib
import socket
import subprocess
import threading
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path

from runtime.engine import EngineUnreachable, connect, sdk_runtime
from runtime.settings import Settings
from store.store import open_store
from workers.run import serving
from workers.up import server_command, temporal_program

READY_WITHIN = 60.0


@dataclass(frozen=True)
class Engine:
    """A server, and one of its namespaces."""

    address: str
    namespace: str = "default"

    @property
    def variables(self) -> dict[str, str]:
        return {"TEMPORAL_ADDRESS": self.address, "TEMPORAL_NAMESPACE": self.namespace}


def _free() -> int:
    with socket.socket() as sock:
        sock.bind(("127.0.0.1", 0))
        return int(sock.getsockname()[1])


@contextlib.contextmanager
def server(folder: Path, namespaces: list[str]) -> Iterator[str]:
    """The embedded server with these namespaces; gives its address."""
    port = _free()
    command = server_command(temporal_program(), port, _free(), folder / "temporal.db")
    command += [f"--namespace={name}" for name in namespaces]
    with (folder / "server.log").open("wb") as log:
        process = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=log, stderr=log)
    try:
        asyncio.run(_answers(Settings(data=folder), Engine(f"127.0.0.1:{port}")))
        yield f"127.0.0.1:{port}"
    finally:
        process.terminate()
        process.wait(20)


async def _answers(settings: Settings, engine: Engine) -> None:
    until = time.monotonic() + READY_WITHIN
    while True:
        try:
            client = await connect(settings, environment=engine.variables)
            await client.service_client.check_health()
        except (EngineUnreachable, RuntimeError):
            assert time.monotonic() < until, "the server did not come up"
            await asyncio.sleep(0.1)
        else:
            return


class Served:
    """A worker over a record, from :meth:`start` to :meth:`stop`."""

    def __init__(self, settings: Callable[[], Settings], engine: Engine) -> None:
        self._settings, self._engine = settings, engine
        self._thread: threading.Thread | None = None
        self._begun = threading.Event()
        self._failed: list[BaseException] = []

    def start(self) -> None:
        self._begun.clear()
        self._loop = asyncio.new_event_loop()
        self._over = asyncio.Event()
        self._thread = threading.Thread(target=self._run, name="worker", daemon=True)
        self._thread.start()
        assert self._begun.wait(60), "the worker does not serve"
        assert not self._failed, self._failed

    def stop(self) -> None:
        if self._thread is not None:
            self._loop.call_soon_threadsafe(self._over.set)
            self._thread.join(60)
            self._thread = None

    @property
    def runs(self) -> bool:
        return self._thread is not None

    def _run(self) -> None:
        try:
            self._loop.run_until_complete(self._serve())
        except BaseException as error:  # noqa: BLE001 - the test's thread tells it
            self._failed.append(error)
        finally:
            self._begun.set()
            self._loop.close()

    async def _serve(self) -> None:
        settings = self._settings()
        store = open_store(settings.database_url, domain=settings.mail_domain)
        client = await connect(settings, environment=self._engine.variables, runtime=sdk_runtime())
        async with serving(client, settings, store):
            self._begun.set()
            await self._over.wait()
        store.close()
