"""Amending the plan of a running cycle: only what has not begun may change, and only what changed is approved again.

Steps have stable ids. One that has not begun may change, be added at its place or be taken out; of one that has begun
only what lies ahead may still change. Who must agree, the roles and the money's limit stay as they were agreed on at
the start. Letters of a changed step that wait for agreement are made ready anew; a step that was approved stays so.
TRUST invariants 1, 2, 3.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar

from exchange.amended import Change, fields_of, moments, value_of, with_changes
from exchange.approval import made_anew
from exchange.base import Command, Event, Refusal
from exchange.begun import StepBegun, ahead, begun, check_order
from exchange.essential import essential
from exchange.eyes import UNTOLD, had_a_hand, naming
from exchange.moving import MovedIntoPast, ReasonMissing, check_turn, check_within
from exchange.plan import CyclePlan, Feedback, Invitations, Organisation, Registration, Step, Visits, When
from exchange.prompt import closed

if TYPE_CHECKING:
    from exchange.state import Cycle


class Amend(Command):
    """Change steps of the plan; ``order`` names all steps as they shall be held, and leaves out what is taken out."""

    changes: tuple[Change, ...] = ()
    order: tuple[str, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    """Those that the plan did not know yet."""
    homes: dict[str, str] = {}
    contacts: dict[str, str] = {}
    reason: str = ""


class PlanAmended(Event):
    revision: int
    """Of the plan, from 2."""
    changes: tuple[Change, ...] = ()
    order: tuple[str, ...] = ()
    organisations: tuple[Organisation, ...] = ()
    homes: dict[str, str] = {}
    contacts: dict[str, str] = {}
    role: str = ""
    reason: str = ""


@dataclass(eq=False)
class NothingToAmend(Refusal):
    cycle: str

    def __str__(self) -> str:
        return f"The plan of {self.cycle} stands so already; there is nothing to change."


@dataclass(eq=False)
class PlanBroken(Refusal):
    step: str
    what: str

    def __str__(self) -> str:
        return f"{self.step} would not fit into the plan: {self.what}."


@dataclass(eq=False)
class DatesPast(Refusal):
    dates: tuple[str, ...]
    """Step, field and local time of each."""
    about_time: ClassVar[bool] = True

    def __str__(self) -> str:
        said = (date.split(" ", 2) for date in self.dates)
        listed = "; ".join(f"{field} of {step}, {local.replace('T', ' ')}" for step, field, local in said)
        return f"These dates are past: {listed}. Choose moments that are still to come."


UNREAD = frozenset(
    {
        "prepare", "announce", "due", "remind", "remind_after", "fallback", "decide_role", "decide_within",
        "offer_lasts", "offers_until", "select_role", "priority", "ask",
        "wanted",
    }
)  # fmt: skip
"""Fields of which no letter that waits for agreement says anything."""

OWN = frozenset({"sessions", "cents", "letter", "answer_within"})
"""Fields of which only the step's own letters say anything, and invitations nothing."""

WORDS = frozenset({"title", "letter", "questions", "place", "sessions", "candidates", "wanted"})
"""Fields with words that the rules do not carry: whether they differ is for whoever amends to say."""


def _real(cycle: Cycle, command: Amend, after: CyclePlan) -> list[Change]:
    """The changes that change something, each with the fields that do."""
    # the workflow carries a plan without words: what it cannot compare it takes from the wish
    short = {step.id: step for step in essential(after).steps}
    known = {step.id: step for step in essential(cycle.plan).steps}
    found = []
    for change in command.changes:
        if (was := known.get(change.step.id)) is None:
            found.append(Change(step=change.step))
            continue
        differs = {*fields_of(was, short[was.id])} if was.id in short else set()
        if change.step.kind != was.kind:
            raise PlanBroken(was.id, f"a step keeps its kind ({was.kind}); give the new one an id of its own")
        fields = tuple(f for f in change.fields if f in differs or f.rsplit("/", 1)[-1] in WORDS)
        if fields and was.id in short:
            found.append(Change(step=change.step, fields=fields))
    return found


def _check_ahead(cycle: Cycle, change: Change) -> None:
    step = cycle.plan.step(change.step.id)
    free = ahead(cycle, step)
    for field in change.fields:
        if field.split("/")[0] not in free:
            raise StepBegun(step.id, field)
    if isinstance(step, Invitations | Feedback) and isinstance(change.step, Invitations | Feedback):
        gone = cycle.guests(step.id).reminded if isinstance(step, Invitations) else cycle.survey(step.id).reminded
        if "remind" in change.fields and change.step.remind[:gone] != step.remind[:gone]:
            raise StepBegun(step.id, "remind")


def _dates(cycle: Cycle, change: Change) -> tuple[Step | None, list[tuple[str, When]], set[datetime]]:
    """The step as it stands, the dates that are wished for by their fields, and the instants that stood before."""
    known = next((s for s in cycle.plan.steps if s.id == change.step.id), None)
    names = [f for f in change.fields if f != "sessions"] or list(type(change.step).model_fields)
    found = [(name, when) for name in names for when in moments(value_of(change.step, name))]
    return known, found, {when.at for when in moments(known)} if known is not None else set()


def _check_none_past(cycle: Cycle, command: Amend, real: Iterable[Change]) -> None:
    """No new date lies behind us; all that do are named at once.

    Raises:
        MovedIntoPast, DatesPast: one does, or several.
    """
    past = []
    for change in real:
        _, dates, stood = _dates(cycle, change)
        past += [(change.step.id, name, w) for name, w in dates if w.at <= command.at and w.at not in stood]
    if len(past) == 1:
        raise MovedIntoPast(past[0][2])
    if past:
        raise DatesPast(tuple(dict.fromkeys(f"{step} {name} {when.local}" for step, name, when in past)))


def _has_new_dates(cycle: Cycle, change: Change) -> bool:
    """Whether any date is new."""
    known, dates, stood = _dates(cycle, change)
    return known is None or any(when.at not in stood for _, when in dates)


def _check_whole(plan: CyclePlan) -> None:
    """Whether the plan still makes sense as one."""
    if not plan.steps:
        raise PlanBroken(plan.id, "nothing would be left of it; to end it, use `kierros cancel`")
    desks = {step.id for step in plan.steps if isinstance(step, Registration)}
    for step in plan.steps:
        if isinstance(step, Invitations) and step.registration not in desks:
            raise PlanBroken(step.id, f"it invites to {step.registration}, which is no registration of the plan")
        if isinstance(step, Registration) and step.capacity < 1:
            raise PlanBroken(step.id, "it needs at least one place")
        if isinstance(step, Visits):
            _check_stays(plan, step)


def _check_stays(plan: CyclePlan, step: Visits) -> None:
    if len({slot.id for slot in step.slots}) < len(step.slots):
        raise PlanBroken(step.id, "two of its stays have the same id")
    for candidate in (c for slot in step.slots for c in slot.candidates):
        if plan.organisation(candidate.host) is None:
            raise PlanBroken(step.id, f"{candidate.host} is no organisation of the plan")


def _taken_out(cycle: Cycle, command: Amend, after: CyclePlan) -> list[Event]:
    """The decisions that lapse with the steps that are taken out.

    Raises:
        StepBegun: one has begun, or its letters are being made ready.
    """
    stays = {step.id for step in after.steps}
    gone = [step for step in cycle.plan.steps if step.id not in stays]
    for step in gone:
        if begun(cycle, step) or cycle.approving(step.id).stage not in {"none", "rejected"}:
            raise StepBegun(step.id)
    ids = {step.id for step in gone}
    return [closed(command, p.id, "lapsed") for p in cycle.prompts.values() if p.step in ids]


def _again(before: CyclePlan, cycle: Cycle, command: Amend, real: Iterable[Change]) -> list[Event]:
    """Letters that wait for agreement and read of what changed: made ready anew."""
    return made_anew(cycle, command, _reading(before, cycle, real))


def _reading(before: CyclePlan, cycle: Cycle, real: Iterable[Change]) -> list[Step]:
    """The steps still to be approved whose letters say something of what changed, each once.

    Args:
        before: the plan before the changes.
        cycle: with the plan as it is by them.
        real: the changes.
    """
    were, are = ({step.id: step.kind for step in plan.steps} for plan in (before, cycle.plan))
    whole = {name: frozenset[str]() for name in sorted(set(were) ^ set(are))}
    seen = {change.step.id: frozenset(change.fields) - UNREAD for change in real}
    found: dict[str, Step] = {}
    for name, fields in ({name: fields for name, fields in seen.items() if fields} | whole).items():
        told = {**were, **are}[name] not in UNTOLD
        told = told and (name in whole or _told_to_guests(before.step(name), cycle.plan.step(name), fields))
        for step in naming(cycle, name):
            if told or step.id == name:
                found.setdefault(step.id, step)
    return list(found.values())


def _told_to_guests(was: Step, now: Step, fields: Iterable[str]) -> bool:
    """Whether invitations say something of those fields; of hosts they say in which countries they are."""
    for field in fields:
        hosts = ({one.host for one in value_of(step, field) or ()} for step in (was, now))
        if next(hosts) != next(hosts) if field.endswith("/candidates") else field not in OWN:
            return True
    return False


def decide(cycle: Cycle, command: Amend) -> list[Event]:
    role = cycle.demand(command.actor, "coordinator")
    after = amended(cycle.plan, command)
    if len(set(command.order)) < len(command.order) or set(command.order) - {step.id for step in after.steps}:
        raise PlanBroken(cycle.plan.id, "its order names a step twice, or one that it does not have")
    real = _real(cycle, command, after)
    was, now = ([step.id for step in plan.steps] for plan in (cycle.plan, after))
    if not real and was == now:
        raise NothingToAmend(cycle.plan.id)
    if not command.reason:
        raise ReasonMissing(cycle.plan.id)
    for change in real:
        if change.step.id in was:
            _check_ahead(cycle, change)
    lapsed = _taken_out(cycle, command, after)
    check_order(cycle, after)
    _check_whole(after)
    wish = command.model_copy(update={"changes": tuple(real)})
    after = amended(cycle.plan, wish)
    later = cycle.put(plan=after)
    _check_none_past(cycle, wish, real)
    for change in real:
        if _has_new_dates(cycle, change):
            check_within(after.step(change.step.id))
            check_turn(later, after.step(change.step.id), cycle.lived_to(command.at))
    about: dict[str, Any] = wish.model_dump(include={"order", "homes", "contacts"})
    about |= {"changes": wish.changes, "organisations": wish.organisations, "role": role, "reason": command.reason}
    event = PlanAmended(**command.said, revision=after.revision, **about)
    return [*lapsed, event, *_again(cycle.plan, later, command, real)]


def amended(plan: CyclePlan, said: Amend | PlanAmended) -> CyclePlan:
    """The plan with what is said in it, under its next revision."""
    known = {one.id for one in plan.organisations}
    return plan.model_copy(
        update={
            "revision": plan.revision + 1,
            "steps": with_changes(plan, said.changes, said.order),
            "organisations": (*plan.organisations, *(one for one in said.organisations if one.id not in known)),
            "homes": {**said.homes, **plan.homes},
            "contacts": {**said.contacts, **plan.contacts},
        }
    )


def evolve(cycle: Cycle, event: PlanAmended) -> Cycle:
    before = cycle.plan
    cycle = cycle.put(plan=amended(before, event))
    gone = {step.id for step in before.steps} - {step.id for step in cycle.plan.steps}
    for step in gone & set(cycle.approvals):  # where it comes back, its letters go on counting
        cycle = cycle.with_approving(step, cycle.approving(step).model_copy(update={"stage": "none"}))
    return had_a_hand(cycle, _reading(before, cycle, event.changes), event.actor)
