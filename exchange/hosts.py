"""Why a host's answer was not taken, or a host not asked: the refusals of the visits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import ClassVar

from exchange.base import Refusal
from exchange.plan import When


@dataclass(eq=False)
class NotAsked(Refusal):
    host: str

    def __str__(self) -> str:
        return f"{self.host} has not been asked for any visit here. `kierros show` lists who has."


@dataclass(eq=False)
class WhichSlot(Refusal):
    host: str
    slots: tuple[str, ...]

    def __str__(self) -> str:
        return f"{self.host} is asked for several visits ({', '.join(self.slots)}). Say which one with --slot."


@dataclass(eq=False)
class AlreadyAnswered(Refusal):
    host: str
    slot: str
    stage: str

    def __str__(self) -> str:
        stage = self.stage.replace("_", " ")
        return f"{self.host} has answered about {self.stay(self.slot)} before; the visit is {stage} now."


@dataclass(eq=False)
class ProposalIncomplete(Refusal):
    host: str

    def __str__(self) -> str:
        return f"A proposal of {self.host} needs when the visit would begin and end, the end after the beginning."


@dataclass(eq=False)
class AskedForThat(Refusal):
    """What a host proposes are the dates that it was asked for."""

    host: str
    slot: str
    begins: When

    def __str__(self) -> str:
        return (
            f"Those are the dates asked for: {self.stay(self.slot)} begins at {self.clock(self.begins)}. Where they "
            f"suit {self.host}, it answers yes: `kierros host {self.host} confirm --slot {self.slot}`."
        )


@dataclass(eq=False)
class TooLateToPropose(Refusal):
    host: str
    slot: str
    about_time: ClassVar[bool] = True

    def __str__(self) -> str:
        return (
            f"{self.stay(self.slot)} has gone on without {self.host}, so another time cannot be proposed any more. "
            "A plain yes still reaches the coordinator."
        )


@dataclass(eq=False)
class HostBusy(Refusal):
    host: str
    slot: str

    def __str__(self) -> str:
        return (
            f"{self.host} already stands in another visit that overlaps {self.stay(self.slot)}; "
            "one host is never visited twice at once."
        )


@dataclass(eq=False)
class TwoPlacesAtOnce(Refusal):
    """At the new time of a visit the group is with another host."""

    slot: str
    slots: tuple[str, ...]
    """Where the group is expected then."""

    def __str__(self) -> str:
        others = " and ".join(map(self.stay, self.slots))
        return (
            f"At the new time of {self.stay(self.slot)} the group is expected at {others} as well. Keep the date; or, "
            "where it is meant so (the group parts, or the other visit moves next), say so with --anyway."
        )


@dataclass(eq=False)
class NobodyLeft(Refusal):
    slot: str

    def __str__(self) -> str:
        return (
            f"Every candidate for {self.stay(self.slot)} has been asked. Give the visit up, or add a step of visits "
            "for a new host (`kierros amend`)."
        )
