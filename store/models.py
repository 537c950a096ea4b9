"""What the record takes and gives: people, staff, receipts, letters, prompts. Frozen values."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal, NamedTuple

from pydantic import AwareDatetime, Field

from exchange.approval import Prompt
from exchange.base import Event, Model, Text
from exchange.correspondence import Entry
from exchange.state import Cycle

UNDETERMINED = "und"
"""The language of words whose language nobody said (BCP 47)."""


class Started(Model):
    """What starting a cycle came to."""

    cycle: str
    new: bool
    """False: the same plan was started before, and nothing was changed."""
    engine: Literal["pending", "started", "lost"] = "pending"
    """``pending``: the workflow has not been started yet, or nobody has said so."""


class CycleRow(Model):
    """A cycle as lists show it."""

    id: str
    programme: str
    theme: str
    theme_name: Text
    year: int
    practice: bool
    engine: Literal["pending", "started", "lost"]
    """Whether the engine has begun it; ``lost`` where no workflow carries it on any more."""
    phase: str
    step: str
    """The step whose turn it is; empty when all are settled."""
    registered: int
    next_due: AwareDatetime | None
    started_at: AwareDatetime
    ended_at: AwareDatetime | None
    length: int
    """How many events its journal holds."""
    received_to: int
    """The number of its newest inbox row."""
    decided_to: int
    """The number of the newest inbox row that has been decided."""
    rules: int = Field(default=1, exclude=True)
    """The version of the rules that it began under."""
    writer: str = Field(default="", exclude=True)
    """The token of the workflow whose records are kept; changed by each recovery."""

    @property
    def open(self) -> bool:
        """Whether it has not ended; it may stand still."""
        return self.phase in {"running", "suspended"}


class Person(Model):
    """A person of one cycle."""

    ref: str = ""
    """``p_…``; made when it is left out."""
    cycle: str = ""
    """The id of the cycle; filled in by the call that adds the person."""
    name: str
    address: str
    address_norm: str = ""
    """The form by which addresses are compared; made from ``address`` when it is left out."""
    language: str = "en"
    zone: str = "UTC"
    home: str = ""
    """The id of the home library."""
    part: str = "delegate"
    """Why she is known: ``invitee``, ``contact``, ``speaker``, ``delegate``."""
    host: str = ""
    """The id of the host she answers for."""


class TextRow(Model):
    """Words of a person's own: a reason, a note, a letter's paragraph."""

    ref: str
    words: Text
    """Language to words; ``und`` where nobody said which."""
    kind: str = ""
    """What it is, e.g. ``reason`` or the place where it stood in the plan."""


class Staff(Model):
    """A member of staff."""

    ref: str
    """``s_…``."""
    name: str
    address: str
    language: str = "en"
    zone: str = "UTC"
    roles: tuple[str, ...] = ()
    """The roles she may act in; empty where that is left to the plans."""
    active: bool = True


Door = Literal["terminal", "portal"]
"""Where staff sign in."""


class SignIn(Model):
    """What a sign-in letter holds, told once to whoever writes that letter."""

    secret: str = Field(repr=False)
    """A code like ``K7QX-M2PA`` for a terminal, the token of a link for the portal."""
    staff: str
    door: Door
    expires_at: AwareDatetime


class Session(Model):
    """Somebody who has signed in at a door."""

    id: str = Field(repr=False)
    """SHA-256 of its token."""
    staff: str
    """Reference ``s_…``."""
    door: Door
    made_at: AwareDatetime
    expires_at: AwareDatetime


class SecurityEntry(Model):
    """A line of the log of the doors."""

    at: AwareDatetime
    what: str
    """``signed_in``, ``signed_out``, ``wrong_code``, ``decision_refused``, ``answer_refused`` or ``needs_read``
    (what people eat and need was read; ``detail`` is the reference of the one person it was read of)."""
    door: str
    staff: str
    cycle: str
    detail: str


class Letterbox(Model):
    """One answer, as it is put into a cycle's inbox."""

    command_id: str
    """Chosen by the sender; the same id with the same content is the same answer."""
    command: dict[str, Any]
    """The command, packed, without ``at``, ``actor`` and ``cause``. References only."""
    actor: str
    answers: dict[str, Any] | None = None
    """Feedback: question id to value. Kept apart from everything that says whose they are."""
    proof: str = ""
    """Of who typed it in, where staff did (:mod:`workers.entering`); empty for what came by a person's own link."""


class Newcomer(Model):
    """Somebody whom an answer names, and who may not be known yet."""

    field: str
    """Of the command: where her reference goes."""
    person: Person


class LastAnswer(Model):
    """What somebody answered last, and what became of it."""

    kind: str
    """The command's, e.g. ``Register``."""
    number: int
    state: Literal["received", "accepted", "refused"]
    name: str = ""
    facts: dict[str, Any] = {}
    late: bool = False
    """It was decided so long after it came that the page which took it could not say what became of it."""


class Receipt(Model):
    """An answer has been taken: its place, and what has become of it so far."""

    number: int
    state: Literal["received", "accepted", "refused"] = "received"


class Outcome(Model):
    """What became of an inbox row."""

    number: int
    state: Literal["received", "accepted", "refused"]
    name: str = ""
    """The refusal's name."""
    facts: dict[str, Any] = {}
    received_at: AwareDatetime
    decided_at: AwareDatetime | None = None

    @property
    def at_once(self) -> bool:
        """Whether it was decided so soon that no letter tells of its being accepted."""
        return self.decided_at is not None and self.decided_at - self.received_at <= AT_ONCE


AT_ONCE = timedelta(seconds=0.5)
"""Whoever gave an answer has certainly been shown what was decided within that time."""


class JournalEntry(NamedTuple):
    """One line of the journal."""

    position: int
    """From 1."""
    recorded_at: datetime
    event: Event


class PromptRow(Model):
    """A decision that waits, or how it ended."""

    cycle: str
    prompt: Prompt
    closed_at: AwareDatetime | None = None
    closed_by: str = ""
    option: str = ""
    """How it was answered, or ``lapsed``."""
    closed_role: str = ""
    reason: str = ""
    """Reference ``n_…``."""


LetterState = Literal["held", "queued", "sending", "sent", "failed", "suspect", "overdue", "dropped"]


class OutboxRow(Model):
    """A letter to one person."""

    id: int = 0
    """Its number in the outbox; 0 before it is kept."""
    cycle: str
    key: str
    """What it is and to whom; unique in its cycle."""
    message_id: str
    """``<…@domain>``, fixed before the first try."""
    kind: str
    to_ref: str
    step: str
    slot: str
    host: str
    mark: str
    batch: str
    """What it is, or was, held under."""
    facts: dict[str, str]
    entries: tuple[Entry, ...]
    state: LetterState
    tries: int = 0
    maybe_delivered: int = 0
    """Tries of which nobody knows whether they delivered it."""
    not_before: AwareDatetime
    claimed_until: AwareDatetime | None = None
    data: bytes | None = None
    """The rendered letter, as it is sent. Lists leave it out."""
    subject: str = ""
    digest: str = ""
    """SHA-256 of ``data``."""
    language: str = ""
    last_error: str = ""
    created_at: AwareDatetime
    sent_at: AwareDatetime | None = None
    settled_at: AwareDatetime | None = None
    """Since when nothing more is to be done about a letter that did not arrive."""
    settled_by: str = ""
    settled_why: str = ""
    """Reference ``n_…``."""


class Recovered(Model):
    """What a workflow has to know of its cycle, taken from the record alone; and what lies there besides."""

    state: Cycle
    decided_to: int
    """Answers up to this number are decided."""
    needs: int = 1
    """The version of the rules that whoever carries it on must know."""
    taken: dict[str, int]
    """The id of each staff decision to the position after it, the newest last."""
    writer: str
    """The token of the workflow whose records are kept."""
    recorded_at: AwareDatetime | None
    """When the last event was recorded."""
    waiting: int
    """How many answers wait in the inbox."""
    letters: dict[str, int]
    """State to how many letters are in it."""


class Trouble(Model):
    """Letters of one cycle that did not arrive, and that nobody has settled."""

    cycle: str
    state: Literal["failed", "suspect"]
    count: int


class Overdue(Model):
    """Letters of one cycle whose hour went by while nothing ran: somebody says whether they leave."""

    cycle: str
    count: int
    since: AwareDatetime
    """When the oldest of them should have left."""


@dataclass(frozen=True)
class Rendered:
    """A letter in its final form."""

    data: bytes
    subject: str
    language: str


class ReportRow(Model):
    """A report, drawn up or filed."""

    cycle: str
    step: str
    revision: int
    html: str
    data: dict[str, Any]
    digest: str
    drawn_at: AwareDatetime
    filed_at: AwareDatetime | None = None


class Erasure(Model):
    """Somebody was erased. Nothing in it is about a person."""

    mark: str
    """Stands for the reference, which cannot be told from it."""
    cycle: str
    """Empty for a member of staff."""
    asked_at: AwareDatetime
    asked_by: str
    """A staff reference, ``time``, or ``herself``."""
    role: str = ""
    told_at: AwareDatetime | None = None
    """When her cycle had let her go; at once where it was over."""
    done_at: AwareDatetime | None = None
    """When nothing was left of her; until then the erasure is pending."""
    pending: str = ""
    """What it waits for."""


class Setting(Model):
    """Something that was said once for the whole installation."""

    key: str
    value: Any
    by: str
    at: AwareDatetime
