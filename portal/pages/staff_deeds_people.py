"""What staff do for people and hosts: type in an answer, give more time, replace a speaker."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from exchange.base import Command
from exchange.booking import AnswerAsHost, HostFellSilent, VisitDeclined
from exchange.extending import Extend
from exchange.mail import speakers_of
from exchange.replacing import ReplaceSpeaker
from exchange.visit import late_hosts
from plans.addresses import read_address
from plans.faults import Misread
from plans.moments import deadline_of
from portal.addresses import address_field, name_field
from portal.deeds import Deed, Wrong, moment, now_of, person_at, reason, signed, someone, when_hint
from portal.forms import Field, Form
from portal.speech import NAMES, mark
from portal.staff import Case
from store.models import Person
from telling.hosting import last_said
from workers.typed import about_new_date, asked_host, meant, proposed, reminder

NEW = "p_new"
"""Stands in for the new speaker until she is made known."""


def _answer_fields(case: Case, query: Mapping[str, str]) -> list[Field]:
    say = case.words.gettext
    answers = [("yes", say("Yes, she comes")), ("no", say("No, she does not come"))]
    return [
        someone(case, query),
        Field("said", say("What was answered?"), kind="radios", options=answers),
        Field("reason", say("Reason, where it was a no"), kind="textarea", required=False, most=1_000),
    ]


def _answer(case: Case, form: Form) -> Command:
    person, yes = person_at(case, form), form.word("said") == "yes"
    if yes and form.word("reason"):
        raise Wrong("reason", case.words.gettext("A reason is kept with a no. For a yes there are notes."))
    told: dict[str, Any] = {
        "at": case.who.house.now(),
        "entered_by": case.who.ref,
        "actor": person.ref,
        "person": person.ref,
    }
    return about_new_date(case.state, person, yes, "", "", told) or meant(case.state, person, yes, told)


def _hosts(case: Case) -> list[tuple[str, str]]:
    """The hosts of stays that are not over, by stay; of the same stay, those that can say yes after all."""
    found = []
    for journey in case.state.journeys():
        for slot in journey.slots:
            stay = case.state.booking(journey.id, slot.id)
            when = case.names.span(slot.begins, slot.ends)
            if stay.host and stay.stage in {"asked", "proposed", "confirmed", "open"}:
                found.append((f"{stay.host}/{slot.id}", f"{case.names.host(stay.host)} ({when})"))
            found += [
                (f"{host}/{slot.id}", case.words.gettext(_left(case, journey.id, slot.id, host), host=name, when=when))
                for host in late_hosts(stay, slot, now_of(case))
                for name in (case.names.host(host),)
            ]
    return found


def _left(case: Case, step: str, slot: str, host: str) -> str:
    """How a host that said no or nothing is called in the list."""
    match last_said(case.who.house.store, case.id, step, slot, host):
        case VisitDeclined():
            return mark("%(host)s (%(when)s): said no")
        case HostFellSilent():
            return mark("%(host)s (%(when)s): did not answer in time")
        case _:
            return mark("%(host)s (%(when)s): was asked before")


def _host_fields(case: Case, _query: Mapping[str, str]) -> list[Field]:
    say = case.words.gettext
    answers = [
        ("confirm", say("It confirms")), ("decline", say("It declines")),
        ("propose", say("It proposes another time, or wishes to move the visit")),
    ]  # fmt: skip
    only = say("Only where it proposes another time.")
    return [
        Field("host", say("Host and visit"), kind="select", options=_hosts(case)),
        Field("said", say("What was answered?"), kind="radios", options=answers),
        Field("begins", say("Would begin"), required=False, hint=f"{only} {when_hint(case)}"),
        Field("ends", say("Would end"), required=False),
        reason(case, required=False),
    ]


def _host(case: Case, form: Form) -> Command:
    name, _, slot = form.word("host").partition("/")
    host, contact, stay = asked_host(case.state, name, slot)
    said, dates = form.word("said"), {}
    if said == "propose":
        dates = moment(
            case, form, "begins", lambda first: proposed(case.state.plan, stay, first, form.word("ends"), now_of(case))
        )
    told: dict[str, Any] = {"at": case.who.house.now(), "entered_by": case.who.ref, "actor": contact}
    return AnswerAsHost.model_validate({**told, "host": host, "answer": said, "slot": slot, **dates})


def _unanswered(case: Case) -> list[tuple[str, str]]:
    """Who can be reminded: ``step`` or ``step/slot``, and what that is called."""
    state, names = case.state, case.names
    found = [(step.id, names.step(step.id)) for step in state.invitations() if state.guests(step.id).stage == "sent"]
    for journey in state.journeys():
        for slot in journey.slots:
            stay = state.booking(journey.id, slot.id)
            if stay.host and (stay.stage == "asked" or (stay.stage == "confirmed" and stay.call is not None)):
                found.append((f"{journey.id}/{slot.id}", f"{names.step(journey.id)}: {names.host(stay.host)}"))
    surveys = (step for step in state.plan.steps if step.kind == "feedback" and state.survey(step.id).stage == "open")
    return [*found, *((step.id, names.step(step.id)) for step in surveys)]


def _remind_fields(case: Case, _query: Mapping[str, str]) -> list[Field]:
    return [Field("step", case.words.gettext("Who has not answered"), kind="select", options=_unanswered(case))]


def _remind(case: Case, form: Form) -> Command:
    step, _, slot = form.word("step").partition("/")
    return reminder(case.state, case.who.house.now(), case.who.ref, step, slot)


def _extend_fields(case: Case, query: Mapping[str, str]) -> list[Field]:
    last = Field("until", case.words.gettext("Last moment to answer"), hint=when_hint(case))
    return [someone(case, query), last, reason(case)]


def _extend(case: Case, form: Form) -> Command:
    person = person_at(case, form)
    until = moment(case, form, "until", lambda words: deadline_of(words, case.state.plan, now_of(case)))
    return Extend(**signed(case), person=person.ref, until=until)


def _speakers(case: Case) -> list[tuple[str, str]]:
    return [
        (f"{step.id}/{ref}", f"{case.names.who(ref)} ({case.names.step(step.id)})")
        for step in case.state.seminars()
        if case.state.gathering(step.id).stage in {"idle", "announced"}
        for ref in speakers_of(step)
    ]


def _replace_fields(case: Case, _query: Mapping[str, str]) -> list[Field]:
    say = case.words.gettext
    known = say("Only for somebody whom the cycle does not know yet.")
    tongues = [(code, case.names.language(code)) for code in NAMES]
    return [
        Field("speaker", say("Who cannot come"), kind="select", options=_speakers(case)),
        address_field(case.words, "address", say("E-mail address of who speaks instead")),
        name_field(case.words, "name", say("Name"), required=False, hint=known),
        Field("language", say("Language of the letters"), kind="select", required=False, options=tongues),
        reason(case),
    ]


def _replacement(case: Case, form: Form) -> Person:
    """Who is to speak: somebody known, or somebody new who is not kept yet."""
    plan, say = case.state.plan, case.words.gettext
    try:
        address = read_address(form.word("address"))
    except Misread:
        raise Wrong("address", say("This is no e-mail address. Write it like anna@library.example.")) from None
    known = case.who.house.store.by_address(case.id, address)
    name = form.word("name")
    if known is not None:
        if name and name.split() != known.name.split():
            raise Wrong(
                "address", say("This address belongs to somebody else in this cycle: %(person)s.", person=known.name)
            )
        return known
    if not name:
        raise Wrong("name", say("Nobody in this cycle has that address yet. Give the name, too."))
    tongue = form.word("language") or plan.languages[0]
    return Person(name=name, address=form.word("address"), language=tongue, zone=plan.zone, part="speaker")


def _replace(case: Case, form: Form) -> Command:
    step, _, speaker = form.word("speaker").partition("/")
    return ReplaceSpeaker(**signed(case), step=step, person=speaker, by=_replacement(case, form).ref or NEW)


def _made_known(case: Case, form: Form, wish: Command) -> Command:
    return wish.model_copy(update={"by": case.who.house.store.find_or_add(case.id, _replacement(case, form))})


def _going(case: Case) -> bool:
    return case.row.open and case.state.standstill is None


OF_PEOPLE = (
    Deed(
        "answer", mark("Type in somebody’s answer"),
        mark("She telephoned or wrote: her answer to whatever she was asked last."),
        mark("Type it in"), _answer_fields, _answer, entered=True,
    ),
    Deed(
        "host", mark("Type in a host’s answer"), mark("Its answer to the request, or its wish to move a visit."),
        mark("Type it in"), _host_fields, _host, entered=True, fits=lambda case: case.row.open and bool(_hosts(case)),
    ),
    Deed(
        "extend", mark("Give one person more time"), mark("To answer an invitation or an offer, once."),
        mark("Give the time"), _extend_fields, _extend,
    ),
    Deed(
        "remind", mark("Send a reminder"), mark("To those who have not answered, once more than the plan says."),
        mark("Send it"), _remind_fields, _remind, words={}, fits=lambda case: _going(case) and bool(_unanswered(case)),
    ),
    Deed(
        "replace", mark("Replace a speaker"), mark("Somebody else speaks at the seminar; both are told."),
        mark("Replace the speaker"), _replace_fields, _replace, last=_made_known,
        fits=lambda case: case.row.open and bool(_speakers(case)),
    ),
)  # fmt: skip
