"""Those who answer in a rehearsal: the invited, the hosts, those on the waiting list, and staff.

Each is told what has happened and says when it will answer what. What they say is decided by the rules like any other
answer; a late one is refused.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from exchange.approval import Approve
from exchange.base import Command, Event
from exchange.booking import AnswerAsHost, HostAsked, VisitHeld, VisitMoved
from exchange.coming import AnswerNewDate
from exchange.eyes import fresh_eyes
from exchange.feedback import GiveFeedback, SurveyOpened
from exchange.host_feedback import GiveHostFeedback
from exchange.invitation import DeclineInvitation, InvitationsSent, own_times, unanswered
from exchange.nominating import Nominate, NominationAsked, asking
from exchange.plan import Invitations
from exchange.prompt import Choose, Prompt, PromptOpened
from exchange.registration import AcceptOffer, DelegatesSelected, DeskClosed, PlaceOffered, Register, Withdraw
from exchange.state import Cycle
from rehearsal.dates import A_DAY, other_dates, spread
from rehearsal.script import Script

MORNING = time(9)
"""When somebody answers who was away."""
LONGEST = timedelta(days=10)
"""The invited answer one after another within this time, or within four fifths of the time there is."""


@dataclass(frozen=True)
class Say:
    """Somebody says one of ``wishes`` at ``at`` (UTC): the first that the rules take."""

    at: datetime
    wishes: tuple[Command, ...]


@dataclass
class Players:
    """Everybody in the rehearsal. They remember how many hosts were asked, and nothing else."""

    script: Script
    hosts_asked: int = 0
    heard: set[str] = field(default_factory=set)
    """Decisions that staff will answer already."""
    played: set[str] = field(default_factory=set)
    """Sentences about a host or a person that came to be played."""
    counted: dict[str, int] = field(default_factory=dict)
    """How many did what the script gives a number for, by its field."""

    def hears(self, event: Event, cycle: Cycle) -> Iterator[Say]:
        """What follows from an event, in the state after it."""
        day = timedelta(seconds=cycle.day)
        match event:
            case InvitationsSent():
                yield from self._invited(cycle, event.step, event.at, day)
            case HostAsked(agreed=False):
                yield from self._host(cycle, event.step, event.slot, event.at, day)
            case VisitMoved():
                yield from self._asked_anew(cycle, event.step, event.slot, event.at, day)
            case PlaceOffered() if self.script.taking_offers:
                wish = AcceptOffer(at=event.at, actor=event.person, person=event.person)
                yield self._say(cycle, event.at + min(day, (event.until - event.at) / 2), wish)
            case DeskClosed() | DelegatesSelected() if _given(cycle, event.step):
                yield from self._leaving(cycle, event.step, event.at, day)
            case NominationAsked():
                yield from self._contact(cycle, event.step, event.home, event.at, day)
            case SurveyOpened():
                yield from self._asked(cycle, event.step, event.at, event.until)
            case VisitHeld():
                yield from self._tells(cycle, event.step, event.slot, event.at + 3 * day)
            case PromptOpened():
                yield from self._staff(cycle, event.prompt, event.at, day)
            case _:
                return

    def finds(self, cycle: Cycle, now: datetime) -> Iterator[Say]:
        """What they answer in a cycle that runs already: whoever was asked and is still silent."""
        day = timedelta(seconds=cycle.day)
        for step in cycle.invitations():
            if cycle.guests(step.id).stage == "sent" and cycle.desk(step.registration).stage != "closed":
                yield from self._invited(cycle, step.id, now, day)
            else:
                yield from self._with_more_time(cycle, step, now, day)
        yield from self._left_open(cycle, now, day)
        for key, booking in cycle.bookings.items():
            step_id, slot = key.split("/", 1)
            if booking.stage == "asked":
                yield from self._host(cycle, step_id, slot, now, day)
            if booking.stage == "confirmed":
                yield from self._moving(cycle, step_id, slot, now, day)
            yield from self._asked_anew(cycle, step_id, slot, now, day)
            if booking.stage == "visited" and booking.heard is None:
                yield from self._tells(cycle, step_id, slot, now + day)
        for desk in cycle.desk_books.values() if self.script.taking_offers else ():
            for person, until in desk.offers:
                wish = AcceptOffer(at=now, actor=person, person=person)
                yield self._say(cycle, now + min(day, (until - now) / 2), wish)
        for prompt in cycle.prompts.values():
            yield from self._staff(cycle, prompt, now, day)

    def _left_open(self, cycle: Cycle, now: datetime, day: timedelta) -> Iterator[Say]:
        """Of a registration that is over, who leaves and whom libraries choose; of an open survey, who answers."""
        for desk in cycle.desks_in_plan():
            if _given(cycle, desk.id):
                yield from self._leaving(cycle, desk.id, now, day)
            for home in cycle.desk(desk.id).nominations:
                yield from self._contact(cycle, desk.id, home, now, day)
        for step_id, survey in cycle.survey_books.items():
            if survey.stage == "open" and survey.until is not None:
                yield from self._asked(cycle, step_id, now, survey.until)

    # -- who says what -----------------------------------------------------------------------------------------------

    def _invited(self, cycle: Cycle, step_id: str, at: datetime, day: timedelta) -> Iterator[Say]:
        step = cycle.step_of(step_id, Invitations)
        desk = cycle.desk_step(step.registration)
        begins = max(at, desk.opens.at)
        silent = [person for person in unanswered(cycle, step) if not cycle.is_in(person)]
        no, yes = self._answers(silent)
        hours = spread(len(yes) + len(no), begins, min(begins + LONGEST * (day / A_DAY), desk.closes.at))
        for person, hour in zip([*yes, *no], hours, strict=True):
            said: dict[str, Any] = {"at": hour, "actor": person, "person": person}
            wish = Register(**said, step=desk.id) if person in yes else DeclineInvitation(**said)
            yield self._say(cycle, hour, wish)
        for person in silent:
            if self._deed(person, "late") == "late":
                hour = desk.closes.at + day
                yield self._say(cycle, hour, Register(at=hour, actor=person, person=person, step=desk.id))

    def _answers(self, silent: list[str]) -> tuple[list[str], list[str]]:
        """Who of the invited says no, and who yes: whoever is named, then as many as the script wants."""
        said = {person: deed for person in silent if (deed := self._deed(person, "decline", "register", "silent"))}
        named = [person for person, deed in said.items() if deed in {"register", "cancel", "missing"}]
        rest = [person for person in silent if person not in said]
        no = [person for person, deed in said.items() if deed == "decline"]
        others, rest = rest[: self.script.declining], rest[self.script.declining :]
        wanted = len(silent) if self.script.registering is None else max(self.script.registering - len(named), 0)
        chosen = {*named, *rest[:wanted]}
        self._count("declining", len(others))
        self._count("registering", len(chosen))
        return [*no, *others], [person for person in silent if person in chosen]

    def _deed(self, person: str, *now: str) -> str | None:
        """What was said of somebody; it is played where it is one of those that are asked ``now``."""
        deed = self.script.deed(person)
        if deed in now:
            self.played.update(line.sentence for line in self.script.people if line.who == person)
        return deed

    def _count(self, name: str, number: int) -> None:
        self.counted[name] = self.counted.get(name, 0) + number

    def _with_more_time(self, cycle: Cycle, step: Invitations, now: datetime, day: timedelta) -> Iterator[Say]:
        """The registration is over, and some were given longer than that."""
        for person, until in own_times(cycle, step).items() if self.script.registering is None else ():
            wish = Register(at=now, actor=person, person=person, step=step.registration)
            yield self._say(cycle, now + min(day, max(until - now, timedelta(0)) / 2), wish)

    def _host(self, cycle: Cycle, step: str, slot: str, at: datetime, day: timedelta) -> Iterator[Say]:
        booking = cycle.booking(step, slot)
        self.hosts_asked += 1
        line = self.script.host(booking.host, self.hosts_asked)
        answer = line.answer
        self.played.update(
            line.sentence for line in self.script.hosts if line.which in {0, self.hosts_asked, booking.host}
        )
        if answer == "silent" or booking.until is None:
            return
        hour = at + min(day * self.script.host_days, (booking.until - at) * 0.8)
        said: dict[str, Any] = {"at": hour, "actor": booking.host, "host": booking.host, "slot": slot}
        other = other_dates(cycle.slot_of(step, slot)[1], line.to, day)
        if answer == "move":
            yield self._say(cycle, hour, AnswerAsHost(**said, answer="confirm"))
            yield self._say(cycle, hour + day, AnswerAsHost(**said | other | {"at": hour + day}, answer="propose"))
            return
        said |= other if answer == "propose" else {}
        yield self._say(cycle, hour, AnswerAsHost(**said, answer=answer))

    def _moving(self, cycle: Cycle, step: str, slot: str, at: datetime, day: timedelta) -> Iterator[Say]:
        """A host that has confirmed already, and wishes to move."""
        host, (_, stay) = cycle.booking(step, slot).host, cycle.slot_of(step, slot)
        line = self.script.host(host, -1)
        if line.answer == "move" and stay.begins.at > at + day:
            self.played.add(line.sentence)
            said: dict[str, Any] = {"at": at + day, "actor": host, "host": host, "slot": slot, "answer": "propose"}
            yield self._say(cycle, at + day, AnswerAsHost(**said, **other_dates(stay, line.to, day)))

    def _asked_anew(self, cycle: Cycle, step: str, slot: str, at: datetime, day: timedelta) -> Iterator[Say]:
        """Whether they can still come to a visit that has moved: most can."""
        booking, stay = cycle.booking(step, slot), cycle.slot_of(step, slot)[1]
        call = booking.call if booking.stage == "confirmed" else None
        if call is None:
            return
        silent, begins = call.silent(), max(at, call.leaves)
        for number, hour in enumerate(spread(len(silent), begins, min(begins + 5 * day, stay.begins.at))):
            said: dict[str, Any] = {"at": hour, "actor": silent[number], "person": silent[number]}
            comes = number >= self.script.missing and self._deed(silent[number], "missing") != "missing"
            self._count("missing", not comes)
            about: dict[str, Any] = {
                "step": step,
                "slot": slot,
                "when": stay.begins,
                "comes": comes,
            }
            yield self._say(cycle, hour, AnswerNewDate(**said, **about))

    def _tells(self, cycle: Cycle, step: str, slot: str, at: datetime) -> Iterator[Say]:
        """A host tells how the visit went."""
        if self.script.hosts_telling:
            host = cycle.booking(step, slot).host
            about: dict[str, Any] = {"host": host, "step": step, "slot": slot, "rating": "4"}
            yield self._say(cycle, at, GiveHostFeedback(at=at, actor=host, **about))

    def _contact(self, cycle: Cycle, step: str, home: str, at: datetime, day: timedelta) -> Iterator[Say]:
        """Whom a library sends that must choose: whoever is named, then those who asked first."""
        desk, lines = cycle.desk(step), self.script.home(home)
        asked, limit = desk.nominations[home], cycle.desk_step(step).per_library
        if asked.done:
            return
        self.played.update(line.sentence for line in lines)
        if lines and not lines[-1].chooses:
            return
        ask = asking(desk).get(home, [])
        people = tuple(sorted(ask, key=lambda one: one not in {line.chooses for line in lines})[:limit])
        chooses = cycle.plan.contacts.get(home) or next(iter(cycle.plan.roles.get("coordinator", ())), "")
        hour = at + min(2 * day, (asked.until - at) / 2)
        yield self._say(cycle, hour, Nominate(at=hour, actor=chooses, home=home, people=people, step=step))

    def _leaving(self, cycle: Cycle, step: str, at: datetime, day: timedelta) -> Iterator[Say]:
        """Who cancels, now that the places of a registration are given."""
        people = {person: place for person, place in cycle.desk(step).people.items() if place.live}
        named = [person for person in people if self._deed(person, "cancel") == "cancel"]
        group = [person for person, place in people.items() if place.state == "confirmed" and person not in named]
        others = group[: max(self.script.cancelling - self.counted.get("cancelling", 0), 0)]
        self._count("cancelling", len(others))
        for number, person in enumerate([*named, *others], 1):
            yield self._say(cycle, at + day * number, Withdraw(at=at, actor=person, person=person))

    def _asked(self, cycle: Cycle, step: str, at: datetime, until: datetime) -> Iterator[Say]:
        given = cycle.survey(step).given
        silent = [person for person in cycle.participants() if person not in given]
        some = silent if self.script.answering is None else silent[: self.script.answering]
        self._count("answering", len(some))
        for person, hour in zip(some, spread(len(some), at, until), strict=True):
            yield self._say(cycle, hour, GiveFeedback(at=hour, actor=person, person=person, step=step))

    def _staff(self, cycle: Cycle, prompt: Prompt, at: datetime, day: timedelta) -> Iterator[Say]:
        holders = [one for one in cycle.plan.roles.get(prompt.role, ()) if fresh_eyes(cycle, prompt, one)]
        if prompt.id in self.heard or not holders:
            return
        self.heard.add(prompt.id)
        said: dict[str, Any] = {"at": at, "actor": holders[0], "prompt": prompt.id}
        wishes: tuple[Command, ...]
        if prompt.about == "approval":
            wishes = (Approve(**said, digest=prompt.digest),)
        else:
            wishes = tuple(Choose(**said, option=o, picks=_picks(cycle, prompt)) for o in prompt.options)
        yield Say(at + day * self.script.staff_days, wishes)

    def _say(self, cycle: Cycle, at: datetime, wish: Command) -> Say:
        """The wish at its hour, or on the first morning after the days in which nobody answers."""
        if cycle.plan.pace >= 1 and self.script.quiet:
            there = at.astimezone(ZoneInfo(cycle.plan.zone))
            while any(quiet.holds(there.date()) for quiet in self.script.quiet):
                there = datetime.combine(there.date() + A_DAY, MORNING, tzinfo=there.tzinfo)
            at = there.astimezone(at.tzinfo)
        return Say(at, (wish,))


def _given(cycle: Cycle, step: str) -> bool:
    """Whether a registration is over and its places are given: then one can know that one cannot come."""
    desk = cycle.desk(step)
    return desk.stage == "closed" and (desk.selected or cycle.desk_step(step).places == "first_come")


def _picks(cycle: Cycle, prompt: Prompt) -> tuple[str, ...]:
    """Who gets a place where staff select: in the order of asking, within the places and the limit per library."""
    if prompt.about != "select":
        return ()
    step, desk = cycle.desk_step(prompt.step), cycle.desk(prompt.step)
    taken: dict[str, int] = {}
    picks: list[str] = []
    for person, place in desk.people.items():
        full = step.per_library is not None and place.home and taken.get(place.home, 0) >= step.per_library
        if place.state == "applied" and not full and len(picks) < desk.capacity:
            taken[place.home] = taken.get(place.home, 0) + 1
            picks.append(person)
    return tuple(picks)
