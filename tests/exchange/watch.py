"""The invariants of a cycle, kept by a book of their own: it reads events and letters, and trusts no rule.

Each check names the invariant of TRUST that it stands for. ``reached`` counts the deep states that a run has seen.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime
from typing import Any

from exchange import (
    approval,
    booking,
    cancelling,
    feedback,
    handing,
    moving,
    offering,
    prompt,
    registration,
    reporting,
    seminar,
    writing,
)
from exchange import invitation as inviting
from exchange import spending as paying
from exchange.base import PLAN, TIME, Command, Event
from exchange.correspondence import Mail
from exchange.plan import Approval, CyclePlan, Registration, Seminar, Slot, Visits
from exchange.replacing import SpeakerReplaced
from exchange.state import Cycle
from tests.exchange.books import DeskBook, EntryBook, MoneyBook, OutboxBook
from tests.exchange.callbook import CallBook
from tests.exchange.hours import in_its_hour
from tests.exchange.longer import LongerBook
from tests.exchange.standing import StillBook

LAST_WORDS = (cancelling.SeminarReleased, booking.VisitReleased, prompt.PromptClosed, cancelling.CycleCancelled)
ONCE = (
    inviting.InvitationsSent, registration.DeskOpened, registration.DeskClosed, registration.DelegatesSelected,
    seminar.SeminarAnnounced, seminar.SeminarHeld, booking.VisitHeld, feedback.SurveyOpened, feedback.SurveyClosed,
    reporting.ReportFiled,
)  # fmt: skip
HELD = (
    registration.DeskClosed, seminar.SeminarHeld, booking.VisitHeld, feedback.SurveyOpened, reporting.ReportFiled
)  # fmt: skip
"""What comes in the plan's order."""


def asked_for(plan: CyclePlan, step: str) -> Approval | None:
    """Whom the plan asks about the step; about a letter in staff's own words, whom it asks most strictly."""
    if not step.startswith("word_"):
        return plan.step(step).approval
    asked = [s.approval for s in plan.steps if s.kind in {"invitations", "seminar", "visits"} and s.approval]
    strict = [one for one in asked if one.second_person]
    return (strict or asked or [None])[0]


class Watch:
    """Looks at every event, every decision and every refusal of one cycle."""

    def __init__(self, plan: CyclePlan, reached: Counter[str]) -> None:
        self.reached = reached
        self.askers: dict[str, set[str]] = {}
        self.revision: dict[str, int] = {}
        self.given: set[str] = set()
        self.happened: set[tuple[str, str, str]] = set()
        self.prompts: dict[str, prompt.Prompt] = {}
        self.passed: set[str] = set()
        self.answers: dict[str, tuple[str, str]] = {}
        self.reminded: dict[str, list[datetime]] = {}
        self.nos: Counter[str] = Counter()
        self.gave_feedback: set[str] = set()
        self.declined: set[str] = set()
        self.words: dict[str, writing.LetterWritten] = {}
        self.sorry: set[str] = set()
        """Who was told that no place can come any more."""
        self.ended = ""
        self.still = StillBook(reached)
        self.longer = LongerBook(plan, reached)
        self.desk = DeskBook(plan, reached)
        self.money = MoneyBook(plan, reached)
        self.outbox = OutboxBook()
        self.entries = EntryBook()
        self.calls = CallBook(reached)

    # -- every event -----------------------------------------------------------------------------------------------

    def saw(self, before: Cycle, event: Event, after: Cycle, mails: list[Mail]) -> None:
        assert not self.ended, f"3, 23: {type(event).__name__} after the cycle was {self.ended}"
        assert after.position == before.position + 1
        self.still.saw(before, event, mails)
        self.calls.saw(before, event, after, mails)
        self.longer.saw(before, event, after, mails)
        self._once(event)
        self._in_order(before, event)
        in_its_hour(before, event)
        self._approvals(before, event)
        self._prompts(before, event)
        self._hosts(before, event, after)
        self._reminders(before, event, mails)
        self._dates(before, event, after)
        self._feedback(before, event)
        self.desk.saw(before, event)
        self.desk.prolonged(before, event)
        self.money.saw(before, event)
        self.money.check(after)
        if isinstance(event, booking.HostAsked):
            self.money.leaves_enough(after)
        if type(event).__name__ == "CycleResumed" and before.standstill is not None:
            pause = event.at - before.standstill.since
            for step in before.desks_in_plan():
                last, now = after.offers_until(step), dict(after.desk(step.id).offers)
                for person, until in before.desk(step.id).offers:
                    longer = person not in now or (last is not None and until + pause > last)
                    assert longer or now[person] == until + pause, "17: an offer runs out while all stands still"
        self.desk.check(after)
        self._no_place(event, mails)
        self._words(before, event, mails)
        for mail in mails:
            self.outbox.ordered(mail, event, after, self.given)
            self.entries.ordered(mail, after)
        if isinstance(event, cancelling.CycleCancelled | cancelling.CycleFinished):
            self._end(before, event, after, mails)

    def _no_place(self, event: Event, mails: list[Mail]) -> None:
        """Who waits to the end is told so once, and what she is told stays true."""
        told = [person for mail in mails if mail.kind == "no_place" for person in mail.to]
        assert not self.sorry & set(told), "15: somebody is told twice that no place can come"
        assert set(told) <= set(self.desk.line), "somebody is told that no place can come who does not wait"
        assert not (isinstance(event, registration.PlaceOffered) and event.person in self.sorry), "an offer after that"
        self.sorry |= set(told)
        self.reached["told before the end that no place can come"] += bool(told) and not self.ended_by(event)
        self.reached["told at the end that no place can come"] += bool(told) and self.ended_by(event)

    def _words(self, before: Cycle, event: Event, mails: list[Mail]) -> None:
        """A letter of staff's own goes to whoever is in its group as it is approved; copies go to staff who asked."""
        if isinstance(event, writing.LetterWritten):
            assert event.word not in self.words, "15: two letters of one name"
            self.words[event.word] = event
        copies = [reader for mail in mails if mail.op == "copy" for reader in mail.to]
        assert copies == list(getattr(event, "copies", ())) or event in self.words.values(), "a copy nobody asked for"
        staff = {holder for holders in before.plan.roles.values() for holder in holders}
        assert set(copies) <= staff, "a copy goes to somebody who has no role"
        to = {person for mail in mails if mail.kind == "word" for person in mail.to}
        if not to:
            return
        assert isinstance(event, approval.StepApproved), "2: a letter of staff's own leaves before it is approved"
        letter = self.words[event.step]
        known = {"confirmed": self.desk.confirmed, "waiting": set(self.desk.line)}
        if set(letter.groups) <= set(known):
            there = {person for group in letter.groups for person in known[group]}
            assert to == there | set(letter.people), "a letter goes to others than are in its group by now"
            self.reached["staff write to those who wait or have a place"] += bool(there)
        self.reached["a letter in staff's own words leaves"] += 1

    @staticmethod
    def ended_by(event: Event) -> bool:
        return isinstance(event, cancelling.CycleFinished)

    def _once(self, event: Event) -> None:
        if isinstance(event, ONCE):
            what = (type(event).__name__, event.step, getattr(event, "slot", ""))
            assert what not in self.happened, f"3: {what} twice"
            self.happened.add(what)

    def _has(self, kind: type[Event], step: str, slot: str = "") -> bool:
        return (kind.__name__, step, slot) in self.happened

    def _settled(self, cycle: Cycle, step: Any) -> bool:
        """Whether the step is behind us, by what has happened."""
        match step.kind:
            case "invitations":
                return self._has(inviting.InvitationsSent, step.id)
            case "registration":
                selected = step.places == "first_come" or self._has(registration.DelegatesSelected, step.id)
                return selected and self._has(registration.DeskClosed, step.id)
            case "seminar":
                return self._has(seminar.SeminarHeld, step.id)
            case "visits":
                over = ("VisitHeld", "SlotGivenUp")
                return step.id in self.given and all(
                    any((kind, step.id, slot.id) in self.happened for kind in over) for slot in step.slots
                )
            case "feedback":
                return self._has(feedback.SurveyClosed, step.id)
            case _:
                return self._has(reporting.ReportFiled, step.id)

    def _in_order(self, before: Cycle, event: Event) -> None:
        if isinstance(event, booking.SlotGivenUp):
            self.happened.add(("SlotGivenUp", event.step, event.slot))
            self.reached["a slot is given up"] += 1
        if isinstance(event, HELD):
            for step in before.before(event.step):
                assert self._settled(before, step), f"3: {type(event).__name__} of {event.step} before {step.id}"

    # -- approvals and prompts -------------------------------------------------------------------------------------

    def _approvals(self, before: Cycle, event: Event) -> None:
        match event:
            case approval.PreparationBegan():
                assert event.revision == self.revision.get(event.step, 0) + 1
                assert event.step not in self.given, f"4: {event.step} is made ready after it was approved"
                self.revision[event.step] = event.revision
                self.askers.setdefault(event.step, set()).add(event.actor)
            case approval.StepApproved():
                assert event.step not in self.given, f"4: {event.step} approved twice"
                assert event.revision == self.revision[event.step], f"1: an old revision of {event.step} is approved"
                assert event.digest == f"{event.step}-{event.revision}", "2: other letters than were made ready"
                self.given.add(event.step)
                self._not_late(before, event)
                wanted = asked_for(before.plan, event.step)
                if wanted is None and event.actor == PLAN:
                    return
                asked = ("coordinator",) if wanted is None else (wanted.role, wanted.deputy or "")
                assert event.role in asked, "5: not the role that was asked"
                assert event.actor in before.plan.roles[event.role], f"5: {event.actor} is no {event.role}"
                if wanted and event.role == wanted.deputy and event.role != wanted.role:
                    assert f"approve-{event.step}-{event.revision}" in self.passed, "5: the deputy before her turn"
                    self.reached["the deputy approves"] += 1
                hands = {*self.askers[event.step]} | (set() if event.step in self.words else {before.plan.starter})
                assert not (wanted and wanted.second_person and event.actor in hands), "5: no second person"
            case approval.StepRejected() if event.step in self.words:
                self.reached["a letter in staff's own words is rejected"] += 1
            case approval.StepRejected() if event.revision >= 2:
                self.reached["rejected twice"] += 1
            case _:
                pass

    def _not_late(self, before: Cycle, event: approval.StepApproved) -> None:
        """What is approved calls to nothing that is past."""
        if event.step in self.words:
            return
        step = before.plan.step(event.step)
        match step.kind:
            case "invitations":
                calls_to = [s.closes for s in before.plan.steps if isinstance(s, Registration)]
            case "seminar":
                calls_to = [step.begins]
            case "visits":
                calls_to = [slot.begins for slot in step.slots]
            case _:
                return
        assert all(event.at < when.at for when in calls_to), f"{event.step} is approved after its day"

    def _prompts(self, before: Cycle, event: Event) -> None:
        match event:
            case prompt.PromptOpened():
                ident = event.prompt.id
                assert ident not in self.prompts, f"4: {ident} is opened twice"
                self.prompts[ident] = event.prompt
                assert before.plan.roles.get(event.prompt.role), f"nobody can answer {ident}"
            case prompt.PromptPassed():
                self.passed.add(event.prompt)
                self.reached["a decision passes to the deputy"] += 1
            case prompt.PromptClosed():
                assert event.prompt not in self.answers, f"4: {event.prompt} is answered twice"
                self.answers[event.prompt] = (event.option, event.actor)
                if event.option != "lapsed":
                    assert event.role, "6: a decision without a role"
                    assert event.actor in before.plan.roles[event.role], "5: no right to decide"
                self.reached[f"answered {event.option}"] += 1
            case (
                moving.DateMoved()
                | booking.VisitMoved()
                | registration.CapacityChanged()
                | cancelling.CycleCancelled()
                | SpeakerReplaced()
            ):
                assert event.actor in before.plan.roles[event.role], "6, 20: a decision without a role"
                assert event.reason, "6, 20: a decision without a reason"
            case _:
                pass

    # -- hosts -----------------------------------------------------------------------------------------------------

    def _hosts(self, before: Cycle, event: Event, after: Cycle) -> None:
        match event:
            case booking.HostAsked() | booking.VisitConfirmed():
                assert event.step in self.given, "1: a visit is booked before its plan is approved"
                assert event.at < self._slot(before, event).begins.at or isinstance(event, booking.VisitConfirmed)
                if isinstance(event, booking.HostAsked):
                    assert event.until <= self._slot(before, event).begins.at
                    self._passed_over(before, event)
            case booking.VisitDeclined() | booking.HostFellSilent():
                self.nos[f"{event.step}/{event.slot}"] += 1
                if self.nos[f"{event.step}/{event.slot}"] == 2:
                    self.reached["a second no in one slot"] += 1
                if isinstance(event, booking.VisitDeclined) and event.after_yes:
                    self.reached["a yes is taken back"] += 1
            case booking.HostSaidYesLate():
                self.reached["a late yes"] += 1
            case booking.VisitMoved() if before.booking(event.step, event.slot).stage == "confirmed":
                self.reached["a confirmed stay moves"] += 1
            case _:
                pass
        self._one_host_at_once(after)

    def _slot(self, cycle: Cycle, event: Any) -> Slot:
        return cycle.slot_of(event.step, event.slot)[1]

    def _passed_over(self, before: Cycle, event: booking.HostAsked) -> None:
        """Why a better candidate was left out, for the count."""
        stays, held = self._slot(before, event), before.booking(event.step, event.slot)
        for candidate in stays.candidates:
            if candidate.host == event.host:
                return
            if candidate.host in {*held.tried, held.host}:
                continue
            busy = before.host_busy(candidate.host, stays.begins, stays.ends, but=(event.step, event.slot))
            self.reached["a host is busy" if busy else "the money blocks a host"] += 1

    def _one_host_at_once(self, cycle: Cycle) -> None:
        live = [
            (held.host, slot)
            for step in cycle.plan.steps if isinstance(step, Visits)
            for slot in step.slots
            if (held := cycle.booking(step.id, slot.id)).stage in {"asked", "proposed", "confirmed"}
        ]  # fmt: skip
        for index, (host, slot) in enumerate(live):
            for other, stay in live[:index]:
                apart = slot.ends.at <= stay.begins.at or stay.ends.at <= slot.begins.at
                assert host != other or apart, f"18: {host} stands in two stays at once"

    # -- reminders, dates, feedback --------------------------------------------------------------------------------

    def _reminders(self, before: Cycle, event: Event, mails: list[Mail]) -> None:
        match event:
            case inviting.InvitedReminded(count=count, actor=actor, at=at, step=step) if count:
                to = {person for mail in mails for person in mail.to}
                assert len(to) == count, "17: more or fewer are reminded than the event says"
                assert not (self.desk.ever | self.declined) & to, "17: a reminder after the answer"
                whose = f"{step}/{actor}/{event.person}"
                self._no_burst(whose, at)
                assert len(self.reminded[whose]) <= 3 or actor != TIME, "17: more than the plan's reminders"
            case feedback.SurveyReminded(count=count, actor=actor, at=at, step=step) if count:
                assert (until := before.survey(step).until)
                assert at < until, "17: a reminder after the survey"
                assert not self.gave_feedback & set(mails[0].to), "17: a reminder after the answer"
                self._no_burst(f"{step}/{actor}", at)
            case booking.HostReminded(missed=False):
                held = before.booking(event.step, event.slot)
                assert held.stage == "asked", "17: a reminder after the answer"
                assert held.until, "17: a reminder without a deadline"
                assert event.at < held.until, "17: a reminder after the deadline"
                assert not (event.actor == TIME and held.reminded), "17: time reminds a host twice"
            case booking.HostReminded():
                self.reached["a reminder is missed"] += 1
            case inviting.InvitationDeclined():
                self.declined.add(event.person)
            case prompt.PromptReminded():
                self._no_burst(event.prompt, event.at)
                assert len(self.reminded[event.prompt]) == 1, "17: a decision is reminded twice"
            case _:
                pass

    def _no_burst(self, what: str, at: datetime) -> None:
        moments = self.reminded.setdefault(what, [])
        assert at not in moments, f"17: a burst of reminders about {what}"
        moments.append(at)

    def _dates(self, before: Cycle, event: Event, after: Cycle) -> None:
        if isinstance(event, moving.DateMoved | booking.VisitMoved):
            self._mover(before, event)
            self.reached["an announced seminar moves"] += isinstance(event, moving.DateMoved) and event.told
            self._in_turn(event, after)
        elif isinstance(event, SpeakerReplaced):
            self._speaks(before, event, after)
        elif isinstance(event, paying.ShareChanged):
            assert after.plan.steps == before.plan.steps, "20: money moves a date"
        elif isinstance(event, handing.RolesHandedOver):
            self._rights_passed(before, event, after)
        else:
            assert after.plan is before.plan, f"20: {type(event).__name__} moves a date"

    def _rights_passed(self, before: Cycle, event: handing.RolesHandedOver, after: Cycle) -> None:
        """A handover changes who holds which role and nothing else, and ends the rights of who hands over."""
        assert after.plan.model_copy(update={"roles": before.plan.roles}) == before.plan, "a handover changes the plan"
        assert set(after.plan.roles) == set(before.plan.roles)
        for role, holders in before.plan.roles.items():
            assert event.source not in after.plan.roles[role], "5: rights that were handed over go on"
            assert (role in event.roles) == (event.source in holders)
            assert set(after.plan.roles[role]) - {event.to} == set(holders) - {event.source, event.to}
        assert event.reason, "6: a decision without a reason"
        self.reached["roles are handed over"] += 1

    def _speaks(self, before: Cycle, event: SpeakerReplaced, after: Cycle) -> None:
        """Another speaker, at the same time, with the same eyes on what is still to be approved."""
        assert before.gathering(event.step).stage in {"idle", "announced"}, "3: a held seminar changes"
        was, now = before.step_of(event.step, Seminar), after.step_of(event.step, Seminar)
        assert [(s.begins, s.ends) for s in was.sessions] == [(s.begins, s.ends) for s in now.sessions], "20"
        untouched = now.model_copy(update={"sessions": was.sessions})
        steps = tuple(untouched if step.id == now.id else step for step in after.plan.steps)
        assert steps == before.plan.steps, "20: another speaker changes the plan"
        if event.step not in self.given:
            self.askers.setdefault(event.step, set()).add(event.actor)
            self.reached["a speaker changes before the programme is approved"] += 1
        self.reached["a speaker changes after people were told"] += event.told

    def _mover(self, before: Cycle, event: moving.DateMoved | booking.VisitMoved) -> None:
        """Whoever moves a date has a hand in the letters still to be approved that name it."""
        if isinstance(event, moving.DateMoved) and event.field in {"prepare", "announce", "due"}:
            return
        for step in before.plan.steps:
            if step.id not in self.given and (step.id == event.step or step.kind == "invitations"):
                self.askers.setdefault(step.id, set()).add(event.actor)
                self.reached["a date moves before its letters are approved"] += 1

    def _in_turn(self, event: moving.DateMoved | booking.VisitMoved, after: Cycle) -> None:
        """A date that moves goes beyond no step that is still to come."""
        ids = [step.id for step in after.plan.steps]
        if isinstance(event, moving.DateMoved) and event.field in {"announce", "prepare"}:
            return
        for other in after.plan.steps[ids.index(event.step) + 1 :]:
            if isinstance(other, Visits):
                begins = [slot.begins.at for slot in other.slots if not after.booking(other.id, slot.id).done]
            else:
                begins = [
                    getattr(other, "opens", None) or getattr(other, "begins", None) or getattr(other, "due", None)
                ]
                begins = [when.at for when in begins if when]
            # an end that is named where no span moves says nothing
            span = isinstance(event, booking.VisitMoved) or event.field == "begins"
            moment = event.ends if span else None
            ends = moment.at if moment else event.when.at if isinstance(event, moving.DateMoved) else event.ends.at
            passed_over = [at for at in begins if event.at < at < ends]
            assert not passed_over or self._settled(after, other), f"3: {event.step} moves beyond {other.id}"

    def _feedback(self, before: Cycle, event: Event) -> None:
        if isinstance(event, feedback.FeedbackGiven):
            assert event.person not in self.gave_feedback, "24: two answers of one person"
            assert event.person in self.desk.confirmed, "24: an answer of whoever did not take part"
            self.gave_feedback.add(event.person)

    # -- whole decisions -------------------------------------------------------------------------------------------

    def decided(self, before: Cycle, command: Command, events: list[Event], after: Cycle) -> None:
        kinds = [type(event) for event in events]
        self.money.decided(after)
        if isinstance(command, cancelling.Cancel):
            assert all(isinstance(event, LAST_WORDS) for event in events), "23: a cancellation sets something going"
        self.still.decided(command, events, after)
        self.calls.decided(before, command, events)
        if {registration.OfferExpired, registration.OfferDeclined} & set(kinds):
            self.reached["an offer is passed on"] += registration.PlaceOffered in kinds
        assert kinds.count(registration.PlaceOffered) <= offering.AT_ONCE, "a decision that grows with the waiting list"
        if any(desk.owed for desk in before.desk_books.values()) and not isinstance(command, offering.OfferPlaces):
            assert registration.PlaceOffered not in kinds, "8: an offer before those that are owed"
        if registration.DelegateWithdrawn in kinds:
            assert kinds.count(registration.PlaceOffered) <= 1, "13: one withdrawal, several offers"
        for event in events:
            if isinstance(event, booking.VisitDeclined | booking.HostFellSilent):
                what = {booking.HostAsked, prompt.PromptOpened, booking.SlotGivenUp} & set(kinds)
                assert what, "18: a no that nobody hears of"
        if after.phase == "running":
            self.desk.nobody_waits_in_vain(after, command)

    def _end(self, before: Cycle, event: Event, after: Cycle, mails: list[Mail]) -> None:
        self.ended = after.phase
        assert not after.prompts, "23: a decision still waits"
        assert not after.words or after.phase == "cancelled", "a letter in staff's own words is lost at the end"
        assert not self.money.live(), "19, 23: a commitment was neither released nor settled"
        assert not self.desk.offers or after.phase == "cancelled", "an offer stands open at the end"
        self.reached[f"the cycle is {after.phase}"] += 1
        if after.phase != "cancelled":
            assert set(self.desk.line) <= self.sorry, "somebody waits for ever and is not told"
            return
        told = [person for mail in mails if mail.kind == "cycle_cancelled" for person in mail.to]
        assert len(told) == len(set(told)), "23: somebody is told twice"
        invited = {p for s in before.invitations() if self._has(inviting.InvitationsSent, s.id) for p in s.people}
        there = self.desk.confirmed | set(self.desk.line) | set(self.desk.offers) | self.desk.applied
        assert invited | there <= set(told), "23: somebody is not told"
        self.entries.all_called_off(before)
        booked = [b for b in before.bookings.values() if b.called_off]
        self.reached["cancelled with three stays booked"] += len(booked) == 3
        self.reached["cancelled with an offer open"] += bool(self.desk.offers)
