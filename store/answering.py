"""Word to people of what became of an answer that they gave at the portal, where its page could not tell them.

The page waits a moment for the decision. Whatever is refused, and what is accepted later than that and makes nobody
write to her, has a letter ordered in the transaction in which it is decided. It rests for a minute; a page that has
shown the decision drops it before it leaves. So nobody is left without word, and nobody hears twice.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import timedelta
from typing import Any

from sqlalchemy import Connection, Row, select, update

from exchange.mail import Mail
from store.columns import dumps
from store.models import AT_ONCE
from store.relinking import as_written, had
from store.schema import inbox, outbox, people

PORTAL = "web-"
"""What the ids of answers begin with that were given at the portal."""

RESTS = timedelta(minutes=1)
"""How long the letter waits for the page to have shown the decision."""

SHOWN = "its reader has seen on the page what it says"

KINDS = {"accepted": "answer_accepted", "refused": "answer_refused"}

PAGES = {
    "GiveFeedback": ("feedback",),
    "Nominate": ("nominate",),
    "AnswerAsHost": ("host",),
    "GiveHostFeedback": ("host_feedback", "host"),
}
"""Behind which links one goes on, by what was answered."""
PLACES = ("place", "invitation", "nominate")
"""The same for all else."""


def word_of(connection: Connection, cycle: str, after: int, to: int, mails: Iterable[Mail]) -> list[Mail]:
    """The letters about the answers behind number ``after`` and up to ``to``, which have just been decided.

    Args:
        connection: within the transaction that keeps the decisions.
        cycle: theirs.
        after: the last answer that was decided before.
        to: the last that is decided now.
        mails: what is written anyhow; whoever is written to needs no other word of being taken.
    """
    if to <= after:
        return []
    mine = (inbox.c.cycle == cycle, inbox.c.number > after, inbox.c.number <= to, inbox.c.command_id.like(f"{PORTAL}%"))
    rows = connection.execute(select(inbox).where(*mine, inbox.c.state.in_(list(KINDS))).order_by(inbox.c.number)).all()
    reached = {ref for mail in mails for ref in mail.to} if rows else set()
    late = (row for row in rows if row.state == "refused" or row.decided_at - row.received_at > AT_ONCE)
    told = (row for row in late if row.state == "refused" or row.actor not in reached)
    return [_word(connection, row) for row in told if _known(connection, row)]


def _known(connection: Connection, row: Row[Any]) -> bool:
    hers = select(people.c.ref).where(people.c.cycle == row.cycle, people.c.ref == row.actor)
    return connection.execute(hers).first() is not None


def _word(connection: Connection, row: Row[Any]) -> Mail:
    kind = row.command.get("kind", "")
    links = had(connection, row.cycle, row.actor)
    wanted = [one for one in links if one[0] in PAGES.get(kind, PLACES)]
    own = row.command.get("person", row.actor) == row.actor
    kind, own = ("Substitute", True) if row.command.get("instead_of") == row.actor else (kind, own)
    facts = {
        "answer": kind if own else f"{kind}/other", "received": row.received_at.isoformat(), "name": row.name,
        "why": dumps(row.facts), "links": as_written(wanted or links),
    }  # fmt: skip
    what: Any = KINDS[row.state]
    return Mail(kind=what, to=(row.actor,), mark=str(row.number), facts=facts, rest=RESTS)


def shown(connection: Connection, cycle: str, number: int) -> None:
    """Drops the letter about an answer whose decision its page has shown."""
    about = (outbox.c.cycle == cycle, outbox.c.kind.in_(list(KINDS.values())), outbox.c.mark == str(number))
    gone = {"state": "dropped", "data": None, "last_error": SHOWN}
    connection.execute(update(outbox).where(*about, outbox.c.state == "queued").values(gone))
