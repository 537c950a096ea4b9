"""Orders to the outbox: a letter of a kind to people by reference, with its calendar entries.

The words are found by :mod:`letters`. The ``mark`` tells two letters of a kind to the same person apart, so that an
order carried out twice makes one letter.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Literal

from pydantic import AwareDatetime

from exchange.base import Model
from exchange.plan import Seminar
from exchange.state import Cycle

LetterKind = Literal[
    "invitation", "invitation_reminder", "deadline_moved", "deadline_extended",
    "application_received", "nomination_invitation", "nomination_reminder", "nomination_moved", "nomination_request",
    "place_confirmed", "place_waiting", "place_offered", "offer_expired", "place_withdrawn",
    "no_place",
    "seminar_programme", "seminar_speaker", "seminar_changed", "programme_changed", "speaker_released",
    "host_request", "host_reminder", "host_confirmed", "host_changed", "host_date_kept", "host_released", "host_thanks",
    "visit_booked", "still_coming", "still_coming_reminder", "visit_cancelled",
    "survey", "survey_reminder", "thanks", "cycle_cancelled", "cycle_suspended", "cycle_resumed",
    "decision_waiting", "decision_reminder", "word", "copy", "erasure_asked", "data_kept_until", "new_link",
    "answer_accepted", "answer_refused", "address_changed",
]  # fmt: skip


class Entry(Model):
    """A calendar entry that goes with a letter (RFC 5546). Its time and place are read from the plan."""

    uid: str
    sequence: int = 0
    method: Literal["REQUEST", "CANCEL"] = "REQUEST"
    step: str
    slot: str = ""
    host: str = ""


class Mail(Model):
    """One order to the outbox.

    ``send`` queues a letter to each of ``to``; ``hold`` renders it and keeps it under ``batch`` until it is approved;
    ``release`` lets the held letters to ``to`` go (and sends it to those of ``to`` for whom none is held); ``drop``
    throws away what is still held under ``batch`` (all that the cycle holds, when ``batch`` is empty); ``copy`` sends
    to staff how those held under ``batch`` read: one of each kind in each language.
    """

    op: Literal["send", "hold", "release", "drop", "copy"] = "send"
    kind: LetterKind | Literal[""] = ""
    to: tuple[str, ...] = ()
    step: str = ""
    slot: str = ""
    host: str = ""
    """The library that it is about: a host, or in word of nominations a home library."""
    mark: str = ""
    batch: str = ""
    facts: dict[str, str] = {}
    """What differs from letter to letter: ``position``, ``until`` (ISO 8601 UTC), ``prompt``, ``role`` (in
    which its reader is asked), ``number``, ``was`` and
    ``was_ends`` (a :class:`exchange.plan.When` as JSON: the stay as she was told it last),
    ``asked`` (the invitations that wait longer for her)."""
    entries: tuple[Entry, ...] = ()
    rest: timedelta = timedelta(0)
    """How long a letter to be sent waits first (:mod:`exchange.resting`)."""
    instead: bool = False
    """It takes the place of those of its kind about the same that have not left, and leaves when they would have, if
    that is sooner."""
    hour: AwareDatetime | None = None
    """When time asked for it, where it was decided more than a day later than that; unset for all others."""


def batch_of(step: str, revision: int) -> str:
    """What a step's held letters of one revision are kept under."""
    return f"{step}/{revision}"


def with_added(cycle: Cycle, mail: Mail) -> Mail:
    """The order with the paragraphs that staff added to the step's letters."""
    added = cycle.approving(mail.step).added
    return mail.model_copy(update={"facts": {**mail.facts, "added": " ".join(added)}}) if added else mail


def seminar_entry(cycle: Cycle, step: str, method: Literal["REQUEST", "CANCEL"] = "REQUEST") -> Entry:
    return Entry(uid=f"{cycle.plan.id}/{step}", sequence=cycle.gathering(step).sequence, method=method, step=step)


def visit_entry(
    cycle: Cycle, step: str, slot: str, host: str, method: Literal["REQUEST", "CANCEL"] = "REQUEST"
) -> Entry:
    uid, sequence = f"{cycle.plan.id}/{step}/{slot}/{host}", cycle.booking(step, slot).sequence
    return Entry(uid=uid, sequence=sequence, method=method, step=step, slot=slot, host=host)


def cancelled(entry: Entry) -> Entry:
    """The entry's cancellation (RFC 5546): a higher number than the last that was sent."""
    return entry.model_copy(update={"method": "CANCEL", "sequence": entry.sequence + 1})


def booked(cycle: Cycle) -> list[Mail]:
    """What everyone with a confirmed place has been told so far and is still to come: for one who joins late."""
    announced = [s.id for s in cycle.seminars() if cycle.gathering(s.id).stage == "announced"]
    stays = [
        (journey.id, slot.id, stay.host)
        for journey in cycle.journeys()
        for slot in journey.slots
        if (stay := cycle.booking(journey.id, slot.id)).stage == "confirmed"
    ]
    return [
        *(
            with_added(cycle, Mail(kind="seminar_programme", step=step, entries=(seminar_entry(cycle, step),)))
            for step in announced
        ),
        *(
            Mail(kind="visit_booked", step=step, slot=slot, host=host, entries=(visit_entry(cycle, step, slot, host),))
            for step, slot, host in stays
        ),
    ]


def contact(cycle: Cycle, step: str, slot: str, host: str) -> tuple[str, ...]:
    """The person who answers for the host in that slot."""
    _, stay = cycle.slot_of(step, slot)
    return tuple(c.contact for c in stay.candidates if c.host == host)[:1]


def gathered(mails: Iterable[Mail]) -> list[Mail]:
    """The same orders in fewer words: neighbours that differ only in whom they go to become one (the first's mark)."""
    fewer: list[Mail] = []
    for mail in mails:
        last = fewer[-1] if fewer else None
        if last is not None and _alike(last, mail) and not set(last.to) & set(mail.to):
            fewer[-1] = last.model_copy(update={"to": (*last.to, *mail.to)})
        else:
            fewer.append(mail)
    return fewer


def _alike(one: Mail, other: Mail) -> bool:
    return one.op == "send" and one.model_copy(update={"to": (), "mark": ""}) == other.model_copy(
        update={"to": (), "mark": ""}
    )


def no_place(cycle: Cycle, step: str) -> list[Mail]:
    """Word to all who wait at the desk that no place can come any more."""
    waiting = tuple(cycle.desk(step).in_line())
    return [Mail(kind="no_place", to=waiting, step=step)] if waiting else []


def some(mail: Mail) -> list[Mail]:
    """The letter, if it is to anybody."""
    return [mail] if mail.to else []


def speakers_of(step: Seminar) -> tuple[str, ...]:
    return tuple(dict.fromkeys(s.speaker for s in step.sessions if s.speaker))
