"""The secret of an installation, and the keys made of it: one for each purpose, none of which tells another.

The secret comes from ``KIERROS_SECRET``, or lies in the data folder, where it is made once. Whoever knows it can make
links and proofs; it enters no log, no letter and no part of the record.
"""

from __future__ import annotations

import contextlib
import hmac
import os
import secrets
import stat
from pathlib import Path

from runtime.settings import Settings

SECRET_FILE = "secret.key"  # noqa: S105 - its name, not what is in it
"""Beside the record in the data folder."""
SHORTEST = 32
"""Characters that a secret must have at least. The one that is made here has 64, of 32 random bytes."""
LONGEST = 4096


class KeyFault(Exception):
    """There is no secret to work with; the sentence says where and how to mend it."""


class Keys:
    """What is made of the secret. It shows nothing of it, also when printed."""

    def __init__(self, secret: bytes) -> None:
        self._secret = secret

    def derived(self, purpose: str) -> bytes:
        """The key for one purpose, e.g. ``links``: 32 bytes, always the same ones for the same secret."""
        return hmac.digest(self._secret, f"kierros/{purpose}".encode(), "sha256")


def read_keys(settings: Settings) -> Keys:
    """The keys of this installation; its secret is made where there is none yet.

    Several processes that start at once agree on one secret: a file is put in place whole, and the first one stays.

    Raises:
        KeyFault: the secret is too short, cannot be read or made, or others may read it.
    """
    if settings.secret:
        return Keys(_checked(settings.secret.encode(), "KIERROS_SECRET"))
    file = secret_file(settings)
    try:
        if not file.exists():
            _make(file)
        _keep_private(file)
        with file.open("rb") as source:
            found = source.read(LONGEST + 1)
    except OSError as why:
        mend = "Give this account the right to read and write there, or set KIERROS_SECRET."
        raise KeyFault(f"The secret {file} cannot be read or made: {why.strerror or why}. {mend}") from None
    return Keys(_checked(found, str(file)))


def secret_file(settings: Settings) -> Path:
    """Where the secret lies, unless KIERROS_SECRET holds it."""
    return settings.data / SECRET_FILE


def secret_missing(settings: Settings) -> bool:
    """Whether the next :func:`read_keys` would have to make a new secret."""
    return not settings.secret and not secret_file(settings).exists()


def _checked(found: bytes, where: str) -> bytes:
    secret = found.strip()
    if len(secret) > LONGEST:
        raise KeyFault(f"{where} is no secret: it is longer than {LONGEST} characters.")
    if len(secret) < SHORTEST:
        said = f"{where} is too short for a secret: {len(secret)} characters, and {SHORTEST} are the least."
        if where == "KIERROS_SECRET":
            raise KeyFault(f"{said} Make one with: python3 -c 'import secrets; print(secrets.token_hex(32))'")
        raise KeyFault(
            f"{said} Put back the one from a backup; or delete the file, and a new one is made: links in letters that "
            "have left are then of no use, and people ask for new ones."
        )
    return secret


def _make(file: Path) -> None:
    """Puts a new secret in place, whole and nobody else's to read; where another was faster, that one stays."""
    file.parent.mkdir(parents=True, exist_ok=True)
    part = file.with_name(f"{file.name}.{secrets.token_hex(8)}.part")
    try:
        with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "wb") as to:
            to.write(secrets.token_hex(32).encode() + b"\n")
            to.flush()
            os.fsync(to.fileno())
        with contextlib.suppress(FileExistsError):
            os.link(part, file)
    finally:
        part.unlink(missing_ok=True)


def _keep_private(file: Path) -> None:
    """Takes the rights of others away, where somebody copied the file with more than it had."""
    mode = stat.S_IMODE(file.stat().st_mode)
    if not mode & 0o077:
        return
    try:
        file.chmod(0o600)
    except OSError:
        raise KeyFault(
            f"Others than its owner may read the secret {file} (its mode is {mode:o}), and this account cannot change "
            f"that. As its owner, type: chmod 600 {file}"
        ) from None
