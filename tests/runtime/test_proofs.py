"""A proof fits one decision of one person, for ten minutes; whatever is changed in it or beside it, it fits none."""

from __future__ import annotations

import json
from dataclasses import astuple, fields, replace
from datetime import UTC, datetime
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from exchange.approval import Approve, Reject
from runtime.engine import CONVERTER
from runtime.proofs import LASTS, Claim, Proof, Unproven, digest_of, sign, verify

KEY = b"k" * 32
NOW = 1_800_000_000
AT = datetime(2027, 3, 1, tzinfo=UTC)
COMMAND = Approve(at=AT, actor="s_kristina", prompt="approve-visits-1", digest="abc")
PROOF = Proof(
    actor="s_kristina",
    role="coordinator",
    cycle="cycle-a",
    step="visits",
    revision=1,
    digest=digest_of(COMMAND),
    nonce="cli-1",
    expires_at=NOW + int(LASTS.total_seconds()),
)
CLAIM = Claim(actor=PROOF.actor, cycle=PROOF.cycle, digest=PROOF.digest, nonce=PROOF.nonce)


def why(header: str, claim: Claim = CLAIM, now: float | None = NOW, key: bytes = KEY) -> str:
    with pytest.raises(Unproven) as refused:
        verify(key, header, claim, now)
    return refused.value.why


def test_what_was_signed_is_verified_and_says_what_was_signed():
    assert verify(KEY, sign(KEY, PROOF), CLAIM, NOW) == PROOF


def test_it_is_short():
    assert len(sign(KEY, PROOF)) < 80


@pytest.mark.parametrize("field", ["actor", "cycle", "digest", "nonce"])
def test_it_fits_no_other(field: str):
    assert why(sign(KEY, PROOF), replace(CLAIM, **{field: "another"})) == "other"


@pytest.mark.parametrize(("place", "value"), [(0, "director"), (1, "report"), (2, 2), (3, NOW + 10**6), (4, "A" * 22)])
def test_what_travels_with_it_cannot_be_changed(place: int, value: Any):
    said = json.loads(sign(KEY, PROOF))
    said[place] = value
    assert why(json.dumps(said)) == "other"


def test_every_field_is_in_the_mac():
    marks = set()
    for field in fields(Proof):
        other = 7 if field.type == "int" else "x"
        marks.add(json.loads(sign(KEY, replace(PROOF, **{field.name: other})))[4])
    assert len(marks | {json.loads(sign(KEY, PROOF))[4]}) == len(fields(Proof)) + 1


def test_words_cannot_move_from_one_field_to_the_next():
    one = replace(PROOF, role="ab", step="c")
    other = replace(PROOF, role="a", step="bc")
    assert json.loads(sign(KEY, one))[4] != json.loads(sign(KEY, other))[4]


def test_another_installation_made_it():
    assert why(sign(b"o" * 32, PROOF)) == "other"


def test_it_expires():
    verify(KEY, sign(KEY, PROOF), CLAIM, PROOF.expires_at)
    assert why(sign(KEY, PROOF), now=PROOF.expires_at + 1) == "expired"
    assert verify(KEY, sign(KEY, PROOF), CLAIM, None).expires_at == PROOF.expires_at


def test_none_is_none():
    assert why("") == "missing"


@pytest.mark.parametrize(
    "header",
    ["x", "[]", "{}", "[1,2,3,4,5]", '["","",0,true,""]', '["","",0.5,1,""]', '["","",0,1,"ä"]', "[" * 511, "[" * 9999,
     '["","",0,1e999,""]', "null", '"a"', '["","",0,1]', '["\\ud800","",0,1,""]'],
)  # fmt: skip
def test_what_is_no_proof_is_refused_and_nothing_worse(header: str):
    assert why(header) in {"unreadable", "other"}


@given(st.text(max_size=600))
def test_no_words_are_a_proof(header: str):
    assert why(header) in {"missing", "unreadable", "other"}


def test_the_digest_tells_one_command_from_another():
    reject = Reject(at=AT, actor="s_kristina", prompt="approve-visits-1")
    changed = [
        COMMAND.model_copy(update={"digest": "abd"}),
        COMMAND.model_copy(update={"copy_to_me": True}),
        COMMAND.model_copy(update={"entered_by": "s_x"}),
        COMMAND.model_copy(update={"decided_at": AT}),
        COMMAND.model_copy(update={"digest": ""}),
        reject,
    ]
    assert len({digest_of(one) for one in (COMMAND, *changed)}) == len(changed) + 1


def test_the_digest_survives_the_wire_and_a_release_that_knows_more():
    payload = CONVERTER.payload_converter.to_payloads([COMMAND])[0]
    (back,) = CONVERTER.payload_converter.from_payloads([payload], [Approve])
    assert digest_of(back) == digest_of(COMMAND)

    class Newer(Approve):
        more: str = ""

    Newer.__name__ = "Approve"
    (newer,) = CONVERTER.payload_converter.from_payloads([payload], [Newer])
    assert digest_of(newer) == digest_of(COMMAND)


def test_a_proof_has_nothing_in_it_that_is_not_said_of_it():
    assert len(astuple(PROOF)) == 8
