"""Running: `up`, `worker` and `portal`."""

from __future__ import annotations

import os
import sys
from typing import Annotated, Literal

import typer

from cli.app import RUNNING, command
from cli.terminal import terminal

Port = Annotated[int | None, typer.Option(metavar="PORT", min=1, max=65535, help="Port of the Temporal server.")]
UiPort = Annotated[int | None, typer.Option(metavar="PORT", min=1, max=65535, help="Port of the browser view.")]


@command("up", RUNNING, "kierros up", "kierros up --data ~/kierros --ui-port 8233")
def up(ui_port: UiPort = None, port: Port = None) -> None:
    """Run everything on this computer: server, browser view, portal, workers and mailbox. Ctrl-C stops it."""
    from workers.up import run

    code = run(terminal().settings, port=port, ui_port=ui_port, announce=_announce)
    terminal().say("Kierros has stopped; everything is kept, and goes on with the next `kierros up`.")
    raise typer.Exit(code)


_SHOWN = (
    ("In a browser", "portal"),
    ("Workflows", "ui"),
    ("Letters", "mailbox"),
    ("Data", "data"),
    ("Temporal", "temporal"),
)


def letters_at(addresses: dict[str, str]) -> str:
    """Where letters that were caught for practice are read: as pages whose links work, where the portal shows them.

    It does so on this computer alone, and not once letters leave for real.
    """
    folder, portal = addresses["mailbox"], addresses["portal"]
    if terminal().settings.transport != "mailbox":
        caught = f"those caught before lie in {folder}"
        live = terminal().store.get_setting("live") is not None
        return f"leave for real; {caught}" if live else f"wait until you say kierros go-live; {caught}"
    return f"{portal}/mailbox (as files in {folder})" if portal.startswith("http://127.0.0.1:") else folder


def _announce(addresses: dict[str, str]) -> None:
    from cli.whatnext import suggest

    here = terminal()
    here.say("Kierros runs. Ctrl-C stops it.", "green")
    for what, key in _SHOWN:
        here.say(f"  {what + ':':<14}{letters_at(addresses) if key == 'mailbox' else addresses[key]}")
    if still := addresses.get("lost"):
        here.say(f"No workflow carries on {still}. What that means and what mends it:", "red")
        here.next("kierros recover", "in another terminal")
        return
    suggest("in another terminal")


@command("worker", RUNNING, "kierros worker", "TEMPORAL_ADDRESS=temporal:7233 kierros worker --queue letters")
def worker(
    queue: Annotated[
        Literal["cycles", "letters", "all"],
        typer.Option(metavar="cycles|letters|all", help="Which work to take: cycles, letters, or both."),
    ] = "all",
) -> None:
    """Run workers against a Temporal server of your own.

    The server is found as the `temporal` command finds it: TEMPORAL_ADDRESS, TEMPORAL_NAMESPACE, TEMPORAL_API_KEY,
    TEMPORAL_PROFILE and the TLS variables.
    """
    from workers.run import run

    raise typer.Exit(run(terminal().settings, queue))


@command("portal", RUNNING, "kierros portal", "kierros portal --host 0.0.0.0 --port 8080")
def portal(
    host: Annotated[str, typer.Option(metavar="HOST", help="Where to listen; KIERROS_PORTAL_HOST without it.")] = "",
    port: Annotated[
        int, typer.Option(metavar="PORT", min=0, max=65535, help="Its port; KIERROS_PORTAL_PORT without it.")
    ] = 0,
) -> None:
    """Serve the pages of participants, hosts and staff: the portal alone, as on a server. Ctrl-C stops it.

    `kierros up` runs it beside the rest. On a server it stands behind a proxy that speaks TLS; KIERROS_PORTAL_URL is
    then its public address, and KIERROS_PORTAL_PROXIES the address of the proxy.
    """
    settings = terminal().settings
    env = {"KIERROS_DATA": str(settings.data)}
    env |= {"KIERROS_PORTAL_HOST": host} if host else {}
    env |= {"KIERROS_PORTAL_PORT": str(port)} if port else {}
    # in place of this program: signals reach the portal itself
    os.execve(sys.executable, [sys.executable, "-m", "portal"], {**os.environ, **env})  # noqa: S606 - ourselves
