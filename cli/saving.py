"""`backup` and `restore`: everything that is known, in one file."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from cli.app import RUNNING, command
from cli.terminal import Json, progress, terminal
from telling.names import plural

File = Annotated[Path, typer.Argument(metavar="FILE", help="The backup, e.g. kierros-2027-03-01.zip.")]
Replace = Annotated[bool, typer.Option("--replace", help="Move what is there into a folder beside it first.")]


@command("backup", RUNNING, "kierros backup kierros-2027-03-01.zip", "kierros backup /backups/kierros.zip --json")
def backup(file: File, as_json: Json = False) -> None:
    """Save the record and Temporal's histories in one file, also while everything runs.

    The file holds people's data as it is, and the data folder's secret: keep it where only those may read it who may
    read the record. Settings and passwords are not in it, nor the mailbox folder.
    """
    from workers.backup import save

    here = terminal()
    with progress("Saving …"):
        done = save(here.settings, here.store, file)
    if as_json:
        here.data({"file": str(file), **done.model_dump(mode="json")})
        return
    what = "with Temporal's histories" if done.histories else "without Temporal's histories, which are not kept here"
    here.say(f"Saved in {file}: {plural(len(done.cycles), 'cycle')}, {what}.", "green")
    here.next("kierros restore FILE", "into an empty folder, to try it")


@command("restore", RUNNING, "kierros restore kierros-2027-03-01.zip --data ~/kierros-restored")
def restore(file: File, replace: Replace = False) -> None:
    """Lay a backup into the data folder and its database, with nothing running there.

    The file is checked first. What is there already is never deleted. Cycles go on where the record ends.
    """
    from workers.backup import restore as lay

    here = terminal()
    with progress("Restoring …"):
        done, aside = lay(here.settings, file, replace=replace)
    if aside is not None:
        here.say(f"What was there is in {aside}.")
    when = f"{done.made_at:%Y-%m-%d %H:%M} UTC"
    here.say(f"Restored: {plural(len(done.cycles), 'cycle')}, as of {when}, from Kierros {done.kierros}.", "green")
    here.say("What was decided or sent since then is not known any more; letters may leave a second time.", "yellow")
    here.next("kierros up", "and then kierros recover, if it says that a cycle stands still")
