"""The desk's book: who holds a place, who waits, and in what order.

A persistent value: each change costs the same at ten people as at ten thousand, and the old book stays as it was.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterator
from datetime import datetime, timedelta
from typing import Literal

from pydantic import AwareDatetime

from exchange.base import Model
from exchange.keyed import Keyed
from exchange.plan import CyclePlan, Registration

Standing = Literal["confirmed", "offered", "waiting", "applied", "withdrawn", "declined", "expired"]
Gone = Literal["withdrawn", "declined", "expired"]


def _end(offer: tuple[str, datetime]) -> datetime:
    return offer[1]


class Place(Model):
    """Where one person stands."""

    state: Standing
    home: str = ""
    rank: int = 0
    """Her kind of library's place in the plan's priority; 0 goes first."""
    since: AwareDatetime
    until: AwareDatetime | None = None
    """When her offer expires, while she has one."""

    @property
    def holds(self) -> bool:
        """Whether a place is taken for her: confirmed, or offered and not yet answered."""
        return self.state in {"confirmed", "offered"}

    @property
    def live(self) -> bool:
        return self.state in {"confirmed", "offered", "waiting", "applied"}


class Nomination(Model):
    """A library that chooses whom it sends."""

    until: AwareDatetime
    people: tuple[str, ...] = ()
    done: bool = False


class Extension(Model):
    """More time that one person was given to answer."""

    until: AwareDatetime
    asked: str = ""
    """The invitations that she answers; empty where a place is on offer to her."""
    remind: AwareDatetime | None = None
    """When she is reminded; None when she is not, or not any more."""


class Desk(Model):
    """The book of one registration step."""

    stage: Literal["idle", "open", "closed"] = "idle"
    selected: bool = False
    capacity: int = 0
    confirmed: int = 0
    waiting: int = 0
    people: Keyed[Place] = Keyed()
    by_home: Keyed[int] = Keyed()
    """Home library to how many of its people hold a place."""
    queue: Keyed[Keyed[int]] = Keyed()
    """Rank (as text) to those who wait at that rank, first come first."""
    offers: tuple[tuple[str, AwareDatetime], ...] = ()
    """Who has been offered a place, and until when; the one that ends first stands first."""
    owed: AwareDatetime | None = None
    """When a decision had more places to offer than it makes at once; the rest is offered before anything else is."""
    over: bool = False
    """Those who still waited have been told that no place can come: nothing is offered any more."""
    nominations: dict[str, Nomination] = {}
    """Home library to its choice, where more of its people ask than may."""
    extended: Keyed[Extension] = Keyed()
    """Who was given more time to answer, once for each."""

    @property
    def taken(self) -> int:
        """Places confirmed or on offer."""
        return self.confirmed + len(self.offers)

    @property
    def free(self) -> int:
        return max(0, self.capacity - self.taken)

    def passed_over(self, person: str) -> bool:
        """Whether her library has chosen whom it sends, and it is not she."""
        asked = self.nominations.get(self.people[person].home)
        return asked is not None and person not in asked.people

    def ahead(self, rank: int) -> int:
        """How many wait before a newcomer of that rank."""
        return sum(len(line) for key, line in self.queue.items() if int(key) <= rank)

    def turns(self) -> Iterator[str]:
        """Those who wait, the next first; whoever is not asked for is not looked up."""
        for _, line in sorted(self.queue.items(), key=lambda entry: int(entry[0])):
            yield from line

    def in_line(self) -> list[str]:
        """All who wait, the next first."""
        return list(self.turns())

    def enter(self, person: str, place: Place) -> Desk:
        """The book with a newcomer in it."""
        # one who comes back after leaving goes to the end of every order
        people = self.people.drop(person).put(person, place)
        if place.state == "confirmed":
            return self._put(people=people, confirmed=self.confirmed + 1, by_home=self._home(place.home, 1))
        if place.state == "waiting":
            return self._put(people=people, waiting=self.waiting + 1, queue=self._lined(person, place.rank))
        return self._put(people=people)

    def without(self, person: str, state: Gone) -> Desk:
        """The book after the person has left it; her line stays, for the record."""
        place = self.people[person]
        changes: dict[str, object] = {
            "people": self.people.put(person, place.model_copy(update={"state": state, "until": None}))
        }
        if place.holds:
            changes["by_home"] = self._home(place.home, -1)
        if place.state == "confirmed":
            changes["confirmed"] = self.confirmed - 1
        if place.state == "offered":
            changes["offers"] = self._unoffered(person)
        if place.state == "waiting":
            changes["waiting"] = self.waiting - 1
            changes["queue"] = self._unlined(person, place.rank)
        return self._put(**changes)

    def offer(self, person: str, until: datetime, owed: datetime | None = None) -> Desk:
        """The book with the next in line offered a place until ``until``."""
        place = self.people[person]
        turn = bisect_right(self.offers, until, key=_end)
        return self._put(
            people=self.people.put(person, place.model_copy(update={"state": "offered", "until": until})),
            waiting=self.waiting - 1,
            queue=self._unlined(person, place.rank),
            offers=(*self.offers[:turn], (person, until), *self.offers[turn:]),
            owed=owed or self.owed,
            by_home=self._home(place.home, 1),
        )

    def prolong(self, person: str, given: Extension) -> Desk:
        """The book with more time for one person."""
        desk, until = self._put(extended=self.extended.put(person, given)), given.until
        if given.asked:
            return desk
        others = self._unoffered(person)
        turn = bisect_right(others, until, key=_end)
        return desk._put(
            people=self.people.put(person, self.people[person].model_copy(update={"until": until})),
            offers=(*others[:turn], (person, until), *others[turn:]),
        )

    def reminded(self, person: str) -> Desk:
        """The book in which the person has had the reminder of her own."""
        given = self.extended[person].model_copy(update={"remind": None})
        return self._put(extended=self.extended.put(person, given))

    def later(self, pause: timedelta, last: datetime | None) -> Desk:
        """The book with more time for whoever has to answer; no offer lasts beyond the last moment for offers."""
        people, offers = self.people, []
        for person, was in self.offers:
            until = was + pause if last is None else min(was + pause, max(was, last))
            people = people.put(person, people[person].model_copy(update={"until": until}))
            offers.append((person, until))
        nominations = {
            home: asked if asked.done else asked.model_copy(update={"until": asked.until + pause})
            for home, asked in self.nominations.items()
        }
        return self._put(people=people, offers=tuple(offers), nominations=nominations)

    def accept(self, person: str) -> Desk:
        place = self.people[person]
        return self._put(
            people=self.people.put(person, place.model_copy(update={"state": "confirmed", "until": None})),
            confirmed=self.confirmed + 1,
            offers=self._unoffered(person),
        )

    def choose(self, picks: tuple[str, ...], then: tuple[str, ...] = ()) -> Desk:
        """The book after a choice among those who applied: the rest wait in the order they asked.

        Where some are to wait first (``then``), the others stand behind them, whatever kind of library they are from.
        """
        desk, chosen = self._put(selected=True), frozenset(picks)
        applied = {person: place for person, place in self.people.items() if place.state == "applied"}
        behind = 1 + max((place.rank for place in applied.values()), default=0) if then else 0
        for person in dict.fromkeys((*then, *applied)):
            place = applied[person]
            if person not in then:
                place = place.model_copy(update={"rank": place.rank + behind})
            desk = desk._chosen(person, place) if person in chosen else desk._passed_over(person, place)
        return desk

    def _chosen(self, person: str, place: Place) -> Desk:
        people = self.people.put(person, place.model_copy(update={"state": "confirmed"}))
        return self._put(people=people, confirmed=self.confirmed + 1, by_home=self._home(place.home, 1))

    def _passed_over(self, person: str, place: Place) -> Desk:
        people = self.people.put(person, place.model_copy(update={"state": "waiting"}))
        return self._put(people=people, waiting=self.waiting + 1, queue=self._lined(person, place.rank))

    def turn_of(self, rank: int) -> int:
        """The rank of a newcomer: who asks when the places have been shared out waits behind all who asked in time."""
        if not self.selected:
            return rank
        return max([rank, *(int(key) for key, line in self.queue.items() if len(line))])

    def _put(self, **changes: object) -> Desk:
        return self.model_copy(update=changes)

    def _unoffered(self, person: str) -> tuple[tuple[str, AwareDatetime], ...]:
        turn = next(n for n, (somebody, _) in enumerate(self.offers) if somebody == person)
        return (*self.offers[:turn], *self.offers[turn + 1 :])

    def _home(self, home: str, change: int) -> Keyed[int]:
        return self.by_home.put(home, (self.by_home.get(home) or 0) + change)

    def _lined(self, person: str, rank: int) -> Keyed[Keyed[int]]:
        line = self.queue.get(str(rank)) or Keyed[int]()
        return self.queue.put(str(rank), line.put(person, 1))

    def _unlined(self, person: str, rank: int) -> Keyed[Keyed[int]]:
        line = self.queue.get(str(rank)) or Keyed[int]()
        return self.queue.put(str(rank), line.drop(person))


def rank_of(plan: CyclePlan, step: Registration, home: str) -> int:
    """The place of the home library's kind in the plan's priority; kinds not named come last together."""
    organisation = plan.organisation(home)
    kind = organisation.kind if organisation else ""
    return step.priority.index(kind) if kind in step.priority else len(step.priority)


def at_limit(desk: Desk, home: str, per_library: int | None) -> bool:
    """Whether as many from that library hold a place as may. A library that nobody knows has no limit."""
    return per_library is not None and bool(home) and (desk.by_home.get(home) or 0) >= per_library


def fitting(desk: Desk, free: int, per_library: int | None) -> list[str]:
    """The next who wait, at most ``free`` of them, that the limit per library lets in."""
    chosen: list[str] = []
    for person in desk.turns() if free > 0 else ():
        if len(chosen) == free:
            break
        home = desk.people[person].home
        if not at_limit(desk, home, per_library):
            chosen.append(person)
            desk = desk._put(by_home=desk._home(home, 1))
    return chosen


class Position(Model):
    """Why a person stands where she does on the waiting list."""

    number: int
    """From 1: the next to be offered a place."""
    before_by_priority: int
    """Who goes before her because of the kind of their library."""
    before_by_time: int
    """Who goes before her because they asked earlier."""
    before_by_choice: int = 0
    """Who goes before her because their library sends them, and hers sends others."""
    library_full: bool
    """As many from her library hold a place as may; until one leaves, those behind her may be offered one first."""


def explained(plan: CyclePlan, desk: Desk, step: Registration, person: str) -> Position | None:
    """The person's position on the waiting list with its reasons; None for one who does not wait."""
    place = desk.people.get(person)
    if place is None or place.state != "waiting":
        return None
    line = desk.in_line()
    number, first = line.index(person) + 1, line[: desk.ahead(place.rank - 1)]
    chosen = {one for one in first if desk.passed_over(person) and not desk.passed_over(one)}
    own = rank_of(plan, step, place.home)
    kinds = sum(one not in chosen and rank_of(plan, step, desk.people[one].home) < own for one in first)
    return Position(
        number=number,
        before_by_priority=kinds,
        before_by_time=number - 1 - len(chosen) - kinds,
        before_by_choice=len(chosen),
        library_full=at_limit(desk, place.home, step.per_library),
    )
