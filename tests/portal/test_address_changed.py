"""A changed address: the old one hears of it, without the new one in full and without any link."""

from __future__ import annotations

from email import message_from_bytes

from letters.masked import masked
from store.store import Store
from tests.letters.test_personal import said
from tests.portal.doors.town import letter_of
from tests.portal.test_answers import OPEN, cycle, store

__all__ = ["cycle", "store"]
HER, NEW = "Rūta Ąžuolaitė", "ruta.nauja@elsewhere-library.example"


def told(store: Store, cycle: str) -> list[tuple[str, str]]:
    """To whom each letter about a changed address goes, and its text."""
    rows = [row for row in store.letters(cycle) if row.kind == "address_changed"]
    made = [letter for row in rows if (letter := letter_of(store, row, OPEN)) is not None]
    return [(str(message_from_bytes(letter.data)["To"]), said(letter.data)[0]) for letter in made]


def test_the_old_address_is_told_and_sees_only_so_much_of_the_new_one(store: Store, cycle: str):
    her = next(one for one in store.people(cycle) if one.name == HER)
    store.correct_person(cycle, her.ref, address=NEW)

    ((to, text),) = told(store, cycle)

    assert her.address in to
    assert NEW not in text
    assert "r…@e….example" in text
    assert "/l/" not in text, "an old mailbox may be somebody else's by now"
    assert "Naujas adresas" in text


def test_each_change_tells_the_address_before_it(store: Store, cycle: str):
    her = next(one for one in store.people(cycle) if one.name == HER)
    store.correct_person(cycle, her.ref, address=NEW)
    store.correct_person(cycle, her.ref, address="third@elsewhere-library.example")

    assert [her.address in to or NEW in to for to, _ in told(store, cycle)] == [True, True]
    assert [NEW in to for to, _ in told(store, cycle)] == [False, True]


def test_whatever_else_is_corrected_tells_nobody(store: Store, cycle: str):
    her = next(one for one in store.people(cycle) if one.name == HER)
    store.correct_person(cycle, her.ref, name="Rūta Naujoji", language="en", address=her.address.upper())
    assert told(store, cycle) == []


def test_an_address_is_masked():
    assert masked("anna.berg@library.example") == "a…@l….example"
    assert masked("anna@kirjasto.lib.example") == "a…@k….example"
    assert masked("anna@localhost") == "a…@l…"
