"""What goes otherwise than planned on the real server: other dates, offers that lapse, a locked record, no server."""

from __future__ import annotations

import sqlite3
import threading
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from exchange.plan import Registration
from exchange.registration import PlaceOffered
from exchange.walk import changed
from plans import Staffer, read_people, read_plan, split_plan
from store.models import Person, TextRow
from tests.engine.installation import ANNA, BO, CECILIA, KRISTINA, OLGA, Installation, until

pytestmark = [pytest.mark.server, pytest.mark.timeout(240)]


def opened(here: Installation, theme: str) -> str:
    """A cycle whose registration is open."""
    return invited(here, here.start(here.plan(theme)))


def invited(here: Installation, cycle: str) -> str:
    here.prompt(cycle, step="invitations")
    here.do("approve", "--cycle", cycle, "--step", "invitations", "--yes")
    until(lambda: here.cycle(cycle).desk("registration").stage == "open", what="registration opens")
    here.prompt(cycle, step="visits")  # so that nothing more happens by itself
    return cycle


def with_short_offers(here: Installation, theme: str, lasts: timedelta) -> str:
    """A cycle with one place, whose offers are over sooner than a plan file may say."""
    plan = here.plan(theme, capacity=1)
    plan.write_text(plan.read_text("utf-8").replace("per_library: 2", "per_library: 1"), "utf-8")
    file = read_plan(plan)
    roster = {name.casefold(): Staffer(ref) for name, ref in here.staff.items()}
    listed = read_people(file.people, organisations=file.draft.organisations)
    now = datetime.now(UTC)
    split = split_plan(file, listed, roster, starter=here.staff[KRISTINA], now=now)
    brief = changed(split.plan, Registration, lambda step: step.model_copy(update={"offer_lasts": lasts}))
    here.store.start_cycle(
        brief,
        [Person(**vars(person)) for person in split.people],
        [TextRow(ref=text.ref, words=text.words, kind=text.place) for text in split.texts],
        now,
    )
    return brief.id  # the workers start it


def test_a_host_proposes_other_dates_and_staff_accept_them(here: Installation) -> None:
    cycle = here.start(here.plan("Other dates"))
    here.prompt(cycle, step="visits")
    here.do("approve", "--cycle", cycle, "--step", "visits", "--yes", acting=OLGA)
    until(lambda: here.cycle(cycle).booking("visits", "second-visit").stage == "asked")
    (slot,) = (s for s in here.cycle(cycle).plan.step("visits").slots if s.id == "second-visit")
    begins, ends = (when.local[:10] for when in (slot.begins, slot.ends))
    later = [str((when.at + timedelta(days=1)).date()) for when in (slot.begins, slot.ends)]
    assert later != [begins, ends]
    here.do(
        "host", "other-host", "propose", "--slot", "second-visit", "--begins", later[0], "--ends", later[1],
        "--cycle", cycle,
    )  # fmt: skip
    choice = here.prompt(cycle, "host")
    assert "accept" in choice.options
    here.do("choose", choice.id, "accept", "--cycle", cycle, "--yes")
    until(lambda: here.cycle(cycle).booking("visits", "second-visit").stage == "confirmed")
    (moved,) = (s for s in here.cycle(cycle).plan.step("visits").slots if s.id == "second-visit")
    assert [when.local[:10] for when in (moved.begins, moved.ends)] == later
    names = here.names(cycle)
    assert names.index("VisitProposed") < names.index("VisitMoved") < names.index("VisitConfirmed")
    assert len(here.letters(cycle, "host_confirmed")) == 1


def test_a_host_moves_what_it_has_confirmed_and_the_group_is_asked_whether_it_can_still_come(
    here: Installation,
) -> None:
    cycle = invited(here, here.start(here.plan("Another week")))
    for address in (ANNA, BO):
        here.do("register", address, "--cycle", cycle)
    here.prompt(cycle, step="visits")
    here.do("approve", "--cycle", cycle, "--step", "visits", "--yes", acting=OLGA)
    until(lambda: here.cycle(cycle).booking("visits", "second-visit").stage == "asked")
    here.do("host", "other-host", "confirm", "--slot", "second-visit", "--cycle", cycle)
    (slot,) = (s for s in here.cycle(cycle).plan.step("visits").slots if s.id == "second-visit")
    later = [str((when.at + timedelta(days=1)).date()) for when in (slot.begins, slot.ends)]
    about = ("--slot", "second-visit", "--begins", later[0], "--ends", later[1], "--cycle", cycle)
    here.do("host", "other-host", "propose", *about, "--reason", "The hall is being painted")
    wish = here.prompt(cycle, "wish")
    assert here.cycle(cycle).booking("visits", "second-visit").stage == "confirmed"
    assert "It affects 2 people with a place" in " ".join(here.do("waiting", cycle).said.split())
    here.do("choose", wish.id, "move", "--cycle", cycle, "--yes")
    until(lambda: len(here.letters(cycle, "still_coming")) == 2, what="each with a place is written to")
    before = here.run("answer", ANNA, "yes", "--on", str(slot.begins.local[:10]), "--cycle", cycle)
    assert before.code != 0
    assert "It does not count" in " ".join(before.said.split())
    here.do("answer", ANNA, "yes", "--on", later[0], "--cycle", cycle)
    here.do("answer", BO, "no", "--on", later[0], "--cycle", cycle, "--reason", "At a conference")
    names = here.names(cycle)
    wanted = ["MoveWished", "VisitMoved", "DelegateStillComes", "DelegateCannotCome", "DelegateWithdrawn"]
    assert [name for name in names if name in wanted] == wanted
    assert len(here.cycle(cycle).group()) == 1


def test_an_offer_that_lapses_goes_to_the_next(here: Installation) -> None:
    cycle = invited(here, with_short_offers(here, "Lapsed", timedelta(seconds=4)))
    for address in (ANNA, BO, CECILIA):
        here.do("register", address, "--cycle", cycle)
    here.do("withdraw", ANNA, "--cycle", cycle)
    people = {person.address: person.ref for person in here.store.people(cycle)}

    def offers() -> list[str]:
        events = [entry.event for entry in here.store.journal(cycle)]
        return [event.person for event in events if isinstance(event, PlaceOffered)]

    until(lambda: len(offers()) > 1, what="the first offer lapses and the next in line is offered the place")
    assert offers() == [people[BO], people[CECILIA]]
    names = here.names(cycle)
    assert names.index("PlaceOffered") < names.index("OfferExpired")
    assert len(here.letters(cycle, "offer_expired")) >= 1
    late = here.run("accept", BO, "--cycle", cycle)
    assert late.code != 0
    assert "Traceback" not in late.said


def test_a_locked_record_is_a_sentence_and_what_was_asked_works_afterwards(here: Installation) -> None:
    cycle = opened(here, "Locked")
    before = here.names(cycle)
    lock = sqlite3.connect(here.folder / "kierros.db", isolation_level=None, timeout=30, check_same_thread=False)
    lock.execute("BEGIN IMMEDIATE")
    try:
        ran = here.spawn("register", ANNA, "--cycle", cycle)
    finally:
        lock.execute("ROLLBACK")
        lock.close()
    assert ran.code == 3
    assert "is being written by another process. Try again in a moment." in ran.said
    assert "Traceback" not in ran.said
    assert here.names(cycle) == before
    here.do("register", ANNA, "--cycle", cycle)
    assert here.names(cycle) == [*before, "DelegateRegistered"]


def test_a_record_that_is_locked_for_a_moment_only_makes_a_command_wait(here: Installation) -> None:
    cycle = opened(here, "Waits")
    lock = sqlite3.connect(here.folder / "kierros.db", isolation_level=None, timeout=30, check_same_thread=False)
    lock.execute("BEGIN IMMEDIATE")
    freed = threading.Timer(2, lock.execute, ["ROLLBACK"])
    freed.start()
    here.do("register", BO, "--cycle", cycle)
    freed.join()
    lock.close()
    assert here.names(cycle).count("DelegateRegistered") == 1


def test_without_a_server_a_decision_is_out_of_reach_and_an_answer_is_kept(tmp_path: Path) -> None:
    alone = Installation(tmp_path, {"TEMPORAL_ADDRESS": "127.0.0.1:1"})
    cycle = alone.start(alone.plan("Alone"))
    ran = alone.spawn("cancel", cycle, "--yes", "--reason", "The funding has ended")
    assert ran.code == 3
    assert "kierros up" in ran.said
    assert "Traceback" not in ran.said
    assert (alone.names(cycle), alone.cycle(cycle).phase) == ([], "running")
    kept = alone.spawn("register", ANNA, "--cycle", cycle)
    assert kept.code == 0
    assert "will be decided when the engine runs" in kept.said
    alone.store.close()
