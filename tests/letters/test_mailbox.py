"""The mailbox folder: one whole file per delivery, and a page on which all letters can be read."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from letters.catalogues import languages
from letters.compose import compose
from letters.mailbox import MailboxTransport
from letters.mailbox_page import MailboxPages, letters_in
from letters.transport import Deferred, Delivered
from tests.letters.world import KINDS, SENDER, SENT_AT, facts, letter


def clock() -> Callable[[], datetime]:
    """A clock that goes on by a minute whenever it is asked."""

    def ticks() -> Iterator[datetime]:
        now = datetime(2026, 5, 1, 9, 0, tzinfo=UTC)
        while True:
            yield now
            now += timedelta(minutes=1)

    moments = ticks()
    return lambda: next(moments)


def box(folder: Path) -> MailboxTransport:
    return MailboxTransport(folder / "mailbox", now=clock())


async def put(transport: MailboxTransport, message: bytes) -> None:
    assert isinstance(await transport.send(message, SENDER.address, "anna@kaliningrad.example"), Delivered)


async def test_a_letter_lies_in_the_folder_byte_for_byte(tmp_path):
    made = letter("invitation")
    async with box(tmp_path) as transport:
        await put(transport, made.message)
        (file,) = letters_in(transport.folder)
    assert file.read_bytes() == made.message
    assert file.name.startswith("20260501T090000.000000Z-")
    assert not list(transport.folder.glob(".*"))


async def test_the_same_letter_delivered_again_is_a_second_copy(tmp_path):
    made = letter("invitation")
    async with box(tmp_path) as transport:
        await put(transport, made.message)
        await put(transport, made.message)
    async with box(tmp_path) as transport:
        await put(transport, made.message)
    names = [file.stem.split("-") for file in letters_in(transport.folder)]
    assert len({mark for _, mark, _ in names}) == 1
    assert sorted(copy for _, _, copy in names) == ["1", "2", "3"]


async def test_letters_lie_in_the_order_of_their_delivery(tmp_path):
    async with box(tmp_path) as transport:
        for number in range(12):
            made = compose(facts("thanks"), message_id=f"<{number}@x.example>", sender=SENDER, sent_at=SENT_AT)
            await put(transport, made.message)
    seen = [re.search(rb"Message-ID: <(\d+)@", f.read_bytes()) for f in letters_in(transport.folder)]
    assert [int(found[1]) for found in seen if found] == list(range(12))


async def test_the_page_lists_every_letter_with_its_subject_and_recipient(tmp_path):
    async with box(tmp_path) as transport:
        for kind in KINDS:
            made = compose(facts(kind), message_id=f"<{kind}@x.example>", sender=SENDER, sent_at=SENT_AT)
            await put(transport, made.message)
    index = (transport.folder / "index.html").read_text("utf-8")
    assert f"{len(KINDS)} letters to 3 people" in index
    assert "Please answer by 3 February: seminar and visits, Staff competences and projects" in index
    assert index.index("Please answer by 3 February") < index.index("Thank you, the year is complete")
    for link in re.findall(r'href="([^"]+)"', index):
        page = (transport.folder / link).read_text("utf-8")
        assert "Reply" not in page or "Ritva Hakala" in page
        for further in re.findall(r'href="([^"]+)"', page):
            assert (transport.folder / "pages" / further).resolve().is_file()


async def test_entries_can_be_opened_from_the_page(tmp_path):
    async with box(tmp_path) as transport:
        await put(transport, letter("cycle_cancelled").message)
    files = sorted((transport.folder / "pages").glob("*.ics"))
    assert len(files) == 2
    assert all(b"METHOD:CANCEL" in file.read_bytes() for file in files)
    assert "cancels entry" in (transport.folder / "index.html").read_text("utf-8")


async def test_the_page_is_made_once_for_many_letters(tmp_path, monkeypatch):
    written = []
    real = MailboxPages.write
    monkeypatch.setattr("letters.mailbox.SOON", 3600)
    monkeypatch.setattr(MailboxPages, "write", lambda pages: (written.append(1), real(pages))[1])
    async with box(tmp_path) as transport:
        for _ in range(20):
            await put(transport, letter("thanks").message)
        await transport.flush()
        await transport.flush()
    assert len(written) == 1


async def test_an_empty_mailbox_has_a_page_too(tmp_path):
    async with box(tmp_path) as transport:
        pass
    assert "No letters yet" in (transport.folder / "index.html").read_text("utf-8")


async def test_what_else_lies_in_the_folder_is_left_alone(tmp_path):
    async with box(tmp_path) as transport:
        (transport.folder / "notes-of-mine-1.eml").write_text("no letter of ours")
        (transport.folder / "pages").mkdir()
        await put(transport, letter("thanks").message)
    assert len(letters_in(transport.folder)) == 1
    assert "1 letter to 1 person" in (transport.folder / "index.html").read_text("utf-8")


async def test_nothing_in_a_letter_runs_on_the_page(tmp_path):
    name = facts("invitation").reader.model_copy(update={"name": "<script>alert(1)</script>"})
    async with box(tmp_path) as transport:
        await put(transport, letter("invitation", reader=name).message)
    (page,) = (transport.folder / "pages").glob("*.html")
    assert "<script>alert" not in page.read_text("utf-8")
    assert "<script>alert" not in (transport.folder / "index.html").read_text("utf-8")
    assert "Content-Security-Policy" in page.read_text("utf-8")


async def test_a_folder_that_cannot_be_written_to_defers(tmp_path):
    async with box(tmp_path) as transport:
        transport.folder.joinpath("index.html").touch()
        transport.folder.rename(tmp_path / "moved")
        outcome = await transport.send(letter("thanks").message, SENDER.address, "anna@x.example")
        assert isinstance(outcome, Deferred)
        (tmp_path / "moved").rename(transport.folder)


async def test_a_folder_that_was_emptied_is_shown_anew(tmp_path):
    made = letter("thanks").message
    async with box(tmp_path) as transport:
        await put(transport, made)
    for file in [*transport.folder.glob("*.*"), *(transport.folder / "pages").glob("*")]:
        file.unlink()
    async with box(tmp_path) as transport:
        await put(transport, made)
    (page,) = (transport.folder / "pages").glob("*.html")
    assert page.is_file()


@pytest.mark.parametrize("language", languages())
async def test_the_list_says_in_which_language_a_letter_is(tmp_path, language):
    async with box(tmp_path) as transport:
        await put(transport, letter("thanks", language).message)
    assert f'lang="{language}"' in (transport.folder / "index.html").read_text("utf-8")
