"""A whole cycle played through the pages by hand, in Chromium, on the real server with its workers and its mailbox.

Nobody types a command once the plan is started: contacts name people, people and hosts answer, staff decide, each from
the letter that came to her. ``--pictures FOLDER`` keeps a picture of the main pages on the way.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from pathlib import Path

import pytest

from tests.engine.installation import KRISTINA, OLGA, Installation, installed
from tests.portal.browser.conftest import Driven
from tests.portal.browser.look import press
from tests.portal.browser.reader import Reader, until

pytestmark = [pytest.mark.slow, pytest.mark.server, pytest.mark.timeout(900)]

PLAN = Path(__file__).parent / "year" / "plan.yaml"
YEAR = 360
"""Seconds from the first date to the last. Each stage lasts at least three times as long as what is done in it."""
FREE = "There is nothing for you to do now."
CONFIRM = (
    "If it was you, please confirm it on the page of your data. If it was not, there is nothing for you to do, and "
    "everything stays as it is."
)

Meets = Callable[..., Reader]


@pytest.fixture(scope="module")
def year(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[Installation, str]]:
    """An installation in which the year has just begun, and the id of its cycle."""
    with installed(tmp_path_factory.mktemp("year")) as here:
        yield here, here.start(PLAN, "--finish-within", str(YEAR))


@pytest.fixture
def meets(year: tuple[Installation, str], chromium: Driven, request: pytest.FixtureRequest) -> Iterator[Meets]:
    """Gives somebody a browser of her own."""
    portal = json.loads((year[0].folder / "stack.json").read_text())["portal"]
    folder = request.config.getoption("--pictures")
    with chromium.awake(), ExitStack() as leaving:

        def meet(name: str, language: str = "en", width: int = 390) -> Reader:
            reader = Reader(chromium.browser, portal, name, language, width, Path(folder) if folder else None)
            leaving.callback(reader.close)
            return reader

        yield meet


def test_a_cycle_is_played_through_its_pages_from_the_first_letter_to_the_last(
    meets: Meets, year: tuple[Installation, str]
) -> None:
    here, cycle = year
    people = Town(meets, cycle)
    people.staff_send_what_was_made_ready()
    people.a_contact_names_a_colleague()
    people.two_who_are_invited_say_yes()
    people.one_host_says_no_and_the_next_yes()
    people.the_host_asks_for_another_day()
    people.one_has_a_place_and_one_waits()
    people.she_can_come_on_the_other_day_too()
    people.the_host_tells_how_it_went()
    people.feedback_is_given_in_two_goes()
    people.she_has_everything_erased()
    people.the_report_is_filed()
    assert here.cycle(cycle).phase == "finished"
    assert not [one for one in here.store.people(cycle) if one.name == people.vera.name]


class Town:
    """Everybody who plays, and what they do one after the other."""

    def __init__(self, meets: Meets, cycle: str) -> None:
        self.cycle = cycle
        self.kristina, self.olga = meets(KRISTINA, width=1100), meets(OLGA, width=1100)
        self.kadri, self.vera, self.rasa = (
            meets("Kadri Tamm", "et"),
            meets("Вера Соколова", "ru"),
            meets("Rasa Jonaitė"),
        )
        self.pirkko, self.elsa = meets("Pirkko Laine"), meets("Elsa Nyström", "sv")

    # -- staff ---------------------------------------------------------------------------------------------------------

    def staff_send_what_was_made_ready(self) -> None:
        """Each signs in on the way from the letter about her decision to the decision itself."""
        for who, picture in ((self.kristina, "decision"), (self.olga, "")):
            who.letter("Look and decide")
            who.sees(who.heading)
            who.follow("Look and decide")
            self._signs_in(who)
            self._approves(who, picture)

    def _signs_in(self, who: Reader) -> None:
        who.sees("Sign in")
        who.fill("Your e-mail address", f"{who.name.split()[0].lower()}@staff.example")
        who.press("Send me a link")
        who.sees("Look into your mailbox")
        who.letter("Somebody, most likely you, wants to sign in to Kierros in your name.")
        press(who.tab.locator('.letter a[href^="/s/"]'))
        who.sees("Sign in")
        who.press("Sign in")

    def _approves(self, who: Reader, picture: str = "") -> None:
        assert "What happens if it is approved" in who.text
        who.sees(who.heading, "Your decision", picture=picture)
        who.press("Approve", exact=False)
        who.sees(who.heading, "You have decided this")

    def _decides(self, who: Reader, option: str) -> None:
        who.letter("Look and decide")
        who.follow("Look and decide")
        who.sees(who.heading)
        who.choose(option)
        who.press("Decide")
        who.sees(who.heading, "You have decided this")

    # -- people --------------------------------------------------------------------------------------------------------

    def a_contact_names_a_colleague(self) -> None:
        kadri = self.kadri
        kadri.letter("Name colleagues")
        kadri.follow("Name colleagues")
        library = {"library": "Metsapoole linnaraamatukogu"}
        kadri.sees("Whom %(library)s sends", **library)
        kadri.click("Name a colleague")
        kadri.sees("Name a colleague")
        kadri.fill("Your colleague’s name", "Liis Kask")
        kadri.fill("Your colleague’s e-mail address", "liis.kask@metsapoole-library.example")
        kadri.tab.get_by_label(kadri.says("The language of the letters")).select_option("et")
        kadri.press("Put this colleague down")
        kadri.sees("Whom %(library)s sends", "named by you", picture="contact", **library)
        assert "Liis Kask" in kadri.text

    def two_who_are_invited_say_yes(self) -> None:
        for who, theme in ((self.vera, "Читаем вместе"), (self.rasa, "Reading together")):
            who.letter("Answer here")
            who.follow("Answer here")
            who.sees("You are invited: %(theme)s", theme=theme, picture="invitation" if who is self.vera else "")
            who.fill("What should your hosts know about what you eat?", "вегетарианка" if who is self.vera else "")
            who.press("Yes, I will take part")
            who.sees("You are down for a place: %(theme)s", theme=theme)

    def one_has_a_place_and_one_waits(self) -> None:
        """Three libraries asked for two places; those who asked first have them."""
        self.vera.letter("Please keep these dates free. You need not answer this letter.")
        self.vera.follow("See your place")
        self.vera.sees("You have a place: %(theme)s", theme="Читаем вместе", picture="place")
        assert "вегетарианка" in self.vera.text
        self.rasa.letter(FREE)
        self.rasa.click("To all letters")
        self.rasa.sees("Mailbox", picture="mailbox")
        self.rasa.tab.go_back()
        self.rasa.follow("See your place")
        self.rasa.sees(
            "You are on the waiting list: %(theme)s", "Why you stand there", "You are next: nobody goes before you.",
            theme="Reading together", picture="waiting",
        )  # fmt: skip
        assert "1 of 1" in self.rasa.text
        self.kristina.click("To the cycle")
        self.kristina.sees("Reading together", "Who is where now", "2 of 2 places", picture="pipeline")

    # -- hosts ---------------------------------------------------------------------------------------------------------

    def one_host_says_no_and_the_next_yes(self) -> None:
        self.pirkko.letter("Answer here")
        self.pirkko.follow("Answer here")
        self.pirkko.sees("May we visit you?", picture="host")
        self.pirkko.click("No, not this time")
        self.pirkko.sees("No, not this time")
        self.pirkko.fill("Why?", "We are being rebuilt")
        self.pirkko.press("Say no")
        self.pirkko.sees(self.pirkko.heading)
        self.elsa.letter("Answer here")
        self.elsa.follow("Answer here")
        self.elsa.sees("May we visit you?")
        press(self.elsa.tab.locator("main form button").first)
        self.elsa.sees("The group comes to you")

    def the_host_asks_for_another_day(self) -> None:
        elsa = self.elsa
        elsa.click("Ask to move the visit")
        elsa.sees("Ask to move the visit")
        for field, day in (("first", "26"), ("last", "28")):
            for part, value in (("day", day), ("month", "5"), ("year", "2027")):
                elsa.tab.locator(f"#f-{field}-{part}").fill(value)
        elsa.press("Ask for this time")
        elsa.sees("You have asked to move the visit")
        self.kristina.tab.goto(f"{elsa.portal}/staff")
        until(
            lambda: self.kristina.tab.reload() is not None and "Södervik" in self.kristina.text, "the wish on her desk"
        )
        self.kristina.sees("Today", "Waiting for you", picture="desk")
        self._decides(self.kristina, "Move the visit to the time that the host asks for")
        elsa.letter("See the visit")
        elsa.follow("See the visit")
        elsa.sees("The group comes to you", picture="visit")

    def she_can_come_on_the_other_day_too(self) -> None:
        """Whoever got her place after the visit had moved finds the new date in it."""
        assert "26" in self.vera.text

    # -- the end -------------------------------------------------------------------------------------------------------

    def the_host_tells_how_it_went(self) -> None:
        elsa = self.elsa
        elsa.letter("Tell us how it went")
        elsa.follow("Tell us how it went")
        elsa.sees("How did the visit go?")
        elsa.choose("5 – very much")
        elsa.fill("What did you and your colleagues take from it?", "Vi läser högt oftare.")
        elsa.press("Send")
        elsa.sees("How did the visit go?", "Thank you. You can change your answers here until the cycle is over.")

    def feedback_is_given_in_two_goes(self) -> None:
        vera = self.vera
        vera.letter("Answer the questions")
        vera.follow("Answer the questions")
        vera.sees("Ваш отзыв", picture="feedback")
        vera.tab.locator("fieldset").first.get_by_role("radio").nth(4).check()
        vera.press("Save, and come back later")
        vera.sees("Ваш отзыв", "Saved, and not sent yet")
        vera.again()
        assert vera.tab.locator("fieldset").first.get_by_role("radio").nth(4).is_checked()
        vera.tab.locator("fieldset").nth(1).get_by_role("radio").nth(3).check()
        vera.press("Send my answers")
        vera.sees("Ваш отзыв", "Thank you for your answers")
        vera.click("Tell what I learned")
        vera.sees("What I learned, and from whom")
        vera.fill("What did you learn that you use, or want to use?", "Читать вслух можно в любом возрасте")
        vera.press("Keep this")
        vera.sees("What I learned, and from whom", "Thank you. It is kept, and you can change it here.")

    def she_has_everything_erased(self) -> None:
        vera = self.vera
        vera.letter("Your data", read_before=True)
        vera.follow("Your data")
        vera.sees("My data", picture="data")
        vera.click("What is erased, and how")
        vera.sees("Have everything erased")
        vera.press("Send me the letter")
        vera.sees("My data", "Please look into your mail")
        vera.letter(CONFIRM)
        vera.follow("Your data")
        vera.sees("My data", "You have asked to be erased")
        vera.click("Go on to the last question")
        vera.sees("Erase everything now?")
        vera.press("Yes, erase everything")
        vera.sees(vera.heading)

    def the_report_is_filed(self) -> None:
        olga = self.olga
        olga.letter("Look and decide")
        olga.follow("Look and decide")
        self._approves(olga)
        olga.tab.goto(f"{olga.portal}/c/{self.cycle}")
        until(lambda: olga.tab.reload() is not None and "Read the report" in olga.text, "the report")
        olga.sees("Reading together", picture="public")
