"""Nothing that can happen is without words."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from pathlib import Path
from string import Formatter

import pytest

from exchange import cycle as rules
from exchange.base import Event, Refusal
from exchange.booking import HoldVisit, VisitProposed
from exchange.cancelling import CycleOver
from exchange.coming import DelegatesReminded
from exchange.defect import LettersFailed, RowParked
from exchange.feedback import FeedbackClosed
from exchange.invitation import RemindedJustNow
from exchange.moving import MovedIntoPast
from exchange.nominating import DelegatesNominated
from exchange.offering import OffersEnded
from exchange.order import OutOfPlan
from exchange.places import AlreadyRegistered, RegistrationClosed
from exchange.plan import CyclePlan, Organisation, Registration, When
from exchange.prompt import Prompt
from exchange.registration import CapacityChanged, DelegateRegistered, DelegateWaitlisted, DeskClosed
from exchange.suspending import CycleStandsStill
from telling.board import board_of
from telling.names import Names
from telling.refusals import sentence_of
from telling.said import AHEAD, ASKS, EVENTS
from telling.sentences import asks, coming, sentence
from workflows.ledger import plain

NOW = datetime(2030, 3, 1, 12, tzinfo=UTC)
PLAN = CyclePlan(
    id="cycle-x-2030-y", programme="x", programme_name={"en": "X"}, theme="y", theme_name={"en": "Y"}, year=2030,
    zone="Europe/Helsinki", organisations=(Organisation(id="oulu", name={"fi": "Oulun kirjasto"}),),
)  # fmt: skip
NAMES = Names(PLAN, {"p_anna": "Anna Berg", "s_k": "Kristina Virtanen", "n_1": "A larger bus"})
MADE = {
    "prompt_role", "prompt_asks", "prompt_due", "span", "by", "by_person", "names", "paid", "purpose", "amended",
    "readers", "title",
}  # fmt: skip
MADE |= {"count_people", "asked_people", "waiting_people"}


@pytest.mark.parametrize("kind", rules.EVENTS, ids=lambda kind: kind.__name__)
def test_every_event_has_a_sentence_of_its_fields(kind: type):
    templates = [words for name, words in EVENTS.items() if name.partition("/")[0] == kind.__name__]
    assert templates
    used = {field for words in templates for _, field, _, _ in Formatter().parse(words) if field}
    assert used <= set(kind.model_fields) | MADE
    assert all(words.endswith(".") for words in templates)


def test_no_sentence_is_left_over():
    assert {name.partition("/")[0] for name in EVENTS} == {kind.__name__ for kind in rules.EVENTS}


def test_everything_that_time_asks_for_has_a_line():
    kinds = {kind.__name__: kind for kind in rules.COMMANDS}
    assert set(AHEAD) <= set(kinds)
    for name, words in AHEAD.items():
        assert {field for _, field, _, _ in Formatter().parse(words) if field} <= set(kinds[name].model_fields)


def test_every_kind_of_decision_can_be_asked():
    about = Prompt.model_fields["about"].annotation
    assert {name.partition("/")[0] for name in ASKS} == set(about.__args__)


def test_a_registration_names_the_person_and_her_library():
    event = DelegateRegistered(at=NOW, actor="p_anna", step="registration", person="p_anna", home="oulu")
    assert sentence(event, NAMES) == "Anna Berg (Oulun kirjasto) has a place."


def test_somebody_erased_is_said_to_be():
    event = DelegateWaitlisted(at=NOW, actor="p_gone", step="registration", person="p_gone", position=2)
    assert sentence(event, NAMES) == "someone erased (p_gone) (no library named) waits for a place as no. 2."


def test_whoever_was_put_down_by_somebody_else_did_not_apply():
    applied = {"at": NOW, "step": "registration", "person": "p_anna", "home": "oulu", "applied": True}
    herself = DelegateRegistered(actor="p_anna", **applied)
    assert sentence(herself, NAMES) == "Anna Berg (Oulun kirjasto) applied."
    put_down = DelegateRegistered(actor="s_k", **applied)
    assert sentence(put_down, NAMES) == "Kristina Virtanen put Anna Berg (Oulun kirjasto) down for a place."


@pytest.mark.parametrize(
    ("event", "said"),
    [
        (DeskClosed(at=NOW, actor="time", step="desk", confirmed=3, waiting=1), "desk closed: 3 confirmed, 1 waiting."),
        (DeskClosed(at=NOW, actor="time", step="desk"), "desk closed. Nobody has a place yet."),
        (
            DelegatesNominated(at=NOW, actor="p_anna", step="desk", home="oulu", people=("p_anna",)),
            "Oulun kirjasto gives its places to Anna Berg (desk).",
        ),
        (
            DelegatesNominated(at=NOW, actor="time", step="desk", home="oulu", people=("p_anna", "s_k"), lapsed=True),
            "Oulun kirjasto did not choose in time; its places go to Anna Berg, Kristina Virtanen, who applied first "
            "(desk).",
        ),
        (
            OffersEnded(at=NOW, actor="time", step="desk", waiting=1),
            "No place of desk can come free any more; whoever waited was told (1 person).",
        ),
    ],
)
def test_a_desk_that_closes_and_libraries_that_choose_read_well(event: Event, said: str):
    assert sentence(event, NAMES) == said


def test_a_reason_is_told():
    event = CapacityChanged(at=NOW, actor="s_k", step="registration", capacity=18, reason="n_1")
    assert sentence(event, NAMES) == "Kristina Virtanen set the places of registration to 18. Reason: “A larger bus”"


def test_a_span_is_put_together():
    first = When(local="2030-04-02T10:00", zone="Europe/Oslo", at=NOW)
    last = When(local="2030-04-04T16:00", zone="Europe/Oslo", at=NOW)
    event = VisitProposed(at=NOW, actor="p_h", step="visits", slot="spring", host="oulu", begins=first, ends=last)
    assert sentence(event, NAMES) == "Oulun kirjasto proposed 2–4 Apr 2030 for spring."


def test_a_date_ahead_is_a_line():
    assert coming(HoldVisit(at=NOW, actor="time", step="visits", slot="spring"), NAMES) == "spring: the visit ends"


def test_an_approval_says_letters_languages_and_money():
    prompt = Prompt(
        id="a", about="approval", step="visits", opened_at=NOW, due_at=NOW, within=NOW - NOW, letters=24,
        languages=("en", "fi", "ru"), cents=420000,
    )  # fmt: skip
    assert asks(prompt, NAMES) == "approve visits (24 letters in English, Finnish, Russian, EUR 4,200)"


@pytest.mark.parametrize("refusal", [AlreadyRegistered("p_anna", "waiting"), RegistrationClosed(NOW)])
def test_a_kept_refusal_says_its_sentence_again(refusal: Refusal):
    assert sentence_of(refusal.name, plain(refusal.facts)) == str(refusal)


AGREED = When(local="2030-02-20T23:59:59", zone="Europe/Oslo", at=NOW)
WITH_DATES = PLAN.model_copy(
    update={"zone": "Europe/Helsinki", "steps": (Registration(id="desk", opens=AGREED, closes=AGREED, capacity=1),)}
)


@pytest.mark.parametrize("practice", [False, True])
def test_a_date_of_the_plan_is_told_as_it_was_agreed_on(practice: bool):
    plan = WITH_DATES.model_copy(update={"practice": practice})
    said = sentence_of("RegistrationClosed", plain(RegistrationClosed(NOW).facts), plan)
    assert said.startswith("Registration closed at 20 Feb 2030 23:59 (Europe/Oslo), and is not opened again.")


def test_any_other_instant_is_told_by_the_clocks_of_the_learners_end():
    since = datetime(2030, 1, 5, 12, 30, tzinfo=UTC)
    said = sentence_of("CycleOver", plain(CycleOver("cancelled", since).facts), WITH_DATES)
    assert said.startswith("This cycle was cancelled at 5 Jan 2030 14:30 (Europe/Helsinki);")


def test_a_moment_that_is_past_is_told_as_it_was_typed():
    refusal = MovedIntoPast(AGREED)
    assert str(refusal).startswith("2030-02-20 23:59 (Europe/Oslo) is past.")
    said = sentence_of("MovedIntoPast", plain(refusal.facts), WITH_DATES)
    assert said.startswith("20 Feb 2030 23:59 (Europe/Oslo) is past.")


DRAWN = PLAN.model_copy(
    update={
        "zone": "Europe/Helsinki",
        "practice": True,
        "pace": 1e-5,
        "steps": (
            Registration(
                id="desk", capacity=1,
                opens=When(local="2031-02-01T09:00", zone="Europe/Helsinki", at=NOW),
                closes=When(local="2031-02-21T09:00", zone="Europe/Helsinki", at=NOW + timedelta(seconds=20)),
            ),
        ),
    }
)  # fmt: skip


def test_a_practice_run_tells_an_order_that_breaks_by_the_plans_calendar_alone():
    would, stands = (When(local=f"2031-0{m}-03T09:00", zone="Europe/Helsinki", at=NOW) for m in (2, 3))
    refusal = OutOfPlan("desk", "closes", would, "talk", "begins", stands, goes_first=True)
    said = sentence_of("OutOfPlan", plain(refusal.facts), DRAWN)
    assert "closes of desk would be 3 Feb 2031 09:00 (Europe/Helsinki)" in said
    assert "begins of talk is 3 Mar 2031 09:00 (Europe/Helsinki)" in said
    assert "2030" not in said


def test_a_practice_run_says_what_day_it_is_where_a_date_has_passed(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("telling.refusals.now", lambda: NOW + timedelta(seconds=10))
    refusal = MovedIntoPast(When(local="2031-02-03T09:00", zone="Europe/Helsinki", at=NOW))
    said = sentence_of("MovedIntoPast", plain(refusal.facts), DRAWN)
    assert said.endswith("By the plan’s calendar it is 11 Feb 2031 now.")
    assert "calendar" not in sentence_of("MovedIntoPast", plain(refusal.facts), WITH_DATES)
    assert "calendar" not in sentence_of("AlreadyRegistered", AlreadyRegistered("p_anna", "waiting").facts, DRAWN)


@pytest.mark.parametrize(
    "refusal",
    [
        CycleStandsStill(NOW + timedelta(seconds=5)),
        RemindedJustNow("desk", NOW + timedelta(seconds=5)),
        CycleOver("cancelled", NOW + timedelta(seconds=5)),
        FeedbackClosed("desk", NOW + timedelta(seconds=5)),
    ],
    ids=lambda refusal: refusal.name,
)
def test_a_practice_run_tells_every_instant_by_the_plans_calendar(refusal: Refusal, monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setattr("telling.refusals.now", lambda: NOW + timedelta(seconds=10))
    said = sentence_of(refusal.name, plain(refusal.facts), DRAWN)
    assert "6 Feb 2031 09:00 (Europe/Helsinki)" in said
    assert "2030" not in said
    assert said.endswith("By the plan’s calendar it is 11 Feb 2031 now.")


def test_every_refusal_is_told_by_the_plan_as_well():
    """None of them writes an instant by itself, past the clocks that it is given."""
    files = Path(rules.__file__).parent.glob("*.py")
    assert [file.name for file in files if "} UTC" in file.read_text("utf-8") and file.name != "base.py"] == []


def test_a_refusal_of_a_newer_release_is_named():
    assert sentence_of("TooWet", {}) == "A rule said no (TooWet)."


def test_a_board_can_be_drawn_of_a_cycle_of_which_nothing_has_happened():
    assert board_of(rules.begin(PLAN), NAMES).steps == ()


@pytest.mark.parametrize(
    ("count", "told"), [(1, "1 letter could not be delivered."), (4, "4 letters could not be delivered.")]
)
def test_letters_that_did_not_arrive_are_counted(count: int, told: str):
    prompt = Prompt(id="letters-1", about="letters", subject=str(count), opened_at=NOW, due_at=NOW, within=NOW - NOW)
    assert sentence(LettersFailed(at=NOW, actor="time", count=count), NAMES) == told
    assert asks(prompt, NAMES) == told.removesuffix(".")


@pytest.mark.parametrize(("count", "told"), [(1, "1 person."), (4, "4 people.")])
def test_those_reminded_of_a_new_date_are_counted(count: int, told: str):
    event = DelegatesReminded(at=NOW, actor="time", step="visits", slot="first", count=count)
    assert sentence(event, NAMES).endswith(f"were reminded: {told}")


def test_a_cancel_that_was_pressed_in_temporal_is_no_answer_that_could_not_be_read():
    pressed = RowParked(at=NOW, actor="time", number=0, error="CancelPressedInTemporal")
    assert (
        sentence(pressed, NAMES) == "Somebody pressed Cancel in Temporal; that changes nothing, and the cycle goes on."
    )
    failed = RowParked(at=NOW, actor="time", number=0, error="KeyError")
    assert sentence(failed, NAMES) == "Something that was due could not be decided and was put aside (KeyError)."
    prompt = Prompt(id="defect-time-1", about="defect", subject="0", opened_at=NOW, due_at=NOW, within=NOW - NOW)
    assert asks(prompt, NAMES).startswith("Cancel was pressed in Temporal, or")
