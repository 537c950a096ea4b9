"""A cycle's board: who is where now, the visits, the money, and the year as a calendar."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

from exchange.desk import explained
from exchange.groups import GROUPS
from exchange.plan import Feedback, Invitations, Registration, Report, Seminar, Visits
from exchange.state import Cycle
from letters.zones import at_place
from portal.shown.public import title_of
from portal.shown.staff_names import Spoken
from portal.speech import mark

STAGES = {
    "unanswered": mark("Invited, no answer yet"),
    "applied": mark("Applied"),
    "offered": mark("Offered a place"),
    "waiting": mark("On the waiting list"),
    "confirmed": mark("With a place"),
    "declined": mark("Declined"),
    "withdrawn": mark("Withdrawn"),
    "expired": mark("Offer ran out"),
    "speakers": mark("Speakers"),
}
"""Where people are, in the order in which they move through a cycle; the keys are groups of the rules."""

VISITS = {
    "planned": mark("not asked yet"),
    "asked": mark("asked"),
    "proposed": mark("other dates proposed"),
    "open": mark("nobody asked now"),
    "confirmed": mark("confirmed"),
    "given_up": mark("given up"),
    "visited": mark("visited"),
    "released": mark("called off"),
}
TAGS = {"asked": "warn", "proposed": "warn", "open": "bad", "confirmed": "good", "visited": "good"}


@dataclass(frozen=True)
class Somebody:
    """A person in a list."""

    ref: str
    name: str
    home: str
    note: str = ""


@dataclass(frozen=True)
class Stage:
    """A place in the pipeline, and who is there."""

    name: str
    people: list[Somebody]


@dataclass(frozen=True)
class Visit:
    """A stay of a journey."""

    slot: str
    when: str
    host: str
    stage: str
    kind: str
    note: str


class Board:
    """What a page shows of where a cycle stands."""

    def __init__(self, state: Cycle, names: Spoken) -> None:
        self._state, self._names, self._words = state, names, names.speech

    @property
    def pipeline(self) -> list[Stage]:
        """Where people are now; where nobody is, nothing is said."""
        found = []
        for group, name in STAGES.items():
            refs = list(dict.fromkeys(GROUPS[group].select(self._state)))
            if refs:
                found.append(Stage(self._words.gettext(name), [self._somebody(ref) for ref in refs]))
        return found

    def _somebody(self, ref: str) -> Somebody:
        step, place = self._state.place(ref)
        home = place.home if place else self._state.plan.homes.get(ref, "")
        turn = explained(self._state.plan, self._state.desk(step.id), step, ref) if step else None
        note = ""
        if turn is not None:
            note = self._words.gettext("no. %(number)s", number=self._words.number(turn.number))
        elif place is not None and place.state == "offered" and place.until:
            note = self._words.gettext("until %(when)s", when=self._names.moment(place.until))
        return Somebody(ref, self._names.who(ref), self._names.host(home) if home else "", note)

    @property
    def places(self) -> str:
        """``12 of 20 places``; empty where there is no registration."""
        desks = [self._state.desk(step.id) for step in self._state.desks_in_plan()]
        if not desks:
            return ""
        taken, number = sum(desk.confirmed for desk in desks), self._words.number
        return self._words.gettext(
            "%(taken)s of %(all)s places", taken=number(taken), all=number(sum(desk.capacity for desk in desks))
        )

    @property
    def visits(self) -> list[Visit]:
        return [
            self._visit(journey.id, slot.id, self._names.span(slot.begins, slot.ends))
            for journey in self._state.journeys()
            for slot in journey.slots
        ]

    def _visit(self, step: str, slot: str, when: str) -> Visit:
        stay, words = self._state.booking(step, slot), self._words
        before = [self._names.host(host) for host in stay.tried if host != stay.host]
        note = words.gettext("before: %(hosts)s", hosts=words.all_of(before)) if before else ""
        call = stay.call if stay.stage == "confirmed" else None
        if call is not None and call.people and (silent := call.silent()):
            who = words.all_of([self._names.who(one) for one in silent])
            note = words.gettext("no answer yet from %(people)s whether they still come", people=who)
        host = self._names.host(stay.host) if stay.host else self._names.stay(slot, step)
        stage = "released" if self._state.phase == "cancelled" and not stay.done else stay.stage
        return Visit(slot, when, host, words.gettext(VISITS[stage]), TAGS.get(stage, "quiet"), note)

    @property
    def money(self) -> list[tuple[str, str]]:
        """The sums; nothing where there is no budget and nothing was promised."""
        purse, say, money = self._state.purse, self._words.gettext, self._names.money
        if not (purse.cap or purse.committed or purse.settled):
            return []
        rows = [(say("Promised"), money(purse.committed)), (say("Spent or to be paid"), money(purse.settled))]
        if purse.cap:
            short = [(say("Short"), money(purse.short))] if purse.short else [(say("Left"), money(purse.free))]
            rows = [(say("Budget"), money(purse.cap)), *rows, *short]
        return rows


@dataclass(frozen=True)
class Entry:
    """Something in the calendar."""

    first: date
    days: str
    words: str
    kind: str
    """``day``, ``open`` or ``held``."""


def year_of(state: Cycle, names: Spoken) -> list[tuple[str, list[Entry]]]:
    """The year by months: what begins in each."""
    months: dict[tuple[int, int], list[Entry]] = {}
    for entry in sorted(_entries(state, names), key=lambda one: one.first):
        months.setdefault((entry.first.year, entry.first.month), []).append(entry)
    words = names.speech
    return [(words.month(date(year, month, 1)), entries) for (year, month), entries in months.items()]


def _entries(state: Cycle, names: Spoken) -> Iterator[Entry]:
    words = names.speech
    for step in state.plan.steps:
        title = title_of(words, step)
        match step:
            case Invitations():
                spans = [(at_place(step.prepare), at_place(step.prepare), title, "day")]
            case Registration() | Feedback():
                spans = [(at_place(step.opens), at_place(step.closes), title, "open")]
            case Seminar():
                spans = [(at_place(step.begins), at_place(step.ends), title, "held")]
            case Visits():
                spans = [
                    (at_place(s.begins), at_place(s.ends), f"{title}: {_host_of(state, names, step.id, s.id)}", "held")
                    for s in step.slots
                ]
            case Report():
                spans = [(at_place(step.due), at_place(step.due), title, "day")]
        for first, last, said, kind in spans:
            yield Entry(first.date(), words.days(first, last), said, kind)


def _host_of(state: Cycle, names: Spoken, step: str, slot: str) -> str:
    """Who is asked or receives the group; before anybody is asked, who will be first."""
    stay = state.booking(step, slot)
    first = state.slot_of(step, slot)[1].candidates[:1] if stay.stage == "planned" else ()
    host = stay.host or next((candidate.host for candidate in first), "")
    return names.host(host) if host else slot
