"""A whole cycle with its people, hosts and staff, driven by a stream of choices as the workflow drives it.

Time goes on to what is due next; answers are collected before a deadline is decided, and lie in the inbox while the
engine is away. Half of the runs start deep. :mod:`tests.exchange.watch` looks at every event, letter and refusal.
"""

from __future__ import annotations

import random
from collections import Counter
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest

from exchange import correspondence, offering
from exchange import cycle as rules
from exchange.approval import Approve, RecordPrepared, Reject
from exchange.base import PLAN, Command, Event, Refusal
from exchange.correspondence import Mail
from exchange.essential import essential
from exchange.eyes import NobodyLeftToApprove, fresh_eyes
from exchange.lateness import LateAgain, LateApproval
from exchange.money import BudgetExceeded
from exchange.overtaken import overtaken
from exchange.prompt import AlreadyDecided, Choose, Prompt, SecondPersonNeeded
from exchange.record import commands, events
from exchange.spending import ChangeShare
from exchange.state import Cycle
from tests.builders import ANTTI, KRISTINA, OLGA, day
from tests.exchange.puttingoff import go_on, put_off
from tests.exchange.variety import Stream, year_of
from tests.exchange.watch import Watch

MOST_AT_ONCE = 60
"""So many dues may be decided at one instant; more is a loop that never ends."""


class World:
    """One cycle and its driver."""

    def __init__(self, stream: Stream, reached: Counter[str]) -> None:
        self.stream, self.reached = stream, reached
        self.cycle = self.beginning = rules.begin(year_of(stream))
        self.watch = Watch(self.cycle.plan, reached)
        self.now = day(-1)
        self.inbox: list[Command] = []
        self.journal: list[Event] = []
        self.written: set[str] = set()

    # -- deciding --------------------------------------------------------------------------------------------------

    def do(self, command: Command) -> list[Event]:
        """Decides the command and looks at everything that follows."""
        assert commands.unpack(commands.pack(command)) == command
        before = self.cycle
        followed = rules.decide(before, command)
        for event in followed:
            after = rules.evolve(self.cycle, event)
            mails = correspondence.letters(self.cycle, event, after)
            self.watch.saw(self.cycle, event, after, mails)
            self._in_time(event, after, mails)
            self.cycle = after
        self.journal += followed
        self.watch.decided(before, command, followed, self.cycle)
        return followed

    def _in_time(self, event: Event, after: Cycle, mails: list[Mail]) -> None:
        """A reminder has its sense at the moment when it is ordered."""
        if mails:
            self.written.add(type(event).__name__)
        for mail in mails:
            about = {"step": mail.step, "slot": mail.slot, "host": mail.host, "prompt": mail.facts.get("prompt", "")}
            about["mark"] = mail.mark
            assert not any(overtaken(after, mail.kind, person, about, event.at) for person in mail.to), "17: overtaken"

    def say(self, command: Command) -> Refusal | None:
        """Has staff say something; only a refusal may come of it, and then nothing has changed."""
        if not self.running:
            return None
        before = self.cycle
        try:
            self.do(command)
        except Refusal as refusal:
            assert self.cycle is before, "28: a refusal that changes something"
            self._refused(command, refusal)
            return refusal
        return None

    def _refused(self, command: Command, refusal: Refusal) -> None:
        self.reached[f"refused {refusal.name}"] += 1
        assert str(refusal), refusal.name
        if isinstance(refusal, AlreadyDecided):
            said = (refusal.option, refusal.by)
            assert said == self.watch.answers[refusal.prompt], "4: a later answer is told something else"
        if isinstance(refusal, BudgetExceeded):
            self.reached["the money says no"] += 1

    @property
    def running(self) -> bool:
        """Whether it has not ended; it may stand still."""
        return not self.cycle.over

    # -- time ------------------------------------------------------------------------------------------------------

    def receive(self, command: Command) -> None:
        """Somebody's answer comes into the inbox."""
        self.inbox.append(command)

    def collect(self) -> None:
        """All that lies in the inbox is decided, in the order of receipt; it stays there while all stands still."""
        if self.cycle.standstill is not None:
            self.reached["answers wait in a suspended cycle"] += bool(self.inbox)
            return
        rows, self.inbox = self.inbox, []
        for row in rows:
            self.say(row.model_copy(update={"decided_at": self.now}))

    def prepare(self) -> None:
        """All letters that are to be made ready lie ready."""
        while self.cycle.phase == "running" and (
            being := [s for s, a in self.cycle.approvals.items() if a.stage == "preparing"]
        ):
            step, revision = being[0], self.cycle.approving(being[0]).revision
            held = correspondence.held(self.cycle, step)
            self.watch.outbox.hold(self.cycle, held)
            count, digest = sum(len(mail.to) for mail in held), f"{step}-{revision}"
            self.do(RecordPrepared(at=self.now, actor=PLAN, step=step, revision=revision, digest=digest, letters=count))

    def catch_up(self) -> None:
        """Decides what is due by now, earliest first, each after the post that came before it."""
        for _ in range(MOST_AT_ONCE):
            entries = rules.due(self.cycle)
            if not entries or entries[0].at > self.now:
                return
            assert list(entries) == sorted(entries, key=lambda entry: entry.at)
            if entries[0].after_post and self.inbox:
                self.collect()
                continue
            followed = self.do(rules.at_last(entries[0], self.now))
            assert followed, f"28: {entries[0].command} is due for ever"
            self.prepare()
        raise AssertionError(f"a loop without end at {self.now}: {rules.due(self.cycle)[0]}")

    def go_to(self, moment: datetime) -> None:
        """Lets time go on, deciding everything in its hour."""
        while self.running and (entries := rules.due(self.cycle)) and entries[0].at <= moment:
            self.now = max(self.now, entries[0].at)
            self.catch_up()
        self.now = max(self.now, moment)

    def sleep(self, days: float) -> None:
        """The engine is away, and answers come in; afterwards it finds everything late."""
        from tests.exchange.acting import answering

        for _ in range(3):
            self.now += timedelta(days=days / 3)
            if self.stream.chance(60):
                self.stream.often(answering(self))(self)
        late = [entry for entry in rules.due(self.cycle) if entry.at <= self.now]
        self.reached["several dues after an absence"] += len(late) > 1
        if self.stream.chance(50):
            self.collect()
        self.catch_up()

    # -- staff -----------------------------------------------------------------------------------------------------

    def may_answer(self, prompt: Prompt) -> str:
        """Somebody who may answer the prompt."""
        roles = self.cycle.plan.roles
        holders = [*(roles.get(prompt.deputy or "", ()) if prompt.passed else ()), *roles[prompt.role]]
        # where only the deputy is left, somebody asks too early, and is refused
        return self.stream.pick([s for s in holders if fresh_eyes(self.cycle, prompt, s)] or holders)

    def answer(self, prompt: Prompt, option: str, actor: str = "") -> Refusal | None:
        said = {"at": self.now, "actor": actor or self.may_answer(prompt), "prompt": prompt.id, "reason": "n_why"}
        if prompt.about != "approval":
            picks = self._picks(prompt)
            return self.say(Choose.model_validate({**said, "option": option, "picks": picks}))
        if option == "reject":
            return self.say(Reject.model_validate(said))
        copy = prompt.letters > 0 and prompt.revision % 2 == 1
        return self.say(Approve.model_validate({**said, "digest": prompt.digest, "copy_to_me": copy}))

    def _picks(self, prompt: Prompt) -> tuple[str, ...]:
        if prompt.about != "select":
            return ()
        applied = [p for p, place in self.cycle.desk(prompt.step).people.items() if place.state == "applied"]
        return tuple(p for p in applied if self.stream.chance(60))

    def agree(self) -> None:
        """Staff answer every decision that waits with the first option that is taken."""
        for prompt in self.cycle.prompts.values():
            if not self.running or prompt.id not in self.cycle.prompts:
                continue
            self._answered(prompt)
        self.prepare()

    def _answered(self, prompt: Prompt) -> None:
        """The first option that is taken; what comes too late is put off first, and its letters made anew."""
        for option in prompt.options:
            refusal = self.answer(prompt, option)
            # where more was spent than there is, the first who pays more only makes up for that
            while isinstance(refusal, BudgetExceeded) and prompt.about == "approval":
                self._raise(refusal.asked - refusal.free)
                refusal = self.answer(prompt, option)
            if isinstance(refusal, NobodyLeftToApprove):
                refusal = self._of_another(prompt, option)
            if isinstance(refusal, LateAgain):  # asked again by whoever has a hand in it already: she moved it
                put_off(self, refusal)
                refusal = self._of_another(prompt, option)
            if isinstance(refusal, LateApproval):
                put_off(self, refusal)
                assert prompt.id not in self.cycle.prompts, "2: letters that name a date that has moved still wait"
            if refusal is None or isinstance(refusal, LateApproval):
                return

    def _raise(self, cents: int) -> None:
        """What was spent blocks an approval: somebody pays what is missing, and its money is there."""
        name = f"fund {len(self.cycle.plan.budget.funders)}"
        share = ChangeShare(at=self.now, actor=OLGA, funder=name, cents=cents, new=True, reason="n_gift")
        assert self.say(share) is None, "19: more money is refused"
        self.reached["a funder pays more"] += 1

    def _of_another(self, prompt: Prompt, option: str) -> Refusal | None:
        """Whoever is the last who could approve leaves it to somebody else who may ask for it."""
        for actor in self.cycle.plan.roles[prompt.role]:
            refusal = self.answer(prompt, option, actor)
            if not isinstance(refusal, NobodyLeftToApprove):
                return refusal
        raise AssertionError(f"5: nobody is left who may have {prompt.step} made ready")

    def argue(self) -> None:
        """Somebody answers a decision somehow: rightly, without the right, twice, or with what is no option."""
        prompts = self.cycle.prompts.values()
        if not prompts:
            return
        prompt = self.stream.pick(prompts)
        option = self.stream.pick(prompt.options)
        # a decision that has passed to the deputy is now and then hers
        first = ["", ANTTI, ANTTI] if prompt.passed else ["", "", ""]
        actor = self.stream.pick([*first, KRISTINA, OLGA, ANTTI, "p_anna"])
        refusal = self.answer(prompt, option, actor)
        if isinstance(refusal, SecondPersonNeeded):
            self.reached["a second person is needed"] += 1
        if refusal is None and self.stream.chance(25):
            again = self.answer(prompt, self.stream.pick(prompt.options), self.stream.pick([KRISTINA, OLGA]))
            assert not self.running or isinstance(again, AlreadyDecided), "4: a decision is taken twice"
        if self.stream.chance(80):
            self.prepare()

    # -- the end ---------------------------------------------------------------------------------------------------

    def finish(self) -> None:
        """People fall silent, staff answer everything with the first option: the cycle must come to its end."""
        if self.cycle.standstill is not None:
            go_on(self)
        self.collect()
        self.prepare()
        for _ in range(400):
            if not self.running:
                break
            self.agree()
            if self.running:
                entries = rules.due(self.cycle)
                assert entries, f"nothing is due and nothing ends: {self.cycle.current} {self.cycle.prompts}"
                self.go_to(entries[0].at)
        assert not self.running, f"no end: {self.cycle.current}, {rules.due(self.cycle)[:1]}, {self.cycle.prompts}"
        assert rules.due(self.cycle) == ()

    def fold_again(self) -> None:
        """The journal, written and read, folds to the live state; and the state survives being carried over."""
        told = (events.unpack(events.pack(event)) for event in self.journal)
        assert rules.fold(self.beginning, told) == self.cycle, "28: the journal's fold is another state"
        carried = type(self.cycle).model_validate_json(self.cycle.model_dump_json())
        assert carried == self.cycle, "28: the carried state is another"
        lean = rules.begin(essential(self.beginning.plan))
        assert correspondence.ordered(lean, self.journal) == correspondence.ordered(self.beginning, self.journal)
        assert rules.fold(lean, self.journal).put(plan=self.cycle.plan) == self.cycle, "28: the lean plan differs"


Act = Callable[[World], None]


def live(data: bytes, reached: Counter[str]) -> World:
    """One cycle from its beginning to its end, by the choices in ``data``.

    In some of them a decision makes one offer at most, so that two free places are as many as too many are elsewhere.
    """
    stream = Stream(data)
    world = World(stream, reached)
    with pytest.MonkeyPatch.context() as small:
        if data[-1:] < b"\x60":
            small.setattr(offering, "AT_ONCE", 1)
        _live(world)
    return world


def _live(world: World) -> None:
    from tests.exchange.acting import chosen
    from tests.exchange.starts import begin_deep

    stream = world.stream
    try:
        begin_deep(world)
        while not stream.spent and world.running:
            chosen(world)(world)
            if stream.chance(70):
                world.collect()
        world.finish()
        world.fold_again()
    except Exception as error:
        error.add_note(f"at {world.now}, after\n" + "\n".join(map(repr, world.journal[-12:])))
        raise


def kinds_with_letters(enough: set[str]) -> set[str]:
    """Names of the events from which letters follow, over cycle after cycle until there are enough."""
    written: set[str] = set()
    for seed in range(300):
        written |= live(random.Random(seed).randbytes(250), Counter()).written
        if seed >= 30 and enough <= written:
            break
    return written
