"""How an amendment looks beside the plan as it stands: a row for everything that differs."""

from __future__ import annotations

from rich.console import RenderableType

from cli.show import cell, table
from exchange.state import Cycle
from telling.amended import differences
from telling.names import Names
from workers.amending import Wished


def table_of(state: Cycle, wish: Wished, names: Names) -> RenderableType:
    """Step, what, was, becomes; ``names`` are those for the plan as it would be."""
    shown = table("Step", "What", "Was", "Becomes")
    for row in differences(state.plan, wish.command, names, wish.said):
        shown.add_row(*(cell(words) for words in row))
    return shown
