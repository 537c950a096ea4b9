"""A stage for whole cycles: the Kaliningrad plan, a real store, a time-skipping server, people who answer."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Literal
from uuid import uuid4

from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.worker import Worker

from activities import names
from activities.recording import Clerk
from exchange.approval import Approve, Choose, Prompt
from exchange.base import Command
from exchange.booking import AnswerAsHost
from exchange.eyes import fresh_eyes
from exchange.feedback import GiveFeedback
from exchange.plan import CyclePlan
from exchange.record import Preparation, Ready, commands
from exchange.registration import Register
from exchange.state import Cycle
from plans import Staffer, read_people, read_plan, split_plan
from store.inbox import unproven
from store.models import Letterbox, Person, TextRow
from store.store import Store
from tests.signing import KEY, anybody, hand_of
from workers import desk
from workers.proof import ProofInterceptor, TurnedAway
from workers.sandbox import strict_runner
from workflows import contract
from workflows.contract import Accepted
from workflows.cycle import CycleWorkflow

EXAMPLE = Path(__file__).parents[2] / "examples" / "kaliningrad-2012" / "plan.yaml"
PEOPLE = ("Kristina Virtanen", "Olga Sokolova", "Antti Laine")
TURNED = TurnedAway()
"""What the workers of these tests turned away."""


@activity.defn(name=names.PREPARE_LETTERS)
def prepare_letters(preparation: Preparation) -> Ready:
    """Stands in for the scribe where a test is about the workflow alone."""
    count = sum(len(mail.to) for mail in preparation.mails)
    return Ready(digest=f"{preparation.step}-{preparation.revision}", letters=count, languages=("en", "ru"))


@activity.defn(name=names.DRAW_UP_REPORT)
def draw_up_report(preparation: Preparation) -> Ready:
    return Ready(digest=f"{preparation.step}-{preparation.revision}")


def staffed(store: Store) -> dict[str, Staffer]:
    """The example's staff, made known; name in lower case to reference."""
    known = {s.name: s.ref for s in store.staff()}
    for name in PEOPLE:
        if name not in known:
            known[name] = store.add_staff(name, f"{name.split()[0].lower()}@kierros.example", "en")
    return {name.lower(): Staffer(ref) for name, ref in known.items()}


def enter(
    store: Store, now: datetime, within: timedelta, *, unapproved: Sequence[str] = (), **changes: Any
) -> CyclePlan:
    """Starts the example's cycle in the store, its dates drawn together to end ``within``.

    Nobody is asked to approve the steps that are ``unapproved``.
    """
    file, staff = read_plan(EXAMPLE), staffed(store)
    listed = read_people(file.people, organisations=file.draft.organisations)
    split = split_plan(
        file, listed, staff, starter=staff["olga sokolova"].ref, now=now, finish_within=within.total_seconds()
    )
    steps = tuple(s.model_copy(update={"approval": None}) if s.id in unapproved else s for s in split.plan.steps)
    plan = split.plan.model_copy(update={"steps": steps, **changes})
    people = [Person(**{**asdict(row), "cycle": plan.id}) for row in split.people]
    store.start_cycle(plan, people, [TextRow(ref=t.ref, words=t.words, kind=t.place) for t in split.texts], now)
    return plan


@dataclass
class Stage:
    """One running cycle and the hands that move it."""

    store: Store
    client: Client
    plan: CyclePlan
    now: Any
    """Coroutine function that tells the engine's time."""
    sleep: Any = None
    """Coroutine function that lets the engine's time pass."""
    queue: str = ""
    serve: Any = None
    """Coroutine function that starts a worker."""
    handle: WorkflowHandle[Any, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.handle = self.client.get_workflow_handle(self.plan.id)

    async def wait(self, reached: Callable[[Cycle], object], *, days: float = 300) -> Cycle:
        """Lets time pass until the record shows it; fails when that many days have gone by."""
        until = await self.now() + timedelta(days=days)
        while not reached(cycle := self.store.load(self.plan.id)):
            assert await self.now() < until, f"not reached in {days} days; it is at {cycle.current or cycle.phase}"
            await self.sleep(await self._pause())
        return cycle

    async def _pause(self) -> timedelta:
        """Until time asks for something, at most a day; a moment where the record lags."""
        due, now = self.store.cycle(self.plan.id).next_due, await self.now()
        ahead = timedelta(hours=6) if due is None else due - now + timedelta(seconds=1)
        return min(max(ahead, timedelta(minutes=1)), timedelta(days=1))

    async def start(self, queue: str) -> None:
        await desk.start_cycle(self.client, self.plan, queue)
        self.store.engine_started(self.plan.id)

    async def receive(self, *items: tuple[str, Command]) -> list[int]:
        """Puts answers into the inbox and brings word of them."""
        rows = [Letterbox(command_id=f"t-{uuid4()}", command=bare(c), actor=actor) for actor, c in items]
        numbers = await self.put(rows, await self.now())
        await self.handle.signal(contract.POST)
        return numbers

    async def put(self, rows: Sequence[Letterbox], at: datetime) -> list[int]:
        """Puts rows into the inbox; those of staff as if she had typed them in."""
        hand = hand_of(self.store, self.plan.starter)
        signed = [hand.entered(self.plan.id, row) if unproven(row.actor, row.command) else row for row in rows]
        return [r.number for r in self.store.receive(self.plan.id, signed, at, session=hand.session)]

    async def tell(self, command: Command, update_id: str = "") -> Accepted:
        return await desk.tell(self.client, anybody(self.store), self.plan.id, command, update_id or str(uuid4()))

    async def approve(self, prompt: Prompt, who: str = "", update_id: str = "") -> Accepted:
        actor = who or self.holder(prompt)
        command = Approve(at=await self.now(), actor=actor, prompt=prompt.id, digest=prompt.digest)
        return await self.tell(command, update_id)

    def holder(self, prompt: Prompt) -> str:
        cycle = self.store.load(self.plan.id)
        return next(r for r in self.plan.roles[prompt.role] if fresh_eyes(cycle, prompt, r))

    async def register(self, *people: str) -> list[int]:
        now = await self.now()
        homes = self.plan.homes
        return await self.receive(*((p, Register(at=now, actor=p, person=p, home=homes.get(p, ""))) for p in people))

    async def host(self, *answers: tuple[str, Literal["confirm", "decline", "propose"]]) -> list[int]:
        now = await self.now()
        commands = [AnswerAsHost(at=now, actor="x", host=host, answer=answer) for host, answer in answers]
        return await self.receive(*((self.plan.starter, command) for command in commands))

    async def feedback(self, *people: str) -> list[int]:
        now = await self.now()
        return await self.receive(*((p, GiveFeedback(at=now, actor=p, person=p)) for p in people))

    def open_prompt(self, about: str = "approval", step: str = "") -> Prompt | None:
        found = [p.prompt for p in self.store.prompts(self.plan.id) if p.prompt.about == about]
        return next((p for p in found if not step or p.step == step), None)

    def invited(self) -> tuple[str, ...]:
        return self.plan.of_kind("invitations")[0].people  # type: ignore[union-attr]


def bare(command: Command) -> dict[str, Any]:
    """The command as a door puts it into the inbox."""
    return {k: v for k, v in commands.pack(command).items() if k not in {"at", "actor", "cause"}}


def clerk_activities(clerk: Clerk) -> list[Any]:
    return [
        clerk.send_invitations,
        clerk.collect_registrations,
        clerk.hold_seminar,
        clerk.book_visits,
        clerk.gather_feedback,
        clerk.file_report,
        clerk.close_cycle,
        clerk.look_and_note,
    ]


@contextlib.asynccontextmanager
async def worker(client: Client, store: Store, queue: str, **options: Any) -> AsyncIterator[Worker]:
    """A worker for cycles that records for real and prepares letters by stand-ins."""
    options = {"workflow_runner": strict_runner(), **options}
    with ThreadPoolExecutor(8) as pool:
        async with Worker(
            client,
            task_queue=queue,
            workflows=[CycleWorkflow],
            activities=[*clerk_activities(Clerk(store, KEY)), prepare_letters, draw_up_report],
            activity_executor=pool,
            interceptors=[ProofInterceptor(KEY, TURNED)],
            **options,
        ) as running:
            yield running


class Players:
    """Everybody in the example's year: three who approve, twenty who register, hosts of whom one declines."""

    def __init__(self, stage: Stage, *, each_alone: bool = False) -> None:
        self.stage, self.each_alone = stage, each_alone
        self.answered: set[str] = set()

    async def play(self, until: Callable[[Cycle], object] = lambda cycle: cycle.phase != "running") -> Cycle:
        """Plays until the record shows it."""
        while not until(cycle := self.stage.store.load(self.stage.plan.id)):
            await self.turn(cycle)
            await self.stage.sleep(await self.stage._pause())
        return cycle

    async def turn(self, cycle: Cycle) -> None:
        for row in self.stage.store.prompts(self.stage.plan.id):
            await self.decide(row.prompt)
        if cycle.desk("registration").stage == "open" and self.first("registration"):
            await self.one_by_one(self.stage.register, self.stage.invited()[:20])
        asked = [(key, stay.host) for key, stay in cycle.bookings.items() if stay.stage == "asked"]
        fresh = [(key, host) for key, host in asked if self.first(f"{key} {host}")]
        await self.one_by_one(self.stage.host, [(host, self.said(key)) for key, host in fresh])
        if cycle.survey("feedback").stage == "open" and self.first("feedback"):
            await self.one_by_one(self.stage.feedback, cycle.participants())

    async def decide(self, prompt: Prompt) -> None:
        if prompt.about == "approval":
            await self.stage.approve(prompt)
        elif self.first(prompt.id):
            command = Choose(
                at=await self.stage.now(), actor=self.stage.holder(prompt), prompt=prompt.id, option=prompt.options[0]
            )
            await self.stage.tell(command)

    def said(self, key: str) -> str:
        """The first host asked declines, every later one confirms."""
        return "decline" if self.first("a host declines") else "confirm"

    def first(self, name: str) -> bool:
        new = name not in self.answered
        self.answered.add(name)
        return new

    async def one_by_one(self, answer: Any, items: Sequence[Any]) -> None:
        """All in one burst, or each some minutes after the one before."""
        if not self.each_alone:
            if items:
                await answer(*items)
            return
        for item in items:
            await answer(item)
            await self.stage.sleep(timedelta(minutes=5))
