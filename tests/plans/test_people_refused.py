"""Rows and files of people that cannot be taken, each refused with its reason."""

from __future__ import annotations

import io
import zipfile
from pathlib import Path

import pytest

from plans import read_people
from plans.tables import MOST_ROWS
from tests.plans.sheets import listed, only_refusal, workbook


@pytest.mark.parametrize(
    ("row", "column", "says"),
    [
        (",a@a.example", "name", "is empty"),
        ("Anna,", "address", "is empty"),
        ("Anna,anna at library", "address", "no e-mail address"),
        ("Anna,a@b", "address", "no proper domain"),
        ("Anna,a@-b.example", "address", "no proper domain"),
        ("Anna,a@b..example", "address", "no proper domain"),
        ("Anna,a@192.168.0.1", "address", "no proper domain"),
        ("Anna,a..b@a.example", "address", "single dots"),
        ("Anna,a@a.example; b@a.example", "address", "not one address"),
        ("Anna,аnna@a.example", "address", "“а”, Cyrillic"),
        ("Anna,anna@nаrva.example", "address", "letters of two alphabets in one word (“а” is not Latin)"),
        ("Anna,anna@library.exаmple", "address", "letters of two alphabets in one word (“а” is not Latin)"),
        ("Anna,anna@lοgos.example", "address", "letters of two alphabets in one word (“ο” is not Latin)"),
        ("Anna,anna@xn--nrva-53d.example", "address", "letters of two alphabets in one word (“а” is not Latin)"),
        (f"Anna,{'x' * 65}@a.example", "address", "no e-mail address"),
        ("=HYPERLINK(x),a@a.example", "name", "formula"),
        ("+Anna,a@a.example", "name", "formula"),
        ("-Anna,a@a.example", "name", "formula"),
        ("@Anna,a@a.example", "name", "formula"),
        ("12345,a@a.example", "name", "no letter"),
        ("Anna,=cmd|x!a0@a.example", "address", "formula"),
        ("Anna,+a@a.example", "address", "formula"),
        (f"{'A' * 201},a@a.example", "name", "too long"),
        ("Ann=?utf-8?q?=0D=0ABcc:_x@y?=,a@a.example", "name", "“=?”"),
        ('"Ann\nBcc: x@y",a@a.example', "name", "control character"),
        ('"Ann\rBcc",a@a.example', "name", "control character"),
        ("Ann\u0007a,a@a.example", "name", "control character"),
        ("Ann\u202ea,a@a.example", "name", "direction of writing"),
        ("Ann\u2028a,a@a.example", "name", "control character"),
        ("Anna,a@a.example\u0001", "address", "control character"),
        ('Anna,"a@a.example\r\nBcc: x@y.example"', "address", "control character"),
    ],
)
def test_a_row_that_cannot_be_taken_is_refused_by_number_column_and_reason(row, column, says):
    people = read_people(f"name,address\nBo,bo@a.example\n{row}\n".encode(), "list.csv")
    (refused,) = people.refused
    assert (refused.row, refused.column) == (3, column)
    assert says in refused.reason
    assert [person.name for person in people.accepted] == ["Bo"]


@pytest.mark.parametrize(
    ("column", "words", "says"),
    [
        ("language", "klingon", "no language"),
        ("part", "caretaker", "participant, contact or speaker"),
        ("zone", "Mars/Olympus", "no time zone"),
        ("library", "=?x?=", "“=?”"),
        ("library", "L" * 301, "too long"),
    ],
)
def test_optional_columns_must_make_sense_too(column, words, says):
    refused = only_refusal(f"Anna,a@a.example,{words}", heading=f"name,address,{column}")
    assert refused.column == column
    assert says in refused.reason


def test_the_column_is_named_as_the_file_names_it():
    assert only_refusal("Päivi,", heading="Nimi,Sähköposti").column == "Sähköposti"


def test_a_refusal_reads_as_a_sentence():
    assert str(only_refusal("Anna,")) == "row 2: address: is empty; nobody can be written to without an address."


def test_a_formula_in_a_workbook_is_refused():
    people = read_people(workbook(("name", "mail"), ('=CMD("x")', "a@a.example")))
    assert "formula" in people.refused[0].reason


@pytest.mark.parametrize(
    "again", ["ANNA@A.example", " anna@a.EXAMPLE ", "mailto:anna@a.example", "Anna <anna@a.example>"]
)
def test_the_same_address_in_another_spelling_is_a_duplicate(again):
    people = listed("Anna,anna@a.example", f"Somebody,{again}")
    assert len(people.accepted) == 1
    (duplicate,) = people.duplicates
    assert (duplicate.row, "row 2" in duplicate.reason) == (3, True)


def test_the_same_domain_in_letters_and_in_ascii_is_a_duplicate():
    people = listed("Anna,anna@kirjastö.example", "Bo,anna@xn--kirjast-g1a.example")
    assert (len(people.accepted), len(people.duplicates)) == (1, 1)


def test_a_refused_row_does_not_make_a_later_one_a_duplicate():
    people = listed("=x,anna@a.example", "Anna,anna@a.example")
    assert ([person.row for person in people.accepted], people.duplicates) == ([3], ())


@pytest.mark.parametrize(
    ("data", "says"),
    [
        (b"", "is empty"),
        (b"  \n ", "is empty"),
        (b"title,year\nA book,1920\n", "“name” and “address”"),
        (b"name,year\nAnna,1920\n", "“address”"),
        (b"PK\x03\x04 no workbook", "no workbook"),
        (b"\xd0\xcf\x11\xe0 an old one", "old or password-protected"),
        (b'name,address\n"Anna,a@a.example\nBo,b@a.example\n', "never closed"),
        (b"name,address\n" + b"A,a@a.example\n" * (MOST_ROWS + 1), "more than"),
    ],
)
def test_a_file_that_cannot_be_read_is_refused_once_as_a_whole(data, says):
    people = read_people(data, "list.csv")
    assert (people.accepted, people.duplicates, len(people.refused)) == ((), (), 1)
    assert people.refused[0].row == 0
    assert says in people.refused[0].reason


def test_a_workbook_that_unpacks_without_end_is_refused(monkeypatch: pytest.MonkeyPatch):
    data = workbook(("name", "mail"), *[("Anna", f"a{number}@a.example") for number in range(500)])
    monkeypatch.setattr("plans.tables.LARGEST", len(data))
    assert read_people(data).accepted
    monkeypatch.setattr("plans.tables.LARGEST", 20_000_000)
    stuffed = io.BytesIO(data)
    with zipfile.ZipFile(stuffed, "a", zipfile.ZIP_DEFLATED) as parts:
        parts.writestr("xl/sharedStrings.xml", b"<si/>" * 8_200_000)
    assert "unpacks to far too much" in read_people(stuffed.getvalue()).refused[0].reason


def test_a_damaged_workbook_is_refused():
    torn = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(workbook(("name", "mail")))) as old, zipfile.ZipFile(torn, "w") as new:
        for part in old.namelist():
            new.writestr(part, b"<broken" if "sheet1" in part else old.read(part))
    assert "workbook" in read_people(torn.getvalue()).refused[0].reason


def test_a_file_that_is_no_workbook_though_its_name_says_so_is_refused():
    assert "is none" in read_people(b"name,address\nA,a@a.example", "people.xlsx").refused[0].reason


def test_a_file_that_is_not_there_is_refused(tmp_path: Path):
    assert "cannot be opened" in read_people(tmp_path / "nobody.csv").refused[0].reason


def test_a_folder_is_refused(tmp_path: Path):
    assert "cannot be opened" in read_people(tmp_path).refused[0].reason
