"""Notes: kept with who and when, and nothing follows from them."""

from __future__ import annotations

from exchange.noting import NobodyToNoteOf, NoteEmpty, NoteTaken, TakeNote
from exchange.planned import UnknownStep
from exchange.prompt import NotYourDecision
from tests.builders import ANTTI, HOMES, HOSTS, OLGA, begun, day, year
from tests.given import Outcome, fact, given, refuses


def noted(actor: str = OLGA, note: str = "n_ramp", **more: str) -> TakeNote:
    return TakeNote(at=day(3), actor=actor, note=note, **more)


def test_a_note_is_in_the_history_with_who_took_it() -> None:
    given(begun(*year().steps)).when(noted(step="intro")).then(
        fact(NoteTaken, actor=OLGA, step="intro", note="n_ramp", role="coordinator")
    )


def test_a_note_may_be_about_a_person_or_a_library() -> None:
    given(begun(*year().steps)).when(noted(about="p_anna"), noted(actor=ANTTI, about="oslo")).then(
        fact(NoteTaken, about="p_anna"), fact(NoteTaken, about="oslo", role="director")
    )


def test_nothing_follows_from_a_note() -> None:
    before = begun(*year().steps)
    outcome = given(before).when(noted()).writes()
    assert outcome.cycle.put(position=before.position) == before


@refuses(NoteEmpty())
def test_a_note_is_words_of_the_record_and_nothing_else() -> Outcome:
    return given(begun(*year().steps)).when(noted(note="Anna is ill"))


@refuses(NobodyToNoteOf("p_Anna Berg", (*HOMES, *HOSTS)))
def test_words_in_the_place_of_a_reference_are_refused() -> Outcome:
    return given(begun(*year().steps)).when(noted(about="p_Anna Berg"))


@refuses(NobodyToNoteOf("Anna Berg", (*HOMES, *HOSTS)))
def test_a_note_names_nobody() -> Outcome:
    return given(begun(*year().steps)).when(noted(about="Anna Berg"))


@refuses(UnknownStep("nowhere", tuple(s.id for s in year().steps)))
def test_a_note_on_no_step() -> Outcome:
    return given(begun(*year().steps)).when(noted(step="nowhere"))


@refuses(NotYourDecision("p_anna", ("coordinator", "director")))
def test_only_staff_take_notes() -> Outcome:
    return given(begun(*year().steps)).when(noted(actor="p_anna"))
