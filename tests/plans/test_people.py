"""People lists as librarians send them."""

from __future__ import annotations

import csv
import io
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from openpyxl import Workbook

from plans import read_people
from plans.addresses import normalised, read_address
from plans.faults import Misread
from tests.plans.sheets import LIBRARIES, listed, workbook


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


@pytest.mark.parametrize(
    "address", ["anna@почта.example", "anna@λόγος.example", "anna@bücher.example", "a@図書カン.example"]
)
def test_a_domain_in_letters_of_one_alphabet_is_an_address(address):
    assert read_address(address) == address
