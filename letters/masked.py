"""An address of which only so much is shown that its owner knows it again."""

from __future__ import annotations


def masked(address: str) -> str:
    """``a…@l….example`` for ``anna.berg@library.example``."""
    name, _, domain = address.rpartition("@")
    first, _, last = domain.rpartition(".")
    return f"{name[:1]}…@{first[:1]}….{last}" if first else f"{name[:1]}…@{domain[:1]}…"
