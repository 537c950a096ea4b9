"""How things stood on the page from which an answer comes: a hidden field of its form.

The same answer sent twice from one page is one answer; given again on a later page, it is another.
"""

from __future__ import annotations

from starlette.requests import Request

SEEN = "seen"
_HEX = frozenset("0123456789abcdef")
_LENGTH = 32


def seen(request: Request) -> str:
    """The mark that the form carried; empty where it is none of ours."""
    typed: str = request.state.form.word(SEEN)
    return typed if len(typed) == _LENGTH and _HEX.issuperset(typed) else ""
