"""People lists as librarians send them."""

from __future__ import annotations

import csv
import io
import zipfile
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from exchange.plan import Organisation
from plans import read_people
from plans.addresses import normalised, read_address
from plans.faults import Misread
from plans.tables import MOST_ROWS

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


# ------------------------------------------------------------------------------------------------------- what is taken


def test_rows_are_taken_in_their_order_which_is_the_waiting_order():
    people = listed("Zoe,z@a.example", "Anna,a@a.example", "Mia,m@a.example")
    assert [(person.row, person.name) for person in people.accepted] == [(2, "Zoe"), (3, "Anna"), (4, "Mia")]


@pytest.mark.parametrize(
    "heading",
    [
        "name,address,language,library,part,zone",
        "Nimi,Sähköposti,Kieli,Kirjasto,Rooli,Aikavyöhyke",
        "ИМЯ,Эл. почта,Язык,Библиотека,Роль,Часовой пояс",
        "Namn,E-post,Språk,Bibliotek,Roll,Tidszon",
        "Vardas Pavardė,El. paštas,Kalba,Biblioteka,Vaidmuo,Laiko juosta",
        "Navn,E-mail,Sprog,Bibliotek,Rolle,Tidszone",
        "Ees- ja perekonnanimi,E-posti aadress,Keel,Raamatukogu,Osa,Ajavöönd",
        "Vārds uzvārds,E-pasta adrese,Valoda,Iestāde,Loma,Laika josla",
        " FULL NAME ,e-Mail Address,lang,Organisation,PART,time_zone",
    ],
)
def test_columns_are_known_by_their_names_in_our_languages(heading):
    people = listed("Anna,a@a.example,ru,vilnius,speaker,Europe/Vilnius", heading=heading)
    (anna,) = people.accepted
    assert (anna.language, anna.library, anna.part, anna.zone) == ("ru", "vilnius", "speaker", "Europe/Vilnius")
    assert people.ignored == ()


def test_columns_may_stand_in_any_order_and_strange_ones_are_named():
    people = listed("x,a@a.example,7,Anna", heading="Notes,mail,Shoe size,name")
    assert people.accepted[0].name == "Anna"
    assert people.ignored == ("Notes", "Shoe size")


def test_given_and_family_names_become_one_name():
    people = listed("Mäkelä,Päivi,p@a.example", heading="Sukunimi;Etunimi;Sähköposti".replace(";", ","))
    assert people.accepted[0].name == "Päivi Mäkelä"


def test_an_e_mail_column_counts_before_a_postal_address():
    people = listed("Anna,Main Street 1,a@a.example", heading="name,address,e-mail")
    assert people.accepted[0].address == "a@a.example"


def test_only_name_and_address_are_needed():
    (anna,) = listed("Anna,a@a.example").accepted
    assert (anna.language, anna.library, anna.part, anna.zone) == ("", "", "invitee", "")


@pytest.mark.parametrize(
    ("words", "part"),
    [
        ("", "invitee"),
        ("Participant", "invitee"),
        ("yhteyshenkilö", "contact"),
        ("ДОКЛАДЧИК", "speaker"),
        ("värd", "contact"),
        ("Võõrustaja", "contact"),
        ("lektore", "speaker"),
    ],
)
def test_parts_are_known_by_their_names_in_our_languages(words, part):
    (person,) = listed(f"Anna,a@a.example,{words}", heading="name,address,part").accepted
    assert person.part == part


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("Finnish", "fi"),
        ("ruotsi", "sv"),
        ("русский", "ru"),
        ("en-GB", "en"),
        ("norsk", "nb"),
        ("no", "nb"),
        ("eesti", "et"),
        ("latviešu", "lv"),
    ],
)
def test_languages_are_known_by_code_and_by_name(words, code):
    (person,) = listed(f"Anna,a@a.example,{words}", heading="name,address,language").accepted
    assert person.language == code


@pytest.mark.parametrize("words", ["vilnius", "Vilnius Library", "VILNIAUS  biblioteka", "Вильнюсская библиотека"])
def test_a_library_is_known_by_its_id_and_by_its_name_in_any_language(words):
    data = f"name,address,library\nAnna,a@a.example,{words}\n".encode()
    (person,) = read_people(data, organisations=LIBRARIES).accepted
    assert person.library == "vilnius"


def test_a_quoted_cell_may_hold_the_delimiter():
    (person,) = listed('"Berg, Anna",a@a.example').accepted
    assert person.name == "Berg, Anna"


def test_a_heading_may_stand_below_a_title():
    people = read_people(b"Participants of the spring course;\n;\nname;mail\nAnna;a@a.example\n")
    assert [(person.row, person.name) for person in people.accepted] == [(4, "Anna")]


def test_the_hint_that_excel_writes_for_itself_is_understood():
    people = read_people(b"sep=;\nname;mail\nAnna;a@a.example\n")
    assert [(person.row, person.name) for person in people.accepted] == [(3, "Anna")]


def test_empty_rows_are_no_rows():
    people = read_people(b"name;mail\n\n;\nAnna;a@a.example\n;\n")
    assert (people.rows, people.accepted[0].row) == (1, 4)


def test_a_workbook_is_read_like_a_list(tmp_path: Path):
    file = tmp_path / "people.xlsx"
    file.write_bytes(
        workbook(("Имя", "Почта", "Phone"), ("Ольга", "o@a.example", 358401234567.0), ("Иван", "bad", None))
    )
    people = read_people(file)
    assert [(person.row, person.name) for person in people.accepted] == [(2, "Ольга")]
    assert [refused.row for refused in people.refused] == [3]
    assert people.ignored == ("Phone",)


def test_a_workbook_is_known_by_what_is_in_it():
    assert read_people(workbook(("name", "mail"), ("Anna", "a@a.example")), "list").accepted[0].name == "Anna"


def test_the_sheet_that_lists_people_is_found_among_others():
    book, out = Workbook(), io.BytesIO()
    first = book.active
    assert first is not None
    first.append(("Budget", 2012))
    second = book.create_sheet("People")
    for row in [("Course of 2012",), (), ("Namn", "E-post"), ("Åsa Ek", "asa@a.example")]:
        second.append(row)
    book.save(out)
    assert [(one.row, one.name) for one in read_people(out.getvalue()).accepted] == [(4, "Åsa Ek")]


def test_blanks_behind_a_delimiter_mean_nothing():
    (person,) = listed('Anna, "a@a.example", ru', heading="name, address, language").accepted
    assert (person.address, person.language) == ("a@a.example", "ru")


def test_telephone_numbers_stay_as_they_are_and_refuse_nobody():
    people = listed("Anna,a@a.example,+358 40 123", "Bo,b@a.example,-", heading="name,address,phone")
    assert len(people.accepted) == 2


# --------------------------------------------------------------------------------------------------- what is refused


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
        (f"Anna,{'x' * 65}@a.example", "address", "no e-mail address"),
        ("=HYPERLINK(x),a@a.example", "name", "formula"),
        ("+Anna,a@a.example", "name", "formula"),
        ("-Anna,a@a.example", "name", "formula"),
        ("@Anna,a@a.example", "name", "formula"),
        ("12345,a@a.example", "name", "no letter"),
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
        parts.writestr("xl/media/nothing.bin", b"\0" * 210_000_000)
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


# --------------------------------------------------------------------------------------------------------- always so

CELLS = st.text(max_size=30) | st.sampled_from(["Anna", "a@a.example", "A@a.example", "b@b.example", "=x", "", "ru"])


@given(st.lists(st.tuples(CELLS, CELLS, CELLS), max_size=20), st.sampled_from([",", ";", "\t"]))
def test_accepted_refused_and_duplicate_rows_are_all_rows(rows, mark):
    out = io.StringIO()
    writer = csv.writer(out, delimiter=mark)
    writer.writerows([("name", "address", "language"), *rows])
    people = read_people(out.getvalue().encode("utf-8", "ignore"))
    taken = [entry.row for group in (people.accepted, people.refused, people.duplicates) for entry in group]
    assert len(taken) == len(set(taken)) == people.rows
    assert [person.row for person in people.accepted] == sorted(person.row for person in people.accepted)
    assert len({person.address_norm for person in people.accepted}) == len(people.accepted)


@given(st.binary(max_size=300))
def test_no_bytes_make_a_list_fail(data):
    people = read_people(b"name,address\n" + data)
    assert people.rows >= 0


@given(st.text(max_size=60))
def test_an_accepted_address_is_safe_in_a_header(words):
    try:
        address = read_address(words)
    except Misread:
        return
    assert not set(address) & set("\r\n<>,;: \t")
    assert normalised(normalised(address)) == normalised(address)
