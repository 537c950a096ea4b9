"""What a run hands over between releases, and what it does with what only a newer one knows."""

from __future__ import annotations

from typing import Any

import pytest

from exchange import base, wire
from exchange.base import RULES, NewerRules
from exchange.cycle import begin
from exchange.noting import TakeNote
from exchange.record import Row, events
from exchange.registration import DelegateRegistered
from exchange.state import Cycle
from tests.builders import START, after, answer, journey, slot
from workflows import carry
from workflows.contract import CycleStart
from workflows.ledger import Ledger


@pytest.fixture
def second(monkeypatch: pytest.MonkeyPatch) -> None:
    """A release whose rules have version 2."""
    for module in (base, wire, carry):
        monkeypatch.setattr(module, "RULES", 2)


def some() -> Ledger:
    """A cycle in which something has happened, as it comes out of a history."""
    cycle = after(journey(slot("first", 40, "helsinki")), answer("helsinki", "decline"))
    return Ledger(Cycle.model_validate_json(cycle.model_dump_json()))


def row(**more: Any) -> Row:
    return Row(number=1, at=START, actor="a", data={"kind": "Register", "person": "a", **more})


@pytest.mark.usefixtures("second")
def test_a_cycle_is_decided_by_the_rules_it_began_under_whatever_the_release() -> None:
    plan = some().cycle.plan
    assert carry.open_ledger(CycleStart(plan=plan)).cycle.rules == 1, "it was begun before anybody said"
    assert carry.open_ledger(CycleStart(plan=plan, rules=1)).cycle.rules == 1
    assert carry.open_ledger(CycleStart(plan=plan, rules=2)).cycle.rules == 2
    again = carry.unpack(carry.pack(carry.open_ledger(CycleStart(plan=plan, rules=1))))
    assert again.cycle.rules == 1


def test_a_cycle_that_a_newer_release_began_is_not_touched() -> None:
    plan = some().cycle.plan
    with pytest.raises(NewerRules, match=rf"{plan.id} needs the rules of version {RULES + 1}.*up to {RULES}.*waits"):
        carry.open_ledger(CycleStart(plan=plan, rules=RULES + 1))


def test_a_state_that_a_newer_release_carried_is_not_touched(monkeypatch: pytest.MonkeyPatch) -> None:
    ledger = Ledger(some().cycle, needs=RULES + 1)
    for readable in (carry.READABLE, 10):
        monkeypatch.setattr(carry, "READABLE", readable)
        with pytest.raises(NewerRules, match=rf"{ledger.cycle.plan.id}.*event {ledger.cycle.position}.*waits"):
            carry.unpack(carry.pack(ledger))


def test_a_state_of_this_release_says_nothing_of_versions() -> None:
    assert "needs" not in carry.pack(some())


@pytest.mark.usefixtures("second")
def test_what_uses_something_new_is_remembered_from_run_to_run(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(wire, "SINCE", {"NoteTaken.about": 2})
    ledger = some()
    coordinator = ledger.cycle.plan.roles["coordinator"][0]
    ledger.decide(TakeNote(at=START, actor=coordinator, note="n_1"))
    assert ledger.record().events[0].get("v") is None
    assert carry.pack(ledger).get("needs") is None
    ledger.decide(TakeNote(at=START, actor=coordinator, note="n_1", about="p_1"))
    assert [event.get("v") for event in ledger.record().events] == [None, 2]
    assert carry.unpack(carry.pack(ledger)).needs == 2


@pytest.mark.usefixtures("second")
def test_a_state_is_carried_in_the_shape_of_the_release_it_began_under(monkeypatch: pytest.MonkeyPatch) -> None:
    def lift(data: dict[str, Any]) -> dict[str, Any]:
        return {**{key: value for key, value in data.items() if key != "troubles"}, "defects": data["troubles"]}

    def lower(data: dict[str, Any]) -> dict[str, Any]:
        return {**{key: value for key, value in data.items() if key != "defects"}, "troubles": data.get("defects", 0)}

    monkeypatch.setattr(wire, "RESHAPED", (wire.Reshaping(2, wire.STATE, lift, lower),))
    old = Ledger(some().cycle.put(defects=3))
    carried = carry.pack(old)
    assert (carried["state"]["troubles"], "defects" in carried["state"]) == (3, False)
    assert carry.unpack(carried).cycle == old.cycle
    new = Ledger(begin(old.cycle.plan, 2).put(defects=4))
    assert carry.pack(new)["state"]["defects"] == 4
    assert carry.unpack(carry.pack(new)).cycle == new.cycle


def test_an_answer_that_a_newer_release_wrote_is_neither_refused_nor_passed_over() -> None:
    ledger = some()
    before = ledger.cycle
    with pytest.raises(NewerRules, match=rf"Answer 1 of {before.plan.id} \(Register\) needs the rules of version 2"):
        ledger.take([row(v=RULES + 1)], START)
    assert (ledger.cycle, ledger.decided_to, ledger.record().refused) == (before, 0, ())


def test_an_event_of_an_old_shape_folds_to_todays_state(monkeypatch: pytest.MonkeyPatch) -> None:
    def lift(data: dict[str, Any]) -> dict[str, Any]:
        return {**{key: value for key, value in data.items() if key != "who"}, "person": data["who"]}

    monkeypatch.setattr(wire, "RULES", 2)
    monkeypatch.setattr(wire, "RESHAPED", (wire.Reshaping(2, "DelegateRegistered", lift, dict),))
    old = {"kind": "DelegateRegistered", "at": START.isoformat(), "actor": "a", "step": "r", "who": "a"}
    assert events.unpack(old) == DelegateRegistered(at=START, actor="a", step="r", person="a")
