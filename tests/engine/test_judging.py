"""The judge of the forty faults sees what was lost, doubled or led astray."""

from __future__ import annotations

from datetime import UTC, datetime
from types import SimpleNamespace
from typing import Any

import pytest

from exchange.noting import NoteTaken
from exchange.prompt import PromptClosed
from store.models import JournalEntry, Outcome
from tests.engine.faults.judge import answers_kept, decisions_kept, letters_came, nothing_twice
from tests.engine.post import Sink

NOW = datetime(2027, 3, 1, tzinfo=UTC)


def journal(*events: Any) -> list[JournalEntry]:
    return [JournalEntry(position, NOW, event) for position, event in enumerate(events, 1)]


def note(number: int, cause: str = "") -> NoteTaken:
    return NoteTaken(at=NOW, actor="s_1", cause=cause or f"cli-{number}", note=f"n_{number}")


def closed(prompt: str, cause: str = "cli-9") -> PromptClosed:
    return PromptClosed(at=NOW, actor="s_1", cause=cause, prompt=prompt, option="approve")


def player(**acknowledged: Any) -> Any:
    """Who acknowledged what; the store knows every note by its number, and answers 1 (taken), 2 (refused), 3 (open)."""
    states = {1: "accepted", 2: "refused", 3: "received"}
    outcomes = {n: Outcome(number=n, state=state, received_at=NOW) for n, state in states.items()}
    store = SimpleNamespace(
        get_texts=lambda refs: {ref: {"und": f"note {ref[2:]}"} for ref in refs},
        outcomes=lambda _cycle, numbers: {n: outcomes[n] for n in numbers if n in outcomes},
    )
    nothing: dict[str, Any] = {"decided": [], "notes": [], "doubtful": [], "answers": {}}
    return SimpleNamespace(**nothing | acknowledged, cycle="c", here=SimpleNamespace(store=store))


def test_an_effect_that_comes_twice_is_seen() -> None:
    nothing_twice(journal(note(1), note(2)))
    with pytest.raises(AssertionError, match="twice"):
        nothing_twice(journal(note(1), note(1)))
    with pytest.raises(AssertionError, match="again"):
        nothing_twice(journal(note(1), note(2), note(3, cause="cli-1")))


def test_a_decision_that_was_lost_doubled_or_invented_is_seen() -> None:
    kept = player(decided=["a"], notes=["note 1", "note 2"], doubtful=["note 3"])
    decisions_kept(kept, journal(closed("a"), note(1), note(2)))
    decisions_kept(kept, journal(closed("a"), note(1), note(3), note(2)))
    for wrong in (
        journal(note(1), note(2)),
        journal(closed("a"), closed("a"), note(1), note(2)),
        journal(closed("a"), note(1)),
        journal(closed("a"), note(2), note(1)),
        journal(closed("a"), note(1), note(2), note(2)),
        journal(closed("a"), note(1), note(2), note(4)),
    ):
        with pytest.raises(AssertionError):
            decisions_kept(kept, wrong)


def test_an_answer_that_was_lost_never_decided_or_decided_without_effect_is_seen() -> None:
    answers_kept(player(answers={"a": 1, "b": 2}), journal(note(1, cause="i1")))
    for answers, events in (
        ({"a": 1}, []),
        ({"b": 2}, [note(1, cause="i2")]),
        ({"c": 3}, []),
        ({"d": 4}, []),
        ({"a": 1, "b": 1}, [note(1, cause="i1")]),
        ({"a": 1}, [note(2, cause="i2"), note(1, cause="i1")]),
    ):
        with pytest.raises(AssertionError):
            answers_kept(player(answers=answers), journal(*events))


def test_a_letter_that_never_came_came_too_often_or_to_somebody_else_is_seen() -> None:
    row = SimpleNamespace(message_id="<1>", key="k", to_ref="p_1", kind="survey", state="sent", maybe_delivered=0)
    anna, bo = (SimpleNamespace(ref=f"p_{n}", address=f"{n}@library.example") for n in (1, 2))
    store = SimpleNamespace(people=lambda _cycle: [anna, bo], staff=list)

    def look(state: str = "sent", **copies: int) -> None:
        sink = Sink()
        sink.copies.update({("<1>", f"{reader[1:]}@library.example"): count for reader, count in copies.items()})
        held = SimpleNamespace(**vars(row) | {"state": state})
        letters_came(SimpleNamespace(store=store, letters=lambda _cycle: [held]), "c", sink)  # type: ignore[arg-type]

    look(p1=1)
    look(p1=3)
    look("dropped")
    for state, copies in (("sent", {}), ("sent", {"p1": 4}), ("sent", {"p1": 1, "p2": 1}), ("held", {"p1": 1})):
        with pytest.raises(AssertionError):
            look(state, **copies)
