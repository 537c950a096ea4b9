"""Drafts that only the link opens under which they were typed.

The key is made of the installation's secret and of what stands in the link; the record knows only the link's mark, so
whoever reads the record, or a backup of it, cannot read a draft. Encrypted with a key stream of HMAC-SHA256 in counter
mode under a nonce of its own, then authenticated (encrypt, then MAC).
"""

from __future__ import annotations

import hmac
import json
import secrets
from itertools import count
from typing import Any

from runtime.keys import Keys

NONCE, TAG = 16, 32


def sealed(keys: Keys, token: str, typed: dict[str, Any]) -> bytes:
    """What is kept of a draft."""
    stream, proof = _keys(keys, token)
    nonce = secrets.token_bytes(NONCE)
    body = nonce + _mixed(stream, nonce, json.dumps(typed, ensure_ascii=False).encode())
    return body + hmac.digest(proof, body, "sha256")


def opened(keys: Keys, token: str, kept: bytes | None) -> dict[str, Any]:
    """The draft again; empty where there is none, or where it is not what was kept under this link."""
    stream, proof = _keys(keys, token)
    body, tag = (kept or b"")[:-TAG], (kept or b"")[-TAG:]
    if not body or not hmac.compare_digest(hmac.digest(proof, body, "sha256"), tag):
        return {}
    found: dict[str, Any] = json.loads(_mixed(stream, body[:NONCE], body[NONCE:]))
    return found


def _keys(keys: Keys, token: str) -> tuple[bytes, bytes]:
    own = hmac.digest(keys.derived("drafts"), token.encode("utf-8", "surrogatepass"), "sha256")
    return hmac.digest(own, b"stream", "sha256"), hmac.digest(own, b"proof", "sha256")


def _mixed(key: bytes, nonce: bytes, data: bytes) -> bytes:
    """The data with the key stream over it; done twice it is the data again."""
    stream = bytearray()
    for number in count():
        if len(stream) >= len(data):
            break
        stream += hmac.digest(key, nonce + number.to_bytes(8, "big"), "sha256")
    return bytes(one ^ other for one, other in zip(data, stream, strict=False))
