"""Whole years on the real stack: people are erased while it runs and after its end, and no file has a byte of them."""

from __future__ import annotations

from pathlib import Path

import pytest

from runtime.engine import connect
from runtime.settings import Settings
from tests.engine.installation import Installation, installed, until
from tests.engine.test_whole_year import CANARIES, start
from tests.engine.year import Year
from tests.postgres import postgres_server, postgres_url
from tests.privacy.needles import found_in
from workflows import contract

__all__ = ["postgres_server", "postgres_url"]
pytestmark = [pytest.mark.slow, pytest.mark.server, pytest.mark.timeout(400)]
PLANS = ("plan.yaml", "people.csv", "feedback.csv")
"""What the coordinator keeps herself."""
NOTE, PHONE = "zqnoteéwv", "+371 2612 8844 09"


def all_gone(here: Installation, count: int) -> None:
    def done() -> bool:
        rows = here.store.erasures()
        return len(rows) == count and all(one.done_at for one in rows)

    until(done, within=60, what="nothing is left")


def erase(here: Installation, *addresses: str) -> None:
    before = len(here.store.erasures())
    for address in addresses:
        here.do("people", "erase", address, "--yes")
    all_gone(here, before + len(addresses))


def live_to(year: Year, step: str) -> None:
    def there() -> bool:
        state = year.here.cycle(year.cycle)
        if state.current == step or state.over:
            return True
        year.turn(state)
        return False

    until(there, within=150, what=f"it is at {step}")


def lived_and_forgotten(here: Installation, folder: Path) -> None:
    year = start(here, "A year")
    wanted = [person.address for person in here.store.people(year.cycle)]
    live_to(year, "introductory-seminar")
    hers = year.people[2]
    here.do("note", f"{NOTE}, her telephone is {PHONE}", "--about", hers, "--cycle", year.cycle)
    confirmed = here.cycle(year.cycle).desk("registration").confirmed
    (person,) = here.store.everywhere(hers)
    here.store.ask_to_confirm(year.cycle, person.ref)
    erase(here, hers)
    words = [person.name, person.address, NOTE, PHONE]
    assert found_in(folder, words, but=PLANS) == []
    assert here.cycle(year.cycle).desk("registration").confirmed <= confirmed
    assert person.ref in here.cycle(year.cycle).erased
    assert year.play().phase == "finished"
    erase(here, *(address for address in wanted if address != hers))
    assert here.store.people(year.cycle) == []
    assert found_in(folder, [*CANARIES, NOTE, PHONE], but=PLANS) == []
    assert here.do("report", year.cycle, "--json").data
    assert here.do("history", year.cycle, "--json").data


def test_people_are_erased_in_the_middle_of_the_year_and_after_its_end(tmp_path: Path) -> None:
    with installed(tmp_path) as here:
        lived_and_forgotten(here, tmp_path)
        assert list((tmp_path / "mailbox").glob("*.eml")), "letters to staff stay"


async def test_temporal_keeps_the_schedule_by_which_data_is_kept_in_time(tmp_path: Path) -> None:
    with installed(tmp_path):
        client = await connect(Settings(data=tmp_path))
        described = await client.get_schedule_handle(contract.CARETAKER_ID).describe()
        assert described.info.num_actions >= 0
        (first,) = [one async for one in client.list_workflows("WorkflowType = 'CaretakerWorkflow'")][:1]
        assert await client.get_workflow_handle(first.id).result() == 0


@pytest.mark.postgres
def test_the_same_with_the_record_in_postgresql(tmp_path: Path, postgres_url: str) -> None:
    with installed(tmp_path, KIERROS_DATABASE=postgres_url) as here:
        lived_and_forgotten(here, tmp_path)
