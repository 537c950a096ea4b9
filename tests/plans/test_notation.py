"""Money, durations and counts in the notations of our countries."""

from __future__ import annotations

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans.faults import Misread
from plans.notation import amount, read_cents, read_count, read_span, read_yes

BLANKS = [" ", "\u00a0", "\u202f", "'", ""]


@pytest.mark.parametrize(
    ("words", "cents"),
    [
        ("4200", 420000),
        ("4200.00", 420000),
        ("4 200,00", 420000),
        ("4\u00a0200,00", 420000),
        ("4'200.00", 420000),
        ("4.200,00", 420000),
        ("4,200.00", 420000),
        ("1.234.567", 123456700),
        ("4,5", 450),
        ("€4,200.00", 420000),
        ("4200 EUR", 420000),
        ("EUR 4 200", 420000),
        ("12 kr", 1200),
        ("0", 0),
        ("0.01", 1),
    ],
)
def test_money_is_read_as_hundredths(words, cents):
    assert read_cents(words) == cents


@pytest.mark.parametrize("words", ["4.200", "4,200", "€1.500"])
def test_money_that_can_be_read_in_two_ways_is_not_guessed(words):
    with pytest.raises(Misread, match="two ways"):
        read_cents(words)


@pytest.mark.parametrize("words", ["-5", "- 5", "−5", "€ -5"])
def test_negative_money_is_refused(words):
    with pytest.raises(Misread, match="negative"):
        read_cents(words)


@pytest.mark.parametrize("words", ["", "a lot", "5.", "1.234.567.89", "1,234,5678", "1e3", "4200.005", "٤٢٠٠"])
def test_what_is_no_amount_is_refused(words):
    with pytest.raises(Misread):
        read_cents(words)


@given(st.integers(0, 10**11), st.sampled_from(BLANKS), st.sampled_from(".,"))
def test_no_hundredth_is_ever_lost(cents, blank, point):
    whole = f"{cents // 100:,}".replace(",", blank)
    assert read_cents(f"{whole}{point}{cents % 100:02d}") == cents


@given(st.integers(0, 10**11))
def test_an_amount_that_we_print_can_be_read_again(cents):
    assert read_cents(amount(cents, "SEK")) == cents


@pytest.mark.parametrize(
    ("words", "span"),
    [
        ("14 days", timedelta(days=14)),
        ("1 day", timedelta(days=1)),
        ("3 hours", timedelta(hours=3)),
        ("90 minutes", timedelta(minutes=90)),
        ("2 weeks", timedelta(days=14)),
        ("1 week and 2 days", timedelta(days=9)),
        ("1 day, 6 hours", timedelta(hours=30)),
        ("14d", timedelta(days=14)),
        ("14 Days", timedelta(days=14)),
    ],
)
def test_durations_are_read(words, span):
    assert read_span(words) == span


@pytest.mark.parametrize("words", ["", "14", "days", "fourteen days", "-3 days", "3 moons", "0 hours", "99999 weeks"])
def test_what_is_no_duration_is_refused(words):
    with pytest.raises(Misread):
        read_span(words)


@pytest.mark.parametrize(("words", "count"), [("15", 15), ("1 500", 1500), ("+3", 3)])
def test_counts_are_read(words, count):
    assert read_count(words) == count


@pytest.mark.parametrize("words", ["0", "-1", "−1", "1.5", "many", "", "1e3", "٣"])
def test_what_is_no_count_is_refused(words):
    with pytest.raises(Misread):
        read_count(words)


@pytest.mark.parametrize(
    ("word", "meant"), [("yes", True), ("True", True), ("on", True), ("no", False), ("OFF", False)]
)
def test_yes_and_no_are_read(word, meant):
    assert read_yes(word) is meant


@given(st.text())
def test_readers_either_read_or_say_why_not(words):
    for reader in (read_cents, read_span, read_count, read_yes):
        with suppress(Misread):
            assert reader(words) is not None
