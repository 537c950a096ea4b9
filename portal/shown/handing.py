"""The paper of a handover: what somebody who takes over needs to know of a cycle, in her own language."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from exchange.roles import held_by
from portal.shown.staff_board import Board, Stage
from portal.shown.staff_today import Waiting, by_day, coming_in, waiting_in
from portal.staff import Case
from telling.sentences import sentence, texts_of

DAYS = 60
"""So many days ahead are shown."""
NOTES = 12


@dataclass(frozen=True)
class Paper:
    """One cycle on it."""

    case: Case
    source: str
    """Who hands over; empty where the paper is for nobody in particular."""

    @cached_property
    def board(self) -> Board:
        return Board(self.case.state, self.case.names)

    @property
    def roles(self) -> list[tuple[str, str]]:
        """Which roles pass, and who holds them."""
        plan, names = self.case.state.plan, self.case.names
        held = held_by(plan, self.source) if self.source else tuple(plan.roles)
        return [(names.role(role).capitalize(), names.holders(role)) for role in held]

    @property
    def arranged(self) -> list[tuple[str, str, str]]:
        """Handovers that wait for their day: from whom, to whom, when."""
        names = self.case.names
        return [(names.who(it.source), names.who(it.to), names.day(it.on)) for it in self.case.state.handovers]

    @property
    def decisions(self) -> list[Waiting]:
        return waiting_in(self.case.state, self.case.names, self.case.who.ref, self.case.who.house.now())

    @property
    def ahead(self) -> list[tuple[str, list[object]]]:
        """The next dates, by days."""
        until = self.case.who.house.now() + timedelta(days=DAYS)
        found: list[tuple[str, list[object]]] = by_day(  # type: ignore[assignment]
            coming_in(self.case.state, self.case.names, self.case.theme, until)
        )
        return found

    @property
    def people(self) -> list[Stage]:
        """Who is where; of those with a place and those who declined the numbers are enough."""
        return self.board.pipeline

    @property
    def notes(self) -> list[tuple[str, str]]:
        """The last notes, the newest first."""
        events = [it.event for it in self.case.who.house.store.journal(self.case.id, kinds=("NoteTaken",))][-NOTES:]
        names = self.case.naming([text for event in events for text in texts_of(event)])
        return [(names.moment(event.at), sentence(event, names)) for event in reversed(events)]
