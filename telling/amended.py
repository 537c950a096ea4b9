"""An amendment in words: what differs between a plan as it stands and as it would be, field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import timedelta
from typing import Any

from exchange.amended import Change, value_of
from exchange.amending import Amend
from exchange.plan import Candidate, CyclePlan, Session, Step, When
from telling.names import Names

NEW, OUT, ORDER, WITH, WITHOUT, NONE = (
    "new step", "taken out", "order", "with {people}", "without {people}", "nobody",
)  # fmt: skip
SAID = (NEW, OUT, ORDER, WITH, WITHOUT, NONE)
"""What is said besides the keys of the plan file, which are told as they are written there."""


def differences(plan: CyclePlan, command: Amend, names: Names) -> Iterator[tuple[str, str, str, str]]:
    """Step, what, was, becomes: all that differs, in the order of the plan as it would be.

    Args:
        plan: as it stands.
        command: the amendment.
        names: for the plan as it would be.
    """
    stands = {step.id: step for step in plan.steps}
    kept = [step for step in command.order if step in stands]
    for change in command.changes:
        if (step := stands.get(change.step.id)) is None:
            yield names.step(change.step.id), names.said(NEW), "", change.step.kind
        else:
            yield from _row(step, change, names)
    for step in plan.steps:
        if step.id not in command.order:
            yield names.pick(step.title, step.id), names.said(OUT), step.kind, ""
    if kept != [step for step in stands if step in kept]:
        yield "", names.said(ORDER), _named(names, [step for step in stands if step in kept]), _named(names, kept)


def _named(names: Names, steps: list[str]) -> str:
    return ", ".join(names.step(step) for step in steps)


def _row(step: Step, change: Change, names: Names) -> Iterator[tuple[str, str, str, str]]:
    for field in change.fields:
        was, becomes = value_of(step, field), value_of(change.step, field)
        before, after = (_counted if field == "people" else _told)(field, was, becomes, names)
        yield names.step(step.id), what_of(field), before, after


def what_of(field: str) -> str:
    """The field by its key in the plan; of a stay, behind the stay's id."""
    *where, key = field.removeprefix("slots/").split("/")
    return ", ".join([*where, "cost" if key == "cents" else key.replace("_", " ")])


def _counted(_field: str, was: tuple[str, ...], becomes: tuple[str, ...], names: Names) -> tuple[str, str]:
    """How many people; and who is new, and who is no longer among them."""
    gone, come = [p for p in was if p not in becomes], [p for p in becomes if p not in was]
    after = [names.people(len(becomes))]
    after += [names.said(WITH).format(people=", ".join(map(names.who, come)))] if come else []
    after += [names.said(WITHOUT).format(people=", ".join(map(names.who, gone)))] if gone else []
    return names.people(len(was)), ", ".join(after)


def _told(field: str, was: Any, becomes: Any, names: Names) -> tuple[str, str]:
    put = _money if field.rsplit("/", 1)[-1] == "cents" else _said if field in {"letter", "approval"} else _words
    return put(was, names), put(becomes, names)


def _said(value: Any, names: Names) -> str:
    if isinstance(value, str):
        return names.text(value)
    return names.said(NONE) if value is None else names.role(value.role)


def _words(value: Any, names: Names) -> str:
    if isinstance(value, tuple):
        return ", ".join(_words(one, names) for one in value) or "–"
    if value is None or value == "":
        return "–"
    put = next((put for kind, put in _PUT.items() if isinstance(value, kind)), None)
    return put(value, names) if put else str(getattr(value, "id", value))


def _candidate(candidate: Candidate, names: Names) -> str:
    why = f", “{words}”" if (words := names.text(candidate.reason)) else ""
    return f"{names.host(candidate.host)} ({names.money(candidate.cents)}{why})"


def _session(session: Session, names: Names) -> str:
    title = names.pick(session.title)
    return f"{title} ({names.who(session.speaker)})" if session.speaker else title


def _money(value: Any, names: Names) -> str:
    return names.money(value)


_PUT: dict[type, Callable[[Any, Names], str]] = {
    When: lambda value, names: names.written(value),
    dict: lambda value, names: names.pick(value, "–"),
    timedelta: lambda value, names: names.lasting(value),
    Candidate: _candidate,
    Session: _session,
}
"""How a field's value is told, by its type; what is not named here is told by its id or as it stands."""
