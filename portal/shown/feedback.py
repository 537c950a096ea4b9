"""A survey as it stands for one person."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from exchange.plan import Feedback
from exchange.state import Cycle
from portal.doors import Guest
from portal.shown.public import title_of
from portal.speech import PageWords


class Asking:
    """What the page of a survey says."""

    def __init__(self, guest: Guest, step: Feedback, state: Cycle, now: datetime, *, pending: bool) -> None:
        self._guest, self._state, self._now = guest, state, now
        self.step, self.pending = step, pending
        self.survey = state.survey(step.id)
        self.theme = guest.words.pick(guest.plan.theme_name)
        self.title = title_of(guest.words, step)

    @property
    def stage(self) -> Literal["given", "pending", "not_yet", "closed", "not_hers", "open"]:
        """Whether there is something to answer."""
        survey, ref = self.survey, self._guest.link.ref
        if ref in survey.given:
            return "given"
        if self.pending:
            return "pending"
        if survey.stage == "idle":
            return "not_yet"
        if survey.stage == "closed" or (survey.until is not None and self._now > survey.until):
            return "closed"
        return "open" if self._state.took_part(ref) else "not_hers"

    @property
    def seen(self) -> str:
        """How things stand; the same answers sent again are the same as long as it does not change."""
        return f"{self.survey.stage} {self.survey.until} {self._state.took_part(self._guest.link.ref)}"

    @property
    def until(self) -> str:
        """Until when answers are taken, by her own clock."""
        return self._guest.moment(self.survey.until) if self.survey.until else ""


def hosts_of(words: PageWords, state: Cycle) -> list[tuple[str, str]]:
    """The libraries that were visited, or will be: from whom somebody may have learned."""
    found = {
        booking.host: None
        for step in state.journeys()
        for slot in step.slots
        if (booking := state.booking(step.id, slot.id)).stage in {"confirmed", "visited"}
    }
    houses = [(host, state.plan.organisation(host)) for host in found]
    return [(host, words.pick(house.name) if house else host) for host, house in houses]
