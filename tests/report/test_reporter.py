"""The reporter: from the record to the record, and to two files that are whole or not there."""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest

from activities.reporting import Reporter, write
from exchange.base import Event
from exchange.correspondence import ordered
from exchange.cycle import begin
from exchange.feedback import FeedbackGiven
from exchange.record import Preparation, Record, events
from runtime.settings import Settings
from store.models import Letterbox
from store.store import Store, open_store
from tests.report.year import STAFF, Year, good_answers, good_year, kaliningrad, rows

NOW = datetime(2012, 11, 13, tzinfo=UTC)
KEYS = Path(__file__).parent / "account_keys.txt"


@dataclass(frozen=True)
class Desk:
    """A record with a whole year in it, and a reporter."""

    store: Store
    reporter: Reporter
    folder: Path
    year: Year
    wanted: Preparation

    def draw(self) -> str:
        return self.reporter.draw_up_report(self.wanted).digest

    @property
    def html(self) -> str:
        return (self.folder / self.wanted.cycle / "report-1.html").read_text("utf-8")

    @property
    def data(self) -> Any:
        return json.loads((self.folder / self.wanted.cycle / "report-1.json").read_text("utf-8"))


def numbered(journal: list[Event]) -> list[Event]:
    """The journal with each feedback as the answer of an inbox row."""
    given = iter(range(1, 1000))
    return [
        event.model_copy(update={"cause": f"i{next(given)}"}) if isinstance(event, FeedbackGiven) else event
        for event in journal
    ]


def sheets(answers: dict[str, list[Any]], count: int) -> list[dict[str, Any]]:
    """The answers of each of so many people: the first of every list, then the second."""
    return [{q: values[n] for q, values in answers.items() if n < len(values)} for n in range(count)]


@pytest.fixture
def desk(tmp_path: Path) -> Iterator[Desk]:
    plan, _ = kaliningrad()
    year = good_year(plan)
    people, texts = rows()
    store = open_store(f"sqlite:///{tmp_path / 'kierros.db'}", domain="library.example")
    store.start_cycle(plan, people, texts, NOW)
    for name in STAFF.values():
        store.add_staff(name, f"{name.replace(' ', '.')}@library.example", now=NOW)
    journal = numbered(year.journal)
    given = [event.person for event in journal if isinstance(event, FeedbackGiven)]
    forms = sheets(good_answers(year)["feedback"], len(given))
    forms[0]["next-theme"] = f"Ask {people[0].name} or write to {people[1].address}."
    box = [
        Letterbox(command_id=f"c{n}", command={"kind": "GiveFeedback", "person": who}, actor=who, answers=form)
        for n, (who, form) in enumerate(zip(given, forms, strict=True), 1)
    ]
    store.receive(plan.id, box, NOW)
    packed = tuple(events.pack(event) for event in journal)
    mails = tuple(ordered(begin(plan), journal))
    store.keep(Record(cycle=plan.id, after=0, events=packed, mails=mails, decided_to=len(box)), NOW)
    settings = Settings(data=tmp_path)
    wanted = Preparation(cycle=plan.id, step="report", revision=1)
    yield Desk(store, Reporter(store, settings), settings.reports, year, wanted)
    store.close()


def test_the_report_is_kept_under_its_digest_and_laid_down_as_page_and_data(desk: Desk):
    ready = desk.reporter.draw_up_report(desk.wanted)
    kept = desk.store.report(desk.wanted.cycle)
    assert kept is not None
    assert (ready.digest, ready.letters, ready.languages) == (kept.digest, 0, ("en",))
    assert desk.html == kept.html
    assert desk.data == kept.data
    assert {file.name for file in (desk.folder / desk.wanted.cycle).iterdir()} == {"report-1.html", "report-1.json"}


def test_drawing_it_up_again_makes_the_same_bytes(desk: Desk):
    first = desk.draw()
    html = desk.html
    assert desk.draw() == first
    assert desk.html == html


def test_the_account_from_the_record_is_the_account_of_the_state(desk: Desk):
    desk.draw()
    data = desk.data
    assert data["company"]["took_part"] == 19
    assert data["surveys"][0]["given"] == 16
    knowledge = data["surveys"][0]["questions"][0]
    assert (knowledge["answers"], knowledge["median"]) == (16, 5.0)
    assert data["stays"][1]["tries"][0]["reason"]["en"].startswith("Its staff have changed places")
    assert data["post"]["waiting"] > 100


def test_nobody_on_the_cycles_lists_and_no_staff_is_named(desk: Desk):
    desk.draw()
    people, _ = rows()
    names = [words for person in people for words in (person.name, person.address, *person.name.split())]
    names += [words for name in STAFF.values() for words in (name, *name.split())]
    public = json.dumps(desk.year.cycle.plan.model_dump(mode="json"), ensure_ascii=False)
    written = desk.html + json.dumps(desk.data, ensure_ascii=False)
    found = [name for name in names if len(name) > 2 and name not in public and name in written]
    assert len(names) > 100
    assert not found
    assert desk.data["masked"] == 3


def test_no_reference_to_a_person_is_written(desk: Desk):
    desk.draw()
    people, texts = rows()
    written = desk.html + json.dumps(desk.data)
    refs = [row.ref for row in (*people, *texts)] + list(STAFF)
    assert not [ref for ref in refs if ref in written]


def paths(value: Any, at: str = "") -> set[str]:
    """Every key of the data with the way to it; what is in a list stands under ``[]``, words under their language."""
    if isinstance(value, dict):
        return {at} | {path for key, inner in value.items() for path in paths(inner, f"{at}.{key}")}
    if isinstance(value, list):
        return {at} | {path for inner in value for path in paths(inner, f"{at}[]")}
    return {at}


def test_the_data_has_exactly_the_keys_that_were_promised(desk: Desk):
    """What others read from the file must stay; a new key is added to the list, with CHANGELOG."""
    desk.draw()
    assert sorted(path[1:] for path in paths(desk.data) if path) == KEYS.read_text("utf-8").splitlines()


def test_a_report_that_was_filed_is_not_replaced(desk: Desk):
    digest, position = desk.draw(), desk.year.cycle.position
    done = desk.year.approve("report", "s_antti").journal[position:]
    exact = [e.model_copy(update={"digest": digest}) if hasattr(e, "digest") else e for e in done]
    packed = tuple(events.pack(event) for event in exact)
    decided = desk.store.cycle(desk.wanted.cycle).decided_to
    desk.store.keep(Record(cycle=desk.wanted.cycle, after=position, events=packed, decided_to=decided), NOW)
    filed = desk.store.report(desk.wanted.cycle)
    assert filed is not None
    assert filed.filed_at is not None
    assert desk.draw() == digest
    assert desk.data == filed.data


def test_a_second_version_lies_beside_the_first(desk: Desk):
    first = desk.draw()
    second = desk.reporter.draw_up_report(desk.wanted.model_copy(update={"revision": 2}))
    assert second.digest != first
    assert (desk.folder / desk.wanted.cycle / "report-2.html").exists()


def test_a_file_that_cannot_be_written_leaves_the_old_one_and_no_rest(tmp_path: Path):
    file = tmp_path / "folder" / "report.html"
    write(file, "old")
    with pytest.raises(UnicodeEncodeError):
        write(file, "new \ud800")
    assert file.read_text("utf-8") == "old"
    assert [each.name for each in file.parent.iterdir()] == ["report.html"]
