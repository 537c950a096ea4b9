"""`new`, `check` and `start`."""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from sqlalchemy import update

from plans.unwritten import HOMES
from store.schema import cycles
from tests.cli.conftest import Desk
from tests.cli.world import KRISTINA, World, write_plan


@pytest.fixture
def plan(world: World) -> Path:
    """A plan in order, to begin in a month."""
    return write_plan(world.folder, days_ago=-30)


def test_a_new_plan_only_lacks_the_names_of_staff(desk: Desk, world: World):
    path = world.folder / "mine" / "plan.yaml"
    path.parent.mkdir()
    assert desk("new", str(path)).code == 0
    assert (path.parent / "people.csv").exists()
    faults = desk("check", str(path), "--json").data["faults"]
    assert [fault["field"] for fault in faults if not fault["unwritten"]] == ["roles.director"]


def test_a_new_plan_names_itself_in_its_heading(desk: Desk, world: World):
    path = world.folder / "exchange 2027.yaml"
    assert desk("new", str(path)).code == 0
    heading = path.read_text("utf-8").split("programme:")[0]
    assert f"kierros check '{path}'" in heading
    assert f"kierros start '{path}'" in heading
    assert "plan.yaml" not in heading


def test_a_new_plan_overwrites_nothing(desk: Desk, world: World, plan: Path):
    before = plan.read_bytes()
    ran = desk("new", str(plan))
    assert ran.code == 1
    assert plan.read_bytes() == before


def test_a_plan_in_order_is_said_to_be(desk: Desk, world: World, plan: Path):
    ran = desk("check", str(plan))
    assert ran.code == 0
    assert "is in order" in ran.err
    assert f"Next: kierros start {plan}" in ran.sentence


def test_libraries_that_choose_and_have_nobody_who_could_are_named(desk: Desk, world: World, plan: Path):
    assert "answers for" not in desk("check", str(plan)).sentence
    plan.write_text(plan.read_text("utf-8").replace("places: first come", "places: nominated"), "utf-8")
    ran = desk("check", str(plan))
    assert ran.code == 0, ran.err
    assert "Nobody on people.csv answers for Our own library" in ran.sentence
    people = world.folder / "people.csv"
    contacts = "".join(f"Con Tact,con{n}@x.example,en,{lib},contact\n" for n, lib in enumerate(HOMES))
    people.write_text(people.read_text("utf-8") + contacts, "utf-8")
    assert "answers for" not in desk("check", str(plan)).sentence


def test_every_fault_has_its_line(desk: Desk, world: World, plan: Path):
    text = (
        plan.read_text("utf-8")
        .replace("capacity: 20", "capacity: 0")
        .replace("zone: Europe/Helsinki", "zone: Helsinki", 1)
    )
    plan.write_text(text, "utf-8")
    ran = desk("check", str(plan))
    assert ran.code == 2
    assert len([line for line in ran.out.splitlines() if line.startswith("plan.yaml:")]) >= 2
    assert "Nothing was started." in ran.err


def test_of_very_many_faults_the_first_fifty_are_told_and_where_all_can_be_read(desk: Desk, world: World, plan: Path):
    people = plan.parent / "people.csv"
    head = people.read_text("utf-8").splitlines()[0]
    people.write_text("\n".join([head, *(f"Nobody {number},no address,en" for number in range(300))]), "utf-8")
    for command in ("check", "start"):
        ran = desk(command, str(plan))
        assert ran.code == 2
        told = ran.out + ran.err
        assert len(re.findall(r"^(?:plan\.yaml|people\.csv)\b.*: ", told, re.MULTILINE)) == 50
        (more,) = re.findall(r"… and (\d+) more; all of them: kierros check .+ --json", told)
        assert int(more) >= 250
    assert desk("check", str(plan), "--json").out.count("no address") == 300


def test_a_start_counts_the_warnings_of_check_and_names_what_its_own_moment_brings(desk: Desk, world: World):
    plan = write_plan(world.folder, days_ago=20)
    plan.write_text(plan.read_text("utf-8").replace("languages: [en]", "languages: [en, pl]"), "utf-8")
    checked = desk("check", str(plan))
    warnings = [line for line in checked.out.splitlines() if line.endswith("(a warning)")]
    assert any("no letters in Polish (pl)" in line for line in warnings)
    ran = desk("start", str(plan))
    assert ran.code == 0
    assert f"{len(warnings)} warnings in {plan}; to read them: kierros check {plan}" in ran.sentence
    assert "no letters in Polish" not in ran.err
    assert "has passed; the letters are made ready as soon as the cycle is started" in ran.sentence


def test_a_faulty_plan_is_not_started(desk: Desk, world: World, plan: Path):
    plan.write_text(plan.read_text("utf-8").replace("kind: report", "kind: banquet"), "utf-8")
    ran = desk("start", str(plan))
    assert ran.code == 2
    assert "banquet" in ran.err
    assert not world.store.cycles()


def test_a_cycle_is_kept_while_the_engine_is_down(world: World, plan: Path):
    ran = world.run("start", str(plan))
    assert ran.code == 0
    (row,) = world.store.cycles()
    assert ran.out.strip() == row.id
    assert row.engine == "pending"
    assert "is kept, and will begin by itself as soon as the engine runs" in ran.sentence
    assert "Next: kierros up" in ran.err


def test_the_same_plan_again_changes_nothing(desk: Desk, world: World, plan: Path):
    first = desk("start", str(plan))
    again = desk("start", str(plan), "--json")
    assert again.code == 0
    assert again.data == {"id": first.out.strip(), "new": False, "engine": True, "ui": ""}
    assert "was started from this plan before; nothing was changed" in again.sentence
    assert len(world.store.cycles()) == 1


def test_another_plan_under_the_same_id_is_refused(desk: Desk, world: World, plan: Path):
    desk("start", str(plan))
    plan.write_text(plan.read_text("utf-8").replace("capacity: 20", "capacity: 19"), "utf-8")
    ran = desk("start", str(plan))
    assert ran.code == 1
    assert "was already started, from another plan" in ran.sentence


def test_practice_draws_the_year_together(desk: Desk, world: World, plan: Path):
    ran = desk("start", str(plan), "--finish-within", "90")
    assert ran.code == 0
    assert "It is one to look on: some decisions wait for no more than 30 seconds. One with 2 minutes" in ran.sentence
    (row,) = world.store.cycles()
    assert row.practice
    moments = [step.prepare.at for step in world.plan(row.id).steps if step.kind in {"invitations", "visits"}]
    assert (max(moments) - min(moments)).total_seconds() < 90


def test_a_plan_that_was_practised_is_started_in_earnest(desk: Desk, world: World, plan: Path):
    practised = desk("start", str(plan), "--finish-within", "90").out.strip()
    started = desk("start", str(plan))
    assert started.code == 0
    assert practised == f"{started.out.strip()}-practice"
    assert {row.id: row.practice for row in world.store.cycles()} == {practised: True, started.out.strip(): False}


def test_a_practice_run_that_goes_on_is_not_begun_twice(desk: Desk, world: World, plan: Path):
    first = desk("start", str(plan), "--finish-within", "90").out
    again = desk("start", str(plan), "--finish-within", "60")
    assert (again.code, again.out) == (0, first)
    assert "was started from this plan before; nothing was changed" in again.sentence


def test_a_plan_is_practised_anew_once_it_is_over_or_has_been_changed(desk: Desk, world: World, plan: Path):
    first = desk("start", str(plan), "--finish-within", "90").out.strip()
    plan.write_text(plan.read_text("utf-8").replace("capacity: 20", "capacity: 19"), "utf-8")
    second = desk("start", str(plan), "--finish-within", "90").out.strip()
    assert second == f"{first}-2"
    with world.store.writing() as connection:
        connection.execute(update(cycles).where(cycles.c.id == second).values(phase="finished"))
    assert desk("start", str(plan), "--finish-within", "90").out.strip() == f"{first}-3"


def test_a_start_begins_the_engines_part_and_says_so(
    desk: Desk, world: World, plan: Path, monkeypatch: pytest.MonkeyPatch
):
    began: list[str] = []
    monkeypatch.setattr("cli.engine.begin", lambda wanted: began.append(wanted.id))
    (world.folder / "stack.json").write_text('{"ui": "http://127.0.0.1:8233"}')
    ran = desk("start", str(plan), "--json")
    assert began == [ran.data["id"]]
    assert ran.data["ui"] == f"http://127.0.0.1:8233/namespaces/default/workflows/{began[0]}"
    assert world.store.cycle(began[0]).engine == "started"


def test_whoever_starts_must_be_known(desk: Desk, world: World, plan: Path):
    assert desk("start", str(plan), staff="Nobody Known").code == 2
    ran = desk("start", str(plan), staff="")
    assert ran.code == 2
    assert "--as NAME" in ran.err
    assert desk("--as", KRISTINA, "start", str(plan), staff="").code == 0


def test_words_that_are_there_to_be_replaced_are_shown_before_a_year_in_earnest(desk: Desk, world: World, plan: Path):
    ran = desk("start", str(plan))
    assert ran.code == 0
    assert "steps.invitations.letter: “One paragraph of your own for the …” is from kierros new" in ran.sentence
    assert "steps.invitations.letter" not in desk("start", str(plan), "--finish-within", "60").sentence


def test_where_letters_leave_for_real_they_are_replaced_first(
    desk: Desk, world: World, plan: Path, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("KIERROS_TRANSPORT", "smtp")
    world.store.put_setting("live", "sender@library.example", world.staff[KRISTINA])
    ran = desk("start", str(plan))
    assert ran.code == 1
    assert "Write your own, then start it" in ran.sentence
    assert not world.store.cycles()
    assert desk("start", str(plan), "--finish-within", "60").code == 0


def test_a_broken_plan_is_refused_in_one_way_by_whatever_uses_it(desk: Desk, world: World, plan: Path):
    words = plan.read_text("utf-8").replace("capacity: 20", "capacity: 0").replace("host: other-host", "host: nobody")
    plan.write_text(words.replace("director: Olga", "director: Nobody Olga"), "utf-8")
    found = [line for line in desk("check", str(plan)).out.splitlines() if not line.endswith("(a warning)")]
    assert len(found) >= 3
    for name, nothing in (("start", "started"), ("rehearse", "played"), ("amend", "changed")):
        ran = desk(name, str(plan))
        assert ran.code == 2
        said = [line for line in found if name != "rehearse" or "roles.director" not in line]
        assert ran.err.splitlines()[: len(said)] == said, name
        assert f"Nothing was {nothing}. To see the warnings, too: kierros check" in ran.sentence
        assert f"{len(said)} faults" in ran.sentence
        assert f"kierros check {plan}" in ran.sentence
    assert not world.store.cycles()


def test_faults_are_counted_where_the_whole_plan_can_be_read(desk: Desk, plan: Path):
    plan.write_text(plan.read_text("utf-8").replace("host: other-host", "host: nobody"), "utf-8")
    for name in ("start", "rehearse"):
        ran = desk(name, str(plan))
        assert ran.code == 2
        assert "fault" in ran.sentence
        assert f"kierros check {plan}" in ran.sentence


def test_a_practice_run_that_nobody_can_read_says_which_one_could_be_read(desk: Desk, plan: Path):
    quick = desk("start", str(plan), "--finish-within", "900")
    (wanted,) = re.findall(r"to read and take each decision: --finish-within (\d+) \(\d+ hours\)", quick.sentence)
    slow = desk("start", str(plan), "--finish-within", wanted)
    assert slow.code == 0
    assert "to read and take each decision" not in slow.sentence
    assert "to read and take each decision" not in desk("start", str(plan)).sentence
