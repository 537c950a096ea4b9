"""A decision about a host's answer shows the dates, the host's reason, whom it affects, and what is the case."""

from __future__ import annotations

import html
from datetime import datetime, timedelta
from typing import Any

import pytest

from exchange.booking import AnswerAsHost
from exchange.plan import Slot, When
from telling.times import span
from tests.cli.conftest import Desk
from tests.cli.world import OLGA, World, clock
from tests.portal.desk import Desk as Portal

FIRST, SECOND = "host-library", "other-host"


@pytest.fixture
def cycle(desk: Desk, world: World) -> str:
    made = world.start(days_ago=20)
    desk("approve", "--step", "visits", "--yes", staff=OLGA)
    return made


def says(world: World, cycle: str, host: str, answer: str, reason: str = "", **more: Any) -> None:
    words = world.store.add_text(cycle, reason, "reason") if reason else ""
    about = {"host": host, "slot": "first-visit", "answer": answer, "reason": words, **more}
    world.decide(cycle, AnswerAsHost.model_validate({"at": clock(), "actor": "p_x", **about}))


def slot(world: World, cycle: str) -> Slot:
    return world.ledgers[cycle].cycle.slot_of("visits", "first-visit")[1]


def later(when: When) -> When:
    local = datetime.fromisoformat(when.local) + timedelta(days=7)
    return When(local=local.isoformat(timespec="minutes"), zone=when.zone, at=when.at + timedelta(days=7))


def told(desk: Desk) -> str:
    return " ".join(desk("waiting").out.replace("│", " ").split())


async def page(world: World, monkeypatch: pytest.MonkeyPatch, cycle: str, prompt: str) -> str:
    return html.unescape((await Portal(world, monkeypatch).browser().get(f"/staff/decisions/{cycle}/{prompt}")).text)


def proposes(world: World, cycle: str) -> None:
    stay = slot(world, cycle)
    about = {"begins": later(stay.begins), "ends": later(stay.ends)}
    says(world, cycle, FIRST, "propose", "The hall is painted", **about)


def test_other_dates_are_named_beside_the_old_ones_with_their_reason(desk: Desk, world: World, cycle: str):
    proposes(world, cycle)
    stay, shown = slot(world, cycle), told(desk)
    before, after = span(stay.begins, stay.ends), span(later(stay.begins), later(stay.ends))
    for words in (f"From {before} to {after}.", "Its reason: “The hall is painted”"):
        assert words in shown
    assert "It affects" not in shown  # nobody has a place yet
    assert "The hall is painted" in " ".join(desk("history").out.split())
    assert "Its reason: “The hall is painted”" in desk("choose", "host-visits-first-visit-1", types=[""]).sentence


async def test_the_page_names_them_too(desk: Desk, world: World, cycle: str, monkeypatch: pytest.MonkeyPatch):
    proposes(world, cycle)
    shown = await page(world, monkeypatch, cycle, "host-visits-first-visit-1")
    for words in ("From ", "Its reason: “The hall is painted”"):
        assert words in shown
    assert "It affects" not in shown


async def test_a_no_is_told_with_its_reason(desk: Desk, world: World, cycle: str, monkeypatch: pytest.MonkeyPatch):
    says(world, cycle, FIRST, "decline", "We are rebuilding")
    shown = told(desk)
    stay = slot(world, cycle)
    assert f"It is planned for {span(stay.begins, stay.ends)}." in shown
    for words in ("It said no on ", "Its reason: “We are rebuilding”"):
        assert words in shown
        assert words in await page(world, monkeypatch, cycle, "host-visits-first-visit-1")
    assert "It affects" not in shown


async def test_a_yes_after_its_own_no_is_not_called_late_and_nobody_is_released_who_was_not_asked(
    desk: Desk, world: World, cycle: str, monkeypatch: pytest.MonkeyPatch
):
    says(world, cycle, FIRST, "decline", "We are rebuilding")
    says(world, cycle, FIRST, "confirm")
    shown = await page(world, monkeypatch, cycle, "host-visits-first-visit-2")
    for said in (shown, told(desk)):
        for words in ("says yes to the visit", "after all", "It said no on ", "Nobody else has been asked since."):
            assert words in said
        for wrong in ("time to answer", "asked since,", "one asked since"):
            assert wrong not in said
    assert "Take the host that said yes after all" in shown
    assert "Ask the next candidate, Another host library, and thank The host library" in shown
    assert "Give the visit up, and thank The host library" in shown
    history = " ".join(desk("history").out.split())
    assert "said yes to" in history
    assert "time to answer was over" not in history


async def test_a_yes_after_its_own_no_names_who_was_asked_since(
    desk: Desk, world: World, cycle: str, monkeypatch: pytest.MonkeyPatch
):
    says(world, cycle, FIRST, "decline")
    assert desk("choose", "host-visits-first-visit-1", "next", "--yes").code == 0
    says(world, cycle, FIRST, "confirm")
    shown = await page(world, monkeypatch, cycle, "host-visits-first-visit-2")
    host, since = "The host library", "Another host library"
    for words in (
        "It said no on ", f"{since} has been asked since, and has not said yes yet.",
        f"Take {host}, and release {since}, asked since", f"Keep {since}, asked since, and thank {host}",
    ):  # fmt: skip
        assert words in shown
    choices = desk("choose", "host-visits-first-visit-2", types=[""]).sentence
    assert f"take {host}, and release {since}, asked since" in choices


async def test_what_a_yes_after_all_has_overtaken_waits_no_more_and_leads_to_what_waits_now(
    desk: Desk, world: World, cycle: str, monkeypatch: pytest.MonkeyPatch
):
    old, new = "host-visits-first-visit-1", "host-visits-first-visit-2"
    says(world, cycle, FIRST, "decline")
    says(world, cycle, FIRST, "confirm")
    waiting = told(desk)
    assert new in waiting
    assert old not in waiting
    assert f"{old} is overtaken by what came since: {new} takes its place." in " ".join(desk("history").out.split())
    ran = desk("choose", old, "next", "--yes")
    assert ran.code != 0
    assert f"{old} is no longer needed: {new} took its place" in ran.sentence
    shown = await page(world, monkeypatch, cycle, old)
    assert "Something has come since. This waits in its place:" in shown
    assert f'href="/staff/decisions/{cycle}/{new}">The host library says yes' in shown
    choices = desk("choose", new, types=[""]).sentence
    assert "ask the next candidate, Another host library; thank The host library" in choices
