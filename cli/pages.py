"""Pages and pictures that are written into files: one made before is replaced, and nothing else is written over."""

from __future__ import annotations

from pathlib import Path

from cli.faults import Refused

OURS = (b"<!doctype html", b"<svg", b"<?xml")
"""How a page or a picture begins; whatever begins otherwise is somebody's plan, list or letter."""


def spare(*files: Path | None) -> None:
    """Makes sure, before anything is done, that no file of another kind would be written over.

    Raises:
        Refused: there is such a file; it stays as it is.
    """
    for file in files:
        if file is not None and file.exists() and not _page(file):
            raise Refused(f"{file} is there already, is no page or picture, and stays as it is. Name another file.")


def put(file: Path, words: str) -> None:
    """Writes the page.

    Raises:
        Refused: it cannot be written, or would be written over something else.
    """
    spare(file)
    try:
        file.write_text(words, "utf-8")
    except OSError as why:
        raise Refused(f"{file} cannot be written ({why.strerror or why}).") from None


def _page(file: Path) -> bool:
    try:
        with file.open("rb") as begun:
            return begun.read(64).lstrip().lower().startswith(OURS)
    except OSError:
        return False
