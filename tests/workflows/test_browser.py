"""What staff decide in the browser reaches the engine with its proof, once, and is decided there."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from portal.house import House
from runtime.settings import Settings
from store.store import Store
from tests.portal.world import ADDRESS, Browser, browser, sealed
from tests.signing import KEY
from tests.workflows.conftest import Enter
from tests.workflows.stage import Stage
from workers import desk

pytestmark = pytest.mark.asyncio(loop_scope="module")


@dataclass(frozen=True)
class OneKey:
    """The keys of an installation whose proofs are made with the key of these tests."""

    key: bytes = field(default=KEY, repr=False)

    def derived(self, _purpose: str) -> bytes:
        return self.key


async def seated(stage: Stage, who: str, folder: Path, monkeypatch: pytest.MonkeyPatch) -> Browser:
    """A browser in which somebody has signed in, at a portal that knows this engine."""

    async def connected(_settings: Settings) -> Any:
        return stage.client

    monkeypatch.setattr(desk, "connected", connected)
    now = await stage.now()
    keys: Any = OneKey()
    web = browser(House(stage.store, Settings(data=folder), keys, address=ADDRESS, now=lambda: now))
    web.client.cookies.set("kierros", stage.store.open_session(who, "portal", now)[0])
    return web


async def test_what_is_rejected_in_the_browser_is_decided_by_the_engine(
    stages: Enter, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    stage = await stages()
    await stage.wait(lambda _: stage.open_prompt())
    prompt = stage.open_prompt()
    assert prompt is not None
    web = await seated(stage, stage.holder(prompt), tmp_path, monkeypatch)

    path = f"/staff/decisions/{stage.plan.id}/{prompt.id}"
    sent = await web.post(path, {"deed": "reject", "reason": "The week is wrong", "once": "a"})

    assert sent.status_code == 303, re.sub(r"<[^>]+>", " ", sent.text.partition("<main")[2])
    assert store.load(stage.plan.id).approving(prompt.step).stage == "rejected"
    assert "You have decided this" in (await web.get(path)).text


async def test_the_last_button_pressed_twice_acts_once(
    stages: Enter, store: Store, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    stage = await stages()
    web = await seated(stage, stage.plan.roles["coordinator"][0], tmp_path, monkeypatch)
    path = f"/staff/cycles/{stage.plan.id}/do/note"
    seal = sealed(await web.get(path))

    for _ in range(2):
        typed = {"note": "The hall has a ramp", "deed": "act", "once": "the same form", "seal": seal}
        assert (await web.client.post(path, data=typed)).status_code == 303

    notes = [entry for entry in store.journal(stage.plan.id) if type(entry.event).__name__ == "NoteTaken"]
    assert len(notes) == 1
