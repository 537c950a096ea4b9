"""Who has signed in on this computer: the tokens of sessions, in one file that only its owner reads.

It lies in the user's configuration folder, outside every data folder: a backup of an installation never holds a token.
"""

from __future__ import annotations

import fcntl
import hashlib
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

from cli.faults import Misused, OutOfReach
from cli.terminal import terminal

if TYPE_CHECKING:
    from runtime.settings import Settings

OTHERS = 0o077
"""The rights of everybody but the owner."""

Kept = dict[str, dict[str, str]]
"""Installation to reference of staff to token."""


def file() -> Path:
    """``~/.config/kierros/tokens.json``, or where XDG_CONFIG_HOME says."""
    base = os.environ.get("XDG_CONFIG_HOME") or str(Path.home() / ".config")
    return Path(base) / "kierros" / "tokens.json"


def installation(settings: Settings) -> str:
    """What an installation is called in the file: a mark of where its record is, without any password."""
    from sqlalchemy import make_url

    address = make_url(settings.database_url)
    where = f"{address.host}/{address.database}"
    if address.get_backend_name() == "sqlite":
        where = str(Path(address.database or "").resolve())
    return hashlib.sha256(where.encode()).hexdigest()[:16]


def tokens(settings: Settings) -> dict[str, str]:
    """Reference of staff to the token of her session here, signed in last at the end.

    Raises:
        Misused: the file cannot be trusted or read.
    """
    return _read().get(installation(settings), {})


def keep(settings: Settings, staff: str, token: str) -> None:
    """Keeps a token in the place of the one before."""
    with _changing() as kept:
        mine = kept.setdefault(installation(settings), {})
        mine.pop(staff, None)
        mine[staff] = token


def forget(settings: Settings, *staff: str) -> None:
    """Lets go of their tokens."""
    with _changing() as kept:
        mine = kept.get(installation(settings), {})
        for ref in staff:
            mine.pop(ref, None)
        if not mine:
            kept.pop(installation(settings), None)


@contextmanager
def _changing() -> Iterator[Kept]:
    """What is kept, to be changed; written whole, and by one command at a time."""
    to = file()
    try:
        to.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
        with to.with_name("tokens.lock").open("a") as lock:
            fcntl.flock(lock, fcntl.LOCK_EX)
            kept = _read()
            yield kept
            _write(to, kept)
    except OSError as why:
        raise OutOfReach(f"{why.filename or to} cannot be written to ({why.strerror or why}).") from None


def _write(to: Path, kept: Kept) -> None:
    part = to.with_name(f"tokens.{secrets.token_hex(6)}.part")
    with os.fdopen(os.open(part, os.O_CREAT | os.O_EXCL | os.O_WRONLY, 0o600), "w", encoding="utf-8") as out:
        json.dump(kept, out, indent=1)
    part.replace(to)


def _read() -> Kept:
    source = file()
    try:
        mode = source.stat().st_mode
        if mode & OTHERS:
            _close(source)
        found: Any = json.loads(source.read_text("utf-8"))
    except FileNotFoundError:
        return {}
    except (OSError, ValueError):
        raise Misused(f"{source} cannot be read. Delete it, and sign in anew: kierros login") from None
    if not isinstance(found, dict) or not all(map(_tokens, found.values())):
        raise Misused(f"{source} is not what was written there. Delete it, and sign in anew: kierros login")
    return found


def _tokens(value: Any) -> bool:
    return isinstance(value, dict) and all(isinstance(token, str) for token in value.values())


def _close(source: Path) -> None:
    """Takes the rights of others away, and says so: they may have read it."""
    try:
        source.chmod(0o600)
    except OSError:
        raise Misused(f"Others may read {source}, and this account cannot change that: chmod 600 {source}") from None
    terminal().say(
        f"Others could read {source}, where your sessions are kept; now they cannot. If somebody may have looked: "
        "kierros logout --everywhere",
        "yellow",
    )
