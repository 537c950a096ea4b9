"""`recover`: a cycle whose workflow is gone or does not fit its record goes on from the record."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.app import RUNNING, command
from cli.faults import OutOfReach, Refused
from cli.terminal import CycleId, Json, progress, terminal
from telling.counts import plural

if TYPE_CHECKING:
    from collections.abc import Iterator

    from temporalio.client import Client

    from workers.recovering import Recovery

DryRun = Annotated[bool, typer.Option("--dry-run", help="Only look, and say what is missing.")]
Anyway = Annotated[
    bool, typer.Option("--anyway", help="Also where the workflow runs: it is ended, and started from the record.")
]

_LETTERS = {
    "held": "to be approved", "queued": "to leave as planned", "sending": "being sent",
    "overdue": "that should have left while nothing ran (kierros overdue)",
}  # fmt: skip


@command("recover", RUNNING, "kierros recover", "kierros recover cycle-riga-2027-youth --dry-run")
def recover(cycle: CycleId = "", dry_run: DryRun = False, anyway: Anyway = False, as_json: Json = False) -> None:
    """Go on from the record where Temporal lost a cycle, or was set back.

    After a terminate or reset in Temporal's browser view, the loss of its data, a restore, or an upgrade that was
    taken back. Without ID it looks after every open cycle. What the engine had and the record has not is listed. A
    cycle that is well is left alone.
    """
    here = terminal()
    wanted = _wanted(cycle)
    if not wanted:
        here.say("No cycle is open: there is nothing to recover.")
    if anyway and not cycle:
        raise Refused("--anyway ends a workflow that runs. Say of which cycle: kierros recover ID --anyway.")
    done = list(_each(wanted, alone=bool(cycle), really=not dry_run, anyway=anyway))
    if as_json:
        here.data([_data(one) for one in done])
    else:
        for one in done:
            _tell(one)
    if any(one.done for one in done):
        here.next("kierros")


def _each(wanted: list[str], *, alone: bool, really: bool, anyway: bool) -> Iterator[Recovery]:
    """Looks after one after another. Where all are meant, one that needs a newer release keeps no other waiting."""
    from store.faults import CycleNewer

    for one in wanted:
        try:
            yield _recovered(one, really=really, anyway=anyway)
        except CycleNewer as why:
            if alone:
                raise
            terminal().say(str(why), "yellow")


def _wanted(cycle: str) -> list[str]:
    from cli.record import open_cycles

    if cycle:
        return [terminal().store.cycle(cycle).id]
    return [row.id for row in open_cycles() if row.engine != "pending"]


def _recovered(cycle: str, *, really: bool, anyway: bool) -> Recovery:
    from temporalio.service import RPCError

    from cli.engine import with_client
    from workers import recovering

    here = terminal()
    if here.store.cycle(cycle).engine == "pending" and not here.store.cycle(cycle).length:
        raise Refused(f"{cycle} has not begun: `kierros up` (or a worker) begins it by itself.")

    async def ask(client: Client) -> Recovery:
        queue = here.settings.task_queue
        return await recovering.recover(client, here.store, cycle, queue, really=really, anyway=anyway)

    try:
        with progress("Looking after the cycle …"):
            return with_client(ask)
    except RPCError as why:
        said = f"Temporal did not answer while {cycle} was looked after ({why.status.name.lower().replace('_', ' ')})."
        raise OutOfReach(f"{said} Try again: what was begun is taken up where it was left.") from None


def _data(one: Recovery) -> dict[str, Any]:
    from dataclasses import asdict

    return asdict(one)


def _tell(one: Recovery) -> None:
    here = terminal()
    here.line(one.cycle)
    if one.found:
        here.line(f"  {one.found}")
    if not one.needed:
        well = "  It runs, and fits its record; nothing was changed."
        here.line("  Nothing was changed. With a worker running, ask again." if one.found else well)
        return
    when = f", the last recorded on {one.recorded_at:%Y-%m-%d %H:%M} UTC" if one.recorded_at else ""
    verb = "It goes on" if one.done else "It would go on"
    here.line(f"  {verb} from its record: {plural(one.events, 'event')}{when}.")
    for line in [*_missing(one), *_waiting(one)]:
        here.line(f"  - {line}")


def _missing(one: Recovery) -> list[str]:
    lost, lines = one.missing, []
    if one.set_back:
        lines.append(f"{plural(one.set_back, 'event')} that Temporal no longer had {_are(one.set_back)} in the record.")
    if not lost.last:
        return [*lines, "Nothing is known that Temporal had and the record has not."]
    from store.faults import span

    kinds = ", ".join(f"{count} × {_plain(kind)}" for kind, count in lost.events.items())
    lines.append(f"MISSING: {span(lost.first, lost.last)}, which Temporal had, are not in the record and stay lost.")
    if kinds:
        said = f"{plural(lost.decisions, 'decision')} of staff and {plural(lost.answers, 'answer')}"
        lines.append(f"Known of them: {kinds} (with {said}). Decide again what is asked again; ask people to answer.")
    lines.append("Letters that left after the record ends are unknown to it, and may leave a second time.")
    return lines


def _plain(kind: str) -> str:
    """An event's name as words."""
    return re.sub(r"(?<!^)(?=[A-Z])", " ", kind).lower()


def _are(count: int) -> str:
    return "is" if count == 1 else "are"


def _waiting(one: Recovery) -> list[str]:
    lines = []
    if one.waiting:
        lines.append(f"{plural(one.waiting, 'answer')} in the inbox {_are(one.waiting)} decided now.")
    said = [f"{count} {_LETTERS[state]}" for state, count in one.letters.items()]
    if said:
        lines.append(f"Letters: {', '.join(said)}; none is made twice.")
    return lines
