"""`note`: what staff want remembered, at the terminal."""

from __future__ import annotations

from tests.cli.conftest import Desk
from tests.cli.world import OLGA, World

ANNA = "anna@home-library.example"


def test_a_note_stands_in_the_history_and_on_the_board(desk: Desk, world: World):
    world.start(days_ago=20)
    assert desk("note", "The hall has a ramp", "--step", "introductory-seminar").code == 0
    assert desk("note", "Prefers mornings", "--about", ANNA, staff=OLGA).code == 0
    for words in (["history"], ["show"], ["note"]):
        said = " ".join(desk(*words).out.split())
        assert "Kristina Virtanen, coordinator, noted on" in said
        assert "“The hall has a ramp”" in said
        assert "Olga Sokolova, director, noted about Anna Example: “Prefers mornings”." in said
    assert len(desk("note", "--json").data) == len(desk("show", "--json").data["notes"]) == 2


def test_the_words_of_a_note_are_a_row_and_cross_by_reference(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    desk("note", "Anna is ill", "--about", "host-library")
    (entry,) = world.store.journal(cycle, kinds=("NoteTaken",))
    assert entry.event.note.startswith("n_")
    assert entry.event.about == "host-library"
    assert "ill" not in entry.event.model_dump_json()


def test_what_cannot_be_noted_is_a_sentence_and_keeps_no_words(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    length = world.store.cycle(cycle).length
    for words, code in (
        (["note", "x", "--about", "Somebody"], 1),
        (["note", "x", "--about", "nobody@x.example"], 2),
        (["note", "x", "--step", "nowhere"], 1),
        (["note", "--step", "visits"], 2),
        (["note", " ", "--about", ANNA], 2),
    ):
        ran = desk(*words)
        assert (ran.code, bool(ran.err.strip())) == (code, True)
    assert world.store.cycle(cycle).length == length
    assert "has no notes yet" in desk("note").err
