"""A portal over a record with one cycle of the examples, for tests of pages."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TypeVar

import httpx
from pydantic import BaseModel

from plans import Staffer, read_people, read_plan, split_plan
from portal.app import build_app
from portal.house import House
from runtime.keys import Keys
from runtime.settings import Settings
from store.models import Person, TextRow
from store.store import Store

M = TypeVar("M", bound=BaseModel)

EXAMPLES = Path(__file__).parents[2] / "examples"
ADDRESS = "http://portal.example"
NOW = datetime(2023, 11, 20, 12, tzinfo=UTC)


def a_house(store: Store, folder: Path, **changes: Any) -> House:
    """A portal as in production; ``embedded=True`` is one inside `kierros up`."""
    keys = Keys(b"a secret of tests, 32 characters or more")
    made: dict[str, Any] = {"address": ADDRESS, "now": lambda: NOW, **changes}
    return House(store, Settings(data=folder), keys, **made)


@dataclass
class Browser:
    """Somebody's browser: keeps cookies, follows no redirect by itself, and fills in forms as they stand on a page."""

    client: httpx.AsyncClient

    async def get(self, path: str, **headers: str) -> httpx.Response:
        return await self.client.get(path, headers=headers)

    async def post(self, path: str, data: dict[str, Any] | None = None, **headers: str) -> httpx.Response:
        """Opens the page, and sends its form with what was typed."""
        seal = sealed(await self.client.get(path))
        return await self.client.post(path, data={"seal": seal, **(data or {})}, headers=headers)


def browser(house: House, address: str = "203.0.113.7") -> Browser:
    """A browser at the portal, calling from an address."""
    transport = httpx.ASGITransport(build_app(house), client=(address, 40000), raise_app_exceptions=True)
    return Browser(httpx.AsyncClient(transport=transport, base_url=house.address))


def sealed(response: httpx.Response) -> str:
    """The seal of the form on a page."""
    found = re.search(r'name="seal" value="([0-9a-f]{32})"', response.text)
    assert found, f"there is no form on this page ({response.status_code})"
    return found[1]


def a_cycle(
    store: Store, name: str = "denmark-2024", now: datetime = NOW, desk: dict[str, Any] | None = None, **changes: Any
) -> str:
    """Starts one of the examples in the record, and gives its id; ``desk`` are changes to its registration."""
    file = read_plan(EXAMPLES / name / "plan.yaml")
    people = read_people(file.people, organisations=file.draft.organisations)
    names = dict.fromkeys(who for role in file.draft.roles.values() for who in role)
    staff = {
        who.casefold(): Staffer(store.add_staff(who, f"{name}-{n}@library.example")) for n, who in enumerate(names)
    }
    starter = next(iter(staff.values())).ref
    split = split_plan(file, people, staff, starter=starter, now=now)
    plan = split.plan.model_copy(update=changes)
    if desk is not None:
        steps = [step.model_copy(update=desk) if step.kind == "registration" else step for step in plan.steps]
        plan = plan.model_copy(update={"steps": tuple(steps)})
    store.start_cycle(plan, _as(Person, split.people), _as(TextRow, split.texts), now)
    return plan.id


def _as(model: type[M], rows: Any) -> list[M]:
    return [model.model_validate(row, from_attributes=True) for row in rows]
