"""What the floor's workflow, its activities and its players say to each other."""

from __future__ import annotations

from datetime import datetime

from pydantic import BaseModel


class Task(BaseModel):
    """What an activity is told."""

    cycle: str
    words: tuple[str, ...] = ()
    """What the players listen to."""
    filler: str = ""
    back: int = 0
    """How many bytes are to come back."""


class Told(BaseModel):
    """What an activity or an update gives back."""

    filler: str = ""


class Sizes(BaseModel):
    """The floor's input: how large everything is in a cycle of ours."""

    there: dict[str, list[int]] = {}
    """Activity type to the bytes that each call carries, in their order."""
    back: dict[str, list[int]] = {}
    note: int = 700
    """What a local activity carries: a prompt and where the cycle stands."""
    filler: str = ""
    """As long as to make this as large as a plan."""


class Decision(BaseModel):
    """What an update says."""

    at: datetime
    actor: str
    prompt: str
    digest: str = ""
