"""A paragraph of staff's own in letters that wait for approval: what `approve --add` and `--take-back` do."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.faults import Misused
from cli.terminal import terminal

if TYPE_CHECKING:
    from cli.picking import Open
    from exchange.base import Text

LONGEST = 2_000
"""Characters; a longer paragraph is a letter of its own."""


def added(found: Open, paragraphs: list[str], languages: list[str]) -> None:
    """Adds one paragraph, said in one language or several; the letters are made ready anew with it."""
    from exchange.adding import AddParagraph

    words = _worded(found, paragraphs, languages)
    wish = AddParagraph(**found.signed(), step=found.prompt.step, text="n_")
    found.try_out(wish)
    cycle = found.cycle.plan.id
    found.tell(wish.model_copy(update={"text": terminal().store.add_text(cycle, words, "paragraph")}))
    _anew(found, "Added.")


def taken_back(found: Open) -> None:
    """Takes back every paragraph that was added; the letters are made ready anew without them."""
    from exchange.adding import AddParagraph

    wish = AddParagraph(**found.signed(), step=found.prompt.step)
    found.try_out(wish)
    found.tell(wish)
    _anew(found, "Taken back.")


def _anew(found: Open, said: str) -> None:
    here = terminal()
    here.say(f"{said} The letters of {found.names.step(found.prompt.step)} are made ready again.", "green")
    here.next(f"kierros approve --step {found.prompt.step} --dry-run", "shows them, as soon as they are ready")


def _worded(found: Open, paragraphs: list[str], languages: list[str]) -> Text:
    """The paragraph by language code.

    Raises:
        Misused: it is empty, too long, or not said in which language each is.
    """
    from plans.words import language_code, unfit

    plan = found.cycle.plan
    given = languages or (list(plan.languages[:1]) if len(plan.languages) == 1 else [])
    if len(given) != len(paragraphs):
        known = ", ".join(plan.languages)
        raise Misused(f"Say the language of each --add with a --language, in the same order; the plan has {known}.")
    codes = [language_code(words) for words in given]
    if "" in codes:
        raise Misused(f"{given[codes.index('')]!r} is no language that we know; write it like fi or Finnish.")
    if len(set(codes)) < len(codes):
        raise Misused("Two of them are in the same language. Add one paragraph after the other.")
    for words in paragraphs:
        if not words.strip() or len(words) > LONGEST or unfit(words.replace("\n", " ")):
            raise Misused(f"A paragraph needs words, at most {LONGEST:,} characters, and no control characters.")
    return dict(zip(codes, map(str.strip, paragraphs), strict=True))
