"""Those who go on working while everything breaks, and keep what was acknowledged.

An answer is acknowledged by its number in the inbox, a decision by exit code 0. What was not is said again: an answer
under the same id, a decision as it then stands.
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import UTC, datetime

from exchange.base import Command
from exchange.booking import AnswerAsHost
from exchange.feedback import GiveFeedback
from exchange.prompt import Prompt
from exchange.registration import AcceptOffer, Register, Withdraw
from exchange.state import Cycle
from store.faults import CycleIsOver, StoreFault
from store.models import Letterbox
from tests.engine.coping import put_off, too_late
from tests.engine.installation import KRISTINA, OLGA, Installation, Ran
from tests.workflows.stage import bare


@dataclass
class Player:
    """All who take part in one cycle: participants, hosts and staff."""

    here: Installation
    cycle: str
    rng: random.Random
    guests: list[str] = field(default_factory=list)
    """Who has not registered yet."""
    answers: dict[str, int] = field(default_factory=dict)
    """Acknowledged: an answer's id to its number."""
    unheard: dict[str, Letterbox] = field(default_factory=dict)
    """Said, and not acknowledged."""
    decided: list[str] = field(default_factory=list)
    """Acknowledged: decisions by the prompt's id."""
    notes: list[str] = field(default_factory=list)
    """Acknowledged: notes of staff by their words, each of which is written once."""
    doubtful: list[str] = field(default_factory=list)
    """Notes of which nobody said whether they were kept."""
    late: int = 0
    """How often a date was put off because it had gone by."""
    said: str = ""
    """What the last decision that did not take effect was told."""

    def __post_init__(self) -> None:
        self.guests = [p.ref for p in self.here.store.people(self.cycle) if p.address.startswith("guest")]

    def turn(self) -> None:
        """Some answers, and a decision if one waits."""
        try:
            state = self.here.cycle(self.cycle)
            if not state.over:
                self.answer(state)
                self.decide(state)
        except StoreFault as why:
            self.said = str(why)

    # -- answers ------------------------------------------------------------------------------------------------------

    def answer(self, state: Cycle) -> None:
        fresh = {item.command_id: item for item in self._wished(state)}
        for name, item in (self.unheard | fresh).items():
            if name in self.answers:
                continue
            self.unheard[name] = item
            try:
                (receipt,) = self.here.store.receive(self.cycle, [item])
                if self.rng.random() < 0.3:  # somebody presses twice
                    assert self.here.store.receive(self.cycle, [item])[0].number == receipt.number
            except CycleIsOver:
                del self.unheard[name]
            except StoreFault as why:
                self.said = str(why)
            else:
                self.answers[name] = receipt.number
                del self.unheard[name]

    def _wished(self, state: Cycle) -> Iterator[Letterbox]:
        desk, now = state.desk("registration"), datetime.now(UTC)
        if desk.stage == "open":
            for _ in range(min(len(self.guests), self.rng.choice((0, 0, 1, 2)))):
                ref = self.guests.pop(0)
                yield said(f"register-{ref}", Register(at=now, actor=ref, person=ref, home="home-library"))
            placed = [ref for ref in state.group() if f"withdraw-{ref}" not in self.answers]
            if placed and self.rng.random() < 0.3:
                ref = self.rng.choice(placed)
                yield said(f"withdraw-{ref}", Withdraw(at=now, actor=ref, person=ref))
        for ref, _until in desk.offers:
            yield said(f"accept-{ref}", AcceptOffer(at=now, actor=ref, person=ref))
        yield from self._hosts(state, now)
        if state.survey("feedback").stage == "open":
            for ref in state.participants():
                given = {"knowledge": 4, "confidence": 4, "application": 5, "awareness": 3, "gains": "Ideas"}
                yield said(f"feedback-{ref}", GiveFeedback(at=now, actor=ref, person=ref), given)

    def _hosts(self, state: Cycle, now: datetime) -> Iterator[Letterbox]:
        for journey in state.journeys():
            for slot in journey.slots:
                booking = state.booking(journey.id, slot.id)
                if booking.stage == "asked":
                    contact = next(c.contact for c in slot.candidates if c.host == booking.host)
                    no = slot.id == "first-visit" and booking.host == slot.candidates[0].host
                    answer = AnswerAsHost(
                        at=now, actor=contact, host=booking.host, slot=slot.id, answer="decline" if no else "confirm"
                    )
                    yield said(f"{slot.id}-{booking.host}", answer)

    # -- decisions ----------------------------------------------------------------------------------------------------

    def decide(self, state: Cycle) -> None:
        for prompt in state.prompts.values():
            if prompt.id not in self.decided:
                self._decide(prompt)
                return
        if not self.guests and state.desk("registration").waiting:  # there is always somebody to write to
            places = str(state.desk("registration").capacity + 1)
            self.say("capacity", "registration", places, "--yes", "--reason", "A larger hall")

    def _decide(self, prompt: Prompt) -> None:
        who = OLGA if prompt.role == "director" else KRISTINA
        option = prompt.options[0]
        words = ("approve", prompt.id) if prompt.about == "approval" else ("choose", prompt.id, option)
        ran = self.say(*words, "--yes", "--reason", "A reason of one's own", acting=who)
        if ran.code == 0:
            self.decided.append(prompt.id)
        elif (what := too_late(ran.said)) is not None:
            self.said = put_off(self.here, self.cycle, what, times=self.late)
            self.late += 1

    def note(self) -> bool:
        """A decision that may be taken at any time, and is told from all others. Gives back whether it was."""
        words = f"{self.cycle} number {len(self.notes) + len(self.doubtful) + 1}"
        ran = self.say("note", words)
        (self.notes if ran.code == 0 else self.doubtful).append(words)
        return ran.code == 0

    def say(self, *words: str, acting: str = KRISTINA) -> Ran:
        ran = self.here.run(*words, "--cycle", self.cycle, acting=acting)
        assert "Traceback" not in ran.said, ran.said
        self.said = self.said if ran.code == 0 else ran.said
        return ran


def said(name: str, command: Command, answers: dict[str, object] | None = None) -> Letterbox:
    return Letterbox(command_id=name, command=bare(command), actor=command.actor, answers=answers)
