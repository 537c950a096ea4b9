"""A cycle as everybody may see it: dates and libraries, and no person."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from exchange.plan import Feedback, Invitations, Registration, Report, Seminar, Step, Visits
from exchange.state import Cycle
from letters.zones import at_place
from portal.speech import PageWords, mark
from store.models import CycleRow, ReportRow

Going = Literal["done", "now", "next", "off"]
"""How it stands with a step."""

KINDS = {
    "invitations": mark("Invitations"),
    "registration": mark("Registration"),
    "introductory": mark("Introductory seminar"),
    "final": mark("Final seminar"),
    "workshop": mark("Workshop"),
    "visits": mark("Visits to libraries"),
    "feedback": mark("Feedback"),
    "report": mark("Report"),
}
"""What a step is called whose plan gives it no title: by its kind, a seminar by its form."""


def title_of(words: PageWords, step: Step) -> str:
    """The step's own title in the reader's language, else that of its form."""
    form = step.form if isinstance(step, Seminar) else step.kind
    return words.pick(step.title) or words.gettext(KINDS[form])


@dataclass(frozen=True)
class Host:
    """A library that has agreed to be visited."""

    name: str
    place: str
    days: str


class CyclePage:
    """What the page of one cycle says."""

    def __init__(self, words: PageWords, row: CycleRow, state: Cycle, report: ReportRow | None, now: datetime) -> None:
        self._words, self._state, self._now = words, state, now
        self.id, self.year, self.practice = row.id, row.year, row.practice
        self.phase = row.phase
        self.theme = words.pick(row.theme_name)
        self.programme = words.pick(state.plan.programme_name)
        self.report = report is not None and report.filed_at is not None

    @property
    def steps(self) -> list[tuple[str, Going, str]]:
        """The steps that concern people outside the desk, in the plan's order."""
        now = self._state.current if not self._state.over else ""
        return [
            (title_of(self._words, step), self._stage(step, now), self._dates(step)) for step in self._state.plan.steps
        ]

    def _stage(self, step: Step, now: str) -> Going:
        if self._off(step):
            return "off"
        if self._state.settled(step.id):
            return "done"
        return "now" if step.id == now else "next"

    def _off(self, step: Step) -> bool:
        """Whether it will not be, or was not: called off by itself, or with the cycle before its turn came."""
        state = self._state
        if isinstance(step, Seminar) and state.gathering(step.id).stage == "released":
            return True
        if not state.settled(step.id):
            return state.phase == "cancelled"
        held = [slot for slot in getattr(step, "slots", ()) if state.booking(step.id, slot.id).stage == "visited"]
        return isinstance(step, Visits) and not held

    def _dates(self, step: Step) -> str:
        words = self._words
        match step:
            case Invitations():
                return words.day(at_place(step.prepare))
            case Registration():
                return words.days(at_place(step.opens), at_place(step.closes))
            case Seminar():
                return words.days(at_place(step.begins), at_place(step.ends))
            case Visits():
                spans = [(at_place(slot.begins), at_place(slot.ends)) for slot in step.slots]
                return words.days(min(s[0] for s in spans), max(s[1] for s in spans)) if spans else ""
            case Feedback():
                return words.days(at_place(step.opens), at_place(step.closes))
            case Report():
                return words.day(at_place(step.due))

    @property
    def hosts(self) -> list[Host]:
        """The hosts that have confirmed, by date."""
        found = [
            (slot.begins.at, self._host(booking.host, self._words.days(at_place(slot.begins), at_place(slot.ends))))
            for step in self._state.journeys()
            for slot in step.slots
            if (booking := self._state.booking(step.id, slot.id)).stage in {"confirmed", "visited"}
        ]
        return [host for _, host in sorted(found, key=lambda one: one[0])]

    def _host(self, organisation: str, days: str) -> Host:
        known = self._state.plan.organisation(organisation)
        if known is None:
            return Host(organisation, "", days)
        country = self._words.country(known.country) if known.country else ""
        town = self._words.town(known.city, known.zone) if known.city else ""
        return Host(self._words.pick(known.name), ", ".join(filter(None, (town, country))), days)

    @property
    def libraries(self) -> list[str]:
        """The home libraries of the plan, in its order."""
        plan = self._state.plan
        hosts = {
            candidate.host for step in self._state.journeys() for slot in step.slots for candidate in slot.candidates
        }
        homes = {*plan.homes.values(), *plan.contacts} - hosts
        return [self._words.pick(one.name) for one in plan.organisations if one.id in homes]
