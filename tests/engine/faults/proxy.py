"""A line to Temporal on which questions pass and answers may get lost."""

from __future__ import annotations

import contextlib
import socket
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field


@dataclass
class Line:
    """Carries every connection on to ``target``. While it is ``deaf`` no answer comes back."""

    target: tuple[str, int]
    listener: socket.socket
    deaf: bool = False
    lost: int = 0
    """Bytes of answers that were swallowed."""
    _ends: list[socket.socket] = field(default_factory=list)

    @property
    def address(self) -> str:
        return "{}:{}".format(*self.listener.getsockname()[:2])

    def serve(self) -> None:
        with contextlib.suppress(OSError):  # it was closed
            while True:
                near, _ = self.listener.accept()
                try:
                    far = socket.create_connection(self.target, timeout=5)
                except OSError:
                    near.close()
                    continue
                far.settimeout(None)
                self._ends += [near, far]
                for of, to, answers in ((near, far, False), (far, near, True)):
                    threading.Thread(target=self._carry, args=(of, to, answers), daemon=True).start()

    def _carry(self, of: socket.socket, to: socket.socket, answers: bool) -> None:
        with contextlib.suppress(OSError):
            while data := of.recv(65_536):
                if answers and self.deaf:
                    self.lost += len(data)
                else:
                    to.sendall(data)
        self._shut(of, to)

    def cut(self) -> None:
        """Every connection is lost; new ones are taken, and heard."""
        ends, self._ends = self._ends, []
        self._shut(*ends)
        self.deaf = False

    @staticmethod
    def _shut(*ends: socket.socket) -> None:
        for end in ends:
            with contextlib.suppress(OSError):
                end.shutdown(socket.SHUT_RDWR)
            end.close()


@contextlib.contextmanager
def line_to(address: str) -> Iterator[Line]:
    """A line to ``host:port``, from a free port of this machine."""
    host, _, port = address.rpartition(":")
    with socket.create_server(("127.0.0.1", 0)) as listener:
        line = Line((host, int(port)), listener)
        threading.Thread(target=line.serve, daemon=True).start()
        try:
            yield line
        finally:
            line.cut()
