"""A rehearsed year: it ends, stands still where nobody answers, obeys the rules, and waits for mornings."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

from exchange.booking import VisitConfirmed
from exchange.cycle import begin
from exchange.feedback import FeedbackGiven
from exchange.nominating import DelegatesNominated, NominationAsked
from exchange.plan import CyclePlan, QuietWeeks, Registration
from exchange.questions import Wanted
from exchange.registration import DelegateRegistered, DelegatesSelected, DelegateWithdrawn
from exchange.wishing import MoveWished
from plans import Staffer, read_people, read_plan, split_plan
from rehearsal.asking import told_in
from rehearsal.casting import unplayed
from rehearsal.script import HomeLine, HostLine, PersonLine, Script, read_script
from rehearsal.year import Reader, Rehearsed, rehearse

EXAMPLE = Path(__file__).parents[2] / "examples" / "kaliningrad-2012" / "plan.yaml"
NOW = datetime(2012, 1, 1, tzinfo=UTC)


def example() -> tuple[CyclePlan, dict[str, Reader]]:
    file = read_plan(EXAMPLE)
    people = read_people(file.people, organisations=file.draft.organisations)
    names = sorted({name.casefold() for found in file.draft.roles.values() for name in found})
    staff = {name: Staffer(f"s_{number}") for number, name in enumerate(names)}
    split = split_plan(file, people, staff, starter=staff["kristina virtanen"].ref, now=NOW)
    return split.plan, {row.ref: Reader(row.language, row.zone) for row in split.people}


def played(*sentences: str) -> Rehearsed:
    plan, readers = example()
    return rehearse(begin(plan), read_script(list(sentences)), NOW, readers)


def counts(year: Rehearsed, name: str) -> int:
    return sum(type(event).__name__ == name for event in year.events)


def test_the_year_ends_and_every_letter_has_its_day():
    year = played()
    assert year.ends.phase == "finished"
    assert [stay.stage for stay in year.ends.bookings.values()] == ["visited"] * 3
    invitations = [group for group in year.letters if group.kind == "invitation"]
    assert [(f"{group.at:%Y-%m-%d}", len(group.to), group.languages["ru"]) for group in invitations] == [
        ("2012-01-17", 24, 19)
    ]
    assert all(decision.at == decision.prompt.opened_at + timedelta(days=1) for decision in year.decisions)


def test_a_host_declines_and_five_cancel():
    year = played("the first host declines, five cancel")
    assert counts(year, "VisitDeclined") == 1
    assert counts(year, "DelegateWithdrawn") == 5
    assert counts(year, "PlaceOffered") == 4  # so many wait
    assert len(year.ends.participants()) == 19


def test_reminders_go_to_those_who_are_silent_and_wait_for_the_morning():
    year = played("nobody registers")
    reminders = [group for group in year.letters if group.kind == "invitation_reminder"]
    assert sum(len(group.to) for group in reminders) >= 24
    assert {group.at.astimezone().tzinfo is not None for group in reminders} == {True}
    assert all(4 <= group.at.hour <= 18 for group in reminders)


def test_answers_that_fall_into_quiet_days_come_after_them():
    year = played("nobody answers from 2012-01-20 to 2012-02-10")
    registered = [event.at for event in year.events if type(event).__name__ == "DelegateRegistered"]
    assert min(registered).date() == datetime(2012, 2, 11, tzinfo=UTC).date()


def test_a_late_answer_is_refused_by_the_rules_and_shown():
    year = played("nobody answers from 2012-01-20 to 2012-03-10")
    assert "RegistrationClosed" in {no.refusal.name for no in year.refused}
    assert counts(year, "DelegateRegistered") == 0


def test_a_year_that_nobody_lets_go_on_stands_still():
    plan, readers = example()
    alone = plan.model_copy(update={"roles": dict.fromkeys(plan.roles, ())})
    year = rehearse(begin(alone), read_script([]), NOW, readers)
    assert year.stands_still
    assert any(decision.at is None for decision in year.decisions)


def test_letters_that_can_wait_leave_after_the_quiet_weeks():
    plan, readers = example()
    weeks = QuietWeeks(first=date(2012, 9, 15), last=date(2012, 9, 30))
    year = rehearse(begin(plan.model_copy(update={"quiet_weeks": (weeks,)})), read_script([]), NOW, readers)
    surveys = [group for group in year.letters if group.kind == "survey"]
    assert {group.at.date() for group in surveys} == {date(2012, 10, 1)}
    asked = {person for group in surveys for person in group.to}
    answered = {e.person for e in year.events if isinstance(e, FeedbackGiven) and e.at < surveys[0].at}
    assert asked.isdisjoint(answered), "nobody is asked for what she has given already"
    assert len(asked | answered) == 20


def test_a_host_that_wishes_to_move_opens_a_decision_and_the_group_is_asked():
    year = played("the third host wishes to move, two cannot come any more")
    (wish,) = [decision for decision in year.decisions if decision.prompt.about == "wish"]
    assert wish.option == "move"
    assert counts(year, "MoveWished") == counts(year, "VisitMoved") == 1
    asked = [group for group in year.letters if group.kind == "still_coming"]
    group = sum(len(one.to) for one in asked)
    assert group
    assert counts(year, "DelegateCannotCome") == 2
    assert counts(year, "DelegateStillComes") == group - 2
    assert year.ends.phase == "finished"


@cache
def where_libraries_choose() -> CyclePlan:
    """The example where libraries say whom they send, one each."""
    return with_places(places="nominated", per_library=1)


def with_places(**changes: object) -> CyclePlan:
    plan, _ = example()
    steps = (step.model_copy(update=changes) if isinstance(step, Registration) else step for step in plan.steps)
    return plan.model_copy(update={"steps": tuple(steps)})


def nominated(script: Script | None = None) -> Rehearsed:
    return rehearse(begin(where_libraries_choose()), script or Script(), NOW, {})


def test_where_libraries_choose_their_contacts_do_so_in_time_and_people_cancel_after_that():
    year = nominated(read_script(["five cancel"]))
    chosen = [event for event in year.events if isinstance(event, DelegatesNominated)]
    assert chosen
    assert not any(event.lapsed for event in chosen)
    (given,) = [event for event in year.events if isinstance(event, DelegatesSelected)]
    left = [event for event in year.events if isinstance(event, DelegateWithdrawn)]
    assert len(left) == min(5, len(given.people))
    assert all(given.at < event.at < given.at + timedelta(days=6) for event in left)
    assert not year.refused


def test_where_staff_select_people_cancel_after_the_selection():
    year = rehearse(begin(with_places(places="selected")), read_script(["five cancel"]), NOW, {})
    assert counts(year, "DelegateWithdrawn") == 5


def test_a_person_by_name_cancels_though_her_library_sends_somebody_else():
    (given,) = [event for event in nominated().events if isinstance(event, DelegatesSelected)]
    asked = [event.person for event in nominated().events if isinstance(event, DelegateRegistered)]
    waits = next(person for person in asked if person not in given.people)
    year = nominated(Script(people=(PersonLine(waits, "cancel", "she cancels"),)))
    assert [e.person for e in year.events if isinstance(e, DelegateWithdrawn)] == [waits]
    assert not unplayed(year)


def test_a_contact_can_be_silent():
    home = next(event.home for event in nominated().events if isinstance(event, NominationAsked))
    year = nominated(Script(homes=(HomeLine(home, "", "she does not choose"),)))
    assert [e.home for e in year.events if isinstance(e, DelegatesNominated) and e.lapsed] == [home]
    assert not unplayed(year)


def test_a_contact_can_choose_somebody():
    home = next(event.home for event in nominated().events if isinstance(event, NominationAsked))
    last = [person for person, there in where_libraries_choose().homes.items() if there == home][-1]
    year = nominated(Script(homes=(HomeLine(home, last, "she chooses the last"),)))
    assert [e.people for e in year.events if isinstance(e, DelegatesNominated) and e.home == home] == [(last,)]
    assert not unplayed(year)


def test_a_contact_who_is_not_asked_to_choose_is_named_with_why():
    assert unplayed(played("no contact chooses")) == [
        "“no contact chooses” was not played: no contact is asked to choose: no more people of a library ask than it "
        "has places."
    ]


def test_a_host_moves_to_the_day_that_it_names():
    year = played("the third host wishes to move to 2012-10-03")
    (wish,) = [event for event in year.events if isinstance(event, MoveWished)]
    assert wish.begins.local.startswith("2012-10-03")


def test_who_registers_late_is_refused_a_day_after_the_deadline():
    plan, readers = example()
    person = next(iter(plan.homes))
    year = rehearse(begin(plan), Script(people=(PersonLine(person, "late", "she is late"),)), NOW, readers)
    (no,) = year.refused
    assert (no.command.actor, no.refusal.name) == (person, "RegistrationClosed")
    assert not unplayed(year)


def test_a_host_that_has_confirmed_wishes_to_move_in_a_cycle_that_runs():
    year = played()
    number = next(n for n, event in enumerate(year.events) if isinstance(event, VisitConfirmed))
    event = year.events[number]
    assert isinstance(event, VisitConfirmed)
    line = HostLine(year.states[number].booking(event.step, event.slot).host, "move", "it moves")
    after = rehearse(year.states[number], Script(hosts=(line,)), event.at, {})
    assert [e.slot for e in after.events if isinstance(e, MoveWished)] == [event.slot]
    assert not unplayed(after)


def test_hosts_tell_afterwards_how_it_went_unless_the_script_says_otherwise():
    assert counts(played(), "HostFeedbackGiven") == 3
    assert counts(played("no host gives feedback"), "HostFeedbackGiven") == 0


def test_what_the_plan_asks_is_answered_by_those_who_have_a_place():
    plan, readers = example()
    way = Wanted(id="way", text={"en": "How?"}, choices=({"en": "By train"}, {"en": "By air"}))
    asking = {"ask": ("diet", "access"), "wanted": (way,)}
    steps = tuple(s.model_copy(update=asking) if isinstance(s, Registration) else s for s in plan.steps)
    plan = plan.model_copy(update={"steps": steps})
    year = rehearse(begin(plan), Script(), NOW, readers)

    (told,) = told_in(year, plan)

    assert (told.people, len(told.diets), told.access, told.chosen) == (20, 6, 2, ((10, 10),))
    closes = next(step.closes.at for step in plan.steps if isinstance(step, Registration))
    assert told.at >= closes
    assert not list(told_in(played(), example()[0]))
