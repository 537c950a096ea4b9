"""An amendment in words: what differs between a plan as it stands and as it would be, field by field."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import timedelta
from typing import Any

from exchange.amended import Change, value_of
from exchange.amending import Amend, PlanAmended
from exchange.approval import PreparationBegan
from exchange.base import Event, Text
from exchange.cycle import fold
from exchange.eyes import hands, holders
from exchange.plan import CyclePlan, Step, When
from exchange.prompt import PromptClosed
from exchange.state import Cycle
from telling.names import Names
from telling.reworded import ORDER, Reworded, Row
from telling.reworded import SAID as OF_WORDS
from telling.sentences import sentence

NEW, OUT, WITH, WITHOUT, NONE = "new step", "taken out", "with {people}", "without {people}", "nobody"
AGAIN = (
    "{step}: what waits for approval says something of this. It is made ready again, and has to be approved again as "
    "it is then."
)
SECOND = "The plan asks for a second person there, and whoever makes this change cannot be that person; {people} can."
THE_REST = "What was approved already stays approved."
SAID = (NEW, OUT, WITH, WITHOUT, NONE, AGAIN, SECOND, THE_REST, *OF_WORDS)
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


def following(state: Cycle, events: Sequence[Event], names: Names) -> list[str]:
    """What follows from an amendment besides letters, a line each.

    Args:
        state: the cycle as it stands.
        events: what the rules would decide.
        names: for the plan as it would be.
    """
    again = [event.step for event in events if isinstance(event, PreparationBegan)]
    asked = {p.id for p in state.prompts.values() if p.about == "approval" and p.step in again}
    told = [one for one in events if not isinstance(one, PlanAmended | PreparationBegan)]
    # that a decision is not needed any more would mislead where the next one of its kind comes at once
    lines = [sentence(one, names) for one in told if not (isinstance(one, PromptClosed) and one.prompt in asked)]
    after = fold(state, events)
    for step in again:
        lines += [names.said(AGAIN).format(step=names.step(step)), *_second(after, step, names)]
    return [*lines, *([names.said(THE_REST)] if again else [])]


def _second(after: Cycle, step: str, names: Names) -> list[str]:
    """Who may still approve, where the plan wants a second person."""
    wanted = after.to_approve(step).approval
    if wanted is None or not wanted.second_person:
        return []
    able = sorted(names.who(one) for one in holders(after.plan, wanted) - hands(after, step))
    return [names.said(SECOND).format(people=names.listed(able))] if able else []


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
