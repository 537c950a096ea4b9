"""The years that we hand out to be looked at: each is in order, rehearses to its end, and can be played."""

from __future__ import annotations

import importlib
import subprocess
import sys
from datetime import UTC, datetime
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import yaml

from cli.app import ORDER
from exchange.cycle import begin
from exchange.plan import Visits
from plans import PlanFile, Staffer, check_plan, read_answers, read_people, read_plan, split_plan
from rehearsal.script import read_script
from rehearsal.year import Reader, rehearse

ROOT = Path(__file__).parents[1]
PLAY = ROOT / "examples" / "play.py"
EXAMPLES = sorted(plan.parent for plan in PLAY.parent.glob("*/plan.yaml"))
DENMARK = PLAY.parent / "denmark-2024"

each = pytest.mark.parametrize("folder", EXAMPLES, ids=lambda folder: folder.name)


@pytest.fixture
def stories(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module that reads a story; the demo is a program beside the packages."""
    monkeypatch.syspath_prepend(PLAY.parent)
    return importlib.import_module("story")


def staff_of(file: PlanFile) -> dict[str, Staffer]:
    names = {name.casefold(): roles for roles, found in file.draft.roles.items() for name in found}
    return {name: Staffer(f"s_{number}", (role,)) for number, (name, role) in enumerate(names.items())}


@each
def test_it_is_in_order_without_so_much_as_a_warning(folder: Path):
    assert check_plan(folder / "plan.yaml", staff_of(read_plan(folder / "plan.yaml"))) == []


@each
def test_it_rehearses_to_its_end(folder: Path):
    file = read_plan(folder / "plan.yaml")
    people, staff = read_people(file.people, organisations=file.draft.organisations), staff_of(file)
    now = datetime(file.draft.year, 1, 1, tzinfo=UTC)
    split = split_plan(file, people, staff, starter=next(iter(staff.values())).ref, now=now)
    readers = {row.ref: Reader(row.language, row.zone) for row in split.people}
    year = rehearse(begin(split.plan), read_script([]), now, readers)
    assert year.ends.phase == "finished"
    assert not year.refused
    assert {stay.stage for stay in year.ends.bookings.values()} == {"visited"}
    assert year.ends.participants()


@each
def test_it_writes_to_nobody_who_exists(folder: Path, stories: Any):
    file = read_plan(folder / "plan.yaml")
    listed = read_people(file.people, organisations=file.draft.organisations)
    assert not listed.refused
    addresses = {one.address_norm for one in listed.accepted} | {one[1] for one in stories.read_story(folder).staff}
    assert all(address.endswith(".example") for address in addresses)


@each
def test_its_answers_are_of_its_people_and_to_its_questions(folder: Path):
    file = read_plan(folder / "plan.yaml")
    answers = read_answers(folder / "feedback.csv", file.draft.step("feedback").questions)
    assert (answers.refused, answers.duplicates, answers.ignored) == ((), (), ())
    listed = read_people(file.people, organisations=file.draft.organisations)
    assert {row.address for row in answers.accepted} <= {
        one.address_norm for one in listed.accepted if one.part == "invitee"
    }


@each
def test_its_story_names_what_the_plan_has_and_commands_that_there_are(folder: Path, stories: Any):
    story, file = stories.read_story(folder), read_plan(folder / "plan.yaml")
    steps = {step.id for step in file.draft.steps}
    slots = {slot.id for step in file.draft.steps if isinstance(step, Visits) for slot in step.slots}
    addresses = {one.address_norm for one in read_people(file.people).accepted}
    assert {name for name, _, _ in story.staff} == {name for found in file.draft.roles.values() for name in found}
    for act in story.acts:
        assert act.when.get("step", "visits") in steps
        assert act.when.get("visit", next(iter(slots))) in slots
        for words in act.run:
            assert words[0] in ORDER, act.id
            assert {word for word in words if word.endswith(".example")} <= addresses
            assert {value for flag, value in pairwise(words) if flag == "--slot"} <= slots


def test_an_act_waits_for_everything_at_once(stories: Any):
    act = stories.Act("move", {"after": "resume", "step": "final", "detail": "sent", "not_ahead": "Registration opens"})
    shown = {"ahead": [], "visits": [], "steps": [{"id": "final", "state": "now", "detail": "programme sent"}]}
    assert act.ready(shown, {"resume"})
    assert not act.ready(shown, set())
    assert not act.ready({**shown, "ahead": [{"what": "Registration opens: Registration"}]}, {"resume"})
    assert not act.ready({**shown, "steps": [{**shown["steps"][0], "detail": "waits for approval"}]}, {"resume"})
    told = stories.Act("no", {"visit": "north", "stage": "asked", "host": "Randers Library"})
    visit = {"slot": "north", "stage": "asked", "host": "Randers Library"}
    assert told.ready({**shown, "visits": [visit]}, set())
    assert not told.ready({**shown, "visits": [{**visit, "host": "Horsens Library"}]}, set())


def test_a_story_that_waits_for_nothing_known_is_refused(stories: Any, tmp_path: Path):
    told = yaml.safe_load((DENMARK / "story.yaml").read_text("utf-8"))
    told["acts"][0]["when"] = {"wether": "rain"}
    (tmp_path / "story.yaml").write_text(yaml.safe_dump(told), "utf-8")
    with pytest.raises(Exception, match="waits for wether, which is not known"):
        stories.read_story(tmp_path)


def test_a_name_that_is_no_example_is_answered_with_those_there_are():
    done = subprocess.run([sys.executable, PLAY, "atlantis-1999"], capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert "There is no example called atlantis-1999" in done.stdout
    assert all(folder.name in done.stdout for folder in EXAMPLES)


@each
@pytest.mark.slow
@pytest.mark.server
@pytest.mark.timeout(1800)
def test_it_is_played_to_its_end_with_all_that_happens_in_it(folder: Path, stories: Any, tmp_path: Path):
    done = subprocess.run(
        [sys.executable, PLAY, folder.name, "--data", tmp_path / "data"],
        stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout[-3000:]
    assert "This is practice." in done.stdout
    told = done.stdout.rpartition("the year begins again")[2]  # on a busy machine the first try breaks off
    assert "could not:" not in told
    for act in stories.read_story(folder).acts:
        assert act.says.partition("{")[0].strip() in told, act.id
    assert ", 0 not." in told
    assert (tmp_path / "data" / "report.html").exists()
