"""An engine for tests of pages: it decides what lies in the inbox and what time asks for, and staff always agree.

It is the workflow's own ledger without Temporal, so that what a page shows is what the rules and the record say.
"""

from __future__ import annotations

from datetime import datetime

from exchange.approval import Approve
from exchange.base import Command
from exchange.prompt import Prompt
from exchange.record import Ready
from exchange.state import Cycle
from store.store import Store
from workflows.ledger import Ledger


class Engine:
    """One cycle, carried on by hand."""

    def __init__(self, store: Store, cycle: str) -> None:
        self._store, self._cycle = store, cycle

    def staff(self, wish: Command, now: datetime) -> None:
        """Staff decide something."""
        ledger = Ledger(self._store.load(self._cycle), decided_to=self._store.cycle(self._cycle).decided_to)
        ledger.decide(wish)
        self._keep(ledger, now)

    def decide(self, now: datetime) -> Cycle:
        """Decides what time asks for until then, and all answers that wait."""
        ledger = Ledger(self._store.load(self._cycle), decided_to=self._store.cycle(self._cycle).decided_to)
        rows = self._store.waiting(self._cycle, 200).rows
        moment = now
        for _ in range(2_000):
            dues = [entry for entry in ledger.due() if entry.at <= now]
            before = [row for row in rows if not dues or row.at < dues[0].at]
            # staff agree as soon as something waits for it, not when all this time has passed
            if not self._staff(ledger, moment):
                if before:
                    ledger.take(before, now)
                    rows, moment = rows[len(before) :], before[-1].at
                elif dues:
                    moment = dues[0].at
                    ledger.time(dues[0], moment)
                else:
                    break
            self._keep(ledger, now)
        self._keep(ledger, now)
        return ledger.cycle

    def _staff(self, ledger: Ledger, now: datetime) -> bool:
        """Prepares what is to be prepared, and agrees to what waits for it."""
        if step := ledger.preparing():
            ledger.prepared(step, ledger.cycle.approving(step).revision, Ready(digest="d"), now)
            return True
        waiting = next((prompt for prompt in ledger.cycle.prompts.values() if prompt.about == "approval"), None)
        if waiting is not None:
            ledger.decide(Approve(at=now, actor=_who(ledger.cycle, waiting), prompt=waiting.id, digest=waiting.digest))
        return waiting is not None

    def _keep(self, ledger: Ledger, now: datetime) -> None:
        if ledger.unrecorded:
            record = ledger.record(collect=False)
            self._store.keep(record, now)
            ledger.was_recorded(record)


def _who(cycle: Cycle, prompt: Prompt) -> str:
    """Somebody who may agree, and is not the one who asked."""
    holders = [*cycle.plan.roles.get(prompt.role, ()), *cycle.plan.roles.get(prompt.deputy or "", ())]
    return next(who for who in holders if who not in {prompt.asked_by, cycle.plan.starter} or not prompt.second_person)
