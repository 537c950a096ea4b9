"""After an absence: what should have left is shown everywhere, and sent or dropped by one command."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from tests.cli.conftest import Desk
from tests.cli.world import World, clock

DAYS_OFF = timedelta(days=12)


@pytest.fixture
def cycle(world: World) -> str:
    """A cycle with letters that nobody sent for twelve days."""
    world.start(days_ago=20)
    (cycle,) = [row.id for row in world.store.cycles()]
    world.store.awake(clock() - DAYS_OFF)
    for number, (kind, ref) in enumerate([("thanks", 0), ("survey", 0), ("survey", 1)]):
        _letter(world, cycle, kind, ref, str(number))
    assert world.store.awake(clock()) == 3
    return cycle


def _letter(world: World, cycle: str, kind: str, person: int, mark: str) -> None:
    from exchange.mail import Mail
    from store.posting import post

    people = world.plan(cycle).steps[0].people  # type: ignore[union-attr]
    order = Mail.model_validate({"kind": kind, "to": (people[person],), "step": "feedback", "mark": mark})
    with world.store.writing() as connection:
        post(connection, cycle, [order], "library.example", clock() - DAYS_OFF)


def overdue(world: World, cycle: str) -> list[Any]:
    return [row.kind for row in world.store.letters(cycle, "overdue")]


def test_today_and_doctor_say_what_waits(desk: Desk, world: World, cycle: str):
    wrong = desk("--json").data["wrong"]
    assert [(w["what"], w["help"]) for w in wrong] == [
        ("3 letters should have left while nothing ran", f"kierros overdue --cycle {cycle}")
    ]
    findings = {found["name"]: found for found in desk("doctor", "--json").data["findings"]}
    assert findings["Overdue"]["state"] == "note"
    assert cycle in findings["Overdue"]["found"]


@pytest.mark.parametrize("words", [("overdue",), ("letters", "--overdue"), ("overdue", "--cycle")])
def test_they_are_shown_and_nothing_is_changed(desk: Desk, world: World, cycle: str, words: tuple[str, ...]):
    said = (*words, cycle) if words[-1] == "--cycle" else words
    assert [row["kind"] for row in desk(*said, "--json").data] == ["thanks", "survey", "survey"]
    ran = desk(*said)
    assert "should have left since" in ran.out
    assert max(map(len, ran.out.splitlines())) <= 80
    assert f"kierros overdue send --cycle {cycle}" in ran.sentence
    assert len(overdue(world, cycle)) == 3


def test_what_may_have_arrived_already_is_marked(desk: Desk, world: World, cycle: str):
    from sqlalchemy import update

    from store.schema import outbox

    assert not any(row["perhaps_delivered"] for row in desk("overdue", "--json").data)
    assert "perhaps delivered" not in desk("overdue").out
    thanks = outbox.c.kind == "thanks"
    with world.store.writing() as connection:
        connection.execute(update(outbox).where(thanks, outbox.c.state == "overdue").values(maybe_delivered=1))
    assert [row["perhaps_delivered"] for row in desk("overdue", "--json").data] == [True, False, False]
    ran = desk("overdue")
    assert ran.out.count("perhaps delivered") == 1
    assert "1 letter may have arrived already: sending makes another copy of the same." in ran.sentence


def test_sending_lets_all_of_them_leave(desk: Desk, world: World, cycle: str):
    ran = desk("overdue", "send")
    assert ran.code == 0
    assert f"3 letters of {cycle} leave now." in ran.sentence
    assert overdue(world, cycle) == []
    assert {row.kind for row in world.store.letters(cycle, "queued")} >= {"thanks", "survey"}
    assert desk("overdue").sentence == "No letter is overdue."
    assert "Overdue" not in {found["name"] for found in desk("doctor", "--json").data["findings"]}


def test_some_are_dropped_and_some_sent(desk: Desk, world: World, cycle: str):
    assert desk("overdue", "drop", "--kind", "thanks", "--reason", "Said in person").code == 0
    assert overdue(world, cycle) == ["survey", "survey"]
    (gone,) = world.store.letters(cycle, "dropped", kind="thanks")
    assert gone.settled_by
    ran = desk("overdue", "send", "--to", "anna@home-library.example")
    assert f"1 letter of {cycle} leaves now." in ran.sentence
    assert overdue(world, cycle) == ["survey"]


@pytest.mark.parametrize(
    ("words", "code", "said"),
    [
        (("drop",), 2, "--reason TEXT"),
        (("burn",), 2, "sent or dropped"),
        (("send", "--kind", "postcard"), 2, "no kind of letter"),
        (("send", "--kind", "invitation"), 1, "No such letter"),
    ],
)
def test_a_refusal_says_what_is_wrong_and_changes_nothing(
    desk: Desk, world: World, cycle: str, words: tuple[str, ...], code: int, said: str
):
    ran = desk("overdue", *words)
    assert ran.code == code
    assert said in ran.sentence
    assert len(overdue(world, cycle)) == 3


def test_of_several_cycles_one_must_be_named(desk: Desk, world: World, cycle: str):
    other = world.start(days_ago=20, theme="Another theme")
    _letter(world, other, "thanks", 0, "x")
    world.store.put_setting("awake", {"at": (clock() - DAYS_OFF).isoformat()}, "")
    world.store.awake(clock())
    ran = desk("overdue", "send")
    assert ran.code == 2
    assert cycle in ran.sentence
    assert other in ran.sentence
    assert desk("overdue", "send", "--cycle", other).code == 0
    assert len(overdue(world, cycle)) == 3


def test_letters_of_a_suspended_cycle_leave_when_it_goes_on(desk: Desk, world: World, cycle: str):
    assert desk("suspend", "--reason", "The library is flooded", "--yes").code == 0
    ran = desk("overdue", "send")
    assert f"3 letters of {cycle} leave when it goes on." in ran.sentence
    assert overdue(world, cycle) == []
