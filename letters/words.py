"""How a language writes dates, times, numbers, money and lists; its sentences come from the catalogue."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime
from decimal import Decimal

from babel import Locale
from babel.dates import format_date, format_skeleton, format_time, get_timezone_location
from babel.lists import format_list
from babel.numbers import format_currency, format_decimal

from exchange.base import Text
from exchange.plan import When
from letters.catalogues import catalogue
from letters.zones import at_place, zone

_LOCALES = {"en": "en_GB"}
"""English as European libraries write it: 3 February 2012, 16:00."""
_POINTS = {"lt": "MMMMEd"}
"""Short days beside a time; Lithuanian's usual short one would be ``02-14``, which nobody reads as a day at once."""


class Words:
    """One language's way of writing.

    Args:
        language: one of :func:`letters.catalogues.languages`.
        fallbacks: the plan's languages, asked in their order where a text is not in ``language``.
    """

    def __init__(self, language: str, fallbacks: Sequence[str] = ()) -> None:
        self.language = language
        self.locale = Locale.parse(_LOCALES.get(language, language))
        self.catalogue = catalogue(language)
        self._order = (language, *fallbacks, "en")

    def gettext(self, message: str, **values: str) -> str:
        """The sentence in this language, with its named places filled."""
        return self.catalogue.gettext(message) % values

    def ngettext(self, one: str, many: str, number: int, **values: str) -> str:
        """The sentence in the form that the number asks for; ``%(num)s`` is the number as this language writes it."""
        return self.catalogue.ngettext(one, many, number) % {"num": self.number(number), **values}

    def pick(self, text: Text) -> str:
        """The words in this language, else in the plan's first that has them, else in any."""
        found = next((text[code] for code in self._order if text.get(code)), "")
        return found or next((words for words in text.values() if words), "")

    # -- dates and times ------------------------------------------------------------------------------------------

    def day(self, moment: date) -> str:
        """``3 February 2012``."""
        return format_date(moment, "long", self.locale)

    def weekday(self, moment: date) -> str:
        """``Friday, 3 February 2012``."""
        return format_date(moment, "full", self.locale)

    def short_day(self, moment: date) -> str:
        """``3 February``: for subjects."""
        return format_skeleton("MMMMd", moment, locale=self.locale)

    def clock(self, moment: datetime) -> str:
        """``16:00``."""
        return format_time(moment, "short", locale=self.locale)

    def days(self, first: date, last: date) -> str:
        """``16–18 April 2012``, ``30 March – 2 April 2012`` or, for one day, ``16 April 2012``."""
        first, last = _plain(first), _plain(last)
        if first == last:
            return self.day(first)
        if first.year != last.year:
            return f"{self.day(first)} – {self.day(last)}"
        if first.month != last.month:
            return self._months(first, last)
        return format_date(last, self._from(first), self.locale)

    def _months(self, first: date, last: date) -> str:
        """The year once, where the language sets it: last, or first (``2012. gada 30. marts – 2. aprīlis``)."""
        if self.locale.date_formats["long"].pattern.lstrip().startswith("y"):
            return f"{self.day(first)} – {self.short_day(last)}"
        return f"{self.short_day(first)} – {self.day(last)}"

    def _from(self, first: date) -> str:
        """The language's pattern of a date, with the first day and a dash set before its day."""
        pattern = self.locale.date_formats["long"].pattern
        return re.sub(r"('[^']*')|\bd+\b(\.?)", lambda m: m[1] or f"'{first.day}{m[2]}–'{m[0]}", pattern, count=0)

    def when(self, begins: When, ends: When | None = None) -> str:
        """A moment or a span in the place's own time: ``Tuesday, 14 February 2012, 10:00–16:00, local time (Riga)``."""
        first = at_place(begins)
        return self._local(self.span(first, at_place(ends) if ends else None), begins.zone)

    def own_time(self, begins: When, ends: When | None, home: str) -> str:
        """The same in the reader's own zone; empty where it is unknown or shows the same times."""
        if not home:
            return ""
        first, last = at_place(begins), at_place(ends) if ends else None
        if _same_clock(first, home) and (last is None or _same_clock(last, home)):
            return ""
        there = zone(home)
        mine, until = first.astimezone(there), last.astimezone(there) if last else None
        if (until is not None and until.date() != mine.date()) or mine.date() != first.date():
            span = self.span(mine, until)
        else:
            span = self.hours(mine, until)
        return self.gettext("%(time)s your time (%(city)s)", time=span, city=self.city(home))

    def moment(self, at: datetime, home: str) -> str:
        """An instant as the reader's clocks show it: ``14:05 on 3 February 2012 (local time, Helsinki)``."""
        there = at.astimezone(zone(home))
        return self.gettext(
            "%(time)s on %(date)s (local time, %(city)s)",
            date=self.day(there),
            time=self.clock(there),
            city=self.city(home),
        )

    def city(self, zone_name: str) -> str:
        """The zone by its city in this language: ``Kööpenhamina`` for Europe/Copenhagen."""
        return get_timezone_location(zone(zone_name), locale=self.locale, return_city=True)

    def _local(self, span: str, zone_name: str) -> str:
        return self.gettext("%(time)s local time (%(city)s)", time=span, city=self.city(zone_name))

    def span(self, first: datetime, last: datetime | None) -> str:
        """``Tuesday, 14 February 2012, 10:00–16:00``, or from one day to another."""
        if last is None or last.date() == first.date():
            return self.day_and_hour(self.weekday(first), self.hours(first, last))
        return f"{self._point(first)} – {self._point(last)}"

    def _point(self, moment: datetime) -> str:
        day = format_skeleton(_POINTS.get(self.language, "MMMEd"), moment, locale=self.locale)
        return self.day_and_hour(day, self.hours(moment, None))

    def day_and_hour(self, day: str, hour: str) -> str:
        """``14 February 2012, 10:00``; in some languages no comma stands between."""
        return self.gettext("%(date)s, %(time)s", date=day, time=hour)

    def hours(self, first: datetime, last: datetime | None) -> str:
        """``10:00–16:00``; Finnish sets "klo" before it."""
        hours = self.clock(first) if last is None else f"{self.clock(first)}–{self.clock(last)}"
        return self.gettext("%(hours)s", hours=hours)

    # -- numbers, money, lists ------------------------------------------------------------------------------------

    def number(self, number: int) -> str:
        return format_decimal(number, locale=self.locale)

    def money(self, cents: int, currency: str) -> str:
        """``€4,200`` or ``€4,200.50``: hundredths of the currency, without the hundredths where there are none."""
        amount = Decimal(cents) / 100
        if cents % 100:
            return format_currency(amount, currency, locale=self.locale)
        pattern = self.locale.currency_formats["standard"].pattern.replace(".00", "")
        return format_currency(amount, currency, pattern, locale=self.locale, currency_digits=False)

    def all_of(self, things: Sequence[str]) -> str:
        """``a, b and c``."""
        return format_list(list(dict.fromkeys(things)), locale=self.locale)

    def one_of(self, things: Sequence[str]) -> str:
        """``a, b or c``."""
        return format_list(list(dict.fromkeys(things)), "or", locale=self.locale)

    def town(self, name: str, zone_name: str) -> str:
        """A town in this language, where it is the one its time zone is named for: ``Калининград``; else as written."""
        known = get_timezone_location(zone(zone_name), locale="en", return_city=True)
        return self.city(zone_name) if name == known else name

    def country(self, code: str) -> str:
        """``Finland`` for FI."""
        return str(self.locale.territories.get(code.upper(), code))

    def language_name(self, code: str) -> str:
        """``Finnish`` for fi."""
        return str(self.locale.languages.get(code, code))


def _plain(moment: date) -> date:
    return moment.date() if isinstance(moment, datetime) else moment


def _same_clock(moment: datetime, home: str) -> bool:
    return moment.astimezone(zone(home)).utcoffset() == moment.utcoffset()
