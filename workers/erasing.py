"""Erasing to the end: from the tables, the files of the database, the mailbox folder and the reports.

Doors call :func:`erase`; what could not be done at once is pending, and a worker tries again until it is
(:mod:`workers.sexton`). Beside the record a list of erasures is kept in the data folder, which no restore touches: who
is on it and is in the record all the same, because an older backup was restored, is erased again.
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from datetime import datetime
from pathlib import Path

from letters.mailbox import forget
from letters.mailbox_page import put
from runtime.settings import Settings
from store.erasing import HERSELF
from store.faults import StoreFault
from store.models import Erasure
from store.store import Store
from workers.erasure_list import LIST, enlist, listed

UNTOLD = "its cycle has not let her go yet; a running worker sees to it"
LEAVING = "a letter that names her is just being handed over to the mail server"


def erase(
    settings: Settings, store: Store, cycle: str, ref: str, by: str = HERSELF, role: str = "",
    now: datetime | None = None,
) -> Erasure:  # fmt: skip
    """Erases one person of a cycle, and as much of her traces as can be reached now. Twice is once.

    Args:
        settings: where mailbox, reports and the list of erasures are.
        store: the record.
        cycle: its id.
        ref: her reference in it.
        by: the staff reference of who has it done; without it she herself, who has confirmed it by her link.
        role: the role in which staff do.
        now: the moment, for tests.

    Returns:
        The erasure: done, or pending and why.

    Raises:
        NoSuchCycle, NobodyToErase: nothing was changed.
    """
    done = store.erase_person(cycle, ref, by, role, now)
    enlist(settings, [done])
    return finish(settings, store, [done])[0]


def erase_staff(settings: Settings, store: Store, ref: str, by: str) -> Erasure:
    """Replaces the name and address of somebody who is staff no more.

    Raises:
        NoSuchStaff, HoldsARole: nothing was changed.
    """
    done = store.erase_staff(ref, by)
    enlist(settings, [done])
    return finish(settings, store, [done])[0]


def finish(settings: Settings, store: Store, waiting: Iterable[Erasure] | None = None) -> list[Erasure]:
    """Does what pending erasures still wait for, as far as it can be done; gives back how they stand now."""
    asked = store.erasures(pending_only=True) if waiting is None else list(waiting)
    rows = [one for one in asked if one.done_at is None]
    if not rows:
        return asked
    enlist(settings, rows)
    files = {cycle: _files(settings, store, cycle) for cycle in {one.cycle for one in rows}}
    fresh = any(one.pending != UNTOLD for one in rows)  # the others have been scrubbed, and wait for their cycle alone
    scrubbed = store.scrub() if fresh else ""
    for one in rows:
        leaves = LEAVING if store.leaving(one.cycle) else ""
        store.note_erasure(one, leaves or files[one.cycle] or scrubbed or ("" if one.told_at else UNTOLD))
    found = {(one.cycle, one.mark): one for one in store.erasures()}
    return [found[(one.cycle, one.mark)] for one in asked]


def _files(settings: Settings, store: Store, cycle: str) -> str:
    """Takes blanked letters out of the mailbox folder and writes reports as the record has them; or why it cannot."""
    try:
        forget(settings.mailbox, store.blanked(cycle))
        for report in store.reports(cycle):
            place = settings.reports / cycle / f"{report.step}-{report.revision}"
            _as_kept(place.with_suffix(".html"), report.html)
            _as_kept(place.with_suffix(".json"), json.dumps(report.data, ensure_ascii=False, indent=2) + "\n")
    except OSError as why:
        return f"a file cannot be taken away or written anew ({why.strerror or type(why).__name__})"
    return ""


def _as_kept(file: Path, text: str) -> None:
    if file.is_file() and file.read_text("utf-8") != text:
        put(file, text.encode())


def repeat(settings: Settings, store: Store, more: Iterable[Erasure] = ()) -> list[Erasure]:
    """Erases again who is on a list and is in the record all the same: an older backup was restored.

    Args:
        settings: where the list is that the data folder keeps.
        store: the record.
        more: lists from elsewhere.

    Returns:
        The erasures that were repeated.
    """
    known = {(one.cycle, one.mark): one for one in [*more, *listed(settings.data / LIST), *store.erasures()]}
    enlist(settings, known.values())
    done = []
    for cycle, ref, mark in store.to_repeat(known):
        one = known[(cycle, mark)]
        try:
            done.append(_again(store, cycle, ref, one))
        except StoreFault:
            continue  # staff who hold a role again: an older backup knows them as they were
    return finish(settings, store, done) if done else []


def _again(store: Store, cycle: str, ref: str, before: Erasure) -> Erasure:
    if not cycle:
        return store.erase_staff(ref, before.asked_by)
    return store.erase_person(cycle, ref, before.asked_by, before.role)
