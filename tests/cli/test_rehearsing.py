"""`rehearse`: a plan before it is started, a running cycle before a date moves, and the pictures."""

from __future__ import annotations

import re
import xml.etree.ElementTree as ET
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

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
