"""A stage for whole cycles: the Kaliningrad plan, a real store, a time-skipping server, people who answer."""

from __future__ import annotations

import contextlib
from collections.abc import AsyncIterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import asdict, dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from uuid import uuid4

from temporalio import activity
from temporalio.client import Client, WorkflowHandle
from temporalio.testing import WorkflowEnvironment
from temporalio.worker import Worker

from activities import names
from activities.recording import Clerk
from exchange.approval import Approve, Prompt
from exchange.base import Command
from exchange.booking import AnswerAsHost
from exchange.feedback import GiveFeedback
from exchange.plan import CyclePlan
from exchange.record import Post, Preparation, Ready, commands
from exchange.registration import Register
from plans import Staffer, read_people, read_plan, split_plan
from store.models import Letterbox, Person, TextRow
from store.store import Store
from workers import desk
from workers.sandbox import runner
from workers.proof import ProofInterceptor
from workflows import contract
from workflows.contract import Accepted
from workflows.cycle import CycleWorkflow

EXAMPLE = Path(__file__).parents[2] / "examples" / "kaliningrad-2012" / "plan.yaml"
PEOPLE = ("Kristina Virtanen", "Olga Sokolova", "Antti Laine")


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


def enter(store: Store, now: datetime, within: timedelta, **changes: Any) -> CyclePlan:
    """Starts the example's cycle in the store, its dates drawn together to end ``within``."""
    file, staff = read_plan(EXAMPLE), staffed(store)
    listed = read_people(file.people, organisations=file.draft.organisations)
    split = split_plan(
        file, listed, staff, starter=staff["olga sokolova"].ref, now=now, finish_within=within.total_seconds()
    )
    plan = split.plan.model_copy(update=changes)
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
    handle: WorkflowHandle[Any, Any] = field(init=False)

    def __post_init__(self) -> None:
        self.handle = self.client.get_workflow_handle(self.plan.id)

    async def start(self, queue: str) -> None:
        await desk.start_cycle(self.client, self.plan, queue)
        self.store.engine_started(self.plan.id)

    async def receive(self, *items: tuple[str, Command]) -> list[int]:
        """Puts answers into the inbox and brings word of them."""
        rows = [Letterbox(command_id=f"t-{uuid4()}", command=bare(c), actor=actor) for actor, c in items]
        receipts = self.store.receive(self.plan.id, rows, await self.now())
        post = self.store.waiting(self.plan.id, 20)
        await self.handle.signal(contract.POST, Post(more=True) if post.more else post)
        return [r.number for r in receipts]

    async def tell(self, command: Command) -> Accepted:
        return await desk.tell(self.client, self.plan.id, command, str(uuid4()))

    async def approve(self, prompt: Prompt, who: str = "") -> Accepted:
        actor = who or self.holder(prompt)
        return await self.tell(Approve(at=await self.now(), actor=actor, prompt=prompt.id, digest=prompt.digest))

    def holder(self, prompt: Prompt) -> str:
        return next(r for r in self.plan.roles[prompt.role] if not (prompt.second_person and r == prompt.asked_by))

    async def register(self, *people: str) -> list[int]:
        now = await self.now()
        homes = self.plan.homes
        return await self.receive(*((p, Register(at=now, actor=p, person=p, home=homes.get(p, ""))) for p in people))

    async def host(self, host: str, answer: str) -> list[int]:
        command = AnswerAsHost(at=await self.now(), actor="x", host=host, answer=answer)
        return await self.receive((self.plan.starter, command))

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


@contextlib.asynccontextmanager
async def worker(client: Client, store: Store, queue: str, **options: Any) -> AsyncIterator[Worker]:
    """A worker for cycles that records for real and prepares letters by stand-ins."""
    clerk = Clerk(store)
    with ThreadPoolExecutor(8) as pool:
        async with Worker(
            client,
            task_queue=queue,
            workflows=[CycleWorkflow],
            activities=[
                clerk.send_invitations, clerk.collect_registrations, clerk.hold_seminar, clerk.book_visits,
                clerk.gather_feedback, clerk.file_report, clerk.close_cycle, clerk.look_and_note, prepare_letters, draw_up_report,
            ],
            activity_executor=pool,
            workflow_runner=runner(),
            interceptors=[ProofInterceptor()],
            **options,
        ) as running:
            yield running  # fmt: skip


async def play_year(env: WorkflowEnvironment, stage: Stage, *, each_alone: bool = False) -> None:
    """The example's year: four approvals, twenty people, one host declines, twenty answers."""
    answered: set[str] = set()
    while stage.store.cycle(stage.plan.id).phase == "running":
        await env.sleep(timedelta(hours=6))
        for row in stage.store.prompts(stage.plan.id):
            if row.prompt.about == "approval":
                await stage.approve(row.prompt)
        cycle = stage.store.load(stage.plan.id)
        if cycle.desk("registration").stage == "open" and "registered" not in answered:
            answered.add("registered")
            people = stage.invited()[:20]
            for group in [[p] for p in people] if each_alone else [people]:
                await stage.register(*group)
                if each_alone:
                    await env.sleep(timedelta(minutes=5))
        for key, stay in cycle.bookings.items():
            if stay.stage == "asked" and key not in answered:
                first = not any(k.endswith("declined") for k in answered)
                answered.add(f"{key}-declined" if first else key)
                await stage.host(stay.host, "decline" if first else "confirm")
        survey = cycle.survey(cycle.surveys()[0].id)
        if survey.stage == "open" and "feedback" not in answered:
            answered.add("feedback")
            for group in [[p] for p in cycle.participants()] if each_alone else [cycle.participants()]:
                await stage.feedback(*group)
                if each_alone:
                    await env.sleep(timedelta(minutes=5))
