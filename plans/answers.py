"""Feedback files: one row for each who answered, one column for each question.

A row names its person by e-mail address or by reference (``p_…``). What cannot be taken is refused by its number, and
the rest stands; nothing is taken here, the caller decides.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from exchange.questions import Question
from plans.addresses import normalised, read_address
from plans.faults import Misread, listed
from plans.headings import people_column
from plans.said import joined, said
from plans.tables import Refused, Row, Table, Unreadable, heading_key, read_table
from plans.words import plain, unfit

LONGEST_ANSWER = 2_000
"""Characters of a free text."""

Answer = int | str
"""A scale's value 1–5, the number of a choice counted from 1, or free words."""


@dataclass(frozen=True)
class AnswerRow:
    """What one person answered."""

    row: int
    """Its number in the file, as a spreadsheet shows it."""
    address: str
    """The normalised address; empty where the row gives a reference."""
    person: str
    """The reference ``p_…``; empty where the row gives an address."""
    answers: dict[str, Answer]
    """Question id to answer; questions left empty are not in it."""


@dataclass(frozen=True)
class AnswerList:
    """What a feedback file holds. ``len(accepted) + len(refused) + len(duplicates)`` is its rows."""

    name: str
    accepted: tuple[AnswerRow, ...] = ()
    refused: tuple[Refused, ...] = ()
    duplicates: tuple[Refused, ...] = ()
    ignored: tuple[str, ...] = ()
    """Headings that are no question of the form."""

    @property
    def rows(self) -> int:
        """How many rows hold anything, the heading not counted."""
        return len(self.accepted) + len(self.refused) + len(self.duplicates)


def read_answers(source: Path | str | bytes, questions: Sequence[Question], name: str = "") -> AnswerList:
    """Reads a feedback file, CSV or XLSX like a people list.

    Args:
        source: the file, or what was in it.
        questions: the questions of the feedback step, ``step.questions``.
        name: the file's name as people know it; without it the source's own.
    """
    path = Path(source) if isinstance(source, str) else source
    name = name or (path.name if isinstance(path, Path) else "feedback.csv")
    columns = {heading_key(question.id): f"q:{question.id}" for question in questions} | {"person": "person"}
    asked = tuple(columns[heading_key(question.id)] for question in questions)

    def meaning(key: str) -> str:
        common = people_column(key)
        return columns.get(key) or ("address" if common in {"address", "either"} else "")

    try:
        table = read_table(path, name, meaning, (("address", "person"), asked))
    except Unreadable as why:
        return AnswerList(name, refused=(Refused(0, "", str(why).replace("q:", "")),))
    return _sorted_out(table, name, questions)


def _sorted_out(table: Table, name: str, questions: Sequence[Question]) -> AnswerList:
    accepted: dict[str, AnswerRow] = {}
    refused: list[Refused] = []
    duplicates: list[Refused] = []
    for row in table.rows:
        try:
            address, person = _who(row, table)
            answers = _answers(row, table, questions)
        except _Cell as why:
            refused.append(Refused(row.number, why.column, str(why)))
            continue
        answer = AnswerRow(row.number, address, person, answers)
        first = accepted.setdefault(address or person, answer)
        if first is not answer:
            reason = f"this person has answered in row {first.row} already, and that row counts."
            duplicates.append(Refused(row.number, "", reason))
    return AnswerList(name, tuple(accepted.values()), tuple(refused), tuple(duplicates), table.ignored)


class _Cell(Misread):
    """A cell that cannot be taken."""

    def __init__(self, column: str, sentence: str) -> None:
        super().__init__(sentence)
        self.column = column


def _who(row: Row, table: Table) -> tuple[str, str]:
    if row["address"]:
        try:
            return normalised(read_address(row["address"])), ""
        except Misread as why:
            raise _Cell(table.heading("address"), str(why)) from None
    if row["person"].startswith("p_") and row["person"][2:].isalnum():
        return "", row["person"]
    column = table.heading("address" if "address" in table.headings else "person")
    raise _Cell(column, said("does not say whose answers these are; fill in the e-mail address."))


def _answers(row: Row, table: Table, questions: Sequence[Question]) -> dict[str, Answer]:
    answers: dict[str, Answer] = {}
    for question in questions:
        words = row[f"q:{question.id}"]
        if not words:
            continue
        try:
            answers[question.id] = _answer(question, words)
        except Misread as why:
            raise _Cell(table.heading(f"q:{question.id}"), str(why)) from None
    if not answers:
        raise _Cell("", said("answers no question; leave the row out or fill it in."))
    return answers


def _answer(question: Question, words: str) -> Answer:
    match question.form:
        case "scale":
            return _number(words, 5, said("a scale goes from 1 to 5"))
        case "choice":
            return _choice(question, words)
        case "text":
            return _text(words)


def _number(words: str, most: int, expected: str) -> int:
    digits = words.removesuffix(".0").removesuffix(",0")
    if digits.isascii() and digits.isdigit() and len(digits) < 4 and 1 <= int(digits) <= most:
        return int(digits)
    raise Misread(said("“{words}” is none of the answers: {expected}.", words=words[:40], expected=expected))


def _choice(question: Question, words: str) -> int:
    for number, choice in enumerate(question.choices, 1):
        if plain(words) in map(plain, choice.values()):
            return number
    names = (f"{number} {next(iter(choice.values()))}" for number, choice in enumerate(question.choices, 1))
    return _number(words, len(question.choices), listed(names, "or"))


def _text(words: str) -> str:
    if len(words) > LONGEST_ANSWER:
        raise Misread(said("is longer than {most} characters; shorten it.", most=LONGEST_ANSWER))
    text = words.replace("\r\n", "\n")
    if why := unfit(text.replace("=?", ""), lines=True):
        raise Misread(joined("{why}.", why=why))
    return text
