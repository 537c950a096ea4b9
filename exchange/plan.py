"""The cycle's plan as the workflow gets it: references, roles, organisations, dates, money, steps; no person.

A plan is written by its author as a :mod:`plans` file. ``start`` splits it: names, addresses and free texts become rows
of the store, and what is left, with every local time resolved to its instant, is this model. It stands in histories for
months, so fields are only ever added, with defaults.
"""

from __future__ import annotations

from datetime import date, timedelta
from typing import Annotated, Literal

from pydantic import AwareDatetime, Field

from exchange.base import Cents, Model, Text
from exchange.questions import Question, Wanted


class When(Model):
    """A moment as people agreed on it. The local time and zone are the truth; ``at`` follows from them."""

    local: str
    """Wall-clock time at the place, ISO 8601 without offset, e.g. ``2012-02-14T10:00``."""
    zone: str
    """IANA time zone of the place, e.g. ``Europe/Kaliningrad``."""
    at: AwareDatetime
    """The instant (UTC), resolved outside the workflow with the pinned time-zone data. In a rehearsal at the demo's
    pace the instants are drawn together while ``local`` stays as written."""


class Organisation(Model):
    """A library or another body that takes part. Public."""

    id: str
    name: Text
    kind: str = "municipal public library"
    country: str = ""
    """ISO 3166-1 alpha-2, e.g. ``LT``."""
    city: str = ""
    zone: str = "UTC"
    strengths: tuple[str, ...] = ()
    branch_of: str | None = None


class Approval(Model):
    """Who must agree before a step's letters leave.

    Source: seeds 000 ("the programme for each theme is planned together").
    """

    role: str
    deputy: str | None = None
    """The role the decision passes to when its due date has gone by unanswered."""
    within: timedelta = timedelta(days=7)
    """How long the decision may wait before the reminder goes; after as long again it passes to the deputy."""
    second_person: bool = False
    """Four eyes: the approver must not be the one who started the cycle or asked again after a rejection."""


class _Step(Model):
    id: str
    """Stable within the programme: lower-case letters, digits and hyphens, e.g. ``visits``."""
    title: Text = Field(default_factory=dict)
    approval: Approval | None = None
    letter: str = ""
    """Reference ``n_…`` of the author's own paragraph in this step's letters; empty where there is none."""


class Invitations(_Step):
    """Letters that invite named people to register. Settled once they have been released."""

    kind: Literal["invitations"] = "invitations"
    prepare: When
    """When the letters are made ready and the approval is asked."""
    registration: str
    """The id of the registration step it invites to."""
    remind: tuple[When, ...] = ()
    """When those who have not answered are reminded; never after the registration closes."""
    people: tuple[str, ...] = ()
    """Whom to invite: person references ``p_…`` in the order of the people list."""


class Registration(_Step):
    """The desk where places are given. Settled once it has closed (and, where staff select, once they have)."""

    kind: Literal["registration"] = "registration"
    opens: When
    closes: When
    capacity: int
    """Places in the group, at least 1, e.g. 15. Source: seeds 002 ("group of 15 people")."""
    per_library: int | None = None
    """At most so many of the group from one home library."""
    places: Literal["first_come", "selected", "nominated"] = "first_come"
    """Who gets a place: who asks first, whom staff select, or whom the home libraries send within their limit."""
    select_within: timedelta = timedelta(days=7)
    """How long staff (or a library's contact, where she must choose) have after the closing."""
    select_role: str = "coordinator"
    offer_lasts: timedelta = timedelta(days=3)
    """How long a freed place stays offered to the next on the waiting list."""
    offers_until: When | None = None
    """After this moment a freed place is offered to nobody; without it, until the last visit or seminar begins."""
    priority: tuple[str, ...] = ()
    """Kinds of library whose people go first on the waiting list, in this order; within a kind first come first served.
    """
    ask: tuple[Literal["diet", "access"], ...] = Field(default=(), exclude_if=lambda ask: not ask)
    """What people are asked as they register, because hosts have to know it: ``diet`` (what they eat), ``access`` (what
    they need to take part). Both are sensitive, and are asked only where the plan names them."""
    wanted: tuple[Wanted, ...] = Field(default=(), exclude_if=lambda wanted: not wanted)
    """What else they are asked then, in the plan's own words."""


class Session(Model):
    """One item of a seminar's programme."""

    title: Text
    begins: When
    ends: When
    speaker: str | None = None
    """A person reference ``p_…``."""


class Seminar(_Step):
    """A gathering at the learners' end. Settled once it has been held."""

    kind: Literal["seminar"] = "seminar"
    form: Literal["introductory", "final", "workshop"] = "introductory"
    place: Text = Field(default_factory=dict)
    organisation: str | None = None
    """The organisation at whose premises it is held."""
    begins: When
    ends: When
    announce: When
    """When the programme letters are made ready and the approval is asked."""
    sessions: tuple[Session, ...] = ()
    cents: Cents = 0
    """What is committed for it on approval."""


class Candidate(Model):
    """A host that could take the group in a slot. Source: seeds 000 ("libraries that have the most to bring")."""

    host: str
    """The id of its organisation."""
    contact: str
    """Who is asked: a person reference ``p_…``."""
    reason: str = ""
    """Reference ``n_…`` of the text that says why this host."""
    cents: Cents = 0
    """What is committed when the host is asked."""


class Slot(Model):
    """One stay at one host, with its candidates in order of rank."""

    id: str
    begins: When
    ends: When
    candidates: tuple[Candidate, ...]


class Visits(_Step):
    """The journey to the hosts. Settled once every slot has been visited or given up."""

    kind: Literal["visits"] = "visits"
    prepare: When
    """When the requests to hosts are made ready and the approval is asked: months ahead."""
    answer_within: timedelta = timedelta(days=14)
    """How long a host has to answer before its silence counts as a no."""
    remind_after: timedelta = timedelta(days=7)
    fallback: Literal["ask", "automatic"] = "ask"
    """On decline or silence: ask staff, or go on to the next candidate by itself."""
    decide_role: str = "coordinator"
    decide_within: timedelta = timedelta(days=5)
    slots: tuple[Slot, ...] = ()


class Feedback(_Step):
    """What those who took part thought of it. Settled once it has closed."""

    kind: Literal["feedback"] = "feedback"
    opens: When
    closes: When
    remind: tuple[When, ...] = ()
    questions: tuple[Question, ...] = ()


class Report(_Step):
    """The account given to funders and partners. Settled once it has been filed."""

    kind: Literal["report"] = "report"
    due: When
    """When it is drawn up and the approval is asked."""


Step = Annotated[
    Invitations | Registration | Seminar | Visits | Feedback | Report,
    Field(discriminator="kind"),
]
"""One part of a plan. A new kind is a new rule file; a new format of exchange is only a new plan."""


class Funder(Model):
    """Who pays a share. Source: seeds 000 ("and by all the participating libraries")."""

    name: Text
    cents: Cents


class Budget(Model):
    """The money of the cycle, in hundredths of ``currency`` (ISO 4217)."""

    currency: str = "EUR"
    cap: Cents = 0
    funders: tuple[Funder, ...] = ()


class Privacy(Model):
    """What is said of people's data."""

    keep_months: int | None = None
    """So many months after the end everything about people goes; without it, it stays until somebody erases it."""
    purpose: Text = Field(default_factory=dict)
    """Why it is kept, for the privacy notice."""
    answers_for: Text = Field(default_factory=dict)
    """Who answers for it, and how to reach them."""


class QuietWeeks(Model):
    """A span of days in which letters that can wait do wait."""

    first: date
    last: date
    """The last quiet day; letters go on the morning after it."""


class CyclePlan(Model):
    """One cycle, ready to run."""

    id: str
    """``cycle-<programme>-<year>-<theme>``; also the workflow id."""
    programme: str
    programme_name: Text
    theme: str
    theme_name: Text
    year: int
    revision: int = 1
    digest: str = ""
    """SHA-256 of the plan file and its people list: the same file started twice is recognised by it."""
    languages: tuple[str, ...] = ("en",)
    zone: str = "UTC"
    """IANA zone of the learners' end."""
    starter: str = ""
    """The staff reference of who started it."""
    roles: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    """Role to staff references, e.g. ``{"coordinator": ("s_3f…",)}``."""
    organisations: tuple[Organisation, ...] = ()
    homes: dict[str, str] = Field(default_factory=dict)
    """Person reference to the id of the home library, for those on the people list."""
    contacts: dict[str, str] = Field(default_factory=dict)
    """Organisation to the reference of who answers for it, for home libraries that nominate."""
    budget: Budget = Budget()
    quiet_weeks: tuple[QuietWeeks, ...] = ()
    """When no reminder, invitation or survey leaves, by the reader's own date. Source: TRUST invariant 17."""
    privacy: Privacy = Field(default=Privacy(), exclude_if=lambda said: said == Privacy())
    """For how long people's data is kept, and why."""
    steps: tuple[Step, ...] = ()
    pace: float = 1.0
    """Real seconds per second of the plan: 1 in earnest, far less in a practice run."""
    practice: bool = False
    """Nothing of it leaves this computer, whatever the mail settings say."""

    def step(self, step_id: str) -> Step:
        """The step of that id.

        Raises:
            KeyError: there is none.
        """
        for step in self.steps:
            if step.id == step_id:
                return step
        raise KeyError(step_id)

    def of_kind(self, kind: str) -> list[Step]:
        """All steps of one kind in the plan's order."""
        return [step for step in self.steps if step.kind == kind]

    def organisation(self, organisation_id: str) -> Organisation | None:
        """The organisation of that id, if the plan names it."""
        return next((o for o in self.organisations if o.id == organisation_id), None)
