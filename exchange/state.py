"""The state of one cycle: the fold of its events, and what its rules ask of it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any, Literal

from pydantic import AwareDatetime, Field

from exchange.approval import Approving
from exchange.base import RULES
from exchange.booking import Booking, commitment
from exchange.desk import Desk, Place
from exchange.feedback import Survey
from exchange.groups import Word
from exchange.handing import Handover
from exchange.invitation import Guests, RemindedJustNow
from exchange.keyed import Keyed
from exchange.money import Purse
from exchange.plan import Registration, Seminar, Step, Visits, When
from exchange.planned import Planned
from exchange.prompt import Answered, NotYourDecision, Prompt
from exchange.seminar import Gathering
from exchange.suspending import Standstill


class Cycle(Planned):
    """One cycle, frozen. Every change is a new value that shares what did not change."""

    rules: int = RULES
    position: int = 0
    """How many events it is the fold of."""
    phase: Literal["running", "suspended", "cancelled", "finished"] = "running"
    ended_at: AwareDatetime | None = None
    standstill: Standstill | None = None
    """While it is suspended: since when, by whom and why."""
    approvals: dict[str, Approving] = {}
    prompts: Keyed[Prompt] = Keyed()
    answered: Keyed[Answered] = Keyed()
    guest_lists: dict[str, Guests] = {}
    desk_books: dict[str, Desk] = {}
    gatherings: dict[str, Gathering] = {}
    bookings: Keyed[Booking] = Keyed()
    """By ``step/slot``."""
    survey_books: dict[str, Survey] = {}
    purse: Purse = Purse()
    filed: tuple[str, ...] = ()
    """Report steps that have been filed."""
    defects: int = 0
    handovers: tuple[Handover, ...] = ()
    """Those that wait for their day, at most one of each member of staff."""
    words: dict[str, Word] = Field(default={}, exclude_if=lambda words: not words)
    """Letters in staff's own words that wait to be approved."""
    written: int = Field(default=0, exclude_if=lambda written: not written)
    """How many such letters there have been."""
    erased: Keyed[int] = Field(default=Keyed(), exclude_if=lambda erased: not len(erased))
    """Whose data was erased: nothing more is asked of her or decided for her."""

    # -- changing ---------------------------------------------------------------------------------------------------

    def put(self, **changes: Any) -> Cycle:
        return self.model_copy(update=changes)

    def with_approving(self, step: str, state: Approving) -> Cycle:
        return self.put(approvals={**self.approvals, step: state})

    def with_guests(self, step: str, **changes: Any) -> Cycle:
        return self.put(guest_lists={**self.guest_lists, step: self.guests(step).model_copy(update=changes)})

    def with_desk(self, step: str, desk: Desk) -> Cycle:
        return self.put(desk_books={**self.desk_books, step: desk})

    def with_gathering(self, step: str, **changes: Any) -> Cycle:
        return self.put(gatherings={**self.gatherings, step: self.gathering(step).model_copy(update=changes)})

    def with_booking(self, step: str, slot: str, booking: Booking) -> Cycle:
        return self.put(bookings=self.bookings.put(f"{step}/{slot}", booking))

    def with_survey(self, step: str, **changes: Any) -> Cycle:
        return self.put(survey_books={**self.survey_books, step: self.survey(step).model_copy(update=changes)})

    def with_entries_called_off(self, person: str) -> Cycle:
        """The state after a person's calendar entries were cancelled: later ones to her must count higher.

        She is not asked any more whether she can come to what has moved.
        """
        cycle = self
        for seminar in self.seminars():
            if (gathering := self.gathering(seminar.id)).stage == "announced":
                cycle = cycle.with_gathering(seminar.id, sequence=gathering.sequence + 2)
        for journey in self.journeys():
            for slot in journey.slots:
                if (booking := self.booking(journey.id, slot.id)).stage == "confirmed":
                    call = booking.call.without(person) if booking.call else None
                    later = booking.model_copy(update={"sequence": booking.sequence + 2, "call": call})
                    cycle = cycle.with_booking(journey.id, slot.id, later)
        return cycle

    # -- the parts --------------------------------------------------------------------------------------------------

    def approving(self, step: str) -> Approving:
        return self.approvals.get(step) or Approving()

    def guests(self, step: str) -> Guests:
        return self.guest_lists.get(step) or Guests()

    def desk(self, step: str) -> Desk:
        if (desk := self.desk_books.get(step)) is not None:
            return desk
        return Desk(capacity=self.step_of(step, Registration).capacity)

    def gathering(self, step: str) -> Gathering:
        return self.gatherings.get(step) or Gathering()

    def booking(self, step: str, slot: str) -> Booking:
        return self.bookings.get(f"{step}/{slot}") or Booking()

    def survey(self, step: str) -> Survey:
        return self.survey_books.get(step) or Survey()

    def to_approve(self, step: str) -> Step | Word:
        """What is approved under that id: a step of the plan, or a letter in staff's own words."""
        return self.words.get(step) or self.known(step)

    # -- the plan ---------------------------------------------------------------------------------------------------

    @property
    def over(self) -> bool:
        """Whether it has ended, one way or the other."""
        return self.phase in {"cancelled", "finished"}

    def lived_to(self, now: datetime) -> datetime:
        """Until when things have happened in it: now, or the hour in which it was suspended."""
        return self.standstill.since if self.standstill is not None else now

    @property
    def day(self) -> float:
        """A day of the plan in real seconds."""
        return 86_400 * self.plan.pace

    def reached(self, step: str) -> bool:
        """Whether it is the step's turn: all before it are settled."""
        return all(self.settled(s.id) for s in self.before(step))

    def settled(self, step: str) -> bool:
        """Whether the step is behind us."""
        found = self.plan.step(step)
        return _SETTLED.get(found.kind, _filed)(self, found)

    @property
    def current(self) -> str:
        """The id of the step whose turn it is; empty when all are settled."""
        return next((s.id for s in self.plan.steps if not self.settled(s.id)), "")

    # -- people -----------------------------------------------------------------------------------------------------

    def place(self, person: str) -> tuple[Registration | None, Place | None]:
        """The registration step where the person stands (where she stood last, when in none), and how."""
        found: tuple[Registration | None, Place | None] = (None, None)
        for step in self.desks_in_plan():
            if (place := self.desk(step.id).people.get(person)) is not None:
                found = (step, place)
                if place.live:
                    break
        return found

    def is_in(self, person: str) -> bool:
        _, place = self.place(person)
        return place is not None and place.live

    def group(self) -> list[str]:
        """Who has a confirmed place, in the order in which they entered."""
        return [
            person
            for step in self.desks_in_plan()
            for person, place in self.desk(step.id).people.items()
            if place.state == "confirmed"
        ]

    def took_part(self, person: str) -> bool:
        """Confirmed, and not noted absent from every seminar where attendance was taken."""
        _, place = self.place(person)
        if place is None or place.state != "confirmed":
            return False
        noted = [present for g in self.gatherings.values() if (present := g.attendance.get(person)) is not None]
        return not noted or any(noted)

    def participants(self) -> list[str]:
        return [person for person in self.group() if self.took_part(person)]

    def holds(self, actor: str, role: str) -> bool:
        return actor in self.plan.roles.get(role, ())

    def demand(self, actor: str, *roles: str) -> str:
        """The first of ``roles`` (of any role, when none is named) that the actor holds.

        Raises:
            NotYourDecision: none.
        """
        wanted = roles or tuple(self.plan.roles)
        for role in wanted:
            if self.holds(actor, role):
                return role
        raise NotYourDecision(actor, wanted)

    def demand_pause(self, what: str, since: datetime | None, now: datetime) -> None:
        """A day goes by between two reminders that staff ask for.

        Raises:
            RemindedJustNow: it has not.
        """
        if since is not None and (now - since).total_seconds() < self.day:
            raise RemindedJustNow(what, since)

    # -- hosts and money --------------------------------------------------------------------------------------------

    def host_busy(self, host: str, begins: When, ends: When, *, but: tuple[str, str]) -> bool:
        """Whether the host stands in a slot that overlaps that span; ``but`` (step and slot) does not count."""
        return any(
            booking.host == host
            and booking.stage in {"asked", "proposed", "confirmed"}
            and (step.id, slot.id) != but
            and begins.at < slot.ends.at
            and slot.begins.at < ends.at
            for step in self.journeys()
            for slot in step.slots
            for booking in (self.booking(step.id, slot.id),)
        )

    def free_for(self, step: str, returned: int = 0) -> int:
        """What may be committed for the step once ``returned`` has come back.

        That is what is free, less what steps still to be approved will need: a dear host never eats up a seminar.
        """
        waiting = (s.id for s in self.plan.steps if s.id != step and self.approving(s.id).stage != "given")
        return max(0, self.purse.free + returned - sum(self.at_stake(s) for s in waiting))

    def affords(self, step: str, cents: int, returned: int = 0) -> bool:
        """Whether so much may be committed for the step; a plan without cap asks for no limit."""
        return not self.plan.budget.cap or cents <= self.free_for(step, returned)

    def at_stake(self, step: str) -> int:
        """The money that approving the step commits at once, in hundredths; what was paid before is taken off."""
        found = self.to_approve(step)
        if isinstance(found, Seminar):
            return self.purse.needs(step, found.cents)
        if isinstance(found, Visits):
            first = [(commitment(step, s.id, c.host), c.cents) for s in found.slots for c in s.candidates[:1]]
            return sum(self.purse.needs(key, cents) for key, cents in first)
        return 0

    def offers_until(self, step: Registration) -> datetime | None:
        """After this no freed place is offered: the plan's moment, else when the last gathering or stay begins."""
        if step.offers_until is not None:
            return step.offers_until.at
        begins = [s.begins.at for s in self.seminars()]
        begins += [s.begins.at for j in self.journeys() for s in j.slots]
        return max(begins, default=None)


def _open_no_more(cycle: Cycle, step: Registration) -> bool:
    desk = cycle.desk(step.id)
    return desk.stage == "closed" and (step.places == "first_come" or desk.selected)


def _travelled(cycle: Cycle, step: Visits) -> bool:
    return cycle.approving(step.id).stage == "given" and all(
        cycle.booking(step.id, slot.id).done for slot in step.slots
    )


def _filed(cycle: Cycle, step: Step) -> bool:
    return step.id in cycle.filed


_SETTLED: dict[str, Callable[[Cycle, Any], bool]] = {
    "invitations": lambda cycle, step: cycle.guests(step.id).stage == "sent",
    "registration": _open_no_more,
    "seminar": lambda cycle, step: cycle.gathering(step.id).stage in {"held", "released"},
    "visits": _travelled,
    "feedback": lambda cycle, step: cycle.survey(step.id).stage == "closed",
}
"""By the step's kind, when it is behind us; any other is when it has been filed. Asked thousands of times a year."""
