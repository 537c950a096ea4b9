"""The pages: one module for each area, found by being here.

A module is an area when it has one of

- ``routes``: a list of Starlette routes;
- ``doors``: what opens by a personal link, ``{purpose: {"": Door(show, answer), "calendar.ics": Door(entry)}}``;
- ``uploads``: the beginnings of paths that take larger bodies than others, and how many bytes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import TYPE_CHECKING

from starlette.routing import BaseRoute

if TYPE_CHECKING:
    from portal.doors import Door


@dataclass(frozen=True)
class Area:
    """What one module brings."""

    name: str
    routes: tuple[BaseRoute, ...]
    doors: Mapping[str, Mapping[str, Door]]
    uploads: Mapping[str, int]


@cache
def areas() -> tuple[Area, ...]:
    """All areas by the alphabet."""
    modules = [(name, import_module(f"portal.pages.{name}")) for _, name, _ in iter_modules(__path__)]
    return tuple(
        Area(name, tuple(getattr(it, "routes", ())), _doors_of(it), getattr(it, "uploads", {})) for name, it in modules
    )


def _doors_of(module: object) -> Mapping[str, Mapping[str, Door]]:
    found = getattr(module, "doors", {})
    return found if isinstance(found, Mapping) else {}  # a page may have imported the function below


@cache
def doors() -> Mapping[str, Mapping[str, Door]]:
    """What opens by a link of each purpose.

    Raises:
        ValueError: two areas open the same door.
    """
    found: dict[str, dict[str, Door]] = {}
    for area in areas():
        for purpose, behind in area.doors.items():
            known = found.setdefault(purpose, {})
            if twice := known.keys() & behind.keys():
                raise ValueError(f"two areas open {purpose}/{', '.join(twice)}; the second is {area.name}")
            known.update(behind)
    return found
