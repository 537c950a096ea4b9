"""The kinds of library that plans usually name, so that letters can say them in every language."""

from __future__ import annotations

from letters.words import Words


def N_(message: str) -> str:  # noqa: N802 - gettext's own name for a sentence that is translated later
    """Marks a sentence for the catalogues where it is not yet translated."""
    return message


KINDS = (
    N_("national library"),
    N_("regional library"),
    N_("central library"),
    N_("public library"),
    N_("regional public library"),
    N_("municipal public library"),
    N_("municipal library"),
    N_("academic library"),
    N_("university library"),
    N_("school library"),
    N_("special library"),
    N_("children's library"),
    N_("branch library"),
)


def kind_in(words: Words, kind: str) -> str:
    """A kind of library in the letter's language; one that we do not know stays as its author wrote it."""
    return words.gettext(kind) if kind in KINDS else kind
