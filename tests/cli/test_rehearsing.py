"""`rehearse`: a plan before it is started, a running cycle before a date moves, and the pictures."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from cli.boundary import explained
from plans import Fault, PlanFaults
from tests.cli.conftest import Desk
from tests.cli.world import World, write_plan


@pytest.fixture
def plan(world: World) -> Path:
    return write_plan(world.folder, days_ago=-30)


def test_a_plan_is_rehearsed_before_it_is_started(desk: Desk, world: World, plan: Path):
    ran = desk("rehearse", str(plan), "--play", "the first host declines")
    assert ran.code == 0
    assert "declined" in ran.out
    assert "The year ends on" in ran.err
    assert not world.store.cycles()
    assert "letters: invitation" in " ".join(ran.out.split())


def test_a_broken_plan_is_not_rehearsed(desk: Desk, plan: Path):
    plan.write_text(plan.read_text("utf-8").replace("capacity: 20", "capacity: 0"), "utf-8")
    ran = desk("rehearse", str(plan))
    assert ran.code == 2
    assert "capacity" in ran.err


def test_words_that_cannot_be_played_are_refused(desk: Desk, plan: Path):
    ran = desk("rehearse", str(plan), "--play", "the host sings")
    assert ran.code == 2
    assert "What can be said" in ran.err


@pytest.mark.parametrize(
    ("words", "why"),
    [
        ("five decline the invitation, the ninth host declines", "“the ninth host declines” was not played: only"),
        ("Ana Example declines", "Did you mean Anna Example"),
        ("two cannot come any more", "no confirmed visit moves"),
    ],
)
def test_words_that_come_to_nothing_are_named_and_nothing_is_drawn(desk: Desk, plan: Path, words: str, why: str):
    picture = plan.with_name("year.svg")
    ran = desk("rehearse", str(plan), "--play", words, "--svg", str(picture))
    assert ran.code == 2
    assert why in ran.sentence
    assert not ran.out
    assert not picture.exists()


def test_one_person_is_played_by_name(desk: Desk, plan: Path):
    ran = desk("rehearse", str(plan), "--play", "Anna Example declines; the participant Bo Example is ill")
    assert ran.code == 0, ran.err
    said = " ".join(ran.out.split())
    assert "Anna Example cannot come" in said
    assert "Bo Example withdrew" in said
    assert ", 1 participant, " in ran.sentence


def test_of_more_than_there_are_one_hears_how_many_there_were(desk: Desk, plan: Path):
    ran = desk("rehearse", str(plan), "--play", "twelve cancel")
    assert ran.code == 0
    assert "“twelve cancel”: there were only 3 who could." in ran.sentence


def test_what_must_be_mended_in_a_broken_plan_is_told_from_what_is_only_a_warning():
    fault, warning = Fault("plan.yaml", 3, "zone", "is wrong."), Fault("plan.yaml", 5, "people", "is odd.", "warning")
    said, code = explained(PlanFaults([warning, fault]))
    assert said.splitlines() == ["plan.yaml:3: zone: is wrong.", "plan.yaml:5: people: is odd. (a warning)"]
    assert code == 2


def test_a_move_is_shown_before_it_is_made(desk: Desk, world: World):
    cycle = world.start(days_ago=-30)
    before = world.store.load(cycle).position
    (feedback,) = world.plan(cycle).of_kind("feedback")
    later = datetime.fromisoformat(feedback.closes.local) + timedelta(days=3)
    ran = desk("rehearse", cycle, "--move", feedback.id, "closes", f"{later:%Y-%m-%d}")
    assert ran.code == 0, ran.err
    assert "No longer" in ran.out
    assert "Instead" in ran.out
    assert "Next: kierros move" in ran.err
    assert world.store.load(cycle).position == before


@pytest.mark.parametrize(("kind", "field"), [("feedback", "closes"), ("seminar", "begins"), ("registration", "closes")])
def test_a_move_that_was_rehearsed_is_the_year_that_follows_once_it_is_made(
    desk: Desk, world: World, kind: str, field: str
):
    cycle = world.start(days_ago=-30)
    step = next(step for step in world.plan(cycle).steps if step.kind == kind)
    to = datetime.fromisoformat(getattr(step, field).local) + timedelta(days=3)
    where = (step.id, field, f"{to:%Y-%m-%dT%H:%M}")
    stands = desk("rehearse", cycle, "--json").data["lines"]
    foretold = desk("rehearse", cycle, "--move", *where, "--json").data["lines"]
    ran = desk("move", *where, "--cycle", cycle, "--yes", "--reason", "The ferry")
    assert ran.code == 0, ran.err
    followed = desk("rehearse", cycle, "--json").data["lines"]
    assert foretold == followed != stands


def test_the_pictures_hold_every_line(desk: Desk, world: World, plan: Path):
    svg, html = world.folder / "year.svg", world.folder / "year.html"
    ran = desk("rehearse", str(plan), "--svg", str(svg), "--html", str(html), "--json")
    drawn = ET.parse(svg).getroot()
    marks = [node for node in drawn.iter("{http://www.w3.org/2000/svg}title") if ":" in (node.text or "")]
    page = html.read_text("utf-8")
    rows = re.findall(r'<tr id="line-(\d+)"', page)
    assert len(rows) == len(ran.data["lines"])
    assert set(re.findall(r'href="#line-(\d+)"', page)) == set(rows)
    assert len(marks) >= len(rows)
    assert "<script" not in page


def test_the_totals_are_those_of_the_lines(desk: Desk, plan: Path):
    data: dict[str, Any] = desk("rehearse", str(plan), "--json").data
    assert data["ends"] == "finished"
    letters = sum(line["count"] for line in data["lines"] if line["kind"] == "letter")
    assert 0 < letters <= data["totals"]["letters"]
    assert data["lines"] == sorted(data["lines"], key=lambda line: line["at"])


def test_what_is_refused_is_told_by_the_clocks_of_the_plan(desk: Desk, plan: Path):
    plan.write_text(plan.read_text("utf-8").replace("zone: Europe/Helsinki", "zone: Asia/Tokyo"), "utf-8")
    ran = desk("rehearse", str(plan), "--play", "Anna Example registers late")
    assert "is refused: Registration" in " ".join(ran.out.split())
    assert "UTC" not in ran.out


def test_what_would_be_asked_is_played_with_answers_made_up(desk: Desk, plan: Path):
    words = plan.read_text("utf-8")
    assert "Asked as they registered" not in desk("rehearse", str(plan)).out
    plan.write_text(words.replace("    # ask: [diet, access]", "    ask: [diet, access]"), "utf-8")
    ran = " ".join(desk("rehearse", str(plan)).out.split())
    assert "Asked as they registered, with answers made up for 3 people: what they eat (Vegetarian); what" in ran
    assert "without names." in ran
