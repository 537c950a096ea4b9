"""`backup` and `restore`: everything that is known, in one file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.app import RUNNING, command
from cli.faults import Misused
from cli.terminal import Json, progress, terminal
from telling.counts import plural

if TYPE_CHECKING:
    from datetime import datetime

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


Erasures = Annotated[
    list[Path] | None,
    typer.Option("--erasures", metavar="FILE", help="A list of erasures that was kept elsewhere; once for each."),
]


@command(
    "restore",
    RUNNING,
    "kierros restore kierros-2027-03-01.zip --data ~/kierros-restored",
    "kierros restore kierros-2027-03-01.zip --erasures erasures.jsonl",
)
def restore(file: File, replace: Replace = False, erasures: Erasures = None) -> None:
    """Lay a backup into the data folder and its database, with nothing running there.

    The file is checked first. What is there already is never deleted. Cycles go on where the record ends. Whoever was
    erased since the backup was made is erased again.
    """
    from workers.backup import restore as lay

    here = terminal()
    if missing := [str(one) for one in erasures or () if not one.is_file()]:
        raise Misused(f"{missing[0]} is no file. Nothing was restored. `kierros people erasures --to FILE` writes one.")
    with progress("Restoring …"):
        done, aside = lay(here.settings, file, replace=replace, erasures=erasures or ())
    _erased_again(done.made_at)
    if aside is not None:
        here.say(f"What was there is in {aside}.")
    when = f"{done.made_at:%Y-%m-%d %H:%M} UTC"
    here.say(f"Restored: {plural(len(done.cycles), 'cycle')}, as of {when}, from Kierros {done.kierros}.", "green")
    here.say("What was decided or sent since then is not known any more; letters may leave a second time.", "yellow")
    here.next("kierros up", "and then kierros recover, if it says that a cycle stands still")


def _erased_again(made_at: datetime) -> None:
    """Erases again who was erased since the backup was made, by the lists that are known."""
    from workers.erasing import repeat
    from workers.erasure_list import LIST

    here = terminal()
    if again := repeat(here.settings, here.store):
        waits = "" if all(one.done_at for one in again) else " A running worker sees to the rest."
        here.say(f"{plural(len(again), 'person', 'people')} erased since then: erased again.{waits}", "green")
    elif not (here.settings.data / LIST).is_file():
        since = f"{made_at:%Y-%m-%d %H:%M} UTC"
        words = f"No list of erasures was found here. If somebody was erased after {since}, she is back: restore again"
        here.say(f"{words} with --erasures FILE, or erase her again (kierros people erase).", "yellow")
