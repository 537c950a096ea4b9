"""Whether letters can be written in the languages that a plan promises its readers."""

from __future__ import annotations

from collections.abc import Iterator

from plans.faults import Fault, listed
from plans.people import PeopleList
from plans.planfile import PlanFile
from plans.words import language_name

_SAME = {"no": "nb", "nn": "nb"}
"""As the letters have it: readers of Nynorsk are written to in Bokmål."""


def letters_language(language: str, spoken: tuple[str, ...], written: tuple[str, ...]) -> str:
    """The language of a reader's letters: hers, else the plan's first that letters are written in, else English.

    Args:
        language: the reader's.
        spoken: the plan's, in their order.
        written: those that letters can be written in.
    """
    codes = (_SAME.get(code, code) for code in (language, *spoken))
    return next((code for code in codes if code in written), "en")


def languages(file: PlanFile, people: PeopleList, written: tuple[str, ...] | None) -> Iterator[Fault]:
    """A warning for each language of the plan in which there are no letters.

    Args:
        file: the plan.
        people: the list beside it.
        written: the languages letters can be written in; without it nothing is said.
    """
    spoken = file.draft.languages
    for code in spoken if written is not None else ():
        if written is None or code in written:
            continue
        readers = [one for one in people.accepted if (one.language or spoken[0]) == code]
        instead = language_name(letters_language(code, spoken, written))
        who = f"the {len(readers)} on {people.name} who read it get" if len(readers) > 1 else "whoever reads it gets"
        yield file.fault(
            ("languages",),
            f"there are no letters in {language_name(code)} yet, only in {listed(map(language_name, written))}; "
            f"{who} letters in {instead}.",
            "warning",
        )
