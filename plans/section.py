"""A YAML mapping being read: every getter notes what is wrong, with its line, and gives a stand-in to go on with."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from typing import Literal, TypeVar

from yaml.nodes import MappingNode, Node, ScalarNode, SequenceNode

from exchange.base import Text
from exchange.plan import When
from plans.clock import UNKNOWN, read_clock, read_moment, resolve, zone
from plans.faults import Fault, Misread, did_you_mean, listed
from plans.notation import as_id, fit, read_cents, read_count, read_span, read_yes
from plans.said import said
from plans.words import language_code

T = TypeVar("T")
Path = tuple[str, ...]
"""Where a value stands in a plan, e.g. ``("steps", "visits", "slots", "spring", "begins")``."""


@dataclass
class Desk:
    """Where one plan is read: its faults so far, and the line of every path."""

    file: str
    languages: tuple[str, ...] = ("en",)
    faults: list[Fault] = field(default_factory=list)
    lines: dict[Path, int] = field(default_factory=dict)

    def note(self, path: Path, sentence: str, line: int = 0, severity: Literal["error", "warning"] = "error") -> None:
        """Notes a fault at a path, or at a line of its own."""
        self.faults.append(Fault(self.file, line or line_of(self.lines, path), ".".join(path), sentence, severity))


ONCE = "is given once for"
"""How a warning begins of words that are written in one of several languages."""


def line_of(lines: dict[Path, int], path: Path) -> int:
    """The line of a path, or of the nearest thing around it that has one."""
    while path and path not in lines:
        path = path[:-1]
    return lines.get(path, 1)


class Section:
    """One mapping of a plan."""

    def __init__(self, desk: Desk, node: Node, path: Path) -> None:
        self.desk, self.path, self._asked = desk, path, dict[str, None]()
        self._nodes: dict[str, Node] = {}
        self._whole = isinstance(node, MappingNode)
        desk.lines.setdefault(path, node.start_mark.line + 1)
        if isinstance(node, MappingNode):
            self._take(node)
        else:
            self.note("", said("must be a group of lines like “name: value”, all indented alike."))

    def _take(self, node: MappingNode) -> None:
        for key, value in node.value:
            name = str(key.value) if isinstance(key, ScalarNode) else ""
            if name in self._nodes:
                line = key.start_mark.line + 1
                first = self.desk.lines[(*self.path, name)]
                self.desk.note(
                    (*self.path, name), said("stands here twice (first on line {line}); keep one.", line=first), line
                )
                continue
            self._nodes[name] = value
            self.desk.lines[(*self.path, name)] = key.start_mark.line + 1

    def note(self, key: str, sentence: str, line: int = 0, severity: Literal["error", "warning"] = "error") -> None:
        """Notes a fault of one of its fields, or of itself where the key is empty."""
        self.desk.note((*self.path, key) if key else self.path, sentence, line, severity)

    def has(self, key: str) -> bool:
        """Whether the key is there and holds something."""
        return self._node(key) is not None

    def names(self) -> list[str]:
        """Its keys in the order of the file; all count as asked for."""
        self._asked |= dict.fromkeys(self._nodes)
        return list(self._nodes)

    def finish(self) -> None:
        """Notes every key that nobody asked for: it means nothing, or is misspelt."""
        for key in self._nodes:
            if key not in self._asked:
                known = said(" Known here: {known}.", known=listed(sorted(self._asked)))
                hint = did_you_mean(key, self._asked) or known
                self.note(key, said("“{key}” is nothing we know here.{hint}", key=key, hint=hint))

    def _node(self, key: str) -> Node | None:
        self._asked[key] = None
        node = self._nodes.get(key)
        empty = isinstance(node, ScalarNode) and node.style is None and node.value in {"", "~", "null"}
        return None if empty else node

    def raw(self, key: str, *, required: bool = False) -> str | None:
        """The words of a single value; nothing where it is missing or is no single value (which is noted)."""
        node = self._node(key)
        if node is None:
            if required and self._whole:
                missing = said("“{key}” is missing; add it.", key=key)
                self.note(key, said("is empty; fill it in.") if key in self._nodes else missing)
            return None
        if isinstance(node, ScalarNode):
            return str(node.value)
        self.note(key, said("must be one value, not a list or a group of lines."))
        return None

    def read(self, key: str, reader: Callable[[str], T], otherwise: T, *, required: bool = False) -> T:
        """What a reader makes of a single value; ``otherwise`` where it is missing or misread (which is noted)."""
        raw = self.raw(key, required=required)
        if raw is None:
            return otherwise
        try:
            return reader(raw)
        except Misread as why:
            self.note(key, str(why))
            return otherwise

    def count(self, key: str, otherwise: int, *, required: bool = False, least: int = 1) -> int:
        """A whole number of at least ``least``."""
        return self.read(key, lambda words: read_count(words, least), otherwise, required=required)

    def cents(self, key: str, *, required: bool = False) -> int:
        """Money in hundredths, 0 where it is missing."""
        return self.read(key, read_cents, 0, required=required)

    def span(self, key: str, otherwise: timedelta) -> timedelta:
        """A duration."""
        return self.read(key, read_span, otherwise)

    def yes(self, key: str) -> bool:
        """Yes or no; no where it is missing."""
        return self.read(key, read_yes, False)

    def moment(self, key: str, place: str, day: time, on: When | None = None) -> When:
        """A required moment at a place; ``UNKNOWN`` where it cannot be read or the place's zone is not known.

        Args:
            key: its key.
            place: the zone of the place; empty where it is not known.
            day: what a date alone means.
            on: the moment whose day counts where only a time of day is given.
        """
        raw = self.raw(key, required=True)
        if raw is None or not place:
            return UNKNOWN

        def reader(words: str) -> When:
            clock = read_clock(words)
            if clock is None:
                return read_moment(words, place, day)
            if on is None:
                example = f"2012-02-14 {clock:%H:%M}"
                raise Misread(said("“{words}” lacks the day; write it like {example}.", words=words, example=example))
            return resolve(datetime.combine(datetime.fromisoformat(on.local), clock), place) if on.local else UNKNOWN

        return self.read(key, reader, UNKNOWN)

    def zone(self, key: str, otherwise: str, *, required: bool = False) -> str:
        """The proper name of a time zone; empty where it is not known (which is noted)."""
        if not self.has(key) and not required:
            return otherwise
        return self.read(key, lambda words: zone(words).key, "", required=required)

    def one_of(self, key: str, known: Iterable[str], otherwise: str) -> str:
        """One of the known words, blanks and hyphens as good as underscores."""
        options = list(known)

        def choose(words: str) -> str:
            word = words.strip().casefold().replace(" ", "_").replace("-", "_")
            if word not in options:
                known = listed((option.replace("_", " ") for option in options), "or")
                hint = did_you_mean(words, (option.replace("_", " ") for option in options))
                raise Misread(said("“{words}” is not known; it is {known}.{hint}", words=words, known=known, hint=hint))
            return word

        return self.read(key, choose, otherwise)

    def identifier(self) -> str:
        """Its own ``id`` of lower-case letters, digits and hyphens; its number in the list where that is no use."""
        self.read("id", as_id, "", required=True)
        return self.path[-1]

    def words(self, key: str, *, required: bool = False) -> str:
        """One line of words that may stand in a mail header; empty where missing or unfit."""
        return self.read(key, lambda raw: fit(raw, lines=False), "", required=required)

    def text(self, key: str, *, required: bool = False, spoken: bool = False, lines: bool = False) -> Text:
        """A text in one or several languages.

        Args:
            key: its key.
            required: whether it must be there.
            spoken: whether participants read it, so that a missing translation is worth a warning.
            lines: whether it may have several lines.
        """
        node = self._node(key)
        if isinstance(node, MappingNode):
            text = Section(self.desk, node, (*self.path, key)).as_text(spoken=spoken, lines=lines)
            if required and not node.value:
                self.note(key, said("is empty; fill it in."))
            return text
        words = self.read(key, lambda raw: fit(raw, lines=lines), "", required=required)
        first, *others = self.desk.languages
        if words and others and spoken:
            sentence = f"{ONCE} {listed(self.desk.languages)}; write “{others[0]}: …” as well."
            self.note(key, sentence, severity="warning")
        return {first: words} if words else {}

    def as_text(self, *, spoken: bool, lines: bool) -> Text:
        """This mapping itself as a text: language to words."""
        text: Text = {}
        for key in self.names():
            code = language_code(key)
            if not code or len(key) > 2:
                self.note(key, said("“{words}” is no language code; use en, fi, ru, sv and the like.", words=key))
            elif words := self.read(key, lambda raw: fit(raw, lines=lines), "", required=True):
                text[code] = words
        missing = [code for code in self.desk.languages if code not in map(language_code, self._nodes)]
        if missing and spoken:
            lacks = said("has no words in {missing}; add “{first}: …”.", missing=listed(missing), first=missing[0])
            self.note("", lacks, severity="warning")
        return text

    def items(self, key: str, *, required: bool = False) -> list[tuple[Node, int]]:
        """The items of a list with their lines; a single value counts as a list of one."""
        node = self._node(key)
        if node is None:
            self.raw(key, required=required)
            return []
        nodes = node.value if isinstance(node, SequenceNode) else [node]
        if required and not nodes:
            self.note(key, said("is empty; add one item at least."))
        return [(item, item.start_mark.line + 1) for item in nodes]

    def lines(self, key: str, *, required: bool = False) -> list[tuple[str, int]]:
        """A list of single values with their lines."""
        found = []
        for node, line in self.items(key, required=required):
            if isinstance(node, ScalarNode):
                found.append((str(node.value), line))
            else:
                self.note(key, said("must be a list of single values."), line)
        return found

    def sections(self, key: str, *, required: bool = False, named: bool = True) -> list[Section]:
        """A list of mappings. Named ones have an ``id`` of their own; doubles are noted."""
        found: dict[str, Section] = {}
        for number, (node, line) in enumerate(self.items(key, required=required), 1):
            name = _id_in(node) if named else ""
            if name in found:
                twice = "the id “{name}” is used twice (first on line {line}); give one another."
                self.note(key, said(twice, name=name, line=found[name].line), line)
            here = name if name and name not in found else str(number)
            self.desk.lines[(*self.path, key, here)] = line
            found[here] = Section(self.desk, node, (*self.path, key, here))
        return list(found.values())

    def section(self, key: str, *, required: bool = False) -> Section | None:
        """A mapping inside this one; nothing where it is missing."""
        node = self._node(key)
        if node is None:
            self.raw(key, required=required)
            return None
        return Section(self.desk, node, (*self.path, key))

    def is_single(self, key: str) -> bool:
        """Whether a key holds a single value."""
        return isinstance(self._node(key), ScalarNode)

    @property
    def line(self) -> int:
        """Its first line."""
        return line_of(self.desk.lines, self.path)


def _id_in(node: Node) -> str:
    pairs = node.value if isinstance(node, MappingNode) else []
    return next((str(value.value) for key, value in pairs if key.value == "id" and isinstance(value, ScalarNode)), "")
