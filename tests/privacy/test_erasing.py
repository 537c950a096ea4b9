"""After an erasure nothing of the person is found: not in the tables, and in no raw byte of any file."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update

from exchange.erasing import PersonErased
from exchange.record import Gone
from store import own_words, scrubbing
from store.engine import connect
from store.erasing import HERSELF, NAMED, mark_of
from store.faults import AddressTaken, NobodyToErase
from store.schema import cycles, metadata
from store.store import Store, open_store
from tests.postgres import Server
from tests.privacy.needles import found_in, hits
from tests.privacy.world import (
    ADDRESS,
    HOST,
    HOST_ADDRESS,
    HOST_CANARIES,
    NAME,
    OTHER,
    OTHER_ADDRESS,
    SAID,
    WORDS,
    Traces,
    lived,
    settings_in,
    visited,
)  # fmt: skip
from tests.store.builders import NOON, record
from workers import erasing

LATER = NOON + timedelta(days=3)


@pytest.fixture(scope="module")
def migrated(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("migrated") / "kierros.db"
    open_store(f"sqlite:///{file}").close()
    return file


@pytest.fixture
def world(tmp_path: Path, migrated: Path) -> Iterator[Traces]:
    settings = settings_in(tmp_path / "data")
    shutil.copy(migrated, settings.data / "kierros.db")
    store = open_store(settings.database_url)
    yield lived(store, settings)
    store.close()


def erased(world: Traces, **changes: Any) -> Any:
    return erasing.erase(world.settings, world.store, world.cycle, world.her, now=LATER, **changes)


def told(world: Traces) -> None:
    """Her cycle hears of it, as from a running workflow."""
    gone = PersonErased(at=LATER, actor=world.her, person=world.her)
    length = world.store.cycle(world.cycle).length
    assert world.store.keep(record(world.cycle, [gone], at=length), LATER).gone == ()


async def test_no_byte_of_her_is_left_in_any_file(world: Traces) -> None:
    await world.into_the_mailbox()
    before = found_in(world.settings.data, WORDS)
    assert {word for _, word, _ in before} == set(WORDS)
    assert any(form.startswith("base64") for *_, form in before)
    assert erased(world).pending == erasing.UNTOLD
    told(world)
    (done,) = erasing.finish(world.settings, world.store)
    assert done.done_at is not None
    assert found_in(world.settings.data, WORDS) == []
    assert OTHER.encode() in (world.settings.data / "kierros.db").read_bytes()
    assert list(world.settings.mailbox.glob("*.eml")), "letters of others that do not name her stay"


async def test_by_what_she_was_known_before_it_was_corrected_is_gone_as_well(world: Traces) -> None:
    """Letters to others, reports and notes hold the name that she had then."""
    await world.into_the_mailbox()
    new = {"name": "Zofia Nowak-Wiśniewska", "address": "zofia@library.example"}
    world.store.correct_person(world.cycle, world.her, **new)
    world.store.correct_person(world.cycle, world.her, address="nowak@library.example")
    kept = world.store.kept_of(world.cycle, world.her)
    assert kept["told"][own_words.FORMERLY] == [NAME, ADDRESS, "zofia@library.example"]
    erased(world)
    told(world)
    (done,) = erasing.finish(world.settings, world.store)
    assert done.done_at is not None
    assert found_in(world.settings.data, [*WORDS, *new.values(), "nowak@library.example"]) == []


@pytest.mark.parametrize("draft", [False, True])
def test_what_a_host_s_contact_wrote_of_the_visit_is_gone_with_her_also_from_a_filed_report(
    world: Traces, *, draft: bool
) -> None:
    """Page, data, the files of both: her words go, and how much the visit gave the library stays."""
    hers = visited(world, draft=draft)
    words = [HOST, HOST_ADDRESS, *HOST_CANARIES]
    before = found_in(world.settings.data, words)
    for kind in (".json", ".html"):
        assert {word for file, word, _ in before if file.endswith(kind)} == set(HOST_CANARIES)
    erasing.erase(world.settings, world.store, world.cycle, hers, now=LATER)
    (gone,) = world.store.keep(record(world.cycle, at=world.store.cycle(world.cycle).length), LATER).gone
    assert gone.steps == (("report",) if draft else ())
    let_go = PersonErased(at=LATER, actor=hers, person=hers)
    world.store.keep(record(world.cycle, [let_go], at=world.store.cycle(world.cycle).length), LATER)
    assert all(one.done_at for one in erasing.finish(world.settings, world.store))
    assert found_in(world.settings.data, words) == []
    (report,) = [one for one in world.store.reports(world.cycle) if one.revision == 2]
    (heard,) = [stay["heard"] for stay in report.data["stays"] if stay.get("heard")]
    assert heard == {"rating": 4, "gained": "[…]", "better": "[…]"}
    assert report.html.count("What the host says") == 1
    assert (report.filed_at is None) is draft


def test_what_another_wrote_of_a_visit_stays(world: Traces) -> None:
    visited(world)
    before = [one for one in world.store.reports(world.cycle) if one.revision == 2]
    erased(world)
    assert [one for one in world.store.reports(world.cycle) if one.revision == 2] == before


@pytest.mark.parametrize("fault", ["nothing is rebuilt", "what is deleted is not overwritten"])
async def test_the_search_notices_what_is_only_deleted(
    world: Traces, fault: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(Store, "scrub", lambda _: "")
    if fault != "nothing is rebuilt":
        with world.store.writing() as connection:
            connection.execute(text("PRAGMA secure_delete=OFF"))
        world.store.close()
        off = lambda c, _: (c.execute("PRAGMA journal_mode=WAL"), c.execute("PRAGMA secure_delete=OFF"))  # noqa: E731
        engine, _ = connect(world.settings.database_url)
        from sqlalchemy import event

        event.listen(engine, "connect", off)
        world.store._engine, world.store._reader = engine, engine
        world.store._writer = engine.execution_options(writes=True)
    erased(world)
    assert found_in(world.settings.data, WORDS)


def test_while_somebody_reads_it_is_pending_and_then_done(world: Traces) -> None:
    with world.store.reading() as connection:
        connection.execute(text("SELECT count(*) FROM people")).all()
        assert erased(world).pending == scrubbing.BUSY
        assert world.store.erasures(pending_only=True)
    told(world)
    (done,) = erasing.finish(world.settings, world.store)
    assert (done.pending, done.done_at is not None) == ("", True)
    assert world.store.erasures(pending_only=True) == []
    assert found_in(world.settings.data, WORDS) == []


def test_a_file_that_cannot_be_removed_keeps_it_pending(world: Traces, monkeypatch: pytest.MonkeyPatch) -> None:
    def refuse(*_: object) -> int:
        raise PermissionError(13, "Permission denied")

    with monkeypatch.context() as broken:
        broken.setattr(erasing, "forget", refuse)
        assert "cannot be taken away" in erased(world).pending
    told(world)
    assert erasing.finish(world.settings, world.store)[0].done_at is not None


def test_twice_is_once_and_nobody_is_nobody(world: Traces) -> None:
    first = erased(world)
    again = erased(world, by="s_1")
    assert (again.mark, again.asked_at, again.asked_by) == (first.mark, first.asked_at, HERSELF)
    assert len(world.store.erasures()) == 1
    with pytest.raises(NobodyToErase, match="nothing to erase"):
        erasing.erase(world.settings, world.store, world.cycle, "p_nobody")


def test_her_cycle_hears_of_it_until_it_has_let_her_go(world: Traces) -> None:
    world.store.engine_started(world.cycle)
    erased(world)
    gone = Gone(person=world.her, actor=world.her, steps=("report",))
    assert world.store.untold() == [world.cycle]
    length = world.store.cycle(world.cycle).length
    assert world.store.keep(record(world.cycle, at=length), LATER).gone == (gone,)
    told(world)
    assert world.store.untold() == []
    assert world.store.keep(record(world.cycle, at=length + 1), LATER).gone == ()


def test_letters_to_her_are_dropped_and_those_about_her_are_blanked_or_written_anew(world: Traces) -> None:
    erased(world)
    states = {row.kind: (row.state, row.subject) for row in world.store.letters(world.cycle, to_ref=world.her)}
    assert states == {
        "place_confirmed": ("sent", ""), "seminar_programme": ("sent", ""), "thanks": ("dropped", ""),
        "survey": ("dropped", ""),
    }  # fmt: skip
    assert world.row("seminar_programme", world.other).data is None
    assert world.row("place_confirmed", world.other).data is not None
    assert world.row("thanks", world.other).state == "queued"


def test_an_approved_letter_to_another_that_names_her_is_stopped_and_staff_are_told(world: Traces) -> None:
    from exchange.approval import StepApproved
    from store.schema import outbox

    agreed = StepApproved(at=NOON, actor="s_1", step="intro", revision=1, digest="d")
    world.store.keep(record(world.cycle, [agreed], at=world.store.cycle(world.cycle).length), NOON)
    row = world.row("seminar_programme", world.other)
    with world.store.writing() as connection:
        change = update(outbox).where(outbox.c.id == row.id)
        connection.execute(change.values(state="queued", batch="intro/1", sent_at=None))
    erased(world)
    after = world.row("seminar_programme", world.other)
    assert (after.state, after.data, after.last_error) == ("failed", None, NAMED)
    waiting = world.store.waiting(world.cycle, 10).rows
    assert [one.data["kind"] for one in waiting] == ["GiveFeedback", "NoteFailedLetters"]


def test_letters_that_were_being_written_meanwhile_are_written_again(world: Traces) -> None:
    from store.faults import ErasedMeanwhile
    from tests.privacy.world import letter

    row = world.row("survey", world.other)
    form = letter(row, OTHER, f"Ask {NAME}")
    erased(world)
    with pytest.raises(ErasedMeanwhile):
        world.store.rendered(row, form, LATER - timedelta(seconds=1))
    assert world.store.rendered(row, form, LATER + timedelta(seconds=1)).data == form.data


def test_her_name_goes_from_the_words_and_reports_of_others_and_the_rest_stays(world: Traces) -> None:
    erased(world)
    with world.store.reading() as connection:
        words = connection.execute(text("SELECT words FROM texts")).scalars().all()
    assert [one for one in words if "The room was booked by […] yesterday" in one]
    assert len(words) == 1
    with world.store.reading() as connection:
        assert own_words.told_by_all(connection, world.cycle, "learned") == {world.other: "From […], how to ask"}
        assert own_words.told_by_all(connection, world.cycle, "diet") == {}
    report = world.store.report(world.cycle)
    assert report is not None
    assert (report.html, report.data["said"]) == ("<p>[…] was of help</p>", ["[…] was of help"])


def test_the_journal_s_fold_counts_as_before(world: Traces) -> None:
    before = world.store.journal(world.cycle)
    erased(world)
    assert world.store.journal(world.cycle) == before


def test_what_is_kept_of_her_is_told_whole_and_nothing_of_others(world: Traces) -> None:
    kept = world.store.kept_of(world.cycle, world.her)
    assert (kept["person"]["name"], kept["person"]["address"]) == (NAME, ADDRESS)
    assert [answer["said"]["kind"] for answer in kept["answers"]] == ["GiveFeedback"]
    assert [event["kind"] for event in kept["events"]] == ["DelegateRegistered", "NoteTaken"]
    assert {letter["kind"] for letter in kept["letters"]} == {
        "place_confirmed",
        "seminar_programme",
        "thanks",
        "survey",
    }
    assert kept["no_letters_of_kind"] == ["survey"]
    assert [SAID in text for one in kept["words"] for text in one["words"].values()] == [True]
    assert [NAME.lower() in text for one in kept["named_in"] for text in one["words"].values()] == [True]
    assert OTHER not in str(kept)
    assert [person.ref for person in world.store.same_person(world.her)] == [world.her]


def test_after_the_end_the_record_alone_sees_to_it(world: Traces) -> None:
    with world.store.writing() as connection:
        over = update(cycles).where(cycles.c.id == world.cycle)
        connection.execute(over.values(phase="cancelled", ended_at=NOON))
    done = erased(world)
    assert (done.pending, done.told_at is not None, done.done_at is not None) == ("", True, True)
    assert world.store.untold() == []


def test_she_is_asked_to_confirm_by_one_letter_an_hour(world: Traces) -> None:
    moments = (LATER, LATER + timedelta(minutes=20), LATER + timedelta(minutes=61))
    assert [world.store.ask_to_confirm(world.cycle, world.her, moment) for moment in moments] == [True, False, True]
    letters = [row for row in world.store.letters(world.cycle, to_ref=world.her) if row.kind == "erasure_asked"]
    assert [row.state for row in letters] == ["queued", "queued"]
    erased(world)
    assert {row.state for row in world.store.letters(world.cycle, to_ref=world.her) if row.kind == "erasure_asked"} == {
        "dropped"
    }
    with pytest.raises(NobodyToErase):
        world.store.ask_to_confirm(world.cycle, world.her, LATER)


def test_what_is_corrected_is_written_anew_where_nobody_approved_it(world: Traces) -> None:
    world.store.correct_person(world.cycle, world.her, address="new@library.example", name="")
    assert world.store.by_address(world.cycle, "new@library.example") is not None
    assert world.row("thanks", world.her).data is None
    assert world.row("place_confirmed", world.her).data is not None
    with pytest.raises(AddressTaken, match="belongs to one person"):
        world.store.correct_person(world.cycle, world.her, address=OTHER_ADDRESS)
    with pytest.raises(NobodyToErase):
        world.store.correct_person(world.cycle, "p_nobody", name="X")


# -- PostgreSQL --------------------------------------------------------------------------------------------------------


def pages(store: Store) -> bytes:
    """The raw bytes of every table's files, indexes and what is stored beside it, as they lie on the disk."""
    with store.reading() as connection:
        paths = connection.execute(
            text("SELECT pg_relation_filepath(oid) FROM pg_class WHERE relkind IN ('r', 't', 'i') AND oid > 16000")
        ).scalars()
        wanted = [path for path in paths if path]
        read = "SELECT pg_read_binary_file(:path, 0, 100000000, true)"
        return b"".join(connection.execute(text(read), {"path": path}).scalar() or b"" for path in wanted)


def rows(store: Store) -> bytes:
    with store.reading() as connection:
        names = [table.name for table in metadata.sorted_tables]
        found = [connection.execute(text(f"SELECT t.*::text FROM {name} t")).all() for name in names]
        letters = connection.execute(text("SELECT data FROM outbox WHERE data IS NOT NULL")).scalars()
        return repr(found).encode() + b"".join(bytes(one) for one in letters)


@pytest.mark.postgres
def test_on_postgresql_she_is_gone_from_sql_at_once_and_from_the_pages(
    postgres_server: Server, postgres_url: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    settings = settings_in(tmp_path / "data")
    store = open_store(postgres_url)
    world = lived(store, settings)
    name = postgres_url.rpartition("/")[2]
    assert {word for word, _ in hits(rows(store), WORDS)} == set(WORDS)
    with monkeypatch.context() as later:
        later.setattr(Store, "scrub", lambda _: scrubbing.BUSY)
        assert erased(world).pending == scrubbing.BUSY
    assert hits(rows(store), WORDS) == []
    postgres_server.execute("CHECKPOINT")
    assert hits(pages(store), WORDS), "deleted rows lie in the pages until the tables are rebuilt"
    told(world)
    (done,) = erasing.finish(settings, store)
    assert (done.pending, done.done_at is not None) == ("", True)
    postgres_server.execute("CHECKPOINT")
    assert hits(pages(store), WORDS) == []
    assert OTHER.encode() in pages(store)
    assert name
    assert SAID in WORDS
    assert mark_of(world.her) == done.mark
    store.close()
