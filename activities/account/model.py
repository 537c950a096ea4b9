"""What the account of a cycle says: the form of the report's data, in the order of its chapters.

The JSON file is this model; the page is drawn from it and from nothing else. Fields are only ever added, with defaults,
and :attr:`Account.format` rises when one changes its meaning. Money is in hundredths of the currency, instants are UTC,
local times are those of the plan.
"""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime

from exchange.base import Model

FEWEST = 5
"""Answers below this number are counted and not shown (TRUST invariant 24)."""

Words = dict[str, str]
"""The plan's own words in its first language and in English, e.g. ``{"fi": "Johtaminen", "en": "Management"}``."""


class Point(Model):
    """A moment of the plan, as people agreed on it."""

    local: str
    """Wall-clock time at the place, ISO 8601, e.g. ``2012-03-20T10:00``."""
    zone: str
    """IANA zone, e.g. ``Europe/Kaliningrad``."""


class Span(Model):
    """From when to when."""

    begins: Point
    ends: Point


class Group(Model):
    """How many of those who took part belong together: to one library, one country, one kind of library."""

    id: str
    """The organisation's id, the country's code, the kind's words; empty where it is not known."""
    name: Words = {}
    country: str = ""
    kind: str = ""
    people: int


class Company(Model):
    """Who took part, counted."""

    took_part: int = 0
    attendance_noted: bool = False
    """Whether attendance was taken at all; if not, whoever had a place is counted."""
    by_library: tuple[Group, ...] = ()
    by_country: tuple[Group, ...] = ()
    by_kind: tuple[Group, ...] = ()


class Stage(Model):
    """One stage of the way from the invitation to the last answer."""

    id: Literal["invited", "answered", "registered", "took_part", "gave_feedback"]
    people: int
    of: int | None = None
    """The number it is a part of, where it is one."""


class Desk(Model):
    """One registration: its places, its waiting list, and who left it."""

    step: str
    title: Words
    opens: Point
    closes: Point
    selected: bool = False
    """Staff chose among those who applied."""
    capacity: int
    registered: int = 0
    """Everyone who asked for a place."""
    placed: int = 0
    """Places held at the end."""
    waited: int = 0
    """How many ever stood on the waiting list."""
    offers: int = 0
    offers_accepted: int = 0
    offers_declined: int = 0
    offers_expired: int = 0
    withdrawn: int = 0
    still_waiting: int = 0


class Sitting(Model):
    """One item of a seminar's programme."""

    title: Words
    when: Span
    speaker: bool = False
    """Whether somebody was invited to speak; the account names nobody."""


class Meeting(Model):
    """One seminar."""

    step: str
    title: Words
    form: str
    when: Span
    place: Words = {}
    at: Words = {}
    """The organisation at whose premises it was."""
    outcome: Literal["held", "called_off", "not_held"]
    sessions: tuple[Sitting, ...] = ()
    expected: int = 0
    """How many had a place."""
    present: int | None = None
    """How many were noted present; None where attendance was not taken."""
    absent: int | None = None


class Try(Model):
    """One host that was asked for a visit, and what came of it."""

    host: str
    name: Words
    city: str = ""
    country: str = ""
    reason: Words = {}
    """Why the plan's authors thought of it."""
    outcome: Literal["visited", "confirmed", "declined", "cancelled", "silent", "passed_over", "released", "asked"]
    """``cancelled``: declined after it had said yes; ``passed_over``: staff went on without it."""
    asked_at: AwareDatetime
    answered_at: AwareDatetime | None = None
    days: float | None = None
    """How long the answer took, in days of the plan."""
    reminded: bool = False
    proposed: bool = False
    """It proposed other dates."""
    late_yes: bool = False
    """It said yes when the time to answer was over."""


class Stay(Model):
    """One visit: where it went, and how the host was found."""

    step: str
    slot: str
    title: Words
    when: Span
    moved: bool = False
    outcome: Literal["held", "given_up", "called_off", "not_held"]
    host: str = ""
    name: Words = {}
    city: str = ""
    country: str = ""
    tries: tuple[Try, ...] = ()
    not_needed: tuple[Words, ...] = ()
    """Candidates that nobody had to ask."""


class Bar(Model):
    """How many gave one answer."""

    value: int
    """The step of the scale, or the number of the choice, from 1."""
    label: Words
    count: int


class Asked(Model):
    """One question of a feedback form and what was answered, if enough people did."""

    id: str
    text: Words
    form: Literal["scale", "choice", "text"]
    answers: int
    suppressed: bool = False
    """Fewer than :data:`FEWEST` answered: nothing but their number is shown."""
    median: float | None = None
    bars: tuple[Bar, ...] = ()
    texts: tuple[str, ...] = ()
    """Free answers, in an order that says nothing about who wrote them."""


class Survey(Model):
    """One feedback form."""

    step: str
    title: Words
    opens: Point
    closes: Point
    asked: int = 0
    given: int = 0
    questions: tuple[Asked, ...] = ()


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
    state: Literal["committed", "released", "settled"]


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


class Decision(Model):
    """One decision of staff: which role, what, when. Roles, never persons."""

    about: str
    """``approval``, ``revise``, ``host``, ``select``, ``defect``, ``letters``, ``move``, ``places``, ``cancel``."""
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


class Account(Model):
    """The account of one cycle."""

    format: int = 1
    cycle: str
    step: str
    revision: int = 1
    programme: Words
    theme: Words
    year: int
    language: str
    """The plan's first language: that of its own words where they are not in English."""
    practice: bool = False
    phase: Literal["running", "cancelled", "finished"] = "running"
    ended_at: AwareDatetime | None = None
    events: int = 0
    """How many events of the journal it is the account of."""
    when: Span | None = None
    """From the first seminar or visit to the last."""
    places: tuple[str, ...] = ()
    """Where the seminars and visits took place, in the order of the plan."""
    company: Company = Company()
    funnel: tuple[Stage, ...] = ()
    desks: tuple[Desk, ...] = ()
    meetings: tuple[Meeting, ...] = ()
    stays: tuple[Stay, ...] = ()
    surveys: tuple[Survey, ...] = ()
    calendar: tuple[Row, ...] = ()
    measures: Measures = Measures()
    money: Money
    decisions: tuple[Decision, ...] = ()
    post: Post = Post()
    masked: int = 0
    """How many names and addresses were struck out of free answers."""
