"""What people tell of themselves, and drafts under the marks of their links."""

from __future__ import annotations

from pathlib import Path

from exchange.cancelling import CycleFinished
from exchange.feedback import SurveyClosed
from exchange.record import Record, Refused
from exchange.registration import DelegateRegistered, DelegateWithdrawn
from store.links import mark_of
from store.models import Letterbox, Person
from store.schema import links
from store.store import Store
from tests.store.builders import NOON, after, record, started


def somebody(store: Store, cycle: str, name: str = "anna") -> str:
    return store.find_or_add(cycle, Person(name=name, address=f"{name}@library.example"), NOON)


def link(store: Store, cycle: str, ref: str, token: str, about: str = "feedback") -> str:
    row = {"mark": mark_of(token), "cycle": cycle, "purpose": "feedback", "ref": ref, "about": about, "revision": 1}
    with store.writing() as connection:
        connection.execute(links.insert().values(**row, issued_at=NOON, expires_at=after(days=90)))
    return mark_of(token)


def test_what_is_told_last_stands_and_an_empty_word_takes_it_away(store: Store):
    cycle = started(store)
    anna, boris = somebody(store, cycle), somebody(store, cycle, "boris")

    store.tell(cycle, anna, {"diet": "no fish", "access": "a lift"}, NOON)
    store.tell(cycle, boris, {"diet": "everything"}, NOON)
    store.tell(cycle, anna, {"diet": "no nuts", "access": ""}, NOON)

    assert store.told(cycle, anna) == {"diet": "no nuts"}
    assert store.told_by_all(cycle, "diet") == {anna: "no nuts", boris: "everything"}


def test_they_are_in_the_account_to_her_and_go_when_she_is_erased(store: Store):
    cycle = started(store)
    anna, boris = somebody(store, cycle), somebody(store, cycle, "boris")
    hers, his = link(store, cycle, anna, "a" * 24), link(store, cycle, boris, "b" * 24)
    for ref, mark in ((anna, hers), (boris, his)):
        store.tell(cycle, ref, {"diet": "no fish"}, NOON)
        store.keep_draft(cycle, mark, b"sealed", NOON)
    assert store.kept_of(cycle, anna)["told"] == {"diet": "no fish"}

    store.erase_person(cycle, anna, now=NOON)

    assert (store.told(cycle, anna), store.draft(hers)) == ({}, None)
    assert (store.told(cycle, boris), store.draft(his)) == ({"diet": "no fish"}, b"sealed")


def test_what_was_asked_goes_with_the_place_but_not_what_was_told_anew_since(store: Store):
    cycle = started(store)
    anna, boris, cilla = (somebody(store, cycle, name) for name in ("anna", "boris", "cilla"))
    for ref in (anna, boris, cilla):
        store.tell(cycle, ref, {"diet": "no fish", "named": "yes", "ask:way": "1", "learned": {"what": "much"}}, NOON)
    store.receive(cycle, [Letterbox(command_id="again", command={"kind": "Register", "person": boris}, actor=boris)])

    gone = [DelegateWithdrawn(at=NOON, actor=ref, step="registration", person=ref) for ref in (anna, boris)]
    store.keep(record(cycle, gone), NOON)

    assert store.told(cycle, anna) == {"learned": {"what": "much"}}
    assert store.told(cycle, boris)["diet"] == "no fish"
    assert store.told(cycle, cilla)["diet"] == "no fish"


def wish(store: Store, cycle: str, ref: str, diet: str) -> None:
    """She asks for a place, and tells what she eats."""
    store.tell(cycle, ref, {"diet": diet}, NOON)
    command = {"kind": "Register", "person": ref}
    store.receive(cycle, [Letterbox(command_id=f"asks-{ref}", command=command, actor=ref)])


def refused(cycle: str, *numbers: int, at: int = 0, name: str = "RegistrationClosed") -> Record:
    no = [Refused(number=number, name=name) for number in numbers]
    return record(cycle, at=at, decided_to=max(numbers), refused=no)


def test_what_came_with_a_wish_that_is_refused_goes_at_once_and_leaves_no_trace(store: Store, url: str):
    cycle = started(store)
    anna, boris = somebody(store, cycle), somebody(store, cycle, "boris")
    wish(store, cycle, anna, "nothing with quinces")
    wish(store, cycle, boris, "no fish")

    store.keep(refused(cycle, 1), NOON)

    assert store.told(cycle, anna) == {}
    assert store.told(cycle, boris) == {"diet": "no fish"}  # his is not decided yet
    file = Path(url.removeprefix("sqlite:///"))
    if file.exists():
        assert store.scrub() == ""
        left = b"".join(one.read_bytes() for one in file.parent.glob(f"{file.name}*"))
        assert b"quinces" not in left
        assert b"no fish" in left


def test_another_answer_that_waits_keeps_nothing_that_was_told_with_a_refused_wish(store: Store):
    cycle = started(store)
    anna = somebody(store, cycle)
    wish(store, cycle, anna, "no fish")
    declines = {"kind": "DeclineInvitation", "person": anna}
    store.receive(cycle, [Letterbox(command_id="declines", command=declines, actor=anna)])

    store.keep(refused(cycle, 1), NOON)

    assert store.told(cycle, anna) == {}


def test_what_came_with_a_wish_that_could_not_be_read_waits_for_staff(store: Store):
    cycle = started(store)
    anna = somebody(store, cycle)
    wish(store, cycle, anna, "no fish")
    store.keep(refused(cycle, 1, name="Defect"), NOON)
    assert store.told(cycle, anna) == {"diet": "no fish"}


def test_whoever_has_a_place_already_keeps_what_she_told_where_a_second_wish_is_refused(store: Store):
    cycle = started(store)
    anna, boris = somebody(store, cycle), somebody(store, cycle, "boris")
    came = [DelegateRegistered(at=NOON, actor=one, step="registration", person=one) for one in (anna, boris)]
    store.keep(record(cycle, [*came, DelegateWithdrawn(at=NOON, actor=boris, step="registration", person=boris)]), NOON)
    wish(store, cycle, anna, "no fish")
    wish(store, cycle, boris, "no nuts")

    store.keep(refused(cycle, 1, 2, at=3), NOON)

    assert store.told(cycle, anna) == {"diet": "no fish"}
    assert store.told(cycle, boris) == {}


def test_what_was_asked_goes_for_all_when_the_cycle_is_over(store: Store):
    cycle = started(store)
    anna = somebody(store, cycle)
    store.tell(cycle, anna, {"access": "a lift", "learned": {"what": "much"}}, NOON)
    store.keep(record(cycle, [CycleFinished(at=NOON, actor="time")]), NOON)
    assert store.told(cycle, anna) == {"learned": {"what": "much"}}


def test_drafts_of_a_survey_go_when_it_closes(store: Store):
    cycle = started(store)
    anna = somebody(store, cycle)
    of_it, of_another = link(store, cycle, anna, "a" * 24), link(store, cycle, anna, "b" * 24, "other")
    for mark in (of_it, of_another):
        store.keep_draft(cycle, mark, b"one", NOON)
        store.keep_draft(cycle, mark, b"two", NOON)

    store.keep(record(cycle, [SurveyClosed(at=NOON, actor="time", step="feedback")]), NOON)

    assert (store.draft(of_it), store.draft(of_another)) == (None, b"two")
    store.drop_draft(of_another)
    assert store.draft(of_another) is None


def test_who_declines_and_comes_after_all_in_the_same_breath_keeps_what_she_told(store: Store):
    cycle = started(store)
    anna, boris = somebody(store, cycle), somebody(store, cycle, "boris")
    for ref in (anna, boris):
        store.tell(cycle, ref, {"diet": "no fish"}, NOON)

    gone = [DelegateWithdrawn(at=NOON, actor=ref, step="registration", person=ref) for ref in (anna, boris)]
    back = DelegateRegistered(at=NOON, actor=anna, step="registration", person=anna)
    store.keep(record(cycle, [*gone, back]), NOON)

    assert store.told(cycle, anna) == {"diet": "no fish"}
    assert store.told(cycle, boris) == {}
