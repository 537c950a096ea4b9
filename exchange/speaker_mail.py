"""The letters about another speaker: to whoever leaves, to whoever comes, and to all who know the programme."""

from __future__ import annotations

from exchange.mail import Mail, cancelled, seminar_entry, some, speakers_of
from exchange.plan import Seminar
from exchange.replacing import SpeakerReplaced
from exchange.resting import rest
from exchange.state import Cycle


def of_speakers(before: Cycle, event: SpeakerReplaced, after: Cycle) -> list[Mail]:
    """What the event has people written to; nothing while nobody has been told the programme."""
    if not event.told:
        return []
    step, group = after.step_of(event.step, Seminar), after.group()
    speakers = speakers_of(step)
    leaves = event.person not in speakers
    others = tuple(
        person
        for person in dict.fromkeys((*group, *speakers))
        if person != event.by and not (leaves and person == event.person)
    )
    mark = str(after.position)
    # who is there as a participant keeps the entry
    entries = (cancelled(seminar_entry(before, step.id)),) if event.person not in group else ()
    gone = Mail(kind="speaker_released", to=(event.person,), step=step.id, mark=mark, entries=entries)
    comes = Mail(
        kind="seminar_speaker", to=(event.by,), step=step.id, mark=mark, entries=(seminar_entry(after, step.id),)
    )
    told = Mail(kind="programme_changed", to=others, step=step.id, mark=mark, instead=True)
    told = told.model_copy(update={"rest": rest(after.plan, event.at, step.begins.at)})
    return [*([gone] if leaves else []), comes, *some(told)]
