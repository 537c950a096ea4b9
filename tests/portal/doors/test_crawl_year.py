"""The links of letters of every kind, through the whole year of both examples with its ordinary trouble.

A few letters of each kind are followed at several moments; looking changes nothing, and every link leads somewhere.
"""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest

from exchange.base import Command
from exchange.booking import AnswerAsHost
from exchange.extending import Extend
from exchange.invitation import DeclineInvitation
from exchange.moving import Move
from exchange.plan import When
from exchange.registration import Register, Withdraw
from exchange.state import Cycle
from plans.clock import resolve
from store.models import Letterbox
from tests.portal.doors.test_crawl import crawl
from tests.portal.doors.town import Clerk, Town

pytestmark = pytest.mark.slow
OF_EACH = 1
HOUR, DAY = timedelta(hours=1), timedelta(days=1)
SENT_BY_STORE = {"new_link", "erasure_asked"}


class Year:
    """An example played by hand, a day at a time."""

    def __init__(self, town: Town, name: str, begun: datetime, contacts: dict[str, str]) -> None:
        self.town, self.clock = town, town.clock
        self.clock["now"] = begun
        self.cycle = town.begin(name, begun=begun, contacts=contacts)
        self.plan = town.store.get_plan(self.cycle)
        self.kinds = Counter[str]()
        self.count = 0

    @property
    def state(self) -> Cycle:
        return self.town.store.load(self.cycle)

    def step(self, kind: str) -> Any:
        return self.plan.of_kind(kind)[0]

    def until(self, moment: datetime) -> None:
        """Days go by; hosts who are asked say yes before their time is over."""
        while self.clock["now"] < moment:
            self.clock["now"] = min(moment, self.clock["now"] + 4 * DAY)
            self.town.decide(self.cycle, self.clock["now"])
            self._answers()

    def _answers(self) -> None:
        state = self.state
        for journey in state.journeys():
            for slot in journey.slots:
                stay = state.booking(journey.id, slot.id)
                who = next((c.contact for c in slot.candidates if c.host == stay.host), "")
                if stay.stage == "asked" and stay.until and self.clock["now"] > stay.until - 5 * DAY:
                    self.say(who, AnswerAsHost, host=stay.host, slot=slot.id, answer="confirm")

    def say(self, who: str, wish: type[Command], *, door: str = "t", **about: Any) -> None:
        """Somebody answers, at the portal where ``door`` is ``web``."""
        self.count += 1
        command = {"kind": wish.__name__, **about}
        self.town.store.receive(self.cycle, [Letterbox(command_id=f"{door}-{self.count}", command=command, actor=who)])
        self.clock["now"] += HOUR
        self.town.decide(self.cycle, self.clock["now"])

    def staff(self, wish: type[Command], **about: Any) -> None:
        actor = self.plan.roles["coordinator"][0]
        reason: dict[str, Any] = {}
        if "reason" in wish.model_fields:
            why = self.town.store.add_text(self.cycle, "It is better so", "reason", self.clock["now"])
            reason = {"reason": why}
        said = {"at": self.clock["now"], "actor": actor, **reason, **about}
        Clerk(self.town.store, self.cycle).staff(wish(**said), self.clock["now"])
        self.town.decide(self.cycle, self.clock["now"])

    def moved(self, when: When, by: timedelta) -> When:
        local = datetime.fromisoformat(when.local) + by
        return resolve(local, when.zone)

    def follow(self) -> None:
        """Follows the links of a few letters of each kind."""
        for ref in [row.to_ref for row in self.town.store.letters(self.cycle) if row.to_ref.startswith("p_")][-1:]:
            self.town.store.send_links(self.cycle, ref, now=self.clock["now"])
        crawler, kinds = crawl(self.town, self.cycle, OF_EACH)
        assert set(crawler.seen.values()) <= {200, 303, 404, 410}
        assert not crawler.dead, crawler.dead
        assert sum(status in {200, 303} for status in crawler.seen.values()) > len(crawler.seen) // 2
        self.kinds += kinds


def registration(year: Year) -> None:
    """People ask, one of them twice; the deadline moves, one gets more time, one declines at her page."""
    desk, invited = year.step("registration"), year.step("invitations").people
    year.until(desk.opens.at + HOUR)
    for person in invited[2:-3]:
        year.say(person, Register, person=person)
    year.say(invited[2], Register, door="web", person=invited[2])
    year.say(invited[-1], DeclineInvitation, door="web", person=invited[-1])
    year.staff(Extend, person=invited[-2], until=year.moved(desk.closes, 3 * DAY))
    year.until(desk.closes.at - 3 * DAY)
    year.staff(Move, step=desk.id, field="closes", when=year.moved(desk.closes, DAY))
    year.follow()
    for person in (*invited[:2], invited[-3]):
        year.say(person, Register, person=person)
    year.until(desk.closes.at + 2 * DAY)
    year.follow()


def places(year: Year) -> None:
    """The places are given; one gives hers back, and the next is offered it."""
    year.until(year.step("registration").closes.at + 12 * DAY)
    year.say(year.state.group()[0], Withdraw, person=year.state.group()[0])
    year.follow()


def visits(year: Year) -> None:
    """Hosts have said yes, and a visit and a seminar are moved."""
    journey, seminar = year.state.journeys()[0], year.state.seminars()[0]
    slot = journey.slots[0]
    year.until(seminar.begins.at - 4 * DAY)
    ends = {"when": year.moved(seminar.begins, DAY), "ends": year.moved(seminar.ends, DAY)}
    year.staff(Move, step=seminar.id, field="begins", **ends)
    year.follow()
    year.until(slot.begins.at - 20 * DAY)
    stay = year.state.slot_of(journey.id, slot.id)[1]
    ends = {"when": year.moved(stay.begins, -DAY), "ends": year.moved(stay.ends, -DAY)}
    year.staff(Move, step=journey.id, slot=slot.id, field="begins", **ends)
    year.until(slot.begins.at - 15 * DAY)
    year.follow()


def feedback(year: Year) -> None:
    """Those who took part are asked, and asked again; hosts have been thanked."""
    survey = year.step("feedback")
    year.until(survey.closes.at - 5 * DAY)
    year.town.store.ask_to_confirm(year.cycle, year.state.group()[0], year.clock["now"])
    year.follow()


ALWAYS = {
    "invitation", "deadline_moved", "deadline_extended", "answer_accepted", "answer_refused", "place_confirmed",
    "seminar_programme", "seminar_changed", "visit_booked", "still_coming", "host_request", "host_confirmed",
    "host_changed", "host_thanks", "survey", "survey_reminder", "erasure_asked", "new_link",
}  # fmt: skip


@pytest.mark.parametrize(
    ("name", "begun", "contacts", "own"),
    [
        (
            "denmark-2024", "2023-11-20", {"azuolyne": "Ona Gudobelė", "sodupe": "Ona Gudobelė"},
            {
                "nomination_invitation", "nomination_reminder", "nomination_moved", "nomination_request",
                "application_received",
            },
        ),
        ("kaliningrad-2012", "2011-12-01", {}, {"place_waiting", "place_offered"}),
    ],
)  # fmt: skip
@pytest.mark.timeout(600)
def test_every_link_of_the_year_leads_somewhere(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, begun: str, contacts: dict[str, str], own: set[str]
):
    town = Town(tmp_path)
    for module in ("inbox", "taking"):
        monkeypatch.setattr(f"store.{module}.clock", lambda: town.clock["now"])
    year = Year(town, name, datetime.fromisoformat(f"{begun}T12:00:00+00:00"), contacts)

    for part in (registration, places, visits, feedback):
        part(year)

    town.close()
    assert ALWAYS | own <= year.kinds.keys(), sorted((ALWAYS | own) - year.kinds.keys())
