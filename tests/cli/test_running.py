"""What `kierros up` says of where things are."""

from __future__ import annotations

from pathlib import Path

import pytest

from cli import running
from cli.checkup import behind_a_proxy
from runtime.settings import Settings
from store.store import Store
from tests.cli.world import World

HERE = {"mailbox": "/data/mailbox", "portal": "http://127.0.0.1:8123"}
REAL = {"transport": "smtp", "smtp_host": "mail.library.example", "sender_address": "exchange@library.example"}


class Desk:
    """A terminal with settings and a record of its own."""

    def __init__(self, settings: Settings, store: Store) -> None:
        self.settings, self.store = settings, store


@pytest.mark.parametrize(
    ("settings", "live", "portal", "says"),
    [
        ({}, False, HERE["portal"], "http://127.0.0.1:8123/mailbox (as files in /data/mailbox)"),
        ({}, False, "https://exchange.library.example", "/data/mailbox"),
        (REAL, True, HERE["portal"], "leave for real; those caught before lie in /data/mailbox"),
        (REAL, False, HERE["portal"], "wait until you say kierros go-live; those caught before lie in /data/mailbox"),
    ],
)
def test_a_newcomer_is_told_where_letters_are_read(
    world: World, monkeypatch: pytest.MonkeyPatch, settings: dict[str, str], live: bool, portal: str, says: str
):
    desk = Desk(Settings(data=world.folder, **settings), world.store)
    if live:
        world.store.put_setting("live", {"by": "s_1"}, "s_1")
    monkeypatch.setattr(running, "terminal", lambda: desk)
    assert running.letters_at({**HERE, "portal": portal}) == says


@pytest.mark.parametrize(
    ("settings", "told"),
    [
        ({}, False),
        ({"portal_url": "http://127.0.0.1:8080"}, False),
        ({"portal_url": "https://exchange.library.example"}, True),
        ({"portal_url": "http://exchange.library.example"}, True),
        ({"portal_url": "https://exchange.library.example", "portal_host": "0.0.0.0"}, True),
        ({"portal_url": "http://exchange.library.example", "portal_host": "0.0.0.0"}, False),
        ({"portal_url": "https://exchange.library.example", "portal_proxies": "127.0.0.1"}, False),
    ],
)
def test_doctor_says_where_a_proxy_hides_who_calls(tmp_path: Path, settings: dict[str, str], told: bool):
    found = list(behind_a_proxy(Settings(data=tmp_path, **settings)))
    assert [(one.state, "all callers count as one" in one.found) for one in found] == [("note", True)] * told
    assert all(one.mend == "Set KIERROS_PORTAL_PROXIES to the proxy's address, e.g. 127.0.0.1." for one in found)
