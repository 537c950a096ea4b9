"""Lists in the encodings of our countries, told by their letters."""

from __future__ import annotations

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st

from plans import read_people
from plans.encodings import UnknownEncoding, decode

NAMES = {
    "finnish": (["Päivi Mäkelä", "Jyrki Hämäläinen", "Åke Öhman"], "cp1252"),
    "swedish": (["Åsa Sjöberg", "Göran Lindström", "Märta Ek"], "cp1252"),
    "danish": (["Søren Kjær", "Bjørn Ågård", "Ægir Holm"], "cp1252"),
    "one danish name": (["Søren Holm"], "cp1252"),
    "norwegian": (["Øystein Bråthen", "Pål Sæther", "Kjærstad"], "cp1252"),
    "icelandic": (["Guðrún Jónsdóttir", "Þór Ævarsson", "Sigríður Björnsdóttir"], "cp1252"),
    "french": (["François Lefèvre", "Hélène Benoît"], "cp1252"),
    "lithuanian": (["Rūta Žukauskienė", "Kęstutis Šimkūnas", "Česė Ąžuolaitė"], "cp1257"),
    "one lithuanian name": (["Kęstutis Petrauskas"], "cp1257"),
    "a lithuanian library": (["Kauno miesto savivaldybės biblioteka", "Girstupio", "Eigulių"], "cp1257"),
    "latvian": (["Jānis Bērziņš", "Līga Kalniņa", "Ģirts Ķēniņš"], "cp1257"),
    "estonian": (["Tõnu Õunapuu", "Ülle Mägi", "Šarlotte Žukov"], "cp1257"),
    "russian": (["Ольга Соколова", "Иван Щукин", "Пётр Ёлкин"], "cp1251"),
    "one russian name": (["Юлия"], "cp1251"),
    "russian in capitals": (["ОЛЬГА СОКОЛОВА"], "cp1251"),
    "russian and latin": (["Anna Berg", "Иван Петров", "Helsingin kaupunginkirjasto"], "cp1251"),
}
UNICODE = ["utf-8", "utf-8-sig", "utf-16", "utf-32"]


def a_list(names: list[str]) -> str:
    rows = [f"{name};person{number}@library.example" for number, name in enumerate(names)]
    return "\r\n".join(["name;address", *rows, ""])


@pytest.mark.parametrize("language", NAMES)
def test_names_arrive_whole_in_the_code_page_of_their_language(language):
    names, code_page = NAMES[language]
    people = read_people(a_list(names).encode(code_page))
    assert [person.name for person in people.accepted] == names


@pytest.mark.parametrize("encoding", UNICODE)
@pytest.mark.parametrize("language", NAMES)
def test_names_arrive_whole_in_unicode(language, encoding):
    names, _ = NAMES[language]
    people = read_people(a_list(names).encode(encoding))
    assert [person.name for person in people.accepted] == names


@pytest.mark.parametrize("mark", [b"\xff\xfe", b"\xfe\xff"])
def test_both_byte_orders_of_utf_16_are_read(mark):
    codec = "utf-16-le" if mark == b"\xff\xfe" else "utf-16-be"
    assert decode(mark + a_list(["Ольга"]).encode(codec)) == a_list(["Ольга"])


@pytest.mark.parametrize("mark", [";", ",", "\t"])
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "cp1252"])
def test_every_delimiter_is_read_in_every_encoding(mark, encoding):
    data = a_list(["Päivi Mäkelä", "Åke Öhman"]).replace(";", mark).encode(encoding)
    assert len(read_people(data).accepted) == 2


@pytest.mark.parametrize(
    ("language", "encoding"),
    [
        ("russian", "koi8-r"),
        ("russian", "cp866"),
        ("russian", "iso8859-5"),
        ("russian", "mac-cyrillic"),
        ("finnish", "cp850"),
        ("finnish", "mac-roman"),
        ("lithuanian", "cp775"),
    ],
)
def test_an_encoding_that_we_do_not_know_is_refused_as_a_whole_and_not_guessed(language, encoding):
    people = read_people(a_list(NAMES[language][0]).encode(encoding), "list.csv")
    (refused,) = people.refused
    assert (refused.row, people.accepted, people.rows) == (0, (), 1)
    assert "save it in UTF-8" in refused.reason


@pytest.mark.parametrize(
    "data", [b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR", b"\xff\xfe\x00", b"name\0address", bytes(range(128, 256))]
)
def test_what_is_no_text_is_refused(data):
    with pytest.raises(UnknownEncoding):
        decode(data)


@given(st.lists(st.sampled_from([name for names, _ in NAMES.values() for name in names]), min_size=1, max_size=8))
def test_unicode_lists_of_any_mixture_are_read_exactly(names):
    text = a_list(names)
    assert all(decode(text.encode(encoding)) == text for encoding in UNICODE)


@given(st.binary(max_size=400))
def test_bytes_are_either_text_or_refused(data):
    with suppress(UnknownEncoding):
        assert "\0" not in decode(data)


@given(st.sampled_from(["finnish", "danish", "lithuanian", "latvian", "russian"]), st.data())
def test_the_order_of_names_does_not_change_the_guess(language, data):
    names, code_page = NAMES[language]
    shuffled = data.draw(st.permutations(names))
    assert decode(a_list(shuffled).encode(code_page)) == a_list(shuffled)
