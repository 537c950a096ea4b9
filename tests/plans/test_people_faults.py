"""Faults of who and where: roles, staff, hosts, people."""

from __future__ import annotations

import pytest

from plans import Staffer, check_plan, read_plan
from tests.plans.paper import PEOPLE, PLAN, STAFF, Desk, found


def test_more_places_for_a_library_than_there_are_is_refused(desk: Desk):
    field, sentence = found(desk, "per_library: 3", "per_library: 13")
    assert field == "steps.desk.per_library"
    assert "lower it to 12" in sentence


def test_a_priority_for_a_kind_that_nobody_is_is_refused(desk: Desk):
    _, sentence = found(desk, "priority: [school library]", "priority: [scool library]")
    assert "Did you mean “school library”?" in sentence


def test_invitations_to_a_registration_that_is_not_there_are_refused(desk: Desk):
    _, sentence = found(desk, "registration: desk", "registration: dask")
    assert "Did you mean “desk”?" in sentence


def test_invitations_to_the_only_registration_need_not_name_it(desk: Desk):
    desk.change("    registration: desk\n", "")
    assert read_plan(desk.plan).draft.step("invitations").registration == "desk"


def test_invitations_without_a_registration_are_refused(desk: Desk):
    plan = PLAN.replace("    registration: desk\n    remind: [7 days before close]\n", "")
    start, end = plan.index("  - id: desk"), plan.index("  - id: seminar")
    desk.write(plan[:start] + plan[end:])
    assert "Add a step of kind registration" in desk.only().sentence


def test_invitations_after_the_registration_they_invite_to_are_refused(desk: Desk):
    start, middle, end = (PLAN.index(f"  - id: {step}") for step in ("invitations", "desk", "seminar"))
    desk.write(PLAN[:start] + PLAN[middle:end] + PLAN[start:middle] + PLAN[end:])
    assert any("would be closed when its invitations leave" in fault.sentence for fault in desk.faults())


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("organisation: ours", "organisation: hours"),
        ("zone: Europe/Oslo}", "zone: Europe/Oslo, branch_of: norway}"),
    ],
)
def test_an_organisation_that_nobody_describes_is_refused(desk: Desk, old, new):
    _, sentence = found(desk, old, new)
    assert "no organisation of this plan" in sentence


def test_an_unknown_host_is_refused_with_the_nearest_name(desk: Desk):
    _, sentence = found(desk, "- host: helsinki", "- host: helsinky")
    assert "Did you mean “helsinki”?" in sentence


def test_a_host_that_is_a_candidate_twice_is_refused(desk: Desk):
    desk.change("- host: turku\n            cost: 4 000,00", "- host: helsinki  # again\n            cost: 4 000,00")
    fault = desk.only()
    assert fault.line == desk.line("# again")
    assert "already" in fault.sentence


def test_a_host_that_is_first_for_two_overlapping_slots_is_refused(desk: Desk):
    desk.change("begins: 2012-05-21 09:00", "begins: 2012-05-16 12:00")
    desk.change("- host: turku\n            cost: 2 000,00", "- host: helsinki  # both\n            cost: 2 000,00")
    fault = desk.only()
    assert fault.line == desk.line("# both")
    assert "overlap" in fault.sentence


def test_a_host_whose_clocks_differ_is_worth_a_warning(desk: Desk):
    people = PEOPLE + "Ingrid Haugland,ingrid@oslo.example,en,oslo,contact\n"
    desk.write(
        PLAN.replace("- host: turku\n            cost: 4 000,00", "- host: oslo\n            cost: 4 000,00"), people
    )
    fault = desk.only()
    assert (fault.severity, fault.line) == ("warning", desk.line("- host: oslo"))
    desk.change("- id: first", "- id: first\n        zone: Europe/Oslo")
    assert desk.faults() == []


def test_money_above_the_cap_counts_the_dearest_host_of_each_slot(desk: Desk):
    field, sentence = found(desk, "  cap: 10 000,00", "  cap: 7 199,99")
    assert field == "budget.cap"
    assert "7\u00a0200.00 EUR" in sentence
    desk.change("  cap: 7 199,99", "  cap: 7 200,00")
    assert [fault.severity for fault in desk.faults()] == ["warning"]  # all of it is spent, which is no fault


def test_funders_who_pay_less_than_the_cap_are_worth_a_warning(desk: Desk):
    desk.change("pays: 10 000,00", "pays: 9 000,00")
    fault = desk.only()
    assert (fault.severity, fault.line) == ("warning", desk.line("funders:"))


def test_staff_whom_nobody_knows_are_refused_with_the_nearest_name(desk: Desk):
    field, sentence = found(desk, "coordinator: Kristina Virtanen", "coordinator: Kristina Virtaanen")
    assert field == "roles.coordinator"
    assert "Did you mean “kristina virtanen”?" in sentence
    assert "kierros staff add" in sentence


def test_staff_are_not_looked_up_where_no_staff_are_given(desk: Desk):
    desk.change("coordinator: Kristina Virtanen", "coordinator: Nobody Known")
    assert desk.faults(staff=None) == []


def test_staff_may_only_be_given_roles_that_they_hold(desk: Desk):
    staff = {**STAFF, "antti laine": Staffer("s_antti", ("coordinator",))}
    fault = desk.only(staff)
    assert fault.line == desk.line("director: Antti Laine")
    assert "may act as coordinator, not as director" in fault.sentence


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("approval: director", "approval: boss", "approval: boss"),
        ("      deputy: deputy", "      deputy: nobody", "deputy: nobody"),
        ("remind_after: 7 days", "remind_after: 7 days\n    decide_role: caretaker", "caretaker"),
        ("capacity: 12", "capacity: 12\n    places: selected\n    select_role: jury", "jury"),
    ],
)
def test_an_approval_by_a_role_that_nobody_holds_is_refused(desk: Desk, old, new, at):
    _, sentence = found(desk, old, new, at)
    assert "nobody holds the role" in sentence


def test_a_plan_names_a_coordinator(desk: Desk):
    desk.change("  coordinator: ", "  organiser: ")
    faults = [fault for fault in check_plan(desk.plan, STAFF) if fault.field == "roles"]
    assert "names no coordinator" in faults[0].sentence


def test_a_second_person_needs_a_second_person(desk: Desk):
    desk.change("      deputy: deputy\n", "")
    fault = desk.only()
    assert fault.line == desk.line("second_person: yes")
    assert "only Antti Laine could approve" in fault.sentence


def test_one_person_in_two_roles_is_still_one_person(desk: Desk):
    desk.change("deputy: Olga Sokolova", "deputy: Antti Laine")
    assert desk.only(staff=None).field == "steps.visits.approval.second_person"


@pytest.mark.parametrize(
    ("old", "new"), [("speaker: Irina Morozova", "speaker: Irina Moroz"), ("contact: Sanna Koivisto", "contact: Sanna")]
)
def test_a_person_who_is_not_on_the_list_is_refused(desk: Desk, old, new):
    _, sentence = found(desk, old, new)
    assert "not in people.csv" in sentence


def test_a_name_that_two_people_bear_asks_for_the_address(desk: Desk):
    desk.write(people=PEOPLE + "Irina Morozova,irina@theirs.example,en,theirs,participant\n")
    fault = desk.only()
    assert fault.line == desk.line("speaker:")
    assert "rows 4 and 7" in fault.sentence
    desk.change("speaker: Irina Morozova", "speaker: IRINA@ours.example")
    assert desk.faults() == []


def test_a_host_without_a_contact_is_refused(desk: Desk):
    desk.write(people=PEOPLE.replace("Petri Aalto,petri@turku.example,en,turku,contact\n", ""))
    assert [fault.line for fault in desk.faults()] == [
        number for number, line in enumerate(PLAN.splitlines(), 1) if "- host: turku" in line
    ]


def test_a_host_with_two_contacts_asks_which_one(desk: Desk):
    desk.write(people=PEOPLE + "Maija Lehto,maija@turku.example,en,turku,contact\n")
    assert all("Petri Aalto, Maija Lehto" in fault.sentence for fault in desk.faults())


@pytest.mark.parametrize(("name", "row"), [("irina@ours.example", 4), ("sanna@helsinki.example", 5)])
def test_a_speaker_or_contact_without_an_address_is_reported_in_plan_and_list(desk: Desk, name, row):
    desk.write(people=PEOPLE.replace(name, ""))
    in_plan, in_list = desk.faults()
    assert f"row {row} of people.csv, which cannot be taken" in in_plan.sentence
    assert (in_list.file, in_list.line, in_list.field) == ("people.csv", row, "address")


# ---------------------------------------------------------------------------------------------------- the people list


def test_a_people_list_that_is_not_there_is_one_fault(desk: Desk):
    desk.people.unlink()
    fault = desk.only()
    assert (fault.file, fault.line) == ("people.csv", 0)
    assert "cannot be opened" in fault.sentence


def test_an_empty_people_list_is_one_fault(desk: Desk):
    desk.write(people="")
    assert "is empty" in desk.only().sentence


def test_a_people_list_of_headings_alone_lists_nobody(desk: Desk):
    desk.write(people="name,address\n")
    assert any(fault.file == "people.csv" and "lists nobody" in fault.sentence for fault in desk.faults())


def test_a_list_without_anyone_to_invite_is_refused(desk: Desk):
    desk.write(people=PEOPLE.replace("participant", "speaker"))
    assert "nobody to invite" in desk.only().sentence


def test_a_refused_row_is_a_fault_of_the_list(desk: Desk):
    desk.write(people=PEOPLE.replace("boris@theirs.example", "boris at theirs"))
    fault = desk.only()
    assert (fault.file, fault.line, fault.severity) == ("people.csv", 3, "error")


def test_a_library_that_the_plan_does_not_know_is_refused_in_its_row(desk: Desk):
    desk.write(people=PEOPLE.replace("Their Library", "Thier Library"))
    assert "Did you mean “Their Library”?" in desk.only().sentence


@pytest.mark.parametrize(
    ("old", "new", "field"),
    [
        ("Boris Orlov,boris@theirs.example,en", "Boris Orlov,boris@theirs.example,lt", "language"),
        ("Boris Orlov,boris@theirs.example,en,Their Library", "Boris Orlov,boris@theirs.example,en,", "library"),
        ("Boris Orlov,boris@theirs.example", "Boris Orlov,Anna@OURS.example", "address"),
        ("name,address,language,library,part", "name,address,language,library,part,shoe size", "shoe size"),
    ],
)
def test_what_is_odd_about_a_list_is_worth_a_warning(desk: Desk, old, new, field):
    desk.write(people=PEOPLE.replace(old, new))
    fault = desk.only()
    assert (fault.file, fault.field, fault.severity) == ("people.csv", field, "warning")
