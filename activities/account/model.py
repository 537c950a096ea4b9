"""What the account of a cycle says: the form of the report's data, in the order of its chapters.

The JSON file is this model; the page is drawn from it and from nothing else. Fields are only ever added, with defaults,
and :attr:`Account.format` rises when one changes its meaning. Money is in hundredths of the currency, instants are UTC,
local times are those of the plan.
"""

from __future__ import annotations

from typing import Literal

from pydantic import AwareDatetime, Field

from activities.account.basis import Point, Span, Words
from activities.account.running import Decision, Measures, Money, Post, Row
from exchange.base import Model

FEWEST = 5
"""Answers below this number are counted and not shown (TRUST invariant 24)."""


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


class HeardOfHost(Model):
    """What a host said of the visit, signed with its name; names of people are struck out of it."""

    rating: int
    """How much the visit gave it: from 1, nothing, to 5, very much."""
    gained: str = ""
    better: str = ""


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
    heard: HeardOfHost | None = Field(default=None, exclude_if=lambda heard: heard is None)


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
    phase: Literal["running", "suspended", "cancelled", "finished"] = "running"
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
