"""The books that :mod:`tests.exchange.watch` keeps: places, money, letters, calendar entries."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from exchange import booking, extending, offering, registration, seminar, spending, substituting, suspending
from exchange.base import Command, Event
from exchange.correspondence import Entry, Mail
from exchange.cycle import due
from exchange.desk import explained
from exchange.plan import CyclePlan, Registration, Seminar
from exchange.state import Cycle

AGREED = {"invitation", "host_request", "seminar_programme", "seminar_speaker"}
"""Kinds of letters that wait for approval."""


class DeskBook:
    """Who has a place, an offer, or a turn; invariants 7, 8, 11 and 13."""

    def __init__(self, plan: CyclePlan, reached: Counter[str]) -> None:
        self.plan, self.reached = plan, reached
        self.step = next(step for step in plan.steps if isinstance(step, Registration))
        self.kinds = {o.id: o.kind for o in plan.organisations}
        self.capacity = self.step.capacity
        self.confirmed: set[str] = set()
        self.applied: set[str] = set()
        self.offers: dict[str, datetime] = {}
        self.line: list[str] = []
        self.home: dict[str, str] = {}
        self.ever: set[str] = set()
        self.behind: set[str] = set()
        """Whom their library did not send, while somebody whom hers did waits."""
        self.last: set[str] = set()
        """Who asked when the places had been shared out, and waits behind all who asked in time."""
        self.shared = False

    def rank(self, person: str) -> int:
        kind, behind = self.kinds.get(self.home[person], ""), 100 * (person in self.behind)
        behind += 1000 * (person in self.last)
        return behind + (self.step.priority.index(kind) if kind in self.step.priority else len(self.step.priority))

    def turns(self) -> list[str]:
        """The waiting list as it must be: by priority, then by the hour of asking."""
        return sorted(self.line, key=self.rank)

    def fits(self, person: str) -> bool:
        limit, home = self.step.per_library, self.home[person]
        if limit is None or not home:
            return True
        return sum(self.home[p] == home for p in self.confirmed | set(self.offers)) < limit

    def free(self) -> int:
        return self.capacity - len(self.confirmed) - len(self.offers)

    def live(self, person: str) -> bool:
        return person in self.confirmed | self.applied | set(self.offers) | set(self.line)

    def prolonged(self, before: Cycle, event: Event) -> None:
        """After a standstill every offer has as much more time; and one has more where staff say so."""
        if isinstance(event, extending.DeadlineExtended) and not event.asked:
            assert event.until > self.offers[event.person], "20: an offer ends earlier"
            self.offers[event.person] = event.until
        if not isinstance(event, suspending.CycleResumed):
            return
        last = before.offers_until(before.desk_step(self.step.id))
        for person, until in self.offers.items():
            later = until + (event.at - event.since)
            self.offers[person] = later if last is None else min(later, max(until, last))
        self.reached["an offer outlasts a standstill"] += bool(self.offers)

    def saw(self, before: Cycle, event: Event) -> None:
        match event:
            case registration.DelegateRegistered() | registration.DelegateWaitlisted():
                self._enters(event)
            case registration.DelegateWithdrawn():
                assert self.live(event.person)
                self.confirmed.discard(event.person)
                self.applied.discard(event.person)
                self.offers.pop(event.person, None)
                self.line = [p for p in self.line if p != event.person]
            case registration.PlaceOffered():
                self._offered(event)
            case registration.OfferAccepted():
                assert event.at <= self.offers.pop(event.person), "13: an offer is accepted after its end"
                self.confirmed.add(event.person)
            case registration.OfferExpired() | registration.OfferDeclined():
                until = self.offers.pop(event.person)
                if isinstance(event, registration.OfferExpired):
                    assert event.at >= until, "13: an offer expires before its end"
                    self.reached["an offer expires"] += 1
            case registration.CapacityChanged():
                self.reached["capacity lowered"] += event.capacity < self.capacity
                self.reached["capacity raised over a waiting list"] += bool(
                    event.capacity > self.capacity and self.line
                )
                self.capacity = event.capacity
            case registration.DelegatesSelected():
                self.confirmed |= set(event.people)
                self._given(event)
                others = self.applied - {*event.people, *event.then}
                self.shared = True
                self.behind = set(others) if event.then else set()
                self.line += [*event.then, *(p for p in before.desk(event.step).people if p in others)]
                self.applied.clear()
                self.reached["fewer selected than places"] += bool(self.free() > 0 and self.line)
            case substituting.DelegateSubstituted():
                self._substituted(event)
            case _:
                pass

    def _given(self, event: registration.DelegatesSelected) -> None:
        """Where libraries send people, none sends more than it may, and nobody is sent who did not ask."""
        assert {*event.people, *event.then} <= self.applied
        if self.step.places == "nominated" and self.step.per_library is not None:
            sent = Counter(self.home[p] for p in (*event.people, *event.then) if self.home[p])
            assert max(sent.values(), default=0) <= self.step.per_library, "a library sends more than it may"
            self.reached["a library has to choose"] += len(self.applied) > len(event.people) + len(event.then)
            self.reached["nominated beyond the capacity"] += bool(event.then)

    def _substituted(self, event: substituting.DelegateSubstituted) -> None:
        assert event.person in self.confirmed, "7: a substitute for nobody"
        assert self.home[event.person] == event.home, "a substitute from another library"
        assert event.by not in self.confirmed | set(self.offers), "11: a second place"
        self.reached["a substitute comes"] += 1
        self.reached["a substitute who waited comes"] += event.by in self.line
        self.confirmed.discard(event.person)
        self.applied.discard(event.by)
        self.line = [p for p in self.line if p != event.by]
        self.home[event.by] = event.home
        self.ever.add(event.by)
        self.confirmed.add(event.by)

    def _enters(self, event: registration.DelegateRegistered | registration.DelegateWaitlisted) -> None:
        person = event.person
        assert not self.live(person), f"11: {person} is registered twice"
        self.reached["somebody comes back"] += person in self.ever
        self.home[person] = event.home
        self.ever.add(person)
        self.last |= {person} if self.shared else set()
        if isinstance(event, registration.DelegateWaitlisted):
            self.line.append(person)
            assert event.position == self.turns().index(person) + 1, "8: a wrong position is told"
        elif event.applied:
            self.applied.add(person)
        else:
            assert self.fits(person), "8: a place beyond the limit of the library"
            assert not any(map(self.fits, self.line)), "8: a newcomer passes over those who wait"
            self.confirmed.add(person)

    def _offered(self, event: registration.PlaceOffered) -> None:
        fitting = [p for p in self.turns() if self.fits(p)]
        assert fitting, "8: an offer to somebody who does not fit"
        assert event.person == fitting[0], f"8: {event.person} is offered a place before {fitting[0]}"
        self.reached["the limit holds back the head of the line"] += event.person != self.turns()[0]
        assert event.until > event.at, "13: an offer that has ended when it is made"
        self.line.remove(event.person)
        self.offers[event.person] = event.until

    def check(self, cycle: Cycle) -> None:
        desk = cycle.desk(self.step.id)
        assert self.free() >= 0, "7: more people than places"
        assert len(self.confirmed) == desk.confirmed == len(cycle.group()), "7: somebody has lost her place"
        assert set(cycle.group()) == self.confirmed
        assert desk.in_line() == self.turns(), "8: the line is not in order"
        assert dict(desk.offers) == self.offers
        self.reached["two people wait"] += len(self.line) >= 2
        self.reached["two offers are open"] += len(self.offers) >= 2

    def nobody_waits_in_vain(self, cycle: Cycle, command: Command) -> None:
        last = cycle.offers_until(cycle.desk_step(self.step.id))
        now = command.onward["at"]
        owed = any(isinstance(entry.command, offering.OfferPlaces) and entry.at <= now for entry in due(cycle))
        self.reached["places are owed to those who wait"] += owed
        if not owed and self.free() > 0 and (last is None or now < last):
            assert not any(map(self.fits, self.line)), "8: somebody waits while a fitting place is free"
        self.reached["everybody who waits is held back"] += bool(self.free() > 0 and self.line)
        for number, person in enumerate(self.turns(), 1):
            why = explained(cycle.plan, cycle.desk(self.step.id), self.step, person)
            assert why is not None
            before = why.before_by_priority + why.before_by_time + why.before_by_choice
            assert number == why.number == before + 1, "8: a position unexplained"


class MoneyBook:
    """What is committed, and that it ends once; invariant 19."""

    def __init__(self, plan: CyclePlan, reached: Counter[str]) -> None:
        self.cap, self.reached = plan.budget.cap, reached
        self.committed: dict[str, int] = {}
        self.settled = 0
        self.held: dict[str, int] = {}
        """What is counted for something that was held until its last bill comes."""
        self.promised: dict[str, int] = {}
        self.bills: Counter[str] = Counter()
        self.early: Counter[str] = Counter()
        """What was paid before it was promised, by its key: taken off the promise."""
        self.paid: set[str] = set()
        self.over = 0
        """By how much more was spent than there is."""

    def live(self) -> int:
        return sum(self.committed.values())

    def saw(self, before: Cycle, event: Event) -> None:
        match event:
            case seminar.SeminarAnnounced():
                step = before.plan.step(event.step)
                assert isinstance(step, Seminar)
                self._commit(event.step, step.cents)
            case booking.HostAsked():
                self._let_go(f"{event.step}/{event.slot}/")
                self._commit(f"{event.step}/{event.slot}/{event.host}", event.cents)
            case booking.VisitDeclined() | booking.HostFellSilent() | booking.SlotGivenUp() | booking.VisitReleased():
                self._let_go(f"{event.step}/{event.slot}/")
            case seminar.SeminarHeld():
                self._held(event.step)
            case booking.VisitHeld():
                self._held(f"{event.step}/{event.slot}/{event.host}")
            case spending.MoneySpent():
                self._spent(event)
            case spending.ShareChanged():
                self.cap = event.cap
                self._measured()
            case _:
                self._released(event)

    def leaves_enough(self, after: Cycle) -> None:
        """A host that is asked leaves the money that seminars need which are still to be agreed to."""
        waiting = [s for s in after.plan.steps if isinstance(s, Seminar) and after.approving(s.id).stage != "given"]
        needed = sum(max(0, step.cents - self.early[step.id]) for step in waiting)
        assert not self.cap or after.purse.free >= needed, "19: a host is asked with a seminar's money"
        self.reached["a host is asked while a seminar's money waits"] += needed > 0

    def _released(self, event: Event) -> None:
        from exchange.cancelling import SeminarReleased

        if isinstance(event, SeminarReleased):
            self.committed.pop(event.step, None)  # nothing is promised any more where all was paid

    def _let_go(self, stay: str) -> None:
        """Nothing is promised to any host of the stay any more; what was paid to it stays paid."""
        for key in [key for key in self.promised if key.startswith(stay)]:
            self.committed.pop(key, None)
            self.promised[key] = 0

    def _held(self, key: str) -> None:
        self.held[key] = self.committed.pop(key, 0)
        self.settled += self.held[key]

    def _spent(self, event: spending.MoneySpent) -> None:
        """It takes the place of what was promised, or of what is counted as still to be paid."""
        self.settled += event.cents
        if event.key:
            key = event.key
            assert not event.slot or key.startswith(f"{event.step}/{event.slot}/"), "19: booked on another stay"
            self.bills[key] += event.cents
            self.paid |= {key} if event.last else set()
            rest = 0 if key in self.paid else max(0, self.promised[key] - self.bills[key])
            if key in self.committed:
                self.committed[key] = rest
            else:
                self.settled += rest - self.held.get(key, 0)
                self.held[key] = rest
            if event.last:
                self.committed.pop(key, None)
        else:
            assert bool(event.toward) == bool(event.slot), "19: a stay's bill that no promise will be set off against"
            self.early[event.toward or event.step] += event.cents
        self._measured()

    def _measured(self) -> None:
        self.over = max(0, self.live() + self.settled - self.cap)
        self.reached["more was spent than there is"] += bool(self.cap and self.over)

    def _commit(self, key: str, cents: int) -> None:
        assert key not in self.committed, f"19: {key} is committed twice"
        if cents:  # a promise takes over what was paid before it, to its host or before anybody was asked
            before = self.early.pop(key, 0) + self.early.pop(key.rpartition("/")[0] + "/", 0)
            self.bills[key] += before
            self.reached["a bill comes before its promise"] += bool(before)
        self.promised[key] = cents
        self.committed[key] = 0 if key in self.paid else max(0, cents - self.bills[key])
        self.held.pop(key, None)

    def check(self, cycle: Cycle) -> None:
        most = self.cap + self.over
        assert not self.cap or self.live() + self.settled <= most, "19: more committed than there is"
        self.over = min(self.over, max(0, self.live() + self.settled - self.cap))
        assert (cycle.purse.committed, cycle.purse.settled) == (self.live(), self.settled), "19: the purse is wrong"
        assert sum(e.committed for e in cycle.purse.entries.values()) == self.live()

    def decided(self, cycle: Cycle) -> None:
        waits = [p for p in cycle.prompts.values() if p.about == "money"]
        assert not waits or (len(waits) == 1 and cycle.purse.short), "19: a decision about money that is not missing"


@dataclass
class OutboxBook:
    """Letters held, released and dropped, and that none is ordered twice; invariants 2 and 15."""

    held: dict[tuple[str, str, str, str, str], Any] = field(default_factory=dict)
    """Batch, kind, slot, host and reader to the dates that the letter names."""
    dropped: set[str] = field(default_factory=set)
    keys: set[tuple[str, ...]] = field(default_factory=set)
    newest: dict[str, str] = field(default_factory=dict)
    """Step to the batch that was made ready last."""

    def hold(self, cycle: Cycle, mails: list[Mail]) -> None:
        for mail in mails:
            self.newest[mail.step] = mail.batch
            for person in mail.to:
                self.held[mail.batch, mail.kind, mail.slot, mail.host, person] = named_dates(cycle, mail)

    def ordered(self, mail: Mail, event: Event, after: Cycle, given: set[str]) -> None:
        if mail.op == "drop":
            self.dropped.add(mail.batch)
            return
        assert mail.kind, "an order without a kind"
        assert mail.to, f"a {mail.kind} to nobody"
        assert len(mail.to) == len(set(mail.to)), f"15: one {mail.kind} twice to one person"
        if mail.kind in AGREED:
            assert mail.step in given, f"2: {mail.kind} leaves before it is approved"
        if mail.op == "release":
            self._released(mail, after)
        for person in mail.to:
            key = (mail.kind, mail.step, mail.slot, mail.host, mail.mark, mail.batch, person)
            assert key not in self.keys, f"15: {key} is ordered twice"
            self.keys.add(key)

    def _released(self, mail: Mail, after: Cycle) -> None:
        assert mail.batch == self.newest.get(mail.step, mail.batch), "2: letters of another revision are released"
        assert not self.dropped & {mail.batch, ""}, "2: letters are released that were thrown away"
        for person in mail.to:
            key = (mail.batch, mail.kind, mail.slot, mail.host, person)
            if key in self.held:
                assert self.held[key] == named_dates(after, mail), "2: a released letter names a date that has moved"
            else:
                assert mail.kind in {"seminar_programme", "word"}, f"2: a {mail.kind} is released that nobody has seen"


def named_dates(cycle: Cycle, mail: Mail) -> Any:
    """The dates that a letter of the kind names; of one in staff's own words, which words."""
    if mail.kind == "word":
        return mail.facts
    if mail.kind == "host_request":
        stay = cycle.slot_of(mail.step, mail.slot)[1]
        return stay.begins, stay.ends
    if mail.kind == "invitation":
        return cycle.desk_step("").closes
    step = cycle.plan.step(mail.step)
    assert isinstance(step, Seminar)
    return step.begins, step.ends


@dataclass
class EntryBook:
    """What stands in people's calendars: it follows the truth, and its numbers rise; RFC 5545, 5546."""

    last: dict[tuple[str, str], Entry] = field(default_factory=dict)
    """Reader and UID to what she was sent last."""

    def ordered(self, mail: Mail, after: Cycle) -> None:
        for person in mail.to:
            for entry in mail.entries:
                self._sent(person, entry)

    def _sent(self, person: str, entry: Entry) -> None:
        before = self.last.get((person, entry.uid))
        if entry.method == "CANCEL":
            assert before is not None, f"{person} never had {entry.uid}, which is cancelled"
            assert before.method == "REQUEST", f"{entry.uid} is cancelled twice for {person}"
        if before is not None:
            higher = entry.sequence > before.sequence or entry == before
            assert higher, f"{entry.uid} for {person} does not count higher"
        self.last[person, entry.uid] = entry

    def all_called_off(self, cycle: Cycle) -> None:
        """After a cancellation nobody keeps an entry of what was still to come."""
        over = {f"{cycle.plan.id}/{s.id}" for s in cycle.seminars() if cycle.gathering(s.id).stage == "held"}
        for journey in cycle.journeys():
            stays = {s.id: cycle.booking(journey.id, s.id) for s in journey.slots}
            over |= {f"{cycle.plan.id}/{journey.id}/{n}/{b.host}" for n, b in stays.items() if b.stage == "visited"}
        for (person, uid), entry in self.last.items():
            assert entry.method == "CANCEL" or uid in over, f"23: {person} keeps {uid}"
