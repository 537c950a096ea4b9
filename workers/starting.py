"""Starting a cycle from its plan, at either door: under which id, whether it was started before, and what is kept."""

from __future__ import annotations

from datetime import datetime
from itertools import chain, count

from plans import PeopleList, PlanFile, Split, Staff, Staffer, split_plan
from plans.split import digest
from store.faults import AnotherPlan, NoSuchCycle
from store.models import Person, TextRow
from store.store import Store


def roster(store: Store) -> Staff:
    """Everybody who may act, by name in lower case."""
    return {one.name.casefold(): Staffer(one.ref, one.roles) for one in store.staff()}


def cycle_of(store: Store, file: PlanFile, people: PeopleList, *, practice: bool) -> str:
    """The id under which it runs: the plan's own, or for practice one that ends in practice."""
    return _practice_id(store, file, people) if practice else file.draft.id


def _practice_id(store: Store, file: PlanFile, people: PeopleList) -> str:
    """The plan's id with ``-practice`` after it; with a number where that has been used.

    A run of the very same plan that still goes on keeps its id, so that a start which broke off can be repeated.
    """
    first, said = f"{file.draft.id}-practice", digest(file, people)
    rows = {row.id: row for row in store.cycles()}

    def to_take(cycle: str) -> bool:
        row = rows.get(cycle)
        goes_on = row is not None and row.practice and row.open
        return row is None or (goes_on and store.get_plan(cycle).digest == said)

    return next(filter(to_take, chain([first], (f"{first}-{number}" for number in count(2)))))


def started_before(store: Store, cycle: str, file: PlanFile, people: PeopleList) -> bool:
    """Whether exactly this plan was started before: then its dates may lie in the past by now.

    Raises:
        AnotherPlan: its id belongs to a cycle that was started from another plan.
    """
    try:
        known = store.get_plan(cycle)
    except NoSuchCycle:
        return False
    if known.digest != digest(file, people):
        raise AnotherPlan(cycle)
    return True


def taken_apart(
    store: Store,
    cycle: str,
    file: PlanFile,
    people: PeopleList,
    starter: str,
    now: datetime,
    finish_within: float | None,
) -> Split:
    """The plan under its id, with its people and texts beside it; nothing is kept.

    Raises:
        PlanFaults: a name in the plan is nobody on the list or among the staff.
    """
    split = split_plan(file, people, roster(store), starter=starter, now=now, finish_within=finish_within)
    return Split(split.plan.model_copy(update={"id": cycle}), split.people, split.texts)


def keep(store: Store, split: Split) -> bool:
    """Keeps the cycle in the record. False where it was kept before."""
    people = [Person(**vars(person)) for person in split.people]
    texts = [TextRow(ref=text.ref, words=text.words, kind=text.place) for text in split.texts]
    return store.start_cycle(split.plan, people, texts).new
