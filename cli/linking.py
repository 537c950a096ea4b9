"""`people link`: another letter with her links for whoever has lost hers."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.app import PEOPLE, command
from cli.faults import Misused, Refused
from cli.personal import Who, found, people
from cli.terminal import InCycle, terminal


@command(
    "link",
    PEOPLE,
    "kierros people link anna@library.example",
    "kierros people link anna@library.example --new",
    to=people,
)
def link(
    who: Who,
    new: Annotated[bool, typer.Option("--new", help="Her older links end: somebody else may have them.")] = False,
    cycle: InCycle = "",
) -> None:
    """Send a person who has lost her letter another one, with her links. Nobody is shown a link."""
    from cli.record import acting_in
    from runtime.portal_url import portal_address

    here, rows = terminal(), found(who, cycle)
    for one in rows:
        acting_in(one.cycle)
    if not portal_address(here.settings):
        raise Refused(
            "It is not known where people's pages are, so a letter would hold no link. Start `kierros up`, or set "
            "KIERROS_PORTAL_URL."
        )
    if len(rows) > 1:
        where = ", ".join(row.cycle for row in rows)
        raise Misused(f"{rows[0].name} is known in several cycles ({where}). Name one with --cycle.")
    (row,) = rows
    here.store.send_links(row.cycle, row.ref, fresh=new, again=True)
    here.say(f"A letter with the links of {row.name} goes to {row.address}.", "green")
    if new:
        here.say("The links in older letters of hers open nothing any more.")
    here.next(f"kierros letters {row.cycle}", "shows when it has left")
