"""Drawing up the report: the account of the cycle, kept under its digest and laid down as a page and as data.

Idempotent: the same record makes the same bytes, so a second try keeps and writes what the first did. A report that
was filed is not replaced. Nothing here is final but a missing cycle; a record or a disk that is away is tried again.
"""

from __future__ import annotations

import json
import os
import tempfile
from collections import Counter
from pathlib import Path

from temporalio import activity

from activities import names
from activities.accounts import Account, Letters, Sources, draw_up
from exchange.plan import Visits
from exchange.record import Preparation, Ready
from exchange.state import Cycle
from letters.papers import render_report
from runtime.settings import Settings
from store.store import Store


class Reporter:
    """Draws up reports."""

    def __init__(self, store: Store, settings: Settings) -> None:
        self._store, self._folder = store, settings.reports

    @activity.defn(name=names.DRAW_UP_REPORT)
    def draw_up_report(self, preparation: Preparation) -> Ready:
        """Draws it up, keeps it, writes it; gives back the digest that an approval must name."""
        account = self.account(preparation.cycle, preparation.step, preparation.revision)
        data = account.model_dump(mode="json")
        html = render_report(data)
        digest = self._store.save_report(preparation.cycle, preparation.step, preparation.revision, html, data)
        place = self._folder / preparation.cycle / f"{preparation.step}-{preparation.revision}"
        kept = self._store.report(preparation.cycle, preparation.step)
        if kept is not None and kept.digest == digest:
            html, data = kept.html, kept.data
        write(place.with_suffix(".html"), html)
        write(place.with_suffix(".json"), json.dumps(data, ensure_ascii=False, indent=2) + "\n")
        return Ready(digest=digest, languages=tuple(dict.fromkeys(("en", account.language))))

    def account(self, cycle: str, step: str, revision: int = 1) -> Account:
        """The account as the record has it now."""
        state = self._store.load(cycle)
        sources = Sources(
            cycle=state,
            journal=[entry.event for entry in self._store.journal(cycle)],
            answers={survey.id: self._store.feedback(cycle, survey.id) for survey in state.surveys()},
            letters=self._letters(cycle),
            texts=self._store.get_texts(_reasons(state)),
            names=self._names(cycle),
        )
        return draw_up(sources, step, revision)

    def _names(self, cycle: str) -> list[str]:
        """Everybody whose name must not be found in the account."""
        people = [words for one in self._store.people(cycle) for words in (one.name, one.address)]
        return people + [words for one in self._store.staff(everybody=True) for words in (one.name, one.address)]

    def _letters(self, cycle: str) -> list[Letters]:
        counts = Counter((row.kind, row.state) for row in self._store.letters(cycle))
        return [Letters(kind, state, count) for (kind, state), count in sorted(counts.items())]


def _reasons(cycle: Cycle) -> list[str]:
    """References of the words that say why each candidate was thought of, and of what hosts said of their visits."""
    steps = [step for step in cycle.plan.steps if isinstance(step, Visits)]
    found = [c.reason for step in steps for slot in step.slots for c in slot.candidates]
    heard = [booking.heard for booking in cycle.bookings.values() if booking.heard is not None]
    return [
        reference for reference in (*found, *(r for said in heard for r in (said.gained, said.better))) if reference
    ]


def write(file: Path, text: str) -> None:
    """Writes the whole file or nothing: whoever opens it meanwhile reads the old one."""
    file.parent.mkdir(parents=True, exist_ok=True)
    handle, name = tempfile.mkstemp(dir=file.parent, prefix=".", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="\n") as part:
            part.write(text)
            part.flush()
            os.fsync(part.fileno())
        Path(name).replace(file)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise
