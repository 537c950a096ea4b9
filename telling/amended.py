"""An amendment in words: what differs between a plan as it stands and as it would be, field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from datetime import timedelta
from typing import Any

from exchange.amended import Change, value_of
from exchange.amending import Amend
from exchange.base import Text
from exchange.plan import CyclePlan, Step, When
from telling.names import Names
from telling.reworded import ORDER, Reworded, Row
from telling.reworded import SAID as OF_WORDS

NEW, OUT, WITH, WITHOUT, NONE = "new step", "taken out", "with {people}", "without {people}", "nobody"
SAID = (NEW, OUT, WITH, WITHOUT, NONE, *OF_WORDS)
"""What is said besides the keys of the plan file, which are told as they are written there."""


def differences(
    plan: CyclePlan, command: Amend, names: Names, texts: Mapping[str, Text]
) -> Iterator[tuple[str, str, str, str]]:
    """Step, what, was, becomes: all that differs, in the order of the plan as it would be.

    Args:
        plan: as it stands.
        command: the amendment.
        names: for the plan as it would be.
        texts: the words of its paragraphs and reasons, before and after, by their references.
    """
    words = Reworded(names, texts)
    stands = {step.id: step for step in plan.steps}
    kept = [step for step in command.order if step in stands]
    for change in command.changes:
        if (step := stands.get(change.step.id)) is None:
            yield names.step(change.step.id), names.said(NEW), "", change.step.kind
        else:
            yield from _row(step, change, names, words)
    for step in plan.steps:
        if step.id not in command.order:
            yield names.pick(step.title, step.id), names.said(OUT), step.kind, ""
    if kept != [step for step in stands if step in kept]:
        yield "", names.said(ORDER), _named(names, [step for step in stands if step in kept]), _named(names, kept)


def _named(names: Names, steps: list[str]) -> str:
    return ", ".join(names.step(step) for step in steps)


def _row(step: Step, change: Change, names: Names, words: Reworded) -> Iterator[tuple[str, str, str, str]]:
    for field in change.fields:
        was, becomes = value_of(step, field), value_of(change.step, field)
        for row in _rows(field, was, becomes, names, words):
            yield (names.step(step.id), *row)


def _rows(field: str, was: Any, becomes: Any, names: Names, words: Reworded) -> Iterable[Row]:
    """What differs in a field: of what has words in it each part by itself."""
    key = field.rsplit("/", 1)[-1]
    if key == "people":
        return [(what_of(field), *_counted(was, becomes, names))]
    in_parts: dict[str, Callable[[str, Any, Any], Iterable[Row]]] = {
        "title": words.text, "place": words.text, "letter": words.reference, "questions": words.questions,
        "wanted": words.questions, "sessions": words.sessions, "candidates": words.candidates,
    }  # fmt: skip
    if key in in_parts:
        return in_parts[key](what_of(field), was, becomes)
    return [(what_of(field), *_told(field, was, becomes, names))]


def what_of(field: str) -> str:
    """The field by its key in the plan; of a stay, behind the stay's id."""
    *where, key = field.removeprefix("slots/").split("/")
    return ", ".join([*where, "cost" if key == "cents" else key.replace("_", " ")])


def _counted(was: tuple[str, ...], becomes: tuple[str, ...], names: Names) -> tuple[str, str]:
    """How many people; and who is new, and who is no longer among them."""
    gone, come = [p for p in was if p not in becomes], [p for p in becomes if p not in was]
    after = [names.people(len(becomes))]
    after += [names.said(WITH).format(people=", ".join(map(names.who, come)))] if come else []
    after += [names.said(WITHOUT).format(people=", ".join(map(names.who, gone)))] if gone else []
    return names.people(len(was)), ", ".join(after)


def _told(field: str, was: Any, becomes: Any, names: Names) -> tuple[str, str]:
    put = _money if field.rsplit("/", 1)[-1] == "cents" else _role if field == "approval" else _words
    return put(was, names), put(becomes, names)


def _role(value: Any, names: Names) -> str:
    return names.said(NONE) if value is None else names.role(value.role)


def _words(value: Any, names: Names) -> str:
    if isinstance(value, tuple):
        return ", ".join(_words(one, names) for one in value) or "–"
    if value is None or value == "":
        return "–"
    put = next((put for kind, put in _PUT.items() if isinstance(value, kind)), None)
    return put(value, names) if put else str(getattr(value, "id", value))


def _money(value: Any, names: Names) -> str:
    return names.money(value)


_PUT: dict[type, Callable[[Any, Names], str]] = {
    When: lambda value, names: names.written(value),
    timedelta: lambda value, names: names.lasting(value),
}
"""How a field's value is told, by its type; what is not named here is told by its id or as it stands."""
