"""Asking the mail server, without sending anything."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from runtime.settings import Settings


def fault(settings: Settings) -> str:
    """Why the mail server cannot be used; empty where it answers, lets us in and takes our sender."""
    return asyncio.run(_fault(settings))


async def _fault(settings: Settings) -> str:
    from aiosmtplib import SMTP, SMTPException

    client = SMTP(
        hostname=settings.smtp_host,
        port=settings.smtp_port,
        use_tls=settings.smtp_security == "tls",
        start_tls=settings.smtp_security == "starttls",
        username=settings.smtp_user or None,
        password=settings.smtp_password or None,
        timeout=min(settings.smtp_timeout, 10.0),
    )
    try:
        await client.connect()
        await client.mail(settings.sender_address)
        await client.rset()
        await client.quit()
    except (SMTPException, OSError) as why:
        client.close()
        return " ".join(str(why).split()) or type(why).__name__
    return ""
