"""`new`: each question and its option, asking again, nothing written where it is broken off, the year as a calendar."""

from __future__ import annotations

import io
import os
import signal
import sys
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from openpyxl import Workbook

from cli.terminal import Terminal
from plans import check_plan, read_plan
from tests.cli.conftest import Desk
from tests.cli.world import HOME, KRISTINA, NOWHERE, OLGA, Ran, World, clock

Talk = Callable[..., Ran]
QUESTIONS = 15
PEOPLE = (
    "name,address,language,library,part\n"
    "Ona,ona@a.example,lt,Kaunas County Library,\nJonas,jonas@b.example,lt,Biržai,participant\n"
    "Mette,mette@dokk1.example,en,Dokk1,contact\nLars,lars@dokk1.example,en,Dokk1,contact\n"
    "Eva,eva@malmo.example,en,Malmö,contact\nRasa,rasa@a.example,lt,Kaunas County Library,speaker\n"
)


@pytest.fixture
def talk(desk: Desk, monkeypatch: pytest.MonkeyPatch) -> Talk:
    """`kierros new` at a terminal where somebody types these lines, and then Enter to whatever else is asked."""

    def call(*words: str, types: str = "", on: bool = True) -> Ran:
        monkeypatch.setattr(Terminal, "interactive", property(lambda _self: True))
        monkeypatch.setattr(sys, "stdin", io.StringIO(types + "\n" * QUESTIONS * on))
        return desk("new", *words)

    return call


@pytest.fixture
def file(world: World) -> Path:
    (world.folder / "mine").mkdir()
    return world.folder / "mine" / "plan.yaml"


@pytest.fixture
def members(world: World) -> Path:
    path = world.folder / "members.csv"
    path.write_text(PEOPLE, "utf-8")
    return path


def test_enter_takes_every_default(talk: Talk, file: Path):
    ran = talk(str(file))
    assert ran.code == 0
    assert ran.err.count("]: ") == QUESTIONS
    draft = read_plan(file).draft
    assert [step.kind for step in draft.steps].count("seminar") == 2
    assert (file.parent / "people.csv").exists()


def test_each_answer_is_in_the_plan(talk: Talk, file: Path):
    begins = clock().date() + timedelta(days=40)
    answers = (
        "three-step", "Baltic exchange", "Youth", f"{begins:%d.%m.%Y}", "Vilnius", "", "",
        "Dokk1:Aarhus:DK; x:Oodi:Helsinki:fi", "", "26 000 SEK", "9", KRISTINA, OLGA, "both", "en, lt",
    )  # fmt: skip
    ran = talk(str(file), types="\n".join(answers) + "\n")
    assert ran.code == 0
    assert "Time zone at home [Europe/Vilnius]" in ran.err
    draft = read_plan(file).draft
    assert (draft.programme_name["en"], draft.theme_name["en"], draft.zone) == (
        "Baltic exchange", "Youth", "Europe/Vilnius",
    )  # fmt: skip
    assert draft.of_kind("invitations")[0].prepare.local >= begins.isoformat()
    assert draft.step("introductory-seminar").place["en"] == "Vilnius"
    assert [(one.id, one.country, one.zone) for one in draft.organisations[:2]] == [
        ("dokk1", "DK", "Europe/Copenhagen"), ("x", "FI", "Europe/Helsinki"),
    ]  # fmt: skip
    assert (draft.budget.cap, draft.budget.currency) == (2_600_000, "SEK")
    assert draft.step("registration").capacity == 9
    assert draft.roles == {"coordinator": (KRISTINA,), "director": (OLGA,)}
    assert draft.languages == ("en", "lt")
    assert draft.step("registration").ask == ("diet", "access")


@pytest.mark.parametrize("form", ["three-step", "study-trip", "workshops", "placement"])
def test_a_plan_of_each_format_is_in_order_as_it_is_written(desk: Desk, file: Path, form: str):
    ran = desk("new", str(file), "--format", form, "--director", OLGA)
    assert ran.code == 0
    assert all(fault["unwritten"] for fault in desk("check", str(file), "--json").data["faults"])
    assert desk("rehearse", str(file)).code == 0


def test_home_libraries_have_the_country_of_the_zone_at_home(talk: Talk, file: Path):
    ran = talk(str(file), "--zone", "Europe/Riga")
    assert "elsewhere [LV]" in " ".join(ran.err.split())
    assert [one.country for one in read_plan(file).draft.organisations[2:]] == ["LV", "LV"]


def test_a_home_library_may_be_elsewhere(desk: Desk, file: Path, members: Path):
    words = ["--people", str(members), "--zone", "Europe/Vilnius", "--home", "biržai:lv"]
    assert desk("new", str(file), *words, "--home", "LT").code == 0
    homes = {next(iter(one.name.values())): one.country for one in read_plan(file).draft.organisations}
    assert (homes["Kaunas County Library"], homes["Biržai"]) == ("LT", "LV")


def test_where_no_country_is_known_the_plan_says_none(desk: Desk, file: Path):
    assert desk("new", str(file), "--zone", "UTC").code == 0
    assert [one.country for one in read_plan(file).draft.organisations[2:]] == ["", ""]


def test_what_is_given_as_an_option_is_not_asked(talk: Talk, file: Path):
    options = {
        "format": "three-step", "programme": "P", "theme": "T", "begins": f"spring {clock().year + 1}",
        "places": "Riga", "zone": "Europe/Riga", "host": "Oodi:Helsinki:FI", "home": "LV", "budget": "9000 EUR",
        "capacity": "5", "coordinator": KRISTINA, "director": OLGA, "ask": "diet", "language": "en",
    }  # fmt: skip
    words = [word for option, value in options.items() for word in (f"--{option}", value)]
    ran = talk(str(file), *words)
    assert ran.err.count("]: ") == 1
    assert "List of people" in ran.err
    assert read_plan(file).draft.of_kind("invitations")[0].prepare.local.startswith(f"{clock().year + 1}-03-0")


@pytest.mark.parametrize(
    ("option", "wrong", "says"),
    [
        ("format", "banquet", "is no format that we know"),
        ("begins", "soon", "is no date that we can read"),
        ("begins", "2012-01-01", "has passed"),
        ("begins", "monsoon 2030", "names no season"),
        ("zone", "Helsinki", "Did you mean “Europe/Helsinki”?"),
        ("places", " , ", "names no place"),
        ("host", "Oodi", "Dokk1:Aarhus:DK"),
        ("host", "Oodi:Helsinki:Finland", "no country code"),
        ("host", "a:A:X:FI; a:B:Y:FI", "Two hosts have the id “a”"),
        ("home", "Latvia", "no country code"),
        ("home", "Nowhere library:LV", "no home library on the new list (Our own library and Our neighbours' library)"),
        ("home", "LV; EE", "a second country of all home libraries"),
        ("home", ";", "names no country"),
        ("budget", "26.000 EUR", "can be read in two ways"),
        ("budget", "9000 kr", "crowns"),
        ("capacity", "many", "whole number"),
        ("ask", "shoe size", "is nothing that can be asked here"),
        ("ask", "diet, nothing", "says nothing and something"),
        ("language", "Klingon", "no language that we know"),
        ("theme", "a=?b", "“=?”"),
        ("people", "nowhere.csv", "nowhere.csv"),
    ],
)
def test_a_wrong_option_is_named_and_nothing_is_written(desk: Desk, file: Path, option, wrong, says):
    ran = desk("new", str(file), f"--{option}", wrong)
    assert ran.code == 2
    assert f"--{option}: " in ran.err
    assert says in ran.sentence
    assert list(file.parent.iterdir()) == []


def test_all_faults_are_told_in_one_go(desk: Desk, file: Path):
    (file.parent / "people.csv").write_text(PEOPLE, "utf-8")
    ran = desk("new", str(file), "--begins", "soon", "--budget", "many", "--places", "Riga", "--zone", "Riga")
    assert ran.code == 2
    assert "people.csv exists already" in ran.sentence
    for option in ("begins", "budget", "zone"):
        assert f"--{option}: " in ran.err
    assert "--places" not in ran.err
    assert [path.name for path in file.parent.iterdir()] == ["people.csv"]
    nowhere = desk("new", str(file.parent / "no" / "plan.yaml"), "--format", "banquet")
    assert "does not exist" in nowhere.sentence
    assert "--format: " in nowhere.err


@pytest.mark.parametrize("wrong", ["Oodi", "Oodi:Helsinki", "a:b:c:d:e", ""])
def test_a_host_is_explained_in_one_way(desk: Desk, file: Path, wrong: str):
    form = "Name:City:Country"
    assert f"write {form}, e.g. Dokk1:Aarhus:DK." in desk("new", str(file), "--host", wrong).sentence
    assert f"ID:{form}" not in desk("new", "--help").sentence


def test_a_plan_in_several_languages_is_titled_in_each(desk: Desk, file: Path):
    languages = [word for code in ("fi", "en", "lt") for word in ("--language", code)]
    desk("new", str(file), "--programme", "Vaihto", "--director", OLGA, *languages)
    draft = read_plan(file).draft
    for step in draft.steps:
        assert {"fi", "en", "lt"} <= set(step.title), step.id
    assert draft.step("final-seminar").title["lt"] == "Baigiamasis seminaras"
    (once,) = [line for line in desk("check", str(file)).out.splitlines() if "given once" in line]
    for field in ("programme.name", "steps.final-seminar.place", "steps.introductory-seminar.place", "theme.name"):
        assert f"{field} (line " in once
    assert "are given once for fi, en and lt; write “en: …” as well. (a warning)" in once


def test_a_wrong_answer_is_told_and_asked_again(talk: Talk, file: Path):
    ran = talk(str(file), types="banquet\nplacement\n")
    assert ran.code == 0
    assert ran.err.count("Format: ") == 2
    assert "“banquet” is no format that we know" in ran.sentence
    assert "Places in the group [1]" in ran.err
    assert "Town of the seminars" not in ran.err
    assert read_plan(file).draft.step("visits").slots[0].id == "placement"


def test_whoever_goes_away_leaves_nothing_behind(talk: Talk, file: Path):
    ran = talk(str(file), types="three-step\nOurs\n", on=False)
    assert ran.code == 1
    assert "Nothing was written." in ran.sentence
    assert list(file.parent.iterdir()) == []


def test_nothing_is_asked_without_a_terminal_or_with_no_input(desk: Desk, file: Path):
    ran = desk("new", str(file), "--no-input")
    assert ran.code == 0
    assert "]: " not in ran.err


def test_a_real_terminal_asks_and_ctrl_c_writes_nothing(world: World, file: Path):
    pty = pytest.importorskip("pty")
    pid, fd = pty.fork()
    if pid == 0:
        signal.signal(signal.SIGINT, signal.SIG_DFL)  # whoever runs the tests may ignore it
        os.chdir(HOME)
        os.environ.update(NOWHERE, KIERROS_DATA=str(world.folder), KIERROS_STAFF=KRISTINA)
        program = "from cli.main import main; main()"
        os.execv(sys.executable, [sys.executable, "-c", program, "new", str(file)])
    said, answered = b"", False
    while b"Name of the exchange" not in said:
        said += os.read(fd, 1024)
        if not answered and b"Format" in said and said.count(b"]: ") == 1:
            answered = bool(os.write(fd, b"\n"))  # once: what it says next comes in pieces
    os.write(fd, b"\x03")
    try:
        while os.read(fd, 1024):
            pass
    except OSError:
        pass  # it has gone
    assert os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1]) == 130
    assert list(file.parent.iterdir()) == []


# --------------------------------------------------------------------------------------------------------- the list


def test_places_are_given_by_the_libraries_unless_the_list_does_not_say_whose_people_they_are(
    desk: Desk, file: Path, members: Path
):
    desk("new", str(file), "--people", str(members))
    registration = read_plan(file).draft.step("registration")
    assert (registration.places, registration.per_library) == ("nominated", 3)
    members.write_text(PEOPLE.replace("Biržai", ""), "utf-8")
    other = file.with_name("other.yaml")
    desk("new", str(other), "--people", str(members))
    registration = read_plan(other).draft.step("registration")
    assert (registration.places, registration.per_library) == ("first_come", None)
    assert "“nominated”: the libraries do" in other.read_text("utf-8")


def test_a_new_plan_is_rehearsed_with_the_trouble_of_a_year(desk: Desk, file: Path):
    desk("new", str(file))
    play = "the first host declines, five cancel, Cecilia Example is ill, nobody answers in July"
    ran = desk("rehearse", str(file), "--play", play)
    assert ran.code == 0, ran.err
    assert "Cecilia Example withdrew" in " ".join(ran.out.split())


def test_the_programme_of_a_new_plan_waits_until_the_libraries_have_chosen(desk: Desk, file: Path):
    desk("new", str(file))
    draft = read_plan(file).draft
    desk_, seminar = draft.step("registration"), draft.step("introductory-seminar")
    assert desk_.closes.at + desk_.select_within < seminar.announce.at


def test_who_answers_for_people_of_the_list_is_no_host(desk: Desk, file: Path, members: Path):
    members.write_text(f"{PEOPLE}Vilma,vilma@b.example,lt,Biržai,contact\n", "utf-8")
    desk("new", str(file), "--people", str(members))
    assert [one.id for one in read_plan(file).draft.organisations] == [
        "dokk1", "malmo", "kaunas-county-library", "birzai",
    ]  # fmt: skip


def test_a_new_plan_says_whose_time_is_meant_where_candidates_have_other_clocks(desk: Desk, file: Path):
    hosts = ("--host", "Oodi:Helsinki:FI", "--host", "Malmö City Library:Malmö:SE")
    for form in ("three-step", "placement", "study-trip"):
        plan = file.with_name(f"{form}.yaml")
        people = () if form == "three-step" else ("--people", str(file.with_name("people.csv")))
        assert desk("new", str(plan), "--format", form, "--director", OLGA, *hosts, *people).code == 0
        assert not [f for f in desk("check", str(plan), "--json").data["faults"] if "clocks" in f["sentence"]]


@pytest.mark.parametrize(
    ("form", "option", "value"), [("study-trip", "places", "Tallinn"), ("workshops", "host", "Oodi:Helsinki:FI")]
)
def test_an_option_for_which_the_format_has_no_use_is_named(desk: Desk, file: Path, form: str, option: str, value: str):
    ran = desk("new", str(file), "--format", form, f"--{option}", value)
    assert ran.code == 0
    assert f"--{option} was not used: a plan of the format {form} has no" in ran.sentence
    assert "was not used" not in desk("new", str(file.with_name("other.yaml")), f"--{option}", value).sentence


def test_a_people_list_is_referred_to_and_never_copied(desk: Desk, file: Path, members: Path):
    ran = desk("new", str(file), "--people", str(members), "--director", OLGA)
    assert ran.code == 0, ran.err
    assert [path.name for path in file.parent.iterdir()] == ["plan.yaml"]
    plan = read_plan(file)
    assert plan.people.resolve() == members.resolve()
    assert 'people: "../members.csv"' in file.read_text("utf-8")
    assert [one.id for one in plan.draft.organisations] == ["dokk1", "malmo", "kaunas-county-library", "birzai"]
    assert plan.draft.step("visits").slots[0].candidates[0].contact == "Mette"
    assert plan.draft.step("introductory-seminar").sessions[0].speaker == "Rasa"
    assert plan.draft.languages == ("lt",)
    assert [fault for fault in check_plan(file) if fault.severity == "error"] == []


def test_a_spreadsheet_is_as_good(desk: Desk, file: Path, world: World):
    book = Workbook()
    for row in PEOPLE.splitlines():
        book.active.append(row.split(","))
    book.save(world.folder / "members.xlsx")
    assert desk("new", str(file), "--people", str(world.folder / "members.xlsx")).code == 0
    assert [fault for fault in check_plan(file) if fault.severity == "error"] == []


def test_a_list_with_faults_is_told_and_asked_for_again(talk: Talk, file: Path, members: Path):
    wrong = members.with_name("wrong.csv")
    wrong.write_text("name,address\nOna,nowhere\n", "utf-8")
    answers = ["", "", "", "", "", "", str(wrong), str(members)]
    ran = talk(str(file), types="\n".join(answers) + "\n")
    assert ran.code == 0, ran.err
    assert "wrong.csv cannot be taken: row 2, address:" in ran.sentence
    assert "[those of the contacts on the list]" in ran.sentence
    assert read_plan(file).people.name == "members.csv"


def test_a_list_that_invites_nobody_is_no_list(desk: Desk, file: Path, world: World):
    path = world.folder / "staff.csv"
    path.write_text("name,address,part\nMette,mette@dokk1.example,contact\n", "utf-8")
    ran = desk("new", str(file), "--people", str(path))
    assert "has nobody to invite" in ran.sentence
    assert not file.exists()


def test_a_host_without_contact_is_told(desk: Desk, file: Path, members: Path):
    ran = desk("new", str(file), "--people", str(members), "--host", "Deichman:Oslo:NO")
    assert "members.csv has no contact at Deichman: add a row." in ran.sentence


def test_a_list_that_lies_there_is_proposed(talk: Talk, file: Path, members: Path):
    (file.parent / "people.csv").write_text(PEOPLE, "utf-8")
    ran = talk(str(file))
    assert ran.code == 0, ran.err
    assert (file.parent / "people.csv").read_text("utf-8") == PEOPLE
    assert "people: people.csv" in file.read_text("utf-8")


def test_without_a_terminal_a_list_that_lies_there_must_be_named(desk: Desk, file: Path):
    (file.parent / "people.csv").write_text(PEOPLE, "utf-8")
    ran = desk("new", str(file))
    assert ran.code == 1
    assert "--people" in ran.sentence
    assert not file.exists()


# ----------------------------------------------------------------------------------------------------- the calendar


def test_the_year_is_shown_and_what_comes_next(desk: Desk, file: Path):
    year = clock().year + 1
    ran = desk("new", str(file), "--begins", f"{year}-09-01")
    months = [line.split()[0] for line in ran.out.splitlines() if str(year) in line or str(year + 1) in line]
    assert months[:3] == ["Sep", "Oct", "Nov"]
    for words in ("Invitations are made ready", "Registration until", "Hosts are asked", "Introductory seminar",
                  "Visit: The host library", "Feedback until", "Report"):  # fmt: skip
        assert words in ran.out
    assert "█" in ran.out
    assert f"Next: kierros check {file}" in ran.sentence
    assert f"Next: kierros rehearse {file}" in ran.sentence


def test_check_shows_the_calendar_where_it_is_asked_to(desk: Desk, file: Path):
    desk("new", str(file), "--director", OLGA)
    assert "Hosts are asked" not in desk("check", str(file)).out
    assert "Hosts are asked" in desk("check", str(file), "--calendar").out


def test_who_runs_it_and_is_not_among_the_staff_is_told_with_whom_might_be_meant(desk: Desk, file: Path):
    ran = desk("new", str(file), "--coordinator", "Kristina Virtannen", "--director", OLGA, "--no-input")
    assert ran.code == 0
    assert (
        f"Kristina Virtannen is not among the staff. Did you mean “{KRISTINA}”?".casefold() in ran.sentence.casefold()
    )
    assert "Add people with `kierros staff add`." in ran.sentence
    assert OLGA not in ran.sentence
    assert "not among the staff" not in desk("new", str(file.with_name("other.yaml")), "--no-input").sentence
