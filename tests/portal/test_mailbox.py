"""The mailbox in the browser: letters as their readers would see them, and only where one practises."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path
from typing import Any

from letters.mailbox import MailboxTransport
from portal.house import House
from store.store import Store
from tests.portal.world import ADDRESS, NOW, a_house, browser

HOME = "http://127.0.0.1:8080"


def letter() -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "Kierros <k@library.example>", "Anna Berg <anna@library.example>"
    message["Subject"], message["Message-ID"] = "You are <invited>", "<1@library.example>"
    message.set_content(f"Answer here:\n{HOME}/l/abcdefghabcdefghabcdefgh\nOr read https://elsewhere.example/x.\n")
    return message.as_bytes()


def at_home(store: Store, folder: Path, **changes: Any) -> House:
    """The portal of `kierros up`, on the computer of whoever practises."""
    return a_house(store, folder, **{"address": HOME, "embedded": True, **changes})


async def test_a_letter_is_read_and_its_links_are_followed(store: Store, tmp_path: Path):
    here = at_home(store, tmp_path)
    async with MailboxTransport(here.settings.mailbox, now=lambda: NOW) as box:
        await box.send(letter(), "k@library.example", "anna@library.example")
    web = browser(here, "127.0.0.1")

    listed = (await web.get("/mailbox")).text
    path = listed.partition('href="/mailbox/')[2].partition('"')[0]
    page = await web.get(f"/mailbox/{path}")

    assert "You are &lt;invited&gt;" in listed
    assert 'href="/l/abcdefghabcdefghabcdefgh"' in page.text
    assert 'href="https://elsewhere.example/x"' in page.text
    assert (await web.get(f"/mailbox/{path}/entry.ics")).status_code == 404
    assert (await web.get("/mailbox/../kierros.db")).status_code == 404


async def test_elsewhere_nobody_reads_the_letters_of_others(store: Store, tmp_path: Path):
    assert (await browser(a_house(store, tmp_path)).get("/mailbox")).status_code == 404


async def test_nobody_reads_them_from_another_computer(store: Store, tmp_path: Path):
    """Among them are the letters by which staff sign in: whoever read those would be staff."""
    here = at_home(store, tmp_path)

    assert (await browser(here, "127.0.0.1").get("/mailbox")).status_code == 200
    assert (await browser(here, "203.0.113.7").get("/mailbox")).status_code == 404
    assert "/mailbox" not in (await browser(here, "203.0.113.7").get("/")).text


async def test_nor_through_a_proxy_that_makes_everybody_seem_to_be_here(store: Store, tmp_path: Path):
    assert (await browser(at_home(store, tmp_path, address=ADDRESS), "127.0.0.1").get("/mailbox")).status_code == 404
