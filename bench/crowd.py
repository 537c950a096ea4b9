"""A crowd at one desk: rows put into the inbox by group commit, and what became of them."""

from __future__ import annotations

import asyncio
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path

from temporalio.client import Client

from bench.figures import watch
from bench.ground import runs
from bench.scenes import desk_plan
from exchange.approval import Approve
from exchange.cycle import begin
from exchange.plan import CyclePlan
from exchange.record import Post, Record
from exchange.registration import DelegateRegistered, DelegateWaitlisted
from runtime.settings import Settings
from store.models import Letterbox, Person
from store.store import Store, open_store
from store.writing import chunks
from tests.signing import anybody
from workers.desk import tell
from workers.signing import Hand, proof_key
from workflows.ledger import Ledger

BURST = 200
"""Answers in one commit of the inbox."""
AT_MOST = 120.0
"""Seconds after which a crowd that is not decided is given up."""


@dataclass(frozen=True)
class Crowd:
    """What became of a crowd."""

    seconds: float
    """From the first commit to the last decision recorded."""
    sent: int
    stored: int
    accepted: int
    placed: int
    """Confirmed or on the waiting list, by the journal."""
    events: int
    """Further history events, all runs together."""
    longest: int
    """Events of the longest run."""
    approved: bool
    """Whether an approval was taken afterwards."""


def opened(data: Path) -> Store:
    """The record of a data folder."""
    return open_store(f"sqlite:///{data / 'kierros.db'}", domain="bench.example")


def entered(store: Store, cycle: str, capacity: int) -> CyclePlan:
    """A cycle with an open desk; a postman starts it."""
    now = datetime.now(UTC)
    plan = desk_plan(cycle, now, capacity)
    guest = Person(ref=f"p_guest_{cycle}", cycle=cycle, name="A. Guest", address="guest@bench.example")
    store.start_cycle(plan, [guest], [], now)
    return plan


def answers(many: int) -> Iterator[Letterbox]:
    """Registrations of that many people."""
    for i in range(many):
        person = f"p_{i:08d}"
        command = {"kind": "Register", "person": person, "home": f"library-{i % 500}"}
        yield Letterbox(command_id=f"answer-{i:08d}", command=command, actor=person)


def put(store: Store, cycle: str, many: int) -> int:
    """Puts the answers into the inbox; how many were taken."""
    return sum(len(store.receive(cycle, part)) for part in chunks(answers(many), BURST))


async def at_rest(store: Store, cycle: str) -> None:
    """Until the desk is open and the one approval waits."""
    while not store.prompts(cycle):  # noqa: ASYNC110 - another process writes
        await asyncio.sleep(0.05)


async def crowd(client: Client, store: Store, cycle: str, many: int) -> Crowd:
    """Sends a crowd to a cycle that runs, waits until all are decided, then approves what waits."""
    await at_rest(store, cycle)
    before = sum(events for events, _ in await runs(client, cycle))
    with watch() as passed:
        sent = await asyncio.to_thread(put, store, cycle, many)
        async with asyncio.timeout(AT_MOST):
            while (await asyncio.to_thread(store.cycle, cycle)).decided_to < many:  # noqa: ASYNC110
                await asyncio.sleep(0.02)
    histories = [events for events, _ in await runs(client, cycle)]
    outcomes = store.outcomes(cycle, range(1, many + 1))
    kinds = Counter(type(entry.event) for entry in store.journal(cycle))
    return Crowd(
        seconds=passed.seconds,
        sent=sent,
        stored=store.cycle(cycle).received_to,
        accepted=sum(outcome.state == "accepted" for outcome in outcomes.values()),
        placed=kinds[DelegateRegistered] + kinds[DelegateWaitlisted],
        events=sum(histories) - before,
        longest=max(histories),
        approved=await approve(client, store, cycle),
    )


async def approve(client: Client, store: Store, cycle: str) -> bool:
    """Takes the decision that waits."""
    prompt = store.prompts(cycle)[0].prompt
    command = Approve(at=datetime.now(UTC), actor="s_kristina", prompt=prompt.id, digest=prompt.digest)
    accepted = await tell(client, hand_over(store), cycle, command, f"approve-{cycle}")
    return "StepApproved" in accepted.events


def hand_over(store: Store) -> Hand:
    """Whoever decides in what is measured, signing with the key of the record's folder."""
    database = store._engine.url.database
    assert database is not None
    return anybody(store, proof_key(Settings(data=Path(database).parent)))


def recorded(store: Store, plan: CyclePlan, many: int) -> list[Record]:
    """What a cycle would have recorded of such a crowd: the rules in this process, no engine."""
    ledger = Ledger(begin(plan))
    kept: list[Record] = []
    store.start_cycle(plan, [], [], datetime.now(UTC))
    put(store, plan.id, many)
    while True:
        record = ledger.record()
        kept.append(record)
        post = store.keep(record)
        ledger.was_recorded(record)
        if not post.rows and not record.events:
            return kept
        ledger.take(post.rows)


def alone(store: Store, plan: CyclePlan, many: int, records: list[Record]) -> float:
    """Seconds for the same rows received and the same records kept, by the store alone."""
    store.start_cycle(plan, [], [], datetime.now(UTC))
    post = Post()
    with watch() as passed:
        put(store, plan.id, many)
        for record in records:
            post = store.keep(record)
    assert not post.rows
    return passed.seconds
