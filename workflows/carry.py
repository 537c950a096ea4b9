"""What a run hands to the next at continue-as-new: the whole state, readable while small, packed when large."""

from __future__ import annotations

import base64
import json
import zlib
from typing import Any

from exchange.base import RULES, NewerRules
from exchange.cycle import begin
from exchange.state import Cycle
from exchange.wire import STATE, VERSION, lifted, lowered
from workflows.contract import CycleStart
from workflows.ledger import Ledger

READABLE = 200 * 1024
"""Bytes of JSON up to which the state is carried as it is; ten thousand delegates come near the limit of 2 MB."""


def pack(ledger: Ledger) -> dict[str, Any]:
    """The ledger between two recordings, JSON-ready; it says which version of the rules it needs."""
    state = ledger.cycle.model_dump(mode="json", exclude_unset=True)
    state = {**lowered({"kind": STATE, **state}, ledger.cycle.rules), "rules": ledger.cycle.rules}
    for key in ("kind", VERSION):
        state.pop(key, None)
    carried: dict[str, Any] = {"decided_to": ledger.decided_to, "taken": ledger.taken}
    if ledger.needs > 1:
        carried["needs"] = ledger.needs
    if ledger.writer:
        carried["writer"] = ledger.writer
    if ledger.stuck:
        carried["stuck"] = sorted(ledger.stuck)
    raw = json.dumps(state, separators=(",", ":"), ensure_ascii=False).encode()
    if len(raw) <= READABLE:
        return {**carried, "state": state}
    return {**carried, "packed": base64.b64encode(zlib.compress(raw, 6)).decode()}


def unpack(carried: dict[str, Any]) -> Ledger:
    """The ledger again.

    Raises:
        NewerRules: the run before has used what this release does not know.
    """
    state = carried.get("state")
    if state is None:
        state = json.loads(zlib.decompress(base64.b64decode(carried["packed"])))
    needs = int(carried.get("needs") or 1)
    demand(f"{state['plan']['id']}, as it was carried on from event {state.get('position', 0)},", needs)
    ledger = Ledger(
        Cycle.model_validate(lifted({"kind": STATE, VERSION: state.get("rules", 1), **state})),
        decided_to=int(carried["decided_to"]),
        needs=needs,
        taken=dict(carried.get("taken") or {}),
        writer=str(carried.get("writer") or ""),
    )
    ledger.stuck.update(carried.get("stuck") or ())
    return ledger


def open_ledger(start: CycleStart) -> Ledger:
    """The ledger a run begins with.

    Raises:
        NewerRules: the cycle needs a newer release. Its workflow task fails with the sentence until one is there.
    """
    if start.carried is not None:
        return unpack(start.carried)
    assert start.plan is not None
    demand(start.plan.id, start.rules)
    return Ledger(begin(start.plan, start.rules))


def demand(what: str, version: int) -> None:
    """Refuses what needs a newer version of the rules than there is here."""
    if version > RULES:
        raise NewerRules(what, version)
