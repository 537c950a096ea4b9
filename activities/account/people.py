"""Who took part: counts, the way from invitation to feedback, and the registration desks."""

from __future__ import annotations

from collections import Counter

from activities.account.model import Company, Desk, Group, Stage
from activities.account.sources import Sources, point
from exchange.plan import Registration
from exchange.registration import (
    DelegateWaitlisted,
    DelegateWithdrawn,
    OfferAccepted,
    OfferDeclined,
    OfferExpired,
    PlaceOffered,
)


def took_part(sources: Sources) -> list[str]:
    """References of those who took part; nobody did before anything was held."""
    cycle = sources.cycle
    held = any(cycle.gathering(s.id).stage == "held" for s in cycle.seminars())
    visited = any(booking.stage == "visited" for booking in cycle.bookings.values())
    return cycle.participants() if held or visited else []


def company(sources: Sources) -> Company:
    """How many took part, by library, country and kind of library; the largest groups first."""
    cycle, people = sources.cycle, took_part(sources)
    homes = Counter(_home(sources, person) for person in people)
    known = {home: cycle.plan.organisation(home) for home in homes}
    countries: Counter[str] = Counter()
    kinds: Counter[str] = Counter()
    libraries = []
    for home, count in homes.items():
        library = known[home]
        country, kind = (library.country, library.kind) if library else ("", "")
        countries[country] += count
        kinds[kind] += count
        name = sources.organisation(home) if home else {}
        libraries.append(Group(id=home, name=name, country=country, kind=kind, people=count))
    return Company(
        took_part=len(people),
        attendance_noted=any(len(gathering.attendance) for gathering in cycle.gatherings.values()),
        by_library=_ordered(libraries),
        by_country=_ordered([Group(id=c, country=c, people=n) for c, n in countries.items()]),
        by_kind=_ordered([Group(id=k, kind=k, people=n) for k, n in kinds.items()]),
    )


def _home(sources: Sources, person: str) -> str:
    _, place = sources.cycle.place(person)
    return (place.home if place else "") or sources.cycle.plan.homes.get(person, "")


def _ordered(groups: list[Group]) -> tuple[Group, ...]:
    return tuple(sorted(groups, key=lambda group: (not group.id, -group.people, group.id)))


def funnel(sources: Sources) -> tuple[Stage, ...]:
    """Invited, answered, registered, took part, gave feedback: how many people at each stage."""
    cycle = sources.cycle
    sent = [step for step in cycle.invitations() if cycle.guests(step.id).stage == "sent"]
    invited = {person for step in sent for person in step.people}
    answered = {person for step in sent for person in cycle.guests(step.id).answers}
    registered = {person for step in cycle.desks_in_plan() for person in cycle.desk(step.id).people}
    there = took_part(sources)
    given = {person for step in cycle.surveys() for person in cycle.survey(step.id).given}
    return (
        Stage(id="invited", people=len(invited)),
        Stage(id="answered", people=len(answered), of=len(invited)),
        Stage(id="registered", people=len(registered), of=len(invited) if registered <= invited else None),
        Stage(id="took_part", people=len(there), of=len(registered)),
        Stage(id="gave_feedback", people=len(given), of=len(there)),
    )


def desks(sources: Sources) -> tuple[Desk, ...]:
    """Each registration with its waiting list and withdrawals."""
    return tuple(_desk(sources, step) for step in sources.cycle.desks_in_plan())


def _desk(sources: Sources, step: Registration) -> Desk:
    desk = sources.cycle.desk(step.id)
    waited = {event.person for event in sources.events(DelegateWaitlisted) if event.step == step.id}
    if desk.selected:  # whoever applied and was not chosen was put on the list without an event of her own
        waited |= {person for person, place in desk.people.items() if place.state == "waiting"}
        waited |= {event.person for event in sources.events(PlaceOffered) if event.step == step.id}

    def count(kind: type[PlaceOffered | OfferAccepted | OfferDeclined | OfferExpired | DelegateWithdrawn]) -> int:
        return sum(event.step == step.id for event in sources.events(kind))

    return Desk(
        step=step.id,
        title=sources.title(step.id),
        opens=point(step.opens),
        closes=point(step.closes),
        selected=step.places != "first_come",
        capacity=desk.capacity,
        registered=len(desk.people),
        placed=desk.confirmed,
        waited=len(waited),
        offers=count(PlaceOffered),
        offers_accepted=count(OfferAccepted),
        offers_declined=count(OfferDeclined),
        offers_expired=count(OfferExpired),
        withdrawn=count(DelegateWithdrawn),
        still_waiting=desk.waiting,
    )
