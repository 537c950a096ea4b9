from __future__ import annotations

from datetime import timedelta
from typing import Any

from exchange.approval import Prompt, PromptClosed, PromptOpened, PromptPassed, PromptReminded
from exchange.defect import LettersFailed
from store.store import Store
from tests.store.builders import NOON, after, record, started


def prompt(prompt_id: str = "approve-visits-1", **changes: Any) -> Prompt:
    values = {
        "id": prompt_id, "about": "approval", "step": "visits", "opened_at": NOON, "due_at": after(days=7),
        "within": timedelta(days=7), "deputy": "director", "second_person": True, "asked_by": "s_1", "revision": 1,
        "digest": "abc", "letters": 3, "languages": ("en", "fi"), "cents": 420_000, "options": ("approve", "reject"),
    }  # fmt: skip
    return Prompt.model_validate({**values, **changes})


def opening(waits: Prompt) -> PromptOpened:
    return PromptOpened(at=waits.opened_at, actor="plan", prompt=waits)


def test_a_prompt_that_waits_is_kept_whole(store: Store):
    cycle = started(store)
    store.keep(record(cycle, [opening(prompt())]), NOON)
    (row,) = store.prompts()
    assert (row.cycle, row.prompt, row.closed_at) == (cycle, prompt(), None)


def test_a_fraction_of_a_second_survives(store: Store):
    cycle = started(store)
    short = prompt(within=timedelta(seconds=1.234567))
    store.keep(record(cycle, [opening(short)]), NOON)
    assert store.prompts(cycle)[0].prompt == short


def test_reminding_and_passing_show(store: Store):
    cycle = started(store)
    happened = [
        opening(prompt()),
        PromptReminded(at=NOON, actor="time", prompt="approve-visits-1"),
        PromptPassed(at=NOON, actor="time", prompt="approve-visits-1", role="director"),
    ]
    store.keep(record(cycle, happened), NOON)
    (row,) = store.prompts(cycle)
    assert row.prompt == prompt(reminded=True, passed=True)


def test_letters_that_fail_while_the_decision_about_others_waits_are_counted_with_them(store: Store):
    cycle = started(store)
    failed = LettersFailed(at=NOON, actor="time", count=2)
    store.keep(record(cycle, [failed, opening(prompt("letters-1", about="letters", subject="2"))]), NOON)
    store.keep(record(cycle, [failed], at=2), NOON)
    assert store.prompts(cycle)[0].prompt.subject == "4"
    closed = PromptClosed(at=NOON, actor="s_1", prompt="letters-1", option="leave")
    store.keep(record(cycle, [closed, failed], at=3), NOON)
    assert store.prompts(cycle, open_only=False)[0].prompt.subject == "4"


def test_a_closed_prompt_waits_no_more_and_says_how_it_ended(store: Store):
    cycle = started(store)
    close = PromptClosed(
        at=after(hours=1), actor="s_2", prompt="approve-visits-1", option="reject", role="director", reason="n_1"
    )
    store.keep(record(cycle, [opening(prompt()), close]), NOON)
    assert store.prompts(cycle) == []
    (row,) = store.prompts(cycle, open_only=False)
    assert (row.closed_at, row.closed_by, row.option, row.closed_role, row.reason) == (
        after(hours=1), "s_2", "reject", "director", "n_1",
    )  # fmt: skip
    assert row.prompt == prompt()


def test_the_prompt_due_first_is_in_front_over_all_cycles(store: Store):
    first, second = started(store), started(store)
    store.keep(
        record(first, [opening(prompt("a", due_at=after(days=3))), opening(prompt("b", due_at=after(days=1)))]), NOON
    )
    store.keep(record(second, [opening(prompt("a", due_at=after(days=2)))]), NOON)
    assert [(row.cycle, row.prompt.id) for row in store.prompts()] == [(first, "b"), (second, "a"), (first, "a")]
    assert [row.prompt.id for row in store.prompts(second)] == ["a"]
