"""What people, hosts and staff are to do in a rehearsal, written as short sentences.

Without any, everybody invited registers, every host confirms, every library chooses in time whom it sends, nobody
withdraws, all who took part give feedback, hosts tell how their visit went, and staff decide after a day.
"""

from __future__ import annotations

import calendar
import re
from collections.abc import Callable
from contextlib import suppress
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Literal

HostAnswer = Literal["confirm", "decline", "propose", "silent", "move"]
"""``move``: it confirms, and wishes to move its visit a day later."""

Deed = Literal["register", "late", "decline", "silent", "cancel", "missing"]
"""What one of the invited does; ``late``: she registers a day after the deadline; ``missing``: she cannot come any more
to a visit that has moved."""

_NUMBERS = (
    "nobody", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
_ORDINALS = ("first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
_MONTHS = {name.casefold(): number for number, name in enumerate(calendar.month_name) if name}

MOST = 3_650
"""More days or people than this are a slip of the finger."""
YEARS = (1900, 2200)
"""What a plan's dates lie between."""

CAN_BE_SAID = (
    "the first host declines (second …, every host, or a host's id or name; also: confirms, is silent, proposes,"
    " wishes to move)",
    "the first host wishes to move to 2027-05-31 (also: proposes 2027-05-31; else it is a week later)",
    "Anna Lind declines (anybody who is invited, by name; also: registers, registers late, is silent, cancels, is ill,"
    " cannot come any more)",
    "five register (nobody, everybody, a number)",
    "two decline the invitation",
    "three cancel (once the places are given)",
    "the contact of Gusev library does not choose (by the library's id or name; where libraries say whom they send)",
    "the contact of Gusev library chooses Anna Lind",
    "no contact chooses",
    "two cannot come any more (to a visit that has moved)",
    "nobody takes an offer",
    "nobody answers in July",
    "nobody answers from 2027-07-01 to 2027-07-31",
    "four give feedback (nobody, everybody)",
    "no host gives feedback",
    "staff take 3 days",
    "hosts take 10 days",
)
"""Every sentence a script may hold, as an example."""


class NotUnderstood(Exception):
    """A sentence of a script that says nothing we know."""

    def __init__(self, sentence: str) -> None:
        lines = "\n".join(f"  {example}" for example in CAN_BE_SAID)
        super().__init__(f"“{sentence}” cannot be played. What can be said:\n{lines}")


@dataclass(frozen=True)
class HostLine:
    """What one host does: the ``which``-th asked (from 1), every one (0), or the one of that id."""

    which: int | str
    answer: HostAnswer
    sentence: str = field(default="", compare=False)
    """As it was written."""
    to: date | None = None
    """The day on which it wants its visit to begin; without it a week later."""


@dataclass(frozen=True)
class PersonLine:
    """What one of the invited does, by her name, or by her reference once it is known who is meant."""

    who: str
    deed: Deed
    sentence: str = field(default="", compare=False)


@dataclass(frozen=True)
class HomeLine:
    """What the contact of a home library does (of every one: ``""``): whom she chooses; nobody: she is silent."""

    home: str
    chooses: str = ""
    sentence: str = field(default="", compare=False)


@dataclass(frozen=True)
class Quiet:
    """Days in which nobody answers: a month of any year, or a span (last day included)."""

    month: int = 0
    first: date = date.min
    last: date = date.min

    def holds(self, day: date) -> bool:
        return day.month == self.month if self.month else self.first <= day <= self.last


@dataclass(frozen=True)
class Script:
    """The played answers. ``None`` stands for everybody."""

    registering: int | None = None
    declining: int = 0
    cancelling: int = 0
    missing: int = 0
    """How many say no when a visit that was confirmed moves; the others can still come."""
    taking_offers: bool = True
    answering: int | None = None
    hosts_telling: bool = True
    """Whether hosts tell how their visit went."""
    hosts: tuple[HostLine, ...] = ()
    people: tuple[PersonLine, ...] = ()
    homes: tuple[HomeLine, ...] = ()
    quiet: tuple[Quiet, ...] = ()
    staff_days: int = 1
    host_days: int = 5
    sentences: dict[str, str] = field(default_factory=dict, compare=False)
    """How each count was written, by its field."""

    def deed(self, person: str) -> Deed | None:
        """What was said of one person; the last sentence holds."""
        return next((line.deed for line in reversed(self.people) if line.who == person), None)

    def host(self, host: str, number: int) -> HostLine:
        """What the host says that is the ``number``-th asked in the year; the last sentence that fits holds."""
        fit = (line for line in reversed(self.hosts) if line.which in {0, number, host})
        return next(fit, HostLine(host, "confirm"))

    def home(self, home: str) -> tuple[HomeLine, ...]:
        """What is said of the contact of a library."""
        return tuple(line for line in self.homes if line.home in {"", home})


COUNTS = ("registering", "declining", "cancelling", "missing", "answering")
"""The fields of a script that say how many."""


def read_script(sentences: list[str]) -> Script:
    """A script from its sentences; commas and semicolons part them as well.

    Raises:
        NotUnderstood: one says nothing we know; the message lists what can be said.
    """
    script = Script()
    for sentence in (part.strip() for line in sentences for part in re.split(r"[,;]", line)):
        if sentence:
            script = _told(script, sentence)
    return script


def _told(script: Script, sentence: str) -> Script:
    words = re.sub(r"^(and|the) ", "", sentence.casefold().rstrip("."))
    words = re.sub(r"^the ", "", words)
    for pattern, play in _PLAYS:
        if (found := pattern.fullmatch(words)) is not None:
            with suppress(ValueError, KeyError):
                return _noted(script, play(script, found), sentence)
    raise NotUnderstood(sentence)


def _noted(before: Script, after: Script, sentence: str) -> Script:
    """The script that knows how its newest line was written."""
    if len(after.hosts) > len(before.hosts):
        return replace(after, hosts=(*after.hosts[:-1], replace(after.hosts[-1], sentence=sentence)))
    if len(after.people) > len(before.people):
        return replace(after, people=(*after.people[:-1], replace(after.people[-1], sentence=sentence)))
    if len(after.homes) > len(before.homes):
        return replace(after, homes=(*after.homes[:-1], replace(after.homes[-1], sentence=sentence)))
    said = {name: sentence for name in COUNTS if getattr(after, name) != getattr(before, name)}
    return replace(after, sentences={**after.sentences, **said})


def _count(word: str) -> int | None:
    if word in {"everybody", "everyone", "all"}:
        return None
    return _NUMBERS.index(word) if word in _NUMBERS else int(word)


def _some(word: str) -> int:
    if (count := _count(word)) is None or count > MOST:
        raise ValueError(word)
    return count


def _host(script: Script, found: re.Match[str]) -> Script:
    which: int | str = 0
    if found["nth"]:
        which = _ORDINALS.index(found["nth"]) + 1
    elif found["id"]:
        which = found["id"]
    verbs: dict[str, HostAnswer] = {"confirm": "confirm", "decline": "decline", "propose": "propose", "wish": "move"}
    verb = found["verb"].split()[0].removesuffix("s")
    answer = verbs.get("wish" if verb == "wishe" else verb, "silent")
    to = date.fromisoformat(found["to"]) if found["to"] else None
    if to is not None and (answer not in {"move", "propose"} or not YEARS[0] <= to.year <= YEARS[1]):
        raise ValueError(found[0])
    return replace(script, hosts=(*script.hosts, HostLine(which, answer, to=to)))


def _person(script: Script, found: re.Match[str]) -> Script:
    deeds: dict[str, Deed] = {"registers": "register", "cannot": "missing", "declines": "decline"}
    verb = found["verb"].split()[0]
    deed = "late" if found["verb"] == "registers late" else deeds.get(verb, "cancel")
    return replace(script, people=(*script.people, PersonLine(found["who"], deed)))


def _contact(script: Script, found: re.Match[str]) -> Script:
    said = found.groupdict()
    return replace(script, homes=(*script.homes, HomeLine(said.get("home") or "", said.get("chosen") or "")))


def _month(script: Script, found: re.Match[str]) -> Script:
    return replace(script, quiet=(*script.quiet, Quiet(month=_MONTHS[found["month"]])))


def _span(script: Script, found: re.Match[str]) -> Script:
    first, last = date.fromisoformat(found["first"]), date.fromisoformat(found["last"])
    if last < first or not YEARS[0] <= first.year <= last.year <= YEARS[1]:
        raise ValueError(found[0])
    return replace(script, quiet=(*script.quiet, Quiet(first=first, last=last)))


_N = r"(?P<n>[a-z]+|\d+)"
_PLAYS: tuple[tuple[re.Pattern[str], Callable[[Script, re.Match[str]], Script]], ...] = tuple(
    (re.compile(pattern), play)
    for pattern, play in (
        (r"(?:no contact|no library|nobody) chooses", _contact),
        (r"contact (?:of|at) (?P<home>.+?) (?:does not choose|chooses nobody|is silent|says nothing)", _contact),
        (r"contact (?:of|at) (?P<home>.+?) chooses (?P<chosen>.+)", _contact),
        (
            r"(?:(?P<every>every|all) hosts?|(?P<nth>[a-z]+th|first|second|third) host|"
            r"(?:(?:host|participant|speaker) )?(?P<id>.+?))"
            r" (?P<verb>confirms?|declines?|proposes?|is silent|are silent|says nothing|wish(?:es)? to move)"
            r"(?: (?:another date|other dates))?(?: (?:to )?(?P<to>\d{4}-\d\d-\d\d))?",
            _host,
        ),
        (rf"{_N} (?:invited |of the invited )?registers?", lambda s, m: replace(s, registering=_count(m["n"]))),
        (rf"{_N} declines? the invitation", lambda s, m: replace(s, declining=_some(m["n"]))),
        (rf"{_N} (?:cancels?|withdraws?)", lambda s, m: replace(s, cancelling=_some(m["n"]))),
        (rf"{_N} cannot come any more", lambda s, m: replace(s, missing=_some(m["n"]))),
        (r"nobody (?:takes|accepts) (?:an|any|the) offers?", lambda s, _: replace(s, taking_offers=False)),
        (r"nobody answers in (?P<month>[a-z]+)", _month),
        (r"nobody answers from (?P<first>[0-9-]+) to (?P<last>[0-9-]+)", _span),
        (r"no hosts? gives? feedback", lambda s, _: replace(s, hosts_telling=False)),
        (rf"{_N} gives? feedback", lambda s, m: replace(s, answering=_count(m["n"]))),
        (rf"staff takes? {_N} days?", lambda s, m: replace(s, staff_days=_some(m["n"]))),
        (rf"hosts? takes? {_N} days?", lambda s, m: replace(s, host_days=_some(m["n"]))),
        (
            r"(?:(?:participant|speaker) )?(?P<who>.+?)"
            r" (?P<verb>registers(?: late)?|declines the invitation|cancels|withdraws|is ill|cannot come any more)",
            _person,
        ),
    )
)
