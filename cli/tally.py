"""What became of each row of a file: taken, refused with its reason, or a duplicate."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TYPE_CHECKING

from cli.faults import Refused
from cli.terminal import terminal

if TYPE_CHECKING:
    from store.models import Letterbox
    from workers.importing import Tally


def hand_in(cycle: str, tally: Tally, rows: Sequence[tuple[int, str]], items: Sequence[Letterbox]) -> None:
    """Keeps the items in their order, waits for their decisions, and notes what became of each row.

    Args:
        cycle: whose inbox it is.
        tally: what is noted in.
        rows: for each item its row number and its person's reference.
        items: what is handed in.
    """
    from cli.posting import taken, waited_for
    from workers.importing import Desk

    desk = Desk(terminal().store, cycle, lambda few: taken(cycle, few), lambda number: waited_for(cycle, number))
    desk.hand_in(tally, rows, items)


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
