"""Words looked for in raw bytes, in every form in which a file may hold them: TRUST invariant 25."""

from __future__ import annotations

import json
import quopri
from base64 import b64encode
from collections.abc import Iterable, Iterator
from pathlib import Path
from urllib.parse import quote, quote_plus

_BREAKS = (b"=\r\n", b"=\n", b"\r\n", b"\n")
"""What a letter's lines are broken by, in quoted-printable and in base64; they may stand within a word."""


def forms(word: str) -> dict[str, bytes]:
    """Every form of one word; the name of each, and its bytes in lower case where case says nothing."""
    raw = word.encode()
    found = {
        "raw": raw.lower(),
        "lower": word.lower().encode(),
        "quoted-printable": quopri.encodestring(raw).rstrip(b"=\n").replace(b"=\n", b"").lower(),
        "percent": quote(word).encode().lower(),
        "form": quote_plus(word).encode().lower(),
        "json": json.dumps(word)[1:-1].encode().lower(),
        "header": b"=?".join(quopri.encodestring(raw, header=True).split(b"=?")).rstrip(b"=\n").lower(),
        "utf-16-le": word.encode("utf-16-le").lower(),
        "utf-16-be": word.encode("utf-16-be").lower(),
    }
    for offset in range(3):
        padded = b64encode(b"\0" * offset + raw).decode().rstrip("=")
        first = (offset * 8 + 5) // 6  # the characters that depend on what stands before
        last = len(padded) - (1 if (offset + len(raw)) % 3 else 0)  # and the one that depends on what follows
        found[f"base64+{offset}"] = padded[first:last].encode()
    return {name: form for name, form in found.items() if len(form) > 4}


def hits(data: bytes, words: Iterable[str]) -> list[tuple[str, str]]:
    """Which of the words stand in the bytes, and in which form."""
    unbroken = data
    for line_break in _BREAKS:
        unbroken = unbroken.replace(line_break, b"")
    lower, whole = data.lower(), unbroken.lower()
    return [
        (word, name)
        for word in words
        for name, form in forms(word).items()
        if (form in data or form in unbroken if name.startswith("base64") else form in lower or form in whole)
    ]


def files(folder: Path) -> Iterator[Path]:
    return (file for file in sorted(folder.rglob("*")) if file.is_file() and not file.is_symlink())


def found_in(folder: Path, words: Iterable[str], *, but: Iterable[str] = ()) -> list[tuple[str, str, str]]:
    """File, word and form of everything that is found anywhere in a folder; files called as in ``but`` are passed."""
    wanted, passed = list(words), set(but)
    return [
        (str(file.relative_to(folder)), *hit)
        for file in files(folder)
        if file.name not in passed
        for hit in hits(file.read_bytes(), wanted)
    ]
