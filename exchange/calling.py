"""Who is asked whether she can still come, where a visit that was confirmed has moved, and who has answered.

The group is asked once the word leaves (:mod:`exchange.resting`); a visit that moves again before that is asked about
once, with the time that people were told last. One that goes back to that time asks nobody. Source: TRUST invariant 18.
"""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from pydantic import AwareDatetime

from exchange.base import Model
from exchange.keyed import Keyed
from exchange.plan import Slot, When
from exchange.resting import rest

if TYPE_CHECKING:
    from exchange.state import Cycle


class Call(Model):
    """One question to the group: can you still come?"""

    number: int
    """Which question it is: the place in the journal of the move that it is about. Its letters carry it."""
    asked_at: AwareDatetime
    leaves: AwareDatetime
    """When the word of it leaves; until then a further move takes its place."""
    was: tuple[When, When]
    """The stay as people were told it last."""
    people: Keyed[bool] = Keyed()
    """Who was asked, and whether she has said that she still comes; nobody, where no group is there yet."""
    open: int = 0
    """How many of them have not answered."""
    reminded: bool = False
    last_reminder: AwareDatetime | None = None
    before: Call | None = None
    """The question before it, where its letter had left."""

    def silent(self) -> list[str]:
        """Those who have not answered, in the order of the group."""
        return [person for person, comes in self.people.items() if not comes]

    def answered(self, person: str) -> Call:
        """The question after she has said that she still comes."""
        return self.model_copy(
            update={"people": self.people.put(person, value=True), "open": self.open - (not self.people[person])}
        )

    def without(self, person: str) -> Call:
        """The question without somebody who does not take part any more."""
        before = self.before.without(person) if self.before else None
        left = self.people.get(person)
        gone = {"people": self.people.drop(person), "open": self.open - (left is False), "before": before}
        return self.model_copy(update=gone)


def out(cycle: Cycle, call: Call, at: datetime) -> bool:
    """Whether the letters of the question have left by then; none leave while all stands still."""
    return cycle.lived_to(at) >= call.leaves


def called(cycle: Cycle, last: Call | None, was: Slot, to: tuple[When, When], at: datetime) -> Call | None:
    """The question to the group once a confirmed stay has moved; None where nobody has to be asked.

    Args:
        cycle: its state before the move.
        last: the question that stood till then.
        was: the stay as it stood till then.
        to: its new beginning and end.
        at: when it was moved.
    """
    resting = last if last is not None and not out(cycle, last, at) else None
    before = resting.before if resting else last.model_copy(update={"before": None}) if last else None
    ask = [person for person in cycle.group() if not same(told(resting, was, person), to)]
    back = resting is not None and same(resting.was, to)
    # where there is no group yet, the word to the host rests all the same
    if not ask and (back or cycle.group()):
        return before if back else None
    people = before.people if back and before else Keyed[bool]()
    for person in ask:
        people = people.put(person, value=False)
    leaves = at + rest(cycle.plan, at, was.begins.at, to[0].at)
    return Call(
        number=cycle.position + 1,
        asked_at=at,
        leaves=min(leaves, resting.leaves) if resting else leaves,
        was=resting.was if resting else (was.begins, was.ends),
        people=people,
        open=sum(not comes for comes in people.values()),
        before=before,
    )


def told(resting: Call | None, was: Slot, person: str) -> tuple[When, When]:
    """The time of the stay as she was told it last; a question whose letter has not left told her nothing."""
    return resting.was if resting is not None and person in resting.people else (was.begins, was.ends)


def told_last(cycle: Cycle, person: str, at: datetime) -> dict[str, str]:
    """Facts for a letter that cancels stays: those of which she was told another time last, by that time.

    Each stands under ``was:<step>/<slot>`` and ``was_ends:<step>/<slot>``, as in her calendar.
    """
    facts: dict[str, str] = {}
    for journey in cycle.journeys():
        for slot in journey.slots:
            call = cycle.booking(journey.id, slot.id).call
            if call is None or out(cycle, call, at):
                continue
            begins, ends = told(call, slot, person)
            if not same((begins, ends), (slot.begins, slot.ends)):
                place = f"{journey.id}/{slot.id}"
                facts |= {f"was:{place}": begins.model_dump_json(), f"was_ends:{place}": ends.model_dump_json()}
    return facts


def same(one: tuple[When, When], other: tuple[When, When]) -> bool:
    """Whether two stays are at the same time."""
    return [when.at for when in one] == [when.at for when in other]
