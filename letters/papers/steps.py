"""A step's dates as a list says them: one line for each thing, the moments of a kind together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from letters.papers.figures import Figures

Row = Mapping[str, Any]
Mark = Mapping[str, Any]

_READY = {"seminar": "Programme made ready", "visits": "Requests to hosts made ready"}


def lines(row: Row, year: int, step: str, say: Figures) -> list[tuple[str, str]]:
    """Pairs of what and when, in the order of the plan.

    Args:
        row: the step in the account's calendar.
        year: the report's own, which is left out.
        step: the step of the report itself, which is not done while it is drawn up.
        say: how to write dates.
    """
    found: dict[str, list[str]] = {}
    for mark in row["marks"]:
        what = _done(row, mark, say) if mark["done"] or row["step"] == step else _undone(row, mark)
        found.setdefault(what, []).append(say.short_days(mark["when"], year))
    return [(_plural(what, dates), say.listed(dates)) for what, dates in found.items()]


def _done(row: Row, mark: Mark, say: Figures) -> str:
    if mark["label"]:
        return say.words(mark["label"])
    return {
        "prepare": _READY.get(row["kind"], "Letters made ready"),
        "reminder": "Reminder",
        "open": "Asked" if row["kind"] == "feedback" else "Open",
        "held": "Held",
        "due": "Due",
    }[mark["id"]]


def _undone(row: Row, mark: Mark) -> str:
    if mark["id"] == "reminder" and row["outcome"] == "done":
        return "Reminder not needed"
    return {"prepare": "Letters planned for", "reminder": "Reminder planned for", "due": "Due"}.get(
        mark["id"], "Planned for"
    )


def _plural(what: str, dates: list[str]) -> str:
    return what.replace("Reminder", "Reminders") if len(dates) > 1 else what
