"""What staff decide: taken once, refused by name, and without a trace where refused."""

from __future__ import annotations

from datetime import timedelta
from uuid import uuid4

import pytest
from temporalio.api.enums.v1 import EventType

from exchange.adding import AddParagraph
from exchange.approval import Approve, Reject
from exchange.cancelling import Cancel
from exchange.handing import HandOver
from exchange.noting import TakeNote
from exchange.spending import ChangeShare, Spend
from exchange.writing import Write
from tests.workflows.conftest import Enter
from tests.workflows.stage import Players, Stage
from workers.desk import RefusedByRule

pytestmark = pytest.mark.asyncio(loop_scope="module")


TASKS = (
    EventType.EVENT_TYPE_WORKFLOW_TASK_SCHEDULED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_STARTED,
    EventType.EVENT_TYPE_WORKFLOW_TASK_COMPLETED,
)
"""What the time-skipping server notes of a refused update; the real one notes nothing (see tests/engine)."""


async def length(stage: Stage) -> int:
    return len([e for e in (await stage.handle.fetch_history()).events if e.event_type not in TASKS])


async def asked(stages: Enter) -> Stage:
    """A cycle whose invitations wait for approval."""
    stage = await stages()
    await stage.wait(lambda cycle: cycle.prompts, days=5)
    return stage


async def test_an_approval_is_answered_when_the_record_has_it(stages: Enter) -> None:
    stage = await asked(stages)
    accepted = await stage.approve(stage.open_prompt())
    assert accepted.events == ("PromptClosed", "StepApproved", "InvitationsSent")
    assert len(stage.store.journal(stage.plan.id)) == accepted.position


async def test_refusals_come_back_by_name_and_leave_no_history(stages: Enter) -> None:
    stage = await asked(stages)
    prompt, now, before = stage.open_prompt(), await stage.now(), await length(stage)
    stranger = next(s.ref for s in stage.store.staff() if s.ref not in stage.plan.roles[prompt.role])
    for command, name in (
        (Approve(at=now, actor=stranger, prompt=prompt.id, digest=prompt.digest), "NotYourDecision"),
        (Approve(at=now, actor=stage.holder(prompt), prompt="visits-1", digest=""), "NothingWaits"),
        (Approve(at=now, actor=stage.holder(prompt), prompt=prompt.id, digest="another"), "LettersChanged"),
        (Approve(at=now, actor="p_someone", prompt=prompt.id, digest=prompt.digest), "NobodySigned"),
        (Approve(at=now, actor="time", prompt=prompt.id, digest=prompt.digest), "NobodySigned"),
    ):
        with pytest.raises(RefusedByRule) as refused:
            await stage.tell(command)
        assert refused.value.name == name
    assert await length(stage) == before


async def test_a_second_answer_is_told_the_first_one_and_whose_it_was(stages: Enter) -> None:
    stage = await asked(stages)
    prompt = stage.open_prompt()
    await stage.approve(prompt)
    with pytest.raises(RefusedByRule) as refused:
        await stage.tell(Reject(at=await stage.now(), actor=stage.holder(prompt), prompt=prompt.id, reason="t_late"))
    assert refused.value.name == "AlreadyDecided"
    assert refused.value.facts["by"] == stage.holder(prompt)


async def test_a_decision_sent_twice_takes_effect_once(stages: Enter) -> None:
    stage = await asked(stages)
    prompt, update_id = stage.open_prompt(), str(uuid4())
    first = await stage.approve(prompt, update_id=update_id)
    again = await stage.approve(prompt, update_id=update_id)
    assert again.position == first.position
    names = [type(e.event).__name__ for e in stage.store.journal(stage.plan.id)]
    assert names.count("StepApproved") == 1


async def test_a_rejected_step_is_asked_again_after_it_was_mended(stages: Enter) -> None:
    stage = await asked(stages)
    prompt = stage.open_prompt()
    await stage.tell(Reject(at=await stage.now(), actor=stage.holder(prompt), prompt=prompt.id, reason="t_why"))
    revise = stage.open_prompt(about="revise")
    assert revise is not None
    await Players(stage).decide(revise)
    cycle = await stage.wait(lambda cycle: any(p.about == "approval" for p in cycle.prompts.values()), days=5)
    (again,) = (p for p in cycle.prompts.values() if p.about == "approval")
    assert (again.step, again.revision) == (prompt.step, prompt.revision + 1)
    assert (await stage.approve(again)).events[-1] == "InvitationsSent"


async def test_a_decision_nobody_takes_is_reminded_and_passes_to_the_deputy(stages: Enter) -> None:
    stage = await asked(stages)
    prompt = stage.open_prompt()
    cycle = await stage.wait(lambda cycle: cycle.prompts[prompt.id].passed, days=30)
    assert cycle.prompts[prompt.id].reminded
    deputy = stage.plan.roles[prompt.deputy][0]
    assert (await stage.approve(prompt, deputy)).events[-1] == "InvitationsSent"


async def test_a_handover_takes_place_on_its_day_and_ends_the_other_ones_rights(stages: Enter) -> None:
    stage = await asked(stages)
    prompt, now = stage.open_prompt(), await stage.now()
    before = stage.holder(prompt)
    maria = stage.store.add_staff("Maria Berg", "maria@library.example")
    said = {"actor": before, "source": before, "to": maria, "reason": "n_leave"}
    await stage.tell(HandOver(at=now, not_before=now + timedelta(days=1), **said))
    assert maria not in stage.store.get_plan(stage.plan.id).roles[prompt.role]
    await stage.wait(lambda cycle: maria in cycle.plan.roles[prompt.role], days=2)
    assert maria in stage.store.get_plan(stage.plan.id).roles[prompt.role]
    with pytest.raises(RefusedByRule) as refused:
        await stage.tell(Approve(at=await stage.now(), actor=before, prompt=prompt.id, digest=prompt.digest))
    assert refused.value.name in {"NotYourDecision", "NoLongerNeeded"}


async def test_a_paragraph_is_added_before_the_approval(stages: Enter) -> None:
    stage = await asked(stages)
    prompt = stage.open_prompt()
    text = stage.store.add_text(stage.plan.id, {"en": "Bring an umbrella."}, "paragraph")
    wish = AddParagraph(at=await stage.now(), actor=stage.holder(prompt), step=prompt.step, text=text)
    accepted = await stage.tell(wish)
    assert accepted.events == ("PromptClosed", "ParagraphAdded", "PreparationBegan")
    await stage.wait(lambda cycle: any(p.revision == 2 for p in cycle.prompts.values()), days=1)
    assert all(row.facts["added"] == text for row in stage.store.held(stage.plan.id, f"{prompt.step}/2"))


async def test_a_cancelled_cycle_releases_what_was_booked_and_ends(stages: Enter) -> None:
    stage = await stages()
    await Players(stage).play(lambda cycle: any(b.stage == "confirmed" for b in cycle.bookings.values()))
    await stage.tell(Cancel(at=await stage.now(), actor=stage.plan.roles["coordinator"][0], reason="t_funding"))
    assert await stage.handle.result() == "cancelled"
    cycle = stage.store.load(stage.plan.id)
    assert {b.stage for b in cycle.bookings.values()} <= {"released", "open", "given_up"}
    assert cycle.purse.committed == 0
    with pytest.raises(RefusedByRule) as refused:
        await stage.tell(Cancel(at=await stage.now(), actor=stage.plan.roles["coordinator"][0], reason="t_again"))
    assert refused.value.name in {"NotRunning", "CycleOver"}


async def test_cancel_pressed_in_temporals_own_view_is_noted_for_staff_and_the_year_goes_on(stages: Enter) -> None:
    stage = await asked(stages)
    await stage.handle.cancel()
    cycle = await stage.wait(lambda cycle: cycle.defects, days=2)
    (note,) = (e.event for e in stage.store.journal(stage.plan.id) if type(e.event).__name__ == "RowParked")
    assert (note.number, note.error) == (0, "CancelPressedInTemporal")
    assert "defect" in {p.about for p in cycle.prompts.values()}
    assert (await Players(stage).play()).phase == "finished"
    assert await stage.handle.result() == "finished"


async def test_a_cancel_pressed_while_letters_are_made_ready_disturbs_nothing(stages: Enter) -> None:
    stage = await stages(served=False)
    await stage.handle.cancel()
    await stage.serve()
    cycle = await stage.wait(lambda cycle: len(cycle.prompts) == 2, days=5)
    assert {p.about for p in cycle.prompts.values()} == {"approval", "defect"}


async def test_a_timer_is_kept_while_its_due_stands(stages: Enter) -> None:
    stage = await asked(stages)
    started = EventType.EVENT_TYPE_TIMER_STARTED
    before = [e for e in (await stage.handle.fetch_history()).events if e.event_type == started]
    await stage.sleep(timedelta(hours=2))
    await stage.receive(("p_x", Cancel(at=await stage.now(), actor="p_x")))
    await stage.wait(lambda _: stage.store.cycle(stage.plan.id) and not stage.store.undecided(), days=1)
    after = [e for e in (await stage.handle.fetch_history()).events if e.event_type == started]
    assert len(after) == len(before)


async def test_notes_and_spendings_are_taken_and_kept(stages: Enter) -> None:
    stage = await asked(stages)
    now, staff, funder = await stage.now(), stage.holder(stage.open_prompt()), stage.plan.budget.funders[0]
    step, name = stage.plan.of_kind("seminar")[0].id, next(iter(funder.name.values()))
    said = {"at": now, "actor": staff}
    sums = {"original": 100_00, "currency": "SEK", "rate": "0.0873", "on": now.date()}
    for command, event in (
        (TakeNote(**said, step=step, note="n_ramp"), "NoteTaken"),
        (Spend(**said, step=step, **sums, what="n_hall"), "MoneySpent"),
        (ChangeShare(**said, funder=name, cents=funder.cents + 50_00, reason="n_why"), "ShareChanged"),
    ):
        accepted = await stage.tell(command)
        assert accepted.events == (event,)
    assert stage.store.get_plan(stage.plan.id).budget.cap == stage.plan.budget.cap + 50_00
    assert stage.store.load(stage.plan.id).purse.settled == 8_73


async def test_a_letter_in_staffs_own_words_is_made_ready_approved_and_leaves(stages: Enter) -> None:
    stage = await asked(stages)
    await stage.approve(stage.open_prompt())
    now, coordinator = await stage.now(), stage.plan.roles["coordinator"][0]
    subject, text = (stage.store.add_text(stage.plan.id, {"en": words}, "letter") for words in ("Passports", "Bring."))
    about = {"groups": ("invited",), "subject": subject, "text": text, "copy_to_me": True}
    accepted = await stage.tell(Write.model_validate({"at": now, "actor": coordinator, **about}))
    assert accepted.events == ("LetterWritten", "PreparationBegan")
    await stage.wait(lambda cycle: any(p.step == "word_1" for p in cycle.prompts.values()), days=1)
    prompt = stage.open_prompt()
    assert (prompt.step, prompt.letters) == ("word_1", len(stage.plan.of_kind("invitations")[0].people))
    accepted = await stage.approve(prompt)
    assert accepted.events == ("PromptClosed", "StepApproved")
    assert {row.state for row in stage.store.letters(stage.plan.id, kind="word")} <= {"queued", "sending", "sent"}
    written, agreed = [e.event for e in stage.store.journal(stage.plan.id) if getattr(e.event, "copies", ())]
    assert written.copies == agreed.copies == (coordinator,)
    assert "Passports" not in str(await stage.handle.fetch_history())
