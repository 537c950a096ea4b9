"""The one place where a staff decision is checked for who sent it, before any rule sees it.

Runs live and never on replay, leaves no history and awaits nothing: what it turns away is put into a queue of this
process, from which the watchman writes it into the log of the doors. What it demands: the command names a staff
reference, and beside it came the proof that this very decision was made at a door where she had signed in
(:mod:`runtime.proofs`). Whether she may decide it is then for the rules to say.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from temporalio import workflow
from temporalio.api.common.v1 import Payload
from temporalio.exceptions import ApplicationError
from temporalio.worker import (
    HandleUpdateInput,
    Interceptor,
    WorkflowInboundInterceptor,
    WorkflowInterceptorClassInput,
)

from exchange.base import RULES, Command
from runtime.proofs import HEADER, Claim, Unproven, digest_of, verify

LONGEST = 40
"""A reference has fewer characters."""
MOST = 200
"""Refusals that wait to be written down; of more than that in a second the oldest are not."""


@dataclass(frozen=True)
class Turned:
    """A decision that was turned away: what is written down of it."""

    at: datetime
    cycle: str
    update: str
    """The update's name, e.g. ``approve``."""
    actor: str
    """Whom it named, where that is a reference of staff."""
    why: str


class TurnedAway:
    """What was turned away in this process and is not written down yet. Safe to use from several threads."""

    def __init__(self) -> None:
        self._waiting: deque[Turned] = deque(maxlen=MOST)

    def add(self, turned: Turned) -> None:
        self._waiting.append(turned)

    def first(self) -> Turned | None:
        return self._waiting[0] if self._waiting else None

    def written(self, turned: Turned) -> None:
        """It stands in the log now."""
        if self._waiting and self._waiting[0] is turned:
            self._waiting.popleft()


class ProofInterceptor(Interceptor):
    """Puts the check before every update of every workflow.

    Args:
        key: of this installation, for proofs.
        turned: where what is turned away is put.
        clock: seconds since 1970, for tests.
    """

    def __init__(self, key: bytes, turned: TurnedAway, clock: Callable[[], float] = time.time) -> None:
        self._key, self._turned, self._clock = key, turned, clock

    def workflow_interceptor_class(self, _input: WorkflowInterceptorClassInput) -> type[WorkflowInboundInterceptor]:
        key, turned, clock = self._key, self._turned, self._clock

        class Check(WorkflowInboundInterceptor):
            def handle_update_validator(self, input: HandleUpdateInput) -> None:  # noqa: A002 - the SDK's name
                command = input.args[0] if input.args else None
                if isinstance(command, Command) and command.needs > RULES:
                    super().handle_update_validator(input)  # says that it takes a newer release to read it
                try:
                    _prove(key, command, input, clock())
                except Unproven as no:
                    turned.add(_turned(command, input, no.why))
                    raise _refusal(command, no) from None
                super().handle_update_validator(input)

        return Check


def _refusal(command: Any, no: Unproven) -> ApplicationError:
    if not _staff(command):
        said, name = "A decision must say which member of staff takes it.", "NobodySigned"
    else:
        said, name = f"This did not come from a door of Kierros. {no}", "NoProof"
    mend = "Sign in with `kierros login` (or in the portal), and decide there."
    return ApplicationError(f"Nothing was decided. {said} {mend}", type=name, non_retryable=True)


def _staff(command: Any) -> str:
    """The reference of staff that it names; nothing else of it is repeated anywhere."""
    named = str(getattr(command, "actor", ""))
    return named if named.startswith("s_") and named[2:].replace("_", "").isalnum() and len(named) < LONGEST else ""


def _prove(key: bytes, command: Any, asked: HandleUpdateInput, now: float) -> None:
    """Raises Unproven where no proof came that fits."""
    if not isinstance(command, Command) or not _staff(command):
        raise Unproven("missing")
    claim = Claim(command.actor, workflow.info().workflow_id, digest_of(command), asked.id)
    verify(key, _header(asked.headers), claim, now)


def _header(headers: Mapping[str, Payload]) -> str:
    payload = headers.get(HEADER)
    return payload.data.decode("utf-8", "replace") if payload is not None else ""


def _turned(command: Any, asked: HandleUpdateInput, why: str) -> Turned:
    return Turned(datetime.now(UTC), workflow.info().workflow_id, asked.update, _staff(command), why)
