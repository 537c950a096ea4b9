"""How a paper writes what the account holds: dates, money, shares, and the plan's words in two languages."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from babel.dates import format_skeleton
from babel.numbers import format_currency, format_decimal, format_percent

from letters.words import Words

Text = Mapping[str, str]
Point = Mapping[str, str]
Span = Mapping[str, Point]


class Figures:
    """What the template calls ``say``.

    Args:
        language: the paper's own language.
        other: the plan's first language, in which its words stand beside.
    """

    def __init__(self, language: str, other: str) -> None:
        self.language, self.other_language = language, other
        self._words = Words(language, (other,))
        self._locale = self._words.locale

    # -- the plan's words -------------------------------------------------------------------------------------------

    def words(self, text: Text) -> str:
        """The words in the paper's language, else in the plan's first, else in any."""
        return self._words.pick(dict(text))

    def tongue(self, text: Text) -> str:
        """The language code of what :meth:`words` gives; empty where it is the paper's own."""
        return "" if text.get(self.language) else next((code for code in text if text[code]), "")

    def beside(self, text: Text) -> str:
        """The same in the plan's first language; empty where that says nothing new."""
        other = text.get(self.other_language, "")
        return "" if other == self.words(text) else other

    def country(self, code: str) -> str:
        """``Finland`` for FI."""
        return self._words.country(code) if code else ""

    def listed(self, things: Sequence[str]) -> str:
        """``a, b and c``."""
        return self._words.all_of(things)

    # -- dates and times --------------------------------------------------------------------------------------------

    def day(self, point: Point) -> str:
        """``20 March 2012``."""
        return self._words.day(_local(point))

    def days(self, span: Span) -> str:
        """``14–16 May 2012``."""
        return self._words.days(_local(span["begins"]).date(), _local(span["ends"]).date())

    def short_days(self, span: Span, year: int) -> str:
        """The same without the year, where it is ``year``: ``14–16 May``."""
        days = self.days(span)
        return days.removesuffix(f" {year}") if days.count(str(year)) == 1 else days

    def hours(self, span: Span) -> str:
        """``10:00–17:00``."""
        return f"{self._words.clock(_local(span['begins']))}–{self._words.clock(_local(span['ends']))}"

    def times(self, span: Span) -> str:
        """``20 March 2012, 10:00–17:00``; over several days ``18 September 2012, 10:00 – 19 September 2012, 15:00``."""
        begins, ends = span["begins"], span["ends"]
        if _local(begins).date() == _local(ends).date():
            return f"{self.day(begins)}, {self.hours(span)}"
        return f"{self.moment(begins)} – {self.moment(ends)}"

    def moment(self, point: Point) -> str:
        """``20 March 2012, 10:00``."""
        return f"{self.day(point)}, {self._words.clock(_local(point))}"

    def within(self, span: Span, whole: Span) -> str:
        """A session's hours; with its day before them where the seminar has several."""
        several = _local(whole["begins"]).date() != _local(whole["ends"]).date()
        short = format_skeleton("MMMd", _local(span["begins"]), locale=self._locale)
        return f"{short}, {self.hours(span)}" if several else self.hours(span)

    def city(self, point: Point) -> str:
        """The zone by its city."""
        return self._words.city(point["zone"])

    def date(self, at: str) -> str:
        """``3 February 2012``: the day of an instant, in UTC."""
        return self._words.day(datetime.fromisoformat(at).astimezone(UTC))

    def whole_day(self, day: str) -> str:
        """``3 February 2012``: a day that was written down as such."""
        return self._words.day(date.fromisoformat(day))

    def instant(self, at: str, *, seconds: bool = False) -> str:
        """``3 Feb 2012, 14:05``, in UTC; with seconds for a year that was played in minutes."""
        moment = datetime.fromisoformat(at).astimezone(UTC)
        clock = f"{moment:%H:%M:%S}" if seconds else self._words.clock(moment)
        return f"{format_skeleton('yMMMd', moment, locale=self._locale)}, {clock}"

    # -- numbers ----------------------------------------------------------------------------------------------------

    def number(self, value: float) -> str:
        """``1,234`` or ``2.5``."""
        return str(format_decimal(value, format="#,##0.#", locale=self._locale))

    def percent(self, part: float, whole: float = 1) -> str:
        """``84%``; empty of nothing."""
        return str(format_percent(part / whole, format="#,##0%", locale=self._locale)) if whole else ""

    def money(self, cents: int, currency: str) -> str:
        """``€4,200``, or ``€4,200.50`` where there are hundredths."""
        return self._words.money(cents, currency)

    def exact(self, cents: int, currency: str) -> str:
        """``€4,200.00``: for columns in which the hundredths stand under each other."""
        return str(format_currency(Decimal(cents) / 100, currency, locale=self._locale, currency_digits=False))

    def many(self, count: float, one: str, many: str) -> str:
        """``1 library``, ``8 libraries``."""
        return f"{self.number(count)} {one if count == 1 else many}"

    def width(self, part: float, whole: float) -> str:
        """A bar's length in percent of the whole, for a drawing: never less than nothing, nor more than all."""
        return f"{min(max(100 * part / whole, 0), 100):.2f}" if whole else "0"

    def measure(self, indicator: Mapping[str, Any]) -> str:
        """An indicator's value with its unit."""
        value, unit, of = indicator["value"], indicator["unit"], indicator["of"]
        if value is None:
            return "–"
        if unit == "share":
            return self.percent(value)
        if unit == "days":
            return self.many(value, "day", "days")
        if unit == "scale":
            return f"{self.number(value)} of 5"
        return f"{self.number(value)} of {self.number(of)}" if of is not None else self.number(value)


def _local(point: Point) -> datetime:
    return datetime.fromisoformat(point["local"])
