"""The forms of a host: other dates, a reason, and how the visit went."""

from __future__ import annotations

from datetime import date, datetime, time

from exchange.calling import same
from exchange.clocks import backwards
from exchange.plan import CyclePlan, Slot, When
from plans.clock import read_clock, resolve
from plans.faults import Misread
from plans.moments import paced
from portal.forms import Field, Form
from portal.shown.host import HostVisit
from portal.speech import PageWords

REASON, WORDS = 1_000, 4_000
YEARS = 5
"""A visit is moved by months, not by more years than these."""


def reason_form(words: PageWords) -> Form:
    """Why not; it need not be said."""
    label = words.gettext("Why?")
    hint = words.gettext("A few words help us. Only those who plan the visits read them.")
    return Form(words, [Field("reason", label, kind="textarea", hint=hint, required=False, most=REASON)])


def dates_form(words: PageWords, slot: Slot) -> Form:
    """When the visit could be. The hours are those of the visit as it is planned; the days are not guessed."""
    first, last = (datetime.fromisoformat(when.local) for when in (slot.begins, slot.ends))
    hour = words.gettext("In the time of your town, e.g. 9:00.")
    reason = reason_form(words).fields
    return Form(
        words,
        [
            Field("first", words.gettext("First day"), kind="date"),
            Field("from", words.gettext("Begins at"), hint=hour, value=f"{first:%H:%M}", most=10),
            Field("last", words.gettext("Last day"), kind="date"),
            Field("to", words.gettext("Ends at"), value=f"{last:%H:%M}", most=10),
            *reason,
        ],
    )


def dates_of(form: Form, visit: HostVisit, plan: CyclePlan, now: datetime) -> tuple[When, When] | None:
    """The time that was typed; None, with the mistake beside its field, where it cannot be."""
    slot, words = visit.slot, form.words
    begins = _moment(form, ("first", "from"), slot.begins, plan, now)
    ends = _moment(form, ("last", "to"), slot.ends, plan, now)
    if begins is None or ends is None:
        return None
    if begins.at <= now:
        form.wrong("first", _over(form, "first"))
    if backwards(begins, ends):
        form.wrong("last", words.gettext("The visit ends before it begins. Look at both days and hours."))
    if visit.answerable and same((begins, ends), (slot.begins, slot.ends)):
        asked = words.gettext("These are the dates for which we asked you. If they suit you, go back and say yes.")
        form.wrong("first", asked)
    return None if form.errors else (begins, ends)


def _moment(form: Form, fields: tuple[str, str], instead_of: When, plan: CyclePlan, now: datetime) -> When | None:
    day, hour = form.day(fields[0]), _hour(form.word(fields[1]))
    if hour is None and fields[1] not in form.errors:
        form.wrong(fields[1], form.words.gettext("This is no time of day. It looks like 9:00."))
    if day is None or hour is None:
        return None
    if not _near(day, instead_of):
        if not form.errors:  # it is said once, where both days are of such a year
            form.wrong(fields[0], _far(form, fields[0], day, instead_of))
        return None
    try:
        when = resolve(datetime.combine(day, hour), instead_of.zone)
    except Misread:
        form.wrong(fields[1], form.words.gettext("In that night the clocks are changed. Choose another hour."))
        return None
    return paced(when, plan, now)


def _near(day: date, instead_of: When) -> bool:
    return abs(day.year - datetime.fromisoformat(instead_of.local).year) <= YEARS


def _far(form: Form, field: str, day: date, instead_of: When) -> str:
    if day < datetime.fromisoformat(instead_of.local).date():
        return _over(form, field)
    say, label = form.words.gettext, form.by_name[field].label
    return say("“%(label)s”: that is years away. Look at the year once more.", label=label)


def _over(form: Form, field: str) -> str:
    say, label = form.words.gettext, form.by_name[field].label
    return say("“%(label)s”: that day is over. Choose one that is still to come.", label=label)


def _hour(typed: str) -> time | None:
    try:
        return read_clock(typed if not typed.isdigit() else f"{typed}:00")
    except Misread:
        return None


def feedback_form(words: PageWords, visit: HostVisit) -> Form:
    """Three questions; what was said before stands there to be changed."""
    said = visit.heard
    scale = [
        ("5", words.gettext("5 – very much")),
        ("4", words.gettext("4 – much")),
        ("3", words.gettext("3 – something")),
        ("2", words.gettext("2 – little")),
        ("1", words.gettext("1 – nothing")),
    ]
    gained = words.gettext("What did you and your colleagues take from it?")
    better = words.gettext("What should the next group, or we, do differently?")
    return Form(
        words,
        [
            Field(
                "rating", words.gettext("How much did the visit give your own library?"), kind="radios", options=scale,
                value=said.rating if said else "",
            ),
            Field(
                "gained", gained, kind="textarea", required=False, most=WORDS,
                value=visit.said(said.gained) if said else "",
            ),
            Field(
                "better", better, kind="textarea", required=False, most=WORDS,
                value=visit.said(said.better) if said else "",
            ),
        ],
    )  # fmt: skip
