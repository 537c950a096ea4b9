"""Which letters follow from which event: to whom, of which kind, with which calendar entries.

Pure, like the rules: the record writes what is ordered here into the outbox, in the same transaction as the events.
"""

from __future__ import annotations

from collections.abc import Iterable

from exchange import (
    feedback,
    moving,
    nominating,
    offering,
    registration,
    seminar,
    substituting,
)
from exchange.base import Event
from exchange.calling import told_last
from exchange.cycle import evolve
from exchange.erasing import but_erased
from exchange.farewell import of_the_end
from exchange.groups import Word
from exchange.host_mail import OfVisits, of_visits
from exchange.invitation_mail import of_invitations, to_hold
from exchange.mail import (
    Entry,
    LetterKind,
    Mail,
    batch_of,
    booked,
    cancelled,
    contact,
    no_place,
    seminar_entry,
    some,
    speakers_of,
    visit_entry,
    with_added,
)
from exchange.plan import Invitations, Report, Seminar, Visits
from exchange.replacing import SpeakerReplaced
from exchange.resting import rest
from exchange.speaker_mail import of_speakers
from exchange.staff_mail import of_decisions, of_word
from exchange.standstill_mail import OfStandstill, of_standstill
from exchange.state import Cycle

__all__ = [
    "Entry",
    "LetterKind",
    "Mail",
    "batch_of",
    "booked",
    "contact",
    "drafts_report",
    "held",
    "letters",
    "ordered",
    "seminar_entry",
    "visit_entry",
]


GivenBack = registration.OfferDeclined | registration.DelegateWithdrawn | substituting.DelegateSubstituted
"""What ends a person's part at a desk."""


def held(cycle: Cycle, step_id: str) -> list[Mail]:
    """The letters to be made ready and approved before the step may go on, with what staff added to them."""
    return but_erased(cycle, [with_added(cycle, mail) for mail in _held(cycle, step_id)])


def _held(cycle: Cycle, step_id: str) -> list[Mail]:
    step = cycle.to_approve(step_id)
    batch = batch_of(step_id, cycle.approving(step_id).revision)
    match step:
        case Word():
            return some(of_word(cycle, step, "hold", batch))
        case Invitations():
            return to_hold(cycle, step, batch)
        case Seminar():
            return [mail.model_copy(update={"op": "hold", "batch": batch}) for mail in _programme(cycle, step)]
        case Visits():
            return [
                Mail(
                    op="hold",
                    kind="host_request",
                    to=(c.contact,),
                    step=step.id,
                    slot=slot.id,
                    host=c.host,
                    batch=batch,
                )
                for slot in step.slots
                for c in slot.candidates
            ]
        case _:
            return []


def drafts_report(cycle: Cycle, step_id: str) -> bool:
    """Whether making the step ready means drawing up the report."""
    return isinstance(cycle.to_approve(step_id), Report)


def letters(before: Cycle, event: Event, after: Cycle) -> list[Mail]:
    """What the event has people written to; nobody who was erased."""
    return but_erased(after, _letters(before, event, after))


def _letters(before: Cycle, event: Event, after: Cycle) -> list[Mail]:
    if isinstance(event, OfVisits):
        return of_visits(before, event, after)
    if isinstance(event, OfStandstill):
        return of_standstill(event, after)
    if isinstance(event, SpeakerReplaced):
        return of_speakers(before, event, after)
    for part in (of_invitations, _of_places, _of_seminars, _of_feedback, of_decisions, of_the_end):
        if (mails := part(before, event, after)) is not None:
            return mails
    return []


def ordered(before: Cycle, events: Iterable[Event]) -> list[Mail]:
    """The orders of several events, in their order."""
    return carried(before, events)[1]


def carried(before: Cycle, events: Iterable[Event]) -> tuple[Cycle, list[Mail]]:
    """The state after several events, and the orders that they give, in their order."""
    mails: list[Mail] = []
    for event in events:
        after = evolve(before, event)
        mails += letters(before, event, after)
        before = after
    return before, mails


def _of_places(before: Cycle, event: Event, after: Cycle) -> list[Mail] | None:
    mark = str(after.position)
    match event:
        case registration.DelegateRegistered() if event.applied:
            return _applied(before, event, mark)
        case registration.DelegateRegistered() | registration.OfferAccepted():
            return _confirmed(after, event.step, (event.person,))
        case registration.DelegateWaitlisted():
            return [_waiting(event.step, event.person, event.position, mark)]
        case registration.PlaceOffered():
            facts = {"until": event.until.isoformat()}
            return [Mail(kind="place_offered", to=(event.person,), step=event.step, mark=mark, facts=facts)]
        case offering.OffersEnded():
            return no_place(after, event.step)
        case registration.OfferExpired():
            return [Mail(kind="offer_expired", to=(event.person,), step=event.step, mark=mark)]
        case substituting.DelegateSubstituted():
            gone = _given_back(before, event, mark, had_place=True)
            gone = gone.model_copy(update={"facts": {**gone.facts, "people": event.by}})
            return [gone, *_confirmed(after, event.step, (event.by,))]
        case registration.OfferDeclined() | registration.DelegateWithdrawn():
            had_place = before.desk(event.step).people[event.person].state == "confirmed"
            return [_given_back(before, event, mark, had_place=had_place)]
        case nominating.NominationAsked():
            return [_nomination(after, event, mark)]
        case registration.DelegatesSelected():
            others = enumerate(after.desk(event.step).in_line(), 1)
            chosen = _confirmed(after, event.step, event.people) if event.people else []
            return [*chosen, *(_waiting(event.step, person, number, mark) for number, person in others)]
        case _:
            return None


def _applied(before: Cycle, event: registration.DelegateRegistered, mark: str) -> list[Mail]:
    """That her answer has come; to a colleague whom her library's contact names, that it would like to send her."""
    by_contact = event.home and event.actor == before.plan.contacts.get(event.home) and event.actor != event.person
    named = by_contact or event.instead_of
    if named and before.desk(event.step).stage == "closed":
        return []  # what she reads next is whether she has a place
    facts = {"home": event.home} if named else {}
    return [Mail(kind="application_received", to=(event.person,), step=event.step, mark=mark, facts=facts)]


def _nomination(after: Cycle, event: nominating.NominationAsked, mark: str) -> Mail:
    """To the library's contact; where the plan knows none, to the coordinator."""
    contact = after.plan.contacts.get(event.home)
    to = (contact,) if contact else after.plan.roles.get("coordinator", ())
    people = nominating.asking(after.desk(event.step))[event.home]
    facts = {
        "home": event.home,
        "until": event.until.isoformat(),
        "people": " ".join(people),
        "number": str(event.limit),
    }
    return Mail(kind="nomination_request", to=to, step=event.step, mark=mark, facts=facts)


def _confirmed(after: Cycle, step: str, people: tuple[str, ...]) -> list[Mail]:
    """The confirmation, and what the group has been told before."""
    mark = str(after.position)
    told = [m.model_copy(update={"to": people, "mark": mark}) for m in booked(after)]
    return [Mail(kind="place_confirmed", to=people, step=step, mark=mark), *told]


def _given_back(before: Cycle, event: GivenBack, mark: str, *, had_place: bool) -> Mail:
    """Word that she takes part no more, with what takes back her calendar entries, each as it was told her last."""
    about = Mail(kind="place_withdrawn", to=(event.person,), step=event.step, mark=mark)
    if not had_place:
        return about
    entries, known = _withdrawn(before, event.person), told_last(before, event.person, event.at)
    return about.model_copy(update={"entries": entries, "facts": known})


def _withdrawn(before: Cycle, person: str) -> tuple[Entry, ...]:
    """The cancellations of what was booked for her; where she speaks, she is still expected."""
    speaks = {step.id for step in before.seminars() if person in speakers_of(step)}
    return tuple(cancelled(e) for m in booked(before) for e in m.entries if e.slot or e.step not in speaks)


def _waiting(step: str, person: str, position: int, mark: str) -> Mail:
    return Mail(kind="place_waiting", to=(person,), step=step, mark=mark, facts={"position": str(position)})


def _programme(cycle: Cycle, step: Seminar) -> list[Mail]:
    """The seminar's letters: to the group, and to those who speak."""
    entries = (seminar_entry(cycle, step.id),)
    group, speakers = tuple(cycle.group()), speakers_of(step)
    return [
        *some(Mail(kind="seminar_programme", to=group, step=step.id, entries=entries)),
        *some(Mail(kind="seminar_speaker", to=speakers, step=step.id, entries=entries)),
    ]


def _of_seminars(before: Cycle, event: Event, after: Cycle) -> list[Mail] | None:
    match event:
        case seminar.SeminarAnnounced():
            batch = batch_of(event.step, after.approving(event.step).revision)
            mails = _programme(after, after.step_of(event.step, Seminar))
            freed = [with_added(after, m.model_copy(update={"op": "release", "batch": batch})) for m in mails]
            return [*freed, Mail(op="drop", batch=batch)]
        case moving.DateMoved() if event.told:
            told = _programme(after, after.step_of(event.step, Seminar))
            people = tuple(dict.fromkeys(person for mail in told for person in mail.to))
            mark, entries = str(after.position), (seminar_entry(after, event.step),)
            about = Mail(kind="seminar_changed", to=people, step=event.step, mark=mark, entries=entries, instead=True)
            dates = (c.step_of(event.step, Seminar).begins.at for c in (before, after))
            return some(about.model_copy(update={"rest": rest(after.plan, event.at, *dates)}))
        case _:
            return None


def _of_feedback(before: Cycle, event: Event, after: Cycle) -> list[Mail] | None:
    match event:
        case feedback.SurveyOpened():
            return some(Mail(kind="survey", to=tuple(after.participants()), step=event.step))
        case feedback.SurveyReminded():
            people = tuple(feedback.silent(before, event.step)) if event.count else ()
            mark = str(event.number or event.at.isoformat())
            return some(Mail(kind="survey_reminder", to=people, step=event.step, mark=mark))
        case _:
            return None
