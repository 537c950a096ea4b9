"""Whom a home library sends, as its contact sees it: her own people and nobody else's."""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from functools import cached_property
from typing import Literal

from exchange.desk import Desk, Place, explained
from exchange.plan import Registration
from exchange.state import Cycle
from portal.doors import Guest
from portal.speech import mark

Stage = Literal["early", "open", "choose", "late", "chosen", "settled", "closed"]
"""``closed``: the time to ask is over, and the library need not choose; ``late``: its time to choose is over."""

STATES = {
    "confirmed": (mark("has a place"), "good"),
    "offered": (mark("a place is on offer"), "warn"),
    "waiting": (mark("waits for a place"), "plain"),
    "applied": (mark("is down for a place"), "plain"),
    "named": (mark("named by you"), "plain"),
    "sent": (mark("chosen by you"), "good"),
    "withdrawn": (mark("has withdrawn"), "quiet"),
    "declined": (mark("has declined"), "quiet"),
    "expired": (mark("did not answer in time"), "quiet"),
}
"""Where somebody stands, and the colour of it."""

ASKS = {
    "early": mark("Nothing yet."),
    "open": mark("Name the colleagues whom your library would like to send. They may also ask for a place themselves."),
    "late": mark("Nothing more: the time to choose is over."),
    "chosen": mark("Nothing more: we have your choice. Thank you."),
    "closed": mark("Nothing: the time to name people is over."),
    "settled": mark("Nothing. If somebody cannot come after all, you can send a colleague of your library instead."),
}
NEXT = {
    "early": mark("From then on you can name colleagues of your library here."),
    "choose": mark(
        "Everybody gets a letter. If we do not hear from you by then, those who asked first are sent. The others wait "
        "for a place that becomes free; nobody is told who else has asked."
    ),
    "late": mark("Those who asked first are sent, and everybody gets a letter."),
    "chosen": mark("As soon as the other libraries have chosen too, everybody gets a letter."),
    "closed": mark("The places are given, and everybody gets a letter."),
    "settled": mark("Whoever waits gets a letter as soon as a place becomes free."),
}


@dataclass(frozen=True)
class Nominee:
    """One of the library's people."""

    ref: str
    name: str
    state: str
    """A key of :data:`STATES`."""
    said: str
    kind: str
    below: str = ""

    @property
    def holds(self) -> bool:
        return self.state == "confirmed"


@dataclass(frozen=True)
class Facts:
    """What the page is made of."""

    state: Cycle
    step: Registration
    home: str
    now: datetime
    names: Mapping[str, str]
    """Of the library's own people."""
    named: Mapping[str, Collection[datetime]]
    """Whom she has named herself, and when."""


class Contact:
    """What a library's contact sees and may do."""

    def __init__(self, guest: Guest, facts: Facts) -> None:
        self._guest, self._facts, self._words = guest, facts, guest.words
        self.step, self.home = facts.step, facts.home
        organisation = guest.plan.organisation(facts.home)
        self.library = self._words.pick(organisation.name) if organisation else facts.home
        self.theme = self._words.pick(guest.plan.theme_name)
        self.year = str(guest.plan.year)
        self.suspended = facts.state.phase == "suspended"

    @property
    def desk(self) -> Desk:
        return self._facts.state.desk(self.step.id)

    @cached_property
    def stage(self) -> Stage:
        asked, desk, now = self.desk.nominations.get(self.home), self.desk, self._facts.now
        if desk.selected or (desk.stage == "closed" and self.step.places == "first_come"):
            return "settled"
        if asked is not None:
            return "chosen" if asked.done else "choose" if now <= asked.until else "late"
        if desk.stage == "closed" or now > self.step.closes.at:
            return "closed"
        return "open" if now >= self.step.opens.at else "early"

    @property
    def limit(self) -> int:
        """How many of the library may come; 0 where nothing limits them but the places."""
        return self.step.per_library or 0

    # -- at one glance ---------------------------------------------------------------------------------------------

    @property
    def asks(self) -> str:
        """What is asked of her."""
        if self.stage != "choose":
            return self._words.gettext(ASKS[self.stage])
        return self._words.ngettext(
            "Choose whom your library sends: at most %(num)s person.",
            "Choose whom your library sends: at most %(num)s people.",
            self.limit,
        )

    @property
    def until(self) -> str:
        """By when; empty where nothing is asked."""
        asked = self.desk.nominations.get(self.home)
        if self.stage == "choose" and asked is not None:
            return self._guest.moment(asked.until)
        if self.stage == "early":
            opens = self._guest.moment(self.step.opens.at)
            return self._words.gettext("Registration opens at %(moment)s.", moment=opens)
        return self._guest.moment(self.step.closes.at) if self.stage == "open" else ""

    @property
    def then(self) -> str:
        """What happens next."""
        if self.stage != "open":
            return self._words.gettext(NEXT[self.stage])
        if not self.limit:
            return self._words.gettext("The places are given when the time is over, and everybody gets a letter.")
        return self._words.ngettext(
            "Your library has %(num)s place. Where more of your people ask, we write to you, and you choose.",
            "Your library has %(num)s places. Where more of your people ask, we write to you, and you choose.",
            self.limit,
        )

    # -- her people ------------------------------------------------------------------------------------------------

    @cached_property
    def nominees(self) -> list[Nominee]:
        """Those of the library who are known at the desk, in the order in which they asked."""
        return [
            self._nominee(ref, self._facts.names[ref], place)
            for ref, place in self.desk.people.items()
            if place.home == self.home and ref in self._facts.names
        ]

    def _nominee(self, ref: str, name: str, place: Place) -> Nominee:
        asked = self.desk.nominations.get(self.home)
        sent = place.state == "applied" and asked is not None and asked.done and ref in asked.people
        state = "sent" if sent else place.state
        named = state == "applied" and place.since in self._facts.named.get(ref, ())
        said, kind = STATES["named" if named else state]
        return Nominee(ref, name, state, self._words.gettext(said), kind, self._below(ref, place))

    def _below(self, ref: str, place: Place) -> str:
        """What else she may know of it."""
        if place.state == "offered" and place.until is not None:
            until = self._guest.moment(place.until, self.step.closes.zone)
            return self._words.gettext("until %(moment)s", moment=until)
        turn = explained(self._guest.plan, self.desk, self.step, ref)
        if turn is None:
            return ""
        return self._words.gettext("number %(number)s on the waiting list", number=self._words.number(turn.number))

    @property
    def askers(self) -> list[Nominee]:
        """Among whom she chooses."""
        return [one for one in self.nominees if one.state == "applied"]

    @property
    def placed(self) -> list[Nominee]:
        """Instead of whom a colleague can come."""
        return [one for one in self.nominees if one.holds]

    @property
    def stamp(self) -> str:
        """How things stand: what is sent from a page that shows them so is one answer, however often it comes."""
        places = (f"{one.ref} {one.state} {self.desk.people[one.ref].since.isoformat()}" for one in self.nominees)
        return self._guest.house.sealed("contact", self.stage, *places)
