"""What to do next where nothing runs yet: it fits the staff, the plans and the cycles that are there."""

from __future__ import annotations

import shlex
from pathlib import Path

from cli.terminal import terminal

LOOKED_AT = 50
"""So many files of the folder are looked into at most."""


def suggest(where: str = "") -> None:
    """Suggests it, on stderr; ``where`` says in which terminal."""
    command, why = what_next()
    terminal().next(command, "; ".join(filter(None, (why, where))))


def what_next() -> tuple[str, str]:
    """The command that fits what is there, and what it does where its name does not say it."""
    from cli.signed import login, standing

    if any(row.open for row in terminal().store.cycles()):
        return "kierros", "what waits, and for whom"
    if not terminal().store.staff():
        return "kierros staff add NAME ADDRESS", ""
    if not standing():
        return login(), "signs you in, by a code that comes in a letter"
    if plan := plan_here():
        return f"kierros check {shlex.quote(plan)}", ""
    return "kierros new", "writes a plan to begin with"


def plan_here() -> str:
    """The newest file in this folder that reads like a plan; empty where there is none."""
    files = [path for end in ("*.yaml", "*.yml") for path in Path().glob(end) if path.is_file()]
    newest = sorted(files, key=lambda path: path.stat().st_mtime, reverse=True)[:LOOKED_AT]
    return next((str(path) for path in newest if _is_plan(path)), "")


def _is_plan(path: Path) -> bool:
    try:
        lines = set(path.read_text("utf-8", errors="replace").splitlines())
    except OSError:
        return False
    return {"roles:", "steps:"} <= {line.split("#")[0].rstrip() for line in lines}
