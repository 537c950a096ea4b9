"""Why a place was not given: the refusals of the registration desk."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import ClassVar

from exchange.base import Refusal

ANSWERED = {
    "confirmed": "has a place", "waiting": "waits for a place", "applied": "has applied", "withdrawn": "has withdrawn",
    "declined": "has declined the place on offer", "": "cannot come",
}  # fmt: skip
"""Where somebody stands after her answer, in words."""


FOR_GOOD = (
    "and is not opened again. Whoever was invited and has not answered can be given time of her own: "
    "`kierros extend ADDRESS --until WHEN`."
)


@dataclass(eq=False)
class RegistrationClosed(Refusal):
    since: datetime
    about_time: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"Registration closed at {self.clock(self.since)}, {FOR_GOOD}"


@dataclass(eq=False)
class ClosedForGood(Refusal):
    """The closing date of a registration that has closed: places are given by then, and people have been told."""

    step: str
    about_time: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"{self.step} has closed, {FOR_GOOD}"


@dataclass(eq=False)
class RegistrationNotOpen(Refusal):
    opens: datetime
    about_time: ClassVar[bool] = True

    def __str__(self) -> str:
        return f"Registration opens at {self.clock(self.opens)}. Please ask again then."


@dataclass(eq=False)
class AlreadyRegistered(Refusal):
    person: str
    state: str

    def __str__(self) -> str:
        return (
            f"{self.person} is registered already ({self.state}); one person has one place. "
            "To change it, withdraw first."
        )


@dataclass(eq=False)
class NotRegistered(Refusal):
    person: str

    def __str__(self) -> str:
        return f"{self.person} has no place here and waits for none."


@dataclass(eq=False)
class NoOffer(Refusal):
    person: str
    state: str

    def __str__(self) -> str:
        return f"No place is on offer to {self.person} now ({self.state})."


@dataclass(eq=False)
class BelowConfirmed(Refusal):
    capacity: int
    taken: int

    def __str__(self) -> str:
        if self.capacity < 1:
            return f"A group has at least one place; {self.capacity} is none."
        return (
            f"{self.taken} places are confirmed or on offer, so the capacity cannot become {self.capacity}. "
            "Withdraw people first; nobody is put out by a number."
        )


@dataclass(eq=False)
class PickNotWaiting(Refusal):
    person: str

    def __str__(self) -> str:
        return f"{self.person} has not applied, or not any more. Select among those who have."


@dataclass(eq=False)
class TooManyPicked(Refusal):
    picked: int
    capacity: int

    def __str__(self) -> str:
        return f"{self.picked} people are selected for {self.capacity} places. Select at most {self.capacity}."


@dataclass(eq=False)
class TooManyFromOneLibrary(Refusal):
    home: str
    picked: int
    limit: int

    def __str__(self) -> str:
        return (
            f"{self.picked} people are selected from {self.home}; the plan lets at most {self.limit} of a library in."
        )


@dataclass(eq=False)
class NotFromTheSameLibrary(Refusal):
    person: str
    by: str
    home: str

    def __str__(self) -> str:
        of = f"of {self.home}" if self.home else "of a library that nobody knows"
        return (
            f"The place of {self.person} is one {of}, and a substitute comes from the same library; {self.by} does "
            "not. Withdraw her instead: then the next on the waiting list is offered the place."
        )
