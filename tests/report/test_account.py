"""The account of a whole year: who, where, how hosts were found, what was decided, what it cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from activities.account.model import Indicator
from activities.account.money import shared
from activities.accounts import Account, Sources, draw_up
from exchange.approval import Reject
from exchange.base import Event
from exchange.booking import AnswerAsHost
from exchange.cancelling import Cancel
from exchange.cycle import begin
from exchange.moving import Move
from exchange.plan import When
from tests.report.year import Year, kaliningrad


def of(year: Year) -> Account:
    return draw_up(Sources(cycle=year.cycle, journal=year.journal), "report")


def begun() -> Year:
    """A year with invitations out and registration open."""
    plan, _ = kaliningrad()
    return Year(plan).until(2012, 1, 17).approve("invitations", "s_kristina").until(2012, 1, 24)


def asked() -> Year:
    """A year whose three hosts have been asked."""
    year = begun()
    return year.register(*year.invited()[:12]).until(2012, 2, 8).approve("visits", "s_antti")


def measure(account: Account, ident: str) -> Indicator:
    return next(m for m in (*account.measures.process, *account.measures.outcome) if m.id == ident)


# ------------------------------------------------------------------------------------------------------------- people


def test_the_way_from_invitation_to_feedback_is_counted_in_people(account: Account):
    assert [(s.id, s.people, s.of) for s in account.funnel] == [
        ("invited", 24, None),
        ("answered", 24, 24),
        ("registered", 23, 24),
        ("took_part", 19, 23),
        ("gave_feedback", 16, 19),
    ]


def test_who_took_part_adds_up_by_library_country_and_kind(account: Account):
    company = account.company
    assert company.took_part == 19
    for groups in (company.by_library, company.by_country, company.by_kind):
        assert sum(group.people for group in groups) == 19
    assert [(g.id, g.people) for g in company.by_kind] == [("municipal public library", 17), ("regional library", 2)]


def test_whoever_was_noted_absent_from_every_seminar_did_not_take_part(account: Account):
    assert account.desks[0].placed - account.company.took_part == 1


def test_nobody_has_taken_part_before_anything_was_held():
    account = of(asked())
    assert account.company.took_part == 0
    assert account.desks[0].placed == 12


def test_people_without_a_home_library_come_last_and_are_counted():
    year = begun()
    first, second, *_ = year.invited()
    plan = year.cycle.plan.model_copy(update={"homes": {second: "regional"}})
    year.cycle = year.cycle.put(plan=plan)
    account = of(year.register(first, second).until(2012, 3, 21))
    assert [(g.id, g.people) for g in account.company.by_library] == [("regional", 1), ("", 1)]


def test_the_waiting_list_says_how_many_stood_on_it_and_what_came_of_the_offers(account: Account):
    desk = account.desks[0]
    assert (desk.registered, desk.placed, desk.capacity) == (23, 20, 20)
    assert (desk.waited, desk.still_waiting, desk.withdrawn) == (3, 2, 1)
    assert (desk.offers, desk.offers_accepted, desk.offers_declined, desk.offers_expired) == (1, 1, 0, 0)


# ------------------------------------------------------------------------------------------------- seminars and visits


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


# --------------------------------------------------------------------------------------------------- time and decisions


def test_a_decision_names_the_role_and_never_the_person(account: Account):
    decided = [(d.step, d.option, d.role, d.second_person) for d in account.decisions]
    assert decided == [
        ("invitations", "approve", "coordinator", False),
        ("visits", "approve", "director", True),
        ("introductory-seminar", "plan", "", False),
        ("final-seminar", "approve", "coordinator", False),
    ]
    assert "s_" not in str([d.model_dump() for d in account.decisions])


def test_a_decision_that_passed_to_the_deputy_says_so():
    plan, _ = kaliningrad()
    year = Year(plan).until(2012, 1, 25).approve("invitations", "s_olga")
    decision = of(year).decisions[0]
    assert (decision.role, decision.reminded, decision.passed) == ("deputy coordinator", True, True)
    assert decision.days is not None
    assert decision.days > 8


def test_a_rejection_and_the_second_version_both_stand():
    plan, _ = kaliningrad()
    year = Year(plan).until(2012, 1, 17)
    (prompt,) = year.cycle.prompts.values()
    year.say(Reject(at=year.now, actor="s_kristina", prompt=prompt.id))
    year.choose("revise", "again").until(2012, 1, 18).approve("invitations", "s_kristina")
    assert [(d.about, d.option, d.revision) for d in of(year).decisions] == [
        ("approval", "reject", 1),
        ("revise", "again", 1),
        ("approval", "approve", 2),
    ]


def test_a_moved_date_is_a_decision_and_the_calendar_follows():
    year = begun()
    when = When(local="2012-03-02T23:59", zone="Europe/Kaliningrad", at=datetime(2012, 3, 2, 20, 59, tzinfo=UTC))
    year.say(Move(at=year.now, actor="s_kristina", step="registration", field="closes", when=when, reason="n_secret"))
    account = of(year)
    moved = account.decisions[-1]
    assert (moved.about, moved.option, moved.role) == ("move", "closes", "coordinator")
    assert moved.moved_to is not None
    assert moved.moved_to.local == "2012-03-02T23:59"
    assert account.calendar[1].marks[0].when.ends.local == "2012-03-02T23:59"
    assert "n_secret" not in account.model_dump_json()


def test_the_calendar_shows_the_plans_local_times(account: Account):
    seminar = account.calendar[2]
    assert (seminar.step, seminar.outcome) == ("introductory-seminar", "done")
    assert seminar.marks[1].when.begins.local == "2012-03-20T10:00"
    assert seminar.marks[1].when.begins.zone == "Europe/Kaliningrad"


def test_a_reminder_that_had_nobody_to_remind_did_not_come_about(account: Account):
    assert [mark.done for mark in account.calendar[0].marks] == [True, True, False]


# -------------------------------------------------------------------------------------------------------------- money


def test_money_says_what_was_settled_released_and_left(account: Account):
    money = account.money
    assert (money.currency, money.cap) == ("EUR", 2_600_000)
    assert (money.settled, money.released, money.committed, money.left) == (2_330_000, 1_020_000, 0, 270_000)


def test_the_funders_parts_add_up_to_what_was_settled_to_the_cent(account: Account):
    assert [part.used for part in account.money.funders] == [1_613_077, 716_923]
    assert sum(part.used for part in account.money.funders) == account.money.settled


def test_shares_are_whole_cents_and_the_largest_remainders_get_what_is_over():
    assert shared(100, [1, 1, 1]) == [34, 33, 33]
    assert shared(10, [2, 5, 3]) == [2, 5, 3]
    assert shared(5, []) == []
    assert shared(5, [0, 0]) == [0, 0]


# ----------------------------------------------------------------------------------------------------------- measures


def test_process_is_measured(account: Account):
    assert measure(account, "answer_days").value == 22.3
    assert measure(account, "host_answer_days").value == 5.0
    assert measure(account, "hosts_per_visit").value == 1.7
    assert measure(account, "letters_sent").value == 42
    assert measure(account, "letters_failed").value == 2
    # at the invited's first reminder nine had not answered, two hosts, and eight participants of the survey
    assert measure(account, "reminders").value == 9 + 2 + 8


def test_outcomes_are_measured(account: Account):
    assert (measure(account, "participants").value, measure(account, "participants").of) == (19, 20)
    assert measure(account, "libraries").value == 7
    assert measure(account, "countries").value == 3
    assert (measure(account, "visits").value, measure(account, "visits").of) == (3, 3)
    assert measure(account, "attendance").value == 0.9
    assert measure(account, "response").value == 0.8421


def test_days_of_a_practice_run_are_days_of_the_plan(sources: Sources):
    pace = 0.001
    plan = sources.cycle.plan.model_copy(update={"pace": pace, "practice": True})
    start = sources.journal[0].at

    def drawn(event: Event) -> Event:
        return event.model_copy(update={"at": start + (event.at - start) * pace})

    practice = replace(sources, cycle=sources.cycle.put(plan=plan), journal=[drawn(event) for event in sources.journal])
    account = draw_up(practice, "report")
    assert account.practice
    assert measure(account, "host_answer_days").value == 5.0


# ------------------------------------------------------------------------------------------------ beginnings and ends


def test_a_cycle_of_which_nothing_has_happened_can_be_accounted_for():
    plan, _ = kaliningrad()
    account = draw_up(Sources(cycle=begin(plan)), "report")
    assert account.company.took_part == 0
    assert [stage.people for stage in account.funnel] == [0, 0, 0, 0, 0]
    assert all(row.outcome == "open" for row in account.calendar)
    assert measure(account, "response").value is None


def test_a_plan_without_steps_can_be_accounted_for():
    plan, _ = kaliningrad(steps=())
    account = draw_up(Sources(cycle=begin(plan)), "report")
    assert account.when is None
    assert account.places == ()


def test_a_cancelled_cycle_accounts_for_what_had_been_done():
    year = asked().answers("helsinki", "confirm").until(2012, 3, 21)
    year.say(Cancel(at=year.now, actor="s_antti", reason="n_secret"))
    account = of(year)
    assert account.phase == "cancelled"
    assert account.ended_at == year.now
    assert [m.outcome for m in account.meetings] == ["held", "called_off"]
    assert [s.outcome for s in account.stays] == ["called_off", "called_off", "called_off"]
    assert account.stays[0].tries[0].outcome == "released"
    assert account.places == ("Kaliningrad",)
    assert account.money.committed == 0
    assert (account.decisions[-1].about, account.decisions[-1].role) == ("cancel", "director")
    assert "n_secret" not in account.model_dump_json()


def test_no_reference_to_a_person_or_a_text_is_in_the_account(account: Account, played: tuple[Year, object]):
    data = account.model_dump_json()
    year, texts = played
    refs = {*year.invited(), *(ref for refs in year.cycle.plan.roles.values() for ref in refs), *dict(texts)}  # type: ignore[call-overload]
    assert refs
    assert not [ref for ref in refs if ref in data]


def test_the_same_state_makes_the_same_account_to_the_byte(sources: Sources, account: Account):
    assert draw_up(sources, "report").model_dump_json() == account.model_dump_json()
