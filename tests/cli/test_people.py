"""People's answers at the terminal: one by one, and from files."""

from __future__ import annotations

from datetime import datetime, timedelta
from pathlib import Path

import pytest

from telling.times import written
from tests.cli.conftest import Desk
from tests.cli.world import OLGA, World, clock

ANNA, BO = "anna@home-library.example", "bo@home-library.example"


@pytest.fixture
def cycle(desk: Desk, world: World) -> str:
    """A cycle whose invitations are out and whose registration is open."""
    started = world.start(days_ago=20)
    assert desk("approve", "--step", "invitations", "--yes").code == 0
    return started


def places(world: World, cycle: str) -> dict[str, str]:
    """Name to standing."""
    people = {person.ref: person.name for person in world.store.people(cycle)}
    desk = world.ledgers[cycle].cycle.desk("registration")
    return {people[ref]: place.state for ref, place in desk.people.items()}


def test_an_invited_person_registers_by_her_address(desk: Desk, world: World, cycle: str):
    ran = desk("register", ANNA.upper())
    assert ran.code == 0
    assert "Anna Example has a place." in ran.err
    assert places(world, cycle) == {"Anna Example": "confirmed"}


def test_who_has_to_wait_hears_which_number_and_why(desk: Desk, cycle: str):
    desk("capacity", "registration", "1", "--reason", "small", "--yes")
    assert desk("register", ANNA, "--json").data["position"] is None
    assert desk("register", BO, "--json").data["position"] == 1
    third = desk("register", "cecilia@second-library.example")
    assert "On the waiting list: number 2: 1 who asked earlier." in third.sentence


def test_registering_twice_is_refused_by_name(desk: Desk, cycle: str):
    desk("register", ANNA)
    ran = desk("register", ANNA)
    assert ran.code == 1
    assert "Anna Example is registered already (confirmed)" in " ".join(ran.err.split())


def test_somebody_new_needs_a_name(desk: Desk, world: World, cycle: str):
    assert desk("register", "eva@elsewhere.example").code == 2
    assert desk("register", "eva@elsewhere.example", "--name", "Eva Dahl", "--library", "Our own library").code == 0
    assert places(world, cycle) == {"Eva Dahl": "confirmed"}
    assert world.store.by_address(cycle, "eva@elsewhere.example").home == "home-library"


@pytest.mark.parametrize(
    "words",
    [
        ["no-address-at-all"],
        ["a\r\nBcc: x@y.example"],
        ["eva@els\u0435where.example", "--name", "Eva Dahl"],
        ["eva@elsewhere.example", "--name", "=?utf-8?q?Eva=0D=0ABcc:_x@y?="],
        ["eva@elsewhere.example", "--name", "Eva\x1b[31m"],
        ["eva@elsewhere.example", "--name", "=cmd|' /C calc'!A0"],
        ["eva@elsewhere.example", "--name", "Eva", "--library", "Atlantis"],
        ["eva@elsewhere.example", "--name", "Eva", "--language", "klingon"],
        [],
    ],
    ids=[
        "no address",
        "line break",
        "two alphabets",
        "encoded word",
        "escape",
        "formula",
        "library",
        "language",
        "nobody",
    ],
)
def test_what_cannot_be_taken_is_a_sentence(desk: Desk, world: World, cycle: str, words: list[str]):
    before = len(world.store.people(cycle))
    ran = desk("register", *words)
    assert ran.code == 2
    assert ran.err.strip()
    assert "\x1b" not in ran.err
    assert len(world.store.people(cycle)) == before
    assert places(world, cycle) == {}


def assert_by_the_plan(sentence: str, world: World, cycle: str, field: str) -> None:
    """A refusal tells the plan's date as it was agreed on, by the clocks of its place."""
    when = getattr(world.plan(cycle).step("registration"), field)
    assert f"{written(when)} (Europe/Helsinki)" in sentence
    assert "UTC" not in sentence


def test_registration_before_it_opens_is_refused(desk: Desk, world: World):
    cycle = world.start(days_ago=1)
    ran = desk("register", ANNA)
    assert ran.code == 1
    assert_by_the_plan(ran.sentence, world, cycle, "opens")


def test_late_registration_is_refused(desk: Desk, world: World):
    cycle = world.start(days_ago=90)
    desk("approve", "--step", "invitations", "--yes")
    ran = desk("register", ANNA)
    assert ran.code == 1
    assert "Registration closed at" in ran.err
    assert_by_the_plan(ran.sentence, world, cycle, "closes")
    assert places(world, cycle) == {}


def test_an_answer_is_kept_while_the_engine_is_down(
    desk: Desk, world: World, cycle: str, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setattr("cli.posting.waited_for", lambda *_: False)
    ran = desk("register", ANNA)
    assert ran.code == 0
    assert "Kept; it counts from now and will be decided when the engine runs." in ran.sentence
    world.pass_time(cycle)
    assert places(world, cycle) == {"Anna Example": "confirmed"}


@pytest.mark.parametrize(
    ("library", "said"),
    [
        ("City library", "They are host-library (The host library), other-host (Another host library), home-library"),
        ("City library", "Any other is added to the plan first: kierros amend PLAN."),
        ("home-librari", "Did you mean “home-library”?"),
    ],
)
def test_a_library_that_the_plan_has_not_is_answered_with_those_it_has(desk: Desk, cycle: str, library: str, said: str):
    ran = desk("register", "new@x.example", "--name", "New One", "--library", library)
    assert ran.code == 2
    assert ran.sentence.startswith(f"--library “{library}” is no organisation of the plan")
    assert said in ran.sentence
    assert ("Did you mean" in ran.sentence) is (library != "City library")


def test_a_place_is_given_back(desk: Desk, world: World, cycle: str):
    desk("register", ANNA)
    assert desk("withdraw", ANNA, "--reason", "Ill").code == 0
    assert places(world, cycle) == {"Anna Example": "withdrawn"}
    ran = desk("withdraw", ANNA)
    assert ran.code == 1
    assert "Anna Example has no place here" in ran.err


def test_a_freed_place_is_offered_and_taken(desk: Desk, world: World, cycle: str):
    desk("capacity", "registration", "1", "--reason", "small", "--yes")
    desk("register", ANNA)
    waits = desk("register", BO)
    assert "Bo Example waits for a place." in waits.err
    assert "On the waiting list: number 1." in waits.sentence
    desk("withdraw", ANNA)
    assert places(world, cycle)["Bo Example"] == "offered"
    assert desk("accept", BO).code == 0
    assert places(world, cycle)["Bo Example"] == "confirmed"


def test_an_offer_or_an_invitation_is_declined(desk: Desk, world: World, cycle: str):
    assert desk("decline", "cecilia@second-library.example").code == 0
    assert "Cecilia Example cannot come, entered by Kristina Virtanen." in " ".join(desk("history").out.split())
    desk("capacity", "registration", "1", "--reason", "small", "--yes")
    desk("register", ANNA)
    desk("register", BO)
    desk("withdraw", ANNA)
    assert desk("decline", BO).code == 0
    assert places(world, cycle)["Bo Example"] == "declined"


def test_an_unknown_address_is_a_sentence(desk: Desk, cycle: str):
    ran = desk("withdraw", "nobody@elsewhere.example")
    assert ran.code == 2
    assert "nobody@elsewhere.example" in ran.err


# ----------------------------------------------------------------------------------------------------------- hosts


@pytest.fixture
def asked(desk: Desk, world: World, cycle: str) -> str:
    desk("approve", "--step", "visits", "--yes", staff=OLGA)
    return cycle


def test_a_host_confirms_by_its_name(desk: Desk, world: World, asked: str):
    assert desk("host", "The host library", "confirm").code == 0
    assert world.ledgers[asked].cycle.booking("visits", "first-visit").stage == "confirmed"
    ran = desk("host", "host-library", "confirm")
    assert ran.code == 1
    assert "answered about “Visits to host libraries: Helsinki / Turku” before" in " ".join(ran.err.split())


def test_a_host_declines_with_a_reason(desk: Desk, world: World, asked: str):
    assert desk("host", "host-library", "decline", "--reason", "Closed for repairs").code == 0
    assert "Closed for repairs" in " ".join(desk("history").out.split())


def test_a_late_yes_says_that_a_decision_waits(desk: Desk, world: World, asked: str):
    desk("host", "host-library", "decline")
    ran = desk("host", "host-library", "confirm")
    said = " ".join(ran.err.split())
    assert ran.code == 0
    assert "said yes after all. What becomes of it is for you to decide: host-visits-first-visit-" in said
    assert "Next: kierros waiting" in said


def test_a_host_proposes_other_dates_in_its_own_time(desk: Desk, world: World, asked: str):
    stay = world.plan(asked).steps[3].slots[0]
    assert desk("host", "host-library", "propose").code == 2
    unknown = desk("host", "host-library", "propose", "--slot", "third-visit", "--begins", "2030-05-05")
    assert unknown.code == 2
    assert "There is no visit third-visit. The plan's visits: first-visit" in unknown.err
    first, last = (datetime.fromisoformat(when.local) + timedelta(days=1) for when in (stay.begins, stay.ends))
    ran = desk("host", "host-library", "propose", "--begins", str(first.date()))
    assert ran.code == 0
    begins, ends = world.ledgers[asked].cycle.booking("visits", "first-visit").proposed
    assert [datetime.fromisoformat(when.local) for when in (begins, ends)] == [first, last]


def test_the_dates_that_were_asked_for_are_confirmed_and_not_proposed(desk: Desk, world: World, asked: str):
    stay = world.plan(asked).steps[3].slots[0]
    ran = desk("host", "host-library", "propose", "--begins", stay.begins.local[:10])
    assert ran.code == 1
    assert "Those are the dates asked for: " in ran.sentence
    assert "it answers yes: `kierros host host-library confirm --slot first-visit`" in ran.sentence
    assert world.ledgers[asked].cycle.booking("visits", "first-visit").stage == "asked"


def test_who_is_no_host_is_told_who_is(desk: Desk, asked: str):
    ran = desk("host", "Atlantis", "confirm")
    assert ran.code == 2
    assert "host-library (The host library)" in " ".join(ran.err.split())


# -------------------------------------------------------------------------------------------- attendance, feedback


@pytest.fixture
def year(desk: Desk, world: World) -> str:
    """A cycle two people went through, up to its feedback."""
    cycle = world.start(days_ago=20)
    desk("approve", "--step", "invitations", "--yes")
    desk("register", ANNA)
    desk("register", BO)
    return cycle


def test_attendance_before_the_day_is_refused(desk: Desk, world: World, year: str):
    ran = desk("attend", "introductory-seminar", ANNA)
    assert ran.code == 1
    assert "attendance can be noted from then on" in " ".join(ran.err.split())
    assert desk("attend", "introductory-seminar").code == 2


def test_feedback_before_it_opens_is_refused_row_by_row(desk: Desk, world: World, year: str):
    questions = world.plan(year).of_kind("feedback")[0].questions
    scale = next(q for q in questions if q.form == "scale")
    path: Path = world.folder / "answers.csv"
    path.write_text(f"address,{scale.id}\n{ANNA},4\nnobody@x.example,5\n{BO},9\n", "utf-8")
    ran = desk("feedback", "--file", str(path))
    assert ran.code == 1
    assert "0 accepted + 3 refused + 0 duplicate = 3 rows of answers.csv." in ran.err
    assert "row 3: refused: nobody in this cycle has that address." in ran.out


def test_the_id_of_an_answer_says_nothing_of_what_was_answered(world: World, year: str):
    from cli.importing import _answer
    from plans import AnswerRow

    person = world.store.by_address(year, ANNA).ref
    rows = [AnswerRow(2, ANNA, "", {"best": 1}), AnswerRow(2, ANNA, "", {"best": 5})]
    first, second = (_answer(year, "feedback", row, person) for row in rows)
    assert first.command_id == second.command_id
    assert "1" not in str(first.command.get("answers", ""))
    assert clock()


# ------------------------------------------------------------------------------------------- answers by telephone


def test_a_yes_by_telephone_registers_whoever_was_invited(desk: Desk, world: World, cycle: str):
    ran = desk("answer", ANNA, "yes")
    assert (ran.code, ran.sentence.startswith("Anna Example has a place. Entered by Kristina Virtanen.")) == (0, True)
    assert places(world, cycle) == {"Anna Example": "confirmed"}
    told = " ".join(desk("history").out.split())
    assert "Anna Example (Our own library) has a place, entered by Kristina Virtanen." in told
    again = desk("answer", ANNA, "yes")
    assert (again.code, "Anna Example is registered already (confirmed)" in again.sentence) == (1, True)


def test_who_typed_an_answer_in_stands_in_the_record_of_the_answer_alone(desk: Desk, world: World, cycle: str):
    desk("capacity", "registration", "1", "--reason", "small", "--yes")
    assert desk("answer", ANNA, "yes").code == desk("answer", BO, "yes", staff=OLGA).code == 0
    assert desk("answer", ANNA, "no", "--reason", "Ill").code == 0
    lines = [(line["event"]["kind"], line["event"].get("entered_by")) for line in desk("history", "--json").data[-4:]]
    kristina, olga = world.staff["Kristina Virtanen"], world.staff[OLGA]
    typed = [("DelegateRegistered", kristina), ("DelegateWaitlisted", olga), ("DelegateWithdrawn", kristina)]
    assert lines == [*typed, ("PlaceOffered", None)]


def test_a_no_by_telephone_is_what_it_means_where_she_stands(desk: Desk, world: World, cycle: str):
    desk("capacity", "registration", "1", "--reason", "small", "--yes")
    assert "Cecilia Example cannot come. Entered by" in desk("answer", "cecilia@second-library.example", "no").sentence
    desk("answer", ANNA, "yes")
    assert "On the waiting list: number 1." in desk("answer", BO, "yes").sentence
    assert "Anna Example has withdrawn. Entered by" in desk("answer", ANNA, "no").sentence
    declined = desk("answer", BO, "no", "--reason", "Moves away")
    assert "Bo Example has declined the place on offer. Entered by" in declined.sentence
    assert places(world, cycle) == {"Anna Example": "withdrawn", "Bo Example": "declined"}
    told = " ".join(desk("history").out.split())
    assert "declined the place on offer, entered by Kristina Virtanen. Reason: “Moves away”" in told


def test_a_yes_to_an_offer_takes_it(desk: Desk, world: World, cycle: str):
    desk("capacity", "registration", "1", "--reason", "small", "--yes")
    desk("register", ANNA)
    desk("register", BO)
    desk("withdraw", ANNA)
    assert "Bo Example has a place. Entered by" in desk("answer", BO, "yes").sentence


def test_whoever_is_asked_nothing_has_nothing_to_answer(desk: Desk, world: World, cycle: str):
    speaker = next(p for p in world.store.people(cycle) if p.part == "speaker")
    ran = desk("answer", speaker.address, "yes")
    assert (ran.code, "was neither invited nor has she asked for a place" in ran.sentence) == (2, True)
    assert places(world, cycle) == {}
    assert desk("answer", ANNA, "yes", "--reason", "Glad").code == 2
    assert desk("answer", ANNA, "yes", staff="").code == 2


def test_a_host_answers_by_telephone(desk: Desk, world: World, asked: str):
    ran = desk("answer", "host-library", "yes")
    assert (ran.code, "has confirmed. Entered by Kristina Virtanen." in ran.sentence) == (0, True)
    booking = next(iter(world.ledgers[asked].cycle.bookings.values()))
    assert booking.stage == "confirmed"
    contact = next(p for p in world.store.people(asked) if p.host == "host-library")
    assert desk("answer", contact.address, "no", "--reason", "Closed for repairs").code == 0
    assert "entered by Kristina Virtanen. Reason: “Closed for repairs”" in " ".join(desk("history").out.split())


def test_an_answer_is_typed_in_for_somebody_by_her_name(desk: Desk, world: World, cycle: str):
    assert desk("answer", "anna example", "yes").code == 0
    assert places(world, cycle) == {"Anna Example": "confirmed"}


def test_an_answer_without_yes_or_no_is_one_sentence(desk: Desk, cycle: str):
    ran = desk("answer", ANNA)
    assert ran.code == 2
    assert ran.err.strip().splitlines() == [
        "Missing argument 'yes|no'. Choose from: yes, no. `kierros answer --help` shows how it is used."
    ]
