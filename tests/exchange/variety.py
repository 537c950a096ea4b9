"""Plans and people of all sorts, chosen by a stream of bytes that a test may shrink."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import TypeVar

from exchange.plan import Approval, Budget, CyclePlan, Registration, Seminar, Step, Visits
from tests.builders import (
    HOMES,
    approval,
    feedback,
    invitations,
    on,
    plan,
    registration,
    report,
    seminar,
    session,
    slot,
    visits,
)

T = TypeVar("T")

INVITED = ("p_anna", "p_boris", "p_vera", "p_gleb")
GUESTS = tuple(f"p_guest{number}" for number in range(1, 9))
PEOPLE = INVITED + GUESTS


class Stream:
    """Choices, one byte each; when the bytes have run out, always the first."""

    def __init__(self, data: bytes) -> None:
        self._data, self._next = data, 0

    @property
    def spent(self) -> bool:
        return self._next >= len(self._data)

    def byte(self) -> int:
        if self.spent:
            return 0
        self._next += 1
        return self._data[self._next - 1]

    def pick(self, options: Sequence[T]) -> T:
        return options[self.byte() % len(options)]

    def often(self, options: dict[T, int]) -> T:
        """One of the options, by weight."""
        place = self.byte() % sum(options.values())
        for option, weight in options.items():
            if place < weight:
                return option
            place -= weight
        raise AssertionError

    def chance(self, percent: int) -> bool:
        """Whether something rare happens; never, when the bytes have run out."""
        return self.byte() > 255 - percent * 2.56


def home_of(person: str) -> str:
    """Where the person says she comes from: several of a library, two of the kind that goes first, one of none."""
    places = ("gusev", "gusev", "oslo", "sovetsk", "gusev", "kaliningrad", "", "oslo")
    return places[PEOPLE.index(person) % len(places)] if person in PEOPLE else HOMES[0]


def _agreed(stream: Stream) -> Approval | None:
    return stream.pick(
        [None, approval(), approval(second_person=True), approval(deputy=None), approval(second_person=True)]
    )


def _desk(stream: Stream) -> Registration:
    return registration(
        capacity=stream.pick([2, 3, 1, 5]),
        per_library=stream.pick([None, 1, 2, 1]),
        priority=stream.pick([(), ("host",)]),
        places=stream.often({"first_come": 4, "selected": 1, "nominated": 2}),
        offer_lasts=timedelta(days=stream.pick([3, 1, 6])),
        offers_until=stream.pick([None, None, None, on(35), on(9)]),
    )


def _journey(stream: Stream) -> Visits:
    dear = stream.pick([100_00, 100_00, 400_00])
    # the second stay overlaps the first, and both want the same hosts
    stays = (
        slot("first", 40, "helsinki", "malmo", "oslo", cents=[100_00, dear, 90_00]),
        slot("second", stream.pick([41, 43]), "malmo", "helsinki", "aarhus", cents=[100_00, 120_00, dear]),
        slot("third", 46, "oslo", "aarhus", cents=[80_00, 70_00]),
    )
    return visits(
        *stays,
        approval=_agreed(stream),
        fallback=stream.pick(["automatic", "ask"]),
        answer_within=timedelta(days=stream.pick([14, 9, 30])),
        remind_after=timedelta(days=stream.pick([7, 9])),
    )


def year_of(stream: Stream) -> CyclePlan:
    """A thematic cycle, now and then a study trip or a series of workshops; all that a plan may say otherwise."""
    first = seminar(approval=_agreed(stream), sessions=(session("p_speaker"), session("p_anna")))
    talk = session("p_speaker", begins=on(60), ends=on(60.1))
    final = seminar(id="final", form="final", announce=on(50), begins=on(60), ends=on(60.3), sessions=(talk,))
    last = final.model_copy(update={"approval": _agreed(stream)})
    steps: tuple[Step, ...] = (
        invitations(*INVITED, approval=_agreed(stream), remind=(on(8), on(12), on(19))),
        _desk(stream),
        first,
        _journey(stream),
        last,
        feedback(),
        report(approval=_agreed(stream)),
    )
    left_out = stream.pick([*[()] * 6, ("intro", "final"), ("visits",)])
    steps = tuple(step for step in steps if step.id not in left_out)
    needed = sum(s.cents for s in steps if isinstance(s, Seminar))
    needed += sum(s.candidates[0].cents for step in steps if isinstance(step, Visits) for s in step.slots)
    cap = stream.pick([needed + 40_00, 0, needed, 5_000_00])
    return plan(*steps, budget=Budget(cap=cap), homes={"p_gleb": "sovetsk"})
