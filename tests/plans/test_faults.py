"""Each fault of a plan: found once, on its line, with a sentence that says how to mend it."""

from __future__ import annotations

from typing import cast

import pytest

from plans import PlanFaults, check_plan, read_plan
from plans.check_steps import known
from plans.planfile import PlanFile
from tests.plans.paper import PEOPLE, PLAN, Desk, found


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
        ("ask: {en: How would you like to travel?, fi: Miten matkustat?}", "a question mark between brackets"),
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
    desk.plan.write_bytes(b"#" * 300_001)
    assert "too large" in desk.only().sentence


def test_who_belongs_to_no_organisation_is_not_looked_for_among_all():
    """In a plan with thousands of organisations that took longer than reading it."""
    assert list(known(cast("PlanFile", None), ("organisations", "ours", "branch_of"), None)) == []


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


def test_only_what_can_be_asked_is_asked(desk: Desk):
    desk.write(PLAN.replace("capacity: 12", "capacity: 12\n    ask: [access, diet, access]"))
    assert desk.faults() == []
    (registration,) = read_plan(desk.plan).draft.of_kind("registration")
    assert registration.ask == ("access", "diet")

    desk.write(PLAN.replace("capacity: 12", "capacity: 12\n    ask: [shoe size]"))
    assert "write diet, access or both" in desk.only().sentence


def test_a_plan_may_ask_something_of_its_own(desk: Desk):
    own = '\n      - {id: way, ask: "How do you travel?", choices: [By train, By air], sensitive: yes}'
    asking = "capacity: 12\n    ask:\n      - diet" + own
    desk.write(PLAN.replace("capacity: 12", asking))
    (registration,) = read_plan(desk.plan).draft.of_kind("registration")
    (way,) = registration.wanted
    assert (registration.ask, way.id, len(way.choices), way.sensitive) == (("diet",), "way", 2, True)

    desk.write(PLAN.replace("capacity: 12", asking + own))
    assert "the id “way” is used twice" in desk.only().sentence
    desk.write(PLAN.replace("capacity: 12", asking.replace("[By train, By air]", "[By train]")))
    assert "fewer than two answers" in desk.only().sentence
    desk.write(PLAN.replace("capacity: 12", asking.replace("id: way, ", "id: way, pick: 1, ")))
    assert "“pick” is nothing we know here" in desk.only().sentence
