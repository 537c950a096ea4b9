"""The state of one cycle: the fold of its events, and what its rules ask of it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any, Literal, TypeVar

from pydantic import AwareDatetime

from exchange.approval import Answered, Approving, NotYourDecision, Prompt
from exchange.base import RULES, Model, Refusal
from exchange.booking import Booking
from exchange.desk import Desk, Place
from exchange.feedback import Survey
from exchange.invitation import Guests
from exchange.keyed import Keyed
from exchange.money import Purse
from exchange.plan import CyclePlan, Feedback, Invitations, Registration, Seminar, Step, Visits, When
from exchange.seminar import Gathering

S = TypeVar("S", Invitations, Registration, Seminar, Visits, Feedback)


@dataclass(frozen=True)
class UnknownStep(Refusal):
    step: str
    steps: tuple[str, ...]

    def __str__(self) -> str:
        return f"This cycle has no such step {self.step!r}; it has {', '.join(self.steps) or 'none of that kind'}."


class Cycle(Model):
    """One cycle, frozen. Every change is a new value that shares what did not change."""

    plan: CyclePlan
    rules: int = RULES
    position: int = 0
    """How many events it is the fold of."""
    phase: Literal["running", "cancelled", "finished"] = "running"
    ended_at: AwareDatetime | None = None
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

    # -- the plan ---------------------------------------------------------------------------------------------------

    @property
    def day(self) -> float:
        """A day of the plan in real seconds."""
        return 86_400 * self.plan.pace

    def known(self, step: str) -> Step:
        """The step of that id, or the refusal that names those there are."""
        try:
            return self.plan.step(step)
        except KeyError:
            raise UnknownStep(step, tuple(s.id for s in self.plan.steps)) from None

    def step_of(self, step: str, kind: type[S]) -> S:
        found = next((s for s in self.plan.steps if s.id == step), None)
        if not isinstance(found, kind):
            raise UnknownStep(step, tuple(s.id for s in self.plan.steps if isinstance(s, kind)))
        return found

    def _all(self, kind: type[S]) -> list[S]:
        return [s for s in self.plan.steps if isinstance(s, kind)]

    def invitations(self) -> list[Invitations]:
        return self._all(Invitations)

    def desks_in_plan(self) -> list[Registration]:
        return self._all(Registration)

    def seminars(self) -> list[Seminar]:
        return self._all(Seminar)

    def journeys(self) -> list[Visits]:
        return self._all(Visits)

    def surveys(self) -> list[Feedback]:
        return self._all(Feedback)

    def _only(self, step: str, kind: type[S]) -> S:
        steps = self._all(kind)
        if not step and len(steps) == 1:
            return steps[0]
        return self.step_of(step, kind)

    def desk_step(self, step: str) -> Registration:
        return self._only(step, Registration)

    def survey_step(self, step: str) -> Feedback:
        return self._only(step, Feedback)

    def invited(self, step: str) -> tuple[str, ...]:
        return self.step_of(step, Invitations).people

    def before(self, step: str) -> list[Step]:
        """The steps that the plan puts before this one."""
        ids = [s.id for s in self.plan.steps]
        return list(self.plan.steps[: ids.index(step)])

    def reached(self, step: str) -> bool:
        """Whether it is the step's turn: all before it are settled."""
        return all(self.settled(s.id) for s in self.before(step))

    def settled(self, step: str) -> bool:
        """Whether the step is behind us."""
        found = self.plan.step(step)
        match found:
            case Invitations():
                return self.guests(step).stage == "sent"
            case Registration():
                desk = self.desk(step)
                return desk.stage == "closed" and (found.places != "selected" or desk.selected)
            case Seminar():
                return self.gathering(step).stage in {"held", "released"}
            case Visits():
                return self.approving(step).stage == "given" and all(
                    self.booking(step, slot.id).done for slot in found.slots
                )
            case Feedback():
                return self.survey(step).stage == "closed"
            case _:
                return step in self.filed

    @property
    def current(self) -> str:
        """The id of the step whose turn it is; empty when all are settled."""
        return next((s.id for s in self.plan.steps if not self.settled(s.id)), "")

    # -- people -----------------------------------------------------------------------------------------------------

    def place(self, person: str) -> tuple[Registration | None, Place | None]:
        """The registration step where the person stands, and where she stands in it."""
        for step in self.desks_in_plan():
            if (place := self.desk(step.id).people.get(person)) is not None:
                return step, place
        return None, None

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

    # -- hosts and money --------------------------------------------------------------------------------------------

    def host_busy(self, host: str, begins: When, ends: When, *, but: str) -> bool:
        """Whether the host already stands in another slot that overlaps that span."""
        for step in self.journeys():
            for slot in step.slots:
                booking = self.booking(step.id, slot.id)
                if slot.id == but or booking.host != host or booking.stage not in {"asked", "proposed", "confirmed"}:
                    continue
                first, last = slot.begins, slot.ends
                if begins.at < last.at and first.at < ends.at:
                    return True
        return False

    def at_stake(self, step: str) -> int:
        """The money that approving the step commits at once, in hundredths."""
        found = self.plan.step(step)
        if isinstance(found, Seminar):
            return found.cents
        if isinstance(found, Visits):
            return sum(slot.candidates[0].cents for slot in found.slots if slot.candidates)
        return 0

    def offers_until(self, step: Registration) -> datetime | None:
        """After this nobody is offered a freed place: the plan's moment, else when the last gathering or stay begins."""
        if step.offers_until is not None:
            return step.offers_until.at
        begins = [s.begins.at for s in self.seminars()]
        begins += [s.begins.at for j in self.journeys() for s in j.slots]
        return max(begins, default=None)
