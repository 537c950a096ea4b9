"""A stay is called by its step and its town, on the terminal and in every language of the desk; never by a bare id."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from exchange.base import Event, Refusal
from exchange.booking import HoldVisit, HostAsked, HostReminded, VisitDeclined
from exchange.coming import VisitHasBegun
from exchange.hosts import AlreadyAnswered, HostBusy, NobodyLeft, WhichSlot
from exchange.invitation import RemindedJustNow
from exchange.lateness import LateApproval
from exchange.moving import AlreadyHappened, OutOfOrder
from exchange.order import OutOfPlan
from exchange.plan import Candidate, CyclePlan, Organisation, Slot, Visits, When
from exchange.prompt import Prompt
from exchange.suspending import DatesPassed
from portal.shown.staff_names import Spoken
from portal.shown.staff_refusals import told
from portal.speech import words_in
from telling.names import Names
from telling.refusals import by_plan, sentence_of
from telling.sentences import asks, coming, sentence

NOW = datetime(2030, 3, 1, 12, tzinfo=UTC)
AGREED = When(local="2030-04-01T12:00", zone="Europe/Helsinki", at=NOW)


def stay(slot: str, *hosts: str) -> Slot:
    asked = tuple(Candidate(host=host, contact="p_c", cents=0) for host in hosts)
    return Slot(id=slot, begins=AGREED, ends=AGREED, candidates=asked)


JOURNEY = Visits(
    id="visits", title={"en": "Visits to libraries", "fi": "Vierailut kirjastoihin"}, prepare=AGREED,
    slots=(stay("spring", "turku", "tampere"), stay("one", "oslo"), stay("two", "oslo"), stay("far", "nuuk")),
)  # fmt: skip
PLAN = CyclePlan(
    id="cycle-x-2030-y", programme="x", programme_name={"en": "X"}, theme="y", theme_name={"en": "Y"}, year=2030,
    zone="Europe/Helsinki",
    steps=(JOURNEY, JOURNEY.model_copy(update={"id": "again", "slots": (stay("two", "oslo"),)})),
    organisations=(
        Organisation(id="turku", name={"en": "Turku City Library"}, city="Turku"),
        Organisation(id="tampere", name={"en": "Tampere City Library"}, city="Tampere"),
        Organisation(id="oslo", name={"en": "Deichman"}, city="Oslo"),
        Organisation(id="nuuk", name={"en": "Groenlandica"}),
    ),
)  # fmt: skip
NAMES = Names(PLAN)
FINNISH = Spoken(PLAN, speech=words_in("fi"))
ABOUT = {"at": NOW, "actor": "time", "step": "visits", "slot": "spring"}
CALLED = "“Visits to libraries: Turku / Tampere”"
IN_FINNISH = "”Vierailut kirjastoihin: Turku / Tampere”"
REFUSALS = [
    VisitHasBegun("spring"), AlreadyAnswered("turku", "spring", "confirmed"), HostBusy("turku", "spring"),
    NobodyLeft("spring"), RemindedJustNow("visits/spring", NOW), AlreadyHappened("visits", "spring"),
    OutOfOrder("visits/spring", "begins", "ends"), LateApproval("visits", "visits", "begins", NOW, "spring"),
    OutOfPlan("again", "begins", AGREED, "visits", "ends", AGREED, "spring"),
]  # fmt: skip


@pytest.mark.parametrize(
    ("slot", "step", "said"),
    [
        ("spring", "visits", CALLED),
        ("spring", "", CALLED),
        ("visits/spring", "", CALLED),
        ("one", "visits", "“Visits to libraries: Oslo (one)”"),
        ("far", "visits", "“Visits to libraries: Groenlandica”"),
        ("two", "", "two"),
        ("gone", "visits", "gone"),
    ],
)
def test_a_stay_is_called_by_its_step_and_its_towns(slot: str, step: str, said: str):
    assert NAMES.slot(slot, step) == said


@pytest.mark.parametrize(
    "event",
    [
        VisitDeclined(**ABOUT, host="turku"),
        HostReminded(**ABOUT, host="turku"),
        HostAsked(**ABOUT, host="turku", until=NOW),
    ],
    ids=lambda event: type(event).__name__,
)
def test_the_history_tells_it_in_the_readers_language(event: Event):
    assert CALLED in sentence(event, NAMES)
    assert IN_FINNISH in sentence(event, FINNISH)
    assert "spring" not in sentence(event, NAMES) + sentence(event, FINNISH)


def test_what_is_due_and_what_is_asked_tell_it():
    prompt = Prompt(
        id="a", about="host", step="visits", subject="spring", host="turku", opened_at=NOW, due_at=NOW,
        within=timedelta(0), options=("next",),
    )  # fmt: skip
    assert coming(HoldVisit(**ABOUT), NAMES) == f"{CALLED}: the visit ends"
    assert asks(prompt, NAMES) == f"Turku City Library does not take the visit {CALLED}; what now"
    assert IN_FINNISH in asks(prompt, FINNISH)


@pytest.mark.parametrize("no", REFUSALS, ids=lambda no: no.name)
def test_a_refusal_tells_it_and_keeps_the_id_where_it_is_typed(no: Refusal):
    assert IN_FINNISH in told(FINNISH, no)
    assert "spring" not in told(FINNISH, no)
    for said in (by_plan(no, PLAN), sentence_of(no.name, no.facts, PLAN)):
        assert CALLED in said
        assert "spring" not in said.replace("--slot spring", "")


def test_a_choice_that_is_typed_names_the_ids():
    no = WhichSlot("turku", ("spring", "far"))
    assert "(spring, far). Say which one with --slot." in by_plan(no, PLAN)
    assert f"{IN_FINNISH} ja ”Vierailut kirjastoihin: Groenlandica”" in told(FINNISH, no)


def test_a_date_that_passed_is_told_by_its_stay():
    assert IN_FINNISH in told(FINNISH, DatesPassed(("visits begins WHEN --slot spring",)))
