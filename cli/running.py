"""Running: `up` and `worker`."""

from __future__ import annotations

from typing import Annotated, Literal

import typer

from cli.app import RUNNING, command
from cli.terminal import terminal

Port = Annotated[int | None, typer.Option(metavar="PORT", min=1, max=65535, help="Port of the Temporal server.")]
UiPort = Annotated[int | None, typer.Option(metavar="PORT", min=1, max=65535, help="Port of the browser view.")]


@command("up", RUNNING, "kierros up", "kierros up --data ~/kierros --ui-port 8233")
def up(ui_port: UiPort = None, port: Port = None) -> None:
    """Run everything on this computer: server, browser view, workers and mailbox. Ctrl-C stops it."""
    from workers.up import run

    code = run(terminal().settings, port=port, ui_port=ui_port, announce=_announce)
    terminal().say("Kierros has stopped; everything is kept, and goes on with the next `kierros up`.")
    raise typer.Exit(code)


def _announce(addresses: dict[str, str]) -> None:
    from cli.whatnext import suggest

    here = terminal()
    here.say("Kierros runs. Ctrl-C stops it.", "green")
    for what, key in (("In a browser", "ui"), ("Letters", "mailbox"), ("Data", "data"), ("Temporal", "temporal")):
        here.say(f"  {what + ':':<14}{addresses[key]}")
    if still := addresses.get("lost"):
        here.say(f"No workflow carries on {still}. What that means and what mends it:", "red")
        here.next("kierros recover", "in another terminal")
        return
    suggest("in another terminal")


@command("worker", RUNNING, "kierros worker", "TEMPORAL_ADDRESS=temporal:7233 kierros worker --queue letters")
def worker(
    queue: Annotated[
        Literal["cycles", "letters", "all"], typer.Option(help="Which work to take: cycles, letters, or both.")
    ] = "all",
) -> None:
    """Run workers against a Temporal server of your own.

    The server is found as the `temporal` command finds it: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY,
    TEMPORAL_PROFILE and the TLS variables.
    """
    from workers.run import run

    raise typer.Exit(run(terminal().settings, queue))
