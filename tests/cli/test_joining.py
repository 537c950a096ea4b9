"""`approve` shows who has joined since the letters were made ready, and in which language she gets hers."""

from __future__ import annotations

from sqlalchemy import update

from exchange.approval import PreparationBegan
from exchange.correspondence import carried
from store.schema import people
from tests.cli.conftest import Desk
from tests.cli.world import World, clock


def prepared(world: World, cycle: str, step: str) -> None:
    """The step's letters are made ready ahead of their day."""
    ledger, began = world.ledgers[cycle], PreparationBegan(at=clock(), actor="time", step=step, revision=1)
    ledger.cycle, _ = carried(ledger.cycle, [began])
    ledger._events.append(began)
    world.pass_time(cycle)


def test_a_programme_goes_to_the_group_as_it_is_by_then_and_only_as_it_was_shown(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    assert desk("approve", "approve-invitations-1", "--yes").code == 0
    refs = [row.to_ref for row in world.store.letters(cycle, kind="invitation")][:3]
    with world.store.writing() as connection:
        connection.execute(update(people).where(people.c.ref == refs[2]).values(language="fi"))
    first, second, late = (world.store.get_people(refs)[ref] for ref in refs)
    for person in (first, second):
        assert desk("register", person.address).code == 0
    seminar = next(s.id for s in world.plan(cycle).steps if s.kind == "seminar" and s.approval)
    prepared(world, cycle, seminar)
    assert desk("withdraw", first.address).code == 0
    assert desk("register", late.address).code == 0
    ran = desk("approve", "--step", seminar, "--dry-run")
    assert ran.code == 0, ran.err
    shown = " ".join(ran.out.split())
    assert "she is not among them any more" in shown
    assert "programme; joined" in shown
    assert desk("approve", "--step", seminar, "--dry-run", "--json").data["joined"] == [late.name]
    assert desk("approve", "--step", seminar, types=["2"]).code == 0
    rows = {row.to_ref: row for row in world.store.letters(cycle, kind="seminar_programme")}
    assert {ref: row.state for ref, row in rows.items()} == {refs[0]: "dropped", refs[1]: "queued", refs[2]: "queued"}
    assert (rows[refs[1]].facts, rows[refs[2]].facts) == ({}, {"shown": "en"})
