"""The parts of a plan that a letter may be about, each in the words of its reader's language.

Templates reach them as ``the.desk``, ``the.seminar``, ``the.stay`` and ``the.survey``.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING

from exchange.plan import Candidate, Feedback, Registration, Seminar, Session, Slot, Visits, When
from exchange.questions import Question
from letters.library_kinds import kind_in
from letters.zones import at_place

if TYPE_CHECKING:
    from letters.scene import Scene

END_OF_DAY = "23:59"
"""A deadline at this time of day is a deadline of that day, and a sentence names the day alone."""


def by(scene: Scene, when: When) -> str:
    """A deadline within a sentence: ``3 February 2012``, or ``16:00 on 3 February 2012``."""
    local = at_place(when)
    day = scene.words.day(local)
    if f"{local:%H:%M}" == END_OF_DAY:
        return day
    return scene.words.gettext("%(time)s on %(date)s", date=day, time=scene.words.clock(local))


class DeskPart:
    """Where places are given."""

    def __init__(self, scene: Scene, step: Registration) -> None:
        self._scene, self._step = scene, step
        self.places = step.capacity
        self.per_library = step.per_library or 0
        self.selected = step.places != "first_come"

    @property
    def deadline(self) -> str:
        return by(self._scene, self._step.closes)

    @property
    def deadline_day(self) -> str:
        return self._scene.words.short_day(at_place(self._step.closes))

    @property
    def deadline_times(self) -> tuple[str, ...]:
        return self._scene.times(self._step.closes)

    @property
    def told_by(self) -> str:
        """The day by which those who applied hear of the choice; empty where the plan's own span is not known."""
        within = self._scene.in_plan(self._step.select_within)
        return self._scene.words.day(at_place(self._step.closes) + within) if within else ""


@dataclass(frozen=True)
class Talk:
    """One session of a programme; ``time`` is empty where the session has not moved along with its seminar."""

    time: str
    title: str
    speaker: str


class SeminarPart:
    """A gathering and its programme."""

    def __init__(self, scene: Scene, step: Seminar) -> None:
        self._scene, self._step = scene, step
        self.title = scene.title_of(step)
        self.place = scene.place_of(step)

    @property
    def days(self) -> str:
        return self._scene.words.days(at_place(self._step.begins), at_place(self._step.ends))

    @property
    def day(self) -> str:
        """``14 February``: for subjects."""
        return self._scene.words.short_day(at_place(self._step.begins))

    @property
    def times(self) -> tuple[str, ...]:
        return self._scene.times(self._step.begins, self._step.ends)

    @cached_property
    def talks(self) -> tuple[Talk, ...]:
        return tuple(self._talk(session) for session in self._step.sessions)

    @cached_property
    def own_talks(self) -> tuple[Talk, ...]:
        """Those of the reader, when she speaks."""
        mine = self._scene.reader.ref
        return tuple(self._talk(session) for session in self._step.sessions if session.speaker == mine)

    def _talk(self, session: Session) -> Talk:
        inside = at_place(self._step.begins) <= at_place(session.begins) <= at_place(self._step.ends)
        return Talk(
            time=self._hours(session) if inside else "",
            title=self._scene.words.pick(session.title),
            speaker=self._scene.name_of_person(session.speaker or ""),
        )

    def _hours(self, session: Session) -> str:
        one_day = at_place(self._step.begins).date() == at_place(self._step.ends).date()
        words, first, last = self._scene.words, at_place(session.begins), at_place(session.ends)
        return words.hours(first, last) if one_day else words.span(first, last)


class StayPart:
    """A stay at one host."""

    def __init__(self, scene: Scene, step: Visits, slot: Slot, host: str) -> None:
        self._scene, self._step, self.slot = scene, step, slot
        self._house = scene.plan.organisation(host)
        self._candidate: Candidate | None = next((c for c in slot.candidates if c.host == host), None)
        self.host = scene.name_of(self._house) or host

    @property
    def place(self) -> str:
        """``Helsinki City Library, Helsinki, Finland``."""
        house, words = self._house, self._scene.words
        if house is None:
            return self.host
        country = words.country(house.country) if house.country else ""
        return ", ".join(part for part in (self.host, self._scene.town_of(house), country) if part)

    @property
    def days(self) -> str:
        return self._scene.words.days(at_place(self.slot.begins), at_place(self.slot.ends))

    @property
    def known_days(self) -> str:
        """The days of the stay as she was told them last, which are not the plan's where word of a move rests."""
        said = self._scene.facts.facts
        if not ("was" in said and "was_ends" in said):
            return self.days
        begins, ends = (When.model_validate_json(said[fact]) for fact in ("was", "was_ends"))
        return self._scene.words.days(at_place(begins), at_place(ends))

    @property
    def times(self) -> tuple[str, ...]:
        return self._scene.times(self.slot.begins, self.slot.ends)

    @property
    def old_times(self) -> tuple[str, ...]:
        """The stay as she was told it last, where it has moved."""
        said = self._scene.facts.facts
        return moments(self._scene, said.get("was", ""), said.get("was_ends", ""))

    @property
    def reason(self) -> str:
        """Why this host was thought of."""
        reference = self._candidate.reason if self._candidate else ""
        return self._scene.words.pick(self._scene.facts.texts.get(reference, {}))

    @property
    def contact(self) -> str:
        return self._scene.name_of_person(self._candidate.contact if self._candidate else "")

    @property
    def group_size(self) -> int:
        """How many may come: the places of all registrations."""
        return sum(s.capacity for s in self._scene.plan.steps if isinstance(s, Registration))

    @property
    def group_kinds(self) -> str:
        """``municipal public library, school library``: where the people come from."""
        plan = self._scene.plan
        homes = [plan.organisation(home) for home in plan.homes.values()]
        kinds = sorted({kind_in(self._scene.words, home.kind) for home in homes if home})
        return ", ".join(kinds)

    @property
    def group_countries(self) -> str:
        plan = self._scene.plan
        homes = [plan.organisation(home) for home in plan.homes.values()]
        return self._scene.words.all_of(
            sorted({self._scene.words.country(h.country) for h in homes if h and h.country})
        )

    @property
    def answer_days(self) -> int:
        """How many days the host has; 0 where the plan's own span is not known."""
        within = self._scene.in_plan(self._step.answer_within)
        return max(1, round(within / timedelta(days=1))) if within else 0


@dataclass(frozen=True)
class Asked:
    """One question of a survey; ``choices`` is empty unless one is to be chosen."""

    form: str
    text: str
    choices: str


class SurveyPart:
    """A feedback form."""

    def __init__(self, scene: Scene, step: Feedback) -> None:
        self._scene, self._step = scene, step

    @property
    def deadline(self) -> str:
        return by(self._scene, self._step.closes)

    @property
    def deadline_day(self) -> str:
        return self._scene.words.short_day(at_place(self._step.closes))

    @cached_property
    def questions(self) -> tuple[Asked, ...]:
        return tuple(self._asked(question) for question in self._step.questions)

    @property
    def has_scale(self) -> bool:
        return any(question.form == "scale" for question in self._step.questions)

    def _asked(self, question: Question) -> Asked:
        words = self._scene.words
        choices = " · ".join(f"{number} {words.pick(choice)}" for number, choice in enumerate(question.choices, 1))
        return Asked(question.form, words.pick(question.text), choices)


def moments(scene: Scene, begins: str, ends: str) -> tuple[str, ...]:
    """A time that was written down with the letter, as JSON; nothing where none was."""
    if not (begins and ends):
        return ()
    return scene.times(When.model_validate_json(begins), When.model_validate_json(ends))


def instant(words: str) -> datetime | None:
    """An ISO 8601 instant with its offset, or nothing where there is none."""
    if not words:
        return None
    found = datetime.fromisoformat(words)
    if found.tzinfo is None:
        raise ValueError(f"{words} names no instant: it has no offset")
    return found
