"""Taking a person's answer: kept first, which is the acknowledgement; then, if it comes quickly, what was decided.

    answered = await take(guest, Withdraw(at=now, actor=ref, person=ref), words={"reason": form.word("reason")})
    if answered.became == "refused": … answered.sentence

Nothing is checked here: forms look at what was typed, and the rules decide. The engine may be away; the answer counts
from now all the same.
"""

from __future__ import annotations

import time
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from exchange.base import Command
from exchange.record import commands
from portal.doors import Guest
from portal.shown.answers import over, refusal, taken
from portal.threads import asked
from store.columns import dumps
from store.faults import CycleIsOver
from store.models import UNDETERMINED, Letterbox, Newcomer, TextRow
from store.refs import new_ref
from store.taking import Taking

PATIENCE = 0.9
"""Seconds from a reader's coming until she is told at the latest that her answer is kept, so that this takes no longer
than a second; a decision takes about a tenth of one where the engine runs."""

_FROM_THE_ROW = ("at", "actor", "cause")
"""What a command has from its inbox row."""


@dataclass(frozen=True)
class Answered:
    """What became of an answer so far."""

    became: Literal["accepted", "refused", "taken"]
    """``taken``: kept, and not decided yet; a letter tells what became of it."""
    sentence: str = ""
    """For the reader, in her language; empty where it was accepted, for the page shows that."""
    name: str = ""
    """The refusal's name."""


async def take(
    guest: Guest,
    wish: Command,
    *,
    seen: str = "",
    words: Mapping[str, str] | None = None,
    newcomer: Newcomer | None = None,
    told: Mapping[str, Any] | None = None,
    answers: Mapping[str, Any] | None = None,
) -> Answered:
    """Keeps an answer, has its cycle told, and waits a moment for the decision.

    The same answer sent again from the same page (a double click, a reload) is the same answer. One that somebody gives
    again later, when things stand otherwise, is another: ``seen`` says how they stood.

    Args:
        guest: who answers; her link says for what.
        wish: the command, with references only.
        seen: how things stood on the page from which it was sent, e.g. ``waiting 2024-01-09T10:00Z``.
        words: the person's own words, by the field of the command that refers to them (``reason``); they become rows.
        newcomer: somebody whom it names and who may not be known yet.
        told: what she tells of herself with it, kept apart from it (:mod:`store.own_words`).
        answers: feedback, which goes into a sealed envelope and is no part of the id.
    """
    data = commands.pack(wish)
    for field in _FROM_THE_ROW:
        data.pop(field, None)
    said = {field: typed for field, typed in (words or {}).items() if typed}
    also = (dumps(said), dumps(told or {}), newcomer.person.address if newcomer else "", seen)
    ident = _command_id(guest, data, also)
    texts = {field: TextRow(ref=new_ref("n"), words={UNDETERMINED: typed}, kind=field) for field, typed in said.items()}
    data |= {field: row.ref for field, row in texts.items()}
    item = Letterbox(command_id=ident, command=data, actor=wish.actor, answers=dict(answers) if answers else None)
    house, cycle = guest.house, guest.link.cycle
    try:
        # committed together with what others answer at the same time
        receipt = await house.gathering.take(cycle, Taking(item, list(texts.values()), newcomer, told))
    except CycleIsOver:
        return Answered("refused", over(guest.words), "CycleOver")
    house.waker.tell(cycle)
    return await _outcome(guest, receipt.number)


async def _outcome(guest: Guest, number: int) -> Answered:
    """What was decided, if it comes in time."""
    house, cycle = guest.house, guest.link.cycle
    patience = max(0.0, PATIENCE - (time.monotonic() - guest.since))
    found = await house.waiting.decided(cycle, number, patience)
    if found is not None and (found.state == "refused" or not found.at_once):
        await asked(house.store.answer_shown, cycle, number)  # the letter that would tell it is not needed
    if found is not None and found.state == "accepted":
        return Answered("accepted")
    if found is not None and found.state == "refused":
        return Answered("refused", refusal(guest, found.name, found.facts), found.name)
    return Answered("taken", taken(guest.words))


def _command_id(guest: Guest, data: Mapping[str, Any], also: Iterable[str]) -> str:
    """Made with the installation's key: from an id nobody can try out what was answered."""
    link = guest.link
    parts = (link.purpose, link.cycle, link.ref, link.about, str(link.revision), dumps(data), *also)
    return f"web-{guest.house.sealed('answer', *parts)}"
