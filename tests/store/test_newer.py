"""What an older release does with a record in which a newer one has worked."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, Connection, MetaData, String, Table, UniqueConstraint, text
from sqlalchemy.engine import Engine

from exchange.base import RULES
from runtime.settings import Settings
from store import migrating
from store.engine import Ground, connect
from store.faults import CycleNewer, NothingToRecover, StoreNewer
from store.migrating import OLDEST_FORM, SCRIPTS
from store.models import Letterbox
from store.schema import OLDEST, REVISION
from store.store import Store, open_store
from tests.store.builders import NOON, answer, opened, plan, record, registered, started
from workers.backup import BackupFault, save

NEWER = RULES + 1
FORMS = sorted(file.name[1:5] for file in (SCRIPTS / "versions").glob("r*.py"))


def act(store: Store, statement: str, **values: Any) -> None:
    with store.writing() as connection:
        connection.execute(text(statement), values)


def newer_form(store: Store, oldest: str) -> None:
    """As if a newer release had migrated the record."""
    act(store, "UPDATE alembic_version SET version_num = '9999'")
    store.put_setting(OLDEST_FORM, oldest, "")


# ---------------------------------------------------------------------------------------------- the form of the record


def test_a_newer_form_that_leaves_the_old_parts_as_they_are_is_worked_on(store: Store, url: str):
    cycle = started(store)
    newer_form(store, REVISION)
    again = open_store(url)
    again.keep(record(cycle, [opened()]), NOON)
    assert again.load(cycle).position == 1
    with again.reading() as connection:
        assert migrating.revision(connection) == "9999", "it is not taken back either"
    again.close()


@pytest.mark.parametrize("oldest", ["9999", "", None])
def test_a_newer_form_that_does_not_allow_it_is_refused(store: Store, url: str, oldest: str):
    newer_form(store, oldest)
    with pytest.raises(StoreNewer, match=r"\(its form is 9999\)\. Install that.*cannot work on it.*changed nothing"):
        open_store(url)


def test_whoever_migrates_says_which_releases_can_still_work_there(empty_url: str, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr(migrating, "OLDEST", "0001")
    opened_here = open_store(empty_url)
    found = opened_here.get_setting(OLDEST_FORM)
    assert found is not None
    assert found.value == "0001"
    opened_here.close()


def test_a_form_that_only_its_own_release_can_work_on_says_nothing(store: Store):
    assert REVISION != OLDEST or store.get_setting(OLDEST_FORM) is None


def test_a_backup_that_would_leave_something_out_is_refused(store: Store, url: str, tmp_path: Path):
    newer_form(store, REVISION)
    file = tmp_path / "backup.zip"
    with pytest.raises(BackupFault, match=f"form 9999 of a newer Kierros.*{REVISION}.*would leave out"):
        save(Settings(data=tmp_path, database=url), store, file)
    assert not file.exists()


def tables_of(url: str, form: str) -> MetaData:
    """The tables as the migrations up to that form make them, in a database of its own."""
    engine, where = connect(url)
    with Ground(engine, where, "").writing() as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text("DROP SCHEMA public CASCADE"))
            connection.execute(text("CREATE SCHEMA public"))
        migrating.upgrade(connection, where, form)
        found = reflected(connection)
    engine.dispose()
    Path(engine.url.database or "").unlink(missing_ok=True)
    return found


def reflected(bind: Connection | Engine) -> MetaData:
    found = MetaData()
    found.reflect(bind)
    return found


def demands(old: MetaData, new: MetaData) -> list[str]:
    """What of the new form an older release would stumble over: what is gone, and what it would have to write."""
    found = []
    for name, before in old.tables.items():
        if (now := new.tables.get(name)) is None:
            found.append(f"{name} is gone")
            continue
        found += [f"{name}.{column.name} is gone" for column in before.c if column.name not in now.c]
        found += [
            f"{name}.{column.name} has to be filled in"
            for column in now.c
            if not column.nullable
            and column.server_default is None
            and (column.name not in before.c or before.c[column.name].nullable)
        ]
        keys = {tuple(sorted(key.columns.keys())) for key in before.constraints if isinstance(key, UniqueConstraint)}
        found += [
            f"{name}: {', '.join(sorted(key.columns.keys()))} must be unique"
            for key in now.constraints
            if isinstance(key, UniqueConstraint) and tuple(sorted(key.columns.keys())) not in keys
        ]
    return found


@pytest.mark.parametrize("form", [form for form in FORMS if form >= OLDEST])
def test_the_release_of_an_older_form_can_work_on_todays(empty_url: str, form: str):
    assert demands(tables_of(empty_url, form), tables_of(empty_url, REVISION)) == []


def test_an_addition_is_told_from_what_asks_something_of_older_releases():
    def form(*columns: Column[Any], more: tuple[Any, ...] = ()) -> MetaData:
        metadata = MetaData()
        Table("people", metadata, Column("ref", String, primary_key=True), *columns, *more)
        return metadata

    old = form(Column("name", String), Column("zone", String))
    added = form(
        Column("name", String), Column("zone", String), Column("title", String),
        Column("part", String, nullable=False, server_default=""),
    )  # fmt: skip
    Table("guests", added, Column("id", String, primary_key=True), Column("name", String, nullable=False))
    assert demands(old, added) == []
    harder = form(Column("name", String, nullable=False), more=(UniqueConstraint("name"),))
    assert demands(old, harder) == [
        "people.zone is gone", "people.name has to be filled in", "people: name must be unique",
    ]  # fmt: skip
    assert demands(old, MetaData()) == ["people is gone"]


def test_the_oldest_form_is_one_that_there_has_been():
    assert OLDEST in FORMS
    assert FORMS[-1] == REVISION


# -------------------------------------------------------------------------------------------------------------- cycles


def test_a_cycle_that_a_newer_release_began_is_listed_takes_answers_and_is_not_read(store: Store):
    cycle, other = started(store), started(store)
    act(store, "UPDATE cycles SET rules = :rules WHERE id = :id", rules=NEWER, id=cycle)
    assert {row.id: row.rules for row in store.cycles()} == {cycle: NEWER, other: RULES}
    assert store.receive(cycle, [answer(1)], NOON)[0].state == "received"
    for call in (store.load, store.get_plan, store.first_plan, store.recovered, store.recover):
        with pytest.raises(CycleNewer, match=rf"{cycle} needs the rules of version {NEWER}.*up to {RULES}.*waits"):
            call(cycle)
    assert store.cycle(cycle).writer == "", "nobody has begun to write in it"
    assert store.load(other).position == 0


def test_an_event_that_a_newer_release_wrote_is_named_with_its_place(store: Store):
    cycle = started(store)
    mine = record(cycle, [opened(), registered(1)])
    newer = {**mine.events[1], "v": NEWER}
    store.keep(mine.model_copy(update={"events": (mine.events[0], newer)}), NOON)
    with pytest.raises(CycleNewer, match=rf"Event 2 of {cycle} needs the rules of version {NEWER}"):
        store.load(cycle)
    with pytest.raises(CycleNewer, match="Event 2"):
        store.recover(cycle)


def test_an_ended_cycle_is_not_recovered_whoever_began_it(store: Store):
    cycle = started(store)
    act(store, "UPDATE cycles SET rules = :rules, phase = 'finished' WHERE id = :id", rules=NEWER, id=cycle)
    with pytest.raises(NothingToRecover):
        store.recover(cycle)


def test_a_cycle_keeps_the_version_it_began_under(store: Store):
    new = plan()
    store.start_cycle(new, [], [], NOON)
    assert (store.cycle(new.id).rules, store.load(new.id).rules) == (RULES, RULES)


def test_an_answer_is_kept_as_the_release_reads_it_that_the_cycle_began_under(
    store: Store, monkeypatch: pytest.MonkeyPatch
):
    from exchange import wire

    def lower(data: dict[str, Any]) -> dict[str, Any]:
        return {**{key: value for key, value in data.items() if key != "person"}, "who": data["person"]}

    cycle = started(store)
    monkeypatch.setattr(wire, "RESHAPED", (wire.Reshaping(2, "Register", dict, lower),))
    item = Letterbox(command_id="c1", command={"kind": "Register", "v": 2, "person": "p_1"}, actor="p_1")
    store.receive(cycle, [item], NOON)
    assert store.waiting(cycle, 5).rows[0].data == {"kind": "Register", "who": "p_1"}
    assert store.receive(cycle, [item], NOON)[0].number == 1, "the same again is the same"
