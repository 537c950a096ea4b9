"""The account of a whole year: who, where, how hosts were found, what was decided, what it cost."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime

from activities.account.money import shared
from activities.account.running import Indicator
from activities.accounts import Account, Sources, draw_up
from exchange.approval import Reject
from exchange.base import Event
from exchange.cancelling import Cancel
from exchange.cycle import begin
from exchange.moving import Move
from exchange.plan import When
from tests.report.played import asked, begun, of
from tests.report.year import Year, kaliningrad


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
