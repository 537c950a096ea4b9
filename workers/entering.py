"""What staff type in for people, hosts and libraries: put into a cycle's inbox with the proof of who typed it in."""

from __future__ import annotations

from collections.abc import Sequence

from exchange.wire import lowered
from store.models import Letterbox, Receipt
from workers.signing import Hand


def enter(hand: Hand, cycle: str, items: Sequence[Letterbox]) -> list[Receipt]:
    """Has the answers kept, in one transaction that looks again whether she is signed in.

    Raises:
        SessionOver: she is not; nothing was kept.
        CommandIdReused, CommandTooLarge, CycleIsOver, NoSuchCycle: as :func:`store.inbox.receive` says.
    """
    rules = hand.store.cycle(cycle).rules
    as_kept = (item.model_copy(update={"command": lowered(item.command, rules)}) for item in items)
    signed = [hand.entered(cycle, item) for item in as_kept]
    return hand.store.receive(cycle, signed, session=hand.session)
