"""Seminars and visits in the account: who was there, and how each host was found."""

from __future__ import annotations

from datetime import UTC, datetime

from activities.accounts import Account
from exchange.booking import AnswerAsHost
from exchange.plan import When
from tests.report.played import asked, of


def test_a_seminar_says_how_many_were_there_and_names_no_speaker(account: Account):
    first, last = account.meetings
    assert (first.outcome, first.present, first.absent, first.expected) == ("held", 19, 1, 20)
    assert (last.present, last.absent) == (17, 3)
    assert [session.speaker for session in first.sessions] == [True, True, False]


def test_a_visit_says_who_was_asked_before_and_what_each_answered(account: Account):
    found = {stay.slot: [(t.host, t.outcome) for t in stay.tries] for stay in account.stays}
    assert found == {
        "finland": [("helsinki", "visited")],
        "oresund": [("malmo", "declined"), ("blagarden", "visited")],
        "jutland": [("aarhus", "silent"), ("gellerup", "visited")],
    }


def test_a_try_says_how_long_the_answer_took_and_why_the_host_was_thought_of(account: Account):
    malmo, blagarden = account.stays[1].tries
    assert (malmo.days, malmo.reminded) == (5.0, False)
    assert (blagarden.days, blagarden.reminded) == (7.0, True)
    assert malmo.reason["en"].startswith("Its staff have changed places")
    assert account.stays[2].tries[0].days is None


def test_candidates_that_nobody_had_to_ask_are_told_apart(account: Account):
    assert account.stays[0].not_needed == ({"en": "Espoo City Library"},)


def test_a_host_that_declines_after_its_yes_is_told_apart_from_one_that_never_agreed():
    year = asked().answers("malmo", "confirm").until(2012, 2, 10).answers("malmo", "decline")
    tries = of(year).stays[1].tries
    assert [(t.host, t.outcome) for t in tries] == [("malmo", "cancelled"), ("blagarden", "asked")]


def test_a_host_that_says_yes_when_another_is_asked_is_shown_with_its_late_yes():
    year = asked().until(2012, 2, 23).answers("malmo", "confirm").choose("host", "switch")
    tries = of(year).stays[1].tries
    assert [(t.host, t.outcome, t.late_yes) for t in tries] == [
        ("malmo", "silent", True),
        ("blagarden", "passed_over", False),
        ("malmo", "confirmed", False),
    ]


def test_a_host_that_proposes_other_days_is_shown_with_them():
    year = asked()
    begins = When(local="2012-05-28T09:00", zone="Europe/Stockholm", at=datetime(2012, 5, 28, 7, tzinfo=UTC))
    ends = When(local="2012-05-29T16:00", zone="Europe/Stockholm", at=datetime(2012, 5, 29, 14, tzinfo=UTC))
    year.say(
        AnswerAsHost(at=year.now, actor="p_1", host="malmo", answer="propose", begins=begins, ends=ends, slot="oresund")
    )
    stay = of(year.choose("host", "accept")).stays[1]
    assert stay.tries[0].proposed
    assert stay.tries[0].outcome == "confirmed"
    assert stay.moved
    assert stay.when.begins.local == "2012-05-28T09:00"


def test_a_visit_for_which_nobody_said_yes_is_given_up():
    stay = of(asked().until(2012, 5, 30)).stays[0]
    assert stay.outcome == "given_up"
    assert [t.outcome for t in stay.tries] == ["silent", "silent"]
