"""A plan before its cycle is started: the year as it would be, and what it would come to."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from exchange.cycle import begin
from exchange.plan import Registration
from exchange.state import Cycle
from plans import Split
from portal.shown.staff_board import Entry, year_of
from portal.shown.staff_names import Spoken
from portal.speech import PageWords
from rehearsal.script import read_script
from rehearsal.year import Reader, Rehearsed, rehearse


@dataclass(frozen=True)
class Year:
    """What a plan comes to."""

    split: Split
    words: PageWords
    now: datetime
    staff: Mapping[str, str]

    @cached_property
    def names(self) -> Spoken:
        known = {one.ref: one.name for one in self.split.people} | dict(self.staff)
        return Spoken(self.split.plan, known, self.words)

    @cached_property
    def cycle(self) -> Cycle:
        """Of which nothing has happened yet."""
        return begin(self.split.plan)

    @property
    def months(self) -> list[tuple[str, list[Entry]]]:
        return year_of(self.cycle, self.names)

    @property
    def theme(self) -> str:
        return self.words.pick(self.split.plan.theme_name)

    @property
    def summary(self) -> list[tuple[str, str]]:
        """Who, how many, how much."""
        plan, say, names = self.split.plan, self.words.gettext, self.names
        invited = sum(one.part == "invitee" for one in self.split.people)
        places = sum(step.capacity for step in plan.steps if isinstance(step, Registration))
        rows = [
            (say("Name of the cycle"), plan.id),
            (say("On the people list"), names.people(len(self.split.people))),
            (say("Invited"), names.people(invited)),
            (say("Places"), self.words.number(places) if places else ""),
            (say("Money"), names.money(plan.budget.cap)),
        ]
        rows += [(names.role(role).capitalize(), names.holders(role)) for role in plan.roles]
        return [(term, what) for term, what in rows if what]

    @cached_property
    def played(self) -> Rehearsed:
        """The year in which everybody answers and says yes."""
        readers = {one.ref: Reader(one.language, one.zone) for one in self.split.people}
        return rehearse(self.cycle, read_script([]), self.now, readers)

    @property
    def comes_to(self) -> list[tuple[str, str]]:
        """Letters and decisions of that year."""
        say, year = self.words.gettext, self.played
        letters = sum(len(one.to) for one in year.letters)
        by = Counter(self.names.role(one.prompt.role) for one in year.decisions)
        decisions = self.words.all_of([f"{role}: {self.words.number(count)}" for role, count in by.items()])
        return [(say("Letters"), self.words.number(letters)), (say("Decisions"), decisions or "–")]
