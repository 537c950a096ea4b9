"""The years that we hand out to be looked at: each is in order, rehearses to its end, and can be played."""

from __future__ import annotations

import importlib
import io
import os
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import Future
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
import yaml
from rich.console import Console

from exchange.cycle import begin
from exchange.plan import Visits
from plans import PlanFile, Staffer, check_plan, read_answers, read_people, read_plan, split_plan
from portal.pages import doors
from portal.pages.staff_deeds import DEEDS
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
def test_its_story_names_what_the_plan_has_and_what_the_pages_offer(folder: Path, stories: Any):
    story, file = stories.read_story(folder), read_plan(folder / "plan.yaml")
    steps = {step.id for step in file.draft.steps}
    slots = {slot.id for step in file.draft.steps if isinstance(step, Visits) for slot in step.slots}
    listed, staff = read_people(file.people).accepted, {name for name, _, _ in story.staff}
    addresses = {one.address_norm for one in listed}
    assert staff == {name for found in file.draft.roles.values() for name in found}
    for act in story.acts:
        assert act.when.get("step", "visits") in steps
        assert act.when.get("visit", next(iter(slots))) in slots
        assert act.registers or act.who in ({one.name for one in listed} if not act.does else staff), act.id
        assert not act.does or act.does in DEEDS, act.id
        assert not act.clicks or any(act.clicks in behind for behind in doors().values()), act.id
        assert {words for words in act.fills.values() if words.endswith(".example")} <= addresses
        assert {words for name, words in act.fills.items() if name == "slot"} <= slots
        assert set(act.tells) <= {one.name for one in listed if one.part == "invitee"}, act.id


def test_an_act_waits_for_everything_at_once(stories: Any):
    act = stories.Act(
        id="move", when={"after": "resume", "step": "final", "detail": "sent", "not_ahead": "Registration opens"}
    )
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


A_PAGE = """<html><body><form action="/sign-out"><button>Out</button></form><main>
<h1>Your <em>feedback</em></h1>
<div class="notice notice--good"><p class="notice__title">Saved</p><p>Come back.</p></div>
<ul><li><a href="/mailbox/7">A letter</a><br>09:00 · Anna</li></ul>
<form method="post"><input type="hidden" name="seal" value="s">
<fieldset><legend>How much?</legend>
<input type="radio" id="a1" name="much" value="1"><label for="a1">little</label>
<input type="radio" id="a2" name="much" value="2" checked><label for="a2">a lot – very much</label></fieldset>
<select name="from"><option value="">Choose</option><option value="o">Oslo</option></select>
<input type="text" name="on-day" value="1"><input name="on-month"><input name="on-year">
<textarea name="words">
As before</textarea><button name="do" value="send">Send</button><button name="do" value="save">Save</button></form>
</main></body></html>"""


@pytest.fixture
def pages(monkeypatch: pytest.MonkeyPatch) -> Any:
    """The module that reads a page of the portal."""
    monkeypatch.syspath_prepend(PLAY.parent)
    return importlib.import_module("pages")


def test_a_page_is_read_as_a_person_reads_it(pages: Any):
    page = pages.Page("/l/token", 200, A_PAGE)
    assert (page.heading, page.said()) == ("Your feedback", "Saved. Come back")
    assert page.items == [("A letter09:00 · Anna", "/mailbox/7")]
    (form,) = page.forms  # signing out is no form of the page itself
    assert form.filled({}, "") == {"seal": "s", "much": "2", "on-day": "1", "words": "As before", "do": "send"}
    sent = form.filled({"much": "little", "from": "Oslo", "words": "New"}, "save")
    assert (sent["much"], sent["from"], sent["words"], sent["do"]) == ("1", "o", "New", "save")
    assert form.filled({"much": "a lot"}, "")["much"] == "2"
    with pytest.raises(KeyError):
        form.filled({"from": "Bergen"}, "")
    assert page.form({"nothing of the kind"}) is None


@pytest.mark.parametrize(("typed", "wanted"), [("\n", True), ("y\n", True), ("n\n", False), (None, False)])
def test_the_portal_is_opened_for_whoever_says_yes_at_the_end(
    typed: str | None, wanted: bool, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.syspath_prepend(PLAY.parent)
    play = importlib.import_module("play")
    monkeypatch.setattr(play, "AN_ANSWER", 0.05)
    reads, writes = os.pipe()
    with open(reads) as keyboard, open(writes, "w") as fingers:  # noqa: PTH123 - the ends of a pipe have no path
        if typed is not None:
            fingers.write(typed)
            fingers.flush()
        assert play.wants(keyboard) is wanted


@each
def test_what_somebody_at_the_keyboard_reads_is_not_taken_from_the_year(folder: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(PLAY.parent)
    play, players = importlib.import_module("play"), importlib.import_module("players")
    read = sum(getattr(step, "approval", None) is not None for step in read_plan(folder / "plan.yaml").draft.steps)
    assert read > 2
    assert play.length(folder, 2, someone_there=True) == 2 * play.YEAR + read * players.A_READER
    assert play.length(folder, 2, someone_there=False) == 2 * play.YEAR

    there: Any = object.__new__(players.Players)
    there.someone_there, there.paused, there.going_on = True, 0.0, []
    there.desk, there.pool = SimpleNamespace(starter="Kristina"), SimpleNamespace(submit=lambda *_: None)
    hours = iter((100.0, 117.5))
    monkeypatch.setattr(players.time, "monotonic", lambda: next(hours))
    there.explain = lambda *_: None
    live = SimpleNamespace(stop=lambda: None, start=lambda: None)
    there.decide({"id": "one", "options": ["approve"], "people": ["Olga"]}, live)
    assert there.paused == 17.5


@pytest.fixture
def company(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
    """Makes the people of a year in which every page answers the same."""
    monkeypatch.syspath_prepend(PLAY.parent)
    players, visitor = importlib.import_module("players"), importlib.import_module("visitor")

    def made(*, can_begin_again: bool, acts: tuple[Any, ...] = ()) -> Any:
        there = object.__new__(players.Players)
        there.acts, there.done, there.begun, there.story, there.going_on = acts, set(), set(), [], []
        there.can_begin_again, there.gone, there.console = can_begin_again, False, Console(file=io.StringIO())
        there.staff, there.libraries, there.people = {}, {"Randers Library": "randers"}, []
        there.on_her_page = too_late
        there.contact_of = lambda _: "Bodil"
        there.pool = there.readers = SimpleNamespace(map=map, submit=at_once, shutdown=lambda **_: None)
        return there

    def too_late(*_: Any, **__: Any) -> str:
        raise visitor.Turned("it has happened already")

    return made


def at_once(what: Callable[..., None], *about: Any) -> Future[None]:
    done: Future[None] = Future()
    try:
        done.set_result(what(*about))
    except Exception as fault:  # noqa: BLE001 - as a pool does
        done.set_exception(fault)
    return done


def test_whoever_comes_too_late_has_the_year_begin_again(company: Any, stories: Any):
    act = stories.Act("move", {"step": "final"}, who="Anna")
    visit = {"slot": "north", "host": "Randers Library", "stage": "asked"}
    early, last = company(can_begin_again=True), company(can_begin_again=False)
    for does, told in [
        (lambda there: there.play(act, 9), "What was to happen now (move) could not: it has happened already"),
        (lambda there: there.confirm(visit), "Randers Library could not confirm: it has happened already"),
    ]:
        with pytest.raises(Exception, match="it has happened already"):
            does(early)
        does(last)
        assert last.story.pop() == told
    assert early.story == []


def test_readers_who_come_too_late_have_the_year_begin_again(company: Any, monkeypatch: pytest.MonkeyPatch):
    early, last = company(can_begin_again=True), company(can_begin_again=False)
    early.folder = last.folder = DENMARK
    early.opinion = last.opinion = lambda _: ""
    with pytest.raises(Exception, match="8 came to the questions too late"):
        early.feedback()
    last.feedback()
    assert last.story == ["Feedback comes in: nobody was in time. 8 came to the questions too late"]


def test_a_few_readers_who_come_too_late_are_told_of_and_the_year_goes_on(company: Any):
    there, pages = company(can_begin_again=True), iter([""] + 7 * ["“Thank you”"])
    there.folder, there.opinion = DENMARK, lambda _: next(pages)
    there.feedback()
    assert there.story == ["Feedback comes in: 7 pages say “Thank you”. 1 came to the questions too late."]


def test_what_never_came_to_pass_is_missed_at_the_end(company: Any, stories: Any):
    acts = (stories.Act("seen", {"step": "final"}), stories.Act("unseen", {"step": "final"}))
    early, last = company(can_begin_again=True, acts=acts), company(can_begin_again=False, acts=acts)
    early.done.add("seen")
    last.done.add("seen")
    with pytest.raises(Exception, match=r"unseen.*its time went by"):
        early.end()
    last.end()
    assert len(last.story) == 1


def test_what_somebody_still_did_at_the_end_is_heard(company: Any, stories: Any):
    there = company(can_begin_again=True)
    there.go(there.play, stories.Act("move", {"step": "final"}, who="Anna"), 9)
    with pytest.raises(Exception, match="move"):
        there.end()


def test_nobody_of_a_year_that_broke_off_tells_anything_more(company: Any):
    there = company(can_begin_again=False)
    there.close()
    there.tell("It is done.")
    assert there.story == []


def test_a_year_begins_again_so_often_and_no_oftener(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(PLAY.parent)
    play, desk = importlib.import_module("play"), importlib.import_module("desk")
    tried: list[int] = []

    def year(so_often: int) -> None:
        tried.append(so_often)
        if so_often < failing:
            raise desk.TooBusy("They came too late.")

    page = io.StringIO()
    failing = 1
    play.as_often_as_needed(year, Console(file=page))
    assert tried == [0, 1]
    assert page.getvalue().split("\n")[:2] == [
        "They came too late.", "This machine is busy; the year begins again, slower."
    ]  # fmt: skip
    failing = 99
    tried.clear()
    with pytest.raises(desk.TooBusy):
        play.as_often_as_needed(year, Console(file=page))
    assert tried == list(range(play.TRIES))


WATCHED = """import json, pathlib, sys
told = pathlib.Path(sys.argv[1])
again = told.exists()
told.touch()
print(json.dumps({"phase": "finished" if again else "running"}), flush=True)"""


def test_looking_on_goes_on_where_the_program_that_looks_dies(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(PLAY.parent)
    desk = importlib.import_module("desk")
    watch = desk.Watch([sys.executable, "-c", WATCHED, str(tmp_path / "told")], dict(os.environ))
    seen: set[str] = set()
    while "finished" not in seen:
        seen.add((watch.newest() or {}).get("phase", ""))
    watch.stop()
    assert seen - {""} == {"running", "finished"}


@pytest.mark.parametrize("keep", [False, True])
def test_whoever_did_not_ask_for_it_is_told_how_everything_stays_up(keep: bool, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.syspath_prepend(PLAY.parent)
    play = importlib.import_module("play")
    desk = SimpleNamespace(
        run=lambda *_: SimpleNamespace(stdout=""), data=Path("data"), data_of=lambda *_: [{"state": "sent"}]
    )
    page = io.StringIO()
    addresses = {"portal": "http://portal", "ui": "http://ui", "mailbox": "mailbox"}
    play.epilogue(desk, addresses, "cycle", Console(file=page), again="make demo CYCLE=that KEEP=1", keep=keep)
    said = page.getvalue()
    assert ("play it again with: make demo CYCLE=that KEEP=1" in said) is not keep
    assert ("(until the demo ends)" in said) is not keep
    assert "with KEEP=1)" not in said


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
