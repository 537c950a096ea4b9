"""Each fault of a plan: found once, on its line, with a sentence that says how to mend it."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from plans import PlanFaults, Staffer, check_plan, read_plan
from tests.plans.paper import PEOPLE, PLAN, STAFF, Desk


def found(desk: Desk, old: str, new: str, at: str = "") -> tuple[str, str]:
    """Spoils a plan in one place; the field and the sentence of its only fault, which must stand on its line."""
    desk.change(old, new)
    fault = desk.only()
    assert fault.line == desk.line(at or new.strip().splitlines()[0]), str(fault)
    assert fault.file == "plan.yaml"
    assert fault.severity == "error"
    return fault.field, fault.sentence


def test_the_plan_of_these_tests_is_in_order(desk: Desk):
    assert desk.faults() == []


# --------------------------------------------------------------------------------------------------------- as a file


def test_a_plan_that_is_not_there_says_so(tmp_path):
    (fault,) = check_plan(tmp_path / "plan.yaml")
    assert "cannot be opened" in fault.sentence


def test_an_empty_plan_says_how_to_begin(desk: Desk):
    desk.write("")
    assert "kierros new" in desk.only().sentence


@pytest.mark.parametrize(
    ("line", "mend"),
    [
        ("theme: Management: a beginning", "quotation marks"),
        ("\ttheme: Management", "tab"),
        ('theme: "Management', "never closed"),
        ("theme: [Management", "never closed"),
        ("theme: *management", "quotation marks"),
        ("  theme: Management", "quotation marks, or mend the indentation"),
        ("theme Management", "colon"),
        ("theme: @management", "quotation marks"),
    ],
)
def test_what_is_no_yaml_is_explained_on_its_line(desk: Desk, line, mend):
    desk.change("theme: Management", line)
    fault = desk.only()
    assert fault.line in {2, 3}
    assert mend in fault.sentence


def test_an_unclosed_quotation_mark_is_reported_where_it_opens(desk: Desk):
    desk.change("theme: Management", 'theme: "Management')
    assert desk.only().line == 2


def test_a_plan_in_no_known_encoding_says_how_to_save_it(desk: Desk):
    desk.plan.write_bytes(PLAN.replace("Management", "Управление").encode("koi8-r"))
    fault = desk.only()
    assert fault.line == 0
    assert "save it in UTF-8" in fault.sentence


def test_a_file_that_is_far_too_large_is_refused(desk: Desk):
    desk.plan.write_bytes(b"#" * 1_000_001)
    assert "too large" in desk.only().sentence


def test_a_file_nested_without_end_is_refused(desk: Desk):
    desk.write("[" * 2_000)
    assert "nested" in desk.only().sentence


def test_a_list_instead_of_a_plan_is_refused(desk: Desk):
    desk.write("- one\n- two\n")
    assert any("group of lines" in fault.sentence for fault in desk.faults())


# --------------------------------------------------------------------------------------------------------- as a form


def test_a_misspelt_key_is_named_with_the_right_one(desk: Desk):
    field, sentence = found(desk, "    per_library: 3", "    per_libary: 3")
    assert field == "steps.desk.per_libary"
    assert "Did you mean “per_library”?" in sentence


def test_a_key_that_means_nothing_is_told_what_is_known_there(desk: Desk):
    _, sentence = found(desk, "year: 2012", "year: 2012\ncolour: blue", at="colour")
    assert "Known here: budget, languages, organisations" in sentence


def test_a_key_written_twice_is_reported_where_it_stands_again(desk: Desk):
    _, sentence = found(desk, "    capacity: 12", "    capacity: 12\n    capacity: 15", at="capacity: 15")
    assert f"first on line {desk.line('capacity: 12')}" in sentence


def test_a_missing_field_is_reported_at_what_it_belongs_to(desk: Desk):
    field, sentence = found(desk, "    capacity: 12\n", "", at="- id: desk")
    assert field == "steps.desk.capacity"
    assert "“capacity” is missing" in sentence


def test_an_empty_field_is_asked_to_be_filled_in(desk: Desk):
    _, sentence = found(desk, "    capacity: 12", "    capacity:", at="capacity:")
    assert sentence == "is empty; fill it in."


def test_a_list_where_one_value_belongs_is_refused(desk: Desk):
    _, sentence = found(desk, "capacity: 12", "capacity: [12, 15]")
    assert "one value" in sentence


def test_an_unknown_kind_of_step_is_told_the_known_ones(desk: Desk):
    field, sentence = found(desk, "kind: report", "kind: raport")
    assert field == "steps.report.kind"
    assert "feedback or report" in sentence
    assert "Did you mean “report”?" in sentence


def test_a_step_id_that_is_used_twice_is_reported_where_it_stands_again(desk: Desk):
    desk.change("- id: report", "- id: feedback  # again")
    fault = desk.only()
    assert fault.line == desk.line("# again")
    assert f"first on line {PLAN.splitlines().index('  - id: feedback') + 1}" in fault.sentence


def test_a_slot_id_that_is_used_twice_is_refused(desk: Desk):
    _, sentence = found(desk, "- id: second", "- id: first  # again", at="# again")
    assert "used twice" in sentence


def test_a_question_that_is_asked_twice_is_refused(desk: Desk):
    _, sentence = found(desk, "- id: words", "- id: knowledge", at="- id: knowledge")
    assert "used twice" in sentence


def test_an_organisation_described_twice_is_refused(desk: Desk):
    _, sentence = found(desk, "  ours: Our Library", "  ours: Our Library\n  turku: Again", at="turku: Again")
    assert "stands here twice" in sentence


@pytest.mark.parametrize("ident", ["Desk", "the desk", "desk_1", "стол", "-desk", "desk-"])
def test_an_id_of_other_letters_is_refused(desk: Desk, ident):
    desk.change("- id: report", f"- id: {ident!r}")
    fault = desk.only()
    assert fault.line == desk.line(ident)
    assert "lower-case letters" in fault.sentence


def test_an_id_with_capitals_is_offered_in_small_letters(desk: Desk):
    desk.change("- id: report", "- id: Final Report")
    assert "e.g. “final-report”" in desk.only().sentence


def test_a_theme_without_latin_letters_asks_for_an_id(desk: Desk):
    _, sentence = found(desk, "theme: Management", "theme: Управление")
    assert "{id: …, name: …}" in sentence


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("capacity: 12", "capacity: 0", "1 or more"),
        ("capacity: 12", "capacity: -3", "1 or more"),
        ("capacity: 12", "capacity: a dozen", "figures"),
        ("per_library: 3", "per_library: 0", "1 or more"),
        ("year: 2012", "year: 12", "1900 or more"),
        ("answer_within: 14 days", "answer_within: soon", "14 days"),
        ("answer_within: 14 days", "answer_within: 0 days", "too short"),
        ("second_person: yes", "second_person: maybe", "neither yes nor no"),
        ("form: choice", "form: chois", "Did you mean “choice”?"),
        ("  cap: 10 000,00", "  cap: -5", "negative"),
        ("  cap: 10 000,00", "  cap: 10.000", "two ways"),
        ("  cap: 10 000,00", "  cap: plenty", "no amount"),
        ("      pays: 10 000,00", "      pays: ten", "no amount"),
        ("    cost: 1 000,00", "    cost: -1 000,00", "negative"),
        ("languages: [en]", "languages: [en, finnishish]", "no language code"),
        ("  ours: Our Library", "  ours: {name: Ours, country: Finland}", "two letters"),
        ("  cap: 10 000,00", "  cap: 10 000,00\n  currency: €", "three letters"),
    ],
)
def test_a_value_that_cannot_be_meant_is_refused_on_its_line(desk: Desk, old, new, says):
    _, sentence = found(desk, old, new, at=new.splitlines()[-1])
    assert says in sentence


@pytest.mark.parametrize("words", ["Manage=?utf-8?q?ment?=", '"Manage\\rment"', '"Manage\\u202Ement"', '"a\\0b"'])
def test_words_that_could_trick_a_mail_header_are_refused(desk: Desk, words):
    desk.change("theme: Management", f"theme:\n  id: management\n  name: {words}")
    fault = desk.only()
    assert (fault.field, fault.line) == ("theme.name", 4)


@pytest.mark.parametrize(
    "old", ["title: Introductory seminar", "place: Kaliningrad", "title: A map of our competences", "name: The funder"]
)
def test_header_tricks_are_refused_in_every_title_and_name(desk: Desk, old):
    _, sentence = found(desk, old, f"{old}=?utf-8?q?x?=")
    assert "=?" in sentence


def test_a_line_break_belongs_into_letters_and_not_into_titles(desk: Desk):
    desk.change("letter: Come and learn.", "letter: |\n      Come.\n      Learn.")
    desk.change("title: Introductory seminar", 'title: "Introductory\\nseminar"')
    assert desk.only().field == "steps.seminar.title"


# ------------------------------------------------------------------------------------------------------------ dates


@pytest.mark.parametrize(
    ("old", "new", "says"),
    [
        ("opens: 2012-01-23", "opens: 23/1/2012", "2012-02-14 10:00"),
        ("opens: 2012-01-23", "opens: 2012-02-30", "does not exist"),
        ("opens: 2012-01-23", "opens: 2012-01-23 25:00", "hours go to 23"),
        ("opens: 2012-01-23", "opens: 10:00", "lacks the day"),
        ("prepare: 2012-01-16 10:00", "prepare: soon", "2012-02-14 10:00"),
        ("due: 2012-09-03", "due: 0012-09-03", "between 1900 and 2200"),
        ("opens: 2012-01-23", "opens: 2012-01-23 10:00 +02:00", "at +03:00"),
    ],
)
def test_a_date_that_cannot_be_read_is_refused(desk: Desk, old, new, says):
    _, sentence = found(desk, old, new)
    assert says in sentence


def test_an_hour_that_the_clocks_skip_is_refused_with_the_next_one(desk: Desk):
    desk.change("        begins: 2012-05-21 09:00", "        begins: 2012-03-25 03:30")
    fault = next(fault for fault in desk.faults() if fault.field.endswith("slots.second.begins"))
    assert fault.line == desk.line("2012-03-25 03:30")
    assert "does not exist in Europe/Helsinki" in fault.sentence
    assert "2012-03-25 04:30" in fault.sentence


def test_an_hour_that_comes_twice_asks_for_the_offset(desk: Desk):
    _, sentence = found(desk, "due: 2012-09-03", "zone: Europe/Helsinki\n    due: 2012-10-28 03:30", at="due: ")
    assert "2012-10-28 03:30 +03:00 or 2012-10-28 03:30 +02:00" in sentence


def test_an_hour_that_comes_twice_is_taken_with_its_offset(desk: Desk):
    desk.change("due: 2012-09-03", "zone: Europe/Helsinki\n    due: 2012-10-28 03:30 +02:00")
    assert desk.faults() == []


@pytest.mark.parametrize(
    ("old", "new", "hint"),
    [
        ("zone: Europe/Kaliningrad", "zone: Kaliningrad", "Did you mean “Europe/Kaliningrad”?"),
        ("Helsinki City Library, zone: Europe/Helsinki", "Helsinki City Library, zone: Europe/Helsinky", "Helsinki"),
        ("zone: Europe/Oslo", "zone: GMT+1", "continent and city"),
    ],
)
def test_an_unknown_time_zone_is_reported_once_with_a_suggestion(desk: Desk, old, new, hint):
    _, sentence = found(desk, old, new)
    assert hint in sentence


@pytest.mark.parametrize(
    ("old", "new", "at"),
    [
        ("closes: 2012-02-24", "closes: 2012-01-20", "closes: 2012-01-20"),
        ("ends: 2012-03-20 17:00", "ends: 2012-03-20 09:00", "ends: 2012-03-20 09:00"),
        ("announce: 2012-03-01", "announce: 2012-03-21", "begins: 2012-03-20 10:00"),
        ("prepare: 2012-02-06 10:00", "prepare: 2012-05-20 10:00", "begins: 2012-05-14 09:00"),
        ("ends: 2012-05-16 16:00", "ends: 2012-05-13 16:00", "ends: 2012-05-13 16:00"),
        ("closes: 2012-06-08", "closes: 2012-05-27", "closes: 2012-05-27"),
        ("begins: 2012-03-20 11:00", "begins: 2012-03-20 13:00", "ends: 2012-03-20 12:30"),
        ("begins: 2012-03-20 11:00", "begins: 2012-03-20 09:00", "begins: 2012-03-20 09:00"),
        ("ends: 2012-03-20 12:30", "ends: 2012-03-20 18:30", "ends: 2012-03-20 18:30"),
    ],
)
def test_dates_out_of_order_within_a_step_are_reported(desk: Desk, old, new, at):
    desk.change(old, new)
    faults = desk.faults()
    assert desk.line(at) in {fault.line for fault in faults}
    assert any("change one of them" in f.sentence or "move the session" in f.sentence for f in faults)


@pytest.mark.parametrize(
    ("old", "new", "later"),
    [
        ("opens: 2012-01-23", "opens: 2012-01-09", "“desk”"),
        ("closes: 2012-02-24", "closes: 2012-03-30", "“seminar”"),
        ("opens: 2012-05-28", "opens: 2012-05-22", "“feedback”"),
        ("due: 2012-09-03", "due: 2012-06-08", "“report”"),
    ],
)
def test_steps_are_held_in_the_order_of_the_plan(desk: Desk, old, new, later):
    desk.change(old, new)
    fault = desk.only()
    assert later in fault.sentence
    assert "change a date or the order of the steps" in fault.sentence


def test_preparation_may_run_ahead_of_earlier_steps(desk: Desk):
    desk.change("prepare: 2012-02-06 10:00", "prepare: 2011-11-01 10:00")
    assert desk.faults() == []


def test_a_reminder_after_its_deadline_is_refused(desk: Desk):
    _, sentence = found(desk, "remind: [7 days before close]", "remind: [2012-02-25]")
    assert "not before the deadline (2012-02-24 23:59)" in sentence


def test_a_reminder_before_anything_was_asked_is_refused(desk: Desk):
    _, sentence = found(desk, "remind: [7 days before close]", "remind: [8 weeks before close]")
    assert "before anything has been asked" in sentence


@pytest.mark.parametrize("words", ["7 days before Christmas", "a while before close", "often"])
def test_a_reminder_that_cannot_be_counted_is_refused(desk: Desk, words):
    found(desk, "remind: [7 days before close]", f"remind: [{words}]")


def test_each_reminder_is_judged_on_its_own_line(desk: Desk):
    desk.change("remind: [7 days before close]", "remind:\n      - 7 days before close\n      - 1 day after close")
    fault = desk.only()
    assert fault.line == desk.line("1 day after close")


def test_hosts_are_reminded_before_their_time_to_answer_is_over(desk: Desk):
    _, sentence = found(desk, "remind_after: 7 days", "remind_after: 14 days")
    assert "remind earlier" in sentence


def test_hosts_who_are_asked_too_late_are_worth_a_warning(desk: Desk):
    desk.change("prepare: 2012-02-06 10:00", "prepare: 2012-05-07 10:00")
    fault = desk.only()
    assert (fault.severity, fault.line) == ("warning", desk.line("prepare: 2012-05-07"))


def test_a_plan_that_lies_in_the_past_is_refused_when_it_is_to_be_started(desk: Desk):
    fault = desk.only(now=datetime(2025, 1, 1, tzinfo=UTC))
    assert "whole plan lies in the past" in fault.sentence
    assert "practice" in fault.sentence


def test_a_step_that_has_passed_is_named_when_the_plan_is_to_be_started(desk: Desk):
    faults = desk.faults(now=datetime(2012, 5, 16, tzinfo=UTC))
    assert [fault.field for fault in faults] == [
        "steps.desk.closes",
        "steps.seminar.begins",
        "steps.visits.slots.first.begins",
    ]


def test_what_is_late_to_be_prepared_can_still_be_started(desk: Desk):
    faults = desk.faults(now=datetime(2012, 2, 7, tzinfo=UTC))
    assert {fault.severity for fault in faults} == {"warning"}
    assert [fault.field for fault in faults if fault.at_start] == [
        "steps.invitations.prepare",
        "steps.desk.opens",
        "steps.visits.prepare",
    ]
    assert "the letters are made ready as soon as the cycle is started" in faults[0].sentence


# ---------------------------------------------------------------------------------------------------- who and where


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
    assert "add a step of kind registration" in desk.only().sentence


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
    assert desk.faults() == []


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


# ------------------------------------------------------------------------------------------------------ all at once


def test_a_missing_translation_is_worth_a_warning(desk: Desk):
    plan = PLAN.replace("languages: [en]", "languages: [en, fi]")
    desk.write(plan.replace("title: Introductory seminar", "title: {en: Introductory seminar, fi: Aloitusseminaari}"))
    before = desk.faults()
    assert {fault.severity for fault in before} == {"warning"}
    desk.change("fi: Aloitusseminaari", "sv: Inledande seminarium")
    (more,) = set(desk.faults()) - set(before)
    assert (more.line, more.field) == (desk.line("Inledande"), "steps.seminar.title")
    assert "has no words in fi" in more.sentence


def test_what_participants_do_not_read_needs_no_translation(desk: Desk):
    desk.change("languages: [en]", "languages: [en, fi]")
    fields = {fault.field for fault in desk.faults()}
    assert not any("reason" in field or "funders" in field or "organisations" in field for field in fields)


def test_every_fault_is_found_at_once_in_the_order_of_the_lines(desk: Desk):
    for old, new in [
        ("year: 2012", "year: soon"),
        ("capacity: 12", "capacity: 0"),
        ("kind: report", "kind: memoir"),
        ("role: director", "role: boss"),
        ("opens: 2012-05-28", "opens: 2012-05-22"),
        ("- host: helsinki", "- host: nowhere"),
        ("remind: [7 days before close]", "remind: [7 days after close]"),
    ]:
        desk.change(old, new)
    desk.people.write_text(PEOPLE.replace("boris@theirs.example", "boris"), "utf-8")
    faults = desk.faults()
    assert len(faults) == 8
    assert [fault.line for fault in faults[:-1]] == sorted(fault.line for fault in faults[:-1])
    assert faults[-1].file == "people.csv"
    assert faults == desk.faults()


def test_a_fault_is_printed_as_a_place_that_can_be_clicked(desk: Desk):
    desk.change("capacity: 12", "capacity: 0")
    fault = desk.only()
    assert str(fault) == f"plan.yaml:{fault.line}: steps.desk.capacity: “0” is too small; it must be 1 or more."


def test_a_plan_with_faults_of_notation_is_not_read(desk: Desk):
    desk.change("capacity: 12", "capacity: 0")
    with pytest.raises(PlanFaults) as refused:
        read_plan(desk.plan)
    assert refused.value.faults == (desk.only(),)
