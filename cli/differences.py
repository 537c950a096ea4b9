"""What a changed plan file wishes of a running cycle, and how that looks beside the plan as it stands."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from rich.console import RenderableType

from cli.faults import Refused
from cli.show import cell, table
from cli.terminal import terminal
from exchange.amended import Change, value_of, wishes
from exchange.amending import Amend, amended
from exchange.base import Text
from exchange.plan import Candidate, CyclePlan, Session, Step, Visits, When
from exchange.state import Cycle
from store.models import Person, TextRow
from telling.counts import plural
from telling.names import Names, in_english
from telling.times import now, written

if TYPE_CHECKING:
    from plans import Known, PlanFile, Split, Staff
    from plans.people import PeopleList

FIXED = ("programme_name", "theme_name", "languages", "zone", "roles", "budget", "quiet_weeks", "privacy")
"""What a running cycle keeps as it was started with."""

OTHERWISE = {
    "roles": " A role passes to somebody else by `kierros handover`.",
    "budget": " What a funder pays is changed by `kierros money share`.",
}
"""The command for what the plan file cannot change."""


@dataclass(frozen=True)
class Wished:
    """An amendment, and what has to be kept for it."""

    command: Amend
    people: tuple[Person, ...]
    """Those whom the cycle did not know."""
    texts: tuple[TextRow, ...]
    names: Names


def everybody() -> Staff:
    """All staff by name, also those who have left: a role keeps who held it."""
    from plans import Staffer

    return {one.name.casefold(): Staffer(one.ref, one.roles) for one in terminal().store.staff(everybody=True)}


def wished(state: Cycle, file: PlanFile, people: PeopleList, actor: str, names: Names) -> Wished:
    """What the file wishes: compared with the plan as it was last read and with the one that stands.

    Raises:
        Refused: it changes what a running cycle keeps.
    """
    from plans import split_plan

    read, known = terminal().store.read_last(state.plan.id), _known(state)
    texts = terminal().store.get_texts(ref for plan in (read, state.plan) for ref in _refs(plan))
    split = split_plan(
        file, people, everybody(), starter=state.plan.starter, now=now(), known=replace(known, texts=texts)
    )
    _check_fixed(read, state.plan, split.plan, file)
    there = {one.id for one in state.plan.organisations}
    command = Amend(
        at=now(),
        actor=actor,
        changes=wishes(_same_words(read, texts), _same_words(state.plan, texts), split.plan),
        order=tuple(step.id for step in split.plan.steps),
        organisations=tuple(one for one in split.plan.organisations if one.id not in there),
        homes=_new(split.plan.homes, state.plan.homes),
        contacts=_new(split.plan.contacts, state.plan.contacts),
    )
    return _with_rows(command, split, known, names, amended(state.plan, command))


def _with_rows(command: Amend, split: Split, known: Known, names: Names, after: CyclePlan) -> Wished:
    refs, words = set(known.people.values()), dict(names.known)
    new = tuple(Person(**vars(row)) for row in split.people if row.ref not in refs)
    used = {ref for change in command.changes for ref in _texts_in(change.step)}
    stored = terminal().store.get_texts(used)
    texts = tuple(
        TextRow(ref=row.ref, words=row.words, kind=row.place)
        for row in {row.ref: row for row in split.texts}.values()
        if row.ref in used and row.ref not in stored
    )
    words |= {person.ref: person.name for person in new}
    words |= {ref: in_english(text) for ref, text in stored.items()}
    words |= {row.ref: in_english(row.words) for row in texts}
    return Wished(command, new, texts, Names(after, words))


def _known(state: Cycle) -> Known:
    from plans import Known

    return Known(people={one.address_norm: one.ref for one in terminal().store.people(state.plan.id)})


def _refs(plan: CyclePlan) -> Iterator[str]:
    for step in plan.steps:
        yield from _texts_in(step)


def _same_words(plan: CyclePlan, texts: dict[str, Text]) -> CyclePlan:
    """The plan with one reference for the same words, wherever they stand: those that the file was given, too."""
    from plans import Known
    from plans.walk import changed

    known = Known(texts=texts)

    def one(ref: str) -> str:
        return known.text(texts[ref]) if ref in texts else ref

    plan = changed(plan, Candidate, lambda candidate: candidate.model_copy(update={"reason": one(candidate.reason)}))
    steps = tuple(step.model_copy(update={"letter": one(step.letter)}) for step in plan.steps)
    return plan.model_copy(update={"steps": steps})


def _texts_in(step: Step) -> Iterator[str]:
    found = [step.letter]
    if isinstance(step, Visits):
        found += [candidate.reason for slot in step.slots for candidate in slot.candidates]
    yield from (ref for ref in found if ref)


def _new(wish: dict[str, str], stands: dict[str, str]) -> dict[str, str]:
    return {key: value for key, value in wish.items() if key not in stands}


def _check_fixed(read: CyclePlan, stands: CyclePlan, wish: CyclePlan, file: PlanFile) -> None:
    for name in FIXED:
        if getattr(wish, name) not in (getattr(read, name), getattr(stands, name)):
            key = name.removesuffix("_name")
            raise Refused(
                f"{file.path.name}, line {file.line(key)}: “{key}” stays as the cycle was started with. "
                f"Put it back as it was.{OTHERWISE.get(name, '')}"
            )
    were = {one.id: one for one in read.organisations}
    for one in wish.organisations:
        if one.id in were and were[one.id] != one:
            raise Refused(
                f"{file.path.name}, line {file.line('organisations', one.id)}: {one.id} stays as the cycle was started "
                "with. Put it back as it was, or give the new organisation an id of its own."
            )


# -- the table -------------------------------------------------------------------------------------------------------


def table_of(state: Cycle, wish: Wished) -> RenderableType:
    """A row for everything that differs: step, what, was, becomes."""
    shown = table("Step", "What", "Was", "Becomes")
    for row in rows(state, wish):
        shown.add_row(*(cell(words) for words in row))
    return shown


def rows(state: Cycle, wish: Wished) -> Iterator[tuple[str, str, str, str]]:
    """What differs, in words, in the order of the plan as it would be."""
    stands = {step.id: step for step in state.plan.steps}
    kept = [step for step in wish.command.order if step in stands]
    for change in wish.command.changes:
        if (step := stands.get(change.step.id)) is None:
            yield wish.names.step(change.step.id), "new step", "", change.step.kind
        else:
            yield from _row(step, change, wish.names)
    for step in state.plan.steps:
        if step.id not in wish.command.order:
            yield in_english(step.title, step.id), "taken out", step.kind, ""
    if kept != [step for step in stands if step in kept]:
        yield "", "order", ", ".join(step for step in stands if step in kept), ", ".join(kept)


def _row(step: Step, change: Change, names: Names) -> Iterator[tuple[str, str, str, str]]:
    for field in change.fields:
        was, becomes = value_of(step, field), value_of(change.step, field)
        what = field.removeprefix("slots/").replace("/", ", ").replace("_", " ")
        if field == "people":
            yield names.step(step.id), what, *_gone_and_come(was, becomes, names)
        elif field == "cents":
            yield names.step(step.id), "cost", names.money(was), names.money(becomes)
        elif field in {"letter", "approval"}:
            yield names.step(step.id), what, _said(was, names), _said(becomes, names)
        else:
            yield names.step(step.id), what, _words(was, names), _words(becomes, names)


def _gone_and_come(was: tuple[str, ...], becomes: tuple[str, ...], names: Names) -> tuple[str, str]:
    gone, come = [p for p in was if p not in becomes], [p for p in becomes if p not in was]
    before, after = plural(len(was), "person", "people"), plural(len(becomes), "person", "people")
    without = f", without {', '.join(map(names.who, gone))}" if gone else ""
    more = f", with {', '.join(map(names.who, come))}" if come else ""
    return before, f"{after}{more}{without}"


def _said(value: Any, names: Names) -> str:
    return names.text(value) if isinstance(value, str) else ("nobody" if value is None else names.role(value.role))


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


def _span(value: timedelta, _: Names) -> str:
    return str(value) if value.seconds else plural(value.days, "day")


_PUT: dict[type, Callable[[Any, Names], str]] = {
    When: lambda value, _: written(value),
    dict: lambda value, _: in_english(value, "–"),
    timedelta: _span,
    Candidate: _candidate,
    Session: lambda value, _: in_english(value.title),
}
"""How a field's value is told, by its type; what is not named here is told by its id or as it stands."""
