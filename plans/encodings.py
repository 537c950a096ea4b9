r"""The encodings in which lists arrive: Unicode by its marks, else one of three Windows code pages by its letters.

Every byte means something in each of cp1252, cp1257 and cp1251, so the bytes alone decide nothing: ``\xf8`` is ø in
Danish, ų in Lithuanian, ш in Russian. What decides is how likely the letters are in the languages of each code page.
What is likely in none of them is refused, because a guess that is wrong spoils every name in silence.
"""

from __future__ import annotations

import codecs
import math
import re
from collections import Counter

from charset_normalizer import from_bytes

from plans.said import Said, said

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def _weights(*groups: tuple[str, float]) -> dict[str, float]:
    """Letters to weights, from groups like ``("åäö", 12)``."""
    return {letter: weight for letters, weight in groups for letter in letters}


_CODE_PAGES = {
    "cp1252": _weights(
        ("ä", 20), ("ö", 16), ("ø", 14), ("å", 12), ("æé", 8), ("ü", 4), ("áíóèð", 3), ("ú", 2), ("ç", 1.5),
        ("þêëîô", 1), ("ýàâñïûßõ", 0.5), ("šžœ", 0.3),
    ),
    "cp1257": _weights(
        ("ė", 20), ("š", 14), ("ž", 10), ("čųūā", 8), ("įąī", 5), ("ē", 4), ("ęäõü", 3), ("öņ", 2), ("ļķ", 1),
        ("ģ", 0.6), ("ōŗłńśźżćó", 0.2), ("éåæø", 0.05),
    ),
    "cp1251": _weights(
        ("о", 11), ("е", 8.5), ("а", 8), ("и", 7.4), ("нт", 6.5), ("с", 5.5), ("рвл", 4.5), ("кмдпу", 3),
        ("яыьгз", 1.8), ("бчйхж", 1.3), ("шюцщ", 0.6), ("эфъё", 0.2), ("іїєґўј", 0.2),
    ),
}  # fmt: skip
"""Code page to the letters outside ASCII that its languages use, with their rough shares of all such letters."""

_NEUTRAL = frozenset("–—‘’“”„«»…·•№§°€\u00a0\u00ad")
"""Signs that stand in lists of every language and speak for none."""

_ROWS = re.compile(r"[^\W\d_\x00-\x7f]{3,}")
_BESIDE_ASCII = re.compile(r"[A-Za-z][^\W\d_\x00-\x7f]|[^\W\d_\x00-\x7f][A-Za-z]")

_SIGNS = {
    "cp1252": rb"@[\w.-]+\.(?:fi|se|dk|no|is|fo|de|fr)\b|(?:nen|sen|sson|d.ttir)\b|[a-z][\xe1\xf8][a-z]",
    "cp1257": rb"@[\w.-]+\.(?:lt|lv|ee)\b|(?:auskas|inskas|ovskis|utis|aitis|vi.ius)\b|[ijkn]\xf8(?:(?=[\s;,])|\Z)",
    "cp1251": rb"@[\w.-]+\.(?:ru|by|ua|bg)\b",
}
"""What speaks for a code page beside its letters: domains, endings of names, and where in a word a letter stands."""


_OLD = ["koi8_r", "cp866", "iso8859_5", "mac_cyrillic", "cp1250", "iso8859_2", "cp850", "cp775", "mac_roman"]
"""Encodings that a refused file may be in; it is told, and never taken on a guess."""


DOCUMENT = said("is a document of Word, Excel or the like; open it there and save it as plain text.")
NO_TEXT = said("is no text that we can read; save it in UTF-8.")
DAMAGED = "says that it is {encoding} but is damaged; save it anew in UTF-8."
_ZIPPED, _OLDER = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
"""How such files begin: since 2007, and before."""


class UnknownEncoding(ValueError):
    """A file's letters cannot be told. ``str()`` is the sentence, with how to mend it."""


def decode(data: bytes) -> str:
    """The text of a file, without a byte order mark.

    Raises:
        UnknownEncoding: it is in none of UTF-8, UTF-16, UTF-32, cp1252, cp1257 and cp1251, or it is no text.
    """
    if data.startswith((_ZIPPED, _OLDER)):
        raise UnknownEncoding(DOCUMENT)
    for mark, codec in _MARKS:
        if data.startswith(mark):
            return _strictly(data, codec)
    try:
        text = data.decode("utf-8")
    except UnicodeDecodeError:
        text = data.decode(_code_page(data))
    if "\0" in text:
        raise UnknownEncoding(NO_TEXT)
    return text


def _strictly(data: bytes, codec: str) -> str:
    try:
        return data.decode(codec)
    except UnicodeDecodeError:
        raise UnknownEncoding(said(DAMAGED, encoding=codec.upper())) from None


def _code_page(data: bytes) -> str:
    if b"\0" in data:
        raise UnknownEncoding(NO_TEXT)
    scores = {codec: score for codec in _CODE_PAGES if (score := _likelihood(data, codec)) is not None}
    if not scores:
        raise UnknownEncoding(_unlike_any(data))
    return max(scores, key=lambda codec: scores[codec])


def _likelihood(data: bytes, codec: str) -> float | None:
    """How well a code page explains the letters (log likelihood), or nothing where it does not explain them."""
    try:
        text = data.decode(codec)
    except UnicodeDecodeError:
        return None
    weights = _CODE_PAGES[codec]
    letters = Counter(char for char in text if ord(char) > 127 and char not in _NEUTRAL)
    strange = sum(count for char, count in letters.items() if char.lower() not in weights)
    if strange * 20 > letters.total() or not (_like_russian(text) if codec == "cp1251" else _like_latin(text)):
        return None
    whole = sum(weights.values())
    known = sum(n * math.log(weights.get(char.lower(), 0.02) / whole) for char, n in letters.items())
    return known + len(re.findall(_SIGNS[codec], data, re.IGNORECASE))


def _like_latin(text: str) -> bool:
    """Whether letters outside ASCII stand among plain ones, as å and ė do, and not in rows of their own."""
    return len(_BESIDE_ASCII.findall(text)) >= len(_ROWS.findall(text))


def _like_russian(text: str) -> bool:
    """Whether letters stand among their like, with capitals only where words begin (KOI8-R would give ``пМШЗЮ``)."""
    rows = _ROWS.findall(text)
    odd = sum(1 for word in rows if re.search(r"[а-яё][А-ЯЁ]", word))
    return len(_BESIDE_ASCII.findall(text)) <= len(rows) and odd * 4 <= len(rows)


def _unlike_any(data: bytes) -> Said:
    best = from_bytes(data, cp_isolation=_OLD).best()
    if best is None:
        return said("is in no encoding that we know; save it in UTF-8.")
    perhaps = "is in no encoding that we know (perhaps it is {encoding}); save it in UTF-8."
    return said(perhaps, encoding=best.encoding.upper().replace("_", "-"))
