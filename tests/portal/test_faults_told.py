"""What is wrong with a plan or a list is said in the reader's language, and marked as English where it has no words."""

from __future__ import annotations

import codecs
import re
from collections.abc import Callable
from datetime import UTC, datetime, time

import pytest

from letters.catalogues import SOURCE, languages
from plans import check_plan, read_answers, read_people
from plans.clock import read_moment
from plans.currencies import read_currency
from plans.faults import Fault, Misread
from plans.privacy import read_months
from plans.said import Said, Several
from plans.tables import MOST_ROWS
from portal.shown.faults import in_words, told
from portal.speech import words_in
from scripts.portal_words import of_faults
from tests.plans.paper import STAFF, Desk
from tests.plans.test_answers import QUESTIONS
from tests.portal.desk import Desk as Staff
from tests.portal.test_planning import desk, papers
from tests.portal.test_planning_faults import faults

__all__ = ["desk", "papers"]

OTHERS = [language for language in languages() if language != SOURCE]
ENGLISH = re.compile(r"\b(the|is|has|must|write|add|mend|keep|fill|use|nobody|stands)\b")
PAST = datetime(2030, 1, 1, tzinfo=UTC)
SPOILT: dict[str, tuple[str, str]] = {
    "a key is missing": ("theme: Management", "teme: Management"),
    "a key is unknown": ("    capacity:", "    capacidad: 3\n    capacity:"),
    "a capacity is none": ("    capacity: 12", "    capacity: many"),
    "a capacity is too small": ("    capacity: 12", "    capacity: 0"),
    "a date cannot be read": ("    due: 2012-09-03", "    due: some day"),
    "a day does not exist": ("    due: 2012-09-03", "    due: 2012-02-31"),
    "an organisation is unknown": ("host: helsinki", "host: helsingfors"),
    "a role is held by nobody": ("    approval: director\n", "    approval: treasurer\n"),
    "a span of days is none": ("theme: Management", "theme: Management\nquiet_weeks: [some weeks]"),
    "a span of days is turned round": ("theme: Management", "theme: Management\nquiet_weeks: [2012-07-31..2012-07-01]"),
    "a kind of step is unknown": ("    kind: feedback", "    kind: fedback"),
    "it is no YAML": ("theme: Management", "theme: @Management"),
}
ROWS: dict[str, str] = {
    "an address is bad": "Bo Berg,bo at home,en,ours,participant",
    "an address is missing": "Bo Berg,,en,ours,participant",
    "a name is missing": ",bo@ours.example,en,ours,participant",
    "a person stands twice": "Anna K,anna@ours.example,en,ours,participant",
    "a library is unknown": "Bo Berg,bo@ours.example,en,Atlantis,participant",
    "a language is unknown": "Bo Berg,bo@ours.example,klingon,ours,participant",
    "a part is unknown": "Bo Berg,bo@ours.example,en,ours,singer",
}


@pytest.fixture
def paper(tmp_path) -> Desk:
    return Desk(tmp_path)


def spoken_everywhere(found: list[Fault]) -> None:
    """Each of the faults has words in all eight languages, none of them English, with its facts in them."""
    assert found
    for fault in found:
        assert isinstance(fault.sentence, Said), fault.sentence
        for language in OTHERS:
            said, ours = in_words(words_in(language), fault.sentence)
            assert ours
            assert said != fault.sentence
            assert not ENGLISH.search(re.sub(r"[“”„«»].*?[“”“«»]", "", said)), (language, said)
            assert "{" not in said.replace("{id", "")


@pytest.mark.parametrize("kind", SPOILT)
def test_a_fault_of_a_plan_has_words_in_every_language(paper: Desk, kind: str):
    paper.change(*SPOILT[kind])
    spoken_everywhere([fault for fault in paper.faults() if fault.severity == "error"])


@pytest.mark.parametrize("kind", ROWS)
def test_a_fault_of_a_list_has_words_in_every_language(paper: Desk, kind: str):
    paper.people.write_text(f"{paper.people.read_text('utf-8')}{ROWS[kind]}\n", "utf-8")
    spoken_everywhere([fault for fault in paper.faults() if fault.file == "people.csv"])


def test_dates_that_are_past_or_out_of_order_have_words_in_every_language(paper: Desk):
    spoken_everywhere([one for one in check_plan(paper.plan, STAFF, PAST) if one.severity == "error"])
    paper.change("    due: 2012-09-03", "    due: 2012-01-03")
    spoken_everywhere([one for one in paper.faults() if one.severity == "error"])


def test_a_warning_of_clocks_that_differ_has_words_in_every_language(paper: Desk):
    paper.change("host: turku\n            cost: 4 000", "host: oslo\n            cost: 4 000")
    spoken_everywhere([fault for fault in paper.faults() if "the clocks at" in fault.sentence])


UNREADABLE: dict[str, bytes] = {
    "empty": b"",
    "headings": b"a,b\n1,2\n",
    "old": b"\xd0\xcf\x11\xe0",
    "no workbook": b"PK\x03\x04",
    "no text": b"name,address\n\0\xff\xfe",
    "damaged": codecs.BOM_UTF16_LE + "name".encode("utf-16-le") + b"x",
    "another encoding": "имя;адрес\nАнна Каренина;anna@library.example\n".encode("koi8_r"),
    "too many rows": b"name,address\n" + b"Anna K,anna@library.example\n" * (MOST_ROWS + 1),
}


@pytest.mark.parametrize("kind", UNREADABLE)
def test_a_list_that_cannot_be_read_is_refused_in_every_language(kind: str):
    (why,) = read_people(UNREADABLE[kind], "people.csv").refused
    spoken_everywhere([Fault("people.csv", 0, "", why.reason)])


@pytest.mark.parametrize("content", [b"\0", b"[" * 5000, b"{a: \xff\xd8}\n"], ids=["binary", "deep", "bytes"])
def test_a_plan_that_cannot_be_read_is_refused_in_every_language(paper: Desk, content: bytes):
    paper.plan.write_bytes(content)
    spoken_everywhere(paper.faults())


@pytest.mark.parametrize(
    ("read", "words"),
    [
        (read_months, "a while"),
        (read_months, "99 years"),
        (read_currency, "EURO money"),
        (lambda words: read_moment(words, "Europe/Helsinki", time(9)), "2027-03-28 03:30"),
        (lambda words: read_moment(words, "Europe/Helsinki", time(9)), "2027-10-31 03:30"),
        (lambda words: read_moment(words, "Europe/Helsinki", time(9)), "2027-02-01 10:00 +05:00"),
    ],
)
def test_a_value_that_cannot_be_read_is_refused_in_every_language(read: Callable[[str], object], words: str):
    with pytest.raises(Misread) as no:
        read(words)
    spoken_everywhere([Fault("plan.yaml", 1, "", str(no.value))])


@pytest.mark.parametrize("cells", ["7,,", ",maybe,", ",,", f",,{'x' * 2001}"], ids=["scale", "choice", "none", "long"])
def test_an_answer_that_cannot_be_taken_is_refused_in_every_language(cells: str):
    table = f"address,knowledge,gains,next-theme\nanna@library.example,{cells}\n".encode()
    spoken_everywhere([Fault("answers.csv", 2, "", one.reason) for one in read_answers(table, QUESTIONS).refused])


@pytest.mark.parametrize("make", [lambda: Several(["a", "b"], "or"), lambda: Several(["a", "b"])], ids=["or", "and"])
def test_lists_of_words_are_the_readers_own(make: Callable[[], Several]):
    said, _ = in_words(words_in("fi"), Said("{known}", known=make()))
    assert said == {"or": "a tai b", "and": "a ja b"}[make().last]


def test_what_has_no_words_of_its_own_is_called_english():
    (one,) = told(words_in("fi"), [Fault("plan.yaml", 1, "", "is odd.", "warning")])
    assert (one.sentence, one.ours, one.warning) == ("is odd.", False, True)


def test_all_that_is_said_in_the_code_is_gathered_for_the_catalogues():
    some = {"is empty; fill it in.", "“{key}” is missing; add it.", "{count} more"}
    assert some <= of_faults()
    assert all(words_in("fi").catalogue.gettext(template) != template for template in of_faults())


async def test_the_page_says_it_in_the_reader_s_language(desk: Staff, papers: tuple[bytes, bytes]):
    plan, people = papers
    shown = await faults(desk, plan, people + b"Nobody,no address,en\n", "/staff/start?lang=fi")
    (fault,) = re.findall(r"<li>((?:(?!</li>).)*no address.*?)</li>", shown, re.DOTALL)
    assert "”no address” ei ole sähköpostiosoite" in fault
    assert 'lang="en"' not in fault
