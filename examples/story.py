"""The story of a played year: what its people do, and when, read from ``story.yaml`` beside the plan.

Everybody answers without being told to: hosts confirm, staff decide, delegates give feedback. A story says what else
happens. Each of its acts waits for what `kierros show` tells, and is done on the pages of the portal.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml
from desk import Trouble

CONDITIONS = ("after", "step", "state", "detail", "visit", "stage", "host", "not_ahead")
"""What an act may wait for, all of it at once: the end of another act; a step, its state and words of its detail; a
visit, its stage and its host; and that words are not among the dates ahead."""


@dataclass(frozen=True)
class Act:
    """Something that somebody does in the year, once."""

    id: str
    when: dict[str, str]
    who: str = ""
    """Whose act it is: somebody of the people, or of the staff."""
    clicks: str = ""
    """Of the people: what she clicks on the page to which her letter leads, by the end of its address; without it she
    answers on that page itself."""
    does: str = ""
    """Of the staff: the deed, by the end of the address of its page."""
    fills: dict[str, str] = field(default_factory=dict)
    """What is filled in, by the names of the fields; of a choice, what stands beside it or how that begins."""
    says: str = ""
    """The line that tells it; ``{said}`` is what the page answered."""
    registers: int = 0
    """Instead: so many participants register, in the order of the list."""
    tells: dict[str, dict[str, str]] = field(default_factory=dict)
    """What some of those who register answer to the plan's questions, by their names."""

    def ready(self, shown: dict[str, Any], done: set[str]) -> bool:
        """Whether what it waits for is there."""
        when = self.when
        if "after" in when and when["after"] not in done:
            return False
        if any(when.get("not_ahead", "\0") in coming["what"] for coming in shown["ahead"]):
            return False
        return ("step" not in when or any(map(self._at_step, shown["steps"]))) and (
            "visit" not in when or any(map(self.answers, shown["visits"]))
        )

    def answers(self, visit: dict[str, Any]) -> bool:
        """Whether it is about this visit, as it stands."""
        wanted = {"slot": self.when.get("visit"), "stage": self.when.get("stage"), "host": self.when.get("host")}
        return all(value is None or visit[key] == value for key, value in wanted.items()) and "visit" in self.when

    def _at_step(self, step: dict[str, Any]) -> bool:
        when = self.when
        fits = step["id"] == when["step"] and when.get("state", step["state"]) == step["state"]
        return fits and when.get("detail", "") in step["detail"]


@dataclass(frozen=True)
class Story:
    """Who plays, and what happens."""

    note: str
    """What the banner says of the year, after that it is practice."""
    staff: tuple[tuple[str, str, str], ...]
    """Name, address and language; the first of them starts the cycle and notes what people tell her."""
    acts: tuple[Act, ...]

    @property
    def starter(self) -> str:
        return self.staff[0][0]


def read_story(folder: Path) -> Story:
    """The story beside a plan.

    Raises:
        Trouble: an act waits for something that nobody knows of.
    """
    told = yaml.safe_load((folder / "story.yaml").read_text("utf-8"))
    staff = tuple((one["name"], one["address"], one["language"]) for one in told["staff"])
    acts = tuple(_act(one) for one in told["acts"])
    for act in acts:
        unknown = [key for key in act.when if key not in CONDITIONS]
        unknown += [other for key, other in act.when.items() if key == "after" and other not in {a.id for a in acts}]
        if unknown:
            raise Trouble(f"The act {act.id} of {folder.name}/story.yaml waits for {unknown[0]}, which is not known.")
    return Story(told["note"], staff, acts)


def _act(one: dict[str, Any]) -> Act:
    fills = {name: str(words) for name, words in one.get("fills", {}).items()}
    return Act(**{**one, "fills": fills})
