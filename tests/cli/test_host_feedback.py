"""What a host says of its visit, typed in: beside the participants' answers, which come in a file."""

from __future__ import annotations

import pytest

from exchange.base import TIME
from exchange.booking import VisitHeld
from exchange.cycle import evolve
from exchange.record import Record, events
from tests.cli.conftest import Desk
from tests.cli.test_wishing import booked
from tests.cli.world import World, clock

__all__ = ["booked"]
TOLD = ("feedback", "--host", "host-library", "--rating", "4")


def heard(world: World, cycle: str) -> tuple[str, str, str] | None:
    said = world.store.load(cycle).booking("visits", "first-visit").heard
    texts = world.store.get_texts([said.gained, said.better]) if said else {}
    return (
        (said.rating, *("".join(texts.get(ref, {}).values()) for ref in (said.gained, said.better))) if said else None
    )


@pytest.fixture
def visited(world: World, booked: str) -> str:
    """The group has been at the host: all that comes before has gone by as well."""
    ledger = world.ledgers[booked]
    world.keep(booked)
    held = VisitHeld(at=clock(), actor=TIME, step="visits", slot="first-visit", host="host-library")
    ledger.cycle = evolve(ledger.cycle, held)
    where = {"after": ledger.recorded, "decided_to": ledger.decided_to, "standing": ledger.standing()}
    world.store.keep(Record(cycle=booked, events=(events.pack(held),), **where))
    ledger.recorded += 1
    return booked


def test_what_a_host_says_by_telephone_is_kept_and_may_be_said_anew(desk: Desk, world: World, visited: str):
    ran = desk(*TOLD, "--gained", "We read aloud more")
    assert (ran.code, heard(world, visited)) == (0, ("4", "We read aloud more", "")), ran.err
    assert "The host library has told how the visit “Visits to host libraries: Helsinki / Turku” went." in ran.sentence

    again = desk("feedback", "--host", "The host library", "--rating", "2", "--better", "Stay a day longer")
    assert (again.code, heard(world, visited)) == (0, ("2", "", "Stay a day longer"))
    assert "instead of what it said before" in again.sentence


def test_a_host_that_has_received_nobody_is_refused_and_none_of_its_words_are_kept(
    desk: Desk, world: World, booked: str
):
    ran = desk(*TOLD, "--gained", "Nothing yet")
    assert ran.code == 1
    assert "has not received the visit “Visits to host libraries: Helsinki / Turku”" in ran.sentence
    assert heard(world, booked) is None
    with world.store.reading() as connection:
        kept = connection.exec_driver_sql("select words from texts").scalars()
        assert not [words for words in kept if "Nothing yet" in words]


WRONG = {
    (): "with --file FILE, or one host's with --host HOST",
    ("--host", "host-library"): "Say with --rating what the visit gave",
    ("--host", "host-library", "--rating", "6"): "Say with --rating what the visit gave",
    ("--host", "dokk2", "--rating", "4"): "dokk2 is no host of this cycle",
    ("--host", "host-library", "--rating", "4", "--step", "feedback"): "--step is for participants' answers",
    ("--file", "answers.csv", "--rating", "4"): "--rating is for what a host says",
    ("--file", "answers.csv", "--host", "host-library"): "with --file FILE, or one host's",
}


def test_what_cannot_be_meant_is_said(desk: Desk, world: World, visited: str):
    for words, says in WRONG.items():
        ran = desk("feedback", *words)
        assert (ran.code, says in ran.sentence) == (2, True), (words, ran.err)
    assert heard(world, visited) is None
