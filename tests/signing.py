"""Staff who have signed in, without a letter: by the store's own functions, and into the terminal's own file."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, datetime
from typing import Any

from cli import tokens
from exchange.base import Command
from runtime.proofs import digest_of, sign
from runtime.settings import Settings
from store.models import Letterbox, Receipt, Session
from store.store import Store
from workers.entering import enter
from workers.signing import Hand

KEY = b"the key of the tests' own workers"


class Anybody(Hand):
    """Signs for whoever the command names, also for those who have not signed in, or are nobody."""

    def signed(self, cycle: str, command: Command, nonce: str) -> str:
        return sign(self.key, self._proof_of(cycle, command, nonce))

    def _proof_of(self, cycle: str, command: Command, nonce: str) -> Any:
        from dataclasses import replace

        return replace(self._proof(cycle, digest_of(command), nonce, "", "", 0), actor=command.actor)


def anybody(store: Store, key: bytes = KEY) -> Hand:
    """A hand that signs in anybody's name."""
    now = datetime.now(UTC)
    nobody = Session(id="", staff="s_nobody", door="terminal", made_at=now, expires_at=now)
    return Anybody(store, key, nobody)


def hand_of(store: Store, staff: str, key: bytes = KEY) -> Hand:
    """Of somebody who signs in now."""
    return Hand(store, key, store.open_session(staff, "terminal")[1])


def enter_as(store: Store, staff: str, cycle: str, items: Sequence[Letterbox], key: bytes = KEY) -> list[Receipt]:
    """What staff type in."""
    return enter(hand_of(store, staff, key), cycle, items)


def sign_in(store: Store, settings: Settings, who: Iterable[str] | None = None) -> None:
    """Signs in at the terminal of this computer those who have not yet: those named, or all staff there are."""
    wanted = set(who) if who is not None else None
    here = tokens.tokens(settings)
    for one in store.staff():
        if (wanted is None or wanted & {one.name, one.ref, one.address}) and (
            one.ref not in here or store.session(here[one.ref], "terminal") is None
        ):
            tokens.keep(settings, one.ref, store.open_session(one.ref, "terminal")[0])
