"""The papers, read for what they name: commands, links, keys."""

from __future__ import annotations

import re
import shlex
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parent.parent.parent
README = ROOT / "README.md"
PAGES = [
    README,
    ROOT / "CHANGELOG.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "deploy" / "README.md",
    *sorted((ROOT / "docs").glob("*.md")),
    *sorted((ROOT / "docs" / "adr").glob("*.md")),
    *sorted((ROOT / "docs" / "troubles").glob("*.md")),
]
DOCS = [page for page in PAGES if page.parent.name in {"docs", "troubles"} or page == README]


@dataclass(frozen=True)
class Line:
    """One line of a page that shows what to type."""

    page: Path
    number: int
    words: str
    whole: bool = True
    """Whether it is there to be typed as it stands; in the middle of a sentence a command may only be named."""

    def __str__(self) -> str:
        return f"{self.page.relative_to(ROOT)}:{self.number}"


def text(page: str) -> str:
    return (ROOT / page).read_text("utf-8")


def typed(page: Path) -> Iterator[Line]:
    """What a page says to type: its indented lines, what stands in the middle of a sentence between backticks, and the
    lines of a console session that begin with ``$``."""
    session = False
    for number, line in enumerate(page.read_text("utf-8").splitlines(), 1):
        if line.startswith("```"):
            session = not session and line.startswith("```console")
        elif session:
            if line.startswith("$ "):
                yield Line(page, number, line[2:])
        elif line.startswith("    ") and not line.lstrip().startswith(("-", "|", "#")):
            yield Line(page, number, line.strip())
        else:
            for quoted in re.findall(r"`([^`]+)`", line):
                yield Line(page, number, quoted.strip(), whole=False)


def commands(program: str) -> Iterator[tuple[Line, list[str]]]:
    """Every command line of a program in the papers, with its words; those of deploy/ are typed through docker."""
    for page in PAGES:
        if page.parent.name == "deploy":
            continue
        for line in typed(page):
            words = shlex.split(line.words, comments=True) if program in line.words else []
            while words and re.fullmatch(r"[A-Z_]+=.*", words[0]):
                words = words[1:]
            if ">" in words:  # where the shell puts what is printed is no matter of the command's
                words = words[: words.index(">")]
            if words and words[0] == program:
                yield line, words[1:]


def links(page: Path) -> list[str]:
    """Where a page's links and pictures lead, within the project."""
    found = re.findall(r"\]\(([^)\s]+)\)", page.read_text("utf-8"))
    return [link for link in found if "://" not in link and not link.startswith("#")]


def anchors(page: Path) -> set[str]:
    """The names of a page's headings as GitHub and others make them."""
    headings = re.findall(r"^#+ (.+)$", page.read_text("utf-8"), re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
