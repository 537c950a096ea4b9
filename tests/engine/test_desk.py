"""What staff and people do in a year, by the command line, on the real server."""

from __future__ import annotations

import asyncio
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest

from runtime.engine import connect
from runtime.settings import Settings
from tests.engine.installation import ANNA, BO, CECILIA, OLGA, Installation, until

pytestmark = [pytest.mark.server, pytest.mark.timeout(240)]


def in_temporal(here: Installation, cycle: str) -> dict[str, Any]:
    """What Temporal itself knows of the cycle: attributes, the board, the history's length."""

    async def ask() -> dict[str, Any]:
        handle = (await connect(Settings(data=here.folder))).get_workflow_handle(cycle)
        described = await handle.describe()
        return {
            "attributes": {pair.key.name: pair.value for pair in described.typed_search_attributes},
            "length": described.history_length,
            "summary": await described.static_summary(),
            "board": await handle.query("board"),
        }

    return asyncio.run(ask())


def at_the_desk(here: Installation, theme: str, **words: Any) -> str:
    """A cycle whose registration is open."""
    cycle = here.start(here.plan(theme, **words))
    here.prompt(cycle, step="invitations")
    here.do("approve", "--cycle", cycle, "--step", "invitations", "--yes")
    until(lambda: here.cycle(cycle).desk("registration").stage == "open", what="registration opens")
    return cycle


def test_a_cycle_is_started_once_waits_and_goes_on_when_it_is_approved(here: Installation) -> None:
    plan = here.plan("Approved")
    cycle = here.start(plan)
    again = here.do("start", str(plan))
    assert "already" in again.said or "nothing" in again.said.lower()
    other = here.plan("Approved", capacity=7)
    assert here.run("start", str(other)).code != 0
    prompt = here.prompt(cycle, step="invitations")
    here.prompt(cycle, step="visits")
    waits = {p["id"]: p for p in here.do("waiting", "--json").data if p["cycle"] == cycle}
    assert waits[prompt.id]["role"] == "coordinator"
    assert prompt.letters == 3
    until(lambda: in_temporal(here, cycle)["attributes"].get("AwaitingApproval") == ["coordinator", "director"])
    seen = in_temporal(here, cycle)
    assert seen["attributes"]["CycleStep"] == "invitations"
    assert prompt.id in seen["board"]
    assert "Approved" in seen["summary"]

    unasked = here.run("approve", "--cycle", cycle, "--step", "invitations")
    assert unasked.code != 0
    assert here.prompt(cycle, step="invitations") == prompt
    here.do("approve", "--cycle", cycle, "--step", "invitations", "--yes", "--reason", "All is well")
    until(lambda: here.cycle(cycle).guests("invitations").stage == "sent")
    until(lambda: all(row.state == "sent" for row in here.letters(cycle, "invitation")), what="invitations are sent")
    assert len(here.letters(cycle, "invitation")) == 3

    until(lambda: in_temporal(here, cycle)["attributes"].get("AwaitingApproval") == ["director"])
    before = in_temporal(here, cycle)["length"]
    twice = here.run("approve", prompt.id, "--cycle", cycle, "--yes")
    assert twice.code != 0
    assert in_temporal(here, cycle)["length"] == before
    assert here.names(cycle).count("StepApproved") == 1


def test_what_was_rejected_is_asked_again_once_it_is_mended(here: Installation) -> None:
    cycle = here.start(here.plan("Rejected"))
    here.prompt(cycle, step="invitations")
    assert here.run("reject", "--step", "invitations", "--cycle", cycle, "--yes").code != 0  # a rejection says why
    here.do("reject", "--step", "invitations", "--cycle", cycle, "--yes", "--reason", "A book fair that week")
    assert not here.letters(cycle, "invitation") or {r.state for r in here.letters(cycle, "invitation")} <= {"dropped"}
    revise = here.prompt(cycle, "revise")
    here.do("choose", revise.id, revise.options[0], "--cycle", cycle, "--yes")
    assert here.prompt(cycle, step="invitations").revision == 2
    here.do("approve", "--step", "invitations", "--cycle", cycle, "--yes")
    assert here.names(cycle).count("InvitationsSent") == 1


def test_places_are_given_waited_for_given_back_offered_and_taken(here: Installation) -> None:
    cycle = at_the_desk(here, "Places", capacity=2)
    for address in (ANNA, BO, CECILIA):
        here.do("register", address, "--cycle", cycle)
    desk = until(lambda: (d := here.cycle(cycle).desk("registration")).waiting and d)
    assert (desk.confirmed, desk.waiting) == (2, 1)
    double = here.run("register", ANNA, "--cycle", cycle)
    assert double.code != 0
    assert "register" in double.said.lower() or "place" in double.said.lower()
    here.do("withdraw", ANNA, "--cycle", cycle, "--reason", "Another course that week")
    until(lambda: here.cycle(cycle).desk("registration").offers, what="the free place is offered")
    here.do("accept", CECILIA, "--cycle", cycle)
    desk = here.cycle(cycle).desk("registration")
    assert (desk.confirmed, desk.waiting, len(desk.offers)) == (2, 0, 0)
    here.do("register", ANNA, "--cycle", cycle)
    here.do("capacity", "registration", "3", "--cycle", cycle, "--yes", "--reason", "A larger room")
    until(lambda: here.cycle(cycle).desk("registration").offers, what="the new place is offered")
    assert here.cycle(cycle).desk("registration").capacity == 3


def test_a_deadline_is_moved_with_a_reason(here: Installation) -> None:
    cycle = at_the_desk(here, "Late")
    now = datetime.now(UTC)
    soon = (now + timedelta(days=1)).date()
    assert here.run("move", "registration", "closes", str(soon), "--cycle", cycle, "--yes").code != 0
    here.do("move", "registration", "closes", str(soon), "--cycle", cycle, "--yes", "--reason", "Few asked so far")
    assert here.cycle(cycle).plan.step("registration").closes.at < now + timedelta(days=3)
    assert here.names(cycle).count("DateMoved") == 1


def test_hosts_decline_propose_and_confirm(here: Installation) -> None:
    cycle = here.start(here.plan("Hosts"))
    here.prompt(cycle, step="visits")
    refused = here.run("approve", "--cycle", cycle, "--step", "visits", "--yes")  # who started may not approve this
    assert refused.code != 0
    here.do("approve", "--cycle", cycle, "--step", "visits", "--yes", acting=OLGA)
    until(lambda: here.cycle(cycle).booking("visits", "first-visit").stage == "asked")
    here.do(
        "host", "host-library", "decline", "--slot", "first-visit", "--cycle", cycle, "--reason", "Closed for repairs"
    )
    choice = here.prompt(cycle, "host")
    assert choice.subject == "first-visit"
    here.do("host", "other-host", "confirm", "--slot", "second-visit", "--cycle", cycle)
    until(lambda: here.cycle(cycle).booking("visits", "second-visit").stage == "confirmed")
    another = next(o for o in choice.options if o not in {"give_up", "again"})
    assert here.run("choose", choice.id, another, "--cycle", cycle, "--yes").code == 0
    stays = here.cycle(cycle).slot_of("visits", "second-visit")[1].begins
    here.do(
        "move", "visits", "begins", str((stays.at + timedelta(days=1)).date()), "--slot", "second-visit",
        "--cycle", cycle, "--yes", "--reason", "The host asked",
    )  # fmt: skip
    assert "VisitMoved" in here.names(cycle) or "DateMoved" in here.names(cycle)


def test_a_cancelled_cycle_tells_everyone_once_and_releases_what_was_booked(here: Installation) -> None:
    cycle = here.start(here.plan("Cancelled"))
    here.prompt(cycle, step="visits")
    here.prompt(cycle, step="invitations")
    here.do("approve", "--cycle", cycle, "--step", "invitations", "--yes")
    here.do("approve", "--cycle", cycle, "--step", "visits", "--yes", acting=OLGA)
    here.do("host", "other-host", "confirm", "--slot", "second-visit", "--cycle", cycle)
    until(lambda: here.cycle(cycle).booking("visits", "second-visit").stage == "confirmed")
    here.do("cancel", cycle, "--yes", "--reason", "The funding has ended")
    state = until(lambda: (c := here.cycle(cycle)).phase == "cancelled" and c)
    assert state.booking("visits", "second-visit").stage == "released"
    assert state.purse.committed == 0
    until(lambda: all(r.state in {"sent", "dropped"} for r in here.letters(cycle)), what="all letters are sent")
    told = [row.to_ref for row in here.letters(cycle, "cycle_cancelled")]
    assert len(told) == len(set(told)) >= 3
    again = here.run("cancel", cycle, "--yes", "--reason", "Once more")
    assert again.code != 0
    assert here.run("register", ANNA, "--cycle", cycle).code != 0


def test_what_does_not_wait_cannot_be_approved(here: Installation) -> None:
    cycle = here.start(here.plan("Nothing waits", days_ago=0))
    for words in (("approve", "visits-1"), ("approve", "--step", "report"), ("choose", "host-1", "again")):
        ran = here.run(*words, "--cycle", cycle, "--yes")
        assert ran.code != 0
        assert "Traceback" not in ran.said
    assert here.names(cycle) == []
