"""The year as a picture and as a ring."""

from __future__ import annotations

from typing import Any

from letters.papers.ring import arc, ring
from letters.papers.timeline import timeline


def row(begins: str, ends: str, **changes: Any) -> dict[str, Any]:
    when = {"begins": {"local": begins, "zone": "UTC"}, "ends": {"local": ends, "zone": "UTC"}}
    mark = {"id": "held", "label": {}, "done": True, "when": when, **changes}
    return {"step": "s", "kind": "seminar", "title": {"en": "S"}, "outcome": "done", "marks": [mark]}


def test_the_picture_runs_over_whole_months():
    picture = timeline([row("2012-01-16T10:00", "2012-02-24T23:59"), row("2012-11-12T09:00", "2012-11-12T17:00")])
    assert picture is not None
    assert [month.name for month in picture.months][:2] == ["Jan", "Feb"]
    assert len(picture.months) == 11
    assert round(sum(float(month.width) for month in picture.months), 6) == 100


def test_a_span_lies_where_its_dates_are():
    picture = timeline([row("2012-01-01T00:00", "2012-01-16T12:00")])
    assert picture is not None
    (place,) = picture.lines[0].places
    assert (place.x, place.width, place.moment) == ("0.00", "50.00", False)


def test_a_day_in_a_long_year_stays_visible():
    picture = timeline([row("2012-01-01T09:00", "2012-01-01T10:00"), row("2013-12-01T09:00", "2013-12-02T09:00")])
    assert picture is not None
    assert picture.lines[0].places[0].width == "0.60"
    assert [month.new_year for month in picture.months if month.new_year] == ["2012", "2013"]


def test_there_is_no_picture_of_nothing():
    assert timeline([]) is None
    assert ring([]) == ()


def test_the_ring_turns_clockwise_from_new_year_at_the_top():
    assert arc(0, 0.25, 86) == "M100.0 14.0 A86 86 0 0 1 186.0 100.0"
    assert arc(0.9, 0.1, 86).split()[5] == "0"
    assert arc(0, 0.75, 86).split()[5] == "1"


def test_the_ring_shows_only_what_came_about_and_nothing_of_more_than_a_year():
    held = row("2012-05-14T09:00", "2012-05-16T16:00")
    assert [each.kind for each in ring([held, row("2012-06-01T09:00", "2012-06-02T16:00", done=False)])] == ["held"]
    assert ring([held, row("2013-06-01T09:00", "2013-06-02T16:00")]) == ()
