"""Every event, every date ahead and every decision in words.

The sentences stand in tables, by the name of the event or command; what stands in braces is a field of it, put into
words by :func:`_worded`. ``Name/variant`` is said instead of ``Name`` where :func:`_variant` finds that it fits better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from exchange.amending import PlanAmended
from exchange.base import PLAN, TIME, Command, Event
from exchange.defect import LettersFailed
from exchange.groups import PREFIX
from exchange.plan import When
from exchange.prompt import Prompt
from exchange.spending import MoneySpent
from exchange.writing import LetterWritten
from telling.names import NOBODY, Names

EVENTS: dict[str, str] = {
    "PreparationBegan": "{step}: its letters are being made ready.",
    "PreparationBegan/own": "{step}: the letter is being made ready.",
    "PreparationBegan/again": "{step}: its letters are being made ready again, version {revision}.",
    "PromptOpened": "A decision waits for the {prompt_role}: {prompt_asks}. It is due {prompt_due}.",
    "PromptReminded": "The decision {prompt} was reminded of.",
    "PromptPassed": "The decision {prompt} went unanswered; the {role} may take it now, too.",
    "PromptClosed": "{by} answered {prompt}: {option}.",
    "PromptClosed/lapsed": "The decision {prompt} is no longer needed.",
    "StepApproved": "{by} approved {step}, version {revision}.",
    "StepApproved/own": "{by} approved the letter {step}.",
    "StepApproved/plan": "{step} goes ahead; the plan asks for nobody’s approval.",
    "StepRejected": "{by} did not approve {step}, version {revision}; its letters were dropped.",
    "StepRejected/own": "{by} did not approve the letter {step}; it was dropped.",
    "InvitationsSent": "The invitations went to {count_people}.",
    "InvitationDeclined": "{person} cannot come.",
    "InvitedReminded": "Those who had not answered were reminded of {step}: {count_people}.",
    "InvitedReminded/alone": "{person}, who has more time for her answer, was reminded of {step}.",
    "InvitedReminded/nobody": "A reminder of {step} was due, and nobody needed it.",
    "DeskOpened": "{step} opened.",
    "DelegateRegistered": "{person} ({home}) has a place.",
    "DelegateRegistered/applied": "{person} ({home}) applied.",
    "DelegateRegistered/instead": "{instead_of} declined and named {person} ({home}), who has a place.",
    "DelegateRegistered/applied_instead": "{instead_of} declined and named {person} ({home}), who has applied.",
    "DelegateWaitlisted": "{person} ({home}) waits for a place as no. {position}.",
    "DelegateWaitlisted/instead": "{instead_of} declined and named {person} ({home}), who waits as no. {position}.",
    "DelegateWithdrawn": "{person} withdrew.",
    "DelegateSubstituted": "{by_person} takes the place of {person} ({home}).",
    "PlaceOffered": "A free place was offered to {person}, until {until}.",
    "OfferingContinued": "More of the free places of {step} were offered.",
    "OffersEnded": "No place of {step} can come free any more; whoever waited was told ({waiting_people}).",
    "OfferAccepted": "{person} took the place on offer.",
    "OfferDeclined": "{person} declined the place on offer.",
    "OfferExpired": "The offer to {person} expired.",
    "DelegatesSelected": "{by} selected {people} for {step}.",
    "DelegatesSelected/libraries": "{step}: every library has given its places, to {people}.",
    "NominationAsked": "More people of {home} apply than it has places ({limit}); it chooses by {until}.",
    "DelegatesNominated": "{home} gives its places to {names} ({step}).",
    "DelegatesNominated/lapsed": "{home} did not choose in time; its places go to {names}, who applied first ({step}).",
    "CapacityChanged": "{by} set the places of {step} to {capacity}.",
    "DeskClosed": "{step} closed: {confirmed} confirmed, {waiting} waiting.",
    "DeskClosed/none": "{step} closed. Nobody has a place yet.",
    "SeminarAnnounced": "The programme of {step} went to {count} participants.",
    "SeminarHeld": "{step} was held.",
    "AttendanceRecorded": "{person} was there: {step}.",
    "AttendanceRecorded/absent": "{person} was absent: {step}.",
    "HostAsked": "{host} was asked for {slot}, with time to answer until {until}.",
    "HostReminded": "{host} was reminded of {slot}.",
    "HostReminded/missed": "A reminder of {slot} to {host} came too late and was not sent.",
    "VisitConfirmed": "{host} confirmed {slot}.",
    "VisitDeclined": "{host} declined {slot}.",
    "VisitDeclined/after_yes": "{host} declined {slot}, which it had confirmed before.",
    "HostFellSilent": "{host} did not answer for {slot} in time.",
    "VisitProposed": "{host} proposed {span} for {slot}.",
    "MoveWished": "{host} wishes to move {slot}, which it has confirmed, to {span}.",
    "DateKept": "{by} kept the date of {slot}; {host} is told.",
    "DateKept/by_host": "{host} took back its wish to move {slot}.",
    "DelegateStillComes": "{person} can still come to {slot}.",
    "DelegateCannotCome": "{person} cannot come to {slot} at its new time.",
    "DelegatesReminded": "Those who had not said whether they can still come to {slot} were reminded: {count_people}.",
    "DelegatesReminded/nobody": "A reminder of {slot} was due, and nobody needed it.",
    "HostSaidYesLate": "{host} said yes to {slot}, after its time to answer was over.",
    "VisitMoved": "{by} moved the visit {slot} to {span}.",
    "SlotGivenUp": "The visit {slot} was given up.",
    "VisitHeld": "The group visited {host} ({slot}).",
    "HostFeedbackGiven": "{host} told how the visit {slot} went.",
    "VisitReleased": "{host} was told that {slot} is off.",
    "SurveyOpened": "{step} opened for {asked_people}, until {until}.",
    "FeedbackGiven": "{person} answered {step}.",
    "SurveyReminded": "Those who had not answered were reminded of {step}: {count_people}.",
    "SurveyReminded/nobody": "A reminder of {step} was due, and nobody needed it.",
    "SurveyClosed": "{step} closed: {given} of {asked} answered.",
    "SeminarReleased": "{step} will not be held.",
    "CycleCancelled": "{by} cancelled the cycle.",
    "CycleSuspended": "{by} suspended the cycle.",
    "CycleSuspended/told": "{by} suspended the cycle. Everybody who takes part is told.",
    "CycleResumed": "{by} let the cycle go on; it had stood still since {since}.",
    "CycleResumed/told": "{by} let the cycle go on; it had stood still since {since}. Everybody is told.",
    "CycleFinished": "The cycle is finished; every step is done.",
    "PersonErased": "{by} had the data of {person} erased; nothing more is asked of her.",
    "PersonErased/herself": "{person} had her data erased; nothing more is asked of her.",
    "PersonErased/plan": "The time was over for which the data of {person} was kept; it was erased.",
    "DeadlineExtended": "{by} gave {person} until {until} to answer.",
    "SpeakerReplaced": "{by} had {by_person} speak at {step} in the place of {person}.",
    "DateMoved": "{by} moved “{field}” of {step} to {when}.",
    "DateMoved/told": "{by} moved “{field}” of {step} to {when}. Those who knew the old date are told.",
    "PlanAmended": "{by} amended the plan (version {revision}): {amended}.",
    "RowParked": "Answer no. {number} could not be read and was put aside.",
    "RowParked/cancel_pressed": "Somebody pressed Cancel in Temporal; that changes nothing, and the cycle goes on.",
    "RowParked/time": "Something that was due could not be decided and was put aside ({error}).",
    "LettersFailed": "{count} could not be delivered.",
    "MoneySpent": "{by} recorded {paid}, paid on {on}: {step}{purpose}.",
    "MoneySpent/back": "{by} recorded that {paid} came back on {on}: {step}{purpose}.",
    "ShareChanged": "{by} set what {funder} pays to {cents}; the budget is {cap}.",
    "NoteTaken": "{by} noted: “{note}”.",
    "NoteTaken/on_step": "{by} noted on {step}: “{note}”.",
    "NoteTaken/of_somebody": "{by} noted about {about}: “{note}”.",
    "ParagraphAdded": "{by} added a paragraph to the letters of {step}: “{text}”.",
    "ParagraphsTakenBack": "{by} took back what was added to the letters of {step}.",
    "LetterWritten": "{by} wrote the letter {word}, to {readers}: “{title}”.",
    "HandoverArranged": "{by} arranged that {source} hands over to {to} on {on}.",
    "HandoverCalledOff": "{by} called off the handover of {source}.",
    "RolesHandedOver": "{by} had {source} hand over to {to}, as {roles}.",
    "RolesHandedOver/plan": "{source} handed over to {to}, as {roles}.",
    "ReportFiled": "The report was filed ({step}).",
}

AHEAD: dict[str, str] = {
    "Prepare": "{step}: letters are made ready",
    "RemindPrompt": "Reminder of the decision {prompt}",
    "PassPrompt": "The decision {prompt} passes to the deputy",
    "RemindInvited": "{step}: reminder to those who have not answered",
    "RemindExtended": "{step}: reminder to {person}, who has more time",
    "OpenDesk": "{step} opens",
    "CloseDesk": "{step} closes",
    "LapseNomination": "{home}: its time to choose whom it sends is over",
    "OfferPlaces": "{step}: more of the free places are offered",
    "EndOffers": "{step}: those who still wait are told that no place can come",
    "ExpireOffer": "The offer to {person} expires",
    "HoldSeminar": "{step} ends",
    "OpenSurvey": "{step} opens",
    "RemindSurvey": "{step}: reminder to those who have not answered",
    "CloseSurvey": "{step} closes",
    "RemindComing": "{slot}: reminder to those who have not said whether they can still come",
    "RemindHost": "{slot}: reminder to the host",
    "NoteSilence": "{slot}: the host’s time to answer is over",
    "HoldVisit": "{slot}: the visit ends",
    "PassRoles": "{source} hands over",
    "LapseSlot": "{slot}: given up if no host has confirmed by then",
}

ASKS: dict[str, str] = {
    "approval": "approve {step}",
    "approval/own": "approve the letter {step}",
    "revise": "{step} was not approved; have it made ready again",
    "host": "{host} does not take the visit {subject}; what now",
    "host/accept": "{host} proposes other dates for the visit {subject}",
    "host/switch": "{host} said yes to the visit {subject}, after its time to answer was over",
    "wish": "{host} wishes to move the visit {subject} to {span}",
    "select": "{step}: choose who gets a place",
    "defect": "answer no. {subject} could not be read",
    "defect/time": "Cancel was pressed in Temporal, or something that was due could not be decided",
    "money": "{cents} short: fewer places, a larger share, cancel what, ask the funder",
    "letters": "{subject} could not be delivered",
}


ENTERED = "{said}, entered by {by}."
REASON = "Reason: “{reason}”"
IN_LANGUAGES = "{letters} in {languages}"
ORDER, NO_LIBRARY = "the order of its steps", "no library named"
AT_RATE = "{ours} ({theirs} at {rate})"
IN_ROLE, PURPOSE = "{who}, {role},", " (“{what}”)"
PARTS = (ENTERED, REASON, IN_LANGUAGES, ORDER, NO_LIBRARY, AT_RATE, IN_ROLE, PURPOSE)
"""Of what sentences are made besides."""

TEXTS = ("note", "what", "text", "subject")
"""Fields whose words stand in the sentence itself; a reason stands behind it."""


def letters_in(events: Iterable[Event]) -> dict[str, str]:
    """Letters in staff's own words that were written, ``word_1``, and the references of their subjects."""
    return {event.word: event.subject for event in events if isinstance(event, LetterWritten)}


def texts_of(event: Event) -> list[str]:
    """The references of the words that the event's sentence tells."""
    return [text for field in ("reason", *TEXTS) if (text := getattr(event, field, ""))]


def sentence(event: Event, names: Names) -> str:
    """The event in words, with names from the record and, where one was given, the reason."""
    name, variant = type(event).__name__, _variant(event)
    template = EVENTS.get(f"{name}/{variant}") or EVENTS.get(name) or f"{name}."
    reason = names.text(getattr(event, "reason", ""))
    words = names.said(template).format_map(_words(event, names))
    # what was opened, closed or made ready along with an answer was not typed in
    if event.entered_by and any(hasattr(event, whose) for whose in ("person", "host", "home")):
        words = names.said(ENTERED).format(said=words.removesuffix("."), by=names.who(event.entered_by))
    return f"{words} {names.said(REASON).format(reason=reason)}" if reason else words


def coming(command: Command, names: Names) -> str:
    """A due entry as a short line."""
    name = type(command).__name__
    return names.said(AHEAD.get(name, name)).format_map(_words(command, names))


def asks(prompt: Prompt, names: Names) -> str:
    """What a prompt asks, in a few words."""
    kinds = [*prompt.options, *(["time"] if prompt.subject == "0" else [])]
    kinds = ["own", *kinds] if prompt.step.startswith(PREFIX) else kinds
    template = next((ASKS[key] for o in kinds if (key := f"{prompt.about}/{o}") in ASKS), ASKS[prompt.about])
    words = names.said(template).format_map(_words(prompt, names))
    if template == ASKS["defect/time"]:
        return names.in_history(words)
    if prompt.about != "approval" or not prompt.letters:
        return words
    tongues = ", ".join(map(names.language, prompt.languages))
    letters = names.said(IN_LANGUAGES).format(letters=names.letters(prompt.letters), languages=tongues)
    return f"{words} ({letters}{', ' + names.money(prompt.cents) if prompt.cents else ''})"


def _variant(event: Event) -> str:
    found: dict[str, Any] = {
        "cancel_pressed": getattr(event, "error", "") == "CancelPressedInTemporal",
        "time": getattr(event, "number", 1) == 0,
        "own": str(getattr(event, "step", "")).startswith(PREFIX),
        "applied_instead": getattr(event, "instead_of", "") and getattr(event, "applied", False),
        "instead": getattr(event, "instead_of", ""),
        "lapsed": getattr(event, "option", "") == "lapsed" or getattr(event, "lapsed", False),
        "libraries": not getattr(event, "role", "?"),
        "by_host": not getattr(event, "role", "?"),
        "plan": event.actor in {PLAN, TIME},
        "herself": event.actor == getattr(event, "person", ""),
        "again": getattr(event, "revision", 1) > 1,
        "nobody": getattr(event, "count", 1) == 0,
        "none": not (getattr(event, "confirmed", 1) or getattr(event, "waiting", 1)),
        "alone": bool(getattr(event, "person", "")),
        "absent": getattr(event, "present", True) is False,
        "of_somebody": bool(getattr(event, "about", "")),
        "back": getattr(event, "original", 0) < 0,
        "on_step": bool(getattr(event, "step", "")),
        **{flag: getattr(event, flag, False) for flag in ("applied", "after_yes", "told", "missed")},
    }
    return next((name for name, holds in found.items() if holds and f"{type(event).__name__}/{name}" in EVENTS), "")


def _words(model: Command | Event | Prompt, names: Names) -> dict[str, str]:
    """Every field of the model in words, and what is made of several."""
    fields = {name: getattr(model, name) for name in type(model).model_fields}
    words = {name: _worded(name, value, names) for name, value in fields.items()} | _counted(model, fields, names)
    if isinstance(begins := fields.get("begins"), When) and isinstance(ends := fields.get("ends"), When):
        words["span"] = names.span(begins, ends)
    if isinstance(people := fields.get("people"), tuple):
        words["names"] = ", ".join(names.who(person) for person in people) or names.said(NOBODY)
    if isinstance(prompt := fields.get("prompt"), Prompt):
        words |= {
            "prompt_role": names.role(prompt.role),
            "prompt_asks": asks(prompt, names),
            "prompt_due": names.moment(prompt.due_at),
        }
    if isinstance(model, MoneySpent):
        purpose = names.said(PURPOSE).format(what=words["what"]) if words["what"] else ""
        words |= {"paid": paid(model, names), "purpose": purpose}
    if isinstance(model, LetterWritten):
        words |= {
            "readers": ", ".join([*map(names.group, model.groups), *map(names.who, model.people)]),
            "title": names.words(model.subject),
        }
    if isinstance(model, PlanAmended):
        words["amended"] = ", ".join(names.step(c.step.id) for c in model.changes) or names.said(ORDER)
    if isinstance(model, Event):
        who, role = names.who(model.actor), words.get("role", "")
        words["by_person"] = names.who(getattr(model, "by", ""))
        words["by"] = names.said(IN_ROLE).format(who=who, role=role) if role else who
    return words


def _counted(model: Command | Event | Prompt, fields: dict[str, Any], names: Names) -> dict[str, str]:
    """How many people, and of letters that did not arrive how many letters."""
    counts = {name: value for name in ("count", "asked", "waiting") if isinstance(value := fields.get(name), int)}
    words = {f"{name}_people": names.people(count) for name, count in counts.items()}
    if isinstance(model, LettersFailed):
        words["count"] = names.letters(model.count)
    if isinstance(model, Prompt) and model.about == "letters" and model.subject.isdecimal():
        words["subject"] = names.letters(int(model.subject))
    return words


def paid(event: MoneySpent, names: Names) -> str:
    """``EUR 120``, or ``EUR 776.97 (SEK 8,900 at 0.0873)``."""
    ours = names.money(abs(event.cents))
    if event.currency == names.plan.budget.currency:
        return ours
    theirs = names.money_in(event.currency, abs(event.original))
    return names.said(AT_RATE).format(ours=ours, theirs=theirs, rate=event.rate)


def _worded(field: str, value: Any, names: Names) -> str:
    put: dict[str, Callable[[Any], str]] = {
        "person": names.who, "host": names.host, "home": names.host, "step": names.step, "role": names.role,
        "source": names.who, "to": names.who, "instead_of": names.who,
        "about": names.somebody, "note": names.words, "what": names.text,
        "text": names.words, "cents": names.money, "cap": names.money, "option": names.answer, "field": names.date_name,
        "roles": lambda roles: ", ".join(map(names.role, roles)),
    }  # fmt: skip
    if field == "prompt" and isinstance(value, str):
        return names.decision(value)
    if field in put:
        return put[field](value) or (names.said(NO_LIBRARY) if field == "home" else "")
    return names.people(len(value)) if field == "people" and isinstance(value, tuple) else _plain(value, names)


def _plain(value: Any, names: Names) -> str:
    match value:
        case datetime():
            return names.moment(value)
        case When():
            return names.written(value)
        case date():
            return names.on_day(value)
        case tuple():
            return ", ".join(map(str, value))
        case _:
            return str(value)
