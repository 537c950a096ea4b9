"""What of a plan the rules need: the workflow carries that, the record keeps the whole."""

from __future__ import annotations

from exchange.base import Text
from exchange.plan import (
    Candidate,
    CyclePlan,
    Feedback,
    Funder,
    Organisation,
    Privacy,
    Registration,
    Seminar,
    Step,
    Visits,
)


def essential(plan: CyclePlan) -> CyclePlan:
    """The plan without words that no rule and no board reads: questions' texts, sessions' titles, further languages.

    The fold of the journal over it has the same events and the same standing as over the whole plan.
    """
    return plan.model_copy(
        update={
            "programme_name": {},
            "digest": "",
            "theme_name": _one(plan.theme_name),
            "organisations": tuple(_organisation(o) for o in plan.organisations),
            "budget": plan.budget.model_copy(update={"funders": tuple(_funder(f) for f in plan.budget.funders)}),
            "quiet_weeks": (),
            "privacy": Privacy(),
            "steps": tuple(_step(step) for step in plan.steps),
        }
    )


def _organisation(whole: Organisation) -> Organisation:
    if whole.kind == Organisation.model_fields["kind"].default:
        return Organisation(id=whole.id, name=_one(whole.name))
    return Organisation(id=whole.id, name=_one(whole.name), kind=whole.kind)


def _candidate(whole: Candidate) -> Candidate:
    return Candidate(host=whole.host, contact=whole.contact, cents=whole.cents)


def _step(step: Step) -> Step:
    step = step.model_copy(update={"title": _one(step.title), "letter": ""})
    match step:
        case Registration():
            return step.model_copy(update={"wanted": ()})
        case Feedback():
            return step.model_copy(update={"questions": ()})
        case Visits():
            slots = tuple(
                slot.model_copy(update={"candidates": tuple(_candidate(c) for c in slot.candidates)})
                for slot in step.slots
            )
            return step.model_copy(update={"slots": slots})
        case Seminar():
            spoken = tuple(s.model_copy(update={"title": {}}) for s in step.sessions if s.speaker)
            return step.model_copy(update={"sessions": spoken, "place": {}})
        case _:
            return step


def _funder(whole: Funder) -> Funder:
    """Whose share may change, by one of its names."""
    return Funder(name=_one(whole.name), cents=whole.cents)


def _one(text: Text) -> Text:
    """English where there is some, else the first language."""
    for language in ("en", *text):
        if language in text:
            return {language: text[language]}
    return {}
