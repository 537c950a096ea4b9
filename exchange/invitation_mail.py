"""The letters of invitations: the asking, the reminders, and word of a new date, for everybody or for one person."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from exchange import extending, invitation, moving, naming
from exchange.base import TIME, Event
from exchange.mail import LetterKind, Mail, batch_of, some, with_added
from exchange.plan import Invitations
from exchange.state import Cycle


def of_invitations(before: Cycle, event: Event, after: Cycle) -> list[Mail] | None:
    """What the event has the invited written to; None where it is about something else."""
    match event:
        case invitation.InvitationsSent():
            step = after.step_of(event.step, Invitations)
            batch = batch_of(step.id, after.approving(step.id).revision)
            people = tuple(invitation.unanswered(before, step))
            freed = some(Mail(op="release", kind="invitation", to=people, step=step.id, batch=batch))
            # a contact can name people from the opening on, and not before
            rest = max(timedelta(0), after.desk_step(step.registration).opens.at - event.at)
            contacts = naming.libraries(after, step)
            freed += _to_contacts("nomination_invitation", step.id, contacts, op="release", batch=batch, rest=rest)
            return [*(with_added(after, mail) for mail in freed), Mail(op="drop", batch=batch)]
        case invitation.InvitedReminded():
            return _reminders(before, event) if event.count else []
        case moving.DateMoved(field="closes") if after.plan.step(event.step).kind == "registration":
            return _moved(event.step, after)
        case extending.DeadlineExtended():
            facts = {"until": event.until.isoformat(), **({"asked": event.asked} if event.asked else {})}
            mark = str(after.position)
            return [Mail(kind="deadline_extended", to=(event.person,), step=event.step, mark=mark, facts=facts)]
        case _:
            return None


def to_hold(cycle: Cycle, step: Invitations, batch: str) -> list[Mail]:
    """The letters that wait for agreement: to the invited, and to the contacts of libraries that name people."""
    people = tuple(invitation.unanswered(cycle, step))
    asked = some(Mail(op="hold", kind="invitation", to=people, step=step.id, batch=batch))
    contacts = naming.libraries(cycle, step)
    return [*asked, *_to_contacts("nomination_invitation", step.id, contacts, op="hold", batch=batch)]


def _to_contacts(kind: LetterKind, step: str, contacts: Mapping[str, str], mark: str = "", **more: Any) -> list[Mail]:
    """One letter for each library, which is named in it as the ``host``."""
    return [Mail(kind=kind, to=(ref,), step=step, host=home, mark=mark, **more) for home, ref in contacts.items()]


def _reminders(before: Cycle, event: invitation.InvitedReminded) -> list[Mail]:
    """To all who have not answered, and to each who has a deadline of her own with that."""
    step = before.step_of(event.step, Invitations)
    mark, longer = str(event.number or event.at.isoformat()), invitation.own_times(before, step)
    people, contacts = [event.person], dict[str, str]()
    if event.person:
        mark = "own"
    else:
        people = invitation.to_remind(before, step, event.at, own=event.actor != TIME)
        contacts = naming.awaited(before, step, event.at)
    about = Mail(kind="invitation_reminder", step=step.id, mark=mark)
    return [
        *some(about.model_copy(update={"to": tuple(person for person in people if person not in longer)})),
        *(
            about.model_copy(update={"to": (person,), "facts": {"until": longer[person].isoformat()}})
            for person in people
            if person in longer
        ),
        *_to_contacts("nomination_reminder", step.id, contacts, mark),
    ]


def _moved(registration: str, after: Cycle) -> list[Mail]:
    """Word of another closing date, to whom it concerns: not to who has longer than that."""
    sent = [s for s in after.invitations() if s.registration == registration and after.guests(s.id).stage == "sent"]
    longer = {person for step in sent for person in invitation.own_times(after, step)}
    people = [person for step in sent for person in invitation.unanswered(after, step) if person not in longer]
    about = Mail(kind="deadline_moved", to=tuple(dict.fromkeys(people)), step=registration, mark=str(after.position))
    contacts = {home: ref for step in sent for home, ref in naming.libraries(after, step).items()}
    told = _to_contacts("nomination_moved", registration, contacts, str(after.position))
    return [one.model_copy(update={"instead": True}) for one in (*some(about), *told)]
