"""A plan taken apart: people and texts for the store, references for the workflow."""

from __future__ import annotations

import itertools
import re
from datetime import UTC, datetime, timedelta

import pytest

from exchange.plan import When
from exchange.walk import found
from plans import PlanFaults, Split, read_people, read_plan, split_plan
from plans.split import LEAST, new_ref
from tests.plans.paper import PEOPLE, PLAN, STAFF, Desk

NOW = datetime(2026, 5, 1, 12, tzinfo=UTC)


def taken_apart(desk: Desk, **options: float) -> Split:
    file = read_plan(desk.plan)
    people = read_people(file.people, organisations=file.draft.organisations)
    counter = itertools.count(1)
    return split_plan(
        file, people, STAFF, starter="s_kristina", now=NOW, refs=lambda kind: f"{kind}_{next(counter)}", **options
    )


def test_everybody_on_the_list_becomes_a_row_in_its_order(desk: Desk):
    split = taken_apart(desk)
    assert [(row.ref, row.name, row.part) for row in split.people] == [
        ("p_1", "Anna Kuznetsova", "invitee"),
        ("p_2", "Boris Orlov", "invitee"),
        ("p_3", "Irina Morozova", "speaker"),
        ("p_4", "Sanna Koivisto", "contact"),
        ("p_5", "Petri Aalto", "contact"),
    ]


def test_the_plan_names_people_by_reference_where_they_stood(desk: Desk):
    plan = taken_apart(desk).plan
    assert plan.step("invitations").people == ("p_1", "p_2")
    assert plan.step("seminar").sessions[0].speaker == "p_3"
    first, second = plan.step("visits").slots
    assert [candidate.contact for candidate in (*first.candidates, *second.candidates)] == ["p_4", "p_5", "p_5"]
    assert plan.homes == {"p_1": "ours", "p_2": "theirs"}


def test_staff_become_references(desk: Desk):
    plan = taken_apart(desk).plan
    assert plan.roles == {"coordinator": ("s_kristina",), "deputy": ("s_olga",), "director": ("s_antti",)}
    assert plan.starter == "s_kristina"


def test_reasons_and_letters_become_texts(desk: Desk):
    split = taken_apart(desk)
    rows = {row.ref: row for row in split.texts}
    letter = split.plan.step("invitations").letter
    reason = split.plan.step("visits").slots[0].candidates[0].reason
    assert rows[letter].words == {"en": "Come and learn."}
    assert rows[reason].words == {"en": "They know most."}
    assert len(rows) == 2
    assert split.plan.step("report").letter == ""


def test_nothing_about_a_person_stays_in_the_plan(desk: Desk):
    split = taken_apart(desk)
    words = split.plan.model_dump_json().lower()
    private = [row.name for row in split.people] + [row.address for row in split.people]
    private += [
        "Kristina Virtanen",
        "Olga Sokolova",
        "Antti Laine",
        "@",
        ".example",
        "They know most.",
        "Come and learn.",
    ]
    assert [word for word in private if word.lower() in words] == []


def test_rows_take_from_the_plan_what_the_list_does_not_say(desk: Desk):
    rows = ["name,address,library,part,zone", "Anna,a@a.example,helsinki,participant,", "Bo,b@a.example,,,Asia/Tokyo"]
    desk.write(people="\n".join(rows) + "\n" + PEOPLE.partition("\n")[2].replace(",en,", ","))
    anna, bo, *_ = taken_apart(desk).people
    assert (anna.language, anna.zone, anna.home) == ("en", "Europe/Helsinki", "helsinki")
    assert (bo.zone, bo.home) == ("Asia/Tokyo", "")


def test_a_contact_knows_her_host_even_where_only_the_plan_says_so(desk: Desk):
    desk.write(people=PEOPLE.replace("en,helsinki,contact", "en,,contact"))
    split = taken_apart(desk)
    assert {row.name: row.host for row in split.people if row.host} == {
        "Sanna Koivisto": "helsinki",
        "Petri Aalto": "turku",
    }


def test_references_say_nothing_and_are_never_the_same():
    refs = {new_ref("p") for _ in range(1000)}
    assert len(refs) == 1000
    assert all(re.fullmatch(r"p_[a-z2-7]{12}", ref) for ref in refs)


def test_the_digest_is_that_of_plan_and_list(desk: Desk):
    before = taken_apart(desk).plan.digest
    assert taken_apart(desk).plan.digest == before
    desk.write(PLAN, PEOPLE.replace("Boris Orlov", "Boris Orlow"))
    changed_list = taken_apart(desk).plan.digest
    desk.write(PLAN.replace("year: 2012", "year: 2013"), PEOPLE)
    assert len({before, changed_list, taken_apart(desk).plan.digest}) == 3


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("boris@theirs.example", "boris", "no e-mail address"),
        ("sanna@helsinki.example", "", "cannot be taken"),
        ("Irina Morozova,irina", "Irina Moroz,irina", "not in people.csv"),
    ],
)
def test_a_plan_whose_people_cannot_be_found_is_not_taken_apart(desk: Desk, old, new, says):
    desk.write(people=PEOPLE.replace(old, new))
    with pytest.raises(PlanFaults, match=says):
        taken_apart(desk)


def test_unknown_staff_keep_a_plan_from_being_taken_apart(desk: Desk):
    file = read_plan(desk.plan)
    with pytest.raises(PlanFaults, match="not among the staff"):
        split_plan(file, read_people(file.people, organisations=file.draft.organisations), {}, starter="s", now=NOW)


# ----------------------------------------------------------------------------------------------------------- practice


def test_in_earnest_nothing_is_drawn_together(desk: Desk):
    plan = taken_apart(desk).plan
    assert (plan.pace, plan.practice) == (1.0, False)
    assert plan.step("desk").closes.at == datetime(2012, 2, 24, 20, 59, tzinfo=UTC)


def test_a_practice_run_draws_the_year_into_the_seconds_it_may_take(desk: Desk):
    plan = taken_apart(desk, finish_within=100).plan
    seconds = [(when.at - NOW).total_seconds() for when in found(plan, When)]
    assert (min(seconds), max(seconds)) == (3.0, 100.0)
    assert plan.practice
    assert plan.pace == pytest.approx(100 / timedelta(days=231).total_seconds(), rel=0.01)


def test_a_practice_run_keeps_the_order_and_the_local_times(desk: Desk):
    earnest, practice = taken_apart(desk).plan, taken_apart(desk, finish_within=100).plan
    pairs = list(zip(found(earnest, When), found(practice, When), strict=True))
    assert all(one.local == other.local for one, other in pairs)
    by_truth = sorted(pairs, key=lambda pair: pair[0].at)
    assert [pair[1].at for pair in by_truth] == sorted(pair[1].at for pair in pairs)
    assert len({pair[0].at for pair in pairs}) == len({pair[1].at for pair in pairs})


def test_a_practice_run_scales_every_duration_alike(desk: Desk):
    plan = taken_apart(desk, finish_within=3600).plan
    visits, approval = plan.step("visits"), plan.step("invitations").approval
    assert approval is not None
    assert visits.answer_within == timedelta(days=14) * plan.pace
    assert visits.remind_after == timedelta(days=7) * plan.pace
    assert approval.within == timedelta(days=4) * plan.pace
    assert plan.step("desk").offer_lasts == timedelta(days=3) * plan.pace


def test_in_a_hurry_what_is_asked_of_people_still_waits_for_a_moment(desk: Desk):
    plan = taken_apart(desk, finish_within=100).plan
    visits = plan.step("visits")
    assert (visits.answer_within, visits.remind_after) == (LEAST, LEAST / 2)
    assert plan.step("desk").offer_lasts == LEAST


def test_a_seminar_lasts_long_enough_to_be_seen_in_practice(desk: Desk):
    seminar = taken_apart(desk, finish_within=100).plan.step("seminar")
    assert seminar.ends.at - seminar.begins.at > timedelta(seconds=2)
    assert seminar.begins.at < seminar.sessions[0].begins.at < seminar.sessions[0].ends.at < seminar.ends.at


def test_a_pace_says_how_long_a_second_of_the_plan_takes(desk: Desk):
    plan = taken_apart(desk, pace=1e-5).plan
    earnest = [when.at for when in found(taken_apart(desk).plan, When)]
    length = (max(earnest) - min(earnest)).total_seconds()
    assert (max(when.at for when in found(plan, When)) - NOW).total_seconds() == pytest.approx(3 + length * 1e-5)
