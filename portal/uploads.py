"""Files that staff send: what a page got, and how it carries them on to its next page without keeping them."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass

from portal.bodies import Typed
from portal.faults import TooLarge

LONGEST_NAME = 80
LARGEST = 3_500_000
"""Bytes of a file: the page after it carries it on in letters, a third longer, and beside it a plan."""


@dataclass(frozen=True)
class Sent:
    """A file as it was sent."""

    name: str
    data: bytes

    def carried(self, field: str) -> list[tuple[str, str]]:
        """Hidden fields by which the next page gets it again, byte for byte."""
        return [(f"{field}_name", self.name), (f"{field}_data", base64.b64encode(self.data).decode())]


def sent(typed: Typed, field: str, otherwise: str) -> Sent | None:
    """The file that was chosen, or else the one that the page carried on; None where there is neither.

    Args:
        typed: the form.
        field: of the file.
        otherwise: what a file without a usable name is called.

    Raises:
        TooLarge: the page after it could not carry it on.
    """
    chosen = typed.file(field)
    if chosen is not None:
        if (chosen.size or 0) > LARGEST:
            raise TooLarge
        return Sent(_name(chosen.filename or "") or otherwise, chosen.file.read())
    try:
        data = base64.b64decode(typed.word(f"{field}_data"), validate=True)
    except (binascii.Error, ValueError):
        return None
    return Sent(_name(typed.word(f"{field}_name")) or otherwise, data) if data else None


def _name(given: str) -> str:
    """The file's own name, without folders and without what cannot be shown."""
    last = given.replace("\\", "/").rpartition("/")[2]
    return "".join(c for c in last if c.isprintable()).strip()[-LONGEST_NAME:]
