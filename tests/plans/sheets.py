"""People lists and workbooks, made of rows."""

from __future__ import annotations

import io

from openpyxl import Workbook

from exchange.plan import Organisation
from plans import read_people

LIBRARIES = (
    Organisation(
        id="vilnius", name={"en": "Vilnius Library", "lt": "Vilniaus biblioteka", "ru": "Вильнюсская библиотека"}
    ),
    Organisation(id="riga", name={"en": "Riga Library"}),
)


def listed(*rows: str, heading: str = "name,address"):
    return read_people("\n".join([heading, *rows]).encode(), "list.csv")


def only_refusal(*rows: str, heading: str = "name,address"):
    people = listed(*rows, heading=heading)
    (refused,) = people.refused
    return refused


def workbook(*rows: tuple[object, ...]) -> bytes:
    book, out = Workbook(), io.BytesIO()
    sheet = book.active
    assert sheet is not None
    for row in rows:
        sheet.append(row)
    book.save(out)
    return out.getvalue()
