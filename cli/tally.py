"""What became of each row of a file: taken, refused with its reason, or a duplicate."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from cli.faults import Misused, Refused
from cli.terminal import terminal

if TYPE_CHECKING:
    from plans.tables import Refused as Row
    from store.models import Letterbox, Receipt

AT_ONCE = 500
"""Rows that are kept in one transaction."""

THERE_ALREADY = frozenset({"AlreadyRegistered", "FeedbackAlreadyGiven"})
"""Refusals that say no more than that the row had been taken before, by another way."""


@dataclass
class Tally:
    """What became of each row. The three kinds together are the rows of the file."""

    name: str
    accepted: list[tuple[int, str]] = field(default_factory=list)
    """Row number and the person's reference."""
    refused: list[tuple[int, str]] = field(default_factory=list)
    """Row number and why."""
    duplicates: list[tuple[int, str]] = field(default_factory=list)
    decided: bool = True
    """False while the engine has not decided all of them."""
    states: dict[str, int] = field(default_factory=dict)

    @property
    def rows(self) -> int:
        """How many rows the file has."""
        return len(self.accepted) + len(self.refused) + len(self.duplicates)

    def as_data(self) -> dict[str, Any]:
        """The tally for ``--json``."""
        return {
            "file": self.name, "rows": self.rows, "accepted": len(self.accepted), "decided": self.decided,
            "refused": [{"row": row, "reason": why} for row, why in self.refused],
            "duplicates": [{"row": row, "reason": why} for row, why in self.duplicates],
            "states": self.states,
        }  # fmt: skip


def tally_of(name: str, refused: Sequence[Row], duplicates: Sequence[Row]) -> Tally:
    """A tally that begins with what the file itself gave cause for.

    Raises:
        Misused: the file as a whole cannot be taken.
    """
    if whole := next((row for row in refused if row.row == 0), None):
        raise Misused(f"{name} {whole.reason}")
    said = [(row.row, f"{row.column}: {row.reason}" if row.column else row.reason) for row in refused]
    return Tally(name, refused=said, duplicates=[(row.row, row.reason) for row in duplicates])


def hand_in(cycle: str, tally: Tally, rows: Sequence[tuple[int, str]], items: Sequence[Letterbox]) -> None:
    """Keeps the items in their order, waits for their decisions, and notes what became of each row.

    Args:
        cycle: whose inbox it is.
        tally: what is noted in.
        rows: for each item its row number and its person's reference.
        items: what is handed in.
    """
    from cli.posting import decided, waited_for
    from telling.refusals import sentence_of

    plan = terminal().store.get_plan(cycle)
    receipts: list[Receipt | None] = []
    for start in range(0, len(items), AT_ONCE):
        receipts += _received(cycle, items[start : start + AT_ONCE])
    fresh = [(row, ref, receipt.number) for (row, ref), receipt in zip(rows, receipts, strict=True) if receipt]
    known = [row for (row, _), receipt in zip(rows, receipts, strict=True) if not receipt]
    tally.duplicates += [(row, "was handed in before; nothing was added.") for row in known]
    tally.decided = not fresh or waited_for(cycle, max(number for _, _, number in fresh))
    for row, ref, number in fresh:
        outcome = decided(cycle, number) if tally.decided else None
        if outcome is not None and outcome.name in THERE_ALREADY:
            tally.duplicates.append((row, sentence_of(outcome.name, outcome.facts, plan)))
        elif outcome is not None and outcome.state == "refused":
            tally.refused.append((row, sentence_of(outcome.name, outcome.facts, plan)))
        else:
            tally.accepted.append((row, ref))


def _received(cycle: str, items: Sequence[Letterbox]) -> list[Receipt | None]:
    """The receipts of what was new; nothing for what was handed in before and stands.

    What a rule refused before is handed in anew: the form may have opened since, or the closing date have moved.
    """
    before = terminal().store.cycle(cycle).received_to
    found: list[Receipt | None] = []
    for item, receipt in zip(items, _receipts(cycle, items), strict=True):
        if receipt is not None and receipt.number <= before:
            anew = item.model_copy(update={"command_id": f"{item.command_id}+"})
            found += _received(cycle, [anew]) if receipt.state == "refused" else [None]
        else:
            found.append(receipt)
    return found


def _receipts(cycle: str, items: Sequence[Letterbox]) -> list[Receipt | None]:
    """The store's receipts. What came before with other content is known, and hinders no other."""
    from cli.posting import taken
    from store.faults import CommandIdReused

    try:
        return list(taken(cycle, items))
    except CommandIdReused:
        if len(items) == 1:
            return [None]
    return [receipt for item in items for receipt in _receipts(cycle, [item])]


def tell(tally: Tally, as_json: bool, then: str) -> None:
    """Prints what became of the rows.

    Raises:
        Refused: some were refused.
    """
    from cli.record import spelled

    here = terminal()
    if as_json:
        here.data(tally.as_data())
    else:
        for row, why in sorted(tally.refused):
            here.line(spelled(f"{tally.name}, row {row}: refused: {why}"))
        for row, why in sorted(tally.duplicates):
            here.line(spelled(f"{tally.name}, row {row}: duplicate: {why}"))
    counts = f"{len(tally.accepted)} accepted + {len(tally.refused)} refused + {len(tally.duplicates)} duplicate"
    here.say(f"{counts} = {tally.rows} rows of {tally.name}.")
    if tally.states:
        here.say(", ".join(f"{count} {word}" for word, count in tally.states.items()).capitalize() + ".", "green")
    if not tally.decided:
        here.say("They are kept, count from now, and will be decided when the engine runs.")
    here.next(then)
    if tally.refused:
        raise Refused(f"{len(tally.refused)} of {tally.rows} rows were refused; mend these and import the file again.")
