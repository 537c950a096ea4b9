"""The last letters: thanks and word to those who waited to the end, or of a cancellation, once to everybody."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from exchange import cancelling
from exchange.base import Event
from exchange.calling import told_last
from exchange.mail import Entry, Mail, no_place, seminar_entry, some, speakers_of, visit_entry
from exchange.naming import written_to
from exchange.state import Cycle


def of_the_end(before: Cycle, event: Event, after: Cycle) -> list[Mail] | None:
    match event:
        case cancelling.CycleCancelled():
            return [Mail(op="drop"), *_cancelled_for_all(before, event.at)]
        case cancelling.CycleFinished():
            speakers = (person for step in after.seminars() for person in speakers_of(step))
            people = tuple(dict.fromkeys((*after.participants(), *speakers)))
            untold = [step.id for step in after.desks_in_plan() if not after.desk(step.id).over]
            sorry = [mail for step in untold for mail in no_place(after, step)]
            return [Mail(op="drop"), *some(Mail(kind="thanks", to=people)), *sorry]
        case _:
            return None


def _cancelled_for_all(cycle: Cycle, at: datetime) -> list[Mail]:
    """One letter to everyone who was invited, has a place or waits, or was to speak, with what cancels her entries."""
    # the cancellation has just released these
    seminars = {
        step.id: seminar_entry(cycle, step.id, "CANCEL")
        for step in cycle.seminars()
        if cycle.gathering(step.id).stage == "released"
    }
    stays = tuple(
        visit_entry(cycle, journey.id, slot.id, stay.host, "CANCEL")
        for journey in cycle.journeys()
        for slot in journey.slots
        if (stay := cycle.booking(journey.id, slot.id)).called_off
    )
    group = dict.fromkeys(cycle.group())
    speaks: dict[str, tuple[Entry, ...]] = {}
    for step in cycle.seminars():
        for person in speakers_of(step) if step.id in seminars else ():
            speaks[person] = (*speaks.get(person, ()), seminars[step.id])
    invited = (p for s in cycle.invitations() if cycle.guests(s.id).stage == "sent" for p in s.people)
    there = (p for s in cycle.desks_in_plan() for p, place in cycle.desk(s.id).people.items() if place.live)
    others = tuple(
        p for p in dict.fromkeys((*invited, *there, *written_to(cycle))) if p not in group and p not in speaks
    )
    told: list[tuple[str, tuple[str, ...], tuple[Entry, ...], dict[str, str]]] = [
        *(("group", people, (*seminars.values(), *stays), facts) for facts, people in _alike(cycle, group, at)),
        *(("speakers", (person,), entries, {}) for person, entries in speaks.items() if person not in group),
        ("invited", others, (), {}),
    ]
    return [
        mail
        for mark, people, entries, facts in told
        for mail in some(Mail(kind="cycle_cancelled", to=people, mark=mark, entries=entries, facts=facts))
    ]


def _alike(cycle: Cycle, group: Iterable[str], at: datetime) -> list[tuple[dict[str, str], tuple[str, ...]]]:
    """The group, by what each was told last of the stays that have moved."""
    found: dict[tuple[tuple[str, str], ...], list[str]] = {}
    for person in group:
        found.setdefault(tuple(told_last(cycle, person, at).items()), []).append(person)
    return [(dict(facts), tuple(people)) for facts, people in found.items()]
