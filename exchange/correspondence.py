"""Which letters follow from which event: to whom, of which kind, with which calendar entries.

Pure, like the rules: the record writes what is ordered here into the outbox, in the same transaction as the events. An
order names people by reference; the words are found by :mod:`letters`. The ``mark`` tells two letters of a kind to the
same person apart, so that an order carried out twice makes one letter.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Literal

from exchange import approval, booking, cancelling, defect, feedback, invitation, moving, registration, seminar
from exchange.base import Event, Model
from exchange.plan import Invitations, Report, Seminar, Visits
from exchange.state import Cycle

LetterKind = Literal[
    "invitation", "invitation_reminder", "deadline_moved",
    "application_received", "place_confirmed", "place_waiting", "place_offered", "offer_expired", "place_withdrawn",
    "seminar_programme", "seminar_speaker", "seminar_changed",
    "host_request", "host_reminder", "host_confirmed", "host_changed", "host_released", "host_thanks",
    "visit_booked", "visit_changed", "visit_cancelled",
    "survey", "survey_reminder", "thanks", "cycle_cancelled",
    "decision_waiting", "decision_reminder",
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
    throws away what is still held under ``batch`` (all that the cycle holds, when ``batch`` is empty).
    """

    op: Literal["send", "hold", "release", "drop"] = "send"
    kind: LetterKind | Literal[""] = ""
    to: tuple[str, ...] = ()
    step: str = ""
    slot: str = ""
    host: str = ""
    mark: str = ""
    batch: str = ""
    facts: dict[str, str] = {}
    """What differs from letter to letter: ``position``, ``until`` (ISO 8601 UTC), ``prompt``, ``number``."""
    entries: tuple[Entry, ...] = ()


def batch_of(step: str, revision: int) -> str:
    """What a step's held letters of one revision are kept under."""
    return f"{step}/{revision}"


def held(cycle: Cycle, step_id: str) -> list[Mail]:
    """The letters to be made ready and approved before the step may go on."""
    step = cycle.plan.step(step_id)
    batch = batch_of(step_id, cycle.approving(step_id).revision)
    match step:
        case Invitations():
            people = tuple(invitation.unanswered(cycle, step))
            return [Mail(op="hold", kind="invitation", to=people, step=step.id, batch=batch)]
        case Seminar():
            return [mail.model_copy(update={"op": "hold", "batch": batch}) for mail in _programme(cycle, step)]
        case Visits():
            return [
                Mail(op="hold", kind="host_request", to=(c.contact,), step=step.id, slot=slot.id, host=c.host, batch=batch)
                for slot in step.slots
                if cycle.booking(step.id, slot.id).stage == "planned"
                for c in slot.candidates
            ]
        case _:
            return []


def _programme(cycle: Cycle, step: Seminar) -> list[Mail]:
    entries = (seminar_entry(cycle, step.id),)
    speakers = tuple(dict.fromkeys(s.speaker for s in step.sessions if s.speaker))
    mails = [Mail(kind="seminar_programme", to=tuple(cycle.group()), step=step.id, entries=entries)]
    if speakers:
        mails.append(Mail(kind="seminar_speaker", to=speakers, step=step.id, entries=entries))
    return mails


def seminar_entry(cycle: Cycle, step: str, method: Literal["REQUEST", "CANCEL"] = "REQUEST") -> Entry:
    return Entry(uid=f"{cycle.plan.id}/{step}", sequence=cycle.gathering(step).sequence, method=method, step=step)


def visit_entry(cycle: Cycle, step: str, slot: str, host: str, method: Literal["REQUEST", "CANCEL"] = "REQUEST") -> Entry:
    sequence = cycle.booking(step, slot).sequence
    uid = f"{cycle.plan.id}/{step}/{slot}/{host}"
    return Entry(uid=uid, sequence=sequence, method=method, step=step, slot=slot, host=host)


def booked(cycle: Cycle) -> list[Mail]:
    """What everyone with a confirmed place has been told so far and is still to come: for one who joins late."""
    mails = []
    for step in cycle.seminars():
        if cycle.gathering(step.id).stage == "announced":
            mails.append(Mail(kind="seminar_programme", step=step.id, entries=(seminar_entry(cycle, step.id),)))
    for journey in cycle.journeys():
        for slot in journey.slots:
            stay = cycle.booking(journey.id, slot.id)
            if stay.stage == "confirmed":
                entry = visit_entry(cycle, journey.id, slot.id, stay.host)
                mails.append(
                    Mail(kind="visit_booked", step=journey.id, slot=slot.id, host=stay.host, entries=(entry,))
                )
    return mails


def contact(cycle: Cycle, step: str, slot: str, host: str) -> tuple[str, ...]:
    """The person who answers for the host in that slot."""
    for s in cycle.step_of(step, Visits).slots:
        if s.id == slot:
            return tuple(c.contact for c in s.candidates if c.host == host)[:1]
    return ()


def letters(before: Cycle, event: Event, after: Cycle) -> list[Mail]:
    """What the event has people written to."""
    for part in (_of_invitations, _of_places, _of_seminars, _of_hosts, _of_feedback, _of_decisions, _of_the_end):
        if (mails := part(before, event, after)) is not None:
            return mails
    return []


def ordered(before: Cycle, events: Iterable[Event]) -> list[Mail]:
    """The orders of several events, in their order."""
    from exchange.cycle import evolve

    mails = []
    for event in events:
        after = evolve(before, event)
        mails += letters(before, event, after)
        before = after
    return mails


def _of_invitations(before: Cycle, event: Event, after: Cycle) -> list[Mail] | None:
    match event:
        case invitation.InvitationsSent():
            step = after.step_of(event.step, Invitations)
            batch = batch_of(step.id, after.approving(step.id).revision)
            people = tuple(invitation.unanswered(before, step))
            return [
                Mail(op="release", kind="invitation", to=people, step=step.id, batch=batch),
                Mail(op="drop", batch=batch),
            ]
        case invitation.InvitedReminded():
            if not event.count:
                return []
            people = tuple(invitation.unanswered(before, before.step_of(event.step, Invitations)))
            mark = str(event.number or event.at.isoformat())
            return [Mail(kind="invitation_reminder", to=people, step=event.step, mark=mark)]
        case moving.DateMoved(field="closes") if after.plan.step(event.step).kind == "registration":
            people = tuple(p for s in after.invitations() if s.registration == event.step
                           and after.guests(s.id).stage == "sent" for p in invitation.unanswered(after, s))  # fmt: skip
            return [Mail(kind="deadline_moved", to=people, step=event.step, mark=str(after.position))] if people else []
        case _:
            return None


def _of_places(before: Cycle, event: Event, after: Cycle) -> list[Mail] | None:
    mark = str(after.position)
    match event:
        case registration.DelegateRegistered() if event.applied:
            return [Mail(kind="application_received", to=(event.person,), step=event.step, mark=mark)]
        case registration.DelegateRegistered() | registration.OfferAccepted():
            first = Mail(kind="place_confirmed", to=(event.person,), step=event.step, mark=mark)
            told = [m.model_copy(update={"to": (event.person,), "mark": mark}) for m in booked(after)]
            return [first, *told]
        case registration.DelegateWaitlisted():
            facts = {"position": str(event.position)}
            return [Mail(kind="place_waiting", to=(event.person,), step=event.step, mark=mark, facts=facts)]
        case registration.PlaceOffered():
            facts = {"until": event.until.isoformat()}
            return [Mail(kind="place_offered", to=(event.person,), step=event.step, mark=mark, facts=facts)]
        case registration.OfferExpired():
            return [Mail(kind="offer_expired", to=(event.person,), step=event.step, mark=mark)]
        case registration.OfferDeclined() | registration.DelegateWithdrawn():
            held_place = before.desk(event.step).people[event.person].state == "confirmed"
            entries = tuple(_cancelled(e) for m in booked(before) for e in m.entries) if held_place else ()
            return [Mail(kind="place_withdrawn", to=(event.person,), step=event.step, mark=mark, entries=entries)]
        case registration.DelegatesSelected():
            return _selected(event, after, mark)
        case _:
            return None


def _cancelled(entry: Entry) -> Entry:
    return entry.model_copy(update={"method": "CANCEL", "sequence": entry.sequence + 1})


def _selected(event: registration.DelegatesSelected, after: Cycle, mark: str) -> list[Mail]:
    chosen = Mail(kind="place_confirmed", to=event.people, step=event.step, mark=mark)
    told = [m.model_copy(update={"to": event.people, "mark": mark}) for m in booked(after)]
    others = [
        Mail(kind="place_waiting", to=(p,), step=event.step, mark=mark, facts={"position": str(n)})
        for n, p in enumerate(after.desk(event.step).in_line(), 1)
    ]
    return [chosen, *told, *others]


def _of_seminars(before: Cycle, event: Event, after: Cycle) -> list[Mail] | None:
    match event:
        case seminar.SeminarAnnounced():
            batch = batch_of(event.step, after.approving(event.step).revision)
            mails = _programme(after, after.step_of(event.step, Seminar))
            freed = [m.model_copy(update={"op": "release", "batch": batch}) for m in mails]
            return [*freed, Mail(op="drop", batch=batch)]
        case moving.DateMoved() if event.told:
            mark = str(after.position)
            people = tuple(dict.fromkeys(p for m in _programme(after, after.step_of(event.step, Seminar)) for p in m.to))
            entries = (seminar_entry(after, event.step),)
            return [Mail(kind="seminar_changed", to=people, step=event.step, mark=mark, entries=entries)]
        case _:
            return None


def _of_hosts(before: Cycle, event: Event, after: Cycle) -> list[Mail] | None:
    if not isinstance(
        event,
        booking.HostAsked | booking.HostReminded | booking.VisitConfirmed | booking.VisitDeclined
        | booking.HostFellSilent | booking.VisitMoved | booking.SlotGivenUp | booking.VisitHeld | booking.VisitReleased,
    ):  # fmt: skip
        return None
    was, mark = before.booking(event.step, event.slot), str(after.position)
    host = getattr(event, "host", "") or was.host
    about = {"step": event.step, "slot": event.slot, "host": host, "mark": mark}
    to_host = contact(before, event.step, event.slot, host)
    group = tuple(after.group())
    match event:
        case booking.HostAsked():
            batch = batch_of(event.step, after.approving(event.step).revision)
            asked = Mail(op="release", kind="host_request", to=to_host, batch=batch, **{**about, "mark": ""})
            return [*_let_go(before, event.step, event.slot, mark, but=event.host), asked]
        case booking.HostReminded():
            return [Mail(kind="host_reminder", to=to_host, **about)]
        case booking.VisitConfirmed():
            entries = (visit_entry(after, event.step, event.slot, event.host),)
            return [
                Mail(kind="host_confirmed", to=to_host, entries=entries, **about),
                Mail(kind="visit_booked", to=group, entries=entries, **about),
            ]
        case booking.VisitDeclined():
            return _cancel_visit(before, after, event.step, event.slot, mark) if event.after_yes else []
        case booking.VisitMoved():
            return _moved(before, after, event, to_host, group)
        case booking.VisitHeld():
            return [Mail(kind="host_thanks", to=to_host, **about)]
        case _:
            return _let_go(before, event.step, event.slot, mark, but="")


def _moved(
    before: Cycle, after: Cycle, event: booking.VisitMoved, to_host: tuple[str, ...], group: tuple[str, ...]
) -> list[Mail]:
    stay = before.booking(event.step, event.slot)
    about = {"step": event.step, "slot": event.slot, "host": stay.host, "mark": str(after.position)}
    if stay.stage == "asked":
        return [Mail(kind="host_changed", to=to_host, **about)]
    if stay.stage != "confirmed":
        return []
    entries = (visit_entry(after, event.step, event.slot, stay.host),)
    return [
        Mail(kind="host_changed", to=to_host, entries=entries, **about),
        Mail(kind="visit_changed", to=group, entries=entries, **about),
    ]


def _let_go(before: Cycle, step: str, slot: str, mark: str, *, but: str) -> list[Mail]:
    """To a host that is not needed any more, unless it said no itself."""
    was = before.booking(step, slot)
    if was.host in {"", but} or was.stage not in {"asked", "proposed", "confirmed"}:
        return []
    sure = was.stage == "confirmed"
    entry = (_cancelled(visit_entry(before, step, slot, was.host)),) if sure else ()
    told = Mail(
        kind="host_released", to=contact(before, step, slot, was.host), step=step, slot=slot, host=was.host,
        mark=mark, entries=entry,
    )  # fmt: skip
    cancelled = _cancel_visit(before, before, step, slot, mark) if sure and but else []
    return [told, *cancelled]


def _cancel_visit(before: Cycle, after: Cycle, step: str, slot: str, mark: str) -> list[Mail]:
    host = before.booking(step, slot).host
    entry = _cancelled(visit_entry(before, step, slot, host))
    return [
        Mail(kind="visit_cancelled", to=tuple(after.group()), step=step, slot=slot, host=host, mark=mark, entries=(entry,))
    ]


def _of_feedback(before: Cycle, event: Event, after: Cycle) -> list[Mail] | None:
    match event:
        case feedback.SurveyOpened():
            return [Mail(kind="survey", to=tuple(after.participants()), step=event.step)]
        case feedback.SurveyReminded():
            people = tuple(feedback.silent(before, event.step)) if event.count else ()
            mark = str(event.number or event.at.isoformat())
            return [Mail(kind="survey_reminder", to=people, step=event.step, mark=mark)] if people else []
        case _:
            return None


def _of_decisions(before: Cycle, event: Event, after: Cycle) -> list[Mail] | None:
    match event:
        case approval.PromptOpened():
            return _to_staff(after, "decision_waiting", event.prompt.id, event.prompt.role)
        case approval.PromptReminded():
            prompt = before.prompts[event.prompt]
            return _to_staff(after, "decision_reminder", prompt.id, prompt.role)
        case approval.PromptPassed():
            return _to_staff(after, "decision_waiting", event.prompt, event.role)
        case approval.StepRejected():
            return [Mail(op="drop", batch=batch_of(event.step, event.revision))]
        case _:
            return None


def _to_staff(cycle: Cycle, kind: LetterKind, prompt: str, role: str) -> list[Mail]:
    staff = cycle.plan.roles.get(role, ())
    return [Mail(kind=kind, to=staff, mark=f"{prompt}/{role}", facts={"prompt": prompt})] if staff else []


def _of_the_end(before: Cycle, event: Event, after: Cycle) -> list[Mail] | None:
    drop = Mail(op="drop")
    match event:
        case cancelling.CycleCancelled():
            return [drop, *_cancelled_for_all(before)]
        case cancelling.CycleFinished():
            speakers = (s.speaker for step in after.seminars() for s in step.sessions if s.speaker)
            people = tuple(dict.fromkeys((*after.participants(), *speakers)))
            return [drop, Mail(kind="thanks", to=people)] if people else [drop]
        case defect.LettersFailed() | defect.RowParked():
            return []
        case _:
            return None


def _cancelled_for_all(before: Cycle) -> list[Mail]:
    """One letter to everyone who was invited or has a place, with the cancellations of her entries."""
    group = tuple(before.group())
    # the seminars and stays that this cancellation has just released
    entries = []
    for step in before.seminars():
        if before.gathering(step.id).stage == "released":
            entries.append(seminar_entry(before, step.id, "CANCEL"))
    for journey in before.journeys():
        for slot in journey.slots:
            stay = before.booking(journey.id, slot.id)
            if stay.stage == "released" and stay.sequence:
                entries.append(visit_entry(before, journey.id, slot.id, stay.tried[-1], "CANCEL"))
    mails = [Mail(kind="cycle_cancelled", to=group, mark="group", entries=tuple(entries))] if group else []
    others = [p for s in before.invitations() if before.guests(s.id).stage == "sent" for p in s.people]
    others += [p for s in before.desks_in_plan() for p, place in before.desk(s.id).people.items() if place.live]
    others = [p for p in dict.fromkeys(others) if p not in set(group)]
    others = [p for p in others if not _has_left(before, p)]
    speakers = tuple(dict.fromkeys(
        s.speaker for step in before.seminars() if before.gathering(step.id).stage == "released"
        for s in step.sessions if s.speaker
    ))  # fmt: skip
    if others:
        mails.append(Mail(kind="cycle_cancelled", to=tuple(others), mark="invited"))
    if speakers:
        seminars = tuple(e for e in entries if not e.slot)
        mails.append(Mail(kind="cycle_cancelled", to=speakers, mark="speakers", entries=seminars))
    return mails


def _has_left(cycle: Cycle, person: str) -> bool:
    """Whether she said no or withdrew: then the end of the cycle is no news she asked for."""
    if any(cycle.guests(s.id).answers.get(person) == "declined" for s in cycle.invitations()):
        return True
    _, place = cycle.place(person)
    return place is not None and not place.live


def drafts_report(cycle: Cycle, step_id: str) -> bool:
    """Whether making the step ready means drawing up the report."""
    return isinstance(cycle.plan.step(step_id), Report)
