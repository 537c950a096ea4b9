"""A step's dates as a list says them: one line for each thing, the moments of a kind together."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from letters.papers.figures import Figures

_READY = {"seminar": "Programme made ready", "visits": "Requests to hosts made ready"}


def lines(row: Mapping[str, Any], year: int, step: str, say: Figures) -> list[tuple[str, str]]:
    """Pairs of what and when, in the order of the plan.

    Args:
        row: the step in the account's calendar.
        year: the report's own, which is left out.
        step: the step of the report itself, which is not done while it is drawn up.
        say: how to write dates.
    """
    found: dict[str, list[str]] = {}
    for mark in row["marks"]:
        dates = say.short_days(mark["when"], year)
        what = _what(row, mark, say)
        found.setdefault(what if mark["done"] or row["step"] == step else f"{what} (planned)", []).append(dates)
    return [(_plural(what, dates), say.listed(dates)) for what, dates in found.items()]


def _what(row: Mapping[str, Any], mark: Mapping[str, Any], say: Figures) -> str:
    if mark["label"]:
        return say.words(mark["label"])
    return {
        "prepare": _READY.get(row["kind"], "Letters made ready"),
        "reminder": "Reminder",
        "open": "Asked" if row["kind"] == "feedback" else "Open",
        "held": "Visit" if row["kind"] == "visits" else "Held",
        "due": "Due",
    }[mark["id"]]


def _plural(what: str, dates: list[str]) -> str:
    return what.replace("Reminder", "Reminders") if len(dates) > 1 else what
