"""Traces of a person in words that are not hers: in letters to others, reports, notes, answers of others.

She is known there by her whole name and by her address. What is hers by reference is found without this.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Iterable
from email import message_from_bytes
from email.header import decode_header, make_header
from email.message import Message
from typing import Any

from markupsafe import escape

STRUCK = "[…]"
"""Stands where her name or address stood in somebody else's words."""


class Traces:
    """Looks for one person, or for several.

    Args:
        words: her name and her addresses. An empty one finds nothing.
    """

    def __init__(self, words: Iterable[str]) -> None:
        plain = {tidy for word in words if (tidy := " ".join(unicodedata.normalize("NFC", word).split()))}
        known = plain | {str(escape(word)) for word in plain}  # O'Brien, as a report's page has it
        parts = (r"\s+".join(map(re.escape, word.split(" "))) for word in sorted(known, key=len, reverse=True))
        self._pattern = re.compile("|".join(rf"(?<!\w){part}(?!\w)" for part in parts) or r"(?!)", re.IGNORECASE)

    def in_words(self, words: str) -> bool:
        """Whether she is named."""
        return bool(self._pattern.search(unicodedata.normalize("NFC", words)))

    def struck(self, words: str) -> str:
        """The words without her; the very same where she is not named."""
        return self._pattern.sub(STRUCK, unicodedata.normalize("NFC", words)) if self.in_words(words) else words

    def struck_in(self, value: Any) -> Any:
        """Plain data without her, in whatever depth of it."""
        match value:
            case str():
                return self.struck(value)
            case list():
                return [self.struck_in(one) for one in value]
            case dict():
                return {key: self.struck_in(one) for key, one in value.items()}
            case _:
                return value

    def in_letter(self, data: bytes) -> bool:
        """Whether a letter names her: in a header, in its words, in a calendar entry."""
        letter = message_from_bytes(data)
        heads = (str(make_header(decode_header(value))) for value in letter.values())
        return any(map(self.in_words, heads)) or any(self._in_part(part) for part in letter.walk())

    def _in_part(self, part: Message) -> bool:
        if part.is_multipart() or part.get_content_maintype() != "text":
            return False
        raw = part.get_payload(decode=True)
        words = raw.decode("utf-8", "replace") if isinstance(raw, bytes) else str(raw)
        if part.get_content_subtype() == "html":
            words = html.unescape(words)
        # a calendar's long lines are folded (RFC 5545)
        return self.in_words(re.sub(r"\r?\n[ \t]", "", words) if part.get_content_subtype() == "calendar" else words)
