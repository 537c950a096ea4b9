"""What outsiders may ask of a cycle: names, ids, queues, attributes. Doors and workers need nothing else."""

from __future__ import annotations

from typing import Any

from exchange.adding import AddParagraph
from exchange.amending import Amend
from exchange.approval import Approve, Choose, Reject
from exchange.base import Command, Model
from exchange.booking import RemindHost
from exchange.cancelling import Cancel
from exchange.coming import RemindComing
from exchange.extending import Extend
from exchange.feedback import RemindSurvey
from exchange.handing import HandOver
from exchange.invitation import RemindInvited
from exchange.moving import Move
from exchange.noting import TakeNote
from exchange.plan import CyclePlan
from exchange.registration import SetCapacity
from exchange.replacing import ReplaceSpeaker
from exchange.seminar import RecordAttendance
from exchange.spending import ChangeShare, Spend
from exchange.suspending import Resume, Suspend
from exchange.writing import Write

CYCLE = "CycleWorkflow"
"""One cycle; its workflow id is the plan's id."""
POST_OFFICE = "PostOfficeWorkflow"
POST_OFFICE_ID = "post-office"
"""The one process that sends every cycle's letters, on a task queue of its own."""
CARETAKER = "CaretakerWorkflow"
CARETAKER_ID = "personal-data"
"""The schedule, and the process it begins, that keeps people's data no longer than the plans say."""

POST = "post"
"""Signal to a cycle: its inbox holds new rows. Signal to the post office: the outbox holds new letters."""
GONE = "gone"
"""What that signal says where the record has erased somebody."""
BOARD = "board"
"""Query: the board in Markdown."""
WHEREABOUTS = "whereabouts"
"""Query: how far the workflow is, to be held against the record."""
STATE = "state"
"""Query: the state as it would be carried to the next run."""

UPDATES: dict[str, type[Command]] = {
    "approve": Approve,
    "reject": Reject,
    "choose": Choose,
    "move": Move,
    "amend": Amend,
    "set_capacity": SetCapacity,
    "record_attendance": RecordAttendance,
    "remind_invited": RemindInvited,
    "remind_survey": RemindSurvey,
    "remind_host": RemindHost,
    "remind_coming": RemindComing,
    "suspend": Suspend,
    "resume": Resume,
    "cancel": Cancel,
    "note": TakeNote,
    "hand_over": HandOver,
    "add_paragraph": AddParagraph,
    "extend": Extend,
    "replace_speaker": ReplaceSpeaker,
    "write": Write,
    "spend": Spend,
    "change_share": ChangeShare,
}
"""Update names to the command each takes."""

UPDATE_OF = {command: name for name, command in UPDATES.items()}

SEARCH_ATTRIBUTES: dict[str, str] = {
    "CycleTheme": "Keyword",
    "CycleStep": "Keyword",
    "AwaitingApproval": "KeywordList",
    "AwaitingSince": "Datetime",
    "Registered": "Int",
}
"""Name to type. AwaitingApproval holds the roles that are awaited and is unset when nobody is."""


class CycleStart(Model):
    """A cycle's input: the plan on its first run, the carried state on every later one."""

    plan: CyclePlan | None = None
    rules: int = 1
    """The version of the rules that the cycle begins under; said on its first run, carried with the state later."""
    carried: dict[str, Any] | None = None
    """What the run before carried over (:func:`workflows.carry.unpack`)."""
    post: bool = False
    """Whether the run before left rows in the inbox."""


class Accepted(Model):
    """A staff decision was taken and recorded."""

    position: int
    """The journal's length after it."""
    events: tuple[str, ...] = ()
    """The names of what followed."""


class Delivery(Model):
    """What one round of the post office did."""

    sent: int = 0
    waiting: int = 0
    failed: int = 0
    next_in: float | None = None
    """Seconds until the next letter is due; None when none waits."""
