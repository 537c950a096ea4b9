"""Pages that are written into files: what is no page is never written over."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli.faults import Refused
from cli.pages import put, spare


def test_a_page_takes_the_place_of_an_earlier_page(tmp_path: Path) -> None:
    file = tmp_path / "year.html"
    for words in ("<!doctype html><p>One", "<!DOCTYPE html><p>Two", "<svg xmlns=''>Three</svg>"):
        put(file, words)
    assert "Three" in file.read_text("utf-8")


@pytest.mark.parametrize("name", ["plan.yaml", "people.csv", "empty.html"])
def test_a_plan_or_a_list_is_never_written_over(tmp_path: Path, name: str) -> None:
    file = tmp_path / name
    words = "" if name.startswith("empty") else "programme: ours\n"
    file.write_text(words, "utf-8")
    for attempt in (lambda: spare(None, file), lambda: put(file, "<!doctype html>")):
        with pytest.raises(Refused, match="is there already"):
            attempt()
    assert file.read_text("utf-8") == words


def test_a_folder_that_is_not_there_is_told(tmp_path: Path) -> None:
    with pytest.raises(Refused, match="cannot be written"):
        put(tmp_path / "nowhere" / "year.html", "<!doctype html>")
