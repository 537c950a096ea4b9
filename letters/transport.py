"""How a letter leaves: one protocol, five outcomes, and SMTP.

What the outcome is depends on how far the talk with the server had come. Before DATA nothing can have been delivered;
after a plain yes or no the matter is settled; if the connection is lost in between, the letter may or may not have
arrived, and nobody can find out. The outbox counts such letters and stops after three (TRUST, mail is at least once).
The transport for practice is in :mod:`letters.mailbox`.
"""

from __future__ import annotations

import asyncio
import re
import ssl
from dataclasses import dataclass
from types import TracebackType
from typing import Any, Literal, Protocol, Self

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientRefused,
    SMTPResponse,
    SMTPResponseException,
    SMTPSenderRefused,
)

from letters.headers import UnsafeHeader, address


@dataclass(frozen=True)
class Delivered:
    """The server has taken it."""

    detail: str = ""


@dataclass(frozen=True)
class Refused:
    """The server will not take it (5xx), and asking again is useless."""

    detail: str = ""


@dataclass(frozen=True)
class Deferred:
    """It was certainly not taken (4xx, or no connection), and may be tried again."""

    detail: str = ""
    reached: bool = True
    """Whether the server spoke with us about it at all."""


@dataclass(frozen=True)
class SenderRefused:
    """The server will not take letters from us: no fault of the letter or its reader, and every letter is concerned."""

    detail: str = ""


@dataclass(frozen=True)
class Suspect:
    """Perhaps taken: the connection was lost, or no answer came, after the letter had begun to leave."""

    detail: str = ""


Outcome = Delivered | Refused | Deferred | SenderRefused | Suspect
"""What became of one try. ``detail`` goes to logs and histories: never an address or a name in it."""


class Transport(Protocol):
    """Takes letters to where they go. Used as ``async with``, for many letters at once or one."""

    async def send(self, message: bytes, sender: str, recipient: str) -> Outcome:
        """Sends a whole letter to one recipient; the envelope is given, not read from the headers.

        Whatever the other side does is an outcome; nothing is raised for it.
        """

    async def __aenter__(self) -> Self: ...

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None: ...


Security = Literal["none", "starttls", "tls"]
_OUR_FAULT = frozenset({421, 530, 534, 535, 538})
"""Answers about our connection or account, not about the letter: to be mended by the operator, then tried again."""


class SmtpTransport:
    """Letters over SMTP, over one connection for many.

    Args:
        host: the mail server, e.g. ``mail.library.example``.
        port: 587 for submission with STARTTLS, 465 with TLS, 25 for a relay.
        security: ``starttls``, ``tls``, or ``none`` (a relay on the same machine).
        user: the account; empty for none.
        password: its password.
        timeout: seconds that each step of the talk may take.
        hello: the name this machine gives itself; empty for its own.
        tls: another context than the machine's default, e.g. with an authority of one's own.
    """

    def __init__(
        self,
        host: str,
        port: int = 587,
        *,
        security: Security = "starttls",
        user: str = "",
        password: str = "",
        timeout: float = 30.0,
        hello: str = "",
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._options: dict[str, Any] = {
            "hostname": host,
            "port": port,
            "use_tls": security == "tls",
            "start_tls": security == "starttls",
            "username": user or None,
            "password": password or None,
            "timeout": timeout,
            "local_hostname": hello or None,
            "tls_context": tls,
        }
        self._client: SMTP | None = None
        self._turn = asyncio.Lock()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        client, self._client = self._client, None
        if client is not None and client.is_connected:
            try:
                await client.quit()
            except (SMTPException, OSError):
                client.close()

    async def send(self, message: bytes, sender: str, recipient: str) -> Outcome:
        try:
            ours = address("the envelope's sender", sender)
        except UnsafeHeader as why:
            return SenderRefused(str(why))
        try:
            theirs = address("the envelope's recipient", recipient)
        except UnsafeHeader as why:
            return Refused(str(why))
        async with self._turn:
            return await self._send(message, ours, theirs)

    async def _send(self, message: bytes, sender: str, recipient: str) -> Outcome:
        try:
            client = await self._ready(sender, recipient)
        except SMTPSenderRefused as answer:
            outcome = self._judge(answer, recipient)
            return SenderRefused(outcome.detail) if 500 <= answer.code < 600 else outcome
        except SMTPRecipientRefused as answer:
            return self._judge(answer, recipient)
        except SMTPResponseException as answer:
            self._drop()
            return Deferred(_told(answer, recipient), reached=False)
        except (SMTPException, OSError) as why:
            self._drop()
            return Deferred(f"no connection to the mail server ({type(why).__name__})", reached=False)
        except BaseException:
            self._drop()
            raise
        return await self._hand_over(client, message, recipient)

    async def _ready(self, sender: str, recipient: str) -> SMTP:
        """The client, with the envelope accepted; a connection that has gone stale is made once anew."""
        if self._client is not None:
            try:
                await self._client.rset()
                return await _address(self._client, sender, recipient)
            except SMTPResponseException as answer:
                if answer.code != 421:
                    raise
                self._drop()
            except (SMTPException, OSError):
                self._drop()
        self._client = SMTP(**self._options)
        await self._client.connect()
        return await _address(self._client, sender, recipient)

    async def _hand_over(self, client: SMTP, message: bytes, recipient: str) -> Outcome:
        try:
            taken = await client.data(message)
        except SMTPDataError as answer:
            return self._judge(answer, recipient)
        except (SMTPException, OSError) as why:
            self._drop()
            return Suspect(f"the connection was lost while the letter was leaving ({type(why).__name__})")
        except BaseException:
            self._drop()
            raise
        return Delivered(_told(taken, recipient))

    def _judge(self, answer: SMTPResponseException, recipient: str) -> Outcome:
        """What an answer other than 250 means for the letter."""
        told = _told(answer, recipient)
        if answer.code == 421 or not 200 <= answer.code < 600:
            self._drop()
        if 500 <= answer.code < 600 and answer.code not in _OUR_FAULT:
            return Refused(told)
        if 400 <= answer.code < 600:
            return Deferred(told)
        begun = isinstance(answer, SMTPDataError)
        if begun and 200 <= answer.code < 300:
            return Delivered(told)
        return Suspect(told) if begun else Deferred(told)

    def _drop(self) -> None:
        client, self._client = self._client, None
        if client is not None:
            client.close()


async def _address(client: SMTP, sender: str, recipient: str) -> SMTP:
    await client.mail(sender)
    await client.rcpt(recipient)
    return client


def _told(answer: SMTPResponseException | SMTPResponse, recipient: str) -> str:
    return f"{answer.code} {redact(answer.message, recipient)}".strip()


def redact(words: str, recipient: str) -> str:
    """A server's answer without anything that names the recipient: addresses, and the parts of hers.

    Args:
        words: what the server said, on any number of lines.
        recipient: the address it spoke of.
    """
    local, _, domain = recipient.lower().partition("@")
    parts = {part for part in re.split(r"[^a-z0-9]+", f"{local} {domain}") if len(part) > 1}

    def told(word: str) -> str:
        inside = set(re.split(r"[^a-z0-9]+", word.lower()))
        return "<…>" if "@" in word or inside & parts or local in word.lower() else word

    return " ".join(told(word) for word in words.split())[:200]
