"""The pages of ``docs/troubles/``, read for what they show: what is typed, and what the screen then says.

A session stands between ```` ```console ```` and ```` ``` ````: each ``$`` begins a command, and what follows is what
it says. With ``refused`` behind ``console`` the commands are refused. What has to be there before, or happens in
between without being typed, stands in a comment that readers of the page do not see::

    <!-- test
    opened
    $ kierros register anna@valka-library.example
    -->
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

TROUBLES = Path(__file__).parents[2] / "docs" / "troubles"
_BLOCK = re.compile(r"^```(console(?: refused)?)\n(.*?)^```$|^<!-- test\n(.*?)^-->$", re.MULTILINE | re.DOTALL)


@dataclass(frozen=True)
class Shown:
    """One command of a page, and what the page says that it says."""

    line: int
    typed: str
    said: str
    refused: bool


@dataclass(frozen=True)
class Hidden:
    """One thing that a page does not show and that is there, or happens, all the same."""

    line: int
    words: str


def pages() -> list[Path]:
    """A page for each trouble."""
    return sorted(page for page in TROUBLES.glob("*.md") if page.name != "README.md")


def played() -> list[Path]:
    """These, and whatever other paper shows a session."""
    papers = sorted(TROUBLES.parent.glob("*.md"))
    return [*pages(), *(paper for paper in papers if _BLOCK.search(paper.read_text("utf-8")))]


def scenes(page: Path) -> Iterator[Shown | Hidden]:
    """What happens on a page, in order."""
    text = page.read_text("utf-8")
    for block in _BLOCK.finditer(text):
        first = text.count("\n", 0, block.start()) + 2
        if block[3] is not None:
            for number, line in enumerate(block[3].splitlines(), first):
                if line.strip():
                    yield Hidden(number, line.strip())
        else:
            yield from _session(block[2], first, refused=block[1].endswith("refused"))


def _session(text: str, first: int, *, refused: bool) -> Iterator[Shown]:
    lines = text.splitlines()
    starts = [number for number, line in enumerate(lines) if line.startswith("$ ")]
    assert starts[:1] == [0], f"line {first}: a session begins with a command"
    for start, end in zip(starts, [*starts[1:], len(lines)], strict=True):
        yield Shown(first + start, lines[start][2:], "\n".join(lines[start + 1 : end]), refused)
