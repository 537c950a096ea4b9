"""What references and ids are called in front of people."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date, datetime, timedelta

from exchange.base import PLAN, TIME, Refusal, Text
from exchange.lateness import LateApproval
from exchange.plan import CyclePlan, Slot, Step, Visits, When
from telling.counts import plural
from telling.times import EXACT, at_place, by_the_plan, day, days, measured, span, written

REFERENCE = re.compile(r"\b[ps]_[0-9a-z]+\b")
"""What stands for a person or a member of staff."""
TIMES, PLANS, NOBODY = "time", "the plan", "nobody"
ERASED, GONE = "(erased)", "someone erased ({reference})"
NAMES = (TIMES, PLANS, NOBODY, ERASED, GONE)
"""What is said where there is no name."""


def in_english(text: Text, otherwise: str = "") -> str:
    """The English of a text, else whatever language it has."""
    return text.get("en") or next(iter(text.values()), otherwise)


@dataclass(frozen=True)
class Names:
    """The words for one cycle's references: people, staff, texts, hosts, steps, money and moments."""

    plan: CyclePlan
    known: Mapping[str, str] = field(default_factory=dict)
    """Reference (``p_…``, ``s_…``, ``n_…``) to a name or a text, from the record."""

    def who(self, reference: str) -> str:
        """A person or member of staff; the reference itself where the record knows nobody (any more)."""
        if reference in {TIME, PLAN, ""}:
            return self.said({TIME: TIMES, PLAN: PLANS}.get(reference, NOBODY))
        return self.known.get(reference) or self.said(GONE).format(reference=reference)

    def text(self, reference: str) -> str:
        """The words behind a text reference; empty where there are none."""
        return self.known.get(reference, "") if reference else ""

    def words(self, reference: str) -> str:
        """The words behind a text reference, or that there are none any more."""
        return self.text(reference) or self.said(ERASED)

    def somebody(self, about: str) -> str:
        """A person by her reference, or a library by its id."""
        return self.who(about) if about.startswith("p_") else self.host(about)

    def step(self, step: str) -> str:
        """A step by its title, e.g. ``Visits to libraries``; a letter of staff's own by its subject, if it waits."""
        found = next((s for s in self.plan.steps if s.id == step), None)
        if found is None and "/" in step:
            return self.slot(step)
        return self.title(found) if found else self.known.get(step, step)

    def title(self, step: Step) -> str:
        """What a step is called; where another is called the same, with its day and town."""
        called = self.called(step)
        if all(other.id == step.id or self.called(other) != called for other in self.plan.steps):
            return called
        return self.apart(called, ", ".join(filter(None, (self._day_of(step), self._town_of(step)))))

    def called(self, step: Step) -> str:
        """A step by its own title, or by the usual word for its kind."""
        return self.pick(step.title, step.id)

    def apart(self, called: str, where: str) -> str:
        """What two things are called, and by what one knows them apart."""
        return f"{called}, {where}"

    def _day_of(self, step: Step) -> str:
        first = step.slots[0] if isinstance(step, Visits) and step.slots else step
        when = next(filter(None, (getattr(first, one, None) for one in ("begins", "opens", "due", "prepare"))), None)
        return self.day_of(datetime.fromisoformat(when.local).date()) if when else ""

    def _town_of(self, step: Step) -> str:
        house = self.plan.organisation(getattr(step, "organisation", None) or "")
        return house.city if house else ""

    def slot(self, slot: str, step: str = "") -> str:
        """A stay in a sentence: ``“Visits to libraries: Turku / Tampere”``; the id where it is none of the plan's.

        Args:
            slot: its id, or the step's and its own: ``visits/spring``.
            step: the step's id; without it the stay is looked for in all.
        """
        called = self.stay(slot, step)
        return called if called == slot else self.quoted(called)

    def stay(self, slot: str, step: str = "") -> str:
        """A stay by its step and the towns that it may lead to: ``Visits to libraries: Turku / Tampere``."""
        journey, _, alone = slot.rpartition("/")
        within = [s for s in self.plan.steps if isinstance(s, Visits) and (journey or step) in {"", s.id}]
        found = [(s, one) for s in within for one in s.slots if one.id == alone]
        if len(found) != 1 or (not step and any(s.id == slot for s in self.plan.steps)):
            return slot
        (step_of, mine), *_ = found
        places, called = self._places(mine), self.called(step_of)
        namesakes = [s for s in self.plan.steps if isinstance(s, Visits) and self.called(s) == called]
        alike = [one for s in namesakes for one in s.slots if self._places(one) == places]
        return f"{called}: {places}" + (f" ({alone})" if len(alike) > 1 else "")

    def _places(self, slot: Slot) -> str:
        """The towns of the libraries that may be asked, in their order; a library's name where it has no town."""
        asked = [(self.plan.organisation(candidate.host), candidate.host) for candidate in slot.candidates]
        towns = dict.fromkeys(house.city if house and house.city else self.host(host) for house, host in asked)
        return " / ".join(towns) or slot.id

    def quoted(self, words: str) -> str:
        """Words in quotation marks."""
        return f"“{words}”"

    def host(self, host: str) -> str:
        """An organisation by its name."""
        organisation = self.plan.organisation(host)
        return self.pick(organisation.name, host) if organisation else host

    def role(self, role: str) -> str:
        return role.replace("_", " ").replace("-", " ")

    def holders(self, role: str) -> str:
        """Who holds a role: ``Kristina Virtanen, Olga Petrova``."""
        return ", ".join(self.who(s) for s in self.plan.roles.get(role, ()))

    def decision(self, prompt: str) -> str:
        """A decision by its id; the portal says what it asks."""
        return prompt

    def in_history(self, said: str) -> str:
        """That the history tells more."""
        return f"{said}: kierros history"

    def money(self, cents: int) -> str:
        """An amount in the plan's currency."""
        return self.money_in(self.plan.budget.currency, cents)

    def moment(self, at: datetime, now: datetime | None = None) -> str:
        """An instant by the clocks of the learners' end; to the second in practice, where days pass in seconds.

        Where it is said what time it is ``now``, what is further off is told without them there, too.
        """
        return at_place(at, self.plan.zone, seconds=self.counts_seconds(at, now))

    def counts_seconds(self, at: datetime, now: datetime | None) -> bool:
        """Whether an instant is told to the second."""
        return self.plan.practice and (now is None or abs(at - now) < EXACT)

    def refusal(self, no: Refusal) -> str:
        """Why a rule says no, its moments by the clocks of the plan."""
        no.clock, no.stay = by_the_plan(self.plan), self.slot
        return str(no)

    def way_out(self, late: LateApproval) -> str:
        """How a step goes on that was rejected and whose moment has gone by."""
        without = "" if self.plan.practice else " Or take the step out of the plan: `kierros amend PLAN`."
        return f"Give it a new date first (`{late.way_on}`), then have it made ready again.{without}"

    def ending(self) -> str:
        """How the year is ended, where it is not to go on."""
        return f"If the year is not to go on: `kierros cancel {self.plan.id}`."

    # -- how a language says it: English here; the portal's pages say it in the reader's own -----------------------

    def said(self, sentence: str) -> str:
        """A sentence of ours, its places in braces still to be filled."""
        return sentence

    def pick(self, text: Text, otherwise: str = "") -> str:
        """A text of the plan."""
        return in_english(text, otherwise)

    def money_in(self, currency: str, cents: int) -> str:
        """An amount in any currency."""
        return money(currency, cents)

    def people(self, count: int) -> str:
        """``1 person``, ``24 people``."""
        return plural(count, "person", "people")

    def letters(self, count: int) -> str:
        """``1 letter``, ``24 letters``."""
        return plural(count, "letter")

    def lasting(self, span: timedelta) -> str:
        """``14 days``, ``36 hours``."""
        return plural(*measured(span))

    def language(self, code: str) -> str:
        """A language by its name."""
        return language(code)

    def answer(self, option: str) -> str:
        """How a decision was answered: ``give up``."""
        return option.replace("_", " ")

    def date_name(self, field: str) -> str:
        """One of a step's dates, ``closes``."""
        return field

    def group(self, group: str) -> str:
        """Those to whom a letter in staff's own words goes."""
        return group

    def on_day(self, day: date) -> str:
        """A day without an hour."""
        return str(day)

    def span(self, begins: When, ends: When) -> str:
        """From when to when, by the clocks of the place."""
        return span(begins, ends)

    def days(self, first: date, last: date) -> str:
        """From day to day: ``14–16 Feb 2012``."""
        return days(_midnight(first), _midnight(last))

    def day_of(self, moment: date) -> str:
        """A day in a sentence: ``14 Feb 2012``."""
        return day(moment)

    def listed(self, things: Iterable[str], more: int = 0) -> str:
        """``a, b, c``, and how many more there are."""
        return ", ".join(things) + (f" and {more} more" if more else "")

    def written(self, when: When) -> str:
        """A moment as it was agreed on."""
        return written(when)


def titled(names: Names, subjects: Mapping[str, str]) -> Names:
    """The names, and letters in staff's own words by their subjects, whose references are known to the names."""
    titles = {word: f"“{names.words(subject)}” ({word})" for word, subject in subjects.items()}
    return replace(names, known={**names.known, **titles})


def money(currency: str, cents: int) -> str:
    """``EUR 4,200`` or ``EUR 4,200.50``."""
    if cents < 0:
        return f"−{money(currency, -cents)}"
    return f"{currency} {cents // 100:,}" if cents % 100 == 0 else f"{currency} {cents / 100:,.2f}"


def _midnight(day: date) -> datetime:
    return datetime(day.year, day.month, day.day)  # noqa: DTZ001 - a day of the calendar, nowhere in particular


LANGUAGES = {
    "en": "English", "fi": "Finnish", "sv": "Swedish", "da": "Danish", "nb": "Norwegian", "no": "Norwegian",
    "nn": "Norwegian", "lt": "Lithuanian", "ru": "Russian", "et": "Estonian", "lv": "Latvian", "is": "Icelandic",
    "de": "German", "fr": "French", "pl": "Polish",
}  # fmt: skip


def language(code: str) -> str:
    """A language by its English name."""
    return LANGUAGES.get(code, code)
