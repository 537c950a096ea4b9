"""Sends the letter by which staff sign in, at once and by the installation's own way of letters."""

from __future__ import annotations

import asyncio
import secrets
from datetime import UTC, datetime

from letters.facts import Reader, Sender
from letters.headers import UnsafeHeader
from letters.sign_in import sign_in_letter
from letters.transport import Deferred, Delivered, Refused, SenderRefused
from letters.ways import way_of
from runtime.settings import Settings
from store.models import SignIn, Staff


class NotSent(Exception):
    """The letter could not be sent; the sentence says why."""


def send_sign_in(settings: Settings, staff: Staff, made: SignIn, link: str = "") -> None:
    """Sends it, and waits until it is taken.

    Args:
        settings: who sends, and by which way.
        staff: whom it goes to.
        made: what it holds (:meth:`store.store.Store.begin_sign_in`).
        link: for the portal, the whole address that ends in its token.

    Raises:
        NotSent: it cannot be written, or nobody takes it.
    """
    asyncio.run(send(settings, staff, made, link))


async def send(settings: Settings, staff: Staff, made: SignIn, link: str = "") -> None:
    """:func:`send_sign_in` where a loop runs already."""
    sender = Sender(name=settings.sender_name, address=settings.sender_address)
    reader = Reader(ref=staff.ref, name=staff.name, address=staff.address, language=staff.language)
    message_id = f"<{secrets.token_hex(16)}@{settings.mail_domain}>"
    code = "" if link else made.secret
    try:
        data = sign_in_letter(reader, sender, code=code, link=link, message_id=message_id, sent_at=datetime.now(UTC))
    except UnsafeHeader as why:
        raise NotSent(f"No letter can be written to {staff.address}: {why}.") from None
    async with way_of(settings) as way:
        outcome = await way.send(data, sender.address, staff.address)
    if isinstance(outcome, Delivered):
        return
    where = "the mailbox folder" if settings.transport == "mailbox" else f"{settings.smtp_host}:{settings.smtp_port}"
    said = outcome.detail if isinstance(outcome, Refused | Deferred | SenderRefused) else "the connection was lost"
    raise NotSent(f"The letter to {staff.address} was not taken by {where}: {said}. `kierros doctor` looks closer.")
