"""The table of letters and their links says what letters carry, and every letter has what its reader needs."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from letters.personal import MAY_UNSUBSCRIBE, stand_ins
from tests.letters.world import KINDS, PLAN, facts

PAGE = Path(__file__).parents[2] / "docs/librarian.md"
OPENS = {
    "invitation": "her invitation", "place": "her place", "feedback": "feedback", "learned": "what she learned",
    "nominate": "whom her library sends", "host": "the visit", "host_feedback": "how the visit went",
}  # fmt: skip
OF_THE_LETTER = {
    "new_link": "every page she has had", "answer_accepted": "the page she answered on",
    "answer_refused": "the page she answered on",
}  # fmt: skip
"""Letters whose links depend on what happened before."""
NOTHING_TO_DO = {
    "seminar_speaker", "speaker_released", "host_released", "no_place", "thanks", "word", "cycle_suspended",
    "cycle_resumed", "cycle_cancelled", "data_kept_until", "address_changed", "erasure_asked",
}  # fmt: skip
"""Letters with which nothing can be done but to read them, or to see one's data."""
OF_PEOPLE = [kind for kind in KINDS if facts(kind).reader.ref.startswith("p_")]


def table() -> dict[str, tuple[str, ...]]:
    words = PAGE.read_text("utf-8").partition("### What her links open")[2]
    rows = re.findall(r"^\| ([a-z ]+) \| (.+?) \| (.+?) \| (.+?) \|$", words, re.MULTILINE)
    return {row[0].replace(" ", "_"): row[1:] for row in rows if row[0] != "letter"}


def test_the_table_holds_every_letter_that_people_get() -> None:
    assert sorted(table()) == sorted(OF_PEOPLE)


@pytest.mark.parametrize("kind", OF_PEOPLE)
def test_the_table_says_what_the_letter_carries(kind: str) -> None:
    one = facts(kind)  # type: ignore[arg-type]  # a kind of the catalogue of kinds
    found = list(stand_ins(one, one.reader.ref, PLAN).values())
    opens = OF_THE_LETTER.get(kind) or ", ".join(OPENS[purpose] for purpose, _ in found if purpose in OPENS) or "–"
    data = "no" if "data" not in dict(found) else "confirm the erasure" if ("data", "erase") in found else "yes"

    assert table()[kind] == (opens, data, "yes" if kind in MAY_UNSUBSCRIBE else "no")
    assert (opens == "–") == (kind in NOTHING_TO_DO), "what somebody is asked or told, she can act on from the letter"
