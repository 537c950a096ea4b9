"""What a run hands to the next at continue-as-new: the whole state, readable while small, packed when large."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

from exchange.cycle import begin
from exchange.state import Cycle
from workflows.contract import CycleStart
from workflows.ledger import Ledger

READABLE = 200 * 1024
"""Bytes of JSON up to which the state is carried as it is; ten thousand delegates come near the limit of 2 MB."""


def pack(ledger: Ledger) -> dict[str, Any]:
    """The ledger between two recordings, JSON-ready."""
    state = ledger.cycle.model_dump(mode="json", exclude_unset=True)
    carried: dict[str, Any] = {"decided_to": ledger.decided_to, "taken": ledger.taken}
    if ledger.writer:
        carried["writer"] = ledger.writer
    if ledger.stuck:
        carried["stuck"] = sorted(ledger.stuck)
    raw = json.dumps(state, separators=(",", ":"), ensure_ascii=False).encode()
    if len(raw) <= READABLE:
        return {**carried, "state": state}
    return {**carried, "packed": base64.b64encode(zlib.compress(raw, 6)).decode()}


def unpack(carried: dict[str, Any]) -> Ledger:
    """The ledger again."""
    state = carried.get("state")
    if state is None:
        state = json.loads(zlib.decompress(base64.b64decode(carried["packed"])))
    ledger = Ledger(
        Cycle.model_validate(state),
        decided_to=int(carried["decided_to"]),
        taken=dict(carried.get("taken") or {}),
        writer=str(carried.get("writer") or ""),
    )
    ledger.stuck.update(carried.get("stuck") or ())
    return ledger


def open_ledger(start: CycleStart) -> Ledger:
    """The ledger a run begins with."""
    if start.carried is not None:
        return unpack(start.carried)
    assert start.plan is not None
    return Ledger(begin(start.plan))
