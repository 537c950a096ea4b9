"""The pages of contacts and hosts in Chromium: every state, on a telephone, with what goes wrong."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path

import pytest
from playwright.sync_api import Page

from store.models import Person
from tests.portal.browser.conftest import serving
from tests.portal.browser.look import audit, press
from tests.portal.visiting import Deciding, Played, begin, says

OPEN = datetime(2024, 1, 24, 12, tzinfo=UTC)
ASKED = datetime(2024, 2, 7, 12, tzinfo=UTC)
LATE = datetime(2024, 2, 20, 12, tzinfo=UTC)
OVER = datetime(2024, 5, 30, 12, tzinfo=UTC)
HER = "p_contact00001"
CONTACT = Person(ref=HER, name="Audra Kontaktė", address="audra@azuolyne-library.example", home="azuolyne")


@pytest.fixture(scope="module")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return begin(tmp_path_factory.mktemp("begun"), OPEN, [CONTACT], contacts={"azuolyne": HER})


@pytest.fixture
def played(begun: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Played]:
    played = Played(begun, tmp_path, monkeypatch, OPEN)
    yield played
    played.store.close()


@contextmanager
def at(played: Played, folder: Path) -> Iterator[str]:
    """The address of a portal where everything is decided at once."""
    with serving(played.store, folder, now=lambda: played.now) as house:
        house.__dict__["waker"] = Deciding(played)
        yield house.address


def sends(tab: Page) -> None:
    press(tab.locator("main form button").first)


def seen(tab: Page, heading: str) -> None:
    """The page has that heading, and nothing stands in anybody's way."""
    assert tab.locator("h1").inner_text() == heading
    audit(tab)


def test_a_contact_goes_through_her_pages(tab: Page, played: Played, tmp_path: Path):
    path = played.path(HER, ("nominate", "registration/azuolyne"))
    whom = "Whom Ąžuolynė Town Library sends"
    with at(played, tmp_path) as portal:
        tab.goto(portal + path)
        seen(tab, whom)
        press(tab.get_by_role("link", name="Name a colleague"))
        sends(tab)
        assert tab.evaluate("document.activeElement.className") == "errors"
        seen(tab, "Name a colleague")
        says(played, "Rūta Ąžuolaitė", "Vilma Kregždienė")
        played.at(ASKED)
        tab.goto(portal + path)
        seen(tab, whom)
        sends(tab)
        assert tab.title().startswith("Mistake:")
        seen(tab, whom)
        tab.get_by_label("Vilma").check()
        sends(tab)
        played.at(LATE)
        tab.goto(portal + path)
        seen(tab, whom)
        assert "has a place" in tab.locator("main").inner_text()
        press(tab.get_by_role("link", name="instead of somebody"))
        seen(tab, "Send a colleague instead")
        sends(tab)
        seen(tab, "Send a colleague instead")


def test_a_host_goes_through_its_pages(tab: Page, played: Played, tmp_path: Path):
    kirsten = played.person("Kirsten Bøgeskov").ref
    path = played.path(kirsten, ("host", "visits/aarhus/dokk1"))
    with at(played, tmp_path) as portal:
        tab.goto(f"{portal}{path}?lang=en")
        seen(tab, "May we visit you?")
        press(tab.get_by_role("link", name="No, not this time"))
        seen(tab, "No, not this time")
        tab.goto(f"{portal}{path}/dates")
        sends(tab)
        seen(tab, "Suggest other dates")
        _suggest(tab)
        seen(tab, "You have suggested other dates")
        sends(tab)
        seen(tab, "The group comes to you")
        says(played, "Rūta Ąžuolaitė")
        played.at(LATE)
        press(tab.get_by_role("link", name="Ask to move the visit"))
        seen(tab, "Ask to move the visit")
        _suggest(tab)
        seen(tab, "You have asked to move the visit")
        assert "Rūta Ąžuolaitė" in tab.locator("table").inner_text()
        sends(tab)
        press(tab.get_by_role("link", name="We cannot receive the group"))
        seen(tab, "We cannot receive the group after all")
        played.through(OVER)
        tab.goto(portal + path)
        seen(tab, "Thank you for receiving our group")
        press(tab.get_by_role("link", name="Tell us how it went"))
        sends(tab)
        seen(tab, "How did the visit go?")
        tab.get_by_label("4 – much").check()
        sends(tab)
        assert "You can change your answers" in tab.locator("main").inner_text()
        audit(tab)


def _suggest(tab: Page) -> None:
    for field, day in (("first", "20"), ("last", "22")):
        for part, value in (("day", day), ("month", "5"), ("year", "2024")):
            tab.locator(f"#f-{field}-{part}").fill(value)
    sends(tab)


def test_a_host_that_is_late_or_not_asked(tab: Page, played: Played, tmp_path: Path):
    kirsten, soren = (played.person(name).ref for name in ("Kirsten Bøgeskov", "Søren Havtorn"))
    with at(played, tmp_path) as portal:
        tab.goto(f"{portal}{played.path(soren, ('host', 'visits/north/horsens'))}?lang=en")
        seen(tab, "You are not asked at present")
        played.at(LATE)
        tab.goto(portal + played.path(kirsten, ("host", "visits/aarhus/dokk1")))
        seen(tab, "Your time to answer is over")
        sends(tab)
        seen(tab, "Your yes is with us")
