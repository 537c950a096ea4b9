"""What each letter says and asks, and what it never contains."""

from __future__ import annotations

import re

import pytest

from letters.catalogues import languages
from letters.compose import compose
from letters.scale import SCALE, in_every_language
from letters.scene import FactsMissing
from tests.letters.world import ANNA, KINDS, MESSAGE_ID, NAMES, ORGANISER, PLAN, SENDER, SENT_AT, facts, letter, when


def test_an_invitation_lists_the_year_who_pays_how_many_places_and_the_deadline():
    said = letter("invitation").text
    for part in (
        "Introductory seminar", "14 February 2012", "Kaliningrad Regional Library", "Final seminar",
        "16–18 April 2012 (Finland or Sweden)", "The Nordic fund for co-operation and the participating libraries",
        "15 in all", "at most 2 people", "by 3 February 2012", "The round begins in winter.",
    ):  # fmt: skip
        assert part in said


def test_an_invitations_subject_says_what_is_asked():
    assert letter("invitation").subject == (
        "Please answer by 3 February: seminar and visits, Staff competences and projects"
    )


@pytest.mark.parametrize(
    ("without", "asked"), [("visits", "seminar,"), ("seminar", "library visits,"), ("both", "invitation,")]
)
def test_an_invitations_subject_names_what_the_year_has(without, asked):
    dropped = {"visits", "seminar"} if without == "both" else {without}
    plan = PLAN.model_copy(update={"steps": tuple(s for s in PLAN.steps if s.kind not in dropped)})
    assert f"3 February: {asked}" in letter("invitation", plan=plan).subject


def test_a_host_reads_who_comes_when_why_it_was_chosen_and_how_long_it_has():
    said = letter("host_request").text
    for part in (
        "Helsinki City Library", "16–18 April 2012", "Mon 16 Apr, 10:00 – Wed 18 Apr, 15:00 local time (Helsinki)",
        "up to 15 people", "municipal public library, regional library", "Russia",
        "Your staff have learned from each other for years", "within 14 days of this letter",
    ):  # fmt: skip
        assert part in said


def test_a_programme_lists_sessions_with_their_speakers():
    said = letter("seminar_programme").text
    assert "10:15–11:45  What a library needs to know\n   Elena Smirnova" in said
    assert "15:00–16:30  Questions for the hosts" in said


def test_sessions_that_did_not_move_with_their_seminar_stand_without_time():
    moved = PLAN.step("introduction").model_copy(
        update={"begins": when("2012-02-21T10:00"), "ends": when("2012-02-21T16:30")}
    )
    plan = PLAN.model_copy(update={"steps": tuple(moved if s.id == moved.id else s for s in PLAN.steps)})
    said = letter("seminar_programme", plan=plan).text
    assert "10:15" not in said
    assert "* What a library needs to know" in said


def test_a_speaker_reads_her_own_sessions_first():
    said = letter("seminar_speaker").text
    assert said.index("From idea to project") < said.index("What a library needs to know")


def test_a_survey_lists_its_questions_and_explains_the_scale():
    said = letter("survey").text
    for part in (
        "1. Did you learn something new?",
        "1 Ideas · 2 New contacts",
        "3. What else?",
        "1 stands for “not at all”",
    ):
        assert part in said


@pytest.mark.parametrize("language", languages())
@pytest.mark.parametrize("kind", ["survey", "survey_reminder"])
def test_the_letter_calls_the_steps_of_the_scale_as_page_and_report_do(kind: str, language: str):
    said = " ".join(letter(kind, reader=ANNA.model_copy(update={"language": language})).text.split())
    for step in SCALE:
        assert re.search(rf"[“”„«»]{re.escape(in_every_language(step)[language])}[“”»]", said), step


def test_staff_read_what_waits_until_when_and_what_to_type():
    said = letter("decision_waiting").text
    for part in (
        "Invitations", "coordinator", "17:00 on 8 February 2012", "24", "English, Finnish and Russian", "€4,200",
        "    kierros approve approve-invitations-1",
    ):  # fmt: skip
        assert part in said


@pytest.mark.parametrize(("language", "role"), [("et", "asekoordinaator"), ("lv", "koordinatora vietnieks")])
def test_a_role_is_called_as_its_reader_calls_it(language: str, role: str):
    reader = ANNA.model_copy(update={"language": language})
    assert role in letter("decision_waiting", prompt={"role": "deputy coordinator"}, reader=reader).text
    assert "treasurer" in letter("decision_waiting", prompt={"role": "treasurer"}, reader=reader).text


def test_a_deputy_reads_that_nobody_decided_in_time():
    made = letter("decision_waiting", prompt={"role": "deputy coordinator", "passed": "yes"})
    assert "so the question comes to you, too, as the deputy" in " ".join(made.text.split())
    assert "your deputy" not in made.text
    assert "Please decide by" not in made.subject


def test_a_visit_that_has_moved_asks_with_the_old_and_the_new_time_by_both_clocks():
    made = letter("still_coming", reader=ANNA.model_copy(update={"zone": "Europe/Kaliningrad"}))
    assert made.subject.startswith("Can you still come? New dates for the visit to Helsinki City Library: ")
    for part in (
        "2–4 April 2012", "Mon 2 Apr, 09:00 – Wed 4 Apr, 16:00 local time (Helsinki)",
        "16–18 April 2012", "Please reply to this letter with yes or no",
    ):  # fmt: skip
        assert part in made.text
    assert "local time (Helsinki)" in made.text
    assert "Old time" not in letter("still_coming", facts={}).text


@pytest.mark.parametrize("kind", ["visit_cancelled", "host_released"])
def test_a_visit_that_is_off_is_named_by_the_days_that_the_reader_knows(kind):
    known = letter(kind, facts=facts("still_coming").facts)
    for words in (known.subject, known.text):
        assert "2–4 April 2012" in words
        assert "16–18 April 2012" not in words
    assert "16–18 April 2012" in letter(kind).subject


def test_staff_read_which_time_a_host_asks_for():
    times = {key: when(local, "Europe/Helsinki").model_dump_json() for key, local in NEW.items()}
    said = letter("decision_waiting", prompt={"about": "wish", "host": "helsinki", **times}).text
    assert "A host that has said yes asks for another time." in said
    assert "23–25 April 2012" in said
    assert "stands still" not in said


NEW = {"begins": "2012-04-23T09:00", "ends": "2012-04-25T16:00"}
ABOUT = ["approval", "revise", "host", "select", "defect", "letters", "money", "wish", "something new"]


@pytest.mark.parametrize("about", ABOUT)
def test_every_decision_can_be_asked_for(about):
    assert "A decision is waiting for you." in letter("decision_waiting", prompt={"about": about}).text


def test_the_waiting_list_is_told_by_number():
    assert "You are number 3 on the waiting list" in letter("place_waiting").subject
    assert "You are on the waiting list" in letter("place_waiting", facts={}).subject


def test_her_own_deadline_stands_in_her_reminder_by_her_own_clocks():
    own = {"until": "2012-02-08T15:00:00+00:00"}
    there = facts("invitation").reader.model_copy(update={"zone": "Europe/Copenhagen"})
    made = letter("invitation_reminder", facts=own, reader=there)
    assert "answer by 8 February" in made.subject
    assert "16:00" in made.text
    assert "18:00" in letter("deadline_extended", facts=own).text
    assert "16:00" in letter("deadline_extended", facts=own, reader=there).text
    assert letter("invitation_reminder").text.count("3 February 2012") > made.text.count("3 February 2012") == 0


def test_where_places_are_shared_out_she_is_told_what_a_late_answer_gets():
    steps = tuple(
        step.model_copy(update={"places": "nominated"}) if step.kind == "registration" else step for step in PLAN.steps
    )
    plan = PLAN.model_copy(update={"steps": steps})
    own = {"until": "2012-02-08T15:00:00+00:00"}
    said = "you get a place that is left, or wait for one"
    assert said in letter("deadline_extended", plan=plan, facts={**own, "asked": "invitations"}).text
    assert said not in letter("deadline_extended", plan=plan, facts=own).text
    assert said not in letter("deadline_extended", facts={**own, "asked": "invitations"}).text


def test_what_staff_added_stands_below_the_authors_paragraph():
    said = letter("invitation", "fi", paragraphs={"fi": "Tuokaa sateenvarjo.", "en": "Bring an umbrella."}).text
    assert said.index("Kierros alkaa talvella.") < said.index("Tuokaa sateenvarjo.")


def test_the_authors_paragraph_stands_in_the_letter_it_was_written_for_and_not_in_reminders():
    assert "The round begins in winter." in letter("invitation").text
    assert "The round begins in winter." not in letter("invitation_reminder").text


def test_a_text_that_is_missing_in_a_language_is_taken_from_the_plans_first():
    assert "Nur deutsch" in letter("invitation", "fi", paragraphs={"de": "Nur deutsch"}).text
    assert "In English" in letter("invitation", "fi", paragraphs={"de": "Nur deutsch", "en": "In English"}).text


def test_html_shows_what_people_wrote_and_never_runs_it():
    name = facts("invitation").reader.model_copy(update={"name": "Ann <b>Bold</b> & Co"})
    made = letter("invitation", reader=name, paragraphs={"en": "<script>alert(1)</script>"})
    assert "<script>" not in made.html
    assert "<b>" not in made.html
    assert "&lt;script&gt;" in made.html
    assert "Ann <b>Bold</b> & Co" in made.text


def test_hidden_characters_do_not_reach_the_reader():
    made = letter("invitation", paragraphs={"en": "one\x00two\u202ethree\x1b[31m"})
    assert "onetwothree[31m" in made.text
    assert not re.search("[\x00-\x08\x0b-\x1f\u202e]", made.text + made.html)


def test_nothing_of_another_participant_is_in_a_letter():
    everything = "".join(letter(kind).text for kind in KINDS)
    assert "p_boris" not in everything
    assert "p_anna" not in everything


def test_a_letter_about_a_step_that_is_not_there_is_not_written():
    for change in ({"step": "gone"}, {"step": "registration"}, {"slot": "gone"}):
        with pytest.raises(FactsMissing):
            letter("visit_booked", **change)


def test_the_same_facts_make_the_same_bytes():
    for kind in KINDS:
        first, second = letter(kind), letter(kind)
        assert first == second
        assert len(first.digest) == 64


def test_the_digest_follows_the_smallest_change():
    assert letter("invitation").digest != letter("invitation", paragraphs={"en": "."}).digest


def test_a_letter_is_written_of_its_facts_alone():
    """What a person is called elsewhere in the plan is not asked for: only names that were given are shown."""
    assert "Maija Laine" in letter("visit_booked", names=NAMES).text
    assert "Your contact there" not in letter("visit_booked", names={}).text


def test_the_sender_may_have_any_moment_that_has_a_zone():
    with pytest.raises(ValueError, match="no time zone"):
        compose(facts("thanks"), message_id=MESSAGE_ID, sender=SENDER, sent_at=SENT_AT.replace(tzinfo=None))


def test_the_coordinator_signs_and_is_whom_one_answers():
    made = letter("invitation", organiser=ORGANISER.model_copy(update={"name": "Kaisa Koski"}))
    assert "Your answer reaches Kaisa Koski." in made.text
    assert "Ritva" not in made.text
