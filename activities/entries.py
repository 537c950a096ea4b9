"""What staff typed in, looked at once more before it is decided: only what its proof fits is what it says.

An answer without a proof is a person's own, or the post office's word. Whatever else comes out of the inbox was not put
there by a door of ours: it is handed on as not proven, which the workflow refuses without reading it, and written down.
"""

from __future__ import annotations

from exchange.record import Post, Row
from runtime.log import logger
from runtime.proofs import Unproven, digest_of_answer, verify_entry
from store.inbox import unproven
from store.store import Store


def proven(store: Store, key: bytes, cycle: str, post: Post) -> Post:
    """The answers, with a mark on each that is not proven to be what it says."""
    if not post.rows:
        return post
    proofs = store.proofs(cycle, [row.number for row in post.rows])
    why = {row.number: _why_not(key, cycle, row, proofs.get(row.number)) for row in post.rows}
    if not any(why.values()):
        return post
    for row in post.rows:
        if why[row.number]:
            _write_down(store, cycle, row, why[row.number])
    rows = tuple(row.model_copy(update={"proven": False}) if why[row.number] else row for row in post.rows)
    return post.model_copy(update={"rows": rows})


def _why_not(key: bytes, cycle: str, row: Row, kept: tuple[str, str] | None) -> str:
    """One word for what is wrong with its proof; empty where nothing is."""
    if kept is None:
        return "missing" if unproven(row.actor, row.data) else ""
    command_id, proof = kept
    try:
        digest = digest_of_answer(row.actor, row.data)
        found = verify_entry(key, proof, cycle=cycle, digest=digest, nonce=command_id)
    except Unproven as no:
        return no.why
    return "other" if row.data.get("entered_by") not in {None, "", found.actor} else ""


def _write_down(store: Store, cycle: str, row: Row, why: str) -> None:
    logger().warning("answer without proof", cycle=cycle, number=row.number, why=why)
    detail = f"answer {row.number}: {why}"
    known = store.security_log(what=["answer_refused"], most=500)
    if not any(one.cycle == cycle and one.detail == detail for one in known):  # this may be a second try
        store.note_security("answer_refused", door="inbox", staff=_staff(row), cycle=cycle, detail=detail)


def _staff(row: Row) -> str:
    """Whom it names; nothing but a reference may stand in the log."""
    named = str(row.data.get("entered_by") or row.actor)
    return named if named.startswith("s_") and named[2:].isalnum() and len(named) < 40 else ""
