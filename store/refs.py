"""References: what stands for a person, a text or a member of staff outside the record."""

from __future__ import annotations

import secrets
import unicodedata
from base64 import b32encode
from datetime import UTC, datetime


def new_ref(kind: str) -> str:
    """A reference that nobody can guess and that says nothing, e.g. ``p_7f3kq2mzv4xa`` (60 random bits)."""
    return f"{kind}_{b32encode(secrets.token_bytes(8)).decode().lower()[:12]}"


def normal_address(address: str) -> str:
    """The form by which addresses are compared: NFKC, case folded, trimmed, the domain in ASCII (IDNA)."""
    local, _, domain = unicodedata.normalize("NFKC", address).strip().casefold().rpartition("@")
    folded = unicodedata.normalize("NFKC", domain).casefold()
    try:
        return f"{local}@{folded.encode('idna').decode('ascii')}"
    except UnicodeError:
        return f"{local}@{folded}"


def clock() -> datetime:
    """Now, in UTC."""
    return datetime.now(UTC)
