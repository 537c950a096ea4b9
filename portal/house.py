"""What every page may use: the record, the settings, the keys, and where the portal stands."""

from __future__ import annotations

import hmac
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import cached_property
from pathlib import Path
from urllib.parse import urlsplit

from starlette.requests import Request

from portal.gathering import Gathering
from portal.rates import Rates, neighbourhood
from portal.states import States
from portal.waiting import Waiting
from runtime.keys import Keys
from runtime.settings import Settings
from store.links import Links
from store.store import Store
from workers.waking import Waker

LOOPBACK = frozenset({"127.0.0.1", "localhost", "::1", "[::1]"})


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class House:
    """One portal over one record."""

    store: Store
    settings: Settings
    keys: Keys
    address: str = ""
    """The portal's own public address, e.g. ``https://exchange.library.example``; without a slash at its end."""
    embedded: bool = False
    """Whether it runs inside `kierros up`, on the computer of whoever looks at it."""
    rates: Rates = field(default_factory=Rates)
    now: Callable[[], datetime] = _now
    """The clock (aware, UTC); tests give their own."""

    @cached_property
    def states(self) -> States:
        """Where cycles stand."""
        return States(self.store)

    @cached_property
    def waiting(self) -> Waiting:
        """Where readers wait for decisions."""
        return Waiting(self.store)

    @cached_property
    def waker(self) -> Waker:
        """Tells cycles that an answer has come."""
        return Waker(self.settings)

    @cached_property
    def gathering(self) -> Gathering:
        """Where answers wait to be committed together."""
        return Gathering(self.store)

    @cached_property
    def links(self) -> Links:
        """The personal links of letters."""
        return Links(self.store, self.keys)

    @cached_property
    def _forms(self) -> hmac.HMAC:
        return hmac.new(self.keys.derived("forms"), digestmod="sha256")

    def mailbox(self, caller: str) -> Path | None:
        """The folder of letters, which a newcomer may read in the browser; None where letters leave for real.

        On her own computer alone: among the letters are those by which staff sign in. Where the portal has a public
        address, whoever seems to be here may have come by a proxy.
        """
        at_home = caller in LOOPBACK and (urlsplit(self.address).hostname or "127.0.0.1") in LOOPBACK
        return self.settings.mailbox if self.embedded and at_home and self.settings.transport == "mailbox" else None

    @property
    def hosts(self) -> frozenset[str]:
        """The names by which the portal may be called."""
        named = urlsplit(self.address).hostname
        return LOOPBACK | {named} if named else LOOPBACK

    @property
    def by_tls(self) -> bool:
        """Whether the public address is an https one."""
        return self.address.startswith("https://")

    def sealed(self, *parts: str) -> str:
        """A mark that only this installation can make for these parts; 32 hexadecimal digits."""
        said = "\0".join(parts).encode("utf-8", "surrogatepass")
        # not `hmac.digest`: it lets go of the interpreter, and the thread that answers everybody waits to get it back
        mark = self._forms.copy()
        mark.update(said)
        return mark.hexdigest()[:32]


def house(request: Request) -> House:
    """The portal that the request came to."""
    found: House = request.app.state.house
    return found


def caller(request: Request) -> str:
    """Whom the request counts for: an address, or a network of addresses that one caller may have."""
    return neighbourhood(request.client.host) if request.client else ""


def by_tls(request: Request) -> bool:
    """Whether the reader came by TLS: then no cookie is to travel without it."""
    return house(request).by_tls or request.scope.get("scheme") == "https"
