"""What a rehearsal says of the questions that people answer as they register: with answers made up."""

from __future__ import annotations

from collections.abc import Iterator
from zoneinfo import ZoneInfo

from exchange.questions import Wanted
from rehearsal.asking import Told, told_in
from rehearsal.lines import Line
from rehearsal.year import Rehearsed
from telling.counts import plural
from telling.names import Names, in_english
from telling.told import tallied


def lines_of(year: Rehearsed, names: Names) -> Iterator[Line]:
    """A line for each registration that asks something, on the day when its places are given."""
    for told in told_in(year, names.plan):
        local = told.at.astimezone(ZoneInfo(names.plan.zone))
        yield Line(told.at, local, "answer", told.step.id, _words(told), told.people)


def _words(told: Told) -> str:
    """What was asked, what was made up, and who would read it."""
    said, step = [], told.step
    if "diet" in step.ask:
        diets = (f"{what} × {count}" if count > 1 else what for what, count in tallied(told.diets))
        said.append(f"what they eat ({', '.join(diets) or 'nothing special'})")
    if "access" in step.ask:
        said.append(f"what they need to take part ({told.access or 'nobody'} told something)")
    said += [_own(one, counts) for one, counts in zip(step.wanted, told.chosen, strict=True)]
    hosts = " Hosts read what people eat and need, without names." if step.ask else ""
    people = plural(told.people, "person", "people")
    return f"Asked as they registered, with answers made up for {people}: {'; '.join(said)}.{hosts}"


def _own(question: Wanted, counts: tuple[int, ...]) -> str:
    chosen = ", ".join(
        f"{in_english(choice, '')} × {count}" for choice, count in zip(question.choices, counts, strict=True) if count
    )
    return f"“{in_english(question.text, question.id)}” ({chosen or 'in their own words'})"
