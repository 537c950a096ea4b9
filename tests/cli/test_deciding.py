"""`approve`, `reject`, `choose`: a decision shows what it does and defaults to No."""

from __future__ import annotations

import os
import pty
import subprocess
import sys
import textwrap
from datetime import datetime, timedelta
from email.message import EmailMessage
from typing import Any

import pytest

from exchange.booking import AnswerAsHost
from exchange.record import commands
from plans.unwritten import LETTER
from store.models import Letterbox, OutboxRow, Rendered
from tests.cli.conftest import Desk
from tests.cli.world import HOME, KRISTINA, OLGA, World, clock


def stage(world: World, cycle: str, step: str) -> str:
    return world.ledgers[cycle].cycle.approving(step).stage


def test_the_approver_sees_which_letters_go_to_whom(desk: Desk, world: World):
    world.start(days_ago=20)
    ran = desk("approve", "--dry-run")
    assert ran.code == 0
    for words in ("Anna Example", "bo@home-library.example", "English", "this is your invitation"):
        assert words in ran.out


def test_typing_the_number_of_letters_sends_them(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    ran = desk("approve", types=["3"])
    assert "3 letters, 1 language. Type 3 to send:" in ran.err
    assert ran.code == 0
    assert stage(world, cycle, "invitations") == "given"
    assert not world.store.letters(cycle, "held", kind="invitation")


@pytest.mark.parametrize("typed", ["", "yes", "y", "4", "33"])
def test_anything_else_is_a_no(desk: Desk, world: World, typed: str):
    cycle = world.start(days_ago=20)
    ran = desk("approve", types=[typed])
    assert ran.code == 1
    assert "Nothing was approved" in ran.err
    assert stage(world, cycle, "invitations") == "asked"


def test_money_is_named_before_it_is_committed(desk: Desk, world: World):
    world.start(days_ago=20)
    ran = desk("approve", staff=OLGA, types=["3"])
    assert "3 letters, 1 language, EUR 7,800. Type 3 to send:" in ran.err
    assert ran.code == 0


def test_a_script_names_step_and_yes(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    assert desk("approve", "--step", "invitations", "--yes", "--reason", "As agreed").code == 0
    assert "As agreed" in " ".join(desk("history", cycle).out.split())


def test_nobody_is_asked_where_nobody_can_answer(world: World):
    world.start(days_ago=20)
    ran = world.run("approve")
    assert ran.code == 2
    assert "Add --yes" in ran.err


def test_return_on_a_terminal_is_a_no(world: World):
    cycle = world.start(days_ago=20)
    world.sign_in()
    ours, theirs = pty.openpty()
    env = {**os.environ, "KIERROS_DATA": str(world.folder), "KIERROS_STAFF": KRISTINA, "TERM": "dumb"}
    with subprocess.Popen(
        [sys.executable, "-c", "from cli.main import main; main()", "approve"],
        cwd=HOME, env=env, stdin=theirs, stdout=subprocess.PIPE, stderr=theirs,
    ) as process:  # fmt: skip
        os.write(ours, b"\n")
        process.communicate(timeout=60)
    os.close(theirs)
    said = os.read(ours, 65536).decode()
    os.close(ours)
    assert process.returncode == 1
    assert "Type 3 to send" in said
    assert stage(world, cycle, "invitations") == "asked"


def test_who_has_not_the_role_is_refused_before_reading(desk: Desk, world: World):
    world.start(days_ago=20)
    ran = desk("approve", "approve-visits-1", "--yes", staff=KRISTINA)
    assert ran.code == 1
    assert "director" in ran.err
    assert "Kristina Virtanen" in ran.err


def test_approving_twice_tells_who_did(desk: Desk, world: World):
    world.start(days_ago=20)
    desk("approve", "approve-invitations-1", "--yes")
    ran = desk("approve", "approve-invitations-1", "--yes")
    assert ran.code == 1
    assert "already decided (approve) by Kristina Virtanen" in " ".join(ran.err.split())


def test_what_does_not_wait_cannot_be_approved(desk: Desk, world: World):
    world.start(days_ago=20)
    for words in (["approve-feedback-1"], ["--step", "report"]):
        ran = desk("approve", *words, "--yes")
        assert ran.code == 1
        assert "waits" in ran.err


def test_a_rejection_needs_a_reason_and_drops_the_letters(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    assert desk("reject", "--step", "invitations", "--yes", types=[""]).code == 2
    ran = desk("reject", "--step", "invitations", "--yes", "--reason", "Wrong week")
    assert ran.code == 0
    assert stage(world, cycle, "invitations") == "rejected"
    assert not world.store.letters(cycle, "held", kind="invitation")
    assert "Wrong week" in " ".join(desk("history").out.split())
    assert desk("choose", "revise-invitations-1", "again", "--yes").code == 0
    assert "approve-invitations-2" in world.prompts(cycle)


def test_the_reason_never_enters_the_command(desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch):
    world.start(days_ago=20)
    told: list[Any] = []
    monkeypatch.setattr("cli.engine.tell_all", lambda _cycle, wishes: told.extend(wishes) or [None])
    desk("reject", "--step", "invitations", "--yes", "--reason", "Anna is ill")
    assert told[0].reason.startswith("n_")


@pytest.fixture
def declined(desk: Desk, world: World) -> str:
    """A cycle in which the first host has said no, and staff are asked what now."""
    cycle = world.start(days_ago=20)
    desk("approve", "--step", "visits", "--yes", staff=OLGA)
    booking = world.ledgers[cycle].cycle.booking("visits", "first-visit")
    wish = AnswerAsHost(at=clock(), actor="p_x", host=booking.host, answer="decline", slot="first-visit")
    data = {key: value for key, value in commands.pack(wish).items() if key not in {"at", "actor"}}
    world.store.receive(cycle, [Letterbox(command_id="no", command=data, actor="p_x")])
    world.pass_time(cycle)
    return cycle


def test_a_choice_explains_its_options(desk: Desk, declined: str):
    ran = desk("approve", "host-visits-first-visit-1", "--yes")
    assert ran.code == 2
    assert "give_up: give the visit up" in " ".join(ran.err.split())


def test_a_choice_is_taken(desk: Desk, world: World, declined: str):
    ran = desk("choose", "host-visits-first-visit-1", "give_up", types=["y"])
    assert ran.code == 0
    assert world.ledgers[declined].cycle.booking("visits", "first-visit").stage == "given_up"


def test_a_choice_defaults_to_no(desk: Desk, world: World, declined: str):
    assert desk("choose", "host-visits-first-visit-1", "give_up", types=[""]).code == 1
    assert world.ledgers[declined].cycle.booking("visits", "first-visit").stage == "open"


def test_an_unknown_option_is_refused(desk: Desk, declined: str):
    ran = desk("choose", "host-visits-first-visit-1", "dance", "--yes")
    assert ran.code == 1
    assert "dance" in ran.err


def test_a_date_is_moved_after_showing_whom_it_touches(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    step = next(s for s in world.plan(cycle).steps if s.id == "introductory-seminar")
    later = (datetime.fromisoformat(step.begins.local) + timedelta(days=1)).isoformat(timespec="minutes")
    ran = desk("move", step.id, "begins", later.replace("T", " "), "--reason", "The hall is taken", types=["y"])
    assert ran.code == 0
    moved = next(s for s in world.plan(cycle).steps if s.id == step.id)
    assert moved.begins.local[:10] == later[:10]
    assert moved.ends.local[11:] == step.ends.local[11:]
    assert moved.sessions[0].begins.local == moved.begins.local[:10] + step.sessions[0].begins.local[10:]
    assert "The hall is taken" in " ".join(desk("history").out.split())


def test_a_date_is_not_moved_without_a_reason(desk: Desk, world: World):
    step = next(s for s in world.plan(world.start(days_ago=20)).steps if s.id == "registration")
    later = (datetime.fromisoformat(step.closes.local) + timedelta(days=1)).isoformat(" ", timespec="minutes")
    assert desk("move", "registration", "closes", later, "--yes", types=[""]).code == 2


def test_a_date_is_not_moved_beyond_the_next_step_and_the_refusal_names_both(desk: Desk, world: World):
    world.start(days_ago=20)
    ran = desk("move", "registration", "closes", "2031-01-10", "--reason", "x", "--yes")
    assert ran.code == 1
    assert "Move introductory-seminar first (`kierros move introductory-seminar begins WHEN`)" in ran.sentence


def test_a_local_time_that_the_clocks_skip_is_refused(desk: Desk, world: World):
    world.start(days_ago=20)
    ran = desk("move", "report", "due", "2027-03-28 03:30", "--reason", "x", "--yes")
    assert ran.code == 2
    assert "does not exist in Europe/Helsinki" in ran.sentence


@pytest.mark.parametrize(
    ("words", "says"),
    [
        (["report", "opens", "2031-01-01"], "no date called"),
        (["nothing", "begins", "2031-01-01"], "no such step"),
        (["report", "due", "yesterday"], "cannot be read"),
        (["report", "due", "2020-01-01"], "past"),
        (["registration", "opens", "2031-01-01"], "happened already"),
    ],
)
def test_what_cannot_be_moved_says_why(desk: Desk, world: World, words: list[str], says: str):
    world.start(days_ago=20)
    ran = desk("move", *words, "--reason", "x", "--yes")
    assert ran.code in {1, 2}
    assert says in ran.sentence or "we can read" in ran.sentence


def test_a_staff_refusal_tells_moments_by_the_clocks_of_the_place(desk: Desk, world: World):
    world.start()
    ran = desk("move", "registration", "closes", "2020-01-10 12:00", "--reason", "x", "--yes")
    assert ran.code == 1
    assert "10 Jan 2020 12:00 (Europe/Helsinki) is past." in ran.sentence


def test_the_places_can_be_made_more(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    assert desk("capacity", "registration", "22", "--reason", "A larger bus", "--yes").code == 0
    assert world.ledgers[cycle].cycle.desk("registration").capacity == 22


def test_the_invited_are_reminded_once_a_day(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    desk("approve", "--step", "invitations", "--yes")
    ran = desk("remind", "invitations", types=["y"])
    assert ran.code == 0
    assert "3 letters (invitation reminder): Anna Example, Bo Example, Cecilia Example" in " ".join(ran.err.split())
    assert len(world.store.letters(cycle, "queued", kind="invitation_reminder")) == 3
    assert desk("remind", "invitations", "--yes").code == 1


def test_a_cycle_is_cancelled_by_typing_its_id(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    desk("approve", "--step", "invitations", "--yes")
    assert desk("cancel", "--reason", "The funding has ended", types=["yes"]).code == 1
    ran = desk("cancel", "--reason", "The funding has ended", types=[cycle])
    assert ran.code == 0
    assert "3 letters (cycle cancelled)" in " ".join(ran.err.split())
    assert world.store.cycle(cycle).phase == "cancelled"
    assert "is cancelled. Everyone invited is told." in ran.sentence
    assert desk("cancel", cycle, "--reason", "again", "--yes").code == 1


def test_a_cycle_is_cancelled_before_anybody_knows_of_it(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    ran = desk("cancel", "--reason", "The funding has ended", types=[cycle])
    assert "is cancelled. Nobody had been invited yet. Nobody is written to." in ran.sentence


def test_a_decision_without_an_engine_is_out_of_reach(world: World):
    cycle = world.start(days_ago=20)
    ran = world.run("approve", "--step", "invitations", "--yes")
    assert ran.code == 3
    assert ran.sentence.startswith("No Temporal server answers at 127.0.0.1:1.")
    assert stage(world, cycle, "invitations") == "asked"


def test_the_approver_is_warned_of_words_that_were_to_be_replaced(
    desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch
):
    def render(row: OutboxRow) -> Rendered:
        letter = EmailMessage()
        letter["Subject"], letter["Message-ID"] = "Come", row.message_id
        letter.set_content(f"Dear reader,\n\n{textwrap.fill(LETTER, 40)}\n")
        return Rendered(data=letter.as_bytes(), subject="Come", language="en")

    monkeypatch.setattr("tests.cli.world.render", render)
    world.start(days_ago=20)
    assert desk("approve", "--json", "--dry-run").data["unwritten"] == [LETTER]
    for words in (["--dry-run"], ["--yes"]):
        said = desk("approve", *words).sentence
        assert f"kierros new wrote to be replaced: “{LETTER}”" in said
        assert "kierros amend PLAN" in said


def test_nobody_is_warned_of_ones_own_words(desk: Desk, world: World):
    world.start(days_ago=20)
    assert "to be replaced" not in desk("approve", "--dry-run").sentence


def test_letters_to_staff_are_found_by_their_address(desk: Desk, world: World):
    world.start(days_ago=20)
    found = desk("letters", "--to", "kristina@library.example", "--json").data
    assert found
    assert {one["kind"] for one in found} <= {"decision_waiting", "decision_reminder"}
    assert desk("letters", "--to", "nobody@library.example").code == 2
