"""What staff type in for people, hosts and libraries: put into a cycle's inbox with the proof of who typed it in."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import uuid4

from exchange.base import Command
from exchange.record import commands
from exchange.wire import lowered
from store.models import Letterbox, Receipt
from workers.entitled import demand_role
from workers.signing import Hand


def enter(hand: Hand, cycle: str, items: Sequence[Letterbox]) -> list[Receipt]:
    """Has the answers kept, in one transaction that looks again whether she is signed in.

    Each says that she typed it in, so that the history says so too.

    Raises:
        NoRoleThere: she holds no role in the cycle; nothing was kept.
        SessionOver: she is not signed in; nothing was kept.
        CommandIdReused, CommandTooLarge, CycleIsOver, NoSuchCycle: as :func:`store.inbox.receive` says.
    """
    demand_role(hand.store, cycle, hand.staff)
    rules = hand.store.cycle(cycle).rules
    as_kept = (item.model_copy(update={"command": lowered(_typed_in(item, hand.staff), rules)}) for item in items)
    signed = [hand.entered(cycle, item) for item in as_kept]
    return hand.store.receive(cycle, signed, session=hand.session)


def _typed_in(item: Letterbox, staff: str) -> dict[str, Any]:
    """The wish, with who typed it in for somebody else."""
    return item.command if item.actor == staff else {**item.command, "entered_by": staff}


def letterbox(wish: Command, command_id: str = "", answers: Mapping[str, Any] | None = None) -> Letterbox:
    """A wish as it goes into the inbox, under an id of its own where none is given."""
    data = commands.pack(wish)
    for part in ("at", "actor", "cause"):
        data.pop(part, None)
    own = command_id or f"cli-{uuid4().hex}"
    return Letterbox(command_id=own, command=data, actor=wish.actor, answers=dict(answers) if answers else None)


def derived_id(*parts: str) -> str:
    """A command id made of what the command says, so that importing the same again adds nothing."""
    return "import-" + hashlib.sha256("\n".join(parts).encode()).hexdigest()[:32]
