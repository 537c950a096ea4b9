"""Where a cycle stands, as data: what `show`, `watch` and ``--json`` draw from. Pure."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Any

from exchange.booking import Booking
from exchange.cycle import due
from exchange.plan import Feedback, Invitations, Registration, Report, Seminar, Step, Visits
from exchange.prompt import Prompt
from exchange.state import Cycle
from telling.heldup import lateness, overrun, too_late
from telling.names import Names, in_english, plural
from telling.sentences import asks, coming
from telling.times import at_place, now, own_instant, span, written
from telling.touching import MOST
from telling.wished import of_wish

if TYPE_CHECKING:
    from store.store import Store


@dataclass(frozen=True)
class StepLine:
    """One step on the board."""

    id: str
    title: str
    kind: str
    state: str
    """``done``, ``now`` (its turn), ``ready`` (prepared ahead), ``later``, or ``dropped`` after a cancellation."""
    when: str
    detail: str


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
        zone=plan.zone,
        practice=plan.practice,
        steps=tuple(_step(cycle, step) for step in plan.steps),
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
    return tuple(ComingLine(entry.at, names.moment(entry.at), coming(entry.command, names)) for entry in due(cycle))


def prompt_lines(
    prompts: Iterable[Prompt], names: Names, *, paused: bool = False, known: tuple[Store, Cycle] | None = None
) -> tuple[PromptLine, ...]:
    """A cycle's open decisions, oldest first; with what is to be known of each where record and cycle are given."""
    found = []
    for prompt in prompts:
        roles = [prompt.role, *([prompt.deputy] if prompt.passed and prompt.deputy else [])]
        people = dict.fromkeys(names.who(s) for role in roles for s in names.plan.roles.get(role, ()))
        found.append(
            PromptLine(
                id=prompt.id,
                cycle=names.plan.id,
                asks=asks(prompt, names),
                role=" or ".join(names.role(role) for role in roles),
                people=tuple(people),
                since=prompt.opened_at,
                due=prompt.due_at,
                when=names.moment(prompt.due_at),
                options=prompt.options,
                details=_to_know(*known, prompt, names) if known is not None else (),
                first=_before(known[1] if known else None, prompt),
                paused=paused,
            )
        )
    return tuple(found)


def _before(cycle: Cycle | None, prompt: Prompt) -> str:
    late = lateness(cycle, prompt, now()) if cycle is not None else None
    return late.way_on if late else ""


def _to_know(store: Store, cycle: Cycle, prompt: Prompt, names: Names) -> tuple[str, ...]:
    """What is to be known of a decision before it is answered."""
    return (*of_wish(store, cycle, prompt, names, now()), *too_late(cycle, prompt, now()))


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


def _step(cycle: Cycle, step: Step) -> StepLine:
    return StepLine(
        id=step.id,
        title=in_english(step.title, step.id),
        kind=step.kind,
        state=_state(cycle, step),
        when=_when(step),
        detail=_detail(cycle, step),
    )


def _state(cycle: Cycle, step: Step) -> str:
    if isinstance(step, Seminar) and cycle.gathering(step.id).stage == "released":
        return "dropped"
    if cycle.settled(step.id):
        return "done"
    if cycle.over:
        return "dropped"
    if cycle.current == step.id:
        return "now"
    begun = cycle.approving(step.id).stage != "none"
    if isinstance(step, Registration):
        begun = cycle.desk(step.id).stage == "open"
    return "ready" if begun else "later"


def _when(step: Step) -> str:
    match step:
        case Invitations():
            return f"from {written(step.prepare)}"
        case Registration() | Feedback():
            return f"until {written(step.closes)}"
        case Seminar():
            return span(step.begins, step.ends)
        case Visits():
            slots = sorted(step.slots, key=lambda s: s.begins.at)
            return span(slots[0].begins, slots[-1].ends) if slots else ""
        case Report():
            return f"from {written(step.due)}"


def _detail(cycle: Cycle, step: Step) -> str:
    preparing = {"preparing": "being made ready", "asked": "waits for approval", "rejected": "not approved"}
    if words := preparing.get(cycle.approving(step.id).stage):
        return words
    match step:
        case Invitations():
            return _of_guests(cycle, step)
        case Registration():
            return _of_desk(cycle, step)
        case Seminar():
            return _of_seminar(cycle, step)
        case Visits():
            return _of_visits(cycle, step)
        case _:
            return _of_the_end(cycle, step)


def _of_visits(cycle: Cycle, step: Visits) -> str:
    stages = [cycle.booking(step.id, slot.id).stage for slot in step.slots]
    confirmed = sum(stage in {"confirmed", "visited"} for stage in stages)
    given = cycle.approving(step.id).stage == "given"
    return f"{confirmed} of {len(stages)} confirmed" if given else plural(len(stages), "visit")


def _of_the_end(cycle: Cycle, step: Feedback | Report) -> str:
    if isinstance(step, Report):
        return "filed" if step.id in cycle.filed else ""
    survey = cycle.survey(step.id)
    return f"{len(survey.given)} of {survey.asked} answered" if survey.stage != "idle" else ""


def _of_guests(cycle: Cycle, step: Invitations) -> str:
    guests = cycle.guests(step.id)
    if guests.stage != "sent":
        return f"{plural(len(step.people), 'person', 'people')} to invite"
    answers = [guests.answers.get(person) for person in step.people]
    declined = answers.count("declined")
    said = f"{sum(a is not None for a in answers)} of {len(step.people)} answered"
    return f"{said}, {declined} declined" if declined else said


def _of_desk(cycle: Cycle, step: Registration) -> str:
    desk = cycle.desk(step.id)
    applied = sum(place.state == "applied" for place in desk.people.values()) if step.places != "first_come" else 0
    choosing = sum(not asked.done for asked in desk.nominations.values())
    words = [f"{desk.confirmed} of {desk.capacity} places"]
    words += [f"{applied} applied"] if applied else []
    words += [f"{plural(choosing, 'library', 'libraries')} choosing"] if choosing else []
    words += [plural(len(desk.offers), "offer")] if desk.offers else []
    words += [f"{desk.waiting} waiting"] if desk.waiting else []
    return ", ".join(words)


def _of_seminar(cycle: Cycle, step: Seminar) -> str:
    gathering = cycle.gathering(step.id)
    noted = list(gathering.attendance.values())
    match gathering.stage:
        case "announced":
            return "programme sent"
        case "held":
            return f"held; {sum(noted)} of {len(noted)} were there" if noted else "held"
        case "released":
            return "called off"
        case _:
            return in_english(step.place)
