"""Personal data goes when the time of its plan is over: warned of once, everybody's at once, and counts stay."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import text, update

from activities.retaining import Caretaker
from exchange.base import TIME
from exchange.plan import Feedback, Privacy
from exchange.questions import Question
from plans import read_plan
from plans.faults import Misread
from plans.privacy import read_months
from store.retaining import months_after
from store.schema import answers, cycles
from store.store import open_store
from tests.plans.conftest import desk
from tests.plans.paper import Desk
from tests.privacy.needles import found_in
from tests.privacy.world import (
    HOST,
    HOST_ADDRESS,
    HOST_CANARIES,
    OTHER,
    OTHER_ADDRESS,
    WORDS,
    Traces,
    lived,
    settings_in,
    visited,
)
from tests.store.builders import NOON, plan, when
from workers import erasing

__all__ = ["desk"]
END = NOON
UNTIL = months_after(END, 6)


@pytest.fixture
def world(tmp_path: Path) -> Iterator[Traces]:
    settings = settings_in(tmp_path / "data")
    store = open_store(settings.database_url)
    asked = (Question(id="q1", text={"en": "How?"}), Question(id="q2", text={"en": "What else?"}, form="text"))
    steps = plan().steps
    survey = Feedback(id="feedback", opens=when(50), closes=when(60), questions=asked)
    yield lived(
        store, settings, privacy=Privacy(keep_months=6), roles={"coordinator": ("s_1",)},
        steps=tuple(survey if step.id == "feedback" else step for step in steps),
    )  # fmt: skip
    store.close()


def ended(world: Traces, **changes: Any) -> None:
    with world.store.writing() as connection:
        values = {"phase": "finished", "ended_at": END, **changes}
        connection.execute(update(cycles).where(cycles.c.id == world.cycle).values(**values))
        row = {"cycle": world.cycle, "step": "feedback"}
        said = [{"id": "a1", "question": "q1", "value": 4}, {"id": "a2", "question": "q2", "value": f"Thank {OTHER}"}]
        connection.execute(answers.insert(), [{**row, **one} for one in said])


def test_when_its_time_is_over_everybody_goes_from_every_file_and_counts_stay(world: Traces) -> None:
    world.store.correct_person(world.cycle, world.her, name="Zofia Nowak-Wiśniewska")
    visited(world)
    ended(world)
    store = world.store
    journal = store.journal(world.cycle)
    assert store.over_time(UNTIL - timedelta(seconds=1)) == []
    assert store.over_time(UNTIL) == [world.cycle]
    assert store.retire(world.cycle, UNTIL) == 3
    assert {one.asked_by for one in store.erasures()} == {TIME}
    assert all(one.done_at for one in erasing.finish(world.settings, store))
    assert found_in(world.settings.data, [*WORDS, OTHER, OTHER_ADDRESS, HOST, HOST_ADDRESS, *HOST_CANARIES]) == []
    assert store.journal(world.cycle) == journal
    assert store.feedback(world.cycle, "feedback") == {"q1": [4]}
    assert store.over_time(UNTIL + timedelta(days=1)) == []
    assert store.retire(world.cycle, UNTIL) == 0


def test_the_coordinator_is_warned_once_thirty_days_before(world: Traces) -> None:
    ended(world)
    moments = (UNTIL - timedelta(days=31), UNTIL - timedelta(days=30), UNTIL - timedelta(days=1), UNTIL)
    counts = []
    for moment in moments:
        world.store.warn_of_time(moment)
        counts.append(len([r for r in world.store.letters(world.cycle) if r.kind == "data_kept_until"]))
    assert counts == [0, 1, 1, 1]
    (letter,) = [row for row in world.store.letters(world.cycle) if row.kind == "data_kept_until"]
    assert (letter.to_ref, letter.facts) == ("s_1", {"until": UNTIL.isoformat()})


@pytest.mark.parametrize("case", ["it runs", "its plan sets no time"])
def test_nothing_goes_while(world: Traces, case: str) -> None:
    if case == "it runs":
        ended(world, phase="running", ended_at=None)
    else:
        ended(world, plan=plan(world.cycle).model_dump(mode="json"))
    far = UNTIL + timedelta(days=4000)
    world.store.warn_of_time(far)
    assert world.store.over_time(far) == []
    assert world.store.retire(world.cycle, far) == (0 if case == "it runs" else 2), "who asks for it decides"


def test_the_caretaker_does_both_whatever_cycles_still_run(world: Traces, monkeypatch: pytest.MonkeyPatch) -> None:
    ended(world, ended_at=datetime.now(NOON.tzinfo) - timedelta(days=190))
    assert Caretaker(world.store).keep_in_time() == 2
    assert Caretaker(world.store).keep_in_time() == 0
    with world.store.reading() as connection:
        assert connection.execute(text("SELECT count(*) FROM people")).scalar() == 0


def test_months_end_where_the_month_ends() -> None:
    assert months_after(NOON.replace(month=8, day=31), 6).isoformat()[:10] == "2031-02-28"
    assert months_after(NOON, 24).isoformat()[:10] == "2032-03-01"


@pytest.mark.parametrize(("words", "months"), [("24 months", 24), ("2 years", 24), ("1 month", 1), ("10 Years", 120)])
def test_a_time_is_written_in_months_or_years(words: str, months: int) -> None:
    assert read_months(words) == months


@pytest.mark.parametrize("words", ["24", "90 days", "0 months", "11 years", "for ever"])
def test_another_time_is_a_sentence(words: str) -> None:
    with pytest.raises(Misread, match=r"in months or years|between 1 month and 10 years"):
        read_months(words)


def test_a_plan_says_it_and_the_workflow_does_not_carry_it(desk: Desk) -> None:
    from exchange.essential import essential

    said = "year: 2012\nprivacy: {keep_personal_data: 2 years, purpose: To hold the exchange, answers_for: the library}"
    desk.change("year: 2012", said)
    draft = read_plan(desk.plan).draft
    assert (draft.privacy.keep_months, draft.privacy.purpose) == (24, {"en": "To hold the exchange"})
    assert essential(draft).privacy == Privacy()
    assert "privacy" not in essential(draft).model_dump()
