"""The next release, made by a few true changes to a copy of this one: what an upgrade brings, in small.

A changed rule and a changed event under a newer version of the rules; a field that older releases do not know; two
changes to the order of a workflow's commands, one under a patch and one for new cycles only; and a migration that adds.
"""

from __future__ import annotations

import shutil
from pathlib import Path

from store.schema import REVISION

ROOT = Path(__file__).parents[2]
PACKAGES = (
    "activities", "cli", "exchange", "letters", "plans", "rehearsal", "runtime", "store", "workers", "workflows",
)  # fmt: skip
PATCH = "a-breath-before-a-note"

RESHAPED = """
def _lift_note(data: Data) -> Data:
    rest = {key: value for key, value in data.items() if key != "note"}
    return {**rest, "words": data["note"]}


def _lower_note(data: Data) -> Data:
    rest = {key: value for key, value in data.items() if key != "words"}
    return {**rest, "note": data["words"]}


RESHAPED: tuple[Reshaping, ...] = (Reshaping(2, "NoteTaken", _lift_note, _lower_note),)
"""

BREATH = f'''
        if any(type(event).__name__ == "NoteTaken" for event in events) and workflow.patched("{PATCH}"):
            await workflow.sleep(timedelta(milliseconds=1), summary="a breath")
        if self.ledger.cycle.rules >= 2:
            await workflow.sleep(timedelta(milliseconds=1), summary="a breath")
'''

FORM = f"{int(REVISION) + 1:04}"
"""The form of its record."""

MIGRATION = f'''"""A season for each cycle, and a book for guests."""

import sqlalchemy as sa
from alembic import op

revision = "{FORM}"
down_revision = "{REVISION}"
branch_labels = None
depends_on = None


def upgrade() -> None:
    op.add_column("cycles", sa.Column("season", sa.String(), nullable=False, server_default="all"))
    op.create_table("guestbook", sa.Column("id", sa.String(), primary_key=True), sa.Column("said", sa.String()))
'''

CHANGES: dict[str, tuple[tuple[str, str], ...]] = {
    "exchange/base.py": (("RULES = 1\n", "RULES = 2\n"),),
    "exchange/registration.py": (
        # from version 2 on, the last place is kept for somebody who comes late
        ("if _fits(step, desk, home):", "if _fits(step, desk, home) and (cycle.rules < 2 or desk.free > 1):"),
    ),
    "exchange/noting.py": (
        ('    note: str = ""\n', '    note: str = ""\n    loud: bool = False\n'),
        ("    note: str\n", "    words: str\n    loud: bool = False\n"),
        ("note=command.note, role=role)", "words=command.note, role=role, loud=command.loud)"),
    ),
    "exchange/wire.py": (
        ("RESHAPED: tuple[Reshaping, ...] = ()\n", RESHAPED),
        ("SINCE: dict[str, int] = {}\n", 'SINCE: dict[str, int] = {"TakeNote.loud": 2, "NoteTaken.loud": 2}\n'),
    ),
    "workflows/cycle.py": (("        if quiet(events):\n", f"{BREATH}        if quiet(events):\n"),),
    "store/schema.py": (
        (f'REVISION = "{REVISION}"\n', f'REVISION = "{FORM}"\n'),
        (
            '    Column("writer",',
            '    Column("season", String, nullable=False, server_default="all"),\n    Column("writer",',
        ),
    ),
}


def newer_release(folder: Path) -> Path:
    """Writes the release into the folder, and gives back where its packages lie."""
    for package in PACKAGES:
        shutil.copytree(ROOT / package, folder / package)
    for name, changes in CHANGES.items():
        text = (folder / name).read_text("utf-8")
        for before, after in changes:
            assert text.count(before) == 1, f"{name} has changed; find another place for: {before}"
            text = text.replace(before, after)
        (folder / name).write_text(text, "utf-8")
    (folder / "store" / "migrations" / "versions" / f"r{FORM}_seasons.py").write_text(MIGRATION, "utf-8")
    return folder
