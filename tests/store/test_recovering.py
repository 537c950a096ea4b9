"""What a workflow can be started from again: the record alone."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from exchange.cancelling import CycleCancelled
from exchange.cycle import begin, fold
from exchange.essential import essential
from exchange.record import Refused, Whereabouts
from store.faults import JournalBroken, JournalGap, NothingToRecover, RecordAhead, Superseded
from store.store import Store
from tests.store.builders import NOON, after, answer, approved, mail, opened, plan, record, registered, started
from workers.lookout import misfit
from workers.recovering import carried
from workflows.carry import unpack


def act(store: Store, statement: str) -> None:
    with store.writing() as connection:
        connection.execute(text(statement))


def test_the_state_the_decisions_and_the_answers_come_from_the_record(store: Store):
    new = plan()
    store.start_cycle(new, [], [], NOON)
    store.receive(new.id, [answer(n) for n in (1, 2)], NOON)
    decided = approved("d").model_copy(update={"cause": "cli-1"})
    happened = [opened(), registered(1), decided]
    store.keep(record(new.id, happened, mail("p_1"), decided_to=1), after(hours=1))
    found = store.recovered(new.id)
    assert found.state == fold(begin(essential(new)), happened)
    assert (found.decided_to, found.waiting, found.taken) == (1, 1, {"cli-1": 3})
    assert (found.recorded_at, found.letters) == (after(hours=1), {"queued": 1})


def test_looking_changes_nothing_and_a_recovery_only_the_writer(store: Store):
    cycle = started(store)
    store.keep(record(cycle, [opened()]), NOON)
    before = store.cycle(cycle)
    assert store.recovered(cycle).writer == ""
    assert store.cycle(cycle) == before
    writer = store.recover(cycle).writer
    assert writer
    assert store.cycle(cycle).writer == writer
    assert store.cycle(cycle).length == 1
    assert store.recover(cycle).writer != writer


def test_what_an_older_workflow_still_sends_is_not_kept(store: Store):
    cycle = started(store)
    store.keep(record(cycle, [opened()]), NOON)
    writer = store.recover(cycle).writer
    for old in (record(cycle, [registered(1)], at=1), record(cycle, [opened()]), record(cycle, at=1)):
        with pytest.raises(Superseded, match=f"kierros recover {cycle}"):
            store.keep(old, NOON)
    store.keep(record(cycle, [registered(1)], at=1, writer=writer), NOON)
    assert store.cycle(cycle).length == 2


def test_who_stands_at_an_older_moment_is_refused(store: Store):
    cycle = started(store)
    store.receive(cycle, [answer(n) for n in (1, 2)], NOON)
    no = Refused(number=2, name="AlreadyRegistered")
    store.keep(record(cycle, [opened(), registered(1)], decided_to=2, refused=[no]), NOON)
    with pytest.raises(RecordAhead, match="stands at event 1 and answer 0; its record has 2 events"):
        store.keep(record(cycle, at=1), NOON)
    with pytest.raises(RecordAhead, match=r"answer 1; .* answers decided up to 2"):
        store.keep(record(cycle, [registered(3)], at=2, decided_to=1), NOON)
    assert store.cycle(cycle).length == 2


def test_a_record_that_was_set_back_says_what_it_lacks(store: Store):
    cycle = started(store)
    store.keep(record(cycle, [opened()]), NOON)
    with pytest.raises(JournalGap, match=rf"lacks events 2 to 4, which the engine had. `kierros recover {cycle}`"):
        store.keep(record(cycle, [registered(1)], at=4), NOON)


def test_a_cycle_that_is_over_is_not_recovered(store: Store):
    cycle = started(store)
    store.keep(record(cycle, [CycleCancelled(at=NOON, actor="s_1")]), NOON)
    with pytest.raises(NothingToRecover, match="is cancelled"):
        store.recover(cycle)


@pytest.mark.parametrize(
    ("damage", "said"),
    [
        ("DELETE FROM journal WHERE position = 2", "has a gap at event 2"),
        ("DELETE FROM journal WHERE position = 3", "at event 3"),
        ('UPDATE journal SET data = \'{"kind": "FromTheFuture"}\' WHERE position = 2', "cannot be read .* at event 2"),
        ('UPDATE journal SET data = \'{"kind": "DeskOpened"}\' WHERE position = 3', "cannot be read .* at event 3"),
        ("UPDATE journal SET data = '[]' WHERE position = 1", "cannot be read .* at event 1"),
    ],
)
def test_a_journal_that_is_not_whole_is_refused_by_the_place_and_nothing_is_changed(
    store: Store, damage: str, said: str
):
    cycle = started(store)
    store.keep(record(cycle, [opened(), registered(1), registered(2)]), NOON)
    act(store, damage)
    before = store.cycle(cycle)
    with pytest.raises(JournalBroken, match=rf"{said}.*restore a backup"):
        store.recover(cycle)
    assert store.cycle(cycle) == before


def test_that_no_workflow_carries_it_on_is_noted_but_not_over_a_recovery(store: Store):
    cycle = started(store)
    store.engine_lost(cycle, "")
    assert store.cycle(cycle).engine == "pending"
    store.engine_started(cycle)
    store.engine_lost(cycle, "")
    assert store.cycle(cycle).engine == "lost"
    store.recover(cycle)
    store.engine_started(cycle)
    store.engine_lost(cycle, "")
    assert store.cycle(cycle).engine == "started"


def test_what_is_carried_is_what_was_known(store: Store):
    cycle = started(store)
    store.receive(cycle, [answer(1)], NOON)
    store.keep(record(cycle, [opened(), registered(1)], decided_to=1), NOON)
    here = store.recover(cycle)
    ledger = unpack(carried(here))
    assert (ledger.cycle, ledger.decided_to, ledger.writer) == (here.state, 1, here.writer)
    assert ledger.recorded == 2
    assert ledger.record().writer == here.writer
    assert misfit(store.cycle(cycle), ledger.whereabouts()) == ""


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"writer": "another"}, "Another workflow was started"),
        ({"recorded": 5, "position": 5}, "lacks events 3 to 5"),
        ({"recorded": 1, "position": 1}, "set back to event 1; the record has 2"),
        ({"decided_to": 0, "outcomes_to": 0}, "answers up to 0, the record up to 1"),
        ({"position": 4, "decided_to": 3}, ""),
    ],
)
def test_a_workflow_is_held_against_its_record(store: Store, changes: dict[str, object], said: str):
    cycle = started(store)
    store.receive(cycle, [answer(1)], NOON)
    store.keep(record(cycle, [opened(), registered(1)], decided_to=1), NOON)
    fits = {"recorded": 2, "position": 2, "outcomes_to": 1, "decided_to": 1}
    found = misfit(store.cycle(cycle), Whereabouts.model_validate({**fits, **changes}))
    assert said in found
    assert bool(found) is bool(said)
