"""What the numbers of a feedback's scale stand for: one set of words for letter, page, report and terminal.

The plans' own questions are sentences to agree with ("I learned something new …"), so the steps say how far somebody
does. The letter that asks for feedback (``survey.jinja``) says each of them, and so they stand in the catalogues.
"""

from __future__ import annotations

from exchange.base import Text
from letters.catalogues import catalogue, languages

SCALE = ("not at all", "hardly", "partly", "mostly", "entirely")
"""What 1 to 5 stand for."""


def in_every_language(step: str) -> Text:
    """A step of the scale in all languages there are."""
    return {code: catalogue(code).gettext(step) for code in languages()}
