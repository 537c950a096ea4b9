from __future__ import annotations

import sqlite3
import stat
import subprocess
import sys
import threading
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from alembic.autogenerate import compare_metadata
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import text, update

from store import engine
from store.columns import NaiveTime, Utc, iso
from store.faults import StoreBroken, StoreLocked, StoreNewer, StoreUnreachable
from store.migrating import OLDEST_FORM, SCRIPTS
from store.schema import REVISION, metadata, settings
from store.store import Store, open_store
from tests.store.builders import NOON, anna, started

ROOT = Path(__file__).parents[2]


def test_the_migrations_make_the_tables_that_the_code_reads(store: Store):
    with store.reading() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})
        assert compare_metadata(context, metadata) == []


def test_the_revision_in_the_code_is_the_newest_migration():
    config = Config()
    config.set_main_option("script_location", str(SCRIPTS))
    assert ScriptDirectory.from_config(config).get_heads() == [REVISION]


def test_a_record_that_is_opened_again_is_as_it_was(store: Store, url: str):
    cycle = started(store)
    again = open_store(url)
    assert [row.id for row in again.cycles()] == [cycle]
    again.close()


def test_of_many_who_open_an_empty_database_at_once_all_can_use_it(empty_url: str):
    with ThreadPoolExecutor(6) as pool:
        stores = list(pool.map(lambda _: open_store(empty_url), range(6)))
    cycle = started(stores[0])
    for opened in stores:
        assert opened.cycle(cycle).id == cycle
        opened.close()


def test_an_opening_waits_for_one_who_holds_the_new_file(tmp_path: Path):
    file = tmp_path / "kierros.db"
    other = sqlite3.connect(file, isolation_level=None, check_same_thread=False)
    other.execute("BEGIN IMMEDIATE")
    threading.Timer(0.3, other.rollback).start()
    opened = open_store(f"sqlite:///{file}")
    assert opened.cycles() == []
    opened.close()
    other.close()


def test_a_newer_database_is_left_alone(store: Store, url: str):
    with store.writing() as connection:
        connection.execute(text("UPDATE alembic_version SET version_num = '9999'"))
        connection.execute(update(settings).where(settings.c.key == OLDEST_FORM).values(value="9999"))
    with pytest.raises(StoreNewer, match=r"written by a newer Kierros.*9999"):
        open_store(url)


def execute(store: Store, *statements: str) -> None:
    with store.writing() as connection:
        for statement in statements:
            connection.execute(text(statement))


def test_a_fault_says_what_was_refused_and_holds_no_data(store: Store):
    said = "INSERT INTO settings VALUES ('anna@library.example', 'true', 's_1', '2030-01-01T00:00:00Z')"
    with pytest.raises(StoreBroken) as fault:
        execute(store, said, said)
    told = f"{fault.value!s} {fault.value!r} {fault.value.__cause__}"
    assert "anna" not in told


def test_nothing_that_a_broken_transaction_wrote_stays(store: Store):
    cycle = started(store)
    with pytest.raises(StoreBroken):
        execute(store, "UPDATE cycles SET step = 'x'", "SELECT nonsense")
    assert store.cycle(cycle).step == "invitations"


def test_readers_write_nothing(store: Store):
    if store._engine.dialect.name == "postgresql":
        with pytest.raises(StoreBroken, match="ReadOnly"), store.reading() as connection:
            connection.execute(text("DELETE FROM settings"))


def test_a_reader_sees_one_state_throughout(store: Store):
    cycle = started(store)
    with store.reading() as connection:
        read = text("SELECT count(*) FROM people")
        before = connection.execute(read).scalar_one()
        store.find_or_add(cycle, anna())
        assert connection.execute(read).scalar_one() == before == 0


def test_who_waits_too_long_is_told_that_somebody_else_writes(url: str, monkeypatch: pytest.MonkeyPatch):
    open_store(url).close()
    monkeypatch.setattr(engine, "PATIENCE", 1)
    store = open_store(url)
    cycle = started(store)
    held, done = threading.Event(), threading.Event()

    def holding() -> None:
        with store.writing() as connection:
            connection.execute(text("SELECT id FROM cycles FOR UPDATE" if "postgresql" in url else "SELECT 1"))
            held.set()
            done.wait(30)

    holder = threading.Thread(target=holding)
    holder.start()
    held.wait(30)
    try:
        with pytest.raises(StoreLocked, match="Try again"):
            store.receive(cycle, [_answer()], NOON)
    finally:
        done.set()
        holder.join()
    assert store.receive(cycle, [_answer()], NOON)[0].number == 1
    store.close()


def _answer() -> Any:
    from tests.store.builders import answer

    return answer(1)


# ---------------------------------------------------------------------------------------------------------- where it is


@pytest.mark.parametrize(
    ("url", "said"),
    [
        ("nonsense", "write sqlite:///file"),
        ("mysql://host/db", "only sqlite"),
        ("sqlite://", "needs a file"),
        ("sqlite:///no/such/folder/kierros.db", "its folder does not exist"),
        ("postgresql://kierros:secret@127.0.0.1:1/kierros", "connection"),
    ],
)
def test_what_cannot_be_opened_is_said_without_the_password(url: str, said: str):
    with pytest.raises(StoreUnreachable, match=said) as fault:
        open_store(url)
    assert "secret" not in str(fault.value)


def test_a_file_that_is_no_database_is_said_so(tmp_path: Path):
    file = tmp_path / "letter.txt"
    file.write_text("Dear Anna, " * 400)
    with pytest.raises(StoreUnreachable, match="not a database"):
        open_store(f"sqlite:///{file}")


def test_a_folder_in_the_place_of_the_file_is_said_so(tmp_path: Path):
    with pytest.raises(StoreUnreachable, match="directory"):
        open_store(f"sqlite:///{tmp_path}")


@pytest.mark.postgres
def test_a_server_that_comes_back_is_used_again(postgres_url: str):
    store = open_store(postgres_url)
    cycle = started(store)
    with store.reading() as connection:
        mine = connection.execute(text("SELECT pg_backend_pid()")).scalar_one()
    other = open_store(postgres_url)
    with other.writing() as connection:
        connection.execute(text("SELECT pg_terminate_backend(:pid)"), {"pid": mine})
    assert store.cycle(cycle).id == cycle
    store.close()
    other.close()


# --------------------------------------------------------------------------------------------------------------- SQLite


@pytest.mark.usefixtures("flushed")
def test_sqlite_flushes_every_commit_and_overwrites_what_is_deleted(tmp_path: Path):
    store = open_store(f"sqlite:///{tmp_path / 'kierros.db'}")
    wanted = {"journal_mode": "wal", "synchronous": 2, "secure_delete": 1, "foreign_keys": 1, "busy_timeout": 5000}
    for reader in (store.reading, store.writing):
        with reader() as connection:
            assert {name: connection.exec_driver_sql(f"PRAGMA {name}").scalar() for name in wanted} == wanted
    store.close()


def test_nobody_else_may_read_the_file(tmp_path: Path):
    file = tmp_path / "kierros.db"
    store = open_store(f"sqlite:///{file}")
    started(store)
    beside = [file, file.with_name("kierros.db-wal"), file.with_name("kierros.db-shm")]
    assert {stat.S_IMODE(path.stat().st_mode) for path in beside} == {0o600}
    store.close()


def test_a_path_with_odd_characters_is_no_trouble(tmp_path: Path):
    folder = tmp_path / "100% Åbo"
    folder.mkdir()
    open_store(f"sqlite:///{folder / 'kierros.db'}").close()
    assert sqlite3.connect(folder / "kierros.db").execute("SELECT version_num FROM alembic_version").fetchall() == [
        (REVISION,)
    ]


# ---------------------------------------------------------------------------------------------------------------- times


def test_instants_come_back_in_utc_to_the_microsecond(store: Store):
    there = datetime(2012, 10, 28, 3, 30, 0, 123456, tzinfo=timezone(timedelta(hours=3)))
    store.put_setting("moment", 1, "s_1", there)
    found = store.get_setting("moment")
    assert found is not None
    assert found.at == there
    assert found.at.tzinfo is UTC


def test_instants_as_text_sort_by_time():
    moments = [NOON + timedelta(microseconds=n) for n in (0, 1, 999_999, 1_000_000)]
    assert [iso(m) for m in moments] == sorted(iso(m) for m in moments)
    assert iso(NOON) == "2030-03-01T12:00:00.000000Z"


@pytest.mark.parametrize("dialect", ["sqlite", "postgresql"])
def test_a_time_without_a_zone_is_refused(dialect: str):
    from sqlalchemy.engine import make_url

    naive = datetime(2030, 3, 1)  # noqa: DTZ001 - the point
    with pytest.raises(NaiveTime):
        Utc().process_bind_param(naive, make_url(f"{dialect}://").get_dialect()())


def test_a_record_that_is_opened_twice_in_a_process_keeps_its_log_when_another_process_leaves(tmp_path: Path):
    url = f"sqlite:///{tmp_path / 'kierros.db'}"
    mine = open_store(url)
    cycle = started(mine)
    open_store(url).close()
    program = (
        "import sys; from store.store import open_store; store = open_store(sys.argv[1]);"
        "store.engine_started(sys.argv[2]); store.close()"
    )
    subprocess.run([sys.executable, "-c", program, url, cycle], cwd=ROOT, check=True)
    assert (tmp_path / "kierros.db-wal").exists()
    assert mine.cycle(cycle).engine == "started"
    mine.close()
