"""What a template may speak of: the plan seen by one reader, every date and name in her language's form.

Templates call it ``the``: ``the.theme``, ``the.desk.deadline``. A part that the letter's step does not have is not
asked for by its template.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TypeVar

from exchange.mail import Entry
from exchange.plan import Feedback, Invitations, Organisation, Registration, Seminar, Slot, Step, Visits, When
from letters.answers import given
from letters.decisions import DecisionPart
from letters.doors import Doors
from letters.facts import LetterFacts
from letters.parts import DeskPart, SeminarPart, StayPart, SurveyPart, instant
from letters.practice import by_calendar
from letters.refusals import sentence
from letters.words import Words
from letters.zones import at_place, zone

S = TypeVar("S", Registration, Seminar, Visits, Feedback)

SHORTEST = timedelta(minutes=1)
"""Spans of a practice run up to this length may have been rounded up, so that people have a moment to act."""


WITH_AUTHOR = frozenset(
    {"invitation", "nomination_invitation", "place_confirmed", "seminar_programme", "host_request", "survey"}
)
"""The kinds in which the author's paragraph of their step stands: not in reminders, changes and cancellations."""


class FactsMissing(ValueError):
    """A letter of this kind cannot be made of these facts; the message says what is missing."""


@dataclass(frozen=True)
class Happening:
    """One item of the year: what, and its lines of when and where."""

    title: str
    lines: tuple[str, ...]


@dataclass(frozen=True)
class Occasion:
    """What a calendar entry is about."""

    title: str
    begins: When
    ends: When
    place: str
    programme: tuple[str, ...] = ()
    """The sessions, one line each."""


class Scene:
    """The facts of a letter in the words of its language."""

    def __init__(self, facts: LetterFacts, words: Words) -> None:
        self.facts, self.words = facts, words
        self.plan = facts.plan
        self.reader, self.organiser = facts.reader, facts.organiser
        self.practice, self.is_copy = facts.practice, facts.is_copy
        self.theme = words.pick(facts.plan.theme_name)
        self.programme = words.pick(facts.plan.programme_name)
        self.year = str(facts.plan.year)

    # -- the whole year -------------------------------------------------------------------------------------------

    @cached_property
    def shape(self) -> str:
        """What the year is made of, to choose a sentence by: ``both``, ``seminars``, ``visits`` or ``neither``."""
        kinds = {step.kind for step in self.plan.steps}
        if {"seminar", "visits"} <= kinds:
            return "both"
        if "seminar" in kinds:
            return "seminars"
        return "visits" if "visits" in kinds else "neither"

    @cached_property
    def happenings(self) -> tuple[Happening, ...]:
        """Every seminar and journey in the plan's order."""
        return tuple(h for step in self.plan.steps if (h := self._happening(step)) is not None)

    def _happening(self, step: Step) -> Happening | None:
        match step:
            case Seminar():
                lines = (*self.times(step.begins, step.ends), self.place_of(step))
            case Visits():
                lines = tuple(self._stay_line(slot) for slot in step.slots)
            case _:
                return None
        return Happening(self.title_of(step), tuple(line for line in lines if line))

    def _stay_line(self, slot: Slot) -> str:
        """When, and in which countries the hosts are that may be asked."""
        days = self.words.days(at_place(slot.begins), at_place(slot.ends))
        hosts = [self.plan.organisation(c.host) for c in slot.candidates]
        countries = [self.words.country(h.country) for h in hosts if h and h.country]
        return f"{days} ({self.words.one_of(countries)})" if countries else days

    @property
    def funders(self) -> str:
        return self.words.all_of([self.words.pick(funder.name) for funder in self.plan.budget.funders])

    # -- names, times, places -------------------------------------------------------------------------------------

    def title_of(self, step: Step) -> str:
        """The step's title; without one it is called by its form."""
        if title := self.words.pick(step.title):
            return title
        if isinstance(step, Visits):
            return self.words.gettext("Visits to libraries")
        if not isinstance(step, Seminar):
            return step.id
        forms = {
            "introductory": self.words.gettext("Introductory seminar"),
            "final": self.words.gettext("Final seminar"),
            "workshop": self.words.gettext("Workshop"),
        }
        return forms[step.form]

    def place_of(self, step: Seminar) -> str:
        """``Kaliningrad Regional Library, Kaliningrad``."""
        house = self.plan.organisation(step.organisation or "")
        name, place, city = self.name_of(house), self.words.pick(step.place), self.town_of(house)
        if place.casefold() in {name.casefold(), city.casefold()}:
            place = ""
        if city.casefold() in place.casefold():
            city = ""
        return ", ".join(part for part in (name, place, city) if part)

    def name_of(self, organisation: Organisation | None) -> str:
        return self.words.pick(organisation.name) if organisation else ""

    def town_of(self, organisation: Organisation | None) -> str:
        return self.words.town(organisation.city, organisation.zone) if organisation else ""

    def name_of_person(self, ref: str) -> str:
        return self.facts.names.get(ref, "")

    def times(self, begins: When, ends: When | None = None) -> tuple[str, ...]:
        """The days where they are several, the place's time and, where hers differs, the reader's below it."""
        lines = [self.words.when(begins, ends), self.words.own_time(begins, ends, self.reader.zone)]
        if ends is not None and at_place(begins).date() != at_place(ends).date():
            lines.insert(0, self.words.days(at_place(begins), at_place(ends)))
        return tuple(line for line in lines if line)

    def in_plan(self, span: timedelta) -> timedelta | None:
        """A span in the plan's own time: a practice run draws it together with its instants.

        None where it cannot be told any more, because a practice run lets no span shrink to nothing.
        """
        if self.plan.practice and span <= SHORTEST:
            return None
        return span / (self.plan.pace or 1.0)

    @property
    def home(self) -> str:
        """The zone of the reader's clocks: her own, else that of the learners' end."""
        return self.reader.zone or self.plan.zone

    def at_home(self, at: datetime) -> datetime:
        """An instant as the reader's clocks show it."""
        return at.astimezone(zone(self.home))

    def moment(self, at: datetime) -> str:
        """An instant by the reader's clocks, in practice by the plan's calendar, as every other date of the letter."""
        return self.words.moment(by_calendar(self.plan, at), self.home)

    # -- this letter ----------------------------------------------------------------------------------------------

    @property
    def _step(self) -> Step | None:
        return next((step for step in self.plan.steps if step.id == self.facts.step), None)

    def _as(self, kind: type[S], step_id: str = "") -> S:
        wanted = step_id or self.facts.step
        step = next((step for step in self.plan.steps if step.id == wanted), None)
        if not isinstance(step, kind):
            raise FactsMissing(f"a letter of the kind {self.facts.kind} needs a {kind.__name__} step, not {wanted!r}")
        return step

    @property
    def step_title(self) -> str:
        return self.title_of(self._step) if self._step else ""

    @cached_property
    def own_words(self) -> tuple[str, ...]:
        """The author's paragraph of this step, then what staff added to this very letter; one string per paragraph.

        In a letter of staff's own these are all its words.
        """
        step = self._step if self.facts.kind in WITH_AUTHOR else None
        told = self.facts.facts.get("text", "") if self.facts.kind == "word" else ""
        written = self.facts.texts.get(step.letter if step else told, {})
        both = (self.words.pick(written), self.words.pick(self.facts.paragraphs))
        return tuple(part.strip() for words in both for part in words.split("\n\n") if part.strip())

    @property
    def own_subject(self) -> str:
        """The subject of a letter of staff's own."""
        return self.words.pick(self.facts.texts.get(self.facts.facts.get("subject", ""), {}))

    @property
    def author(self) -> str:
        """Who wrote a letter of staff's own; who answers for it, where she is not known any more."""
        return self.name_of_person(self.facts.facts.get("by", "")) or self.organiser.name

    @cached_property
    def desk(self) -> DeskPart:
        """The registration that the letter is about; an invitation names it."""
        named = self._step.registration if isinstance(self._step, Invitations) else ""
        return DeskPart(self, self._as(Registration, named))

    @cached_property
    def seminar(self) -> SeminarPart:
        return SeminarPart(self, self._as(Seminar))

    @cached_property
    def stay(self) -> StayPart:
        return self._stay(self._as(Visits), self.facts.slot, self.facts.host)

    def _stay(self, step: Visits, slot_id: str, host: str) -> StayPart:
        slot = next((slot for slot in step.slots if slot.id == slot_id), None)
        if slot is None:
            raise FactsMissing(f"the step {step.id} has no slot {slot_id!r}")
        return StayPart(self, step, slot, host)

    @cached_property
    def survey(self) -> SurveyPart:
        return SurveyPart(self, self._as(Feedback))

    @cached_property
    def doors(self) -> Doors:
        return Doors(self)

    @cached_property
    def decision(self) -> DecisionPart:
        return DecisionPart(self)

    @property
    def has_entries(self) -> bool:
        return bool(self.facts.entries)

    def occasion(self, entry: Entry) -> Occasion:
        """The seminar or stay of a calendar entry."""
        if not entry.slot:
            step = self._as(Seminar, entry.step)
            talks = SeminarPart(self, step).talks
            lines = tuple(f"{talk.time} {talk.title}" for talk in talks if talk.time)
            return Occasion(self.title_of(step), step.begins, step.ends, self.place_of(step), lines)
        stay = self._stay(self._as(Visits, entry.step), entry.slot, entry.host)
        title = self.words.gettext("Visit to %(host)s", host=stay.host)
        begins, ends = self.facts.last_told(entry) or (stay.slot.begins, stay.slot.ends)
        return Occasion(title, begins, ends, stay.place)

    def about(self, occasion: Occasion) -> tuple[str, ...]:
        """The description of a calendar entry, line by line."""
        question = self.words.gettext("Questions? Write to %(name)s.", name=self.organiser.name)
        return (f"{self.programme} · {self.year}", self.theme, *occasion.programme, question)

    @cached_property
    def cancelled(self) -> tuple[Happening, ...]:
        """The seminars and stays whose calendar entries this letter takes back."""
        return tuple(self._fallen(self.occasion(entry)) for entry in self.facts.entries if entry.method == "CANCEL")

    def _fallen(self, occasion: Occasion) -> Happening:
        days = self.words.days(at_place(occasion.begins), at_place(occasion.ends))
        return Happening(occasion.title, tuple(line for line in (days, occasion.place) if line))

    @property
    def position(self) -> str:
        number = self.facts.facts.get("position", "")
        return self.words.number(int(number)) if number.isdecimal() else ""

    @property
    def number(self) -> str:
        """The number in ``facts["number"]``; empty without one."""
        number = self.facts.facts.get("number", "")
        return self.words.number(int(number)) if number.isdecimal() else ""

    @property
    def library(self) -> str:
        """The home library that it is about, by its name."""
        return self.name_of(self.plan.organisation(self.facts.facts.get("home", "") or self.facts.host))

    @property
    def nominees(self) -> tuple[Happening, ...]:
        """Those among whom a library chooses, each by her name: its contact is the one who may see them together."""
        refs = self.facts.facts.get("people", "").split()
        return tuple(Happening(name, ()) for ref in refs if (name := self.name_of_person(ref)))

    @property
    def replaced(self) -> bool:
        """Whether a colleague comes in the reader's place."""
        return bool(self.facts.facts.get("people"))

    @property
    def colleague(self) -> str:
        """The name of who comes in her place; empty where it is not known any more."""
        return next((one.title for one in self.nominees), "")

    @property
    def until(self) -> str:
        """The instant in ``facts["until"]`` as the reader's clocks show it; empty without one."""
        at = instant(self.facts.facts.get("until", ""))
        return self.moment(at) if at else ""

    @property
    def own_time(self) -> bool:
        """Whether the invitation waits longer for her answer than for all others; else it is an offer of hers."""
        return "asked" in self.facts.facts

    @property
    def answer(self) -> str:
        """What the reader answered."""
        return given(self.words, self.facts.facts.get("answer", ""))

    @property
    def received(self) -> str:
        """When her answer was received, as her clocks show it."""
        at = instant(self.facts.facts.get("received", ""))
        return self.moment(at) if at else ""

    @property
    def refusal(self) -> str:
        """Why her answer was refused."""
        told = self.facts.facts
        why = json.loads(told.get("why") or "{}")
        return sentence(self.words, told.get("name", ""), why, reader=self.reader.ref, tell=self.moment)

    @property
    def new_address(self) -> str:
        """Where her letters go now, as much of it as may be shown."""
        return self.facts.facts.get("address", "")

    @property
    def changed_on(self) -> str:
        """The day in ``facts["at"]``, written out."""
        at = instant(self.facts.facts.get("at", ""))
        return self.words.day(self.at_home(at)) if at else ""

    @property
    def erased_on(self) -> str:
        """The day in ``facts["until"]``, written out."""
        at = instant(self.facts.facts.get("until", ""))
        return self.words.day(self.at_home(at)) if at else ""

    @property
    def until_day(self) -> str:
        at = instant(self.facts.facts.get("until", ""))
        return self.words.short_day(self.at_home(by_calendar(self.plan, at))) if at else ""
