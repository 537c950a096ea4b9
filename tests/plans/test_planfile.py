"""Plans as authors write them: forgiving in notation, strict in meaning."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from exchange.plan import Feedback, Invitations, Registration, Seminar, Visits, When
from letters.catalogues import languages
from plans import check_plan, read_people, read_plan, split_plan
from plans.faults import errors
from plans.ready import CHOICES, QUESTIONS, TITLES
from tests.plans.paper import PLAN, STAFF, Desk

NOW = datetime(2011, 12, 1, tzinfo=UTC)


def step(desk: Desk, ident: str):
    return read_plan(desk.plan).draft.step(ident)


def local(when: When) -> str:
    return when.local.replace("T", " ")


# ----------------------------------------------------------------------------------------------------------- the whole


def test_a_plan_says_what_its_cycle_is_called(desk: Desk):
    draft = read_plan(desk.plan).draft
    assert draft.id == "cycle-baltic-exchange-2012-management"
    assert (draft.programme_name, draft.theme_name) == ({"en": "Baltic exchange"}, {"en": "Management"})


def test_an_id_of_its_own_keeps_a_theme_short(desk: Desk):
    desk.change("theme: Management", "theme: {id: mgmt, name: {en: Management, fi: Johtaminen}}")
    draft = read_plan(desk.plan).draft
    assert draft.id == "cycle-baltic-exchange-2012-mgmt"
    assert draft.theme_name == {"en": "Management", "fi": "Johtaminen"}


def test_a_theme_may_be_given_in_several_languages_without_an_id(desk: Desk):
    desk.change("theme: Management", "theme: {ru: Управление, en: Management}")
    assert read_plan(desk.plan).draft.theme == "management"


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1251"])
def test_a_plan_may_be_saved_in_the_usual_encodings(desk: Desk, encoding):
    text = PLAN.replace("place: Kaliningrad", "place: Калининград, улица Мира")
    desk.plan.write_bytes(text.encode(encoding))
    assert step(desk, "seminar").place == {"en": "Калининград, улица Мира"}


def test_the_line_of_every_field_is_known(desk: Desk):
    file = read_plan(desk.plan)
    assert file.line("steps", "visits", "slots", "first", "begins") == desk.line("begins: 2012-05-14")
    assert file.line("steps", "visits", "no such thing") == desk.line("- id: visits")
    assert file.line("nothing") == 1


def test_words_that_yaml_would_take_for_something_else_stay_words(desk: Desk):
    desk.change("{name: Oslo Public Library, zone", "{name: no, country: no, zone")
    desk.change("begins: 2012-03-20 11:00", "begins: 11:00")
    draft = read_plan(desk.plan).draft
    assert (draft.organisations[2].name, draft.organisations[2].country) == ({"en": "no"}, "NO")
    assert local(draft.step("seminar").sessions[0].begins) == "2012-03-20 11:00"


def test_roles_may_be_held_by_several_people(desk: Desk):
    desk.change("deputy: Olga Sokolova", "Deputy: [Olga Sokolova, Antti Laine]")
    assert read_plan(desk.plan).draft.roles["deputy"] == ("Olga Sokolova", "Antti Laine")


def test_an_organisation_may_be_a_name_alone(desk: Desk):
    ours = read_plan(desk.plan).draft.organisation("ours")
    assert ours is not None
    assert (ours.name, ours.zone, ours.kind) == (
        {"en": "Our Library"},
        "Europe/Kaliningrad",
        "municipal public library",
    )


# -------------------------------------------------------------------------------------------------------------- steps


def test_what_is_not_said_is_what_most_would_say(desk: Desk):
    draft = read_plan(desk.plan).draft
    desk_step, visits = draft.step("desk"), draft.step("visits")
    assert isinstance(desk_step, Registration)
    assert isinstance(visits, Visits)
    assert (desk_step.places, desk_step.offer_lasts) == ("nominated", timedelta(days=3))
    assert (visits.fallback, visits.decide_role) == ("ask", "coordinator")
    assert desk_step.title["en"] == "Registration"
    assert desk_step.title["da"] == "Tilmelding", "also in languages that the plan does not speak"
    assert desk_step.approval is None


@pytest.mark.parametrize("words", ["first come", "First-come", "first_come"])
def test_choices_may_be_written_with_blanks_or_hyphens(desk: Desk, words):
    desk.change("capacity: 12", f"capacity: 12\n    places: {words}")
    assert step(desk, "desk").places == "first_come"


def test_without_a_limit_per_library_nobody_is_asked_whom_it_sends(desk: Desk):
    desk.change("    per_library: 3\n", "")
    assert step(desk, "desk").places == "first_come"


def test_an_approval_may_be_a_role_alone(desk: Desk):
    approval = step(desk, "report").approval
    assert (approval.role, approval.deputy, approval.second_person) == ("director", None, False)


def test_money_is_hundredths_in_every_notation(desk: Desk):
    desk.change("cost: 1 000,00", "cost: €1,000.00")
    draft = read_plan(desk.plan).draft
    assert draft.step("seminar").cents == 100000
    assert draft.step("visits").slots[0].candidates[0].cents == 420000


def test_texts_that_become_rows_are_known_by_their_place(desk: Desk):
    file = read_plan(desk.plan)
    assert file.draft.step("invitations").letter == "steps.invitations.letter"
    assert file.texts == {
        "steps.invitations.letter": {"en": "Come and learn."},
        "steps.visits.slots.first.candidates.1.reason": {"en": "They know most."},
    }


def test_questions_may_be_ready_made(desk: Desk):
    feedback = step(desk, "feedback")
    assert isinstance(feedback, Feedback)
    assert feedback.questions[0] == QUESTIONS["knowledge"].model_copy(
        update={"text": {"en": QUESTIONS["knowledge"].text["en"]}}
    )
    assert [question.form for question in feedback.questions] == ["scale", "choice", "text"]


def test_answer_categories_may_be_ready_made(desk: Desk):
    desk.change("choices: [The first, The second]", "choices: gains")
    choices = step(desk, "feedback").questions[1].choices
    assert choices[0] == {"en": "New ways of working"}
    assert len(choices) == len(CHOICES["gains"])


def test_answers_may_be_given_in_several_languages(desk: Desk):
    desk.change("choices: [The first, The second]", "choices:\n          - {en: Yes, fi: Kyllä}\n          - no")
    assert step(desk, "feedback").questions[1].choices == ({"en": "Yes", "fi": "Kyllä"}, {"en": "no"})


@pytest.mark.parametrize(
    ("choices", "says"),
    [("", "“choices” is missing"), ("choices: [one]", "fewer than two"), ("choices: gain", "Did you mean “gains”?")],
)
def test_a_choice_needs_answers_to_choose_from(desk: Desk, choices, says):
    desk.change("choices: [The first, The second]", choices)
    assert says in desk.only().sentence


def test_a_question_of_another_form_has_no_choices(desk: Desk):
    desk.change("form: choice", "form: scale")
    assert "leave them out" in desk.only().sentence


@pytest.mark.parametrize("name", ["address", "person", "email"])
def test_a_question_must_not_be_called_like_the_column_of_the_person(desk: Desk, name):
    desk.change("- id: best", f"- id: {name}")
    assert "column of the person" in desk.only().sentence


def test_an_unknown_ready_made_question_is_refused_on_its_line(desk: Desk):
    desk.change("- knowledge", "- knowlege")
    fault = desk.only()
    assert fault.line == desk.line("knowlege")
    assert "Did you mean “knowledge”?" in fault.sentence


def test_ready_made_words_are_there_in_all_languages_of_our_letters():
    texts = [q.text for q in QUESTIONS.values()] + [choice for choices in CHOICES.values() for choice in choices]
    assert all(set(languages()) == set(text) and all(text.values()) for text in [*texts, *TITLES.values()])


# ---------------------------------------------------------------------------------------------------------- always so

LINES = PLAN.splitlines()
JUNK = [
    "",
    "{}",
    "[]",
    "x: y",
    "null",
    "-1",
    "[a, b]",
    "{en: x}",
    "&a b",
    "*a",
    "!!python/name:os.system",
    "10:00",
    "|",
]


@st.composite
def spoilt(draw: st.DrawFn) -> str:
    """The plan with up to four lines taken out, doubled, swapped, indented otherwise or filled with junk."""
    lines = list(LINES)
    for _ in range(draw(st.integers(1, 4))):
        at, other = draw(st.integers(0, len(lines) - 1)), draw(st.integers(0, len(lines) - 1))
        match draw(st.sampled_from(["drop", "double", "swap", "indent", "fill"])):
            case "drop":
                del lines[at]
            case "double":
                lines.insert(at, lines[other])
            case "swap":
                lines[at], lines[other] = lines[other], lines[at]
            case "indent":
                lines[at] = " " * draw(st.integers(0, 8)) + lines[at].strip()
            case _:
                lines[at] = lines[at].partition(":")[0] + ": " + draw(st.sampled_from(JUNK))
    return "\n".join(lines)


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=150, deadline=None)
@given(text=spoilt())
def test_a_spoilt_plan_either_has_faults_or_can_be_started(desk: Desk, text):
    desk.write(text)
    faults = desk.faults(now=NOW)
    assert all(fault.sentence and fault.line <= len(text.splitlines()) + 1 for fault in faults)
    if not errors(faults):
        file = read_plan(desk.plan)
        people = read_people(file.people, organisations=file.draft.organisations)
        plan = split_plan(file, people, STAFF, starter="s_kristina", now=NOW).plan
        assert type(plan).model_validate_json(plan.model_dump_json()) == plan


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], deadline=None)
@given(text=st.text(max_size=200))
def test_no_text_makes_the_check_fail(desk: Desk, text):
    desk.plan.write_text(text, "utf-8", errors="ignore")
    assert errors(check_plan(desk.plan))


def test_the_kinds_of_step_are_read_into_their_own_models(desk: Desk):
    steps = read_plan(desk.plan).draft.steps
    assert [type(one) for one in steps[:4]] == [Invitations, Registration, Seminar, Visits]
