"""Whether what a command said is what its page shows: the same words, its dates put by to the day of the test.

``…`` in a page stands for some words, and alone on a line for any number of lines. A page may leave out what is
suggested as next. Line breaks and the width of columns are nothing. Lengths of time (``in 3 days``) and times of the
day are like any others: they depend on the hour at which the test runs. A date has to be the page's to within eight
days, since the page's today may be any day of a week.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, timedelta

NAMES = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
MONTHS = tuple(name[:3] for name in NAMES)
LEEWAY = timedelta(days=8)

_MONTH = rf"(?:{'|'.join((*NAMES, *MONTHS))})"
_ISO = r"\d{4}-\d{2}-\d{2}"
_WORDS = rf"(?:\d{{1,2}}(?: {_MONTH})?(?: \d{{4}})? ?– ?)?\d{{1,2}} {_MONTH} \d{{4}}"
DATE = rf"(?<!\d)(?:{_ISO}|{_WORDS})(?!\d)"
_CLOCK = r"\d{1,2}:\d{2}(?::\d{2})?"
_LENGTH = r"(?:in )?\d+ (?:second|minute|hour|day)s?(?: ago)?|(?<=\s)now(?=\s|$)"
_PIECES = re.compile(rf"(?P<date>{DATE})|(?P<clock>{_CLOCK})|(?P<length>{_LENGTH})|(?P<some>…)")


@dataclass(frozen=True)
class Shift:
    """How far the page's year is from the real one: whole weeks, so that days of the week stay what they are."""

    by: timedelta

    def there(self, words: str) -> str:
        """What somebody types on the page, as it is typed today."""
        return re.sub(_ISO, lambda found: str(date.fromisoformat(found[0]) + self.by), words)

    def back(self, words: str) -> str:
        """What was said today, as the page tells it."""
        return re.sub(DATE, lambda found: _moved(found[0], -self.by), words)


def shift(today: date, page: date) -> Shift:
    """From a page whose today is in the week that begins on ``page``."""
    return Shift(timedelta(weeks=(today - page).days // 7))


def difference(shown: str, said: str, by: Shift) -> str:
    """What is not as the page shows it; empty where all is well."""
    lines = [line.strip() for line in shown.splitlines() if line.strip()]
    if not any(line.startswith("Next:") for line in lines):
        said = re.sub(r"^Next: .*\n", "", said, flags=re.MULTILINE)
    pattern, dates = "", []
    for line in lines:
        pattern += r"\s*"
        if line == "…":
            pattern += r".*?"
            continue
        piece, found = _pattern(line)
        pattern += piece
        dates += found
    match = re.fullmatch(pattern + r"\s*", by.back(said), re.DOTALL)
    if match is None:
        return "the words differ"
    wrong = [
        f"{told} is {was} by the page's calendar"
        for told, was in zip(dates, match.groups(), strict=True)
        if abs(_last(was) - _last(told)) > LEEWAY
    ]
    return "; ".join(wrong)


def _pattern(line: str) -> tuple[str, list[str]]:
    """A line as a regular expression, and the dates in it."""
    pattern, dates, at = "", [], 0
    for found in _PIECES.finditer(line):
        pattern += _plain(line[at : found.start()])
        at = found.end()
        if found["date"]:
            pattern += f"({DATE})"
            dates.append(found["date"])
        elif found["clock"]:
            pattern += _CLOCK
        elif found["length"]:
            pattern += rf"(?:{_LENGTH})"
        else:
            pattern += r".{1,160}?"
    return pattern + _plain(line[at:]), dates


def _plain(words: str) -> str:
    return re.sub(r"(?:\\ )+|\s+", r"\\s+", re.escape(words))


def _last(words: str) -> date:
    """The date, of a span its last day."""
    if re.fullmatch(_ISO, words):
        return date.fromisoformat(words)
    day, month, year = words.replace("–", " ").split()[-3:]
    return date(int(year), MONTHS.index(month[:3]) + 1, int(day))


def _moved(words: str, by: timedelta) -> str:
    new = _last(words) + by
    if re.fullmatch(_ISO, words):
        return str(new)
    spelling = NAMES if any(name in words for name in NAMES if name != "May") else MONTHS
    told = f"{new.day} {spelling[new.month - 1]} {new.year}"
    if "–" not in words:
        return told
    first, last = words.split("–")
    parts = [*first.split(), *last.split()[len(first.split()) :]]
    begun = date(int(parts[-1]), MONTHS.index(parts[1][:3]) + 1, int(parts[0])) + by
    if (begun.month, begun.year) == (new.month, new.year):
        return f"{begun.day}–{told}"
    return f"{begun.day} {spelling[begun.month - 1]} – {told}"
