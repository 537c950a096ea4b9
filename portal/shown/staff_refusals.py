"""What staff are told when a rule says no: for each refusal a sentence in their language, filled with its facts."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import TYPE_CHECKING, Any

from exchange.base import Refusal
from exchange.begun import StepBegun
from exchange.lateness import LateApproval
from exchange.moving import AlreadyHappened
from exchange.order import OutOfPlan
from exchange.places import BelowConfirmed
from exchange.plan import When
from exchange.sums import SumTooLarge
from portal.shown.refused_cycle import OF_DECISIONS, OF_MONEY, OF_THE_PLAN, OTHERWISE, OUTSIDE
from portal.shown.refused_people import OF_PEOPLE
from portal.shown.staff_words import FIELDS
from portal.speech import mark
from telling.amended import what_of
from telling.refusals import day_of_practice, refusal_of

if TYPE_CHECKING:
    from portal.shown.staff_names import Spoken

SAID = {**OF_PEOPLE, **OF_DECISIONS, **OF_THE_PLAN, **OF_MONEY, **OUTSIDE}
"""The sentence for each, by the refusal's name."""
TODAY = mark("By the plan’s calendar it is %(day)s now.")
"""Said behind a refusal that speaks of a date, in a year drawn together for practice."""


def said_of(names: Spoken, name: str, facts: Mapping[str, Any]) -> str:
    """A refusal that was kept by its name and facts, or of which only these came through."""
    refusal = None if name in OUTSIDE else refusal_of(name, facts)
    return told(names, refusal) if refusal is not None else names.speech.gettext(SAID.get(name, OTHERWISE))


def told(names: Spoken, no: Refusal) -> str:
    """A refusal in the reader's language, its moments by the clocks of the plan."""
    template = SAID.get(f"{no.name}/{_variant(no)}") or SAID.get(no.name, OTHERWISE)
    listed = names.speech.one_of if no.name in _EITHER else names.speech.all_of
    words = {field: _fact(names, field, fact, listed) for field, fact in no.facts.items()}
    if isinstance(no, SumTooLarge):
        words["most"] = names.money(no.most)
    if isinstance(no, LateApproval):
        words["what"] = names.slot(no.slot, no.of) if no.slot else words["of"]
    if isinstance(no, OutOfPlan) and no.other_slot:
        words["other"] = names.slot(no.other_slot, no.other)
    if isinstance(no, StepBegun):
        words["field"] = what_of(no.field)
    if isinstance(no, AlreadyHappened) and no.field not in FIELDS:
        words |= {"step": names.slot(no.field, no.step), "field": names.date_name("begins")}
    said = names.speech.gettext(template, **words)
    today = day_of_practice(no, names.plan)
    return f"{said} {names.speech.gettext(TODAY, day=names.speech.day(today))}" if today else said


def _variant(no: Refusal) -> str:
    found = {
        "none": (isinstance(no, BelowConfirmed) and no.capacity < 1) or getattr(no, "speakers", None) == (),
        "nobody": getattr(no, "roles", None) == (),
        "first": isinstance(no, OutOfPlan) and no.goes_first,
        "people": isinstance(no, StepBegun) and no.field == "people",
        "out": isinstance(no, StepBegun) and not no.field,
    }
    return next((name for name, holds in found.items() if holds), "")


def _fact(names: Spoken, field: str, fact: Any, listed: Callable[[list[str]], str]) -> str:
    """One of a refusal's facts in words."""
    if field in _SUMS and isinstance(fact, int):
        return names.money(fact)
    one: dict[str, Callable[[Any], str]] = {
        **dict.fromkeys(("person", "actor", "by", "source", "to", "speakers"), names.who),
        **dict.fromkeys(("home", "host", "hosts", "funder", "funders"), names.host),
        **dict.fromkeys(("step", "steps", "begun", "of", "other"), names.step),
        **dict.fromkeys(("field", "fields", "first", "then", "other_field"), names.date_name),
        **dict.fromkeys(("slot", "slots"), names.slot),
        **dict.fromkeys(("roles", "may"), names.role),
        **dict.fromkeys(("option", "options"), names.answer),
        **dict.fromkeys(("group", "groups"), names.group),
        **dict.fromkeys(("prompt", "newer"), names.decision),
        "dates": lambda date: _gone_by(names, date),
    }
    say = one.get(field, lambda value: _plain(names, value))
    return listed([say(part) for part in fact]) if isinstance(fact, tuple) else say(fact)


_EITHER = frozenset({"NotYourDecision", "WhichHost"})
"""Refusals of which one fact holds or another."""
_SUMS = frozenset({"cap", "free", "asked", "spent", "settled", "cents"})


def _plain(names: Spoken, fact: Any) -> str:
    match fact:
        case datetime():
            return names.moment(fact)
        case When():
            return names.written(fact)
        case date():
            return names.on_day(fact)
        case bool() | None:
            return ""
        case int():
            return names.speech.number(fact)
        case _:
            return str(fact)


def _gone_by(names: Spoken, date: str) -> str:
    """``intro begins WHEN``, ``visits begins WHEN --slot malmo-days``: a date by its step and its name."""
    step, field, _, *slot = date.split()
    return names.slot(slot[-1], step) if slot else f"{names.step(step)} ({names.date_name(field)})"
