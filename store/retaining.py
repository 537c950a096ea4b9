"""Keeping no longer than the plan says: warned of beforehand, then everything about people goes and counts stay."""

from __future__ import annotations

import calendar
from datetime import datetime, timedelta

from sqlalchemy import Connection, delete, select, update

from exchange.base import TIME
from exchange.mail import Mail
from exchange.plan import CyclePlan, Feedback
from store.erasing import ERASED, OVER, mark_of
from store.own_words import formerly as formerly_known
from store.posting import post
from store.reported import strike_from_reports
from store.schema import (
    answers,
    cycles,
    drafts,
    envelopes,
    erasures,
    links,
    opt_outs,
    outbox,
    own_words,
    people,
    texts,
)
from store.traces import Traces
from store.writing import chunks, insert_new, lock_cycle

AHEAD = timedelta(days=30)
"""How long beforehand the coordinator is warned."""


def months_after(moment: datetime, months: int) -> datetime:
    """The same day and hour so many months later; the last day of a month that is shorter."""
    year, month = divmod(moment.month - 1 + months, 12)
    year, month = moment.year + year, month + 1
    return moment.replace(year=year, month=month, day=min(moment.day, calendar.monthrange(year, month)[1]))


def kept_until(plan: CyclePlan, ended_at: datetime | None) -> datetime | None:
    """When the personal data of a cycle goes; None while it runs, or where its plan sets no time."""
    months = plan.privacy.keep_months
    return None if ended_at is None or months is None else months_after(ended_at, months)


def _ended(connection: Connection) -> list[tuple[str, datetime, CyclePlan]]:
    """Ended cycles of which people are still known, each with the end of its time."""
    known = select(people.c.cycle).distinct()
    columns = (cycles.c.id, cycles.c.ended_at, cycles.c.plan)
    rows = connection.execute(select(*columns).where(cycles.c.phase.in_(sorted(OVER)), cycles.c.id.in_(known)))
    plans = [(row.id, row.ended_at, CyclePlan.model_validate(row.plan)) for row in rows]
    return [(cycle, until, plan) for cycle, ended, plan in plans if (until := kept_until(plan, ended)) is not None]


def over_time(connection: Connection, now: datetime) -> list[str]:
    """The cycles whose time is over."""
    return [cycle for cycle, until, _ in _ended(connection) if until <= now]


def warn(connection: Connection, domain: str, now: datetime) -> None:
    """Writes once to the coordinator of each cycle whose data goes within :data:`AHEAD`."""
    for cycle, until, plan in _ended(connection):
        if until - AHEAD <= now < until:
            to = plan.roles.get("coordinator", ()) or (plan.starter,)
            facts = {"until": until.isoformat()}
            post(connection, cycle, [Mail(kind="data_kept_until", to=to, mark="kept", facts=facts)], domain, now)


def retire(connection: Connection, cycle: str, now: datetime) -> int:
    """Erases everybody of a cycle that is over, with every word about them; gives back how many they were.

    Counts, sums, the journal and the filed report stay, and of feedback the numbers and choices; what hosts wrote in
    their own words goes from the report, too.
    """
    row = lock_cycle(connection, cycle)
    refs = list(connection.execute(select(people.c.ref).where(people.c.cycle == cycle)).scalars())
    if row.phase not in OVER or not refs:
        return 0
    plan = CyclePlan.model_validate(connection.execute(select(cycles.c.plan).where(cycles.c.id == cycle)).scalar_one())
    strike_from_reports(connection, cycle, _everybody(connection, cycle))
    listed = [
        {
            "mark": mark_of(ref), "cycle": cycle, "ref": ref, "asked_at": now, "asked_by": TIME, "role": "",
            "steps": [], "told_at": now, "done_at": None, "pending": "",
        }
        for ref in refs
    ]  # fmt: skip
    for part in chunks(listed):
        insert_new(connection, erasures, part)
    for table in (people, texts, envelopes, opt_outs, own_words, drafts, links):
        connection.execute(delete(table).where(table.c.cycle == cycle))
    _blank(connection, cycle)
    _free_words(connection, cycle, plan)
    return len(refs)


def _everybody(connection: Connection, cycle: str) -> Traces:
    rows = connection.execute(select(people.c.name, people.c.address).where(people.c.cycle == cycle))
    formerly = formerly_known(connection, cycle).values()
    return Traces([*(word for row in rows for word in row), *(word for words in formerly for word in words)])


def _blank(connection: Connection, cycle: str) -> None:
    mine = outbox.c.cycle == cycle
    connection.execute(update(outbox).where(mine).values(data=None, subject="", last_error=ERASED))
    waits = (mine, outbox.c.state.not_in(("sent", "sending")))
    connection.execute(update(outbox).where(*waits).values(state="dropped", claimed_until=None))


def _free_words(connection: Connection, cycle: str, plan: CyclePlan) -> None:
    """What was answered in free words may name anybody."""
    for step in plan.steps:
        free = (
            [question.id for question in step.questions if question.form == "text"]
            if isinstance(step, Feedback)
            else []
        )
        mine = (answers.c.cycle == cycle, answers.c.step == step.id, answers.c.question.in_(free))
        connection.execute(delete(answers).where(*mine))
