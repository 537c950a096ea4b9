"""Where one person stands in a cycle, as the page behind her link shows it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, Literal

from exchange.coming import standing
from exchange.desk import Desk, Place, Position, explained
from exchange.mail import Entry, booked
from exchange.plan import Registration, Seminar, Slot, Visits, When
from exchange.state import Cycle
from letters.facts import LetterFacts, Reader
from letters.parts import SeminarPart, StayPart
from letters.scene import Scene
from letters.zones import at_place
from portal.doors import Guest
from portal.shown.answers import refusal
from portal.shown.participant_needs import Needs
from portal.shown.participant_parts import Coming, Moved
from portal.speech import in_tongue_of
from store.models import LastAnswer

Stage = Literal[
    "early", "invited", "closed", "declined", "confirmed", "offered", "waiting", "no_place", "applied",
    "withdrawn", "gave_back", "expired",
]  # fmt: skip


@dataclass(frozen=True)
class Facts:
    """What the record knows for the page."""

    state: Cycle
    now: datetime
    organiser: Reader
    names: Mapping[str, str]
    """Of speakers and of hosts' contacts."""
    last: LastAnswer | None
    told: Mapping[str, Any]
    instead: str = ""
    """Who took her place over, of her library; empty where nobody did."""


class Mine:
    """One person's page."""

    def __init__(self, guest: Guest, facts: Facts) -> None:
        self._guest, self._facts = guest, facts
        self.words, self.plan, self.ref = guest.words, guest.plan, guest.link.ref
        self.state, self.now = facts.state, facts.now
        self.theme = self.words.pick(self.plan.theme_name)
        programme = self.words.pick(self.plan.programme_name)
        self.over = in_tongue_of(programme, f"{programme} {self.plan.year}")
        self.suspended = self.state.standstill is not None

    # -- where she stands -------------------------------------------------------------------------------------------

    @cached_property
    def _stands(self) -> tuple[Registration, Place | None]:
        step, place = self.state.place(self.ref)
        named = next((s for s in self.state.desks_in_plan() if s.id == self._guest.link.about), None)
        return step or named or self.state.desks_in_plan()[0], place

    @property
    def desk_step(self) -> Registration:
        return self._stands[0]

    @property
    def place(self) -> Place | None:
        return self._stands[1]

    @property
    def _desk(self) -> Desk:
        return self.state.desk(self.desk_step.id)

    @cached_property
    def stage(self) -> Stage:
        """Where she stands."""
        place = self.place
        if place is not None and place.live:
            return "no_place" if place.state == "waiting" and self._desk.over else _AS_SHOWN[place.state]
        if place is None and self._declined:
            return "declined"
        if self.may_register:
            return "invited" if place is None else _AS_SHOWN[place.state]
        if place is not None:
            return _AS_SHOWN[place.state]
        return "early" if self.now < self.desk_step.opens.at else "closed"

    @property
    def replaced(self) -> bool:
        """Whether her place went to a colleague."""
        return self.stage == "withdrawn" and bool(self._facts.instead)

    @property
    def colleague(self) -> str:
        """The name of who comes in her place; empty where she does not come any more, or is not known."""
        return self._facts.names.get(self._facts.instead, "") if self.state.is_in(self._facts.instead) else ""

    @property
    def _declined(self) -> bool:
        return any(self.state.guests(s.id).answers.get(self.ref) == "declined" for s in self.state.invitations())

    @property
    def may_register(self) -> bool:
        """Whether she may ask for a place now."""
        opened = self.now >= self.desk_step.opens.at
        closed = self.now > self.desk_step.closes.at or self._desk.stage == "closed"
        own = self._own_until is not None and self.now <= self._own_until and self.place is None
        return opened and (not closed or own)

    @property
    def _own_until(self) -> datetime | None:
        given = self._desk.extended.get(self.ref)
        return given.until if given is not None else None

    @property
    def seen(self) -> str:
        """How things stood on the page from which an answer comes."""
        place = self.place
        since = f"{place.since.isoformat()} {place.until or ''}" if place else ""
        return f"{self.stage} {since}".strip()

    @cached_property
    def position(self) -> Position | None:
        """Why she stands where she does on the waiting list."""
        return explained(self.plan, self._desk, self.desk_step, self.ref)

    @property
    def waiting(self) -> int:
        return self._desk.waiting

    @property
    def answered(self) -> str:
        """When she asked for her place."""
        return self._moment(self.place.since) if self.place else ""

    @property
    def until(self) -> str:
        """Until when the place is offered to her."""
        return self._moment(self.place.until) if self.place and self.place.until else ""

    @property
    def deadline(self) -> str:
        """Until when she may answer the invitation."""
        own, closes = self._own_until, self.desk_step.closes
        if own is not None and own > closes.at:
            return self._moment(own)
        return "; ".join(self.scene.times(closes))

    @property
    def opens(self) -> str:
        return self._moment(self.desk_step.opens.at)

    def _moment(self, at: datetime) -> str:
        return self.scene.moment(at)

    # -- her answers ------------------------------------------------------------------------------------------------

    @property
    def pending(self) -> bool:
        """Whether an answer of hers waits to be decided."""
        return self._facts.last is not None and self._facts.last.state == "received"

    @property
    def refused(self) -> str:
        """Why her last answer was refused, where the page that took it could not say so."""
        last = self._facts.last
        return refusal(self._guest, last.name, last.facts) if last and last.state == "refused" and last.late else ""

    @cached_property
    def needs(self) -> Needs:
        """What the plan asks of those who come, and what she told."""
        return Needs(self.words, self.desk_step, self._facts.told)

    @property
    def home(self) -> str:
        """Her library's id; empty where it is not known."""
        known = self._guest.person.home if self._guest.person else ""
        return (self.place.home if self.place else "") or known or self.plan.homes.get(self.ref, "")

    @property
    def library(self) -> str:
        return self.scene.name_of(self.plan.organisation(self.home))

    @property
    def may_send_another(self) -> bool:
        """Whether she may name a colleague of her library: in her place, or while she is invited."""
        return bool(self.home) and self.stage in {"invited", "confirmed"}

    # -- the year ---------------------------------------------------------------------------------------------------

    @cached_property
    def scene(self) -> Scene:
        """The plan in her words, as letters tell it."""
        facts, person = self._facts, self._guest.person
        reader = Reader(
            ref=self.ref, name=person.name if person else "", address=person.address if person else "",
            language=self.words.language, zone=person.zone if person else self.plan.zone,
        )  # fmt: skip
        return Scene(
            LetterFacts(
                plan=self.plan, kind="place_confirmed", step=self.desk_step.id, reader=reader,
                organiser=facts.organiser, names=dict(facts.names),
            ),
            self.words,
        )  # fmt: skip

    @property
    def good_to_know(self) -> list[tuple[str, str]]:
        """When to answer, how many places, who pays."""
        say, desk = self.words, self.scene.desk
        per_library = desk.per_library
        rows = [
            (say.gettext("Answer by"), self.deadline if self.stage in {"early", "invited", "declined"} else ""),
            (say.gettext("Places"), say.ngettext("%(num)s in all", "%(num)s in all", desk.places)),
            (
                say.gettext("From one library"),
                say.ngettext("at most %(num)s person", "at most %(num)s people", per_library) if per_library else "",
            ),
            (say.gettext("Who pays"), self.scene.funders),
        ]
        return [row for row in rows if row[1]]

    @cached_property
    def coming(self) -> list[Coming]:
        """What she has been told about and is still to come, by date."""
        found = [self._coming(entry) for entry in self.entries]
        return [one for _, one in sorted(found, key=lambda item: item[0])]

    @property
    def entries(self) -> list[Entry]:
        """The calendar entries of whoever has a place."""
        return [entry for mail in booked(self.state) for entry in mail.entries]

    def _coming(self, entry: Entry) -> tuple[datetime, Coming]:
        step = self.plan.step(entry.step)
        if isinstance(step, Seminar):
            part = SeminarPart(self.scene, step)
            talks = tuple(
                " · ".join(filter(None, (talk.time, talk.title, talk.speaker))) for talk in part.talks if talk.time
            )
            return step.begins.at, Coming(part.title, (*part.times, part.place), talks)
        assert isinstance(step, Visits)
        slot = next(slot for slot in step.slots if slot.id == entry.slot)
        stay = StayPart(self.scene, step, slot, entry.host)
        house = self.plan.organisation(entry.host)
        title = self.words.gettext("Visit to %(host)s", host=stay.host)
        strengths = house.strengths if house else ()
        lines = (*stay.times, stay.place)
        return slot.begins.at, Coming(title, lines, (), stay.host, strengths, stay.contact)

    @property
    def moved(self) -> list[Moved]:
        """The visits about which she is asked whether she can still come."""
        if self.stage != "confirmed":
            return []
        return [
            self._moved(step, slot, booking.host, call.was, comes=bool(call.people[self.ref]))
            for step, slot, booking, call in standing(self.state)
            if self.ref in call.people and self.now < slot.begins.at and self.now >= call.leaves
        ]

    def _moved(self, step: Visits, slot: Slot, host: str, was: tuple[When, When], *, comes: bool) -> Moved:
        stay = StayPart(self.scene, step, slot, host)
        title = self.words.gettext("Visit to %(host)s", host=stay.host)
        before = self.scene.times(*was)
        return Moved(step.id, slot.id, title, before, stay.times, slot.begins.model_dump_json(), comes)

    @property
    def told_by(self) -> str:
        """The day by which those who applied hear of the choice."""
        within: timedelta | None = self.scene.in_plan(self.desk_step.select_within)
        return self.words.day(at_place(self.desk_step.closes) + within) if within else ""


_AS_SHOWN: dict[str, Stage] = {
    "confirmed": "confirmed", "offered": "offered", "waiting": "waiting", "applied": "applied",
    "withdrawn": "withdrawn", "declined": "gave_back", "expired": "expired",
}  # fmt: skip
