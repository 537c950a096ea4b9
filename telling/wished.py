"""What staff see before a confirmed visit moves: whom it touches, and what clashes with the new time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from exchange.clashes import Affected, Clash, affected, clashes
from exchange.plan import Seminar, Slot, Visits, When
from telling.counts import plural
from telling.names import Names
from telling.times import by_the_plan, days, span
from telling.times import day as written_day
from telling.touching import MOST

if TYPE_CHECKING:
    from exchange.prompt import Prompt
    from exchange.state import Cycle
    from store.store import Store

SATURDAY = 5
LONGEST = timedelta(days=60)
"""Of a longer stay the single free days are not told."""

_SENTENCES = {
    "stay": "The group visits {host} at the same time ({slot}).",
    "seminar": "{step} is held at the same time.",
    "speaks": "{person}, who takes part, speaks at {step} at that time.",
    "receives": "{person}, who takes part, receives visitors at {host} at that time.",
}


@dataclass(frozen=True)
class Time:
    """A visit and the time it could have."""

    store: Store
    """The record, for what else its people are expected at."""
    cycle: Cycle
    step: Visits
    slot: Slot
    begins: When
    ends: When

    @property
    def host(self) -> str:
        return self.cycle.booking(self.step.id, self.slot.id).host


def of_wish(store: Store, cycle: Cycle, prompt: Prompt, names: Names, now: datetime) -> tuple[str, ...]:
    """What is to be known of a host's wish to move its visit; empty where it wishes nothing."""
    if prompt.about != "wish" or prompt.begins is None or prompt.ends is None:
        return ()
    time = Time(store, cycle, *cycle.slot_of(prompt.step, prompt.subject), prompt.begins, prompt.ends)
    why = names.text(cycle.booking(prompt.step, prompt.subject).why)
    moves = f"From {span(time.slot.begins, time.slot.ends)} to {span(time.begins, time.ends)}."
    return (moves, *([f"Its reason: “{why}”"] if why else []), *known_of(time, names, now))


def known_of(time: Time, names: Names, now: datetime) -> Iterator[str]:
    """Whom a visit at that time touches and what clashes with it, a line each."""
    yield from _touched(affected(time.cycle, time.step, time.slot, time.begins, time.ends), names)
    found = clashes(time.cycle, time.step, time.slot, time.begins, time.ends, now)
    lines = [*(_clash(clash, time.cycle, names) for clash in found), *_free_days(time), *_elsewhere(time, names)]
    yield from lines or ["Nothing clashes with it."]


def _touched(who: Affected, names: Names) -> Iterator[str]:
    people = [names.who(person) for person in who.delegates]
    more = f" and {len(people) - MOST} more" if len(people) > MOST else ""
    listed = f" ({', '.join(people[:MOST])}{more})" if people else ""
    yield f"It affects {plural(len(people), 'person', 'people')} with a place{listed}."
    if who.hosts:
        yield f"The other hosts of the journey: {', '.join(map(names.host, who.hosts))}."
    if who.speakers:
        yield f"Speakers at that time: {', '.join(map(names.who, who.speakers))}."


def _clash(clash: Clash, cycle: Cycle, names: Names) -> str:
    if clash.refusal is not None:
        clash.refusal.clock = by_the_plan(cycle.plan)
        return f"It cannot move there as things are. {clash.refusal}"
    if clash.kind == "quiet":
        weeks = days(datetime.fromisoformat(clash.first), datetime.fromisoformat(clash.last))
        return f"Those are quiet weeks of the plan: {weeks}."
    return _SENTENCES[clash.kind].format(
        host=names.host(clash.host) or "another host",
        slot=clash.slot,
        step=names.step(clash.step),
        person=names.who(clash.person),
    )


def _free_days(time: Time) -> Iterator[str]:
    """Weekends and public holidays of the host's country in those days, and July."""
    from plans.free_days import QUIET_MONTH, country_of, holiday, is_weekend

    first, last = (datetime.fromisoformat(when.local).date() for when in (time.begins, time.ends))
    house = time.cycle.plan.organisation(time.host)
    countries = [country_of(house)] if house else []
    if QUIET_MONTH in {first.month, last.month}:
        yield "It would be in July, when libraries are half empty."
    for day in _each(first, last):
        name, where = holiday(day, countries)
        if name:
            yield f"{written_day(day)} is a public holiday there ({name}, {where[0]})."
        elif is_weekend(day):
            yield f"{written_day(day)} is a {'Saturday' if day.weekday() == SATURDAY else 'Sunday'}."


def _each(first: date, last: date) -> Iterator[date]:
    if last - first <= LONGEST:
        yield from (first + timedelta(days=number) for number in range((last - first).days + 1))


def _elsewhere(time: Time, names: Names) -> Iterator[str]:
    """Those of the group who are expected in another cycle at that time, known by their addresses."""
    store, group = time.store, time.cycle.group()
    hers = {person.address_norm: names.who(ref) for ref, person in store.get_people(group).items()}
    for row in store.cycles():
        if not row.open or row.id == time.cycle.plan.id or row.practice != time.cycle.plan.practice:
            continue
        other = store.load(row.id)
        expected = [what for begins, ends, what in _held(other) if begins < time.ends.at and time.begins.at < ends]
        if not expected:
            continue
        both = [hers[p.address_norm] for p in store.get_people(other.group()).values() if p.address_norm in hers]
        if both:
            yield f"{', '.join(both[:MOST])}: expected in {row.id} at that time ({', '.join(expected)})."


def _held(cycle: Cycle) -> Iterator[tuple[datetime, datetime, str]]:
    """What the group of a cycle is expected at: seminars, and visits that are confirmed."""
    for step in cycle.plan.steps:
        if isinstance(step, Seminar) and cycle.gathering(step.id).stage in {"idle", "announced"}:
            yield step.begins.at, step.ends.at, step.id
        if isinstance(step, Visits):
            stays = (s for s in step.slots if cycle.booking(step.id, s.id).stage == "confirmed")
            yield from ((s.begins.at, s.ends.at, s.id) for s in stays)
