"""What staff decide in the browser: tried by the rules first, then told to the engine, once.

A decision needs the engine. Where none answers, nothing is kept, and the page says so; nothing that was typed is lost.
"""

from __future__ import annotations

import asyncio
import secrets
import time
from collections.abc import Callable, Sequence

from exchange.base import Command, Event, Refusal
from exchange.cancelling import CycleOver
from exchange.record import commands
from portal.faults import Turned
from portal.shown.refused_cycle import OF_DECISIONS
from portal.shown.staff_refusals import said_of
from portal.staff import Case
from runtime.engine import EngineUnreachable
from store.columns import dumps
from store.faults import CommandIdReused, SessionOver
from store.models import Letterbox
from telling.refusals import tried
from workers import desk, entering, entitled

ONCE = "once"
"""The hidden field that tells one form from another: sent twice, it acts once."""
PATIENCE = 2.0
"""Seconds to wait until an answer that was typed in is decided."""
WHO_MAY = OF_DECISIONS["NotYourDecision"]
REFUSED = 422
LOOKED = 200
UNREACHED = 503
UNKNOWN = "Unanswered"
"""The name of what may still take effect."""


class NotDone(Exception):
    """Nothing was decided.

    Args:
        said: why, in a sentence in the reader's language.
        name: the refusal's.
        status: of HTTP.
    """

    def __init__(self, said: str, name: str = "", status: int = REFUSED) -> None:
        super().__init__(said)
        self.said, self.name, self.status = said, name, status


def once() -> str:
    """A new mark for a form."""
    return secrets.token_urlsafe(12)


def asked_of_rules(case: Case, command: Command) -> list[Event]:
    """What the rules would decide.

    Raises:
        NotDone: they would say no.
    """
    try:
        return tried(case.state, command)
    except Refusal as no:
        raise NotDone(case.names.refusal(no), no.name) from None


def ended(case: Case) -> NotDone | None:
    """What is said of a cycle in which nothing changes any more, before anything is typed; None while it goes on."""
    state = case.state
    if not state.over:
        return None
    no = CycleOver(state.phase, state.ended_at or case.row.started_at)
    return NotDone(case.names.refusal(no), no.name, LOOKED)


def demand_role(case: Case) -> None:
    """What is typed in for others, too, is for whoever holds a role in the cycle.

    Raises:
        NotDone: she holds none there.
    """
    try:
        entitled.demand_role(case.who.house.store, case.id, case.who.ref)
    except entitled.NoRoleThere as no:
        raise no_role(case, no) from None


def no_role(case: Case, no: entitled.NoRoleThere) -> NotDone:
    """The same in the reader's words: who holds one there, and how it is mended."""
    words = case.words
    held = [f"{name} ({words.all_of(list(map(case.names.role, roles)))})" for name, roles in no.holders.items()]
    said = words.gettext(WHO_MAY, roles=words.one_of(held))
    mend = (
        words.gettext("One of them can do it, or hand a role over to you.")
        if no.may_pass
        else words.gettext("One of them can do it.")
    )
    return NotDone(f"{said} {mend}", type(no).__name__)


def done_before(case: Case, mark: str) -> bool:
    """Whether a form of that mark took effect: the last button was pressed twice, and the rules would say no now."""
    if not mark:
        return False
    store = case.who.house.store
    if (entered := store.taken_as(case.id, _entry(case, mark))) is not None:
        return entered.state == "accepted"
    update = _update(case, mark)
    return any(entry.event.cause == update for entry in store.journal(case.id))


def _update(case: Case, mark: str) -> str:
    return f"portal-{case.who.house.sealed('decision', case.who.session.id, case.id, mark)}"


def _entry(case: Case, mark: str) -> str:
    return f"desk-{case.who.house.sealed('entered', case.who.session.id, case.id, mark)}"


def decide(case: Case, command: Command, mark: str, last: Callable[[Command], Command] = lambda it: it) -> None:
    """Has the cycle decide it.

    Args:
        case: the cycle, as it was when the rules are asked.
        command: in the name of who has signed in.
        mark: of the form that was sent.
        last: puts in the references of words that are kept only once the rules have nothing against it.

    Raises:
        NotDone: a rule said no, or the engine does not answer.
    """
    asked_of_rules(case, command)
    _tell(case, [(last(command), mark)])


def decide_all(case: Case, wishes: Sequence[Command], mark: str, *, ask_only: bool = False) -> None:
    """Has the cycle decide several wishes, one after another; none where the rules have anything against one of them.

    Each states a fact, so that sending the same form again, after it broke off, does no harm.

    Args:
        case: the cycle, as it was when the rules are asked.
        wishes: in the name of who has signed in.
        mark: of the form that was sent.
        ask_only: whether the rules are only asked.

    Raises:
        NotDone: a rule said no, or the engine does not answer.
    """
    for wish in wishes:
        asked_of_rules(case, wish)
    if not ask_only:
        _tell(case, [(wish, f"{mark}/{_said(wish)}") for wish in wishes])


def _said(wish: Command) -> str:
    """What it says, whenever: of a form that broke off fewer wishes are left, and none may take another's place."""
    said = commands.pack(wish)
    said.pop("at", None)
    return dumps(said)


def _tell(case: Case, wishes: Sequence[tuple[Command, str]]) -> None:
    """Tells the engine, each under the id that follows from the form's mark."""
    who = case.who

    async def one_by_one() -> None:
        for wish, mark in wishes:
            await _told(case, wish, _update(case, mark))

    try:
        asyncio.run(one_by_one())
    except desk.RefusedByRule as no:
        raise NotDone(said_of(case.names, no.name, no.facts), no.name) from None
    except SessionOver:
        raise Turned(403, "signed_out") from None
    except desk.Unanswered:
        said = who.words.gettext(
            "The engine was asked and has not answered in time, so this may still take effect by itself. What you "
            "typed stands below. Look at the history of the cycle before you send it again."
        )
        raise NotDone(said, UNKNOWN, UNREACHED) from None
    except EngineUnreachable:
        said = who.words.gettext(
            "This cannot be decided now: the engine does not answer. Nothing was changed, and what you typed stands "
            "below. Try again in a while."
        )
        raise NotDone(said, "EngineUnreachable", UNREACHED) from None


async def _told(case: Case, command: Command, update: str) -> None:
    client = await desk.connected(case.who.house.settings)
    await desk.tell(client, case.who.hand, case.id, command, update, tries=1)


def kept(case: Case, words: str, kind: str = "reason") -> str:
    """The reference of words that were typed; empty where there are none."""
    return case.who.house.store.add_text(case.id, words, kind, case.who.house.now()) if words else ""


def enter(case: Case, wish: Command, mark: str) -> None:
    """Has somebody's answer, which was typed in for her, kept and decided.

    It is kept also while the engine is away; whoever typed it in is told so.

    Raises:
        NotDone: a rule said no, or it is kept and not decided yet.
    """
    house, store = case.who.house, case.who.house.store
    data = commands.pack(wish)
    for part in ("at", "actor", "cause"):
        data.pop(part, None)
    item = Letterbox(command_id=_entry(case, mark), command=data, actor=wish.actor)
    try:
        (receipt,) = entering.enter(case.who.hand, case.id, [item])
    except CommandIdReused:
        return
    except entitled.NoRoleThere as no:
        raise no_role(case, no) from None
    except SessionOver:
        raise Turned(403, "signed_out") from None
    house.waker.tell(case.id)
    outcome, until = None, time.monotonic() + PATIENCE
    while time.monotonic() < until:
        outcome = store.outcome(case.id, receipt.number)
        if outcome is None or outcome.state != "received":
            break
        time.sleep(0.05)
    if outcome is not None and outcome.state == "refused":
        raise NotDone(said_of(case.names, outcome.name, outcome.facts), outcome.name)
    if outcome is not None and outcome.state == "received":
        said = case.words.gettext("It is kept and counts from now. It is decided as soon as the engine runs.")
        raise NotDone(said, "Kept", 202)
