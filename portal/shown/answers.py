"""What became of an answer, in a sentence to whoever gave it. Refusals have theirs in :mod:`letters.refusals`."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from letters.refusals import OVER, sentence
from portal.doors import Guest
from portal.speech import PageWords, mark

TAKEN = mark(
    "It counts from the moment in which you sent it. As soon as it is decided, you see it on this page, and a letter "
    "tells you what was decided."
)


def taken(words: PageWords) -> str:
    """The answer is kept, and not decided yet."""
    return words.gettext(TAKEN)


def over(words: PageWords) -> str:
    """Nobody decides anything in the cycle any more."""
    return words.gettext(OVER)


def refusal(guest: Guest, name: str, facts: Mapping[str, Any]) -> str:
    """Why an answer was refused, in the reader's language and by her clocks.

    Args:
        guest: who gave it.
        name: the refusal's.
        facts: its facts, as they were written down.
    """
    return sentence(guest.words, name, facts, reader=guest.link.ref, tell=guest.moment)
