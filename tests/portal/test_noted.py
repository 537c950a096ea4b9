"""Staff note in the browser whom a library sends, which telephoned or wrote it."""

from __future__ import annotations

import re
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import pytest

from tests.portal.visiting import Played, begin, says
from tests.portal.world import Browser

OPEN = datetime(2024, 1, 20, 12, tzinfo=UTC)
ASKED = datetime(2024, 2, 7, 12, tzinfo=UTC)
RUTA, VILMA, OTHER = "Rūta Ąžuolaitė", "Vilma Kregždienė", "Jurgita Vieversė"


@pytest.fixture
def played(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Played]:
    """Two of one library have asked, which has one place: it chooses."""
    (tmp_path / "begun").mkdir()
    found = Played(begin(tmp_path / "begun", OPEN), tmp_path, monkeypatch, OPEN)
    says(found, RUTA, VILMA, OTHER)
    found.at(ASKED)
    yield found
    found.store.close()


@pytest.fixture
def desk(played: Played) -> Browser:
    """The coordinator's browser."""
    (coordinator, *_) = played.state.plan.roles["coordinator"]
    web = played.browser()
    web.client.cookies.set("kierros", played.store.open_session(coordinator, "portal", played.now)[0])
    return web


def place(played: Played, name: str) -> str:
    _, found = played.state.place(played.person(name).ref)
    return found.state if found else ""


async def offered(desk: Browser, path: str) -> list[str]:
    return re.findall(r'name="people" value="([^"]+)"', (await desk.get(path)).text)


async def test_whom_a_library_sends_is_shown_first_and_noted_with_who_typed_it_in(played: Played, desk: Browser):
    path = f"/staff/cycles/{played.cycle}/do/nominate"
    vilma = next(one for one in await offered(desk, path) if one.endswith(played.person(VILMA).ref))
    before = len(played.store.journal(played.cycle))

    look = await desk.post(path, {"people": vilma, "deed": "look"})

    assert look.status_code == 200, re.sub(r"<[^>]+>", " ", look.text.partition("<main")[2])
    assert VILMA in look.text
    assert len(played.store.journal(played.cycle)) == before

    once = re.findall(r'name="once" value="([^"]+)"', look.text)[0]
    done = await desk.post(path, {"people": vilma, "deed": "act", "once": once})

    assert done.status_code == 303
    assert (place(played, VILMA), place(played, RUTA)) == ("confirmed", "waiting")
    assert played.state.desk("registration").nominations["azuolyne"].done
    events = [entry.event for entry in played.store.journal(played.cycle)[before:]]
    assert {event.entered_by for event in events} >= {played.state.plan.roles["coordinator"][0]}


async def test_more_than_it_has_places_or_of_two_libraries_is_not_noted(played: Played, desk: Browser):
    path = f"/staff/cycles/{played.cycle}/do/nominate"
    both = await offered(desk, path)

    sent = await desk.post(path, {"people": both, "deed": "act", "once": "1"})

    assert len(both) == 2
    assert sent.status_code == 422
    assert "choose one of those offered" not in sent.text
    assert not played.state.desk("registration").nominations["azuolyne"].done
