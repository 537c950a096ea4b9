from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor

import pytest

from plans.addresses import normalised
from store.faults import AmbiguousStaff, NoSuchStaff, StaffExists
from store.refs import new_ref, normal_address
from store.store import Store
from tests.store.builders import NOON, anna, started


def test_a_person_is_known_by_her_address_however_it_is_written(store: Store):
    cycle = started(store)
    ref = store.find_or_add(cycle, anna())
    assert ref.startswith("p_")
    assert store.find_or_add(cycle, anna(address=" anna.berg@LIBRARY.example", name="A. Berg")) == ref
    found = store.by_address(cycle, "ANNA.BERG@library.example")
    assert found is not None
    assert (found.ref, found.name, found.cycle) == (ref, "Anna Berg", cycle)


def test_a_person_belongs_to_one_cycle(store: Store):
    first, second = started(store), started(store)
    ref = store.find_or_add(first, anna())
    assert store.by_address(second, anna().address) is None
    assert store.find_or_add(second, anna()) != ref


def test_of_many_who_add_the_same_person_at_once_all_get_one_reference(store: Store):
    cycle = started(store)
    with ThreadPoolExecutor(8) as pool:
        refs = set(pool.map(lambda _: store.find_or_add(cycle, anna()), range(16)))
    assert len(refs) == 1
    assert len(store.people(cycle)) == 1


def test_people_come_back_in_the_order_they_were_asked_for(store: Store):
    cycle = started(store)
    refs = [store.find_or_add(cycle, anna(address=f"p{n}@x.example")) for n in range(3)]
    assert list(store.get_people([refs[2], "p_nobody", refs[0], refs[2]])) == [refs[2], refs[0]]


def test_more_people_than_one_statement_takes_are_found(store: Store):
    cycle = started(store)
    refs = [store.find_or_add(cycle, anna(address=f"p{n}@x.example")) for n in range(3)]
    assert list(store.get_people([*(f"p_{n}" for n in range(1200)), *refs])) == refs


def test_words_are_kept_by_reference_in_their_languages(store: Store):
    cycle = started(store)
    plain = store.add_text(cycle, "Anna is ill.", "reason")
    both = store.add_text(cycle, {"fi": "Hei", "ru": "Привет"}, "letter")
    assert plain.startswith("n_")
    assert store.get_texts([plain, both, "n_none"]) == {
        plain: {"und": "Anna is ill."},
        both: {"fi": "Hei", "ru": "Привет"},
    }


@pytest.mark.parametrize(
    "address", ["Anna@X.example", " anna@x.example ", "ANNA@MÜNCHEN.example", "anna@ｘ.example", "straße@x.example"]
)
def test_an_address_is_compared_as_the_plan_compares_it(address: str):
    assert normal_address(address) == normalised(address)


def test_references_say_nothing_and_do_not_repeat():
    refs = {new_ref("p") for _ in range(1000)}
    assert len(refs) == 1000
    assert all(len(ref) == 14 and ref.isascii() and ref.islower() for ref in refs)


# ---------------------------------------------------------------------------------------------------------------- staff


def test_staff_are_found_by_name_address_and_reference_in_whatever_case(store: Store):
    ref = store.add_staff("Kristina Virtanen", "Kristina@Library.example", "fi", ["coordinator"])
    assert ref.startswith("s_")
    for who in ("kristina  virtanen", "KRISTINA@library.EXAMPLE", ref, ref.upper()):
        assert store.find_staff(who).ref == ref
    assert store.get_staff([ref, "s_none"])[ref].roles == ("coordinator",)


def test_nobody_of_that_name_is_said_so(store: Store):
    with pytest.raises(NoSuchStaff, match="kierros staff add"):
        store.find_staff("Kristina")


def test_two_of_the_same_name_are_told_apart_by_address(store: Store):
    first = store.add_staff("Anna Berg", "anna@a.example")
    second = store.add_staff("Anna Berg", "anna@b.example")
    with pytest.raises(AmbiguousStaff, match=f"{first}|{second}"):
        store.find_staff("anna berg")
    assert store.find_staff("anna@b.example").ref == second


def test_an_address_belongs_to_one_member_of_staff(store: Store):
    store.add_staff("Anna Berg", "anna@a.example")
    with pytest.raises(StaffExists, match="Anna Berg"):
        store.add_staff("Bo", "ANNA@a.example")


def test_who_is_removed_acts_no_more_and_can_come_back(store: Store):
    ref = store.add_staff("Anna Berg", "anna@a.example")
    store.remove_staff(ref)
    assert store.staff() == []
    assert [s.active for s in store.staff(everybody=True)] == [False]
    assert store.get_staff([ref])[ref].name == "Anna Berg"
    with pytest.raises(NoSuchStaff):
        store.find_staff("Anna Berg")
    with pytest.raises(NoSuchStaff):
        store.remove_staff(ref)
    assert store.add_staff("Anna Berg-Holm", "anna@a.example") == ref
    assert store.find_staff(ref).name == "Anna Berg-Holm"


def test_a_setting_holds_what_was_said_last_and_by_whom(store: Store):
    assert store.get_setting("live") is None
    store.put_setting("live", True, "s_1", NOON)
    store.put_setting("live", {"host": "smtp.library.example"}, "s_2", NOON)
    said = store.get_setting("live")
    assert said is not None
    assert (said.value, said.by, said.at) == ({"host": "smtp.library.example"}, "s_2", NOON)
