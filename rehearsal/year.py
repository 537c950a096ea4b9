"""A whole year on a pure clock, driven as the workflow drives it.

Time jumps to what comes next: an answer, a letter that waits for its reader's morning, or what is due. Letters lie
ready the moment they are wanted; nothing is sent and nothing is kept.
"""

from __future__ import annotations

import heapq
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import datetime
from itertools import count
from typing import Any

from exchange import correspondence
from exchange import cycle as rules
from exchange.approval import RecordPrepared
from exchange.base import PLAN, Command, Event, Refusal
from exchange.mail import Mail
from exchange.overtaken import overtaken
from exchange.prompt import Prompt, PromptClosed, PromptOpened
from exchange.record import Ready
from exchange.state import Cycle
from letters.hours import held_until
from rehearsal.players import Players, Say
from rehearsal.script import Script

MOST_EVENTS = 200_000
"""A year of more than this goes round in circles."""


@dataclass(frozen=True)
class Reader:
    """What a letter's day and language depend on."""

    language: str
    zone: str


@dataclass(frozen=True)
class Leaving:
    """Letters of one kind that leave together."""

    at: datetime
    """When they leave (UTC), quiet hours considered."""
    kind: str
    step: str
    to: tuple[str, ...]
    slot: str = ""
    host: str = ""
    languages: Mapping[str, int] = field(default_factory=dict)

    def with_(self, other: Leaving) -> bool:
        """Whether both leave at once and are of one kind."""
        mine = (self.at, self.kind, self.step, self.slot, self.host)
        return mine == (other.at, other.kind, other.step, other.slot, other.host)

    def joined(self, earlier: Leaving) -> Leaving:
        """These and those that left before, as one."""
        languages = {
            code: self.languages.get(code, 0) + earlier.languages.get(code, 0)
            for code in {**earlier.languages, **self.languages}
        }
        return replace(self, to=(*earlier.to, *self.to), languages=languages)


@dataclass(frozen=True)
class Decision:
    """A decision that staff are asked for, and when it is taken; ``None`` where it stays open."""

    prompt: Prompt
    at: datetime | None
    option: str = ""
    by: str = ""


@dataclass(frozen=True)
class Refused:
    """What was said and not taken, and why."""

    at: datetime
    command: Command
    refusal: Refusal


@dataclass(frozen=True)
class Rehearsed:
    """A year as it would go."""

    begins: Cycle
    ends: Cycle
    now: datetime
    events: tuple[Event, ...]
    states: tuple[Cycle, ...]
    """The state after each event."""
    letters: tuple[Leaving, ...]
    decisions: tuple[Decision, ...]
    refused: tuple[Refused, ...]
    said: tuple[Command, ...]
    """Every answer and decision that was taken, at its hour."""
    players: Players
    """Who remember what came to be played."""

    @property
    def stands_still(self) -> bool:
        """Whether the year never ends: nothing more is due, and nobody answers."""
        return self.ends.phase == "running"


def rehearse(cycle: Cycle, script: Script, now: datetime, readers: Mapping[str, Reader]) -> Rehearsed:
    """Plays the cycle to its end.

    Args:
        cycle: a plan of which nothing has happened yet (:func:`exchange.cycle.begin`), or one that runs.
        script: what people, hosts and staff do.
        now: the instant from which it is played (UTC).
        readers: reference to language and zone; whoever is missing reads the plan's first language.
    """
    return _Year(cycle, script, now, readers).play()


class _Year:
    def __init__(self, cycle: Cycle, script: Script, now: datetime, readers: Mapping[str, Reader]) -> None:
        self.begins = self.cycle = cycle
        self.began = self.now = now
        self.readers = readers
        self.players = Players(script)
        self.events: list[Event] = []
        self.states: list[Cycle] = []
        self.letters: list[Leaving] = []
        self.refused: list[Refused] = []
        self.said: list[Command] = []
        self._sayings: list[tuple[datetime, int, Say]] = []
        self._waiting: list[tuple[datetime, int, Mail, str]] = []
        self._count = count()

    def play(self) -> Rehearsed:
        self._hear(self.players.finds(self.cycle, self.now))
        self._prepare()
        while self.cycle.phase == "running" and len(self.events) < MOST_EVENTS:
            if not self._next():
                break
        self._post(None)
        parts = (self.events, self.states, self.letters, self._decisions(), self.refused, self.said)
        told: list[Any] = [*map(tuple, parts), self.players]  # type: ignore[arg-type]  # tuples of each kind
        return Rehearsed(self.begins, self.cycle, self.began, *told)

    def _next(self) -> bool:
        """What comes next: an answer before what is due at the same instant. False where nothing comes any more."""
        entries = rules.due(self.cycle)
        due = entries[0].at if entries else None
        said = self._sayings[0][0] if self._sayings else None
        if due is None and said is None:
            return False
        hour = min(at for at in (due, said) if at is not None)
        self.now = max(self.now, hour)
        self._post(self.now)
        if said is not None and said <= self.now:
            self._say(heapq.heappop(self._sayings)[2])
        else:
            self._decide(rules.at_last(entries[0], self.now))
        self._prepare()
        return True

    def _say(self, say: Say) -> None:
        for wish in say.wishes:
            command = wish.model_copy(update={"at": self.now})
            try:
                self._decide(command)
            except Refusal as refusal:
                self.refused.append(Refused(self.now, command, refusal))
                continue
            self.said.append(command)
            return

    def _decide(self, command: Command) -> None:
        for event in rules.decide(self.cycle, command):
            before, self.cycle = self.cycle, rules.evolve(self.cycle, event)
            self.events.append(event)
            self.states.append(self.cycle)
            for mail in correspondence.letters(before, event, self.cycle):
                self._order(mail)
            self._hear(self.players.hears(event, self.cycle))

    def _hear(self, sayings: Iterable[Say]) -> None:
        for say in sayings:
            heapq.heappush(self._sayings, (say.at, next(self._count), say))

    def _prepare(self) -> None:
        """All letters that are to be made ready lie ready."""
        while self.cycle.phase == "running":
            step = next((s for s, state in sorted(self.cycle.approvals.items()) if state.stage == "preparing"), "")
            if not step:
                return
            people = [person for mail in correspondence.held(self.cycle, step) for person in mail.to]
            languages = tuple(sorted({self._reader(person).language for person in people}))
            revision = self.cycle.approving(step).revision
            ready = Ready(digest=f"{step}/{revision}", letters=len(people), languages=languages)
            self._decide(RecordPrepared(at=self.now, actor=PLAN, step=step, revision=revision, **ready.model_dump()))

    # -- letters -----------------------------------------------------------------------------------------------------

    def _order(self, mail: Mail) -> None:
        if mail.op not in {"send", "release"}:
            return
        older = self._taken_back(mail) if mail.instead else {}
        for person in mail.to:
            rests = min(self.now + mail.rest, older.get(person, self.now + mail.rest))
            at = held_until(self.cycle.plan, mail.kind, mail.step, self._reader(person).zone, rests) or rests
            heapq.heappush(self._waiting, (at, next(self._count), mail, person))
        self._post(self.now)

    def _taken_back(self, mail: Mail) -> dict[str, datetime]:
        """Letters about the same that have not left, and when they would have: the new ones leave in their place."""
        same = [
            one
            for one in self._waiting
            if (one[2].kind, one[2].step, one[2].slot, one[2].host) == (mail.kind, mail.step, mail.slot, mail.host)
            and one[3] in mail.to
        ]
        self._waiting = [one for one in self._waiting if one not in same]
        heapq.heapify(self._waiting)
        return {person: at for at, _, _, person in same}

    def _post(self, until: datetime | None) -> None:
        """Letters whose hour has come leave, unless they have lost their sense meanwhile."""
        while self._waiting and (until is None or self._waiting[0][0] <= until):
            at, _, mail, person = heapq.heappop(self._waiting)
            about = {"step": mail.step, "slot": mail.slot, "host": mail.host, "prompt": mail.facts.get("prompt", "")}
            about["mark"] = mail.mark
            if not overtaken(self.cycle, mail.kind, person, about, at):
                self._leave(at, mail, (person,))

    def _leave(self, at: datetime, mail: Mail, to: tuple[str, ...]) -> None:
        languages: dict[str, int] = {}
        for person in to:
            code = self._reader(person).language
            languages[code] = languages.get(code, 0) + 1
        new = Leaving(at, mail.kind, mail.step, to, mail.slot, mail.host, languages)
        if self.letters and self.letters[-1].with_(new):
            new = new.joined(self.letters.pop())
        self.letters.append(new)

    def _reader(self, person: str) -> Reader:
        plan = self.cycle.plan
        return self.readers.get(person) or Reader(plan.languages[0], plan.zone)

    def _decisions(self) -> list[Decision]:
        asked = dict(self.begins.prompts.items())
        asked |= {event.prompt.id: event.prompt for event in self.events if isinstance(event, PromptOpened)}
        answers = {event.prompt: event for event in self.events if isinstance(event, PromptClosed)}
        return [
            Decision(prompt, a.at, a.option, a.actor) if (a := answers.get(prompt.id)) else Decision(prompt, None)
            for prompt in asked.values()
        ]
