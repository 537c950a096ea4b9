"""The words of a letter of staff's own: from the command line, or from files, one for each language."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from cli.faults import Misused

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exchange.plan import CyclePlan

LONGEST_SUBJECT = 150
"""Characters; mail programs show fewer still."""
LONGEST = 10_000
"""Characters in one language; what is longer is a paper, to be laid down somewhere and pointed to."""
MOST_BYTES = 64 * 1024
"""Bytes of a file; no letter is as long, in any script."""

Words = dict[str, tuple[str, str]]
"""Language code to subject and text."""


def from_options(plan: CyclePlan, subjects: list[str], texts: list[str], languages: list[str]) -> Words:
    """The letter as it was typed.

    Raises:
        Misused: something is missing, said twice, or cannot stand in a letter.
    """
    if not texts or len(subjects) != len(texts):
        raise Misused(
            "A letter needs a subject and words: --subject TEXT --text TEXT, once for each language; or --file. It "
            "goes to those named with --to: `kierros write --groups` lists the groups."
        )
    given = languages or (list(plan.languages) if len(plan.languages) == len(texts) == 1 else [])
    if len(given) != len(texts):
        known = ", ".join(plan.languages)
        raise Misused(f"Say the language of each --text with a --language, in the same order; the plan has {known}.")
    return _checked((name, name, subject, text) for name, subject, text in zip(given, subjects, texts, strict=True))


def from_files(plan: CyclePlan, files: list[Path], languages: list[str]) -> Words:
    """The letter as it stands in files: ``letter.fi.md`` in Finnish, its subject in the first line.

    Raises:
        Misused: a file cannot be read, or what it holds cannot be a letter.
    """
    if languages and len(languages) != len(files):
        raise Misused("Say the language of each --file with a --language, in the same order; or name it letter.fi.md.")
    if not languages:
        alone = len(files) == len(plan.languages) == 1 and not _named_for(files[0])
        languages = list(plan.languages) if alone else [_named_for(file) or file.name for file in files]
    return _checked((file.name, name, *_parted(file)) for file, name in zip(files, languages, strict=True))


def _named_for(file: Path) -> str:
    """The language that a file's name says: ``fi`` of ``letter.fi.md``; empty without one."""
    return Path(file.stem).suffix.removeprefix(".")


def _parted(file: Path) -> tuple[str, str]:
    """The first line that has words, and what stands below it."""
    from plans.encodings import UnknownEncoding, decode

    try:
        data = file.read_bytes()
    except OSError as why:
        raise Misused(f"{file} cannot be read ({why.strerror or why}).") from None
    if len(data) > MOST_BYTES:
        raise Misused(f"{file.name} has {len(data):,} bytes; a letter has at most {MOST_BYTES:,}.")
    try:
        words = decode(data)
    except UnknownEncoding as why:
        raise Misused(f"{file.name} {why}") from None
    subject, _, text = words.replace("\r\n", "\n").strip().partition("\n")
    return subject.removeprefix("#").removeprefix("Subject:").strip(), text


def _checked(letters: Iterable[tuple[str, str, str, str]]) -> Words:
    """The letter by language code; each comes with where it stands, its language, subject and text."""
    found: Words = {}
    for where, language, subject, text in letters:
        code = _code(where, language)
        if code in found:
            raise Misused(f"The letter is there twice in {language!r}. Give it once in each language.")
        found[code] = (_subject(where, subject), _text(where, text))
    return found


def _code(where: str, words: str) -> str:
    """The language by its code.

    Raises:
        Misused: it is no language that we know, or none in which letters are written.
    """
    from letters.catalogues import languages
    from plans.words import language_code
    from telling.names import language

    code = language_code(words)
    if not code:
        named = "name the file like letter.fi.md" if where != words else "write it like fi or Finnish"
        raise Misused(f"{where}: {words!r} is no language that we know; {named}.")
    code = "nb" if code == "nn" else code
    if code not in languages():
        known = ", ".join(map(language, languages()))
        raise Misused(f"{where}: letters are written in {known}, and nobody would get one in {language(code)}.")
    return code


def _subject(where: str, words: str) -> str:
    """The subject, on one line.

    Raises:
        Misused: it is empty, too long, or must not stand in a header.
    """
    from plans.words import tidy, unfit

    if why := unfit(words):
        raise Misused(f"The subject ({where}) {why}.")
    if not (subject := tidy(words)) or len(subject) > LONGEST_SUBJECT:
        raise Misused(
            f"The subject ({where}) needs words, at most {LONGEST_SUBJECT} characters; it has {len(subject)}."
        )
    return subject


def _text(where: str, words: str) -> str:
    """The text, with its lines.

    Raises:
        Misused: it is empty, too long, or has characters that no letter shows.
    """
    from plans.words import unfit

    text = words.replace("\r\n", "\n").strip()
    # what code could be in a header is harmless below it, e.g. in a link
    if why := unfit(text.replace("=?", ""), lines=True):
        raise Misused(f"The text ({where}) {why}.")
    if not text or len(text) > LONGEST:
        raise Misused(f"The text ({where}) needs words, at most {LONGEST:,} characters; it has {len(text):,}.")
    return text
