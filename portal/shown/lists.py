"""A people list before and after it is imported: what becomes of each row."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime

from exchange.base import Refusal
from exchange.correspondence import ordered
from exchange.cycle import fold
from exchange.registration import Register
from exchange.state import Cycle
from plans import PeopleList, Person
from portal.shown.faults import in_words
from portal.shown.staff_board import STAGES
from portal.shown.staff_names import Spoken
from portal.speech import PageWords
from telling.refusals import tried
from workers.importing import THERE_ALREADY, Tally

NEW = "p_new{}"
"""Stands in for somebody who is made known only once the list is imported."""


@dataclass(frozen=True)
class Line:
    """A row of the list."""

    row: int
    name: str
    kind: str
    """``good``, ``warn``, ``bad`` or ``quiet``."""
    said: str
    """What becomes of her: her place, or why the row is not taken."""
    ours: bool
    """Whether it is said in the reader's language; else in English."""


@dataclass
class Foreseen:
    """What importing a list would do, asked of the rules row by row; nothing is done."""

    state: Cycle
    at: datetime
    step: str = ""
    letters: dict[str, int] = field(default_factory=dict)
    """Kind of letter to how many."""
    lines: list[Line] = field(default_factory=list)
    counts: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("accepted", "refused", "duplicate"), 0))

    def register(self, person: Person, ref: str, names: Spoken) -> None:
        """One row after another, as they would be taken."""
        wish = Register(at=self.at, actor=ref, person=ref, home=person.library, step=self.step)
        try:
            events = tried(self.state, wish)
        except Refusal as no:
            self._refused(person, names.refusal(no).replace(ref, person.name), known=no.name in THERE_ALREADY)
            return
        for mail in ordered(self.state, events):
            if mail.op == "send" and mail.to:
                self.letters[mail.kind] = self.letters.get(mail.kind, 0) + len(mail.to)
        self.state = fold(self.state, events)
        _, place = self.state.place(ref)
        word = place.state if place else "applied"
        self.counts["accepted"] += 1
        said = names.said(STAGES.get(word, word))
        self.lines.append(Line(person.row, person.name, "good" if word == "confirmed" else "warn", said, ours=True))

    def _refused(self, person: Person, said: str, *, known: bool) -> None:
        self.counts["duplicate" if known else "refused"] += 1
        self.lines.append(Line(person.row, person.name, "quiet" if known else "bad", said, ours=True))

    def told(self, tally: Tally, rows: Mapping[int, str], words: PageWords) -> None:
        """The rows that the list itself gave cause to leave out; ``rows`` are the names by row number."""
        for row, why in tally.refused:
            self.lines.append(Line(row, rows.get(row, ""), "bad", *in_words(words, why)))
        for row, why in tally.duplicates:
            self.lines.append(Line(row, rows.get(row, ""), "quiet", *in_words(words, why)))
        self.counts["refused"] += len(tally.refused)
        self.counts["duplicate"] += len(tally.duplicates)
        self.lines.sort(key=lambda line: line.row)


def named(found: PeopleList) -> dict[int, str]:
    """The names of a list by row number, also of rows that cannot be taken."""
    return {one.row: one.name for one in found.accepted} | {row.row: row.name for row in found.refused}


def became(tally: Tally, names: Spoken, state: Cycle, rows: Mapping[int, str], of_list: set[int]) -> Iterator[Line]:
    """What became of each row; ``of_list`` are those that the list itself gave cause to leave out."""
    for row, ref in tally.accepted:
        _, place = state.place(ref)
        word = place.state if place and tally.decided else ""
        kind = "good" if word == "confirmed" else "warn"
        yield Line(row, rows.get(row, ""), kind, names.said(STAGES[word]) if word in STAGES else "", ours=True)
    left_out = [*((row, why, "bad") for row, why in tally.refused), *((*one, "quiet") for one in tally.duplicates)]
    for row, why, kind in left_out:
        yield Line(row, rows.get(row, ""), kind, *(in_words(names.speech, why) if row in of_list else (why, True)))
