"""Who holds no role in a cycle types nothing in there, and does nothing with its letters: at the terminal, too."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import func, select, update

from exchange.cancelling import Cancel
from exchange.handing import HandOver
from exchange.registration import Register
from store.schema import outbox, texts
from tests.cli.conftest import Desk
from tests.cli.world import KRISTINA, OLGA, World, clock
from tests.signing import enter_as
from workers.entering import letterbox
from workers.entitled import NoRoleThere, demand_role

MARIA = "Maria Berg"
ANNA, NEW = "anna@home-library.example", "berta@home-library.example"
TYPED = [
    ("answer", ANNA, "yes"),
    ("answer", ANNA, "no", "--reason", "She is on leave"),
    ("register", ANNA),
    ("register", NEW, "--name", "Berta Neu"),
    ("register", "--file", "FILE"),
    ("withdraw", ANNA, "--reason", "She is on leave"),
    ("accept", ANNA),
    ("decline", ANNA, "--reason", "She is on leave"),
    ("substitute", ANNA, NEW, "--name", "Berta Neu"),
    ("nominate", "home-library", ANNA),
    ("host", "first-host", "confirm"),
    ("feedback", "--file", "FILE"),
    ("opt-out", ANNA),
    ("overdue", "send", "--cycle", "CYCLE"),
    ("overdue", "drop", "--cycle", "CYCLE", "--reason", "Too late"),
    ("settle", "CYCLE", "--reason", "Phoned them"),
    ("people", "correct", ANNA, "--address", "maria@library.example"),
    ("people", "link", ANNA, "--new"),
]


@pytest.fixture
def cycle(world: World, desk: Desk) -> str:
    """A cycle whose invitations are approved, and somebody on the staff who has nothing to do with it."""
    started = world.start(days_ago=20)
    world.staff[MARIA] = world.store.add_staff(MARIA, "maria@library.example")
    assert desk("approve", "--step", "invitations", "--yes").code == 0
    return started


def everything(world: World, cycle: str) -> Any:
    """What is kept of the cycle."""
    store, people = world.store, world.store.people(cycle)
    letters = [(row.id, row.state, row.settled_by) for row in store.letters(cycle)]
    wanted = [store.opt_outs(cycle, person.ref) for person in people]
    with store.reading() as connection:
        words = connection.execute(select(func.count()).select_from(texts)).scalar()
    return store.cycle(cycle), len(store.journal(cycle)), people, letters, wanted, words


def refusal(cycle: str) -> str:
    return (
        f"{MARIA} holds no role in {cycle}, and this is for those who do: {KRISTINA} (coordinator), {OLGA} (director). "
        f'One of them does it, or hands over: kierros handover FROM "{MARIA}" --cycle {cycle}.'
    )


def test_who_holds_no_role_there_is_told_who_does_and_nothing_is_kept(
    desk: Desk, world: World, cycle: str, tmp_path: Path
):
    file = tmp_path / "list.csv"
    file.write_text(f"name,address\nBerta Neu,{NEW}\n", "utf-8")
    lay_overdue(world, cycle)
    before = everything(world, cycle)

    for words in TYPED:
        ran = desk(*({"FILE": str(file), "CYCLE": cycle}.get(word, word) for word in words), staff=MARIA)

        assert (ran.code, ran.sentence) == (1, refusal(cycle)), words
        assert everything(world, cycle) == before, words


def lay_overdue(world: World, cycle: str) -> None:
    """One of its letters lies overdue, another one is lost."""
    first, second, *_ = world.store.letters(cycle)
    with world.store.writing() as connection:
        for row, state in ((first, "overdue"), (second, "failed")):
            connection.execute(update(outbox).where(outbox.c.id == row.id).values(state=state))


def test_whoever_takes_a_role_over_may(desk: Desk, world: World, cycle: str):
    assert desk("handover", KRISTINA, MARIA, "--reason", "On leave", "--yes").code == 0

    assert desk("register", ANNA, staff=MARIA).code == 0
    assert desk("opt-out", ANNA, staff=KRISTINA).sentence.startswith(f"{KRISTINA} holds no role in {cycle}")


def test_letters_of_a_cycle_that_ended_are_settled_by_whoever_is_left(desk: Desk, world: World, cycle: str):
    lay_overdue(world, cycle)
    world.decide(cycle, Cancel(at=clock(), actor=world.staff[KRISTINA], reason="n_1"))
    world.store.remove_staff(world.staff[OLGA])
    settle = ("settle", cycle, "--reason", "Phoned them")

    refused = desk(*settle, staff=MARIA).sentence
    assert refused.endswith(f"this is for those who do: {KRISTINA} (coordinator). One of them does it.")

    world.store.remove_staff(world.staff[KRISTINA])
    assert desk(*settle, staff=MARIA).code == 0


def test_the_way_into_the_inbox_itself_asks_for_the_role(world: World, cycle: str):
    anna = world.store.by_address(cycle, ANNA)
    wish = letterbox(Register(at=clock(), actor=anna.ref, person=anna.ref))
    before = everything(world, cycle)

    with pytest.raises(NoRoleThere):
        enter_as(world.store, world.staff[MARIA], cycle, [wish])

    assert everything(world, cycle) == before


def test_a_deputy_who_took_over_is_named_by_the_role_that_she_acts_in(world: World):
    kristina, maria = world.staff[KRISTINA], world.store.add_staff(MARIA, "maria@library.example")
    world.staff[MARIA] = maria
    cycle = world.start(days_ago=20, deputy=MARIA)
    world.decide(cycle, HandOver(at=clock(), actor=kristina, source=kristina, to=maria, reason="n_1"))
    assert maria in world.store.get_plan(cycle).roles["deputy coordinator"]

    with pytest.raises(NoRoleThere) as no:
        demand_role(world.store, cycle, kristina)

    assert no.value.holders[MARIA] == ("coordinator",)
