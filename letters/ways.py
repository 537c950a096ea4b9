"""The way that letters leave by, as the settings name it."""

from __future__ import annotations

from letters.mailbox import MailboxTransport
from letters.transport import SmtpTransport
from runtime.settings import Settings


def way_of(settings: Settings) -> MailboxTransport | SmtpTransport:
    """The mail server or the mailbox folder; to be entered before it is used."""
    if settings.transport == "mailbox":
        return MailboxTransport(settings.mailbox)
    return SmtpTransport(
        settings.smtp_host,
        settings.smtp_port,
        security=settings.smtp_security,
        user=settings.smtp_user,
        password=settings.smtp_password,
        timeout=settings.smtp_timeout,
    )
