"""Proofs: how a worker knows that a decision of staff came through a door where its actor had signed in.

The door that has looked at the session makes a MAC over who decides what, in which cycle, and until when it counts; the
worker makes it again from what it was sent. Only what the worker cannot know by itself travels beside it: the role, the
step and the revision that the door showed, and the expiry. The nonce is the id of the update (or of the inbox row),
which takes effect once: so a proof cannot be used for a second decision, and nobody has to remember those seen before.
"""

from __future__ import annotations

import hashlib
import hmac
import json
from base64 import urlsafe_b64encode
from dataclasses import astuple, dataclass
from datetime import timedelta
from typing import Any

from exchange.base import Command

HEADER = "kierros-proof"
"""The name of an update's header that holds the proof."""

LASTS = timedelta(minutes=10)
"""How long a proof counts: longer than a door waits for an answer (two minutes), and than clocks differ."""

_FORM = "kierros/1"
_MAC_BYTES = 16
_PARTS = 5
_LONGEST = 512


@dataclass(frozen=True)
class Proof:
    """What a proof says."""

    actor: str
    """Reference ``s_…`` of who decides."""
    role: str
    """In which role, as the door saw it; the rules look whether she has it when they decide."""
    cycle: str
    step: str
    revision: int
    """What was shown to her, where the decision is about a step's letters or report; else 0."""
    digest: str
    """Of the command (:func:`digest_of`)."""
    nonce: str
    """The id of the update or of the inbox row."""
    expires_at: int
    """Seconds since 1970, UTC."""


@dataclass(frozen=True)
class Claim:
    """What a worker was sent, and a proof has to fit."""

    actor: str
    cycle: str
    digest: str
    nonce: str


class Unproven(Exception):
    """What was sent has no proof that fits it. ``why`` is one word: missing, unreadable, expired or other."""

    def __init__(self, why: str) -> None:
        super().__init__(SENTENCES[why])
        self.why = why


SENTENCES = {
    "missing": "It came without a proof of who decides.",
    "unreadable": "Its proof cannot be read.",
    "expired": "Its proof has expired.",
    "other": "Its proof was made for another decision, or not by this installation.",
}


def digest_of(command: Command) -> str:
    """SHA-256 of the command as it crosses the wire; what stands at its default is as what was never said.

    So a release that knows one field more comes to the same digest.
    """
    said = json.loads(command.model_dump_json(exclude_defaults=True))
    return hashlib.sha256(_plain([type(command).__name__, said])).hexdigest()


def digest_of_answer(actor: str, command: dict[str, Any]) -> str:
    """SHA-256 of an answer as it lies in the inbox: whose it is said to be, and what it says."""
    return hashlib.sha256(_plain([actor, command])).hexdigest()


def sign_entry(key: bytes, proof: Proof) -> str:
    """The proof of an answer that staff typed in, as it lies in the inbox: it says as well who that was."""
    return f"{proof.actor} {sign(key, proof)}"


def verify_entry(key: bytes, kept: str, *, cycle: str, digest: str, nonce: str) -> Proof:
    """What the proof of an answer says, if it fits. Its door had looked at the session when the answer was kept.

    Raises:
        Unproven: it does not.
    """
    actor, _, header = kept.partition(" ")
    return verify(key, header, Claim(actor, cycle, digest, nonce), None)


def sign(key: bytes, proof: Proof) -> str:
    """The proof as it travels."""
    said = [proof.role, proof.step, proof.revision, proof.expires_at, _mac(key, proof)]
    return _plain(said).decode()


def verify(key: bytes, header: str, claim: Claim, now: float | None) -> Proof:
    """What the proof says, if it fits.

    Args:
        key: the installation's, derived for proofs.
        header: what came beside the command; empty where nothing came.
        claim: what was sent.
        now: seconds since 1970; None where it was looked at when it was made, and does not count by the clock.

    Raises:
        Unproven: it does not.
    """
    if not header:
        raise Unproven("missing")
    role, step, revision, expires_at, mac = _read(header)
    proof = Proof(claim.actor, role, claim.cycle, step, revision, claim.digest, claim.nonce, expires_at)
    if not hmac.compare_digest(_mac(key, proof), mac):
        raise Unproven("other")
    if now is not None and now > expires_at:
        raise Unproven("expired")
    return proof


def _read(header: str) -> tuple[str, str, int, int, str]:
    try:
        said = json.loads(header) if len(header) <= _LONGEST else None
    except ValueError:
        said = None
    if not isinstance(said, list) or len(said) != _PARTS:
        raise Unproven("unreadable")
    role, step, revision, expires_at, mac = said
    words, numbers = (role, step, mac), (revision, expires_at)
    if not all(isinstance(one, str) for one in words) or any(type(one) is not int for one in numbers):
        raise Unproven("unreadable")
    if not mac.isascii():
        raise Unproven("unreadable")
    return role, step, revision, expires_at, mac


def _mac(key: bytes, proof: Proof) -> str:
    """Over a list of JSON, so that no field can be taken for another."""
    made = hmac.new(key, _plain([_FORM, *astuple(proof)]), hashlib.sha256).digest()[:_MAC_BYTES]
    return urlsafe_b64encode(made).decode().rstrip("=")


def _plain(said: list[object]) -> bytes:
    return json.dumps(said, ensure_ascii=True, separators=(",", ":"), sort_keys=True).encode()
