"""The book of standstills, and how staff of a :class:`tests.exchange.world.World` suspend and resume its cycle."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from exchange import (
    approval,
    booking,
    cancelling,
    coming,
    defect,
    feedback,
    handing,
    invitation,
    moving,
    noting,
    prompt,
    registration,
    spending,
)
from exchange.base import Command, Event
from exchange.correspondence import Mail
from exchange.cycle import REMINDERS, due
from exchange.state import Cycle
from exchange.suspending import CycleResumed, CycleSuspended, Resume, Suspend
from tests.builders import ANTTI, KRISTINA, OLGA
from tests.exchange.puttingoff import go_on

if TYPE_CHECKING:
    from tests.exchange.world import World

MEANWHILE = (
    cancelling.SeminarReleased, booking.VisitReleased, prompt.PromptClosed, cancelling.CycleCancelled, CycleResumed,
    moving.DateMoved, booking.VisitMoved, approval.PreparationBegan, prompt.PromptOpened, defect.RowParked,
    noting.NoteTaken, spending.MoneySpent, spending.ShareChanged,
    handing.HandoverArranged, handing.HandoverCalledOff, handing.RolesHandedOver,
)  # fmt: skip
"""What may happen while the cycle stands still."""
FIRST_WORDS = (
    CycleResumed, invitation.InvitedReminded, feedback.SurveyReminded, booking.HostReminded, registration.PlaceOffered,
    coming.DelegatesReminded,
)  # fmt: skip
"""What follows from letting it go on; the reminders among it are noted as missed."""


class StillBook:
    """While it is suspended nothing happens but what staff do to its dates and to its end."""

    def __init__(self, reached: Counter[str]) -> None:
        self.suspended, self.reached = False, reached

    def saw(self, before: Cycle, event: Event, mails: list[Mail]) -> None:
        if self.suspended:
            assert isinstance(event, MEANWHILE), f"{type(event).__name__} while the cycle stands still"
        if isinstance(event, CycleSuspended | CycleResumed):
            assert self.suspended == isinstance(event, CycleResumed)
            assert event.actor in before.plan.roles[event.role], "6: a decision without a role"
            assert bool(mails) <= event.told, "somebody is told whom nobody wanted to tell"
            self.suspended = not self.suspended
            self.reached["the cycle is suspended"] += self.suspended

    def decided(self, command: Command, events: list[Event], after: Cycle) -> None:
        if isinstance(command, Resume):
            assert all(isinstance(event, FIRST_WORDS) and not getattr(event, "count", 0) for event in events)
            overdue = {type(entry.command) for entry in due(after) if entry.at <= command.at}
            assert not overdue & set(REMINDERS), "17: reminders come in a burst after a standstill"
            self.reached["the cycle is resumed"] += 1


def staff_suspend(world: World) -> None:
    if world.stream.chance(40):
        who, tell = world.stream.pick([OLGA, KRISTINA, ANTTI, "p_anna"]), world.stream.chance(50)
        world.say(Suspend(at=world.now, actor=who, reason="n_flood", tell=tell))


def staff_resume(world: World) -> None:
    """As it is, which is refused where a date has gone by; or with new dates."""
    refusal = world.say(Resume(at=world.now, actor=world.stream.pick([OLGA, KRISTINA, ANTTI, "p_anna"])))
    if refusal is not None and world.stream.chance(90):
        go_on(world)
