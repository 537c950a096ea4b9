"""What has come too late to be approved, or to be made ready again: letters that would call people to what is past.

The decision stays open: staff move the date, whereupon the letters are made ready anew, or reject them.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, ClassVar

from exchange.base import Refusal
from exchange.groups import Word
from exchange.plan import Invitations, Registration, Seminar, Step, Visits

if TYPE_CHECKING:
    from exchange.state import Cycle


@dataclass(eq=False)
class LateApproval(Refusal):
    step: str
    of: str
    """The step (or, with a slot, the stay) whose moment has gone by; often the step itself."""
    field: str
    since: datetime
    slot: str = ""
    about_time: ClassVar[bool] = True

    def __str__(self) -> str:
        return (
            f"{self.gone_by}, and the letters of {self.step} would call to what "
            f"is past. Move it first (`{self.way_on}`) and approve the letters that are then made anew, or reject them."
        )

    @property
    def gone_by(self) -> str:
        """What is past."""
        what = self.stay(f"{self.of}/{self.slot}") if self.slot else self.of
        happened = "closed" if self.field == "closes" else "began"
        return f"{what} {happened} at {self.clock(self.since)}"

    @property
    def way_on(self) -> str:
        """The command that moves it."""
        return f"kierros move {self.of} {self.field} WHEN" + (f" --slot {self.slot}" if self.slot else "")


@dataclass(eq=False)
class LateAgain(LateApproval):
    """A step was rejected, and its moment has gone by since: what is made ready again could not be approved."""

    def __str__(self) -> str:
        return (
            f"{self.gone_by}: letters of {self.step} that are made ready again would call to what is past, and could "
            f"not be approved. Move it first (`{self.way_on}`), then have them made ready again."
        )


def late(cycle: Cycle, step: Step | Word, now: datetime) -> LateApproval | None:
    """Why the step's letters make no sense any more at ``now``; None while they do."""
    match step:
        case Invitations():
            desk = cycle.step_of(step.registration, Registration)
            return LateApproval(step.id, desk.id, "closes", desk.closes.at) if desk.closes.at <= now else None
        case Seminar():
            return LateApproval(step.id, step.id, "begins", step.begins.at) if step.begins.at <= now else None
        case Visits():
            begun = [slot for slot in step.slots if slot.begins.at <= now and not cycle.booking(step.id, slot.id).done]
            first = min(begun, key=lambda slot: slot.begins.at, default=None)
            return None if first is None else LateApproval(step.id, step.id, "begins", first.begins.at, first.id)
        case _:
            return None
