"""Reminders as authors give them, ``7 days before close``, resolved to moments."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import datetime, timedelta

from exchange.plan import Feedback, Invitations, Registration, Step, When
from plans.clock import EVENING, MORNING, UNKNOWN, read_moment, resolve_gently, shown
from plans.faults import Misread
from plans.notation import read_span
from plans.said import said
from plans.section import Section

_RELATIVE = re.compile(r"(?P<span>.+?)\s+(?P<side>before|after)\s+(?P<anchor>.+)", re.IGNORECASE)
_CLOSE = re.compile(r"\b(?:clos\w*|deadline|end\w*)\b", re.IGNORECASE)
_OPEN = re.compile(r"\b(?:open\w*|start\w*|begin\w*)\b", re.IGNORECASE)


def read_reminders(section: Section, step: Step, steps: Iterable[Step]) -> Step:
    """The step with its reminders, earliest first; other kinds as they are.

    Invitations are reminded before the registration that they invite to closes, feedback before it closes itself.
    """
    if not isinstance(step, Invitations | Feedback):
        return step
    desk: Step | None = step
    if isinstance(step, Invitations):
        desk = next((other for other in steps if other.id == step.registration), None)
    found: list[When] = []
    for words, line in section.lines("remind"):
        try:
            moment = _moment(words, desk)
        except Misread as why:
            section.note("remind", str(why), line)
            continue
        if moment.local and isinstance(desk, Registration | Feedback):
            _judge(section, words, line, moment, desk, step)
            found.append(moment)
    return step.model_copy(update={"remind": tuple(sorted(found, key=lambda when: when.at))})


def _judge(section: Section, words: str, line: int, moment: When, desk: Registration | Feedback, step: Step) -> None:
    if desk.closes.local and moment.at >= desk.closes.at:
        when = desk.closes.local.replace("T", " ")
        late = "“{words}” is not before the deadline ({when}); remind earlier."
        section.note("remind", said(late, words=words, when=when), line)
    asked = step.prepare if isinstance(step, Invitations) else desk.opens
    if asked.local and moment.at <= asked.at:
        when = asked.local.replace("T", " ")
        early = "“{words}” is before anything has been asked ({when}); remind later."
        section.note("remind", said(early, words=words, when=when), line)


def _moment(words: str, desk: Step | None) -> When:
    relative = _RELATIVE.fullmatch(words.strip())
    if not isinstance(desk, Registration | Feedback):
        return UNKNOWN
    if relative is None:
        return read_moment(words, desk.closes.zone, MORNING) if desk.closes.local else UNKNOWN
    anchor = _anchor(relative["anchor"], desk)
    span = read_span(relative["span"])
    return counted(anchor, -span if relative["side"].lower() == "before" else span)


def _anchor(words: str, desk: Registration | Feedback) -> When:
    if _CLOSE.search(words):
        return desk.closes
    if _OPEN.search(words):
        return desk.opens
    raise Misread(said("“{words}” is nothing to count from; write “before close” or “after opening”.", words=words))


def counted(anchor: When, span: timedelta) -> When:
    """The moment that lies so long after another (before it where negative).

    Whole days are counted by the calendar, so that a change of the clocks does not move the hour; counted from the end
    of a day they lead to the morning, because nobody wants letters at midnight.
    """
    if not anchor.local:
        return UNKNOWN
    if span % timedelta(days=1):
        return shown(anchor.at + span, anchor.zone)
    local = datetime.fromisoformat(anchor.local)
    day = local + span
    return resolve_gently(datetime.combine(day, MORNING) if local.time() == EVENING else day, anchor.zone)
