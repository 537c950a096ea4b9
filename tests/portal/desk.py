"""Staff at the portal: a cycle in a real record, the rules in the place of the engine, and colleagues signed in."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from exchange.approval import Approve
from exchange.base import Command
from exchange.registration import Register
from portal.house import House
from portal.staff import Case
from store.models import Person
from tests.cli.world import KRISTINA, OLGA, World, clock
from tests.portal.world import Browser, a_house, browser


class Desk:
    """A portal over a world, and the browsers of those who have signed in there."""

    def __init__(self, world: World, monkeypatch: pytest.MonkeyPatch) -> None:
        self.world, self.tokens = world, {}
        self.house: House = a_house(world.store, world.folder, now=clock)
        self.told: list[Command] = []

        async def tell(case: Case, command: Command, update: str) -> None:
            self.told.append(command)
            world.tell_all(case.id, [command.model_copy(update={"cause": update})])

        monkeypatch.setattr("portal.acting._told", tell)
        monkeypatch.setattr("workers.waking.Waker.tell", lambda _self, cycle: world.pass_time(cycle))

    def browser(self, name: str = KRISTINA) -> Browser:
        """A browser in which she has signed in."""
        web = browser(self.house)
        self.tokens[name], _ = self.world.store.open_session(self.world.staff[name], "portal", self.house.now())
        web.client.cookies.set("kierros", self.tokens[name])
        return web

    def approve(self, cycle: str, prompt: str, name: str) -> None:
        """Approves as somebody, at no door."""
        digest = self.world.prompts(cycle)[prompt].digest
        wish = Approve(at=datetime.now(UTC), actor=self.world.staff[name], prompt=prompt, digest=digest)
        self.world.decide(cycle, wish)

    def invited(self) -> str:
        """A cycle whose invitations and visits are approved."""
        cycle = self.world.start(days_ago=20)
        self.approve(cycle, "approve-invitations-1", KRISTINA)
        self.approve(cycle, "approve-visits-1", OLGA)
        return cycle

    def registers(self, cycle: str, name: str) -> None:
        """Somebody invited says yes."""
        ref = self.person(cycle, name).ref
        self.world.decide(cycle, Register(at=datetime.now(UTC), actor=ref, person=ref))

    def person(self, cycle: str, name: str) -> Person:
        """Somebody of the cycle by her name."""
        return next(one for one in self.world.store.people(cycle) if one.name == name)

    def state(self, cycle: str) -> Any:
        """The cycle as the record has it."""
        return self.world.store.load(cycle)

    def everything(self, cycle: str) -> Any:
        """What must not change by looking: the journal, the inbox, the letters, the open decisions."""
        store = self.world.store
        rows = [(row.id, row.state, row.not_before) for row in store.letters(cycle)]
        return len(store.journal(cycle)), store.cycle(cycle), rows, store.prompts(cycle, open_only=False)
