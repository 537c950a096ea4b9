"""Whether a plan makes sense: every fault at once, with its line and how to mend it."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from pathlib import Path

from plans.check_dates import dates
from plans.check_days import days
from plans.check_languages import languages
from plans.check_money import money
from plans.check_people import NOBODY, people_list, people_named, readers
from plans.check_quiet import quiet
from plans.check_roles import roles
from plans.check_seasoned import seasoned
from plans.check_steps import steps
from plans.check_visits import visits
from plans.faults import Fault, errors, in_order, listed
from plans.people import PeopleList, read_people
from plans.planfile import Papers, PlanFile, load, people_of
from plans.roster import Staff
from plans.said import said
from plans.section import ONCE
from plans.tables import Refused
from plans.unwritten import unwritten


def check_plan(
    path: Path | str | Papers,
    staff: Staff | None = None,
    now: datetime | None = None,
    *,
    written: tuple[str, ...] | None = None,
    alone: bool = False,
) -> list[Fault]:
    """Every fault of a plan and of the people list beside it, in the order of the files.

    Args:
        path: the plan, or the papers that were sent.
        staff: everybody who may act, by name in lower case; without it names of staff are not looked up.
        now: the instant of an intended start; without it a plan may lie in the past.
        written: the languages letters can be written in; without it the plan's languages are not compared with them.
        alone: no list came with it, or one that is none: nothing is said of people.
    """
    file, faults = load(path if isinstance(path, Papers) else Path(path))
    if file is None or any(fault.severity == "error" and not fault.field for fault in faults):
        # it is no plan at all, and whatever it lacks follows from that
        return [*faults, *(check_list(path.people, path.people_name) if isinstance(path, Papers) and not alone else [])]
    people = _NONE if alone else people_of(file)
    judged = [*_judged(file, people, staff, now), *_spoken(file, people, written)]
    misread = frozenset(within for fault in errors(faults) for within in _around(fault))
    found = [*faults, *(fault for fault in judged if (fault.file, fault.field) not in misread)]
    return list(in_order(_together([*found, *_advised(file, people, found)])))


_NONE = PeopleList("", refused=(Refused(0, "", ""),))
"""A list that cannot be read, so that nobody is looked for in it."""


def check_list(data: bytes, name: str) -> list[Fault]:
    """Every fault of a people list by itself, where no plan says which libraries there are."""
    people = read_people(data, name)
    refused = [Fault(name, row.row, row.column, row.reason) for row in people.refused]
    return refused if people.rows else [Fault(name, 0, "", said(NOBODY))]


def _together(faults: list[Fault]) -> list[Fault]:
    """One line for all names that are written in one of several languages: they may well be meant so."""
    once = in_order(fault for fault in faults if fault.sentence.startswith(ONCE))
    if len(once) < 2:
        return faults
    fields = listed(f"{fault.field} (line {fault.line})" for fault in once)
    sentence = once[0].sentence.replace(ONCE, f"{fields} are given once for", 1)
    others = [fault for fault in faults if fault not in once]
    return [*others, replace(once[0], field="", sentence=sentence)]


def _around(fault: Fault) -> Iterator[tuple[str, str]]:
    """The field of a value that could not be read, and all that it is inside of: what is wrong there may follow."""
    parts = fault.field.split(".")
    for length in range(1, len(parts) + 1):
        yield fault.file, ".".join(parts[:length])


def _judged(file: PlanFile, people: PeopleList, staff: Staff | None, now: datetime | None) -> Iterator[Fault]:
    yield from steps(file)
    yield from visits(file)
    yield from dates(file, now)
    yield from quiet(file)
    yield from roles(file, staff)
    yield from money(file)
    yield from unwritten(file)
    yield from () if people is _NONE else people_list(file, people)
    yield from people_named(file, people)


def _advised(file: PlanFile, people: PeopleList, found: list[Fault]) -> Iterator[Fault]:
    """What experience says of fields of which nothing has been said yet.

    Nothing while dates, hosts or sums are to be mended, for it would change with them.
    """
    if not any(fault.field and not fault.field.startswith("roles") for fault in errors(found)):
        said = {fault.field for fault in found}
        advice = [*seasoned(file, people), *days(file, people)]
        yield from (fault for fault in advice if fault.field not in said)


def _spoken(file: PlanFile, people: PeopleList, written: tuple[str, ...] | None) -> Iterator[Fault]:
    yield from languages(file, people, written)
    yield from readers(file, people, written)
