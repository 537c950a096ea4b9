"""What a plan says of people's data: why it is kept, and for how long after the end."""

from __future__ import annotations

import re

from exchange.plan import Privacy
from plans.faults import Misread
from plans.said import said
from plans.section import Section

_MONTHS = re.compile(r"([0-9]{1,3})\s*(month|year)s?", re.IGNORECASE)
_MOST = 120


def read_privacy(top: Section) -> Privacy:
    """The plan's ``privacy``; as nothing said where it is missing."""
    section = None if not top.has("privacy") else top.section("privacy")
    if section is None:
        top.has("privacy")
        return Privacy()
    found = Privacy(
        keep_months=section.read("keep_personal_data", read_months, None),
        purpose=section.text("purpose"),
        answers_for=section.text("answers_for"),
    )
    section.finish()
    return found


def read_months(words: str) -> int:
    """``24 months`` or ``2 years``.

    Raises:
        Misread: anything else, or less than a month or more than ten years.
    """
    match = _MONTHS.fullmatch(words.strip())
    if match is None:
        no = "“{words}” is no time that we can read; write it in months or years, like 24 months."
        raise Misread(said(no, words=words))
    months = int(match[1]) * (12 if match[2].lower() == "year" else 1)
    if not 1 <= months <= _MOST:
        no = "“{words}” is too short or too long; personal data is kept between 1 month and 10 years."
        raise Misread(said(no, words=words))
    return months
