"""What staff see before a confirmed visit moves: whom it touches, and what clashes with the new time."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import TYPE_CHECKING

from exchange.clashes import Affected, Clash, affected, clashes
from exchange.plan import Seminar, Slot, Visits, When
from telling.names import Names
from telling.touching import MOST

if TYPE_CHECKING:
    from exchange.prompt import Prompt
    from exchange.state import Cycle
    from store.store import Store

SATURDAY = 5
LONGEST = timedelta(days=60)
"""Of a longer stay the single free days are not told."""

KNOWN = {
    "moves": "From {before} to {after}.",
    "why": "Its reason: “{reason}”",
    "planned": "It is planned for {dates}.",
    "no": "It said no on {when}.",
    "no/after_yes": "It said no on {when}, after it had said yes.",
    "silent": "Its time to answer was over on {when}.",
    "since": "{host} has been asked since, and has not said yes yet.",
    "since/confirmed": "{host} has been asked since, and has said yes.",
    "since/nobody": "Nobody else has been asked since. Without it, who receives the group is still to be decided.",
    "nothing": "Nothing clashes with it.",
    "affects": "It affects {people} with a place ({listed}).",
    "hosts": "The other hosts of the journey: {hosts}.",
    "speakers": "Speakers at that time: {people}.",
    "refused": "It cannot move there as things are. {why}",
    "quiet": "Those are quiet weeks of the plan: {weeks}.",
    "stay": "The group visits {host} at the same time ({slot}).",
    "seminar": "{step} is held at the same time.",
    "speaks": "{person}, who takes part, speaks at {step} at that time.",
    "receives": "{person}, who takes part, receives visitors at {host} at that time.",
    "another": "another host",
    "july": "It would be in July, when libraries are half empty.",
    "holiday": "{day} is a public holiday there ({name}, {country}).",
    "saturday": "{day} is a Saturday.",
    "sunday": "{day} is a Sunday.",
    "deputy/goes": "There is no deputy then, who could decide what waits too long: it is {people} now ({deputy}).",
    "deputy/gone": "There is no deputy now, who could decide what waits too long: it was {people} ({deputy}).",
    "elsewhere": "{people}: expected in {cycle} at that time ({what}).",
}
"""What is said of a time, each by what it is about; the portal says it in the reader's language."""


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
    before, after = names.span(time.slot.begins, time.slot.ends), names.span(time.begins, time.ends)
    reason = [said(names, "why", reason=why)] if why else []
    return (said(names, "moves", before=before, after=after), *reason, *known_of(time, names, now))


def said(names: Names, key: str, **places: str) -> str:
    """A sentence of :data:`KNOWN`."""
    return names.said(KNOWN[key]).format(**places)


def known_of(time: Time, names: Names, now: datetime) -> Iterator[str]:
    """Whom a visit at that time touches and what clashes with it, a line each."""
    yield from touched_by(affected(time.cycle, time.step, time.slot, time.begins, time.ends), names)
    found = clashes(time.cycle, time.step, time.slot, time.begins, time.ends, now)
    lines = [*(_clash(clash, names) for clash in found), *_free_days(time, names), *_elsewhere(time, names)]
    yield from lines or [said(names, "nothing")]


def touched_by(who: Affected, names: Names) -> Iterator[str]:
    """Whom a visit touches, a line each; of nobody nothing is said."""
    if people := [names.who(person) for person in who.delegates]:
        count, listed = names.people(len(people)), names.listed(people[:MOST], max(0, len(people) - MOST))
        yield said(names, "affects", people=count, listed=listed)
    if who.hosts:
        yield said(names, "hosts", hosts=names.listed(map(names.host, who.hosts)))
    if who.speakers:
        yield said(names, "speakers", people=names.listed(map(names.who, who.speakers)))


def _clash(clash: Clash, names: Names) -> str:
    if clash.refusal is not None:
        return said(names, "refused", why=names.refusal(clash.refusal))
    if clash.kind == "quiet":
        first, last = (datetime.fromisoformat(day).date() for day in (clash.first, clash.last))
        return said(names, "quiet", weeks=names.days(first, last))
    return said(
        names,
        clash.kind,
        host=names.host(clash.host) or said(names, "another"),
        slot=names.slot(clash.slot, clash.step),
        step=names.step(clash.step),
        person=names.who(clash.person),
    )


def _free_days(time: Time, names: Names) -> Iterator[str]:
    """Weekends and public holidays of the host's country in those days, and July."""
    from plans.free_days import QUIET_MONTH, country_of, holiday, is_weekend

    first, last = (datetime.fromisoformat(when.local).date() for when in (time.begins, time.ends))
    house = time.cycle.plan.organisation(time.host)
    countries = [country_of(house)] if house else []
    if QUIET_MONTH in {first.month, last.month}:
        yield said(names, "july")
    for day in _each(first, last):
        name, where = holiday(day, countries)
        if name:
            yield said(names, "holiday", day=names.day_of(day), name=name, country=where[0])
        elif is_weekend(day):
            yield said(names, "saturday" if day.weekday() == SATURDAY else "sunday", day=names.day_of(day))


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
            there = replace(names, plan=other.plan)
            people, what = names.listed(both[:MOST]), names.listed(map(there.step, expected))
            yield said(names, "elsewhere", people=people, cycle=row.id, what=what)


def _held(cycle: Cycle) -> Iterator[tuple[datetime, datetime, str]]:
    """What the group of a cycle is expected at, by its id: seminars, and visits that are confirmed."""
    for step in cycle.plan.steps:
        if isinstance(step, Seminar) and cycle.gathering(step.id).stage in {"idle", "announced"}:
            yield step.begins.at, step.ends.at, step.id
        if isinstance(step, Visits):
            stays = (s for s in step.slots if cycle.booking(step.id, s.id).stage == "confirmed")
            yield from ((s.begins.at, s.ends.at, f"{step.id}/{s.id}") for s in stays)
