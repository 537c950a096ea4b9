"""What stands of people in reports, and how it goes: their names, and what a host's contact wrote of a visit.

Answers of participants stand there without a name and in an order that says nothing; nobody can tell whose they are, so
only a name in them goes. What a host said is signed by its library, behind which stands one person: her words go with
her. How much the visit gave the library is the library's own and stays. TRUST invariants 24, 25.
"""

from __future__ import annotations

import html
import unicodedata
from collections.abc import Iterator
from datetime import datetime
from typing import Any

from sqlalchemy import Connection, select, update

from exchange.host_feedback import HostFeedbackGiven
from store.schema import journal, reports
from store.sealed import report_digest
from store.traces import STRUCK, Traces

SAID = ("gained", "better")
"""What a host writes of a visit, as a report's data calls it."""
_QUOTED = '<li lang="" dir="auto">{}</li>'
"""How it stands in a report's page (``letters/papers/parts/visits.html.j2``)."""


def strike_from_reports(connection: Connection, cycle: str, traces: Traces, ref: str = "") -> set[str]:
    """Takes names, and the words of hosts' contacts, out of reports.

    Args:
        connection: in a transaction that writes.
        cycle: its id.
        traces: who must not be named any more.
        ref: whose words go; without it, those of every host.

    Returns:
        The steps whose report is not filed yet and did hold something of it.
    """
    steps: set[str] = set()
    given = list(_given(connection, cycle))
    for row in connection.execute(select(reports).where(reports.c.cycle == cycle)).all():
        page, data = _without_words(row.html, row.data, _stays_of(given, ref, row.drawn_at))
        page, data = traces.struck(page), traces.struck_in(data)
        if (page, data) == (row.html, row.data):
            continue
        mine = (reports.c.cycle == cycle, reports.c.step == row.step, reports.c.revision == row.revision)
        digest = report_digest(page, data)
        connection.execute(update(reports).where(*mine).values(html=page, data=data, digest=digest))
        steps |= {row.step} if row.filed_at is None else set()
    return steps


def _given(connection: Connection, cycle: str) -> Iterator[HostFeedbackGiven]:
    """What hosts told of their visits, oldest first."""
    mine = (journal.c.cycle == cycle, journal.c.kind == HostFeedbackGiven.__name__)
    for data in connection.execute(select(journal.c.data).where(*mine).order_by(journal.c.position)).scalars():
        yield HostFeedbackGiven.model_validate(data)


def _stays_of(given: list[HostFeedbackGiven], ref: str, drawn: datetime) -> set[tuple[str, str]]:
    """The visits of which a report of that moment holds her words: the last that was told of each counts."""
    last = {(event.step, event.slot): event.actor for event in given if event.at <= drawn}
    return {stay for stay, by in last.items() if ref in {"", by}}


def _without_words(page: str, data: Any, stays: set[tuple[str, str]]) -> tuple[str, Any]:
    """Page and data without what was said of those visits."""
    told = []
    for stay in data.get("stays", ()):
        heard = stay.get("heard")
        if heard and (stay["step"], stay["slot"]) in stays:
            for words in filter(None, (heard.get(key) for key in SAID)):
                page = _unquoted(page, words)
            heard = {**heard, **{key: STRUCK for key in SAID if heard.get(key)}}
        told.append({**stay, "heard": heard} if heard else stay)
    return page, {**data, "stays": told} if told else data


def _unquoted(page: str, words: str) -> str:
    """The page without the words, also where its letters were composed anew as a name was struck out."""
    for form in (words, unicodedata.normalize("NFC", words)):
        page = page.replace(
            _QUOTED.format(html.escape(form).replace("&quot;", "&#34;").replace("&#x27;", "&#39;")),
            _QUOTED.format(STRUCK),
        )
    return page
