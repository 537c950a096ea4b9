"""An invitation, a place and one's data in Chromium, on a telephone's width: every stage, and a form with mistakes."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from playwright.sync_api import Page

from exchange.registration import Register, Withdraw
from tests.portal.browser.conftest import serving
from tests.portal.browser.look import audit, press
from tests.portal.people import FIRST_COME, OPEN, SOON, NoEngine, Year, a_year

HER, OTHER, THIRD, FOURTH = "Laima Rasuolė", "Edita Lineikienė", "Rūta Ąžuolaitė", "Giedrė Smilgaitė"


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Year]:
    """One has the place, one is offered it after another left, one waits, one is invited."""
    folder = tmp_path_factory.mktemp("year")
    with pytest.MonkeyPatch.context() as patch:
        for year in a_year(folder, patch, **FIRST_COME, ask=("diet", "access")):
            for number, name in enumerate((OTHER, THIRD, HER)):
                year.clock["now"] = OPEN + number * SOON
                year.somebody(Register, name)
            year.store.tell(year.cycle, year.person(OTHER).ref, {"diet": "No fish"}, OPEN)
            year.goes_on(OPEN + timedelta(hours=1))
            with serving(year.store, folder, now=year.house.now) as house:
                house.__dict__["waker"] = NoEngine()
                year.house = house
                yield year


def look(tab: Page, year: Year, path: str, name: str) -> None:
    """Opens a page and looks at it; keeps a picture where somebody wants to see it."""
    tab.goto(f"{year.house.address}{path}")
    audit(tab)
    if folder := os.environ.get("KIERROS_PICTURES"):
        tab.screenshot(path=Path(folder) / f"{name}.png", full_page=True)


@pytest.mark.parametrize("path", ["", "/decline", "/colleague"])
def test_an_invitation_stands_in_nobodys_way(tab: Page, year: Year, path: str):
    look(tab, year, year.link(FOURTH, "invitation", "registration") + path, f"invitation{path.replace('/', '-')}")


@pytest.mark.parametrize("path", ["", "/withdraw", "/colleague", "/needs"])
def test_a_place_stands_in_nobodys_way(tab: Page, year: Year, path: str):
    look(tab, year, year.link(OTHER) + path, f"place{path.replace('/', '-')}")


@pytest.mark.parametrize("language", ["en", "ru", "lt"])
def test_the_waiting_list_stands_in_nobodys_way(tab: Page, year: Year, language: str):
    look(tab, year, f"{year.link(HER)}?lang={language}", f"waiting-{language}")


@pytest.mark.parametrize("path", ["", "/correct", "/erase"])
def test_ones_data_stands_in_nobodys_way(tab: Page, year: Year, path: str):
    look(tab, year, year.link(OTHER, "data") + path, f"data{path.replace('/', '-')}")


def test_the_last_question_and_the_end_of_letters_stand_in_nobodys_way(tab: Page, year: Year):
    look(tab, year, f"{year.link(OTHER, 'data', 'erase')}/erase/confirm", "erase-confirm")
    look(tab, year, year.link(OTHER, "optout", "survey").replace("l", "o", 1), "optout")


def test_a_mistake_takes_the_focus_and_leads_to_its_field(tab: Page, year: Year):
    tab.goto(f"{year.house.address}{year.link(FOURTH, 'invitation', 'registration')}/colleague?lang=en")
    tab.get_by_label("Your colleague’s name").fill("Nauja Kolegė")
    press(tab.get_by_role("button", name="Let my colleague come"))

    audit(tab)
    assert tab.evaluate("document.activeElement.className") == "errors"
    press(tab.locator(".errors a").first)
    assert tab.evaluate("document.activeElement.id") == "f-address"
    assert tab.get_by_label("Your colleague’s name").input_value() == "Nauja Kolegė"


def test_an_offer_is_taken_by_keyboard_alone(tab: Page, year: Year):
    year.somebody(Withdraw, OTHER)
    year.goes_on(OPEN + timedelta(hours=2))
    look(tab, year, f"{year.link(THIRD)}?lang=en", "offer")
    tab.get_by_label("Yes, I take the place").focus()
    tab.keyboard.press("Space")
    tab.keyboard.press("Enter")

    tab.wait_for_selector("text=We have your answer")
    audit(tab)
    year.goes_on(OPEN + timedelta(hours=3))
    tab.reload()
    assert "You have a place" in tab.locator("h1").inner_text()
    look(tab, year, year.link(OTHER), "withdrawn")


def test_feedback_stands_in_nobodys_way(tab: Page, year: Year):
    """Last, for it takes the year to its end."""
    year.goes_on(OPEN + timedelta(days=255))
    link = f"{year.link(THIRD, 'feedback', 'feedback')}?lang=en"
    look(tab, year, link, "feedback")
    press(tab.get_by_role("button", name="Send my answers"))
    audit(tab)
    assert tab.evaluate("document.activeElement.className") == "errors"
    tab.get_by_label("5 – entirely").first.check()
    press(tab.get_by_role("button", name="Save, and come back later"))
    audit(tab)
    assert tab.get_by_label("5 – entirely").first.is_checked()
    look(tab, year, link.replace("?", "/learned?"), "learned")
