"""Feedback: for each question how many answered, the median and how the answers are spread.

Groups under five are counted and not shown. Free answers stand in an order made of their own words, so that neither
time nor person can be read from it. TRUST invariant 24.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from typing import Any

from activities.account.model import FEWEST, Asked, Bar, Survey
from activities.account.sources import Sources, clean, middle, point
from exchange.plan import Feedback
from exchange.questions import Question
from letters.scale import SCALE, in_every_language


def surveys(sources: Sources) -> tuple[Survey, ...]:
    """Every feedback form in the plan's order."""
    return tuple(_survey(sources, step) for step in sources.cycle.surveys())


def _survey(sources: Sources, step: Feedback) -> Survey:
    book = sources.cycle.survey(step.id)
    values = sources.answers.get(step.id, {})
    return Survey(
        step=step.id,
        title=sources.title(step.id),
        opens=point(step.opens),
        closes=point(step.closes),
        asked=book.asked,
        given=len(book.given),
        questions=tuple(_asked(sources, step.id, q, values.get(q.id, ())) for q in step.questions),
    )


def _asked(sources: Sources, step: str, question: Question, given: Sequence[Any]) -> Asked:
    about = {"id": question.id, "text": sources.words(question.text), "form": question.form}
    values = _readable(question, given)
    if len(values) < FEWEST:
        return Asked.model_validate({**about, "answers": len(values), "suppressed": bool(values)})
    found = {**about, "answers": len(values)}
    if question.form == "text":
        return Asked.model_validate({**found, "texts": _shuffled(sources, f"{step}/{question.id}", values)})
    if question.form == "scale":
        labels = [sources.words(in_every_language(step)) for step in SCALE]
        bars = tuple(Bar(value=n, label=label, count=values.count(n)) for n, label in enumerate(labels, 1))
        return Asked.model_validate({**found, "median": middle(values), "bars": bars})
    bars = tuple(
        Bar(value=n, label=sources.words(choice), count=values.count(n)) for n, choice in enumerate(question.choices, 1)
    )
    return Asked.model_validate({**found, "bars": bars})


def _readable(question: Question, given: Sequence[Any]) -> list[Any]:
    """The values that answer the question; what does not fit its form is left out."""
    if question.form == "text":
        return [words for value in given if isinstance(value, str) and (words := clean(value))]
    most = len(SCALE) if question.form == "scale" else len(question.choices)
    numbers = [_number(value) for value in given]
    return [number for number in numbers if 1 <= number <= most]


def _number(value: Any) -> int:
    if isinstance(value, bool):
        return 0
    if isinstance(value, str) and value.strip().isdecimal() and len(value) < 4:
        return int(value)
    return value if isinstance(value, int) else 0


def _shuffled(sources: Sources, salt: str, values: Sequence[str]) -> tuple[str, ...]:
    """Free answers with every name struck out, in an order that looks like chance and is always the same."""

    def place(words: str) -> str:
        return hashlib.sha256(f"{sources.cycle.plan.id}/{salt}\0{words}".encode()).hexdigest()

    return tuple(sources.mask.strike(words)[0] for words in sorted(values, key=place))


def struck(sources: Sources) -> int:
    """How many names and addresses were struck out of the free answers that are shown."""
    return sum(
        sources.mask.strike(words)[1]
        for step in sources.cycle.surveys()
        for question in step.questions
        if question.form == "text"
        for values in [_readable(question, sources.answers.get(step.id, {}).get(question.id, ()))]
        if len(values) >= FEWEST
        for words in values
    )
