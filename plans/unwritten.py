"""Words that ``kierros new`` writes to be replaced: while they stand in a plan, letters would bear them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import replace

from exchange.base import Text
from exchange.plan import Seminar
from plans.faults import Fault
from plans.planfile import PlanFile
from plans.said import said
from plans.section import Path

LETTER = "One paragraph of your own for the invitation: what the year is about, and why it is worth while."
FIRST_REASON = "Why this library has most to bring to the theme."
OTHER_REASON = "Why this one could take its place."
THEME = "A theme of your own"
TOWN = "Your town"
HOSTS = ("The host library", "Another host library")
HOMES = ("Our own library", "Our neighbours' library")

NAMES = ("Name of the coordinator", "Name of the director")

PARAGRAPHS = (LETTER, FIRST_REASON, OTHER_REASON)
"""Whole sentences of ours: nobody else would write them."""
_ALL = frozenset((*PARAGRAPHS, THEME, TOWN, *HOSTS, *HOMES))


def unwritten(file: PlanFile) -> Iterator[Fault]:
    """A warning for each word of ours that still stands where the author's own belong."""
    for path, text in _texts(file):
        if ours := next((words for words in text.values() if " ".join(words.split()) in _ALL), ""):
            short = ours if len(ours) <= 40 else f"{ours[:39].rsplit(' ', 1)[0]} …"
            yield replace(file.fault(path, _own(short, may_go=ours in PARAGRAPHS), "warning"), unwritten=True)


def _own(words: str, *, may_go: bool) -> str:
    if may_go:
        sentence = "“{words}” is from kierros new and would stand in letters; write your own, or leave the line out."
        return said(sentence, words=words)
    return said("“{words}” is from kierros new and would stand in letters; write your own.", words=words)


def _texts(file: PlanFile) -> Iterator[tuple[Path, Text]]:
    yield ("theme", "name"), file.draft.theme_name
    for one in file.draft.organisations:
        yield ("organisations", one.id, "name"), one.name
    for step in file.draft.steps:
        if isinstance(step, Seminar):
            yield ("steps", step.id, "place"), step.place
    for place, text in file.texts.items():
        yield tuple(place.split(".")), text


def left_in(letter: str) -> list[str]:
    """Which sentences of ours a letter bears, however its lines are broken or quoted."""
    words = re.sub(r"[\s>]+", " ", letter)
    return [ours for ours in PARAGRAPHS if ours in words]
