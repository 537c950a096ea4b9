"""A decision: whose it is, exactly what will happen, and how it was answered."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass

from exchange.clashes import stays
from exchange.eyes import fresh_eyes, hands
from exchange.plan import Report, Seminar, Visits
from exchange.prompt import Prompt
from exchange.state import Cycle
from portal.shown.staff_names import Spoken
from portal.shown.staff_today import roles_of
from portal.shown.staff_words import INSTEAD, OPTIONS, SINCE, WITHOUT
from store.models import OutboxRow
from telling.hosting import asked_since
from workers.held import Letters, Reading, opened


@dataclass(frozen=True)
class Recipient:
    """Who gets a letter."""

    name: str
    address: str
    language: str
    letter: int
    """Its number; 0 for whoever joined since, whose letter is made from the same."""
    note: str = ""


@dataclass(frozen=True)
class Sample:
    """One readable letter of each kind in each language."""

    title: str
    language: str
    reading: Reading


class Decision:
    """What a page shows of one open decision."""

    def __init__(self, state: Cycle, names: Spoken, prompt: Prompt, letters: Letters, reader: str) -> None:
        self._state, self._names, self._words = state, names, names.speech
        self.prompt, self._letters, self._reader = prompt, letters, reader
        self.digest, self.count = letters.digest, letters.count

    @property
    def approval(self) -> bool:
        return self.prompt.about == "approval"

    @property
    def is_report(self) -> bool:
        return self.approval and isinstance(self._state.to_approve(self.prompt.step), Report)

    @property
    def why_not(self) -> str:
        """Why the reader may not decide it; empty where she may."""
        roles = roles_of(self.prompt)
        if not any(self._state.holds(self._reader, role) for role in roles):
            named = self._words.one_of([self._names.role(role) for role in roles])
            return self._words.gettext("You can read this; it is for the %(role)s to decide.", role=named)
        if not fresh_eyes(self._state, self.prompt, self._reader):
            return self._words.gettext(
                "You can read this. A second person decides it, for you started the cycle or had a hand in it."
            )
        return ""

    @property
    def second(self) -> str:
        """The rule of the second person, and whom it leaves out; empty where there is none."""
        if not self.prompt.second_person:
            return ""
        out = sorted({*hands(self._state, self.prompt.step), *filter(None, [self.prompt.asked_by])})
        named = self._words.all_of([self._names.who(one) for one in out if one.startswith("s_")])
        return self._words.gettext(
            "The plan asks for a second person here: not %(people)s, who started the cycle or had a hand in it.",
            people=named,
        )

    @property
    def recipients(self) -> list[Recipient]:
        """To whom each letter goes, and who gets none after all."""
        words, letters = self._words, self._letters
        found = [
            self._recipient(
                row, words.gettext("not sent: wants no more of these") if row.id in letters.unwanted else ""
            )
            for row in letters.rows
        ]
        for one in letters.joined:
            late = (
                words.gettext("joined since; gets the same")
                if one.language
                else words.gettext("joined since; you are asked about it")
            )
            found.append(
                Recipient(self._names.who(one.ref), self._address(one.ref), self._tongue(one.language), 0, late)
            )
        gone = words.gettext("not sent: not among them any more")
        return [*found, *(self._recipient(row, gone) for row in letters.others)]

    def _recipient(self, row: OutboxRow, note: str) -> Recipient:
        host = self._names.host(row.host) if row.host else ""
        beside = ", ".join(filter(None, (host, note)))
        return Recipient(
            self._names.who(row.to_ref), self._address(row.to_ref), self._tongue(row.language), row.id, beside
        )

    def _address(self, ref: str) -> str:
        known = self._letters.people.get(ref)
        return known.address if known else ""

    def _tongue(self, code: str) -> str:
        return self._names.language(code) if code else ""

    @property
    def samples(self) -> list[Sample]:
        first: dict[tuple[str, str], OutboxRow] = {}
        for row in self._letters.held:
            first.setdefault((row.kind, row.language), row)
        return [found for row in first.values() if (found := self._sample(row)) is not None]

    def _sample(self, row: OutboxRow) -> Sample | None:
        reading = opened(row.data, row.language)
        title = self._words.gettext(
            "In %(language)s, to %(person)s", language=self._tongue(row.language), person=self._names.who(row.to_ref)
        )
        return Sample(title, row.language, reading) if reading else None

    @property
    def leaving(self) -> str:
        """``24 letters in 3 languages``; empty where no letter leaves."""
        if not self.count:
            return ""
        tongues = self._words.ngettext("in %(num)s language", "in %(num)s languages", len(self.prompt.languages))
        return f"{self._names.letters(self.count)} {tongues}"

    @property
    def cents(self) -> str:
        return self._names.money(self.prompt.cents) if self.prompt.cents else ""

    @property
    def dates(self) -> list[tuple[str, str, str]]:
        """Of a journey each stay, its dates and whom it asks; of a seminar its time: with the money."""
        step = self._state.plan.step(self.prompt.step) if self._is_step else None
        names = self._names
        if isinstance(step, Seminar):
            return [
                (names.step(step.id), names.span(step.begins, step.ends), names.money(step.cents) if step.cents else "")
            ]
        if not isinstance(step, Visits):
            return []
        rows = []
        for slot in step.slots:
            asked = [f"{names.host(c.host)} {names.money(c.cents)}" for c in slot.candidates]
            rows.append((names.stay(slot.id, step.id), names.span(slot.begins, slot.ends), " → ".join(asked)))
        return rows

    @property
    def _is_step(self) -> bool:
        return any(step.id == self.prompt.step for step in self._state.plan.steps)

    @property
    def options(self) -> list[tuple[str, str]]:
        """What it offers, in words."""
        return [(name, self._option(name)) for name in self.prompt.options]

    def _option(self, name: str) -> str:
        if name in SINCE and (since := asked_since(self._state, self.prompt)):
            late, host = self._names.host(self.prompt.host), self._names.host(since)
            return self._words.gettext(SINCE[name], late=late, host=host)
        if name in WITHOUT and "switch" in self.prompt.options:
            late, host = self._names.host(self.prompt.host), self._next_host()
            return self._words.gettext(WITHOUT[name], late=late, host=host)
        said = INSTEAD.get((self.prompt.about, name)) or OPTIONS.get(name, name)
        return self._words.gettext(said, host=self._next_host() if name == "next" else "")

    @property
    def elsewhere(self) -> list[str]:
        """Where else the group is expected at the time that a host asks for."""
        prompt = self.prompt
        if prompt.about not in {"host", "wish"}:
            return []
        step, slot = self._state.slot_of(prompt.step, prompt.subject)
        booking = self._state.booking(step.id, slot.id)
        asked = booking.wish if prompt.about == "wish" else booking.proposed
        found = stays(self._state, step, slot, *asked) if asked else ()
        return [self._names.slot(clash.slot, clash.step) for clash in found if clash.host]

    def _next_host(self) -> str:
        step, slot = self._state.slot_of(self.prompt.step, self.prompt.subject)
        booking = self._state.booking(step.id, slot.id)
        left = (c.host for c in slot.candidates if c.host not in {*booking.tried, booking.host})
        return self._names.host(next(left, ""))

    @property
    def applicants(self) -> list[tuple[str, str]]:
        """Among whom places are given: reference, name and library."""
        if self.prompt.about != "select":
            return []
        people = self._state.desk(self.prompt.step).people.items()
        return [
            (ref, f"{self._names.who(ref)} ({self._names.host(place.home)})" if place.home else self._names.who(ref))
            for ref, place in people
            if place.state == "applied"
        ]


def owed(state: Cycle, names: Spoken) -> Iterable[tuple[str, str]]:
    """What is promised and not paid yet, each for what and how much."""
    for key, entry in state.purse.entries.items():
        if entry.state != "released" and entry.left:
            step, _, rest = key.partition("/")
            host = rest.rpartition("/")[2]
            yield f"{names.step(step)}{f': {names.host(host)}' if host else ''}", names.money(entry.left)
