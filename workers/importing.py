"""A people list for a cycle that runs: every row is taken, refused with its reason, or a duplicate; at either door."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from functools import partial
from typing import Any

from exchange.registration import Register
from plans import PeopleList, Person
from plans.said import joined, said
from plans.tables import Refused as Row
from store import people as register
from store.faults import CommandIdReused
from store.models import Letterbox, Outcome, Receipt
from store.models import Person as Known
from store.store import Store
from telling.refusals import sentence_of
from workers.entering import derived_id, letterbox

AT_ONCE = 500
"""Rows that are kept in one transaction."""

THERE_ALREADY = frozenset({"AlreadyRegistered", "FeedbackAlreadyGiven"})
"""Refusals that say no more than that the row had been taken before, by another way."""


OTHERS: dict[str, str] = {
    "contact": said("is a contact on this list, and only participants register."),
    "speaker": said("is a speaker on this list, and only participants register."),
}
"""What is said of those on a list who do not register."""


class NoList(Exception):
    """The file as a whole cannot be taken. ``str()`` is the sentence."""


@dataclass
class Tally:
    """What became of each row. The three kinds together are the rows of the file."""

    name: str
    accepted: list[tuple[int, str]] = field(default_factory=list)
    """Row number and the person's reference."""
    refused: list[tuple[int, str]] = field(default_factory=list)
    """Row number and why."""
    duplicates: list[tuple[int, str]] = field(default_factory=list)
    decided: bool = True
    """False while the engine has not decided all of them."""
    states: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return len(self.accepted) + len(self.refused) + len(self.duplicates)

    def as_data(self) -> dict[str, Any]:
        """The tally for ``--json``."""
        return {
            "file": self.name, "rows": self.rows, "accepted": len(self.accepted), "decided": self.decided,
            "refused": [{"row": row, "reason": why} for row, why in self.refused],
            "duplicates": [{"row": row, "reason": why} for row, why in self.duplicates],
            "states": self.states,
        }  # fmt: skip


def tally_of(name: str, refused: Sequence[Row], duplicates: Sequence[Row]) -> Tally:
    """A tally that begins with what the file itself gave cause for.

    Raises:
        NoList: the file as a whole cannot be taken.
    """
    if whole := next((row for row in refused if row.row == 0), None):
        raise NoList(joined("{file} {why}", file=name, why=whole.reason))
    rows = [(row.row, _named(row)) for row in refused]
    return Tally(name, refused=rows, duplicates=[(row.row, row.reason) for row in duplicates])


def _named(row: Row) -> str:
    return joined("{column}: {why}", column=row.column, why=row.reason) if row.column else row.reason


def sorted_out(found: PeopleList) -> tuple[Tally, list[Person]]:
    """The tally of a list, and those on it who can register.

    Raises:
        NoList: the file as a whole cannot be taken.
    """
    tally = tally_of(found.name, found.refused, found.duplicates)
    others = [person for person in found.accepted if person.part != "invitee"]
    tally.refused += [(p.row, OTHERS[p.part]) for p in others]
    return tally, [person for person in found.accepted if person.part == "invitee"]


def known_as(store: Store, cycle: str, person: Person) -> Known:
    """A person of the list as the record keeps her; what the list does not say is the plan's."""
    plan = store.get_plan(cycle)
    home = plan.organisation(person.library)
    return Known(
        name=person.name,
        address=person.address,
        address_norm=person.address_norm,
        language=person.language or plan.languages[0],
        zone=person.zone or (home.zone if home else plan.zone),
        home=person.library,
    )


def made_known(store: Store, cycle: str, people: Sequence[Person], now: datetime) -> list[str]:
    """The references of the people; whoever is new is made known, many in one transaction."""
    refs: list[str] = []
    for start in range(0, len(people), AT_ONCE):
        rows = [known_as(store, cycle, one) for one in people[start : start + AT_ONCE]]
        with store.writing() as connection:
            refs += [register.find_or_add(connection, cycle, row, now) for row in rows]
    return refs


def registration(cycle: str, person: Person, ref: str, step: str, now: datetime) -> Letterbox:
    """Her wish for a place, which is the same whenever the list is imported."""
    wish = Register(at=now, actor=ref, person=ref, home=person.library, step=step)
    return letterbox(wish, derived_id("register", cycle, ref, person.library, step))


@dataclass(frozen=True)
class Desk:
    """The way of a list into a cycle's inbox, at the door where somebody has signed in."""

    store: Store
    cycle: str
    enter: Callable[[Sequence[Letterbox]], Sequence[Receipt]]
    """Has items kept, with the proof of who entered them."""
    wait: Callable[[int], bool]
    """Waits until the row of that number is decided; False where that takes too long."""
    say: Callable[[str, Mapping[str, Any]], str] | None = None
    """How a refusal is told by its name and facts; in English where nothing is given."""
    again: str = "was handed in before; nothing was added."

    def hand_in(self, tally: Tally, rows: Sequence[tuple[int, str]], items: Sequence[Letterbox]) -> None:
        """Keeps the items in their order, waits for their decisions, and notes what became of each row.

        Args:
            tally: what is noted in.
            rows: for each item its row number and its person's reference.
            items: what is handed in.
        """
        receipts: list[Receipt | None] = []
        for start in range(0, len(items), AT_ONCE):
            receipts += self._received(items[start : start + AT_ONCE])
        known = [row for (row, _), receipt in zip(rows, receipts, strict=True) if not receipt]
        tally.duplicates += [(row, self.again) for row in known]
        fresh = [(row, ref, receipt.number) for (row, ref), receipt in zip(rows, receipts, strict=True) if receipt]
        tally.decided = not fresh or self.wait(max(number for _, _, number in fresh))
        for row, ref, number in fresh:
            self._note(tally, row, ref, self._outcome(number) if tally.decided else None)

    def _note(self, tally: Tally, row: int, ref: str, outcome: Outcome | None) -> None:
        if outcome is None or (outcome.name not in THERE_ALREADY and outcome.state != "refused"):
            tally.accepted.append((row, ref))
            return
        in_english = partial(sentence_of, plan=self.store.get_plan(self.cycle))
        why = (self.say or in_english)(outcome.name, outcome.facts)
        (tally.duplicates if outcome.name in THERE_ALREADY else tally.refused).append((row, why))

    def _outcome(self, number: int) -> Outcome | None:
        outcome = self.store.outcome(self.cycle, number)
        return None if outcome is None or outcome.state == "received" else outcome

    def _received(self, items: Sequence[Letterbox]) -> list[Receipt | None]:
        """The receipts of what was new; nothing for what was handed in before and stands.

        What a rule refused before is handed in anew: the form may have opened since, or the closing date have moved.
        """
        before = self.store.cycle(self.cycle).received_to
        found: list[Receipt | None] = []
        for item, receipt in zip(items, self._receipts(items), strict=True):
            if receipt is not None and receipt.number <= before:
                anew = item.model_copy(update={"command_id": f"{item.command_id}+"})
                found += self._received([anew]) if receipt.state == "refused" else [None]
            else:
                found.append(receipt)
        return found

    def _receipts(self, items: Sequence[Letterbox]) -> list[Receipt | None]:
        """The store's receipts. What came before with other content is known, and hinders no other."""
        try:
            return list(self.enter(items))
        except CommandIdReused:
            if len(items) == 1:
                return [None]
        return [receipt for item in items for receipt in self._receipts([item])]


def count_places(tally: Tally, store: Store, cycle: str) -> None:
    """How many of those who were taken have a place, wait for one, and so on."""
    state = store.load(cycle)
    for word in _states(tally, state):
        tally.states[word] = tally.states.get(word, 0) + 1


def _states(tally: Tally, state: Any) -> Iterator[str]:
    for _, ref in tally.accepted:
        _, place = state.place(ref)
        yield place.state if place and tally.decided else "kept"
