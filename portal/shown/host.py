"""A visit, as the library sees it that is asked to receive it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property

from exchange.booking import Booking, Heard
from exchange.mail import Entry, visit_entry
from exchange.plan import Candidate, Registration, Slot, Visits
from exchange.state import Cycle
from letters.facts import LetterFacts, Reader
from letters.parts import StayPart
from letters.scene import Scene
from portal.doors import Guest
from portal.shown.host_answers import ASKS, ELSEWHERE, NEXT, THANKS, THEN_ELSEWHERE, TITLES, Stage
from portal.speech import in_tongue_of
from telling.told import tallied

ANSWERABLE = frozenset({"asked", "proposed"})
STANDS = frozenset({"confirmed", "wishes"})


@dataclass(frozen=True)
class Coming:
    """One of the group."""

    name: str
    library: str
    language: str


@dataclass(frozen=True)
class Facts:
    """What the page is made of."""

    state: Cycle
    step: Visits
    slot: Slot
    candidate: Candidate
    now: datetime
    organiser: Reader
    texts: Mapping[str, Mapping[str, str]]
    group: tuple[tuple[str, str, str], ...] = ()
    """Name, home library and language of each who comes; empty before the places are given."""
    diets: tuple[str, ...] = ()
    """What those eat who told something of it."""
    learned: tuple[tuple[str, str], ...] = ()
    """Who learned what from this library, and lets it read that."""
    access: tuple[tuple[str, str], ...] = ()
    """What somebody needs to take part, and her name where she allows her hosts to see it."""
    declined: bool = False
    """The library has said no, and not only nothing in time."""


class HostVisit:
    """One visit, and one library."""

    def __init__(self, guest: Guest, facts: Facts) -> None:
        self._guest, self._facts, self._words = guest, facts, guest.words
        self.step, self.slot, self.host = facts.step, facts.slot, facts.candidate.host
        self.theme = guest.words.pick(guest.plan.theme_name)
        programme = guest.words.pick(guest.plan.programme_name)
        self.over = in_tongue_of(programme, f"{programme} {guest.plan.year}")
        self.suspended = facts.state.phase == "suspended"
        self.organiser = facts.organiser

    @property
    def booking(self) -> Booking:
        return self._facts.state.booking(self.step.id, self.slot.id)

    @cached_property
    def stage(self) -> Stage:
        booking = self.booking
        if booking.host == self.host:
            return self._with_it(booking)
        if self.host not in booking.tried:
            return "planned"
        prompts = self._facts.state.prompts.values()
        about = (self.step.id, self.slot.id, self.host)
        if any((p.step, p.subject, p.host) == about and "switch" in p.options for p in prompts):
            return "late"
        over = booking.done or self._facts.now >= self.slot.begins.at or self.host in booking.late
        return "gone" if over else "tried"

    def _with_it(self, booking: Booking) -> Stage:
        if booking.stage in {"asked", "proposed", "visited", "released"}:
            return booking.stage
        if booking.stage != "confirmed":
            return "gone"
        return "wishes" if booking.wish is not None else "confirmed"

    @property
    def answerable(self) -> bool:
        """Whether its answer to the request is awaited."""
        return self.stage in ANSWERABLE

    @property
    def stands(self) -> bool:
        """Whether the group is expected there."""
        return self.stage in STANDS

    @property
    def begun(self) -> bool:
        return self._facts.now >= self.slot.begins.at

    # -- at one glance ---------------------------------------------------------------------------------------------

    @property
    def title(self) -> str:
        if self.stage == "tried" and (self._facts.declined or self._elsewhere):
            return self._words.gettext(THANKS if self._facts.declined else ELSEWHERE)
        return self._words.gettext(TITLES[self.stage])

    @property
    def _elsewhere(self) -> bool:
        """Whether another library has been asked since."""
        return self.booking.host not in {"", self.host}

    @property
    def asks(self) -> str:
        """What is asked of the host."""
        return self._words.gettext(ASKS[self.stage], proposed=self._proposed)

    @property
    def _proposed(self) -> str:
        span = self.booking.wish or self.booking.proposed
        return self._words.when(*span) if span else ""

    @property
    def until(self) -> str:
        """By when; empty where nothing is asked."""
        until = self.booking.until
        if self.stage != "asked" or until is None:
            return ""
        return self._guest.moment(until, "" if self._guest.person else self.slot.begins.zone)

    @property
    def then(self) -> str:
        """What happens next."""
        if self.stage == "tried" and self._elsewhere:
            return self._words.gettext(THEN_ELSEWHERE)
        return self._words.gettext(NEXT[self.stage])

    # -- the visit -------------------------------------------------------------------------------------------------

    @cached_property
    def scene(self) -> Scene:
        """The visit in the words of letters."""
        person = self._guest.person
        assert person is not None
        reader = Reader(
            ref=person.ref, name=person.name, address=person.address, language=self._words.language, zone=person.zone
        )
        facts = LetterFacts(
            plan=self._guest.plan, kind="host_request", step=self.step.id, slot=self.slot.id, host=self.host,
            reader=reader, organiser=self.organiser, texts={ref: dict(text) for ref, text in self._facts.texts.items()},
        )  # fmt: skip
        return Scene(facts, self._words)

    @property
    def stay(self) -> StayPart:
        return self.scene.stay

    @property
    def money(self) -> str:
        """What is set aside for the visit; empty where the plan says nothing of it."""
        cents = self._facts.candidate.cents
        return self._words.money(cents, self._guest.plan.budget.currency) if cents else ""

    @property
    def entries(self) -> tuple[Entry, ...]:
        """The visit's entry in the host's calendar, while it stands."""
        return (visit_entry(self._facts.state, self.step.id, self.slot.id, self.host),) if self.stands else ()

    @property
    def dates(self) -> str:
        """Stands for the time of the visit: an answer is about the time that its page showed."""
        return self._guest.house.sealed("dates", self.slot.begins.local, self.slot.ends.local)

    @property
    def stamp(self) -> str:
        """How things stand."""
        return self._guest.house.sealed("host", self.stage, self.dates, str(self.booking.until), self._proposed)

    # -- who comes -------------------------------------------------------------------------------------------------

    @property
    def chosen(self) -> bool:
        """Whether the places have been given, so that the group is known."""
        state = self._facts.state
        return all(state.settled(step.id) for step in self._guest.plan.steps if isinstance(step, Registration))

    @property
    def group(self) -> list[Coming]:
        """Those who come, by their libraries and names."""
        found = [
            Coming(name, self._library(home), self._words.language_name(language))
            for name, home, language in self._facts.group
        ]
        return sorted(found, key=lambda one: (one.library, one.name))

    @property
    def rows(self) -> list[list[str]]:
        return [[one.name, one.library, one.language] for one in self.group]

    def _library(self, home: str) -> str:
        organisation = self._guest.plan.organisation(home)
        return self._words.pick(organisation.name) if organisation else ""

    @property
    def diet(self) -> list[str]:
        """What they eat, the same of several together: ``Vegetarian × 3``."""
        told = tallied(self._facts.diets)
        return [f"{said} × {self._words.number(count)}" if count > 1 else said for said, count in told]

    @property
    def access(self) -> list[str]:
        """What they need to take part; with a name only where she has allowed it."""
        return [f"{name}: {said}" if name else said for said, name in self._facts.access]

    @property
    def learned(self) -> tuple[tuple[str, str], ...]:
        """What participants learned from it: names, and their words."""
        return self._facts.learned

    @property
    def heard(self) -> Heard | None:
        """What the host said of the visit."""
        return self.booking.heard

    def said(self, reference: str) -> str:
        """The words behind a reference of the host's own."""
        return self._words.pick(dict(self._facts.texts.get(reference, {})))
