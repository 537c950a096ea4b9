"""Commands and events as plain data, and back: what crosses into histories, the inbox and the journal.

Fields at their defaults are left out, so a fact weighs what it says. Nothing that was once written stops being
readable: what has another shape today is lifted. And nothing is written into a cycle that the release it began under
could not read, unless it uses what that release does not have: then it says so, under ``v`` (ADR 0017).
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, NamedTuple, TypeVar

from exchange.base import RULES, Command, Model, NewerRules

M = TypeVar("M", bound=Model)
Data = dict[str, Any]

VERSION = "v"
"""The key under which data names the version of the rules that it needs, where that is not the first."""
STATE = "Cycle"
"""The kind by which a carried state goes through :data:`RESHAPED`."""


class Reshaping(NamedTuple):
    """A kind whose data has changed its shape, with the way there and back. Both are pure and give back new data."""

    version: int
    """The version of the rules that brought the new shape."""
    kind: str
    """The command or event, as it is called now; :data:`STATE` for the state that a run carries to the next."""
    lift: Callable[[Data], Data]
    """From the shape before to this one."""
    lower: Callable[[Data], Data]
    """From this one to the shape before, for cycles that began under an older version."""
    was: str = ""
    """Its name before, where that has changed; ``lift`` and ``lower`` change it then."""


RESHAPED: tuple[Reshaping, ...] = ()
"""Oldest first. Never removed: somebody has a journal that was written before."""

SINCE: dict[str, int] = {}
"""What came after the first release, to the version of the rules that brought it: ``Kind``, ``Kind.field``, or
``Kind.field=value``; a field within a field is ``Kind.field.inner``."""


class UnknownKind(ValueError):
    """Data of a kind this release does not know, and which does not say what it needs."""


def lifted(data: Data) -> Data:
    """The data in today's shape, whatever release wrote it.

    Raises:
        NewerRules: it says that it needs a newer version than there is here.
    """
    version = data.get(VERSION, 1)
    if version > RULES:
        raise NewerRules(str(data.get("kind")), version)
    for change in RESHAPED:
        if change.version > version and (change.was or change.kind) == data.get("kind"):
            data = change.lift(data)
    return {key: value for key, value in data.items() if key != VERSION}


def lowered(data: Data, rules: int) -> Data:
    """The data as the release of version ``rules`` reads it; where it uses what came later, as that release does.

    It is marked with the version whose shape it has, where that is not the first.
    """
    data = {key: value for key, value in data.items() if key != VERSION}
    since = _since(data)
    version = max(rules, since)
    shapes = [change.version for change in RESHAPED if change.kind == data["kind"]]
    for change in reversed(RESHAPED):
        if change.version > version and change.kind == data["kind"]:
            data = change.lower(data)
    marked = max([since, *(shape for shape in shapes if shape <= version)])
    return {"kind": data["kind"], VERSION: marked, **data} if marked > 1 else data


def needed(command: Command) -> int:
    """The version of the rules that whoever decides the command must know, for what it says."""
    return _since({"kind": type(command).__name__, **command.model_dump(exclude_defaults=True)})


def _since(data: Data) -> int:
    """The version that brought what the data uses."""
    return max((SINCE.get(use, 1) for use in _uses(data["kind"], data)), default=1) if SINCE else 1


def _uses(path: str, said: Any) -> Iterator[str]:
    """All that the data says, as :data:`SINCE` names it."""
    if isinstance(said, dict):
        yield path
        for field, value in said.items():
            yield from _uses(f"{path}.{field}", value)
    elif isinstance(said, list | tuple):
        yield path
        for value in said:
            yield from _uses(path, value)
    else:
        yield from (path, f"{path}={said}")


class Wire(Generic[M]):
    """Packs and unpacks the models of one family by the name of their class, kept under ``kind``."""

    def __init__(self, models: Iterable[type[M]]) -> None:
        self.models = {model.__name__: model for model in models}

    def pack(self, value: M, rules: int = RULES) -> Data:
        """``{"kind": …}`` and the fields that differ from their defaults, JSON-ready; for a cycle under ``rules``."""
        data = {"kind": type(value).__name__, **value.model_dump(mode="json", exclude_defaults=True)}
        if isinstance(at := data.get("at"), str):
            data["at"] = at.replace("000Z", "Z")  # milliseconds are all there is
        return lowered(data, rules) if RESHAPED or SINCE else data

    def unpack(self, data: Data) -> M:
        """The model again.

        Raises:
            NewerRules: it needs a newer version of the rules.
            UnknownKind: the kind is none of this family.
            pydantic.ValidationError: the fields do not fit it.
        """
        if RESHAPED or VERSION in data:
            data = lifted(data)
        model = self.models.get(str(data.get("kind")))
        if model is None:
            raise UnknownKind(f"Nothing here is called {data.get('kind')!r}.")
        return model.model_validate(data)
