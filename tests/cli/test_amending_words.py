"""What `kierros amend` shows where only words differ: the old ones and the new ones, and in which language."""

from __future__ import annotations

import pytest

from exchange.plan import Candidate, CyclePlan, Session, When
from exchange.questions import Question, Wanted
from telling.names import Names
from telling.reworded import Reworded
from tests.cli.test_amending import edit
from tests.cli.world import World, clock

PLAN = CyclePlan(
    id="cycle-x-2030-y", programme="x", programme_name={"en": "X"}, theme="y", theme_name={"en": "Y"}, year=2030,
    zone="Europe/Helsinki", languages=("en", "sv"),
)  # fmt: skip
WORDS = Reworded(Names(PLAN, {"p_1": "Dina", "p_2": "Ida"}), {"n_1": {"en": "Old reason", "sv": "Gammalt"}})


def rows(found: object) -> list[tuple[str, str, str]]:
    return [tuple(map(str, row)) for row in found]  # type: ignore[attr-defined,misc]


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (("What was best?", "What was worst?"), ("questions, best", "What was best?", "What was worst?")),
        (("One paragraph of", "Two paragraphs of"), ("letter", "One paragraph of", "Two paragraphs of")),
        (("title: Final seminar", "title: The end"), ("title", "Final seminar", "The end")),
        (("What we saw,", "What we heard,"), ("sessions, 1", "What we saw,", "What we heard,")),
        (
            ("Why this one could", "Why that one could"),
            ("candidates, other-host, reason", "Why this one could", "Why that one could"),
        ),
        (("      - awareness\n", ""), ("questions, awareness", "I know better what other", "–")),
    ],
)
def test_only_words_that_differ_are_shown_as_they_were_and_as_they_become(
    world: World, change: tuple[str, str], words: tuple[str, ...]
):
    world.start(days_ago=20)
    ran = world.type("amend", edit(world, change), "--dry-run", COLUMNS="250")
    assert ran.code == 0, ran.err
    for one in words:
        assert one in ran.out
    assert "confidence" not in ran.out
    assert "(English)" not in ran.out  # the plan has no other language


def test_a_text_tells_the_languages_in_which_it_differs():
    was, becomes = {"en": "Feedback", "sv": "Gensvar", "fi": "Palaute"}, {"en": "Feedback", "sv": "Respons"}
    assert rows(WORDS.text("title", was, becomes)) == [
        ("title (Swedish)", "Gensvar", "Respons"),
        ("title (Finnish)", "Palaute", "–"),
    ]
    assert rows(WORDS.reference("letter", "n_1", "")) == [
        ("letter (English)", "Old reason", "–"),
        ("letter (Swedish)", "Gammalt", "–"),
    ]


def test_questions_tell_their_words_answers_and_order():
    one = Question(id="one", text={"en": "One?"}, form="choice", choices=({"en": "A"}, {"en": "B"}))
    two = Question(id="two", text={"en": "Two?"})
    other = one.model_copy(update={"choices": ({"en": "A"}, {"en": "C"})})
    more = one.model_copy(update={"choices": (*one.choices, {"en": "C"})})
    free = two.model_copy(update={"form": "text"})
    assert rows(WORDS.questions("questions", (one,), (other,))) == [("questions, one, choices 2 (English)", "B", "C")]
    assert rows(WORDS.questions("questions", (one,), (more,))) == [("questions, one, choices", "A / B", "A / B / C")]
    assert rows(WORDS.questions("questions", (one, two), (free, one))) == [
        ("questions, two, form", "scale", "text"),
        ("questions, order", "one, two", "two, one"),
    ]
    assert rows(WORDS.questions("questions", (), (one,))) == [("questions, one", "–", "One? (A / B)")]
    plain, kept = (Wanted(id="w", text={"en": "W?"}, sensitive=kept) for kept in (False, True))
    assert rows(WORDS.questions("wanted", (plain,), (kept,))) == [("wanted, w, sensitive", "no", "yes")]


def test_sessions_and_candidates_tell_what_differs_of_each():
    begins, ends, later = (
        When(local=f"2030-03-01T{hour}:00", zone="Europe/Helsinki", at=clock()) for hour in (10, 11, 12)
    )
    was = Session(title={"en": "A"}, begins=begins, ends=ends, speaker="p_1")
    assert rows(WORDS.sessions("sessions", (was,), (was.model_copy(update={"speaker": "p_2"}),))) == [
        ("sessions, 1, speaker", "Dina", "Ida")
    ]
    ((where, before, after),) = rows(WORDS.sessions("sessions", (was,), (was.model_copy(update={"ends": later}),)))
    assert where == "sessions, 1"
    assert "11:00" in before
    assert "12:00" in after
    host = Candidate(host="h", contact="p_1", reason="n_1", cents=100)
    becomes = host.model_copy(update={"contact": "p_2", "cents": 200})
    assert rows(WORDS.candidates("spring, candidates", (host,), (becomes,))) == [
        ("spring, candidates, h, contact", "Dina", "Ida"),
        ("spring, candidates, h, cost", "EUR 1", "EUR 2"),
    ]
