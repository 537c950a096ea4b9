"""The whole record as lines, into either database, as it was."""

from __future__ import annotations

import contextlib
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import text

from exchange.record import Preparation
from store import copying
from store.engine import Ground, connect
from store.faults import CopyBroken, NotEmpty, StoreNewer
from store.schema import REVISION
from store.store import Store, open_store
from tests.store.builders import (
    NOON,
    anna,
    answer,
    approved,
    invitation,
    mail,
    opened,
    plan,
    record,
    registered,
    rendering,
)


def filled(store: Store) -> str:
    """A record with something in most tables."""
    new = plan()
    store.start_cycle(new, [], [], NOON)
    store.find_or_add(new.id, anna(), NOON)
    store.add_staff("Olga Sokolova", "olga@library.example", now=NOON)
    store.add_text(new.id, "Anna is ill; ä, ö, 漢 and \u2028", "reason", NOON)
    store.put_setting("live", {"host": "mail", "n": 1.5}, "s_1", NOON)
    held = (invitation("p_anna"),)
    store.hold(Preparation(cycle=new.id, step="invitations", revision=1, mails=held), rendering, NOON)
    store.receive(new.id, [answer(1), answer(2)], NOON)
    store.keep(record(new.id, [opened(), registered(1), approved("d")], mail("p_1"), decided_to=1), NOON)
    store.save_report(new.id, "report", 1, "<h1>ä</h1>", {"registered": 1}, NOON)
    return new.id


def lines(store: Store) -> dict[str, list[str]]:
    with store.reading() as connection:
        return {name: list(copying.dump(connection, name)) for name in copying.TABLES}


@contextlib.contextmanager
def ground(url: str) -> Iterator[Ground]:
    engine, where = connect(url)
    found = Ground(engine, where, "")
    try:
        yield found
    finally:
        found.close()


@pytest.fixture
def other_url(database: str, empty_url: str, tmp_path_factory: pytest.TempPathFactory) -> str:
    """The address of an empty database that is not the one of ``store``."""
    return f"sqlite:///{tmp_path_factory.mktemp('other')}/kierros.db" if database == "sqlite" else empty_url


def laid(url: str, copy: dict[str, list[str]], form: str = REVISION) -> dict[str, int]:
    with ground(url) as into, into.writing() as connection:
        copying.prepare(connection, "there", form)
        counts = {name: copying.load(connection, name, rows) for name, rows in copy.items()}
        copying.finish(connection, "there")
        return counts


def test_a_copy_is_the_record_as_it_was_and_goes_on(store: Store, other_url: str):
    cycle = filled(store)
    copy = lines(store)
    assert sum(len(rows) > 1 for rows in copy.values()) >= 9
    counts = laid(other_url, copy)
    again = open_store(other_url, domain="library.example")
    assert counts == {name: len(rows) - 1 for name, rows in copy.items()}
    assert lines(again) == copy
    assert again.load(cycle) == store.load(cycle)
    assert again.letters(cycle) == store.letters(cycle)
    again.keep(record(cycle, [registered(2)], mail("p_2"), at=3, decided_to=2), NOON)
    assert len({row.id for row in again.letters(cycle)}) == len(store.letters(cycle)) + 1
    again.close()


def test_a_copy_of_an_older_form_is_brought_up_to_todays(other_url: str):
    with ground(other_url) as old, old.writing() as connection:
        copying.prepare(connection, "there", "0002")
        assert "writer" not in str(connection.execute(text("SELECT * FROM cycles")).keys())
        head = '{"table":"settings","columns":["key","value","by","at"],"kinds":["plain","data","plain","instant"]}'
        copying.load(connection, "settings", [head, '["live",{"a":1},"s_1","2030-03-01T12:00:00.000000Z"]'])
        copying.finish(connection, "there")
    opened_again = open_store(other_url)
    setting = opened_again.get_setting("live")
    assert setting is not None
    assert (setting.value, setting.at) == ({"a": 1}, NOON)
    opened_again.close()


def test_a_database_with_something_in_it_is_left_alone(store: Store, url: str):
    cycle = filled(store)
    before = lines(store)
    with pytest.raises(NotEmpty, match="not empty, and nothing in it was touched"):
        laid(url, before)
    assert lines(store) == before
    assert store.cycle(cycle).length == 3


def test_an_unknown_form_is_refused_and_nothing_is_made(empty_url: str):
    with pytest.raises(StoreNewer, match="newer Kierros"):
        laid(empty_url, {}, "9999")
    with pytest.raises(StoreNewer):  # it is as empty as it was
        laid(empty_url, {}, "9999")


@pytest.mark.parametrize("broken", [0, 1])
def test_a_line_that_cannot_be_read_is_named_and_nothing_stays(store: Store, other_url: str, broken: int):
    filled(store)
    copy = lines(store)
    rows = copy["settings"]
    with pytest.raises(CopyBroken, match=f"Line {broken + 1} of settings"):
        laid(other_url, {**copy, "settings": [*rows[:broken], "{nonsense", *rows[broken + 1 :]]})
    assert laid(other_url, copy)["settings"] == len(rows) - 1


@pytest.mark.postgres
def test_what_was_saved_from_sqlite_goes_on_in_postgresql_and_back(tmp_path: Path, postgres_url: str):
    here = open_store(f"sqlite:///{tmp_path / 'kierros.db'}", domain="library.example")
    cycle = filled(here)
    copy = lines(here)
    laid(postgres_url, copy)
    there = open_store(postgres_url, domain="library.example")
    assert lines(there) == copy
    there.keep(record(cycle, [registered(2)], mail("p_2"), at=3, decided_to=2), NOON)
    laid(back := f"sqlite:///{tmp_path / 'back.db'}", lines(there))
    again = open_store(back)
    assert again.load(cycle) == there.load(cycle)
    for store in (here, there, again):
        store.close()
