"""Changing a plan wherever something of one kind stands in it."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any, TypeVar

from pydantic import BaseModel

T = TypeVar("T")
M = TypeVar("M", bound=BaseModel)


def changed(model: M, kind: type[T], change: Callable[[T], T]) -> M:
    """The model with ``change`` applied to every value of a type, however deep in models and tuples."""
    fields = {name: _changed(getattr(model, name), kind, change) for name in type(model).model_fields}
    return model.model_copy(update=fields)


def _changed(value: Any, kind: type[T], change: Callable[[T], T]) -> Any:
    if isinstance(value, kind):
        return change(value)
    if isinstance(value, BaseModel):
        return changed(value, kind, change)
    if isinstance(value, tuple):
        return tuple(_changed(item, kind, change) for item in value)
    return value


def found(model: BaseModel, kind: type[T]) -> Iterator[T]:
    """Every value of a type in a model, in the order of its fields."""
    seen: list[T] = []

    def keep(value: T) -> T:
        seen.append(value)
        return value

    changed(model, kind, keep)
    return iter(seen)
