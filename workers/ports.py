"""The ports of `kierros up`: free ones, and the same again at the next start."""

from __future__ import annotations

import contextlib
import json
import socket
from dataclasses import asdict, dataclass
from pathlib import Path


class PortTaken(Exception):
    """The portal cannot listen where it should."""


@dataclass(frozen=True)
class Ports:
    """Where the parts of a stack listen on 127.0.0.1."""

    port: int
    """Temporal's."""
    ui_port: int
    portal_port: int

    def write(self, data: Path) -> None:
        """Keeps them for the next start."""
        _file(data).write_text(json.dumps(asdict(self)))


def choose(data: Path, port: int, ui_port: int, portal_port: int) -> Ports:
    """Those that were asked for; instead of 0 the same as before where it is free, else any."""
    before = _before(data)
    return Ports(
        port or free(before.get("port")),
        ui_port or free(before.get("ui_port")),
        portal_port or free(before.get("portal_port")),
    )


def _file(data: Path) -> Path:
    return data / "ports.json"


def _before(data: Path) -> dict[str, int]:
    try:
        return dict(json.loads(_file(data).read_text()))
    except (OSError, ValueError):
        return {}


def free(wanted: int | None = None) -> int:
    """A free port on 127.0.0.1: the wanted one, else any."""
    for port in (wanted or 0, 0):
        with socket.socket() as sock, contextlib.suppress(OSError):
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            sock.bind(("127.0.0.1", port))
            return int(sock.getsockname()[1])
    raise OSError("no free port on 127.0.0.1")


def listen(host: str, port: int) -> socket.socket:
    """A socket that listens there; connections wait in it until somebody takes them.

    Raises:
        PortTaken: something else listens there.
    """
    listening = socket.socket(socket.AF_INET6 if ":" in host else socket.AF_INET, socket.SOCK_STREAM)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listening.bind((host, port))
        listening.listen(1024)
    except OSError as why:
        listening.close()
        raise PortTaken(
            f"The portal cannot listen at {host}, port {port}: {why.strerror or why}. Name another with "
            "KIERROS_PORTAL_HOST and KIERROS_PORTAL_PORT, or end what uses it."
        ) from None
    return listening
