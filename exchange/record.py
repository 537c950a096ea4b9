"""What the workflow and the record say to each other: one small model for each direction.

References only: these models stand in Temporal's history. Sizes are bounded: at most :data:`MOST_ROWS` rows or
:data:`MOST_BYTES` bytes of them come back at once.
"""

from __future__ import annotations

from typing import Any

from pydantic import AwareDatetime

from exchange.base import Command, Event, Model
from exchange.correspondence import Mail
from exchange.cycle import COMMANDS, EVENTS
from exchange.wire import Wire

MOST_ROWS = 200
MOST_BYTES = 256 * 1024

commands: Wire[Command] = Wire(COMMANDS)
events: Wire[Event] = Wire(EVENTS)


class Row(Model):
    """One answer from the cycle's inbox."""

    number: int
    """Its place in the cycle's inbox, from 1; number order is the order of receipt."""
    at: AwareDatetime
    """When it was received: what it counts by."""
    actor: str
    data: dict[str, Any]
    """The command, packed, without ``at``, ``actor`` and ``cause``."""
    proven: bool = True
    """False where staff are said to have typed it in, and nothing proves it: it is refused, whatever it says."""


class Refused(Model):
    """A row that a rule said no to, or that was parked as a defect (``name`` "Defect")."""

    number: int
    name: str
    facts: dict[str, Any] = {}


class Standing(Model):
    """Where the cycle stands: what lists and boards show."""

    step: str = ""
    phase: str = "running"
    registered: int = 0
    next_due: AwareDatetime | None = None


class Record(Model):
    """What is to be kept, in one transaction: events, their letters, the outcomes of rows. Idempotent by ``after``."""

    cycle: str
    after: int
    """How many events the journal holds before these."""
    events: tuple[dict[str, Any], ...] = ()
    mails: tuple[Mail, ...] = ()
    decided_to: int = 0
    """Inbox rows up to this number have been decided."""
    refused: tuple[Refused, ...] = ()
    standing: Standing = Standing()
    collect: bool = True
    """Whether the next rows are wanted."""
    writer: str = ""
    """The token that the workflow was given when it was started again from the record; empty before that."""


class Whereabouts(Model):
    """How far a workflow is, to be held against its record."""

    writer: str = ""
    recorded: int
    """How many events the record holds, as far as the workflow knows."""
    position: int
    """How many there are with those that wait to be recorded."""
    outcomes_to: int
    decided_to: int


class Gone(Model):
    """A person of the cycle whose data was erased, and of which the cycle's workflow has not heard yet."""

    person: str
    actor: str
    """Who had it done: she herself, staff, or time."""
    role: str = ""
    steps: tuple[str, ...] = ()
    """Of which something that waits for agreement named her."""


class Post(Model):
    """What the record gives back: the next rows, and whether there are more."""

    rows: tuple[Row, ...] = ()
    more: bool = False
    gone: tuple[Gone, ...] = ()
    """Who was erased since."""


class Preparation(Model):
    """A step's letters to be rendered and held (or its report to be drawn up)."""

    cycle: str
    step: str
    revision: int
    mails: tuple[Mail, ...] = ()


class Ready(Model):
    """What lies ready: the digest that an approval must name, and what a prompt shows of it."""

    digest: str
    letters: int = 0
    languages: tuple[str, ...] = ()
