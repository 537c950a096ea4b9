"""No refusal that nobody ever hears; and what all of them have in common."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from importlib import import_module
from pkgutil import iter_modules

import pytest

from exchange import correspondence  # noqa: F401 - with it every part of the rules is known
from exchange.base import Refusal
from exchange.places import (
    NotRegistered,
)
from tests import exchange
from tests.given import REFUSED

for module in iter_modules(exchange.__path__):  # whatever is run: each of them hears some
    if module.name.startswith("test_"):
        import_module(f"tests.exchange.{module.name}")


def subclasses(kind: type[Refusal]) -> Iterator[type[Refusal]]:
    for sub in kind.__subclasses__():
        yield sub
        yield from subclasses(sub)


def test_no_refusal_is_left_that_no_test_hears() -> None:
    known = {kind for kind in subclasses(Refusal) if kind.__module__.startswith("exchange.")}
    assert {kind.__name__ for kind in known - REFUSED} == set()


def test_a_refusal_passes_through_a_context_manager_and_takes_notes() -> None:
    @contextmanager
    def place() -> Iterator[None]:
        yield

    with pytest.raises(NotRegistered) as caught, place():
        raise NotRegistered("a")
    caught.value.add_note("seen at the desk")
    assert (caught.value, hash(caught.value)) == (NotRegistered("a"), hash(NotRegistered("a")))
