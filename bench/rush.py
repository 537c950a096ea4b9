"""Two hundred registrations a second for a minute into one cycle of 5,000 places, while the mail server hangs.

All through the pages behind their personal links (:mod:`bench.town`), with the real engine and its workers. What was
accepted, acknowledged, stored and decided must be the same people; what has places must be those who came first. The
floor: a small file of the same portal, at the same rate.
"""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from sqlalchemy import select

from bench.crowd import at_rest
from bench.figures import Line, Progress
from bench.ground import folder
from bench.town import Answers, Town, send, town
from exchange.registration import DelegateRegistered
from portal.static import static
from store.schema import inbox
from store.store import Store

A_SECOND, SECONDS, PLACES = 200, 60.0, 5_000
PLAIN = f"GET {static('mark.svg')} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n".encode()
FLOOR = "a small file of the same portal at the same rate"
DECIDED_WITHIN = 120.0
"""Seconds after the last answer until the last decision."""


@dataclass(frozen=True)
class Became:
    """What became of a crowd, by the record."""

    sent: int
    answers: Answers
    stored: set[str]
    decided: set[str]
    """Whose row has an outcome."""
    accepted: set[str]
    confirmed: list[str]
    """In the order of the journal."""
    waiting: list[str]
    """In the order in which places will be offered."""
    received: list[str]
    """All whose answers were stored, in the order of their receipt."""
    received_at: list[datetime]

    @property
    def apart(self) -> int:
        """How many are not in all of: acknowledged, stored, decided, accepted."""
        sets = (self.answers.acknowledged, self.stored, self.decided, self.accepted)
        return len(set.union(*sets)) - len(set.intersection(*sets)) + self.sent - len(self.answers.acknowledged)

    def out_of_turn(self, places: int) -> int:
        """How many do not stand where their receipt puts them: with a place, or in the line."""
        stands = [*self.confirmed, *self.waiting]
        wrong = sum(one != other for one, other in zip(stands, self.received, strict=False))
        backwards = sum(late < soon for soon, late in zip(self.received_at, self.received_at[1:], strict=False))
        return wrong + abs(len(stands) - len(self.received)) + abs(len(self.confirmed) - places) + backwards


async def measure(
    progress: Progress, *, a_second: float = A_SECOND, seconds: float = SECONDS, places: int = PLACES
) -> list[Line]:
    """How long acknowledgements took, and whether the record agrees with them."""
    many = int(a_second * seconds)
    moments = [number / a_second for number in range(many)]
    with folder() as data:
        async with town(data) as here:
            progress("the floor")
            floor = await plain(here, a_second)
            progress(f"{many:,} people get their links")
            tokens = here.people("cycle-rush", many, places, datetime.now(UTC) - timedelta(hours=1))
            progress(f"{many:,} registrations, {a_second:g} a second")
            became = await rush(here, "cycle-rush", tokens, moments)
    return [*lines(became, floor), *counts(became, places)]


async def plain(here: Town, a_second: float) -> Answers:
    """Five seconds of them."""
    many = int(a_second * 5)
    forms = [(str(number), PLAIN) for number in range(many)]
    return await send(here.port, forms, [number / a_second for number in range(many)], b"200")


async def rush(here: Town, cycle: str, tokens: dict[str, str], moments: Sequence[float]) -> Became:
    """Has everybody answer at her moment, and looks what became of it once all is decided."""
    await at_rest(here.store, cycle)
    await here.try_out(next(iter(tokens.values())))
    forms = [(who, here.form(token)) for who, token in tokens.items()]
    answers = await send(here.port, forms, moments)
    async with asyncio.timeout(DECIDED_WITHIN):
        while (row := here.store.cycle(cycle)).decided_to < row.received_to:  # noqa: ASYNC110
            await asyncio.sleep(0.05)
    return became_of(here.store, cycle, answers, len(forms))


def became_of(store: Store, cycle: str, answers: Answers, sent: int) -> Became:
    """What the record says."""
    with store.reading() as connection:
        rows = connection.execute(select(inbox).where(inbox.c.cycle == cycle).order_by(inbox.c.number)).all()
    events = [entry.event for entry in store.journal(cycle)]
    desk = store.load(cycle).desk("registration")
    return Became(
        sent=sent,
        answers=answers,
        stored={row.actor for row in rows},
        decided={row.actor for row in rows if row.decided_at is not None},
        accepted={row.actor for row in rows if row.state == "accepted"},
        confirmed=[event.person for event in events if isinstance(event, DelegateRegistered)],
        waiting=desk.in_line(),
        received=[row.actor for row in rows],
        received_at=[row.received_at for row in rows],
    )


def lines(became: Became, floor: Answers) -> list[Line]:
    """How long it took."""
    late, low = became.answers.percentile(0.99) * 1000, floor.percentile(0.99) * 1000
    half, least = became.answers.percentile(0.5) * 1000, floor.percentile(0.5) * 1000
    return [
        Line("99 of 100 are acknowledged within", [late], [low], "ms", 1_000, floor_is=FLOOR),
        Line("half of them within", [half], [least], "ms", floor_is=FLOOR),
        Line("answers that went wrong", [len(became.answers.wrong)], goal=0),
    ]


def counts(became: Became, places: int) -> list[Line]:
    """Whether the record agrees."""
    return [
        Line("acknowledged", [len(became.answers.acknowledged)], goal=became.sent, least=True),
        Line("not acknowledged, stored, decided and accepted alike", [became.apart], goal=0),
        Line("confirmed", [len(became.confirmed)], goal=places, least=True),
        Line("waiting", [len(became.waiting)], goal=became.sent - places, least=True),
        Line("out of their turn", [became.out_of_turn(places)], goal=0),
    ]
