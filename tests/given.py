"""Rules as sentences: ``given(state).when(command, …).then(event, …)``.

``then`` compares the names of all events that follow, in order, and of each the fields that the test mentions.
``writes`` compares the letters that follow. A test of a refusal hands its outcome to :func:`refuses`.
"""

from __future__ import annotations

import functools
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from exchange.base import Command, Event, Refusal
from exchange.correspondence import Mail, ordered
from exchange.cycle import decide, fold
from exchange.state import Cycle

REFUSED: set[type[Refusal]] = set()
"""Every refusal that some test in this process claims to show."""


@dataclass(frozen=True)
class Fact:
    """An event as a test expects it: its kind, and the fields it mentions."""

    kind: type[Event]
    fields: dict[str, Any]

    def shown(self, event: Event) -> dict[str, Any]:
        """The same fields of a real event, beside its name."""
        names = self.fields if type(event) is self.kind else ()
        return {"kind": type(event).__name__, **{name: getattr(event, name) for name in names}}

    def expected(self) -> dict[str, Any]:
        return {"kind": self.kind.__name__, **self.fields}


def fact(kind: type[Event], **fields: Any) -> Fact:
    return Fact(kind, fields)


@dataclass
class Outcome:
    """What followed from the commands."""

    before: Cycle
    cycle: Cycle
    events: list[Event]
    refusal: Refusal | None = None

    def then(self, *expected: Fact) -> Outcome:
        assert self.refusal is None, f"refused: {self.refusal}"
        shown = [want.shown(event) for want, event in zip(expected, self.events, strict=False)]
        more = [{"kind": type(event).__name__} for event in self.events[len(expected) :]]
        assert [*shown, *more] == [want.expected() for want in expected]
        return self

    def nothing(self) -> Outcome:
        """Nothing follows, and nobody is refused."""
        return self.then()

    def writes(self, *expected: tuple[str, tuple[str, ...]]) -> Outcome:
        """These letters follow, by kind and to whom, in their order."""
        assert self.refusal is None, f"refused: {self.refusal}"
        assert [(mail.kind or mail.op, mail.to) for mail in self.mails()] == list(expected)
        return self

    def mails(self, kind: str = "") -> list[Mail]:
        """All orders that follow, or those of one kind."""
        return [mail for mail in ordered(self.before, self.events) if not kind or mail.kind == kind]

    def leaves(self, look: Callable[[Cycle], Any], seen: Any) -> Outcome:
        """What a look at the state shows afterwards."""
        assert look(self.cycle) == seen
        return self


@dataclass(frozen=True)
class Given:
    cycle: Cycle

    def when(self, *commands: Command) -> Outcome:
        """Decides the commands one after another, up to the first that is refused."""
        outcome = Outcome(self.cycle, self.cycle, [])
        for command in commands:
            try:
                events = decide(outcome.cycle, command)
            except Refusal as refusal:
                outcome.refusal = refusal
                break
            outcome.events += events
            outcome.cycle = fold(outcome.cycle, events)
        return outcome


def given(cycle: Cycle) -> Given:
    return Given(cycle)


def refuses(expected: Refusal) -> Callable[[Callable[[], Outcome]], Callable[[], None]]:
    """The test's outcome is this refusal, by name and facts, and its sentence can be read."""
    REFUSED.add(type(expected))

    def of_test(test: Callable[[], Outcome]) -> Callable[[], None]:
        @functools.wraps(test)
        def checked() -> None:
            outcome = test()
            assert outcome.refusal is not None, f"not refused: {outcome.events}"
            assert (outcome.refusal.name, outcome.refusal.facts) == (expected.name, expected.facts)
            assert str(outcome.refusal).endswith((".", "`")), outcome.refusal

        checked.__annotations__ = {}
        return checked

    return of_test
