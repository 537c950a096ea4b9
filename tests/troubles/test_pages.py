"""Each trouble is shown by a page of ``docs/troubles/`` whose commands are typed here, on a real server."""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.troubles.hidden import happen
from tests.troubles.pages import TROUBLES, Hidden, Shown, pages, played, scenes
from tests.troubles.scene import Scene

pytestmark = [pytest.mark.server, pytest.mark.timeout(240)]


def tried() -> Iterator[Any]:
    """Every page; those that start `kierros up` or PostgreSQL, or fill a disk, belong to `make verify`."""
    for page in played():
        slow = any(isinstance(part, Shown) and part.typed == "kierros up" for part in scenes(page))
        happens = {part.words for part in scenes(page) if isinstance(part, Hidden)}
        database = [pytest.mark.postgres] if "postgresql" in happens else []
        slow = slow or bool(database) or "small_disk" in happens
        yield pytest.param(page, id=page.stem, marks=[*database, *([pytest.mark.slow] if slow else [])])


@pytest.mark.parametrize("page", list(tried()))
def test_what_a_page_shows_happens(page: Path, scene: Scene) -> None:
    for part in scenes(page):
        if isinstance(part, Hidden):
            happen(scene, part.words)
        else:
            scene.play(part)


@pytest.mark.parametrize(
    "shown",
    [
        Shown(1, "kierros staff list", "Nobody is known.", refused=False),
        Shown(1, "kierros staff list", "…", refused=True),
        Shown(1, "kierros show", "…", refused=False),
        Shown(1, "kierros shew", "…", refused=False),
    ],
    ids=["it says something else", "it is not refused", "it is refused", "there is no such command"],
)
def test_a_page_that_shows_what_does_not_happen_fails(shown: Shown, scene: Scene) -> None:
    assert scene.tried(Shown(1, "kierros staff list", "…\nMaija Salo …\n…", refused=False)) is None
    assert scene.tried(shown, patience=0.0) is not None


def test_the_table_of_contents_has_every_page_under_its_title() -> None:
    listed = dict(re.findall(r"^- \[(.+)\]\((.+)\.md\)$", (TROUBLES / "README.md").read_text("utf-8"), re.MULTILINE))

    titles = {page.read_text("utf-8").partition("\n")[0].removeprefix("# "): page.stem for page in pages()}
    assert listed == titles


@pytest.mark.parametrize("page", pages(), ids=lambda page: page.stem)
def test_a_page_shows_something_and_says_what_to_expect(page: Path) -> None:
    text = page.read_text("utf-8")

    assert any(isinstance(part, Shown) for part in scenes(page))
    assert "**Watch** " in text or "**If " in text
    assert len(text.splitlines()) < 120
