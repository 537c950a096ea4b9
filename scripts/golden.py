"""Keeps the history of a finished cycle, so that every later version is tried on it.

    make demo KEEP=1                                            # or any cycle on a reachable Temporal server
    .venv/bin/python -m scripts.golden WORKFLOW-ID NAME

writes ``tests/histories/NAME.json`` (the history) and ``tests/histories/NAME.state.json`` (the state it led to). What
was kept once is never overwritten: somebody may have such a cycle open.
"""

from __future__ import annotations

import asyncio
import json
import sys
from pathlib import Path

from runtime.engine import EngineUnreachable, connect
from runtime.settings import read_settings
from workflows.contract import STATE

HISTORIES = Path(__file__).parent.parent / "tests" / "histories"


async def keep(workflow_id: str, name: str) -> Path:
    """Writes history and state of the newest run of a workflow; answers with the history's file."""
    history, state = HISTORIES / f"{name}.json", HISTORIES / f"{name}.state.json"
    if history.exists() or state.exists():
        sys.exit(f"{history.name} is kept already, and kept it stays: choose another name.")
    handle = (await connect(read_settings())).get_workflow_handle(workflow_id)
    recorded = await handle.fetch_history()
    reached = await handle.query(STATE)
    HISTORIES.mkdir(exist_ok=True)
    history.write_text(json.dumps(recorded.to_json_dict(), indent=1, sort_keys=True) + "\n", "utf-8")
    state.write_text(json.dumps(reached, indent=1, sort_keys=True, ensure_ascii=False) + "\n", "utf-8")
    return history


def main() -> None:
    """Reads the two words of the command line."""
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    try:
        sys.stdout.write(f"Kept in {asyncio.run(keep(sys.argv[1], sys.argv[2]))}\n")
    except EngineUnreachable as error:
        sys.exit(str(error))


if __name__ == "__main__":
    main()
