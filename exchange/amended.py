"""What of a plan an amendment changes: steps by their fields, and how the plan stands with them.

A plan file that has been changed is compared with the plan as it was last read, not with the one that runs: a date that
staff have moved since, and that stands unmoved in the file, is no wish to move it back. Fields of a stay are named
``slots/<id>/<field>``; ``slots`` alone is which stays there are, and in which order.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import SerializationInfo, field_serializer

from exchange.base import Model
from exchange.plan import CyclePlan, Slot, Step, Visits, When


class Change(Model):
    """A step as it is wished, and which of its fields that concerns; no field is named where the step is new."""

    step: Step
    fields: tuple[str, ...] = ()

    @field_serializer("step")
    def _with_its_kind(self, step: Step, info: SerializationInfo) -> dict[str, Any]:
        # what tells the kinds apart is a default, and those are left out of the journal
        return {"kind": step.kind, **step.model_dump(mode=info.mode, exclude_defaults=True)}


def moments(value: Any) -> Iterator[When]:
    """Every date in a part of a plan."""
    if isinstance(value, When):
        yield value
    elif isinstance(value, tuple):
        for one in value:
            yield from moments(one)
    elif isinstance(value, Model):
        for name in type(value).model_fields:
            yield from moments(getattr(value, name))


def agreed(value: Any) -> Any:
    """A part of a plan as people agreed on it: moments by the clocks of their place, without the instant."""
    if isinstance(value, When):
        return (value.local, value.zone)
    if isinstance(value, tuple):
        return tuple(agreed(one) for one in value)
    if isinstance(value, Model):
        return {name: agreed(getattr(value, name)) for name in type(value).model_fields}
    return value


def fields_of(before: Step, after: Step) -> tuple[str, ...]:
    """The fields in which the step differs. A step that became one of another kind differs in its kind alone."""
    if before.kind != after.kind:
        return ("kind",)
    names = [name for name in type(after).model_fields if name != "slots"]
    found = [name for name in names if agreed(getattr(before, name)) != agreed(getattr(after, name))]
    if isinstance(before, Visits) and isinstance(after, Visits):
        found += _of_slots(before, after)
    return tuple(found)


def _of_slots(before: Visits, after: Visits) -> list[str]:
    found = [] if [s.id for s in before.slots] == [s.id for s in after.slots] else ["slots"]
    were = {slot.id: slot for slot in before.slots}
    for slot in after.slots:
        if (was := were.get(slot.id)) is not None:
            names = [name for name in Slot.model_fields if agreed(getattr(was, name)) != agreed(getattr(slot, name))]
            found += [f"slots/{slot.id}/{name}" for name in names]
    return found


def value_of(step: Step, field: str) -> Any:
    """What a step has in that field; None where the stay is none of it."""
    if not field.startswith("slots/") or not isinstance(step, Visits):
        return getattr(step, field, None)
    _, slot, name = field.split("/")
    return next((getattr(s, name, None) for s in step.slots if s.id == slot), None)


def changed(step: Step, change: Change) -> Step:
    """The step with the fields that the change names; all else stands as it does."""
    wished = change.step
    update = {f: getattr(wished, f) for f in change.fields if f in type(step).model_fields and f != "slots"}
    if isinstance(step, Visits) and isinstance(wished, Visits):
        update["slots"] = _slots(step, wished, change.fields)
    return step.model_copy(update=update)


def _slots(step: Visits, wished: Visits, fields: tuple[str, ...]) -> tuple[Slot, ...]:
    def merged(slot: Slot, wish: Slot) -> Slot:
        names = [f.split("/")[2] for f in fields if f.startswith(f"slots/{slot.id}/")]
        return slot.model_copy(update={name: getattr(wish, name) for name in names})

    stand, wish = {slot.id: slot for slot in step.slots}, {slot.id: slot for slot in wished.slots}
    if "slots" in fields:
        return tuple(merged(stand[s.id], s) if s.id in stand else s for s in wished.slots)
    return tuple(merged(slot, wish[slot.id]) if slot.id in wish else slot for slot in step.slots)


def with_changes(plan: CyclePlan, changes: Iterable[Change], order: Iterable[str]) -> tuple[Step, ...]:
    """The plan's steps after the changes, in the order named; without an order, in the one they have."""
    steps = {step.id: step for step in plan.steps}
    for change in changes:
        known = steps.get(change.step.id)
        steps[change.step.id] = change.step if known is None else changed(known, change)
    wanted = tuple(order) or tuple(steps)
    return tuple(steps[one] for one in wanted if one in steps)


def wishes(read: CyclePlan, stands: CyclePlan, file: CyclePlan) -> tuple[Change, ...]:
    """What the file wishes: where it differs both from what was last read and from what stands."""
    were, are = ({step.id: step for step in plan.steps} for plan in (read, stands))
    found = []
    for step in file.steps:
        if step.id not in are:
            found.append(Change(step=step))
            continue
        differs = fields_of(are[step.id], step)
        fields = tuple(f for f in fields_of(were.get(step.id, are[step.id]), step) if f in differs or f == "kind")
        if fields:
            found.append(Change(step=step, fields=fields))
    return tuple(found)
