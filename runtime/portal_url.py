"""Where the portal is to be reached from outside: what links in letters begin with."""

from __future__ import annotations

import json

from runtime.settings import Settings


def portal_address(settings: Settings) -> str:
    """The portal's address without a slash at its end, e.g. ``https://exchange.library.example``; empty: none is known.

    The setting goes before what a running `kierros up` says of itself.
    """
    return (settings.portal_url or _running(settings)).rstrip("/")


def _running(settings: Settings) -> str:
    try:
        said = json.loads(settings.stack_file.read_text("utf-8"))
        found = said.get("portal", "")
    except (OSError, ValueError, AttributeError):
        return ""
    return found if isinstance(found, str) else ""
