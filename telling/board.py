"""Where a cycle stands, as data: what `show`, `watch` and ``--json`` draw from. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from exchange.booking import Booking
from exchange.cycle import due
from exchange.eyes import hands
from exchange.groups import PREFIX
from exchange.prompt import Prompt
from exchange.state import Cycle
from telling.heldup import lateness, nobody, overrun, too_late
from telling.hosting import of_host
from telling.names import Names, in_english
from telling.sentences import asks, coming
from telling.steplines import StepLine, step_line
from telling.times import at_place, now, own_instant, span
from telling.touching import MOST

if TYPE_CHECKING:
    from store.store import Store


@dataclass(frozen=True)
class VisitLine:
    """One slot of a journey."""

    step: str
    slot: str
    when: str
    stage: str
    host: str
    tried: tuple[str, ...]
    still_coming: str = ""
    """Who of the group has said whether she can still come, where the visit has moved."""


@dataclass(frozen=True)
class PromptLine:
    """One decision that waits."""

    id: str
    cycle: str
    asks: str
    role: str
    people: tuple[str, ...]
    since: datetime
    due: datetime
    when: str
    """When it is due, by the clocks of the cycle."""
    options: tuple[str, ...]
    details: tuple[str, ...] = ()
    """What is to be known before it is answered: whom a visit that moves touches, and what clashes."""
    first: str = ""
    """What must be done before it can be answered, as a command; mostly nothing."""
    paused: bool = False
    """The cycle stands still: nothing is due, and the decision has as much more time when it goes on."""

    def overdue(self, now: datetime) -> bool:
        return self.due < now and not self.paused


@dataclass(frozen=True)
class ComingLine:
    """One date ahead."""

    at: datetime
    when: str
    """By the clocks of the cycle."""
    what: str


@dataclass(frozen=True)
class StillLine:
    """Why a cycle stands still."""

    since: datetime
    when: str
    """By the clocks of the cycle."""
    by: str
    why: str

    def __str__(self) -> str:
        return f"since {self.when}, by {self.by}" + (f": “{self.why}”" if self.why else "")


@dataclass(frozen=True)
class Board:
    """A cycle at a glance."""

    id: str
    programme: str
    theme: str
    year: int
    phase: str
    suspended: StillLine | None
    overrun: str
    """That its dates have all passed and it still waits for decisions; empty where that is not so."""
    empty: str
    """That nobody has a place in the next gathering, which comes near; empty where that is not so."""
    zone: str
    practice: bool
    steps: tuple[StepLine, ...]
    visits: tuple[VisitLine, ...]
    prompts: tuple[PromptLine, ...]
    ahead: tuple[ComingLine, ...]
    money: dict[str, Any]
    places: dict[str, int]

    @property
    def current(self) -> StepLine | None:
        return next((s for s in self.steps if s.state == "now"), None)

    def as_data(self) -> dict[str, Any]:
        """The board for ``--json``."""
        return asdict(self)


def board_of(cycle: Cycle, names: Names, store: Store | None = None, *, ahead: int = 6) -> Board:
    """The board, with the next ``ahead`` dates; with the record, and what is known of a host's wish."""
    plan = cycle.plan
    return Board(
        id=plan.id,
        programme=in_english(plan.programme_name, plan.programme),
        theme=in_english(plan.theme_name, plan.theme),
        year=plan.year,
        phase=cycle.phase,
        suspended=still_line(cycle, names),
        overrun=overrun(cycle, now()),
        empty=nobody(cycle, names, now()),
        zone=plan.zone,
        practice=plan.practice,
        steps=tuple(step_line(cycle, step) for step in plan.steps),
        visits=tuple(_visits(cycle, names)),
        prompts=prompt_lines(
            cycle.prompts.values(), names, paused=cycle.standstill is not None, known=(store, cycle) if store else None
        ),
        ahead=coming_lines(cycle, names)[:ahead],
        money=_money(cycle),
        places=_places(cycle),
    )


def still_line(cycle: Cycle, names: Names) -> StillLine | None:
    """Since when, by whom and why the cycle stands still; None while it does not."""
    if (still := cycle.standstill) is None:
        return None
    return StillLine(still.since, _when_by_the_plan(still.since, names), names.who(still.by), names.text(still.reason))


def _when_by_the_plan(at: datetime, names: Names) -> str:
    """A moment by the plan's own calendar, also in a practice run, whose days pass in seconds."""
    own = own_instant(names.plan, at)
    return at_place(own, names.plan.zone) if own else names.moment(at)


def coming_lines(cycle: Cycle, names: Names) -> tuple[ComingLine, ...]:
    """Everything that time will ask for, earliest first."""
    moment = now()
    return tuple(
        ComingLine(entry.at, names.moment(entry.at, moment), coming(entry.command, names)) for entry in due(cycle)
    )


def prompt_lines(
    prompts: Iterable[Prompt], names: Names, *, paused: bool = False, known: tuple[Store, Cycle] | None = None
) -> tuple[PromptLine, ...]:
    """A cycle's open decisions, oldest first; with what is to be known of each where record and cycle are given."""
    found = []
    for prompt in prompts:
        out = _not_fresh(known[1] if known else None, prompt, names)
        roles = [prompt.role, *([prompt.deputy] if prompt.passed and prompt.deputy else [])]
        people = dict.fromkeys(names.who(s) for role in roles for s in names.plan.roles.get(role, ()) if s not in out)
        found.append(
            PromptLine(
                id=prompt.id,
                cycle=names.plan.id,
                asks=asks(prompt, names),
                role=" or ".join(names.role(role) for role in roles),
                people=tuple(people),
                since=prompt.opened_at,
                due=prompt.due_at,
                when=names.moment(prompt.due_at, now()),
                options=prompt.options,
                details=_to_know(*known, prompt, names) if known is not None else (),
                first=_before(known[1] if known else None, prompt),
                paused=paused,
            )
        )
    return tuple(found)


def _not_fresh(cycle: Cycle | None, prompt: Prompt, names: Names) -> set[str]:
    """Staff who cannot be the second person that a decision wants, as far as it is known of the cycle."""
    if not prompt.second_person:
        return set()
    if cycle is not None:
        return hands(cycle, prompt.step) | {prompt.asked_by}
    return {prompt.asked_by} | (set() if prompt.step.startswith(PREFIX) else {names.plan.starter})


def _before(cycle: Cycle | None, prompt: Prompt) -> str:
    late = lateness(cycle, prompt, now()) if cycle is not None else None
    return late.way_on if late else ""


def _to_know(store: Store, cycle: Cycle, prompt: Prompt, names: Names) -> tuple[str, ...]:
    """What is to be known of a decision before it is answered."""
    moment = now()
    alone = nobody(cycle, names, moment, prompt.step) if prompt.about == "approval" else ""
    return (
        *of_host(store, cycle, prompt, names, moment),
        *too_late(cycle, prompt, names, moment),
        *filter(None, [alone]),
    )


def _money(cycle: Cycle) -> dict[str, Any]:
    purse, budget = cycle.purse, cycle.plan.budget
    return {
        "currency": budget.currency,
        "cap": purse.cap,
        "committed": purse.committed,
        "settled": purse.settled,
        "free": purse.free if purse.cap else None,
    }


def _places(cycle: Cycle) -> dict[str, int]:
    desks = [cycle.desk(step.id) for step in cycle.desks_in_plan()]
    return {
        "capacity": sum(desk.capacity for desk in desks),
        "confirmed": sum(desk.confirmed for desk in desks),
        "offered": sum(len(desk.offers) for desk in desks),
        "waiting": sum(desk.waiting for desk in desks),
    }


def _visits(cycle: Cycle, names: Names) -> list[VisitLine]:
    found = []
    for journey in cycle.journeys():
        for slot in journey.slots:
            booking = cycle.booking(journey.id, slot.id)
            tried = tuple(names.host(host) for host in booking.tried if host != booking.host)
            host = names.host(booking.host) if booking.host else ""
            when, coming = span(slot.begins, slot.ends), _still_coming(booking, names)
            found.append(VisitLine(journey.id, slot.id, when, booking.stage, host, tried, coming))
    return found


def _still_coming(booking: Booking, names: Names) -> str:
    """``9 of 12 still come; no answer from Anna Berg, Bo Lind``; empty where nobody was asked."""
    call = booking.call if booking.stage == "confirmed" else None
    if call is None or not call.people:
        return ""
    silent = [names.who(person) for person in call.silent()]
    more = f" and {len(silent) - MOST} more" if len(silent) > MOST else ""
    said = f"{len(call.people) - len(silent)} of {len(call.people)} still come"
    return f"{said}; no answer yet from {', '.join(silent[:MOST])}{more}" if silent else said
