"""What an experienced coordinator would say of a plan without fault: where time and money run short."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta

from exchange.plan import Registration, Report, Seminar, Visits, When
from plans.check_money import first_hosts
from plans.faults import Fault, listed
from plans.notation import amount
from plans.occasions import Occasion, day_of, homes, occasions, stay
from plans.people import PeopleList
from plans.planfile import PlanFile
from plans.section import Path
from plans.travel import TIME_FOR_VISAS, WEEKS, needs_visa

HOSTS_NEED = timedelta(days=90)
"""A library that is to receive a group wants three months. Source: DESIGN ("hosts are asked months ahead")."""

LEAST_LEFT = 5
"""Percent of the cap that should be left when all first hosts say yes: tickets and rooms become dearer."""

QUICK_REPORT = timedelta(days=14)
"""A report that is drawn up sooner after the feedback has closed leaves no time to read it."""


def seasoned(file: PlanFile, people: PeopleList) -> Iterator[Fault]:
    """Warnings about hosts, visas, the report and the money. Those about single days are in :mod:`plans.check_days`."""
    for step in file.draft.steps:
        if isinstance(step, Visits):
            yield from _asked_late(file, step)
    yield from _visas(file, people)
    yield from _hasty_report(file)
    yield from _money_short(file)


def _asked_late(file: PlanFile, step: Visits) -> Iterator[Fault]:
    begins = [(slot.begins.at, slot) for slot in step.slots if slot.begins.local]
    if not begins or not step.prepare.local:
        return
    _, first = min(begins, key=lambda pair: pair[0])
    ahead = first.begins.at - step.prepare.at
    if step.answer_within <= ahead and (day_of(first.begins) - day_of(step.prepare)) < HOSTS_NEED:
        latest = day_of(first.begins) - HOSTS_NEED
        yield _warning(
            file,
            ("steps", step.id, "prepare"),
            f"hosts are asked {_days(ahead)} before “{first.id}” begins, and most need three months; ask them by "
            f"{latest}, or visit later.",
        )


def _visas(file: PlanFile, people: PeopleList) -> Iterator[Fault]:
    """One warning for each step to which people may not get in time."""
    from_where = homes(file, people)
    for number, step in enumerate(file.draft.steps):
        told = _told(file, number)
        if told is None or not isinstance(step, Visits | Seminar):
            continue
        for there in _journeys(file, step):
            pairs = [(home, land) for home in from_where for land in there.countries if needs_visa(home, land)]
            if pairs and day_of(there.begins) - day_of(told) < TIME_FOR_VISAS:
                yield _warning(file, (*there.path, "begins"), _no_time(there, told, pairs))
                break


def _told(file: PlanFile, number: int) -> When | None:
    """When those who come to a step know that they come: the closing of the registration before it."""
    desks = [one for one in file.draft.steps[:number] if isinstance(one, Registration) and one.closes.local]
    if not desks:
        return None
    return max((desk.closes for desk in desks), key=lambda when: when.at)


def _journeys(file: PlanFile, step: Visits | Seminar) -> list[Occasion]:
    if isinstance(step, Visits):
        return sorted((stay(file, step, slot) for slot in step.slots if slot.begins.local), key=lambda s: s.begins.at)
    return [one for one in occasions(file) if one.path == ("steps", step.id)]


def _no_time(there: Occasion, told: When, pairs: list[tuple[str, str]]) -> str:
    span = day_of(there.begins) - day_of(told)
    home = listed(dict.fromkeys(home for home, _ in pairs))
    lands = listed(dict.fromkeys(land for _, land in pairs))
    return (
        f"people from {home} mostly need a visa for {lands}, and between the closing of registration and "
        f"{there.what} lie only {_days(span)}; leave {WEEKS} weeks: close by "
        f"{day_of(there.begins) - TIME_FOR_VISAS}, or travel later."
    )


def _hasty_report(file: PlanFile) -> Iterator[Fault]:
    for number, step in enumerate(file.draft.steps):
        closings = [one.closes for one in file.draft.steps[:number] if one.kind == "feedback" and one.closes.local]
        if isinstance(step, Report) and step.due.local and closings:
            last = max(closings, key=lambda when: when.at)
            span = day_of(step.due) - day_of(last)
            if timedelta() <= span < QUICK_REPORT:
                yield _warning(
                    file,
                    ("steps", step.id, "due"),
                    f"the report is drawn up {_days(span)} after the feedback has closed; leave two weeks to chase "
                    f"late answers and bills: {day_of(last) + QUICK_REPORT} or later.",
                )


def _money_short(file: PlanFile) -> Iterator[Fault]:
    budget, spent = file.draft.budget, first_hosts(file)
    left = budget.cap - spent
    if spent and left >= 0 and left * 100 < budget.cap * LEAST_LEFT:
        yield _warning(
            file,
            ("budget", "cap"),
            f"seminars and the first host of each visit leave {amount(left, budget.currency)} of "
            f"{amount(budget.cap, budget.currency)}, less than {LEAST_LEFT} percent; keep something for what becomes "
            "dearer, or find cheaper hosts.",
        )


def _warning(file: PlanFile, path: Path, sentence: str) -> Fault:
    return file.fault(path, sentence, "warning")


def _days(span: timedelta) -> str:
    return "1 day" if span.days == 1 else f"{span.days} days"
