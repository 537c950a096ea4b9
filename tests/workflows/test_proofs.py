"""What staff decide is taken with the proof of a door that fits it, and never without; on replay nobody asks for it."""

from __future__ import annotations

import time
from dataclasses import replace
from datetime import timedelta
from typing import Any
from uuid import uuid4

import pytest
from sqlalchemy import text, update
from temporalio.client import WorkflowUpdateFailedError
from temporalio.exceptions import ApplicationError
from temporalio.worker import Replayer

from exchange.approval import Approve
from exchange.base import Command
from exchange.registration import Withdraw
from runtime.engine import CONVERTER
from runtime.proofs import LASTS, Proof, digest_of, sign
from store.faults import SessionOver
from store.models import Letterbox
from store.schema import inbox
from tests.golden.test_golden import KEPT, history
from tests.signing import KEY, hand_of
from tests.workflows.conftest import Enter
from tests.workflows.stage import TURNED, Stage, bare
from tests.workflows.test_decisions import length
from workers import desk
from workers.desk import RefusedByRule
from workers.proof import ProofInterceptor, TurnedAway
from workers.sandbox import strict_runner
from workers.signing import NotHers
from workers.watchman import Watchman
from workflows.cycle import CycleWorkflow

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def asked(stages: Enter) -> tuple[Stage, Approve]:
    """A cycle whose invitations wait for approval, and the approval."""
    stage = await stages()
    await stage.wait(lambda cycle: cycle.prompts, days=5)
    prompt = stage.open_prompt()
    assert prompt is not None
    command = Approve(at=await stage.now(), actor=stage.holder(prompt), prompt=prompt.id, digest=prompt.digest)
    while (turned := TURNED.first()) is not None:
        TURNED.written(turned)
    return stage, command


def proof_of(stage: Stage, command: Command, nonce: str, key: bytes = KEY, **other: Any) -> str:
    until = int(time.time() + LASTS.total_seconds())
    said = Proof(command.actor, "coordinator", stage.plan.id, "invitations", 1, digest_of(command), nonce, until)
    return sign(key, replace(said, **other))


async def why_not(stage: Stage, command: Command, proof: str, update_id: str = "u1") -> str:
    """The refusal's name."""
    with pytest.raises(RefusedByRule) as refused:
        await desk.send(stage.client, stage.plan.id, command, update_id, proof)
    return refused.value.name


async def test_without_a_proof_that_fits_nothing_is_decided_and_nothing_stands_in_the_history(stages: Enter) -> None:
    stage, command = await asked(stages)
    before = await length(stage)
    fits = proof_of(stage, command, "u1")
    for proof, why in (
        ("", "missing"),
        ("[]", "unreadable"),
        (proof_of(stage, command, "u1", key=b"another installation's key"), "other"),
        (proof_of(stage, command, "u1", cycle="cycle-another"), "other"),
        (proof_of(stage, command, "u1", actor="s_another"), "other"),
        (proof_of(stage, command.model_copy(update={"digest": "another"}), "u1"), "other"),
        (proof_of(stage, command, "u2"), "other"),
        (proof_of(stage, command, "u1", expires_at=int(time.time()) - 1), "expired"),
        (fits.replace("coordinator", "director"), "other"),
    ):
        assert await why_not(stage, command, proof) == "NoProof"
        turned = TURNED.first()
        assert turned is not None
        assert (turned.cycle, turned.update, turned.actor, turned.why) == (stage.plan.id, "approve", command.actor, why)
        TURNED.written(turned)
    assert await length(stage) == before
    accepted = await desk.send(stage.client, stage.plan.id, command, "u1", fits)
    assert "StepApproved" in accepted.events
    assert TURNED.first() is None


async def test_a_proof_counts_for_one_decision_however_often_it_is_sent(stages: Enter) -> None:
    stage, command = await asked(stages)
    proof = proof_of(stage, command, "u1")
    first = await desk.send(stage.client, stage.plan.id, command, "u1", proof)
    again = await desk.send(stage.client, stage.plan.id, command, "u1", proof)
    assert again.position == first.position
    assert await why_not(stage, command, proof, "u2") == "NoProof"
    assert [type(e.event).__name__ for e in stage.store.journal(stage.plan.id)].count("StepApproved") == 1


async def test_what_is_sent_past_the_doors_is_refused(stages: Enter) -> None:
    stage, command = await asked(stages)
    with pytest.raises(WorkflowUpdateFailedError) as failed:
        await stage.handle.execute_update("approve", command)
    assert isinstance(failed.value.cause, ApplicationError)
    assert failed.value.cause.type == "NoProof"
    assert "kierros login" in failed.value.cause.message


async def test_whoever_signed_out_decides_nothing_more(stages: Enter) -> None:
    stage, command = await asked(stages)
    hand = hand_of(stage.store, command.actor)
    stage.store.end_session(hand.session)
    with pytest.raises(SessionOver):
        await desk.tell(stage.client, hand, stage.plan.id, command, str(uuid4()))
    other = hand_of(stage.store, command.actor)
    stage.store.remove_staff(command.actor)
    with pytest.raises(SessionOver):
        await desk.tell(stage.client, other, stage.plan.id, command, str(uuid4()))
    assert stage.open_prompt() is not None


async def test_a_door_signs_in_nobody_elses_name(stages: Enter) -> None:
    stage, command = await asked(stages)
    hand = hand_of(stage.store, command.actor)
    with pytest.raises(NotHers):
        await desk.tell(stage.client, hand, stage.plan.id, command.model_copy(update={"actor": "s_another"}), "u1")
    accepted = await desk.tell(stage.client, hand, stage.plan.id, command, "u1")
    assert "StepApproved" in accepted.events


async def test_a_second_person_is_wanted_at_whatever_door_the_first_comes_again(stages: Enter) -> None:
    stage, _ = await asked(stages)
    await stage.approve(stage.open_prompt())
    cycle = await stage.wait(lambda c: any(p.second_person and p.passed for p in c.prompts.values()), days=200)
    prompt = next(p for p in cycle.prompts.values() if p.second_person)
    (deputy,) = stage.plan.roles[prompt.deputy or ""]  # may decide by now, but for having started it all
    command = Approve(at=await stage.now(), actor=deputy, prompt=prompt.id, digest=prompt.digest)
    for door in ("terminal", "portal"):
        hand = replace(hand_of(stage.store, deputy), session=stage.store.open_session(deputy, door)[1])
        with pytest.raises(RefusedByRule) as refused:
            await desk.tell(stage.client, hand, stage.plan.id, command, str(uuid4()))
        assert refused.value.name == "SecondPersonNeeded"


async def registering(stages: Enter) -> Stage:
    stage, _ = await asked(stages)
    await stage.approve(stage.open_prompt())
    await stage.wait(lambda cycle: cycle.desk("registration").stage == "open", days=60)
    await stage.register(*stage.invited()[:3])
    await stage.wait(lambda _: not stage.store.undecided(), days=1)
    return stage


async def test_an_answer_that_staff_typed_in_is_decided_only_with_their_proof(stages: Enter) -> None:
    stage = await registering(stages)
    anna, bo, cilla = stage.invited()[:3]
    now, hand = await stage.now(), hand_of(stage.store, stage.plan.starter)
    wishes = [Withdraw(at=now, actor=who, person=who) for who in (anna, bo, cilla)]
    items = [
        hand.entered(stage.plan.id, Letterbox(command_id=w.person, command=bare(w), actor=w.actor)) for w in wishes
    ]
    numbers = [r.number for r in stage.store.receive(stage.plan.id, items, now, session=hand.session)]
    changed = {**items[1].command, "person": anna}
    with stage.store.writing() as connection:  # somebody changes one behind everybody's back
        row = update(inbox).where(inbox.c.cycle == stage.plan.id, inbox.c.number == numbers[1])
        connection.execute(row.values(command=changed))
    await stage.handle.signal("post")
    await stage.wait(lambda _: not stage.store.undecided(), days=1)
    outcomes = stage.store.outcomes(stage.plan.id, numbers)
    assert [outcomes[n].state for n in numbers] == ["accepted", "refused", "accepted"]
    assert outcomes[numbers[1]].name == "NotProven"
    (entry,) = stage.store.security_log(what=["answer_refused"])
    assert (entry.cycle, entry.detail, entry.door) == (stage.plan.id, f"answer {numbers[1]}: other", "inbox")


async def test_a_row_that_names_staff_and_has_no_proof_is_never_decided(stages: Enter) -> None:
    stage = await registering(stages)
    anna, bo = stage.invited()[:2]
    await stage.sleep(timedelta(minutes=1))
    before = stage.store.cycle(stage.plan.id).received_to
    now = await stage.now()
    numbers = await stage.receive(*((w, Withdraw(at=now, actor=w, person=w)) for w in (anna, bo)))
    with stage.store.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM inbox WHERE proof <> ''")).scalar() == 0
    await stage.wait(lambda _: not stage.store.undecided(), days=1)
    assert numbers == [before + 1, before + 2]
    forged = {"kind": "Withdraw", "person": stage.invited()[2], "entered_by": stage.plan.starter}
    with stage.store.writing() as connection:
        connection.execute(
            inbox.insert().values(
                cycle=stage.plan.id, number=before + 3, command_id="forged", command=forged, actor=stage.invited()[2],
                received_at=await stage.now(), state="received", name="", facts={}, proof="",
            )
        )  # fmt: skip
        connection.execute(text("UPDATE cycles SET received_to = received_to + 1"))
    await stage.handle.signal("post")
    await stage.wait(lambda _: not stage.store.undecided(), days=1)
    assert stage.store.outcomes(stage.plan.id, [before + 3])[before + 3].name == "NotProven"
    (entry,) = stage.store.security_log(what=["answer_refused"])
    assert (entry.staff, entry.detail) == (stage.plan.starter, f"answer {before + 3}: missing")


@pytest.mark.parametrize("name", KEPT)
async def test_on_replay_nobody_asks_for_a_proof(name: str) -> None:
    turned = TurnedAway()
    interceptors = [ProofInterceptor(b"a key that made none of them", turned)]
    replayer = Replayer(
        workflows=[CycleWorkflow], data_converter=CONVERTER, workflow_runner=strict_runner(), interceptors=interceptors
    )
    await replayer.replay_workflow(history(name))
    assert turned.first() is None


async def test_the_watchman_writes_down_what_was_turned_away(stages: Enter) -> None:
    stage, command = await asked(stages)
    for _ in range(2):
        await why_not(stage, command, "")
    await Watchman(stage.client, stage.store, TURNED).write_down()
    assert TURNED.first() is None
    entries = stage.store.security_log(what=["decision_refused"])
    assert [(e.door, e.staff, e.cycle, e.detail) for e in entries] == [
        ("engine", command.actor, stage.plan.id, "approve: missing")
    ] * 2
