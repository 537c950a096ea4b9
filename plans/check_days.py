"""Whether single days are well chosen: no weekend, no public holiday of the countries involved, nothing in July."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, timedelta

from exchange.plan import Invitations, Visits
from plans.faults import Fault, listed
from plans.free_days import QUIET_MONTH, country_of_zone, holiday, is_weekend
from plans.occasions import Occasion, day_of, deadlines, homes, occasions
from plans.people import PeopleList
from plans.planfile import PlanFile
from plans.section import Path

_WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")


def days(file: PlanFile, people: PeopleList) -> Iterator[Fault]:
    """At most one warning for each deadline and request; for a stay or seminar one more where a holiday is in it."""
    guests = homes(file, people) or tuple(filter(None, (country_of_zone(file.draft.zone),)))
    for one in occasions(file):
        yield from _ill_chosen(file, one, guests)
    for deadline in deadlines(file):
        yield from _ill_closed(file, deadline.path, day_of(deadline.when), guests)
    for step in file.draft.steps:
        if isinstance(step, Invitations) and step.prepare.local and day_of(step.prepare).month == QUIET_MONTH:
            yield _warning(
                file,
                ("steps", step.id, "prepare"),
                "invitations leave in July, when most who are invited are on leave; send them in June or August.",
            )
        if isinstance(step, Visits) and step.prepare.local:
            yield from _asked_in_july(file, step)


def _ill_chosen(file: PlanFile, one: Occasion, guests: tuple[str, ...]) -> Iterator[Fault]:
    """The weightiest thing to be said against the days of a stay or seminar; and a holiday, whatever else is said."""
    for judges in ((_july, _quiet, _weekend), (_closed, _off_work)):
        against = ((day, judge(file, one, day, guests)) for judge in judges for day in one.days)
        day, sentence = next((found for found in against if found[1]), (one.days[0], ""))
        if sentence:
            yield _warning(file, (*one.path, "begins" if day == one.days[0] else "ends"), sentence)


def _july(_file: PlanFile, one: Occasion, day: date, _guests: tuple[str, ...]) -> str:
    held = day.month == QUIET_MONTH
    return f"{one.what} is held in July, when libraries are half empty; choose another month." if held else ""


def _quiet(file: PlanFile, one: Occasion, day: date, _guests: tuple[str, ...]) -> str:
    held = any(weeks.first <= day <= weeks.last for weeks in file.draft.quiet_weeks)
    return f"{one.what} is held on {day}, in the plan's quiet weeks, when people are away; move it." if held else ""


def _weekend(_file: PlanFile, one: Occasion, day: date, _guests: tuple[str, ...]) -> str:
    name = _WEEKDAYS[day.weekday()]
    return f"{one.what} has a {name} in it, {day}; keep it to working days." if is_weekend(day) else ""


def _closed(_file: PlanFile, one: Occasion, day: date, _guests: tuple[str, ...]) -> str:
    name, there = holiday(day, one.countries)
    return _holiday(day, name, there, f"so the doors are closed to {one.what}") if name else ""


def _off_work(_file: PlanFile, one: Occasion, day: date, guests: tuple[str, ...]) -> str:
    name, there = holiday(day, guests)
    return _holiday(day, name, there, f"and those who come to {one.what} are off work") if name else ""


def _holiday(day: date, name: str, countries: tuple[str, ...], so: str) -> str:
    return f"{_WEEKDAYS[day.weekday()]} {day} is a public holiday in {listed(countries)} ({name}), {so}; take another."


def _ill_closed(file: PlanFile, path: Path, day: date, guests: tuple[str, ...]) -> Iterator[Fault]:
    name, where = holiday(day, guests)
    if day.month == QUIET_MONTH:
        yield _warning(file, path, "this closes in July, when few read their letters; close in June or August.")
    elif name and len(where) == len(guests):
        yield _warning(file, path, _holiday(day, name, where, "and nobody is at work to answer"))


def _asked_in_july(file: PlanFile, step: Visits) -> Iterator[Fault]:
    first = day_of(step.prepare)
    window = [first + timedelta(days=number) for number in range(max(step.answer_within.days, 0) + 1)]
    quiet = [day for day in window if day.month == QUIET_MONTH]
    if len(quiet) * 2 > len(window):
        yield _warning(
            file,
            ("steps", step.id, "prepare"),
            f"hosts are asked on {first} and have most of their time to answer in July, when silence means that they "
            "are away; ask by the middle of June, or in August.",
        )


def _warning(file: PlanFile, path: Path, sentence: str) -> Fault:
    return file.fault(path, sentence, "warning")
