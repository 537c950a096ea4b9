from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from exchange.amended import Change
from exchange.amending import PlanAmended
from exchange.booking import VisitMoved
from exchange.moving import DateMoved
from store.faults import AnotherPlan, NoSuchCycle
from store.models import Started, TextRow
from store.store import Store
from tests.store.builders import NOON, after, anna, plan, record, started, when


def test_a_plan_is_started_with_its_people_and_texts(store: Store):
    new = plan()
    text = TextRow(ref="n_1", words={"en": "Because."}, kind="reason")
    assert store.start_cycle(new, [anna(ref="p_anna")], [text], NOON) == Started(cycle=new.id, new=True)
    assert store.get_plan(new.id) == new
    assert store.get_people(["p_anna"])["p_anna"].address_norm == "anna.berg@library.example"
    assert store.get_texts(["n_1"]) == {"n_1": {"en": "Because."}}


def test_the_same_plan_started_again_changes_nothing(store: Store):
    new = plan()
    store.start_cycle(new, [anna()], [], NOON)
    before = store.people(new.id)
    assert store.start_cycle(new, [anna(address="bo@x.example")], [], after(days=1)) == Started(cycle=new.id, new=False)
    assert store.people(new.id) == before
    assert store.cycle(new.id).started_at == NOON


def test_another_plan_under_the_same_id_is_refused(store: Store):
    cycle = started(store)
    with pytest.raises(AnotherPlan, match="another plan"):
        store.start_cycle(plan(cycle, digest="d2"), [anna()], [], NOON)
    assert not store.people(cycle)


def test_of_many_who_start_a_plan_at_once_one_does(store: Store):
    new = plan()
    with ThreadPoolExecutor(8) as pool:
        results = list(pool.map(lambda n: store.start_cycle(new, [anna()], [], after(seconds=n)), range(8)))
    assert [r.new for r in results].count(True) == 1
    assert len(store.people(new.id)) == 1


def test_a_fault_in_its_people_leaves_no_cycle_behind(store: Store):
    new = plan()
    with pytest.raises(Exception, match="refused a change"):
        store.start_cycle(new, [anna(), anna()], [], NOON)
    with pytest.raises(NoSuchCycle):
        store.cycle(new.id)


def test_the_engine_is_pending_until_somebody_says_that_it_started(store: Store):
    new = plan()
    store.start_cycle(new, [], [], NOON)
    assert store.cycle(new.id).engine == "pending"
    store.engine_started(new.id)
    assert store.cycle(new.id).engine == "started"
    assert store.start_cycle(new, [], [], NOON).engine == "started"


def test_cycles_are_listed_the_newest_first_and_those_that_ended_last(store: Store):
    from exchange.cancelling import CycleFinished

    ids = [plan().id for _ in range(3)]
    for days, cycle in enumerate(ids):
        store.start_cycle(plan(cycle), [], [], after(days=days))
    store.keep(record(ids[2], [CycleFinished(at=NOON, actor="time")]), NOON)
    assert [row.id for row in store.cycles()] == [ids[1], ids[0], ids[2]]
    row = store.cycles()[0]
    assert (row.programme, row.theme_name, row.phase, row.step) == (
        "nordic", {"en": "Management"}, "running", "invitations",
    )  # fmt: skip


@pytest.mark.parametrize("ask", ["cycle", "get_plan", "first_plan", "engine_started", "load"])
def test_an_unknown_cycle_is_named(store: Store, ask: str):
    with pytest.raises(NoSuchCycle, match="There is no cycle called 'cycle-x'"):
        getattr(store, ask)("cycle-x")


def test_moved_dates_stand_in_the_plan_and_the_first_plan_stays(store: Store):
    first = plan()
    store.start_cycle(first, [], [], NOON)
    closes = DateMoved(at=NOON, actor="s_1", step="registration", field="closes", when=when(25))
    stay = VisitMoved(at=NOON, actor="s_1", step="visits", slot="oulu", begins=when(44), ends=when(45))
    store.keep(record(first.id, [closes, stay]), NOON)
    moved = store.get_plan(first.id)
    assert moved.step("registration").closes == when(25)  # type: ignore[union-attr]
    assert moved.step("visits").slots[0].begins == when(44)  # type: ignore[union-attr]
    assert store.first_plan(first.id) == first
    assert store.load(first.id).plan == moved


def test_an_amended_plan_stands_whole_and_what_was_moved_is_no_part_of_what_was_read(store: Store):
    first = plan()
    store.start_cycle(first, [], [], NOON)
    order = tuple(step.id for step in first.steps if step.id != "report")
    worded = first.step("feedback").model_copy(update={"title": {"en": "Feedback", "fi": "Palaute"}, "letter": "n_new"})
    changes = (Change(step=worded, fields=("title", "letter")),)
    said = {"at": NOON, "actor": "s_1"}
    happened = [
        DateMoved(**said, step="registration", field="closes", when=when(25)),
        PlanAmended(**said, revision=2, changes=changes, order=order),
        VisitMoved(**said, step="visits", slot="oulu", begins=when(44), ends=when(45)),
    ]
    store.keep(record(first.id, happened), NOON)
    stands, read = store.get_plan(first.id), store.read_last(first.id)
    assert store.load(first.id).plan == stands
    assert (stands.revision, [step.id for step in stands.steps]) == (2, list(order))
    assert stands.step("feedback").questions == first.step("feedback").questions  # type: ignore[union-attr]
    assert (stands.step("feedback").title["fi"], stands.step("feedback").letter) == ("Palaute", "n_new")
    assert read.step("feedback") == stands.step("feedback")
    assert read.step("registration").closes == when(20)  # type: ignore[union-attr]
    assert read.step("visits") == first.step("visits")


def test_people_and_texts_join_a_running_cycle_and_those_there_stay(store: Store):
    cycle = started(store)
    store.add_to_cycle(cycle, [anna(ref="p_anna")], [TextRow(ref="n_1", words={"en": "Because."}, kind="reason")], NOON)
    store.add_to_cycle(cycle, [anna(ref="p_other"), anna(ref="p_bo", address="bo@x.example")], [], NOON)
    assert {person.ref for person in store.people(cycle)} == {"p_anna", "p_bo"}
    assert store.get_texts(["n_1"]) == {"n_1": {"en": "Because."}}
