"""The mailbox in the browser: letters as their readers would see them, and only where one practises."""

from __future__ import annotations

from email.message import EmailMessage
from pathlib import Path

from letters.mailbox import MailboxTransport
from store.store import Store
from tests.portal.world import ADDRESS, NOW, a_house, browser


def letter() -> bytes:
    message = EmailMessage()
    message["From"], message["To"] = "Kierros <k@library.example>", "Anna Berg <anna@library.example>"
    message["Subject"], message["Message-ID"] = "You are <invited>", "<1@library.example>"
    message.set_content(f"Answer here:\n{ADDRESS}/l/abcdefghabcdefghabcdefgh\nOr read https://elsewhere.example/x.\n")
    return message.as_bytes()


async def test_a_letter_is_read_and_its_links_are_followed(store: Store, tmp_path: Path):
    here = a_house(store, tmp_path, embedded=True)
    async with MailboxTransport(here.settings.mailbox, now=lambda: NOW) as box:
        await box.send(letter(), "k@library.example", "anna@library.example")
    web = browser(here)

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
