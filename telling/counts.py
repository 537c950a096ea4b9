"""Counted things in words. Imports nothing: commands that need no record begin quickly."""


def plural(count: int, one: str, many: str = "") -> str:
    """``1 letter``, ``24 letters``."""
    return f"{count:,} {one if count == 1 else many or one + 's'}"
