"""Whether a letter that waits to be sent has lost its sense: the answer has come, the deadline has gone by.

A letter may wait in the outbox, for the morning, for the end of quiet weeks or for a mail server that is away. What
asks or reminds is looked at once more before it leaves. Source: TRUST invariant 17 (a reminder never follows the answer
or the deadline).
"""

from __future__ import annotations

from datetime import datetime

from exchange.calling import Call
from exchange.naming import libraries, silent
from exchange.plan import Invitations, Registration, Seminar
from exchange.state import Cycle

REMINDERS = frozenset(
    {
        "invitation_reminder", "nomination_reminder", "host_reminder", "survey_reminder", "decision_reminder",
        "still_coming_reminder",
    }
)  # fmt: skip
"""Letter kinds that only remind: looked at again before they leave, and never sent at night."""

CHANGES = frozenset({"seminar_changed", "programme_changed", "host_changed", "still_coming"})
"""Letter kinds that say that a date or a speaker has changed: they rest, and what they speak of may be off by then."""

ASKS = frozenset({"invitation", "nomination_invitation", "survey"})
"""Letter kinds that ask for something by a deadline, for the first time: they may wait out quiet weeks."""

LOOKED_AT = REMINDERS | CHANGES | ASKS | {"deadline_moved", "nomination_moved", "deadline_extended", "seminar_speaker"}
"""Letter kinds that are looked at once more before they leave, in every cycle."""

AFTER_CANCELLING = frozenset(
    {
        "cycle_cancelled", "host_released", "visit_cancelled", "place_withdrawn", "speaker_released", "offer_expired",
        "thanks", "host_thanks", "erasure_asked", "new_link", "data_kept_until",
        "answer_refused", "address_changed",
    }
)  # fmt: skip
"""What may still leave a cycle that was cancelled: word of that, once (TRUST invariant 23), what opens the way to one's
data for whoever asks, and that an answer came too late."""


def overtaken(cycle: Cycle, kind: str, ref: str, about: dict[str, str], now: datetime) -> bool:
    """Whether the letter to ``ref`` should not leave any more.

    Args:
        cycle: its state, as far as the record knows.
        kind: a letter kind; while a cycle runs only :data:`LOOKED_AT` are ever overtaken.
        ref: whom it goes to.
        about: the letter's ``step``, ``slot``, ``host``, ``mark`` and ``prompt``, as far as it has them.
        now: the instant at which it would leave (UTC).
    """
    if cycle.phase == "cancelled" and kind not in AFTER_CANCELLING:
        return True
    if kind not in LOOKED_AT:
        return False
    if cycle.over:
        return True
    if kind in CHANGES:
        return _off(cycle, kind, ref, about)
    step = about.get("step", "")
    match kind:
        case "invitation" | "invitation_reminder":
            return _answered(cycle, step, ref, now)
        case "nomination_invitation" | "nomination_reminder" | "nomination_moved":
            return _named(cycle, kind, step, about.get("host", ""), now)
        case "deadline_moved":
            asking = [s for s in cycle.invitations() if s.registration == step]
            return all(ref not in s.people or _answered(cycle, s.id, ref, now) for s in asking)
        case "deadline_extended":
            return _not_awaited(cycle, step, ref, now)
        case "seminar_speaker":
            here = [s for s in cycle.plan.steps if s.id == step and isinstance(s, Seminar)]
            return all(ref != session.speaker for seminar in here for session in seminar.sessions)
        case "host_reminder":
            booking = cycle.booking(step, about.get("slot", ""))
            late = booking.until is not None and now > booking.until
            return booking.stage != "asked" or booking.host != about.get("host") or late
        case "still_coming_reminder":
            call = _call(cycle, about)
            return call is None or call.people.get(ref) is not False
        case "survey" | "survey_reminder":
            survey = cycle.survey(step)
            late = survey.until is not None and now > survey.until
            return survey.stage != "open" or ref in survey.given or late
        case _:
            return not _hers_to_decide(cycle, about.get("prompt", ""), ref)


def _hers_to_decide(cycle: Cycle, prompt_id: str, ref: str) -> bool:
    """Whether the decision still waits, and still for her: she may have handed over meanwhile."""
    prompt = cycle.prompts.get(prompt_id)
    return prompt is not None and any(cycle.holds(ref, role) for role in (prompt.role, prompt.deputy) if role)


def _answered(cycle: Cycle, step_id: str, ref: str, now: datetime) -> bool:
    step = next((s for s in cycle.plan.steps if s.id == step_id), None)
    if not isinstance(step, Invitations) or ref in cycle.guests(step_id).answers:
        return True
    desk = next((s for s in cycle.plan.steps if s.id == step.registration), None)
    if not isinstance(desk, Registration):
        return True
    own = cycle.desk(desk.id).extended.get(ref)
    return now > desk.closes.at and (own is None or now > own.until)


def _named(cycle: Cycle, kind: str, step_id: str, home: str, now: datetime) -> bool:
    """Whether the library can name nobody any more, or, of a reminder, somebody of it has asked for a place."""
    of_desk = (s for s in cycle.invitations() if step_id in {s.id, s.registration})
    if (step := next(of_desk, None)) is None or home not in libraries(cycle, step):
        return True
    over = now > cycle.desk_step(step.registration).closes.at or cycle.desk(step.registration).stage == "closed"
    return over or (kind == "nomination_reminder" and home not in silent(cycle, step))


def _not_awaited(cycle: Cycle, step: str, ref: str, now: datetime) -> bool:
    """Whether her answer, for which she was given more time, has come, or counts no more."""
    given, place = cycle.desk(step).extended.get(ref), cycle.desk(step).people.get(ref)
    if given is None or given.asked:
        return given is None or _answered(cycle, given.asked, ref, now)
    return place is None or place.until is None or now > place.until


def _off(cycle: Cycle, kind: str, ref: str, about: dict[str, str]) -> bool:
    """Whether what has moved does not take place any more, has taken place, or is no longer hers."""
    step, host = about.get("step", ""), about.get("host", "")
    if kind in {"seminar_changed", "programme_changed"}:
        speakers = {session.speaker for session in cycle.step_of(step, Seminar).sessions}
        return cycle.gathering(step).stage != "announced" or not (ref in speakers or ref in cycle.group())
    booking = cycle.booking(step, about.get("slot", ""))
    if kind == "host_changed":
        return booking.host != host or booking.stage not in {"asked", "proposed", "confirmed"}
    call = _call(cycle, about)
    return booking.host != host or call is None or ref not in call.people


def _call(cycle: Cycle, about: dict[str, str]) -> Call | None:
    """The question that the letter asks, while it stands; where the visit has moved again it does not."""
    booking = cycle.booking(about.get("step", ""), about.get("slot", ""))
    call = booking.call if booking.stage == "confirmed" else None
    return call if call is not None and about.get("mark", "").split("/")[0] == str(call.number) else None
