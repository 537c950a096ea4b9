"""What people answer: each in its order, a bad one parked, the others untouched."""

from __future__ import annotations

from typing import Any
from uuid import uuid4

import pytest

from exchange import cycle as rules
from exchange import registration
from exchange.registration import Register, Withdraw
from exchange.state import Cycle
from store.models import Letterbox
from tests.workflows.conftest import Enter
from tests.workflows.stage import Players, Stage, bare
from workflows import contract

pytestmark = pytest.mark.asyncio(loop_scope="module")


async def at_the_desk(stages: Enter, **options: Any) -> Stage:
    """A cycle in which registration has just opened, and nobody has asked yet."""
    stage = await stages(**options)
    players = Players(stage)
    players.answered.add("registration")
    await players.play(lambda cycle: cycle.desk("registration").stage == "open")
    return stage


async def decided(stage: Stage, numbers: list[int]) -> dict[int, Any]:
    """The outcomes, once all have one."""
    await stage.wait(
        lambda _: all(o.state != "received" for o in stage.store.outcomes(stage.plan.id, numbers).values())
    )
    return stage.store.outcomes(stage.plan.id, numbers)


async def post(stage: Stage, *rows: dict[str, Any]) -> list[int]:
    """Puts raw rows into the inbox and brings word of them."""
    items = [Letterbox(command_id=str(uuid4()), command=row, actor="p_x") for row in rows]
    numbers = [r.number for r in stage.store.receive(stage.plan.id, items, await stage.now())]
    await stage.handle.signal(contract.POST)
    return numbers


async def test_a_row_that_cannot_be_read_is_parked_and_the_rest_goes_on(stages: Enter) -> None:
    stage = await at_the_desk(stages)
    now, (one, other) = await stage.now(), stage.invited()[:2]
    good = [bare(Register(at=now, actor=p, person=p, home=stage.plan.homes.get(p, ""))) for p in (one, other)]
    numbers = await post(stage, good[0], {"kind": "NoSuchThing"}, {"kind": "Register", "person": 7}, good[1])
    outcomes = await decided(stage, numbers)
    assert [outcomes[n].state for n in numbers] == ["accepted", "refused", "refused", "accepted"]
    assert [outcomes[n].name for n in numbers[1:3]] == ["Defect", "Defect"]
    cycle = stage.store.load(stage.plan.id)
    assert cycle.desk("registration").confirmed == 2
    assert {p.id for p in cycle.prompts.values() if p.about == "defect"} == {f"defect-{n}" for n in numbers[1:3]}


async def test_a_row_that_makes_a_rule_fail_is_parked_and_the_rest_goes_on(
    stages: Enter, monkeypatch: pytest.MonkeyPatch
) -> None:
    stage = await at_the_desk(stages)
    unlucky, *others = stage.invited()[:4]

    def broken(cycle: Cycle, command: Any) -> list[Any]:
        if command.person == unlucky:
            raise ZeroDivisionError
        return registration.decide(cycle, command)

    monkeypatch.setitem(rules._DECIDES, Register, broken)
    numbers = await stage.register(others[0], unlucky, *others[1:])
    outcomes = await decided(stage, numbers)
    assert [outcomes[n].state for n in numbers] == ["accepted", "refused", "accepted", "accepted"]
    assert outcomes[numbers[1]].facts == {"error": "ZeroDivisionError"}
    assert stage.open_prompt(about="defect").subject == str(numbers[1])
    assert (await Players(stage).play()).phase == "finished"


async def test_a_refused_answer_says_why_and_changes_nothing(stages: Enter) -> None:
    stage = await at_the_desk(stages)
    person = stage.invited()[0]
    numbers = await stage.register(person) + await stage.register(person)
    numbers += await stage.receive(("p_x", Withdraw(at=await stage.now(), actor="p_x", person="p_x")))
    outcomes = await decided(stage, numbers)
    assert [outcomes[n].state for n in numbers] == ["accepted", "refused", "refused"]
    assert all(outcomes[n].name not in {"", "Defect"} for n in numbers[1:])
    assert stage.store.load(stage.plan.id).desk("registration").confirmed == 1


async def test_answers_are_decided_in_the_order_of_their_receipt(stages: Enter) -> None:
    stage = await at_the_desk(stages)
    invited = stage.invited()
    numbers = [n for person in reversed(invited) for n in await stage.register(person)]
    await decided(stage, numbers)
    cycle = stage.store.load(stage.plan.id)
    standing = [cycle.place(person)[1].state for person in reversed(invited)]
    assert standing == sorted(standing)  # the confirmed before those who wait
    assert standing.count("confirmed") == cycle.desk("registration").capacity


async def test_an_answer_received_before_the_deadline_counts_though_no_word_of_it_came(stages: Enter) -> None:
    stage = await at_the_desk(stages)
    closes = stage.plan.step("registration").closes.at
    person = stage.invited()[0]
    command = Register(at=closes, actor=person, person=person, home=stage.plan.homes.get(person, ""))
    item = Letterbox(command_id="on-the-last-day", command=bare(command), actor=person)
    (receipt,) = stage.store.receive(stage.plan.id, [item], closes)
    await stage.wait(lambda cycle: cycle.desk("registration").stage == "closed")
    assert (await decided(stage, [receipt.number]))[receipt.number].state == "accepted"
    assert stage.store.load(stage.plan.id).desk("registration").confirmed == 1


async def test_an_answer_after_the_deadline_is_refused_by_name(stages: Enter) -> None:
    stage = await at_the_desk(stages)
    await stage.wait(lambda cycle: cycle.desk("registration").stage == "closed")
    numbers = await stage.register(stage.invited()[0])
    assert (await decided(stage, numbers))[numbers[0]].name == "RegistrationClosed"
