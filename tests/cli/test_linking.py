"""`people link`: a letter with links for whoever lost hers; nobody is shown one."""

from __future__ import annotations

import pytest

from tests.cli.conftest import Desk
from tests.cli.world import World

ANNA = "anna@home-library.example"


@pytest.fixture(autouse=True)
def _with_pages(monkeypatch: pytest.MonkeyPatch):
    monkeypatch.setenv("KIERROS_PORTAL_URL", "https://exchange.library.example")


def test_she_gets_another_letter_and_no_link_is_shown(desk: Desk, world: World):
    cycle = world.start(days_ago=20)
    ran = desk("people", "link", ANNA)
    assert ran.code == 0, ran.err
    assert f"A letter with the links of Anna Example goes to {ANNA}." in ran.sentence
    assert "/l/" not in ran.out + ran.err
    (row,) = world.store.letters(cycle, kind="new_link")
    assert world.store.get_people([row.to_ref])[row.to_ref].address == ANNA
    ran = desk("people", "link", "Anna Example", "--new")
    assert "The links in older letters of hers open nothing any more." in ran.sentence
    assert len(world.store.letters(cycle, kind="new_link")) == 2


def test_of_several_cycles_one_has_to_be_named(desk: Desk, world: World):
    first, second = world.start(days_ago=20), world.start(days_ago=20, theme="Another theme")
    ran = desk("people", "link", ANNA)
    assert ran.code == 2
    assert "known in several cycles" in ran.sentence
    assert desk("people", "link", ANNA, "--cycle", second).code == 0
    assert world.store.letters(first, kind="new_link") == []


def test_where_nobody_knows_where_the_pages_are_nothing_is_sent(
    desk: Desk, world: World, monkeypatch: pytest.MonkeyPatch
):
    monkeypatch.setenv("KIERROS_PORTAL_URL", "")
    cycle = world.start(days_ago=20)
    ran = desk("people", "link", ANNA)
    assert ran.code == 1
    assert "Start `kierros up`, or set KIERROS_PORTAL_URL." in ran.sentence
    assert world.store.letters(cycle, kind="new_link") == []


def test_a_stranger_has_no_links(desk: Desk, world: World):
    world.start(days_ago=20)
    assert "Nobody is known as" in desk("people", "link", "nobody@elsewhere.example").sentence
