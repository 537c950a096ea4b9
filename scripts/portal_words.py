"""The sentences of the portal's pages, and their catalogues.

    python -m scripts.portal_words            all areas
    python -m scripts.portal_words participant

writes ``portal/locale/<language>/<area>.po`` for each of the eight languages: what the area's pages say and the
catalogue lacks is added with an empty ``msgstr``, what they no longer say is taken out, what was translated stays.

The area of a sentence is that of its file: ``templates/<area>/`` and ``pages/<area>*.py``; what stands elsewhere is
``frame``. What the terminal tells too, of events and of what is to be known of a decision, is ``history``; what is said
of plans and lists is ``faults``. A sentence
of several areas is the first one's; where a catalogue has it already, it stays there.
"""

from __future__ import annotations

import ast
import sys
from collections.abc import Iterator
from io import BytesIO
from pathlib import Path
from typing import cast

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_file
from babel.messages.pofile import read_po, write_po

from letters.catalogues import SOURCE, languages
from letters.catalogues import catalogue as of_letters
from telling.amended import SAID as AMENDED
from telling.heldup import EMPTY, REJECTED_LATE
from telling.names import NAMES
from telling.said import AHEAD, ASKS, EVENTS, PARTS
from telling.wished import KNOWN

PORTAL = Path(__file__).parent.parent / "portal"
KEYWORDS = {**DEFAULT_KEYWORDS, "mark": None, "_say": None, "say": None, "many": (1, 2)}
FRAME = "frame"
STAFFS = {"acting.py", "deeds.py", "staff.py", "states.py"}
"""Modules beside the frame's own that belong to the pages of staff."""
Sentence = str | tuple[str, str]
"""What is said, or its forms for one and for several."""


def area_of(file: Path) -> str:
    """The area to which a file of the portal belongs."""
    within = file.relative_to(PORTAL).parts
    if within[0] == "templates" and len(within) > 2:
        return within[1]
    if within[0] in {"pages", "shown"} and within[-1] != "__init__.py":
        return file.stem.partition("_")[0]
    return "staff" if within[0] in STAFFS else FRAME


def sentences() -> dict[Sentence, str]:
    """Every sentence that pages say, with the area whose catalogue has it or should; none that letters say as well."""
    said: dict[Sentence, set[str]] = {}
    for file in sorted([*PORTAL.rglob("*.py"), *PORTAL.rglob("*.jinja")]):
        for sentence in _said_in(file):
            said.setdefault(sentence, set()).add(area_of(file))
    for sentence in (*AHEAD.values(), *ASKS.values(), *NAMES, *PARTS, EMPTY, REJECTED_LATE):
        said.setdefault(sentence, {"staff"})
    for sentence in AMENDED:
        said.setdefault(sentence, {"planning"})
    for sentence in (*EVENTS.values(), *KNOWN.values()):
        said.setdefault(sentence, {"history"})
    for sentence in of_faults():
        said.setdefault(sentence, {"faults"})
    kept = _kept()
    return {
        sentence: kept.get(sentence) or (FRAME if FRAME in by else min(by))
        for sentence, by in said.items()
        if not _in_letters(sentence)
    }


def of_faults() -> set[str]:
    """What is said of plans and lists: the templates of :func:`plans.said.said`, as they stand in the code."""
    workers = PORTAL.parent / "workers"
    sources = [*(PORTAL.parent / "plans").glob("*.py"), workers / "importing.py", workers / "amending.py"]
    return {template for source in sources for template in _templates(ast.parse(source.read_text("utf-8")))}


def _templates(code: ast.AST) -> Iterator[str]:
    """Each first argument of ``said``: words, or a name to which words are given somewhere in the same module."""
    named: dict[str, list[str]] = {}
    for node in ast.walk(code):
        if isinstance(node, ast.Assign) and isinstance(node.targets[0], ast.Name):
            named.setdefault(node.targets[0].id, []).extend(_words(node.value))
    for node in ast.walk(code):
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "said":
            first = node.args[0]
            yield from named.get(first.id, []) if isinstance(first, ast.Name) else _words(first)


def _words(node: ast.expr) -> list[str]:
    return [node.value] if isinstance(node, ast.Constant) and isinstance(node.value, str) else []


def _kept() -> dict[Sentence, str]:
    """What the catalogues have already, by area: it stays where it is when another area says it too."""
    found: dict[Sentence, str] = {}
    for file in sorted((PORTAL / "locale" / "fi").glob("*.po"), reverse=True):
        found |= {cast("Sentence", one.id): file.stem for one in read("fi", file.stem) if one.id and one.string}
    return found


def _said_in(file: Path) -> Iterator[Sentence]:
    method = "jinja2" if file.suffix == ".jinja" else "python"
    # how the templates cut their blocks, which is part of what a trans block says
    options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false", "newstyle_gettext": "true"}
    for _, said, _, _ in extract_from_file(method, file, KEYWORDS, options=options if method == "jinja2" else {}):
        if isinstance(said, tuple):
            yield said[0], said[1]
        elif said:
            yield said


def _in_letters(sentence: Sentence) -> bool:
    if isinstance(sentence, tuple):
        return False
    return all(of_letters(language).gettext(sentence) != sentence for language in languages() if language != SOURCE)


def read(language: str, area: str) -> Catalog:
    """A catalogue as it stands; an empty one where there is none."""
    file = PORTAL / "locale" / language / f"{area}.po"
    if not file.exists():
        return Catalog(locale=language, project="Kierros", version="0.1.0", charset="utf-8", fuzzy=False)
    with file.open("rb") as source:
        return read_po(source, locale=language)


def renewed(language: str, area: str, said: dict[Sentence, str]) -> Catalog:
    """The catalogue with exactly what the area says now, by the alphabet."""
    before = read(language, area)
    now = Catalog(locale=language, project="Kierros", version="0.1.0", charset="utf-8", fuzzy=False)
    for sentence in sorted((one for one, its in said.items() if its == area), key=str):
        known = before.get(sentence[0] if isinstance(sentence, tuple) else sentence) or _elsewhere(language, sentence)
        string = (
            known.string if known is not None and isinstance(known.id, tuple) == isinstance(sentence, tuple) else None
        )
        now.add(sentence, string or ("" if isinstance(sentence, str) else ("",) * now.num_plurals))
    return now


def _elsewhere(language: str, sentence: Sentence) -> Message | None:
    """The sentence in another area's catalogue: it may have moved here."""
    key = sentence[0] if isinstance(sentence, tuple) else sentence
    folder = PORTAL / "locale" / language
    found = (read(language, file.stem).get(key) for file in sorted(folder.glob("*.po")))
    return next(filter(None, found), None)


def write(language: str, area: str, said: dict[Sentence, str]) -> int:
    """Renews one catalogue; how many sentences wait to be translated."""
    catalogue = renewed(language, area, said)
    text = BytesIO()
    write_po(text, catalogue, width=120, omit_header=True, no_location=True)
    file = PORTAL / "locale" / language / f"{area}.po"
    if not len(catalogue):
        file.unlink(missing_ok=True)
        return 0
    file.parent.mkdir(parents=True, exist_ok=True)
    file.write_bytes(HEADER.format(language=language, plurals=catalogue.plural_forms).encode() + text.getvalue())
    return sum(not (all(m.string) if isinstance(m.string, tuple) else m.string) for m in catalogue if m.id)


HEADER = """\
msgid ""
msgstr ""
"Language: {language}\\n"
"MIME-Version: 1.0\\n"
"Content-Type: text/plain; charset=utf-8\\n"
"Content-Transfer-Encoding: 8bit\\n"
"Plural-Forms: {plurals}\\n"

"""


def main() -> None:
    """Renews the catalogues of the areas that were named, or of all."""
    said = sentences()
    wanted = sys.argv[1:] or sorted({*said.values(), *(file.stem for file in (PORTAL / "locale").rglob("*.po"))})
    for area in wanted:
        missing = {language: write(language, area, said) for language in languages() if language != SOURCE}
        print(f"{area}: {sum(its == area for its in said.values())} sentences; to be translated: {missing}")


if __name__ == "__main__":
    main()
