"""A letter as bytes: headers in a fixed order, boundaries made of the Message-ID, and everything read again at the end.

The same input gives the same bytes, on every machine and with every Python: what was approved by its digest is what is
sent. So the parts are put together here, without a library that folds lines differently from one version to the next.
"""

from __future__ import annotations

from base64 import b64encode
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from email import policy
from email.parser import BytesHeaderParser
from email.utils import format_datetime
from hashlib import sha256
from quopri import encodestring

from letters.facts import Reader, Sender
from letters.headers import CRLF, UnsafeHeader, address, mailbox, message_id, safe, unstructured, unsubscribe


@dataclass(frozen=True)
class CalendarPart:
    """One calendar object. ``method`` is the METHOD that stands in ``data``, too."""

    method: str
    name: str
    """The attachment's file name, ASCII, e.g. ``visit-1.ics``."""
    data: bytes


@dataclass(frozen=True)
class Envelope:
    """Who writes to whom, and when."""

    sender: Sender
    reader: Reader
    organiser: Reader
    message_id: str
    sent_at: datetime
    """Aware; becomes the Date header, in UTC."""
    may_unsubscribe: bool = False
    unsubscribe_at: str = ""
    """An address at which one click unsubscribes (RFC 8058); empty: by letter only."""


@dataclass(frozen=True)
class Content:
    """What the letter says."""

    subject: str
    language: str
    text: str
    html: str
    calendar: Sequence[CalendarPart] = ()


def build(envelope: Envelope, content: Content) -> bytes:
    """The letter as it is sent, CRLF line ends, 7-bit clean.

    Raises:
        UnsafeHeader: a name, address or subject that must not enter a header.
    """
    headers = _headers(envelope, content)
    mark = sha256(envelope.message_id.encode("ascii")).hexdigest()[:24]
    body = _body(content, mark)
    lines = [f"{name}: {value}" for name, value in headers]
    message = (CRLF.join(lines) + CRLF + body).encode("ascii")
    _read_again(message, envelope, content, [name for name, _ in headers])
    return message


def _headers(envelope: Envelope, content: Content) -> list[tuple[str, str]]:
    if envelope.sent_at.tzinfo is None:
        raise ValueError("sent_at has no time zone")
    organiser = envelope.organiser
    found = [
        ("From", mailbox("From", envelope.sender.name, envelope.sender.address)),
        ("To", mailbox("To", envelope.reader.name, envelope.reader.address)),
        ("Reply-To", mailbox("Reply-To", organiser.name, organiser.address)),
        ("Subject", unstructured(safe("Subject", content.subject), len("Subject: "))),
        ("Date", format_datetime(envelope.sent_at.astimezone(UTC))),
        ("Message-ID", message_id(envelope.message_id)),
        ("Content-Language", content.language),
        ("Auto-Submitted", "auto-generated"),
        ("X-Auto-Response-Suppress", "All"),
    ]
    if envelope.may_unsubscribe:
        found.append(("List-Unsubscribe", unsubscribe(organiser.address, envelope.unsubscribe_at)))
        if envelope.unsubscribe_at:
            found.append(("List-Unsubscribe-Post", "List-Unsubscribe=One-Click"))
    return [*found, ("MIME-Version", "1.0")]


def _body(content: Content, mark: str) -> str:
    """Everything from the top Content-Type on."""
    versions = [_text("plain", content.text), _text("html", content.html)]
    calendar = list(content.calendar)
    if not calendar:
        return _multipart("alternative", mark, versions)
    if len(calendar) == 1:
        versions.append(_calendar(calendar[0]))
    attached = [_attachment(part, alone=len(calendar) == 1) for part in calendar]
    return _multipart("mixed", f"{mark}.0", [_multipart("alternative", f"{mark}.1", versions), *attached])


def _multipart(kind: str, mark: str, parts: Sequence[str]) -> str:
    # "=_" comes neither in base64 nor in quoted-printable, so no line of a part can be taken for the boundary
    boundary = f"=_{mark}"
    head = f'Content-Type: multipart/{kind}; boundary="{boundary}"{CRLF}{CRLF}'
    return head + "".join(f"--{boundary}{CRLF}{part}{CRLF}" for part in parts) + f"--{boundary}--{CRLF}"


def _text(subtype: str, words: str) -> str:
    raw = words.encode("utf-8")
    head = f"Content-Type: text/{subtype}; charset=utf-8{CRLF}"
    if sum(byte > 127 for byte in raw) * 6 > len(raw):
        return head + _base64(words.replace("\n", CRLF).encode("utf-8"))
    quoted = encodestring(raw).decode("ascii").replace("\n", CRLF)
    return f"{head}Content-Transfer-Encoding: quoted-printable{CRLF}{CRLF}{quoted}"


def _calendar(part: CalendarPart) -> str:
    return f"Content-Type: text/calendar; charset=utf-8; method={part.method}{CRLF}" + _base64(part.data)


def _attachment(part: CalendarPart, *, alone: bool) -> str:
    """As a file. Beside an alternative that programs act on it is a plain file, so that none acts on it twice."""
    kind = "application/ics" if alone else f"text/calendar; charset=utf-8; method={part.method}"
    return (
        f'Content-Type: {kind}; name="{part.name}"{CRLF}'
        f'Content-Disposition: attachment; filename="{part.name}"{CRLF}' + _base64(part.data)
    )


def _base64(data: bytes) -> str:
    encoded = b64encode(data).decode("ascii")
    lines = [encoded[start : start + 76] for start in range(0, len(encoded), 76)]
    return f"Content-Transfer-Encoding: base64{CRLF}{CRLF}{CRLF.join(lines)}"


def _read_again(message: bytes, envelope: Envelope, content: Content, names: list[str]) -> None:
    """Parses the letter as its reader will and compares what stands in its headers.

    Raises:
        UnsafeHeader: a header more, a header less, or another value than was meant.
    """
    read = BytesHeaderParser(policy=policy.default).parsebytes(message)
    if read.defects or list(read.keys()) != [*names, "Content-Type"]:
        raise UnsafeHeader("the letter", "has other headers than it was given")
    if read["Subject"] != content.subject:
        raise UnsafeHeader("Subject", "does not read as it was written")
    for field, who in (("From", envelope.sender), ("To", envelope.reader), ("Reply-To", envelope.organiser)):
        meant = ("".join(who.name.split()), address(field, who.address))
        # Python before 3.12 reads a blank between two encoded words of a name, where there is none
        if [("".join(found.display_name.split()), found.addr_spec) for found in read[field].addresses] != [meant]:
            raise UnsafeHeader(field, "does not read as it was written")
