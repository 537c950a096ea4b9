"""The steps of a plan as they are written, each by its kind."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from exchange.base import Text
from exchange.plan import (
    Approval,
    Candidate,
    CyclePlan,
    Feedback,
    Invitations,
    Registration,
    Report,
    Seminar,
    Slot,
    Step,
    Visits,
    When,
)
from exchange.questions import Question, Wanted
from plans.clock import resolve
from plans.faults import Misread
from plans.ready import QUESTIONS, TITLES, in_languages


@dataclass(frozen=True)
class Writing:
    """How values of one plan are written."""

    plan: CyclePlan
    people: Mapping[str, str]
    """Reference to how the plan names her."""
    texts: Mapping[str, Text]

    def text(self, text: Text) -> Any:
        """Words in one language as they are, in several by their languages."""
        return text[self.plan.languages[0]] if list(text) == [self.plan.languages[0]] else dict(text)

    def kept_text(self, ref: str) -> Any:
        return self.text(self.texts.get(ref, {})) if ref else ""

    def money(self, cents: int) -> str:
        return f"{cents // 100}.{cents % 100:02d}"

    def zone_of(self, organisation: str | None) -> str:
        """Where something happens by the clocks of an organisation; by the learners' where there is none."""
        found = self.plan.organisation(organisation or "")
        return found.zone if found else self.plan.zone

    def zone(self, when: When, otherwise: str) -> str:
        """The zone, where it is not the one that follows."""
        return "" if when.zone == otherwise else when.zone

    def moment(self, when: When | None) -> str:
        """By the clocks of the place; with its offset where the clocks show it twice."""
        if when is None:
            return ""
        local = datetime.fromisoformat(when.local)
        words = f"{local:%Y-%m-%d %H:%M}"
        try:
            resolve(local, when.zone)
        except Misread:
            minutes = round((local.replace(tzinfo=UTC) - when.at).total_seconds() / 60)
            words += f" {'-' if minutes < 0 else '+'}{abs(minutes) // 60:02d}:{abs(minutes) % 60:02d}"
        return words

    def span(self, span: timedelta) -> str:
        """``7 days``, ``3 hours``, ``1 day and 30 minutes``."""
        minutes = round(span.total_seconds() / 60)
        parts = ((minutes // 1440, "day"), (minutes % 1440 // 60, "hour"), (minutes % 60, "minute"))
        return " and ".join(f"{count} {unit}{'s' if count != 1 else ''}" for count, unit in parts if count)


Fields = dict[str, Any]


def step_of(step: Step, said: Writing) -> Fields:
    """A step; what is empty is left out."""
    first = {
        "id": step.id,
        "kind": step.kind,
        "title": "" if step.title == TITLES[step.kind] else said.text(step.title),
    }
    about = {"approval": _approval(step.approval, said), "letter": said.kept_text(step.letter)}
    fields = {**first, **_WRITERS[step.kind](step, said), **about}
    return {key: value for key, value in fields.items() if value not in ("", None, [], {})}


def _approval(approval: Approval | None, said: Writing) -> Fields | None:
    if approval is None:
        return None
    fields: Fields = {"role": approval.role, "deputy": approval.deputy, "within": said.span(approval.within)}
    fields |= {"second_person": "yes"} if approval.second_person else {}
    return {key: value for key, value in fields.items() if value}


def _invitations(step: Invitations, said: Writing) -> Fields:
    return {
        "zone": said.zone(step.prepare, said.plan.zone),
        "prepare": said.moment(step.prepare),
        "registration": step.registration,
        "remind": [said.moment(when) for when in step.remind],
    }


def _registration(step: Registration, said: Writing) -> Fields:
    return {
        "zone": said.zone(step.opens, said.plan.zone),
        "opens": said.moment(step.opens),
        "closes": said.moment(step.closes),
        "capacity": step.capacity,
        "per_library": step.per_library,
        "places": step.places.replace("_", " "),
        "select_within": said.span(step.select_within),
        "select_role": step.select_role,
        "offer_lasts": said.span(step.offer_lasts),
        "offers_until": said.moment(step.offers_until),
        "priority": list(step.priority),
        "ask": [*step.ask, *(_wanted(one, said) for one in step.wanted)],
    }


def _wanted(one: Wanted, said: Writing) -> Fields:
    fields: Fields = {"id": one.id, "ask": said.text(one.text)}
    fields |= {"choices": [said.text(choice) for choice in one.choices]} if one.choices else {}
    return fields | ({"sensitive": "yes"} if one.sensitive else {})


def _seminar(step: Seminar, said: Writing) -> Fields:
    return {
        "form": step.form,
        "organisation": step.organisation,
        "place": said.text(step.place),
        "zone": said.zone(step.begins, said.zone_of(step.organisation)),
        "announce": said.moment(step.announce),
        "begins": said.moment(step.begins),
        "ends": said.moment(step.ends),
        "cost": said.money(step.cents) if step.cents else "",
        "sessions": [
            {
                "begins": said.moment(session.begins),
                "ends": said.moment(session.ends),
                "title": said.text(session.title),
                **({"speaker": name} if (name := said.people.get(session.speaker or "")) else {}),
            }
            for session in step.sessions
        ],
    }


def _visits(step: Visits, said: Writing) -> Fields:
    return {
        "zone": said.zone(step.prepare, said.plan.zone),
        "prepare": said.moment(step.prepare),
        "answer_within": said.span(step.answer_within),
        "remind_after": said.span(step.remind_after),
        "fallback": step.fallback,
        "decide_role": step.decide_role,
        "decide_within": said.span(step.decide_within),
        "slots": [_slot(slot, said) for slot in step.slots],
    }


def _slot(slot: Slot, said: Writing) -> Fields:
    first = slot.candidates[0].host if slot.candidates else None
    several = len({said.zone_of(candidate.host) for candidate in slot.candidates}) > 1
    fields = {
        "id": slot.id,
        # among hosts by several clocks it is said whose are meant, or the plan would be warned of it
        "zone": slot.begins.zone if several else said.zone(slot.begins, said.zone_of(first)),
        "begins": said.moment(slot.begins),
        "ends": said.moment(slot.ends),
        "candidates": [_candidate(candidate, said) for candidate in slot.candidates],
    }
    return {key: value for key, value in fields.items() if value}


def _candidate(candidate: Candidate, said: Writing) -> Fields:
    fields = {
        "host": candidate.host,
        "contact": said.people.get(candidate.contact, ""),
        "reason": said.kept_text(candidate.reason),
        "cost": said.money(candidate.cents) if candidate.cents else "",
    }
    return {key: value for key, value in fields.items() if value}


def _feedback(step: Feedback, said: Writing) -> Fields:
    return {
        "zone": said.zone(step.opens, said.plan.zone),
        "opens": said.moment(step.opens),
        "closes": said.moment(step.closes),
        "remind": [said.moment(when) for when in step.remind],
        "questions": [_question(question, said) for question in step.questions],
    }


def _question(question: Question, said: Writing) -> Any:
    """A ready-made one by its name alone."""
    ready, languages = QUESTIONS.get(question.id), said.plan.languages
    if ready is not None and question == ready.model_copy(
        update={
            "text": in_languages(ready.text, languages),
            "choices": tuple(in_languages(choice, languages) for choice in ready.choices),
        }
    ):
        return question.id
    fields: Fields = {"id": question.id, "form": question.form, "ask": said.text(question.text)}
    return fields | ({"choices": [said.text(choice) for choice in question.choices]} if question.choices else {})


def _report(step: Report, said: Writing) -> Fields:
    return {"zone": said.zone(step.due, said.plan.zone), "due": said.moment(step.due)}


_WRITERS: dict[str, Callable[[Any, Writing], Fields]] = {
    "invitations": _invitations,
    "registration": _registration,
    "seminar": _seminar,
    "visits": _visits,
    "feedback": _feedback,
    "report": _report,
}
