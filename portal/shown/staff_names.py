"""What staff read of a cycle, in their own language: the sentences of the terminal, said by the pages' words."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta

from babel.dates import format_time, format_timedelta

from exchange.base import Refusal, Text
from exchange.lateness import LateApproval
from exchange.plan import Step, When
from letters.decisions import ROLES
from letters.zones import at_place, zone
from portal.shown.public import title_of
from portal.shown.staff_groups import MEANT
from portal.shown.staff_refusals import told
from portal.shown.staff_words import ANSWERS, FIELDS, OPTIONS
from portal.speech import PageWords, in_tongue_of, mark, unmarked, words_in
from telling.names import Names
from telling.times import Unit, measured

WAY_OUT_PRACTICE = mark("Move the date first, then have it made ready again.")
WAY_OUT = mark(
    "Move the date first, then have it made ready again; or take the step out of the plan by changing the plan."
)
ENDING = mark("If the year is not to go on, cancel the cycle.")

IN_HISTORY = mark("{said} (the history says which)")

QUOTES = {
    "en": "“”", "fi": "””", "sv": "””", "da": "»«", "nb": "«»", "et": "„“", "lv": "“”", "lt": "„“", "ru": "«»",
}  # fmt: skip
"""The marks in which each language sets what is called by its words."""

FAR = 1e9
"""So that a span is told in its own unit, however long it is."""


@dataclass(frozen=True)
class Spoken(Names):
    """Names, moments and sums as one reader's language says them."""

    speech: PageWords = field(default_factory=lambda: words_in("en"))

    def said(self, sentence: str) -> str:
        return str(self.speech.catalogue.gettext(sentence))

    def pick(self, text: Text, otherwise: str = "") -> str:
        return self.speech.pick(text) or otherwise

    def called(self, step: Step) -> str:
        return title_of(self.speech, step)

    def apart(self, called: str, where: str) -> str:
        return in_tongue_of(called, f"{unmarked(called)}, {where}")

    def quoted(self, words: str) -> str:
        marks = QUOTES[self.speech.language]
        return f"{marks[0]}{words}{marks[-1]}"

    def role(self, role: str) -> str:
        plain = role.replace("_", " ").replace("-", " ")
        return self.said(ROLES[plain]) if plain in ROLES else plain

    def decision(self, prompt: str) -> str:
        asked = self.known.get(f"prompt:{prompt}")
        return self.quoted(asked) if asked else prompt

    def in_history(self, said: str) -> str:
        return self.said(IN_HISTORY).format(said=said)

    def holders(self, role: str) -> str:
        return self.speech.all_of([self.who(one) for one in self.plan.roles.get(role, ())])

    def money_in(self, currency: str, cents: int) -> str:
        return self.speech.money(cents, currency)

    def people(self, count: int) -> str:
        return self.speech.ngettext("%(num)s person", "%(num)s people", count)

    def letters(self, count: int) -> str:
        return self.speech.ngettext("%(num)s letter", "%(num)s letters", count)

    def lasting(self, span: timedelta) -> str:
        count, unit = measured(span)
        return format_timedelta(timedelta(**{f"{unit}s": count}), unit, threshold=FAR, locale=self.speech.locale)

    def answer(self, option: str) -> str:
        said = ANSWERS.get(option) or OPTIONS.get(option, option.replace("_", " "))
        return self.speech.gettext(said, host="").rstrip(": ")

    def date_name(self, field: str) -> str:
        return self.said(FIELDS[field]) if field in FIELDS else field

    def group(self, group: str) -> str:
        return self.said(MEANT[group]) if group in MEANT else group

    def refusal(self, no: Refusal) -> str:
        return told(self, no)

    def way_out(self, late: LateApproval) -> str:  # noqa: ARG002 - the page links to where the date is moved
        return self.said(WAY_OUT_PRACTICE if self.plan.practice else WAY_OUT)

    def ending(self) -> str:
        return self.said(ENDING)

    def on_day(self, day: date) -> str:
        return self.speech.day(day)

    def day_of(self, moment: date) -> str:
        return self.speech.day(moment)

    def days(self, first: date, last: date) -> str:
        return self.speech.days(first, last)

    def listed(self, things: Iterable[str], more: int = 0) -> str:
        rest = [self.speech.ngettext("%(num)s more", "%(num)s more", more)] if more else []
        return self.speech.all_of([*things, *rest])

    def language(self, code: str) -> str:
        return self.speech.language_name(code)

    def span(self, begins: When, ends: When) -> str:
        return self.speech.span(at_place(begins), at_place(ends))

    def written(self, when: When) -> str:
        return self.speech.span(at_place(when), None)

    def moment(self, at: datetime, now: datetime | None = None) -> str:
        local = at.astimezone(zone(self.plan.zone))
        exact = self.counts_seconds(at, now)
        hours = format_time(local, "medium", locale=self.speech.locale) if exact else ""
        return self.speech.day_and_hour(self.speech.day(local), hours or self.speech.hours(local, None))

    def day(self, at: datetime) -> str:
        """The day alone, by the clocks of the learners' end."""
        return self.speech.day(at.astimezone(zone(self.plan.zone)))

    def away(self, at: datetime, since: datetime) -> str:
        """How far off it is, in days or, within one, in hours, in minutes or, where it comes that soon, in seconds."""
        seconds = int((at - since).total_seconds())
        late, days, hours = seconds < 0, abs(seconds) // 86_400, abs(seconds) // 3_600
        many = self.speech.ngettext
        if days:
            return (
                many("%(num)s day ago", "%(num)s days ago", days)
                if late
                else many("in %(num)s day", "in %(num)s days", days)
            )
        if hours:
            return (
                many("%(num)s hour ago", "%(num)s hours ago", hours)
                if late
                else many("in %(num)s hour", "in %(num)s hours", hours)
            )
        if -60 < seconds <= 0:
            return self.speech.gettext("just now")
        unit: Unit = "minute" if abs(seconds) >= 60 else "second"
        size = 60 if unit == "minute" else 1
        span = timedelta(seconds=abs(seconds) // size * size * (-1 if late else 1))
        return format_timedelta(span, unit, threshold=FAR, add_direction=True, locale=self.speech.locale)
