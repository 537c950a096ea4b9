"""What may enter a header, and in which form.

Python before 3.11.10 turns an encoded word with a newline in it into a real header: ``=?utf-8?q?Ann=0D=0ABcc:_x@y?=``
as a name adds a recipient. So a value with a control character or with ``=?`` is refused, encoded words are made here
and nowhere else, and the finished letter is read again (:mod:`letters.mime`). Source: TRUST, header injection.
"""

from __future__ import annotations

import re
import unicodedata
from base64 import b64encode
from urllib.parse import quote

from runtime.alphabets import stray_in_address

BIDI = frozenset("\u061c\u200e\u200f\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")
"""Characters that turn the direction of writing, by which an address can be shown as another."""
_LOCAL = re.compile(r"[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+(?:\.[A-Za-z0-9!#$%&'*+/=?^_`{|}~-]+)*")
_LABEL = "[A-Za-z0-9](?:[A-Za-z0-9-]{0,61}[A-Za-z0-9])?"
_DOMAIN = re.compile(rf"{_LABEL}(?:\.{_LABEL})*")
_MESSAGE_ID = re.compile(r"<[A-Za-z0-9.!#$%&'*+/=?^_`{|}~-]+@[A-Za-z0-9.-]+>")
_PLAIN = re.compile(r"[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]+")
_PAGE = re.compile(r"https?://[A-Za-z0-9.:\[\]-]+/[A-Za-z0-9/_-]+")
_LONGEST = 250
LINE = 76
"""The longest line of a header (RFC 2047, 2)."""
CRLF = "\r\n"


class UnsafeHeader(ValueError):
    """A value that must not enter a header. Names the field and the reason, never the value (it may be personal)."""

    def __init__(self, field: str, reason: str) -> None:
        super().__init__(f"{field} {reason}")
        self.field = field
        self.reason = reason


def safe(field: str, value: str) -> str:
    """The value, if it may enter a header.

    Raises:
        UnsafeHeader: control or line-breaking characters, changes of writing direction, or ``=?``.
    """
    if "=?" in value:
        raise UnsafeHeader(
            field,
            "has “=” and “?” side by side (“=?”), which mail programs read as code; take one of them out",
        )
    for character in value:
        if character in BIDI:
            raise UnsafeHeader(field, "contains a character that turns the direction of writing; remove it")
        if unicodedata.category(character) in {"Cc", "Cs", "Zl", "Zp"}:
            raise UnsafeHeader(field, "contains a control character, e.g. a line break; remove it")
    return value


def address(field: str, value: str) -> str:
    """A mail address in the form that every server takes: ASCII, the domain in IDNA.

    Raises:
        UnsafeHeader: it is not one plain address, letters outside ASCII stand before the @, or letters of two alphabets
            in one word behind it.
    """
    local, at, domain = safe(field, value).rpartition("@")
    if not at or not local or not domain:
        raise UnsafeHeader(field, "is no mail address; write it like anna@library.example")
    if not _LOCAL.fullmatch(local) or len(local) > 64:
        raise UnsafeHeader(field, "has characters before the @ that not every mail server takes; use a plain address")
    try:
        ascii_domain = domain.encode("idna").decode("ascii")
    except UnicodeError:
        ascii_domain = ""
    if not _DOMAIN.fullmatch(ascii_domain) or len(local) + len(ascii_domain) > _LONGEST:
        raise UnsafeHeader(field, "has no proper domain behind the @; write it like anna@library.example")
    if stray_in_address(domain):
        raise UnsafeHeader(field, "has letters of two alphabets in one word behind the @; type it anew, by hand")
    return f"{local}@{ascii_domain}"


def mailbox(field: str, name: str, mail: str) -> str:
    """``Anna Petrova <anna@library.example>``, ready for the wire."""
    where = address(field, mail)
    words = " ".join(safe(field, name).split())
    if not words:
        return where
    shown = phrase(words, len(field) + 2)
    last = len(shown.rpartition(CRLF)[2]) + (0 if CRLF in shown else len(field) + 2)
    gap = " " if last + len(where) + 3 <= LINE else f"{CRLF} "
    return f"{shown}{gap}<{where}>"


def message_id(value: str) -> str:
    """A Message-ID with its angle brackets.

    Raises:
        UnsafeHeader: it has not the form ``<left@right>`` in ASCII.
    """
    if not _MESSAGE_ID.fullmatch(value) or len(value) > _LONGEST:
        raise UnsafeHeader("Message-ID", "has not the form <left@right>")
    return value


def unsubscribe(mail: str, page: str = "") -> str:
    """A List-Unsubscribe value (RFC 2369): one click, or a letter to the organiser with the subject "unsubscribe".

    Raises:
        UnsafeHeader: the page's address is none that may enter a header.
    """
    local, _, domain = address("List-Unsubscribe", mail).rpartition("@")
    letter = f"<mailto:{quote(local, safe='')}@{domain}?subject=unsubscribe>"
    if not page:
        return letter
    if not _PAGE.fullmatch(page):
        raise UnsafeHeader("List-Unsubscribe", "has an address of a page that is none; look at KIERROS_PORTAL_URL")
    return f"<{page}>,{CRLF} {letter}"


def phrase(words: str, used: int) -> str:
    """A display name: as it is, between quotation marks, or in encoded words.

    Args:
        words: the name.
        used: how many characters of the first line the field's name takes.
    """
    if _PLAIN.fullmatch(words) and len(words) + used <= LINE:
        return words
    if words.isascii() and len(words) + used + 10 <= LINE:
        inner = words.replace("\\", "\\\\").replace('"', '\\"')
        return f'"{inner}"'
    return _encoded(words, used)


def unstructured(words: str, used: int) -> str:
    """A subject: folded between words where it is ASCII, else in encoded words on lines of their own."""
    if not words.isascii() or max(map(len, words.split(" "))) + used > LINE:
        return _encoded(words, used)
    lines = [" " * used]
    for word in words.split(" "):
        blank = "" if lines == [" " * used] else " "
        if len(lines[-1] + blank + word) <= LINE:
            lines[-1] += blank + word
        else:
            lines.append(f" {word}")
    return CRLF.join(lines)[used:]


def _encoded(words: str, used: int) -> str:
    """Encoded words (RFC 2047), one a line, each cut between characters."""
    pieces, room = [b""], _room(used)
    for character in words:
        encoded = character.encode("utf-8")
        if len(pieces[-1]) + len(encoded) > room:
            pieces.append(b"")
            room = _room(1)
        pieces[-1] += encoded
    return f"{CRLF} ".join(f"=?utf-8?b?{b64encode(piece).decode('ascii')}?=" for piece in pieces)


def _room(used: int) -> int:
    """How many bytes of text an encoded word takes on a line of which so much is used."""
    return (min(75, LINE - used) - len("=?utf-8?b??=")) // 4 * 3
