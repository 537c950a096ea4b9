"""Who decides at a door, and the proof that the door makes of it: a light module, for answers go without the engine."""

from __future__ import annotations

import time
from dataclasses import dataclass, field

from exchange.base import Command
from runtime.keys import read_keys
from runtime.proofs import LASTS, Proof, digest_of, digest_of_answer, sign, sign_entry
from runtime.settings import Settings
from store.models import Letterbox, Session
from store.store import Store

PROOFS = "proofs"
"""The purpose of the key: what :meth:`runtime.keys.Keys.derived` is asked for."""


def proof_key(settings: Settings) -> bytes:
    """The key of this installation for proofs.

    Raises:
        KeyFault: there is no secret to make it of.
    """
    return read_keys(settings).derived(PROOFS)


@dataclass(frozen=True)
class Hand:
    """Somebody who has signed in at a door, and can sign there what she decides."""

    store: Store
    key: bytes = field(repr=False)
    session: Session

    @property
    def staff(self) -> str:
        """Her reference, ``s_…``."""
        return self.session.staff

    def signed(self, cycle: str, command: Command, nonce: str) -> str:
        """The proof of a decision, after another look whether she is still signed in.

        Raises:
            SessionOver: she is not.
            NotHers: the command names somebody else as its actor.
        """
        if command.actor != self.staff:
            raise NotHers(command.actor, self.staff)
        self.store.demand_session(self.session)
        role, step, revision = self._shown(cycle, command)
        return sign(self.key, self._proof(cycle, digest_of(command), nonce, role, step, revision))

    def entered(self, cycle: str, item: Letterbox) -> Letterbox:
        """An answer that she typed in, with the proof that it was she. Whose answer it is stays as it is.

        Whether she is signed in is looked at when it is kept (:func:`store.inbox.receive`).
        """
        digest = digest_of_answer(item.actor, item.command)
        proof = sign_entry(self.key, self._proof(cycle, digest, item.command_id, "", "", 0))
        return item.model_copy(update={"proof": proof})

    def _proof(self, cycle: str, digest: str, nonce: str, role: str, step: str, revision: int) -> Proof:
        until = int(time.time() + LASTS.total_seconds())
        return Proof(self.staff, role, cycle, step, revision, digest, nonce, until)

    def _shown(self, cycle: str, command: Command) -> tuple[str, str, int]:
        """The role she has there, and the step and its revision that she was shown; empty where it has none."""
        plan = self.store.get_plan(cycle)
        wanted = getattr(command, "prompt", "")
        asked = next((row.prompt for row in self.store.prompts(cycle) if row.prompt.id == wanted), None)
        first = () if asked is None else tuple(role for role in (asked.role, asked.deputy) if role)
        role = next((role for role in (*first, *plan.roles) if self.staff in plan.roles.get(role, ())), "")
        if asked is not None:
            return role, asked.step, asked.revision
        return role, str(getattr(command, "step", "")), 0


class NotHers(Exception):
    """A door was about to send a decision in another's name than that of who has signed in: a mistake of the door."""

    def __init__(self, actor: str, staff: str) -> None:
        super().__init__(f"The decision is in the name of {actor or 'nobody'}, and {staff} has signed in.")
