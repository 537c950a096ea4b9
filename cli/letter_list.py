"""How letters are listed at the terminal: as a table for people, and as data for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence

    from rich.console import RenderableType

    from store.models import OutboxRow


def letter_data(row: OutboxRow, to: str) -> dict[str, Any]:
    """One letter for programs."""
    kept = row.model_dump(
        mode="json",
        include={"id", "kind", "step", "slot", "host", "language", "state", "tries", "subject", "last_error", "cycle"},
    )
    kept |= {"settled_at": row.settled_at, "settled_by": row.settled_by}
    kept["perhaps_delivered"] = perhaps_delivered(row)
    return {**kept, "to": to, "created_at": row.created_at, "sent_at": row.sent_at, "message_id": row.message_id}


def perhaps_delivered(row: OutboxRow) -> bool:
    """Whether a letter that is to leave once more may have arrived: its sender died, or the connection was lost."""
    return row.state in {"queued", "overdue"} and row.maybe_delivered > 0


def letter_list(rows: Sequence[OutboxRow], who: Any) -> RenderableType:
    """Letters as a table."""
    from cli.show import cell, table

    page = table("No.", "To", "Letter", "Language", "State")
    for row in rows:
        tries = f", {row.tries} tries" if row.tries > 1 else ""
        why = f"\n{row.last_error}" if row.last_error and row.state in {"failed", "suspect", "queued"} else ""
        why += ", settled" if row.settled_at else ""
        why += "\nperhaps delivered" if perhaps_delivered(row) else ""
        style = "red" if row.state in {"failed", "suspect"} and not row.settled_at else ""
        page.add_row(
            cell(str(row.id)), cell(who(row.to_ref)), cell(_called(row)), cell(row.language),
            cell(f"{row.state}{tries}{why}", style),
        )  # fmt: skip
    return page


def _called(row: OutboxRow) -> str:
    """What sort of letter it is; one in staff's own words by its subject, while that is kept."""
    if row.kind != "word":
        return row.kind.replace("_", " ")
    return f"“{row.subject}” ({row.step})" if row.subject else f"letter in your own words ({row.step})"
