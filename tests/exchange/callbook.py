"""The book of visits that move after they were confirmed: who was told which time, and what each is asked.

It plays the outbox: a letter rests, a newer one about the same takes its place, and one that has lost its sense does
not leave.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from datetime import datetime

from exchange import booking, coming, wishing
from exchange.base import Command, Event
from exchange.correspondence import Mail
from exchange.overtaken import overtaken
from exchange.plan import Slot, When
from exchange.state import Cycle

Span = tuple[datetime, datetime]


@dataclass(frozen=True)
class Waiting:
    """A letter that has not left."""

    leaves: datetime
    to: Span
    about: dict[str, str]


def at_once(stay: Slot) -> Span:
    return stay.begins.at, stay.ends.at


class CallBook:
    """TRUST invariant 18: two moves in a day make one letter, and it says what each was told last."""

    def __init__(self, reached: Counter[str]) -> None:
        self.reached = reached
        self.told: dict[tuple[str, str], Span] = {}
        self.resting: dict[tuple[str, str], Waiting] = {}
        self.asked: dict[tuple[str, str], set[Span]] = {}

    def saw(self, before: Cycle, event: Event, after: Cycle, mails: list[Mail]) -> None:
        # while all stands still, and in the moment in which it goes on, nothing has left
        self._leave(before, before.lived_to(event.at))
        for mail in mails:
            self._ordered(mail, event, after)
        match event:
            case booking.VisitMoved() if before.booking(event.step, event.slot).stage == "confirmed":
                self._moved(event, after)
            case coming.DelegateStillComes():
                assert event.person in after.group(), "an answer of whoever does not take part"
                assert event.at < after.slot_of(event.step, event.slot)[1].begins.at, "an answer after the visit began"
                self.reached["somebody still comes"] += 1
            case coming.DelegateCannotCome():
                self.reached["somebody cannot come any more"] += 1
            case coming.DelegatesReminded() if event.count:
                asked = [person for mail in mails for person in mail.to]
                assert len(asked) == event.count, "17: others are reminded than those who have not answered"
                span = at_once(before.slot_of(event.step, event.slot)[1])
                for person in asked:
                    assert self.told[f"{event.step}/{event.slot}", person] == span, "17: a reminder of no question"
                self.reached["those who are silent about a new date are reminded"] += 1
            case wishing.MoveWished():
                self.reached["a host wishes to move"] += 1
            case _:
                pass

    def decided(self, before: Cycle, command: Command, events: list[Event]) -> None:
        """An answer counts only if it is about the date as it stands."""
        if not isinstance(command, coming.AnswerNewDate) or not events:
            return
        about = next(e for e in events if isinstance(e, coming.DelegateStillComes | coming.DelegateCannotCome))
        stay, call = before.slot_of(about.step, about.slot)[1], before.booking(about.step, about.slot).call
        assert command.when is None or command.when.at == stay.begins.at, "18: an answer about an earlier date counts"
        assert call is not None, "18: an answer to no question"
        assert command.at >= call.asked_at, "18: an answer from before the move counts"
        asked = before.lived_to(command.at) >= call.leaves
        assert asked or command.when is not None, "18: an answer to what nobody was asked yet counts"

    def _leave(self, cycle: Cycle, now: datetime) -> None:
        for key, letter in list(self.resting.items()):
            if letter.leaves <= now:
                del self.resting[key]
                if not overtaken(cycle, "still_coming", key[1], letter.about, now):
                    self.told[key] = letter.to

    def _ordered(self, mail: Mail, event: Event, after: Cycle) -> None:
        if mail.kind not in {"visit_booked", "still_coming"}:
            return
        span = at_once(after.slot_of(mail.step, mail.slot)[1])
        for person in mail.to:
            key = (f"{mail.step}/{mail.slot}", person)
            if mail.kind == "visit_booked":
                self.told[key] = span
                self.resting.pop(key, None)
                continue
            was = When.model_validate_json(mail.facts["was"]), When.model_validate_json(mail.facts["was_ends"])
            assert (was[0].at, was[1].at) == self.told[key], "18: the letter says another old time than she was told"
            assert span != self.told[key], "18: somebody is asked about the time that she knows"
            self.asked.setdefault(key, set()).add(span)
            leaves, older = event.at + mail.rest, self.resting.get(key)
            self.reached["two moves make one letter"] += older is not None
            about = {"step": mail.step, "slot": mail.slot, "host": mail.host, "mark": mail.mark}
            self.resting[key] = Waiting(min(leaves, older.leaves) if older else leaves, span, about)

    def _moved(self, event: booking.VisitMoved, after: Cycle) -> None:
        """Everybody of the group knows the new time, or is written to about it."""
        span, place = (event.begins.at, event.ends.at), f"{event.step}/{event.slot}"
        call = after.booking(event.step, event.slot).call
        for person in call.silent() if call else ():
            assert span in self.asked.get((place, person), set()), "18: an answer is awaited that nobody asked for"
        for person in after.group():
            letter = self.resting.get((place, person))
            if letter is not None and overtaken(after, "still_coming", person, letter.about, event.at):
                self.reached["a visit goes back before the word of it has left"] += 1
                letter = None
            assert self.told[place, person] == span or (letter is not None and letter.to == span), "18: not told"
