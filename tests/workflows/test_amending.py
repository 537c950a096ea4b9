"""A running cycle is amended by its door, and the year goes on by the amended plan."""

from __future__ import annotations

import pytest

from exchange.amended import Change
from exchange.amending import Amend
from tests.workflows.conftest import Enter
from tests.workflows.stage import Players, Stage
from workers.desk import RefusedByRule
from workflows import carry, contract

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def wish(stage: Stage, *changes: Change, without: str = "") -> Amend:
    order = tuple(step.id for step in stage.plan.steps if step.id != without)
    who = stage.plan.roles["coordinator"][0]
    return Amend(at=await stage.now(), actor=who, changes=changes, order=order, reason="n_why")


async def test_an_amended_year_is_asked_anew_and_held_as_it_was_amended(stages: Enter) -> None:
    stage = await stages()
    cycle = await stage.wait(lambda cycle: cycle.prompts, days=5)
    prompt = stage.open_prompt()
    assert prompt is not None
    asked = cycle.plan.step(prompt.step).model_copy(update={"title": {"en": "Words of its own"}})
    gone = next(step.id for step in reversed(cycle.plan.steps) if step.kind == "feedback")
    accepted = await stage.tell(await wish(stage, Change(step=asked, fields=("title",)), without=gone))
    assert accepted.events == ("PlanAmended", "PromptClosed", "PreparationBegan")
    cycle = await stage.wait(lambda cycle: stage.open_prompt(step=prompt.step), days=5)
    again = stage.open_prompt(step=prompt.step)
    assert again is not None
    assert again.revision == prompt.revision + 1
    assert stage.store.get_plan(stage.plan.id) == cycle.plan
    live = carry.unpack(await stage.handle.query(contract.STATE)).cycle
    assert live == stage.store.recovered(stage.plan.id).state
    ended = await Players(stage).play()
    assert ended.phase == "finished"
    assert gone not in {step.id for step in ended.plan.steps}
    assert not ended.survey_books


async def test_an_amendment_that_touches_the_past_is_refused_by_name_and_leaves_nothing(stages: Enter) -> None:
    stage = await stages()
    await stage.wait(lambda cycle: cycle.prompts, days=5)
    await stage.approve(stage.open_prompt())
    before = len(stage.store.journal(stage.plan.id))
    sent = next(step for step in stage.plan.steps if step.kind == "invitations")
    others = sent.model_copy(update={"people": sent.people[:1]})
    with pytest.raises(RefusedByRule) as refused:
        await stage.tell(await wish(stage, Change(step=others, fields=("people",))))
    assert (refused.value.name, refused.value.facts) == ("StepBegun", {"step": sent.id, "field": "people"})
    assert "kierros register" in str(refused.value)
    assert len(stage.store.journal(stage.plan.id)) == before
