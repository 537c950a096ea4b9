"""What a changed plan file wishes of a running cycle, and how that looks beside the plan as it stands.

The terminal and the portal amend by it, each in its own words.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime
from typing import TypeVar

from exchange.amended import Change, wishes
from exchange.amending import Amend, amended
from exchange.base import Text
from exchange.plan import Candidate, CyclePlan, Invitations, Seminar, Step, Visits
from exchange.state import Cycle
from exchange.walk import changed
from plans import Fault, Known, PlanFaults, PlanFile, Split, Staff, Staffer, split_plan
from plans.people import PeopleList
from plans.said import said
from store.models import Person, TextRow
from store.store import Store
from telling.names import Names
from workers.amending_people import as_they_were, gone, known_people, people_in

N = TypeVar("N", bound=Names)

FIXED = ("programme_name", "theme_name", "languages", "zone", "roles", "budget", "quiet_weeks", "privacy")
"""What a running cycle keeps as it was started with."""

STAYS = "“{key}” stays as the cycle was started with. Put it back as it was.{otherwise}"
HOUSE_STAYS = (
    "{organisation} stays as the cycle was started with. Put it back as it was, or give the new organisation an id of "
    "its own."
)
OTHERWISE = {
    "roles": said(" A role passes to somebody else by `kierros handover`."),
    "budget": said(" What a funder pays is changed by `kierros money share`."),
}
"""The command for what the plan file cannot change."""

LARGEST = 512 * 1024
"""Bytes of an amendment that the engine takes at once."""


class CannotAmend(Exception):
    """The plan cannot be amended so. ``str()`` is the sentence, with how to mend it."""


@dataclass(frozen=True)
class Wished:
    """An amendment, and what has to be kept for it."""

    command: Amend
    people: tuple[Person, ...]
    """Those whom the cycle did not know."""
    texts: tuple[TextRow, ...]
    after: CyclePlan
    """The plan as it would be."""
    said: dict[str, Text]
    """The words of its paragraphs and reasons, by reference: those of the plan as it stands, and those that are new."""

    def naming(self, names: N) -> N:
        """The same names for the plan as it would be, with whoever and whatever is new."""
        known = {person.ref: person.name for person in self.people}
        known |= {ref: names.pick(text) for ref, text in self.said.items()}
        return replace(names, plan=self.after, known={**names.known, **known})


def everybody(store: Store) -> Staff:
    """All staff by name, also those who have left: a role keeps who held it."""
    return {one.name.casefold(): Staffer(one.ref, one.roles) for one in store.staff(everybody=True)}


def wished(store: Store, state: Cycle, file: PlanFile, people: PeopleList, actor: str, now: datetime) -> Wished:
    """What the file wishes: compared with the plan as it was last read and with the one that stands.

    Raises:
        CannotAmend: it is too much at once.
        PlanFaults: somebody whom it names is not known, or it changes what a running cycle keeps.
    """
    read = store.read_last(state.plan.id)
    erased = gone(store, read, state.plan)
    known = known_people(store, state.plan.id, erased)
    texts = store.get_texts(ref for plan in (read, state.plan) for ref in _refs(plan))
    split = split_plan(file, people, everybody(store), starter=state.plan.starter, now=now, known=Known(known, texts))
    _check_fixed(read, state.plan, split.plan, file)
    fresh = {one.ref for one in split.people} - set(known.values())
    plan, same = split.plan, split.plan.digest == read.digest
    for stood in (read, state.plan):
        plan = as_they_were(state, stood, plan, erased, fresh, same=same)
    changes = wishes(_same_words(read, texts), _same_words(state.plan, texts), plan)
    command = _command(state, plan, changes, actor, now)
    _check_size(command)
    wish = _with_rows(store, command, split, fresh, amended(state.plan, command))
    return replace(wish, said=texts | wish.said)


def _command(state: Cycle, wish: CyclePlan, changes: tuple[Change, ...], actor: str, now: datetime) -> Amend:
    stands = state.plan
    there = {one.id for one in stands.organisations}
    come = {ref for change in changes if isinstance(change.step, Invitations) for ref in change.step.people}
    homes = {ref: home for ref, home in wish.homes.items() if ref in come}
    return Amend(
        at=now,
        actor=actor,
        changes=changes,
        order=tuple(step.id for step in wish.steps),
        organisations=tuple(one for one in wish.organisations if one.id not in there),
        homes=_new(homes, stands.homes),
        contacts=_new(wish.contacts, stands.contacts),
    )


def _with_rows(store: Store, command: Amend, split: Split, fresh: set[str], after: CyclePlan) -> Wished:
    named = {*command.homes, *command.contacts.values()}
    named |= {ref for change in command.changes for ref in people_in(_only(change))}
    new = tuple(Person(**vars(row)) for row in split.people if row.ref in fresh & named)
    used = {ref for change in command.changes for ref in _texts_in(change.step)}
    stored = store.get_texts(used)
    texts = tuple(
        TextRow(ref=row.ref, words=row.words, kind=row.place)
        for row in {row.ref: row for row in split.texts}.values()
        if row.ref in used and row.ref not in stored
    )
    said = stored | {row.ref: row.words for row in texts}
    return Wished(command, new, texts, after, said)


def _only(change: Change) -> Step:
    """The step with nobody but those whom the change is about."""
    step, fields = change.step, change.fields
    match step:
        case Invitations() if fields and "people" not in fields:
            return step.model_copy(update={"people": ()})
        case Seminar() if fields and "sessions" not in fields:
            return step.model_copy(update={"sessions": ()})
        case Visits() if fields:
            touched = [one for one in step.slots if "slots" in fields or f"slots/{one.id}/candidates" in fields]
            return step.model_copy(update={"slots": tuple(touched)})
    return step


def _refs(plan: CyclePlan) -> Iterator[str]:
    for step in plan.steps:
        yield from _texts_in(step)


def _same_words(plan: CyclePlan, texts: dict[str, Text]) -> CyclePlan:
    """The plan with one reference for the same words, wherever they stand: those that the file was given, too."""
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
    """Whether what a running cycle keeps is as it was; all that is not is told at once.

    Raises:
        PlanFaults: something is not.
    """
    name_of_file, faults = file.path.name, []
    for name in FIXED:
        if getattr(wish, name) not in (getattr(read, name), getattr(stands, name)):
            key = name.removesuffix("_name")
            fixed = said(STAYS, key=key, otherwise=OTHERWISE.get(name, ""))
            faults.append(Fault(name_of_file, file.line(key), "", fixed))
    were = {one.id: one for one in read.organisations}
    for one in wish.organisations:
        if one.id in were and were[one.id] != one:
            line = file.line("organisations", one.id)
            faults.append(Fault(name_of_file, line, "", said(HOUSE_STAYS, organisation=one.id)))
    if faults:
        raise PlanFaults(faults)


def _check_size(command: Amend) -> None:
    size = len(command.model_dump_json())
    if size > LARGEST:
        raise CannotAmend(
            f"The amendment is too large to be taken at once ({size // 1024} KiB; {LARGEST // 1024} are possible). "
            "Amend some steps first and the others then."
        )
