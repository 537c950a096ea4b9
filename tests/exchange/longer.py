"""The book of those who were given more time to answer; invariants 13, 17 and 20."""

from __future__ import annotations

from collections import Counter
from datetime import datetime

from exchange import extending, invitation, moving, registration, suspending
from exchange.base import TIME, Event
from exchange.correspondence import Mail
from exchange.plan import CyclePlan, Registration
from exchange.state import Cycle


class LongerBook:
    """Who has until when to answer the invitation: once for each, later than all others, and never cut short."""

    def __init__(self, plan: CyclePlan, reached: Counter[str]) -> None:
        self.reached = reached
        self.closes = next(step.closes.at for step in plan.steps if isinstance(step, Registration))
        self.ever: set[str] = set()
        self.until: dict[str, datetime] = {}
        self.came: set[str] = set()
        self.answered: set[str] = set()
        self.reminded: set[str] = set()

    def saw(self, before: Cycle, event: Event, after: Cycle, mails: list[Mail]) -> None:
        match event:
            case extending.DeadlineExtended():
                self._given(before, event, mails)
            case registration.DelegateRegistered() | registration.DelegateWaitlisted():
                self._enters(event)
            case invitation.InvitationDeclined():
                self.answered.add(event.person)
            case moving.DateMoved(field="closes") if after.plan.step(event.step).kind == "registration":
                self.closes = event.when.at
                self._told(mails)
            case suspending.CycleResumed():
                self._resumed(before, event, after)
            case invitation.InvitedReminded():
                self._in_its_hour(before, event)
                self._reminds(event, mails)
            case _:
                pass

    def deadline(self, person: str) -> datetime:
        return max(self.closes, self.until.get(person, self.closes))

    def _given(self, before: Cycle, event: extending.DeadlineExtended, mails: list[Mail]) -> None:
        assert event.actor in before.plan.roles[event.role], "6: a decision without a role"
        assert event.reason, "6: a decision without a reason"
        assert event.person not in self.ever, "more time is given twice"
        assert [(mail.kind, mail.to) for mail in mails] == [("deadline_extended", (event.person,))]
        assert event.until > event.at, "20: a deadline in the past"
        self.ever.add(event.person)
        if not event.asked:
            self.reached["an offer is kept longer"] += 1
            return
        assert event.person not in self.answered, "more time for who has answered"
        assert event.until > self.closes, "20: a deadline moves earlier"
        given_up = {key for key, stay in before.bookings.items() if stay.stage == "given_up"}
        stays = [s for j in before.journeys() for s in j.slots if f"{j.id}/{s.id}" not in given_up]
        assert all(event.until <= part.begins.at for part in [*before.seminars(), *stays]), "more time than there is"
        self.until[event.person] = event.until
        self.reached["an invitation waits longer for one"] += 1

    def _enters(self, event: registration.DelegateRegistered | registration.DelegateWaitlisted) -> None:
        assert event.at <= self.deadline(event.person), "20: an answer after the deadline"
        if event.at > self.closes:
            assert event.person not in self.came, "somebody comes back after the closing"
            self.reached["an answer comes after the closing"] += 1
        self.came.add(event.person)
        self.answered.add(event.person)

    def _resumed(self, before: Cycle, event: suspending.CycleResumed, after: Cycle) -> None:
        for person in self.until:
            now = after.desk("registration").extended[person].until
            if person not in self.answered:
                assert now >= self.until[person], "20: a standstill takes of her time"
            self.until[person] = now

    def _told(self, mails: list[Mail]) -> None:
        told = {person for mail in mails for person in mail.to}
        assert not [p for p in told if self.until.get(p, self.closes) > self.closes], "told a date that is not hers"

    def _in_its_hour(self, before: Cycle, event: invitation.InvitedReminded) -> None:
        step = next(s for s in before.invitations() if s.id == event.step)
        hour = before.desk(step.registration).extended[event.person].remind if event.person else None
        assert not event.person or (hour is not None and event.at >= hour), "20: a reminder of her own before its hour"

    def _reminds(self, event: invitation.InvitedReminded, mails: list[Mail]) -> None:
        for mail in mails:
            for person in mail.to:
                assert event.at < self.deadline(person), "17: a reminder after the deadline"
                own = self.until.get(person, self.closes) > self.closes
                until = self.until[person].isoformat() if own else None
                assert mail.facts.get("until") == until, "a reminder names a date that is not hers"
                if own and event.actor == TIME:
                    assert person not in self.reminded, "17: she is reminded twice"
                    self.reminded.add(person)
                    self.reached["a reminder of her own"] += 1
