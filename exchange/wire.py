"""Commands and events as plain data, and back: what crosses into histories, the inbox and the journal.

Fields at their defaults are left out, so a fact weighs what it says. Old shapes are lifted by ``UPCASTERS``; nothing
that was once written stops being readable.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, Generic, TypeVar

from exchange.base import Model

M = TypeVar("M", bound=Model)
Data = dict[str, Any]

UPCASTERS: dict[str, Callable[[Data], Data]] = {}
"""Name of a kind as it was once written to the function that lifts its data to today's shape."""


class UnknownKind(ValueError):
    """Data of a kind this release does not know, e.g. written by a newer one."""


class Wire(Generic[M]):
    """Packs and unpacks the models of one family by the name of their class, kept under ``kind``."""

    def __init__(self, models: Iterable[type[M]]) -> None:
        self.models = {model.__name__: model for model in models}

    def pack(self, value: M) -> Data:
        """``{"kind": …}`` and the fields that differ from their defaults, JSON-ready."""
        data = {"kind": type(value).__name__, **value.model_dump(mode="json", exclude_defaults=True)}
        if isinstance(at := data.get("at"), str):
            data["at"] = at.replace("000Z", "Z")  # milliseconds are all there is
        return data

    def unpack(self, data: Data) -> M:
        """The model again.

        Raises:
            UnknownKind: the kind is none of this family.
            pydantic.ValidationError: the fields do not fit it.
        """
        if lift := UPCASTERS.get(str(data.get("kind"))):
            data = lift(data)
        model = self.models.get(str(data.get("kind")))
        if model is None:
            raise UnknownKind(f"Nothing here is called {data.get('kind')!r}.")
        return model.model_validate(data)
