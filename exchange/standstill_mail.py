"""Who is written to when a cycle is suspended, and again when it goes on: only where staff have said so."""

from __future__ import annotations

from exchange.groups import everybody
from exchange.mail import LetterKind, Mail
from exchange.naming import written_to
from exchange.state import Cycle
from exchange.suspending import CycleResumed, CycleSuspended

OfStandstill = CycleSuspended | CycleResumed


def of_standstill(event: OfStandstill, after: Cycle) -> list[Mail]:
    """One letter to everybody who counts on the cycle; without calendar entries, for nothing is called off."""
    people = tuple(dict.fromkeys((*everybody(after), *written_to(after)))) if event.told else ()
    kind: LetterKind = "cycle_suspended" if isinstance(event, CycleSuspended) else "cycle_resumed"
    return [Mail(kind=kind, to=people, mark=str(after.position))] if people else []
