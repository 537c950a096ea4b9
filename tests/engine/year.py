"""A year of the plan that `kierros new` writes, played by the command line: everybody answers, some awkwardly."""

from __future__ import annotations

import time
from dataclasses import dataclass, field
from pathlib import Path

from exchange.prompt import Prompt
from exchange.state import Cycle
from tests.engine.coping import put_off, too_late
from tests.engine.installation import KRISTINA, OLGA, Installation, Ran


@dataclass
class Year:
    """One cycle and its players. ``word`` gives the reason that somebody writes beside what she does."""

    here: Installation
    cycle: str
    people: list[str]
    feedback: Path
    reason: str = "A reason of one's own"
    done: set[str] = field(default_factory=set)
    late: str = ""
    """What was said to somebody who registered too late."""
    decided: list[str] = field(default_factory=list)
    """The decisions that were acknowledged, in order."""
    put_off: list[str] = field(default_factory=list)
    """The steps whose letters were approved too late, so that a date was moved."""
    trouble: str = ""
    """Why a date that came too late could not be moved, when that was tried last."""

    def play(self, within: float = 150.0) -> Cycle:
        """Until the cycle is over."""
        deadline = time.monotonic() + within
        while (state := self.here.cycle(self.cycle)).phase == "running":
            assert time.monotonic() < deadline, self.where(state)
            self.turn(state)
            time.sleep(0.1)
        return state

    def where(self, state: Cycle) -> str:
        return f"it is still at {state.current}: {sorted(state.prompts)}; put off: {self.put_off} {self.trouble}"

    def turn(self, state: Cycle) -> None:
        for prompt in state.prompts.values():
            self.decide(prompt)
        desk = state.desk("registration")
        if desk.stage == "open" and self.first("register"):
            for person in self.people:
                self.say("register", person)
            self.say("decline", self.people[-1], "--reason", self.reason)
            self.say("withdraw", self.people[0], "--reason", self.reason)
        if desk.offers and self.first("accept"):
            self.say("accept", self.people[2])
        if desk.stage == "closed" and self.first("late"):
            self.late = self.here.run("register", self.people[0], "--cycle", self.cycle).said
        for key, stay in state.bookings.items():
            if stay.stage == "asked" and self.first(f"{key} {stay.host}"):
                answer = "decline" if self.first("a host declines") else "confirm"
                self.say("host", stay.host, answer, "--slot", key.partition("/")[2], "--reason", self.reason)
        if state.survey("feedback").stage == "open" and self.first("feedback"):
            self.say("feedback", "--file", str(self.feedback))

    def decide(self, prompt: Prompt) -> None:
        who = OLGA if "director" in {prompt.role, prompt.deputy} and prompt.role == "director" else KRISTINA
        why = ("--yes", "--reason", self.reason)
        if prompt.about != "approval":
            ran = self.say("choose", prompt.id, prompt.options[0], *why, acting=who)
            self.cope(prompt, ran)
        elif prompt.step == "invitations" and self.first("reject"):
            ran = self.say("reject", prompt.id, *why, acting=who)
        else:
            ran = self.say("approve", prompt.id, *why, acting=who)
            self.cope(prompt, ran)
        if ran.code == 0:
            self.decided.append(prompt.id)

    def cope(self, prompt: Prompt, ran: Ran) -> None:
        """What was approved too late is put off, as the refusal says; the letters are then made anew."""
        if ran.code != 0 and (what := too_late(ran.said)) is not None:
            self.trouble = put_off(self.here, self.cycle, what, times=len(self.put_off))
            self.put_off += [] if self.trouble else [prompt.step]

    def say(self, *words: str, acting: str = KRISTINA) -> Ran:
        """A command that may come too late, as the clock of a drawn-together year has it."""
        return self.here.run(*words, "--cycle", self.cycle, acting=acting)

    def first(self, name: str) -> bool:
        new = name not in self.done
        self.done.add(name)
        return new
