"""What every rule file is made of: commands, events, refusals, and what time will ask for."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields
from datetime import datetime
from types import MappingProxyType
from typing import Annotated, Any, ClassVar

from pydantic import AwareDatetime, BaseModel, ConfigDict, Field

RULES = 1
"""The newest version of the rules. A cycle keeps the one it began under; a changed rule asks for it (ADR 0004)."""

TIME = "time"
"""The actor of whatever was asked for by time itself."""

PLAN = "plan"
"""The actor of what the plan said beforehand, where it asks for nobody's approval."""

Text = dict[str, str]
"""One text in several languages: ISO 639-1 code to words, e.g. ``{"en": "Management", "fi": "Johtaminen"}``."""

Cents = Annotated[int, Field(ge=0)]
"""Money in hundredths of the plan's currency. Never a float."""


class NewerRules(ValueError):
    """Something of a newer release, which this one must not touch: a cycle, an event, an answer. It waits unharmed."""

    def __init__(self, what: str, version: int) -> None:
        super().__init__(
            f"{what} needs {WAITS_FOR} {version}, and this Kierros knows versions up to {RULES}. "
            "Nothing was changed: it waits for the newer release."
        )
        self.what, self.version = what, version


WAITS_FOR = "the rules of version"
"""Words by which the sentence is known again where only a text comes through, as from Temporal."""


class Model(BaseModel):
    """A frozen value. Unknown fields are ignored: what stands in a history may come from a newer release."""

    model_config = ConfigDict(frozen=True)


class Signed(Model):
    """What somebody wished or brought about at some time."""

    at: AwareDatetime
    """The instant it counts by (UTC): when an answer was received, when staff acted, when time was up."""
    actor: str
    """Who wishes it: a staff reference ``s_…``, a person reference ``p_…``, ``time`` or ``plan``."""
    cause: str = ""
    """The command's id: an inbox number ``i17``, an update id, or empty for what time asks."""
    entered_by: str = ""
    """The staff reference of who typed it in for the actor, e.g. after a telephone call; empty where nobody did."""

    @property
    def said(self) -> dict[str, Any]:
        """When, by whom and why: what passes on to whatever follows from it."""
        return {"at": self.at, "actor": self.actor, "cause": self.cause, "entered_by": self.entered_by}


class Command(Signed):
    """A wish. ``decide`` answers it with events or with a refusal."""

    needs: int = 1
    """The version of the rules that it needs, where it says what the first release does not know (a staff decision)."""
    decided_at: AwareDatetime | None = None
    """When it is decided, for an answer that lay in the inbox; without it, at once.

    An answer counts by when it was received; but the time that the next in line has to answer begins only now.
    """

    @property
    def onward(self) -> dict[str, Any]:
        """When, by whom and why, for what is set going by it."""
        at = self.at if self.decided_at is None else max(self.at, self.decided_at)
        # only the answer itself was typed in by somebody
        return {**self.said, "at": at, "entered_by": ""}


class Event(Signed):
    """A fact. Events are what the journal keeps; the state is their fold."""


def by_utc(moment: Any) -> str:
    """``2012-02-14 08:00 UTC``; what was agreed on as local time, by the clocks of its place."""
    if isinstance(moment, datetime):
        return f"{moment:%Y-%m-%d %H:%M} UTC"
    return f"{moment.local[:16].replace('T', ' ')} ({moment.zone})"


class Refusal(Exception):
    """A rule said no. Subclasses are dataclasses: their fields are the facts, ``str()`` is the sentence.

    They compare by their facts. They are not frozen: Python itself writes into what is raised (traceback, notes).
    """

    about_time: ClassVar[bool] = False
    """A date has gone by, or has not come: in a year drawn together for practice the reader is told what day it is."""

    clock: Callable[[Any], str] = staticmethod(by_utc)
    """How the sentence writes an instant, or a ``When`` of the plan. A rule knows no reader; whoever does may set it
    to the clocks of the plan."""

    stay: Callable[[str], str] = staticmethod(str)
    """How the sentence calls a stay (``spring``, ``visits/spring``): by its id; whoever knows the plan may set it to
    what the plan calls it. In a command that is to be typed the id stands."""

    aside: str = ""
    """What whoever knows the reader adds to the sentence; the rules add nothing."""

    ids: Mapping[str, str] = MappingProxyType({})
    """Facts that whoever knows the plan has put into the sentence by their names: field to id."""

    @property
    def name(self) -> str:
        """The refusal's name as it crosses every boundary."""
        return type(self).__name__

    @property
    def facts(self) -> dict[str, Any]:
        """The numbers and references behind the sentence; never a person's name."""
        return {f.name: self.ids.get(f.name, getattr(self, f.name)) for f in fields(self)}  # type: ignore[arg-type]  # subclasses are dataclasses

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Refusal) and (self.name, self.facts) == (other.name, other.facts)

    def __hash__(self) -> int:
        return hash((self.name, *self.facts.values()))


@dataclass(frozen=True)
class Due:
    """What time will ask for: at ``at`` (UTC) ``command`` is to be decided."""

    at: datetime
    command: Command
    after_post: bool = True
    """Whether the answers received before ``at`` must be collected first (every deadline; TRUST of the record)."""
