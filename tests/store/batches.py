from __future__ import annotations

from exchange.correspondence import Mail
from exchange.record import Preparation
from store.store import Store

BATCH = "invitations/1"


def preparation(cycle: str, *mails: Mail) -> Preparation:
    return Preparation(cycle=cycle, step="invitations", revision=1, mails=mails)


def states(store: Store, cycle: str) -> list[tuple[str, str]]:
    return [(row.to_ref, row.state) for row in store.letters(cycle)]
