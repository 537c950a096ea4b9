"""What counts as the same: a page that shows something else fails."""

from __future__ import annotations

from datetime import date, timedelta

import pytest

from tests.troubles.likeness import Shift, difference, shift

BY = Shift(timedelta(weeks=-20))
SHOWN = "Registration closes 31 Mar 2027 23:59\n  Money   in 3 days\n"


def test_the_same_words_with_the_dates_of_today_are_the_same() -> None:
    assert not difference(SHOWN, "Registration closes 11 Nov 2026 09:05\nMoney in 14 hours\n", BY)


def test_a_page_may_leave_out_lines_words_and_what_comes_next() -> None:
    said = "First\nSecond\nAnna (p_7f3k) has a place.\nLast\nNext: kierros show\n"
    assert not difference("…\nAnna (…) has a place.\nLast\n", said, BY)
    assert difference("Anna (…) has a place.\nLast\n", said, BY)


@pytest.mark.parametrize(
    "said",
    [
        "Registration opens 11 Nov 2026 09:05\nMoney in 3 days\n",
        "Registration closes 12 Dec 2026 09:05\nMoney in 3 days\n",
        "Registration closes 11 Nov 2026 09:05\nMoney in 3 days\nAnd more\n",
        "Registration closes 11 Nov 2026 09:05\n",
        "",
    ],
)
def test_other_words_another_date_more_and_less_are_not_the_same(said: str) -> None:
    assert difference(SHOWN, said, BY)


def test_dates_go_there_and_back_by_whole_weeks() -> None:
    by = shift(date(2026, 11, 22), date(2027, 3, 1))
    assert by.there("move it to 2027-05-12") == "move it to 2027-01-27"
    assert by.back("from 2027-01-27 to 25–27 January 2027") == "from 2027-05-12 to 10–12 May 2027"
    assert by.back("30 Jan – 2 Feb 2027") == "15–18 May 2027"
    assert by.by % timedelta(weeks=1) == timedelta(0)
