"""Puts into the pages what is really said now: ``python -m tests.troubles.rewrite withdraw cancel`` (no names: all).

For when the words of a command have changed. What a page shows stays where it is still right; otherwise the whole of
what was said takes its place, and whoever changed the words reads the difference and leaves out again what a reader
need not see.
"""

from __future__ import annotations

import os
import re
import sys
import tempfile
from pathlib import Path

from tests.troubles.ground import Engine, server
from tests.troubles.hidden import happen
from tests.troubles.pages import Hidden, Shown, played, scenes
from tests.troubles.scene import Scene, plain_yes


def rewritten(page: Path, engine: Engine) -> str:
    """The page with what its commands say now."""
    lines = page.read_text("utf-8").splitlines()
    said: list[tuple[Shown, str]] = []
    with tempfile.TemporaryDirectory() as folder:
        scene = Scene(Path(folder), engine, answer=plain_yes)
        try:
            for part in scenes(page):
                if isinstance(part, Hidden):
                    happen(scene, part.words)
                elif (wrong := scene.tried(part, patience=5.0)) is not None:
                    said.append((part, wrong[1]))
        finally:
            scene.close()
    for shown, words in reversed(said):
        end = shown.line + len(shown.said.splitlines())
        lines[shown.line : end] = _shown(words, folder)
    return "\n".join(lines) + "\n"


def _shown(said: str, folder: str) -> list[str]:
    """Words as a page has them: without empty lines, what comes next, and what is another at every run."""
    said = re.sub(r"(127\.0\.0\.1):\d+", r"\1:…", said.replace(folder, "…"))
    return [line.rstrip() for line in said.splitlines() if line.strip() and not line.startswith("Next:")]


def main(names: list[str]) -> None:
    wanted = [page for page in played() if page.stem in names or not names]
    with tempfile.TemporaryDirectory() as folder, server(Path(folder), [page.stem for page in wanted]) as address:
        for page in wanted:
            new = rewritten(page, Engine(address, page.stem))
            print(f"{page.name}: {'as it was' if new == page.read_text('utf-8') else 'rewritten'}", flush=True)
            page.write_text(new, "utf-8")


if __name__ == "__main__":
    main(sys.argv[1:])
    sys.stdout.flush()
    os._exit(0)  # a process that used temporalio may abort in its exit handlers (sdk-python#300)
