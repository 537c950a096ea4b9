"""What the account says of how the year was run: calendar, measures, money, decisions, letters."""

from __future__ import annotations

from datetime import date
from typing import Literal

from pydantic import AwareDatetime

from activities.account.basis import Point, Span, Words
from exchange.base import Model


class Mark(Model):
    """Something in the calendar: a span, or a moment."""

    id: str
    when: Span
    """A moment begins and ends at once."""
    label: Words = {}
    done: bool = True
    """Whether it has come about."""


class Row(Model):
    """One step in the calendar of the year."""

    step: str
    kind: str
    title: Words
    outcome: Literal["done", "open", "called_off"]
    marks: tuple[Mark, ...] = ()


class Indicator(Model):
    """One measure, with its unit."""

    id: str
    value: float | None = None
    of: float | None = None
    unit: str
    """``people``, ``days``, ``letters``, ``hosts``, ``visits``, ``seminars``, ``libraries``, ``countries``, ``scale``
    (1 to 5) or ``share`` (0 to 1)."""
    about: Words = {}
    """What it is about, where the id alone does not say."""


class Measures(Model):
    """How well the cycle was run, and what came of it.

    Source: seeds 002 ("measuring the process as well as outcomes").
    """

    process: tuple[Indicator, ...] = ()
    outcome: tuple[Indicator, ...] = ()


class Part(Model):
    """What one funder answers for."""

    name: Words
    promised: int
    share: float
    """Of everything promised, between 0 and 1."""
    used: int = 0
    """Its share of what was settled; the parts add up to it."""


class Expense(Model):
    """Money that was committed for one thing."""

    step: str
    title: Words
    host: Words = {}
    cents: int
    """What was promised."""
    spent: int = 0
    state: Literal["committed", "released", "settled"]


class Spending(Model):
    """One sum that was paid (or, below nothing, came back)."""

    step: str
    title: Words
    host: Words = {}
    on: date
    cents: int
    """In the budget's currency, by the rate."""
    original: int
    """Hundredths of ``currency``."""
    currency: str
    rate: str
    """The budget's currency for one of ``currency``."""


class Money(Model):
    """The budget and what became of it, in hundredths of the currency."""

    currency: str
    cap: int = 0
    settled: int = 0
    committed: int = 0
    """Still committed, neither settled nor released."""
    released: int = 0
    left: int = 0
    """Of the cap, what was neither settled nor is committed."""
    funders: tuple[Part, ...] = ()
    expenses: tuple[Expense, ...] = ()
    spendings: tuple[Spending, ...] = ()
    """What was recorded as paid, in the order of the days; without the words that say what for, which may name people.
    """


class Decision(Model):
    """One decision of staff: which role, what, when. Roles, never persons."""

    about: str
    """``approval``, ``revise``, ``host``, ``select``, ``defect``, ``letters``, ``money``, ``move``, ``places``,
    ``share``, ``cancel``."""
    step: str = ""
    title: Words = {}
    subject: Words = {}
    """The host or the date it was about."""
    option: str
    role: str = ""
    """Empty where the plan had said it beforehand, or where nobody needed to decide any more."""
    revision: int = 0
    letters: int = 0
    cents: int = 0
    second_person: bool = False
    """The plan asked for a second person, and this was one."""
    asked_at: AwareDatetime | None = None
    at: AwareDatetime
    days: float | None = None
    """How long it waited, in days of the plan."""
    reminded: bool = False
    passed: bool = False
    """It had passed to the deputy role."""
    moved_to: Point | None = None


class Post(Model):
    """What became of the cycle's letters, up to the moment when the account was drawn up."""

    sent: int = 0
    failed: int = 0
    """Neither delivered nor tried any more."""
    uncertain: int = 0
    """Perhaps delivered: the connection broke at the last moment."""
    waiting: int = 0
    dropped: int = 0
    by_kind: dict[str, int] = {}
    """Kind of letter to how many were sent."""
