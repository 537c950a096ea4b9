"""A refusal that was kept by name and facts, as its sentence again."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import fields
from datetime import date, datetime
from typing import Any

from exchange import cycle as _rules  # makes every part's refusals known
from exchange.base import Command, Event, Refusal
from exchange.plan import CyclePlan, When
from exchange.state import Cycle
from telling.times import by_the_plan, day, now, plan_date

DEFECT = "It could not be read and was put aside; staff are asked to look at it."
NOT_PROVEN = (
    "It says that staff entered it, and nothing proves that they did: it was not decided. `kierros doctor` tells of "
    "it; whoever entered it signs in (kierros login) and enters it again."
)
OUTSIDE = {"Defect": DEFECT, "NotProven": NOT_PROVEN}
"""What is refused before any rule is asked."""


def sentence_of(name: str, facts: Mapping[str, Any], plan: CyclePlan | None = None) -> str:
    """What the refusal of that name said; its name in words where this release does not know it.

    Args:
        name: the refusal's.
        facts: its facts, as they were written down.
        plan: the cycle's, by whose clocks moments are told; without it they are told in UTC.
    """
    if name in OUTSIDE:
        return OUTSIDE[name]
    refusal = refusal_of(name, facts)
    if refusal is None:
        return f"A rule said no ({name})."
    if plan is None:
        return str(refusal)
    _speak_by(plan, refusal)
    return f"{refusal}{what_day(refusal, plan)}"


def refusal_of(name: str, facts: Mapping[str, Any]) -> Refusal | None:
    """The refusal itself again; None where this release does not know it."""
    kind = kind_of(name)
    if kind is None:
        return None
    wanted = {field.name: str(field.type) for field in fields(kind)}  # type: ignore[arg-type]  # subclasses are dataclasses
    return kind(**{field: _revived(facts.get(field), hint) for field, hint in wanted.items()})


def tried(state: Cycle, command: Command) -> list[Event]:
    """What the rules would decide, asked here before the engine is.

    Raises:
        Refusal: they would say no; its sentence tells moments by the clocks of the plan.
    """
    try:
        return _rules.decide(state, command)
    except Refusal as no:
        no.aside = what_day(no, state.plan)
        _speak_by(state.plan, no)
        raise


def by_plan(refusal: Refusal, plan: CyclePlan) -> str:
    """Its sentence, with moments by the clocks of the plan."""
    _speak_by(plan, refusal)
    return str(refusal)


def _speak_by(plan: CyclePlan, refusal: Refusal) -> None:
    """Lets the refusal tell moments by the clocks of the plan, and stays and the home library by their names there."""
    from telling.names import Names, in_english

    refusal.clock, refusal.stay = by_the_plan(plan), Names(plan).slot
    home = plan.organisation(getattr(refusal, "home", ""))
    if home is not None:
        vars(refusal)["home"], refusal.ids = in_english(home.name, home.id), {"home": home.id}


def what_day(no: Refusal, plan: CyclePlan) -> str:
    """What day it is in a year drawn together for practice, where a refusal speaks of a date; else nothing."""
    today = day_of_practice(no, plan)
    return f" By the plan’s calendar it is {day(today)} now." if today else ""


def day_of_practice(no: Refusal, plan: CyclePlan) -> date | None:
    """The day itself."""
    about_time = no.about_time or any(isinstance(fact, datetime) for fact in no.facts.values())
    return plan_date(plan, now()) if plan.practice and about_time else None


def kind_of(name: str) -> type[Refusal] | None:
    """The refusal of that name, where this release knows it."""
    return next((found for found in _known(Refusal) if found.__name__ == name), None)


def _known(kind: type[Refusal]) -> list[type[Refusal]]:
    return [found for child in kind.__subclasses__() for found in (child, *_known(child))]


def _revived(value: Any, hint: str) -> Any:
    """A fact as it was before it was written down."""
    if hint == "When" and isinstance(value, dict):
        return When.model_validate(value)
    if "datetime" in hint and isinstance(value, str):
        return datetime.fromisoformat(value)
    if "date" in hint and isinstance(value, str):
        return date.fromisoformat(value)
    if value is None and "None" not in hint:
        return () if hint.startswith("tuple") else "?"
    return tuple(value) if isinstance(value, list) else value
