"""A persistent map that remembers the order of insertion.

Frozen states need a map whose update neither copies ten thousand delegates nor changes the old state. ``rpds`` gives
the map (a hash trie); its own order differs between processes, so each entry is numbered, and a second map leads from
the numbers to the keys: whoever stands first is found without looking at the rest.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any, Generic, TypeVar, get_args

from pydantic import GetCoreSchemaHandler
from pydantic_core import CoreSchema, core_schema
from rpds import HashTrieMap

V = TypeVar("V")


class Keyed(Generic[V]):
    """An immutable map from ``str`` to ``V``: get, put and drop in (amortised) constant time, ordered iteration."""

    __slots__ = ("_first", "_map", "_next", "_order")

    def __init__(self, items: Iterable[tuple[str, V]] = ()) -> None:
        content = dict(items)
        self._map: HashTrieMap[str, tuple[int, V]] = HashTrieMap(
            {key: (number, value) for number, (key, value) in enumerate(content.items())}
        )
        self._order: HashTrieMap[int, str] = HashTrieMap(dict(enumerate(content)))
        self._first, self._next = 0, len(content)

    @classmethod
    def _of(
        cls, entries: HashTrieMap[str, tuple[int, V]], order: HashTrieMap[int, str], first: int, following: int
    ) -> Keyed[V]:
        new = cls.__new__(cls)
        new._map, new._order, new._first, new._next = entries, order, first, following
        return new

    def put(self, key: str, value: V) -> Keyed[V]:
        """The map with ``key`` set. A key that is there keeps its place in the order."""
        held = self._map.get(key)
        if held is not None:
            return self._of(self._map.insert(key, (held[0], value)), self._order, self._first, self._next)
        entries, order = self._map.insert(key, (self._next, value)), self._order.insert(self._next, key)
        return self._of(entries, order, self._first, self._next + 1)

    def drop(self, key: str) -> Keyed[V]:
        """The map without ``key``; the same map when it is not there."""
        held = self._map.get(key)
        if held is None:
            return self
        order, first = self._order.remove(held[0]), self._first
        while first < self._next and first not in order:
            first += 1
        return self._of(self._map.remove(key), order, first, self._next)

    def get(self, key: str) -> V | None:
        held = self._map.get(key)
        return None if held is None else held[1]

    def __getitem__(self, key: str) -> V:
        return self._map[key][1]

    def __contains__(self, key: object) -> bool:
        return key in self._map

    def __len__(self) -> int:
        return len(self._map)

    def __iter__(self) -> Iterator[str]:
        """The keys, oldest first; those that nobody asks for are not looked up."""
        order = self._order
        return (key for number in range(self._first, self._next) if (key := order.get(number)) is not None)

    def items(self) -> list[tuple[str, V]]:
        """All entries, oldest first."""
        return [(key, self._map[key][1]) for key in self]

    def values(self) -> list[V]:
        """All values, oldest first."""
        return [self._map[key][1] for key in self]

    def keys(self) -> list[str]:
        """All keys, oldest first."""
        return list(self)

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Keyed) and self.items() == other.items()

    def __deepcopy__(self, memo: object) -> Keyed[V]:
        """Itself, since nothing in it changes; pydantic copies a default for every model that is made."""
        return self

    __hash__ = None  # type: ignore[assignment]  # compared by content, never a key

    def __repr__(self) -> str:
        return f"Keyed({self.items()!r})"

    @classmethod
    def __get_pydantic_core_schema__(cls, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        args = get_args(source)
        value = handler(args[0]) if args else core_schema.any_schema()
        pairs = core_schema.list_schema(core_schema.tuple_schema([core_schema.str_schema(), value]))
        build: Callable[[Any], Keyed[Any]] = cls
        return core_schema.json_or_python_schema(
            json_schema=core_schema.no_info_after_validator_function(build, pairs),
            python_schema=core_schema.union_schema(
                [
                    core_schema.is_instance_schema(cls),
                    core_schema.no_info_after_validator_function(build, pairs),
                ]
            ),
            serialization=core_schema.plain_serializer_function_ser_schema(
                lambda keyed: keyed.items(), return_schema=pairs
            ),
        )
