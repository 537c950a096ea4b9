"""`doctor` and `go-live`: whether everything is in order, and the word after which letters leave for real."""

from __future__ import annotations

from rich.console import RenderableType

from cli.app import SETUP, command
from cli.faults import Misused, OutOfReach, Refused
from cli.terminal import Json, progress, terminal


@command("doctor", SETUP, "kierros doctor", "kierros doctor --json")
def doctor(as_json: Json = False) -> None:
    """Look over the installation: what is reachable, what is wrong, and how to mend it."""
    from dataclasses import asdict

    from cli.checkup import behind_a_proxy, mail_server, package_names, record_checks
    from cli.enginecheck import engine_checks

    here = terminal()
    with progress("Looking …"):
        found = [*record_checks(here.settings, lambda: here.store)]
        found += [
            *engine_checks(here.settings),
            mail_server(here.settings),
            *behind_a_proxy(here.settings),
            package_names(),
        ]
    wrong = [finding for finding in found if finding.state == "wrong"]
    if as_json:
        here.data({"ok": not wrong, "findings": [asdict(finding) for finding in found]})
    else:
        here.show(_page([(f.state, f.name, f.found, f.mend) for f in found]))
    if wrong:
        raise Refused(f"Something needed is wrong: {', '.join(finding.name for finding in wrong)}.")
    here.say("Everything needed is in order.", "green")
    here.next("kierros")


def _page(rows: list[tuple[str, str, str, str]]) -> RenderableType:
    from cli.show import cell, table

    marks = {"ok": ("✓ ok", "green"), "note": ("· note", "yellow"), "wrong": ("× wrong", "bold red")}
    page = table("", "", "", header=False)
    for state, name, found, mend in rows:
        words, style = marks[state]
        page.add_row(cell(words, style), cell(name), cell(f"{found}\n→ {mend}" if mend else found))
    return page


@command("go-live", SETUP, "KIERROS_TRANSPORT=smtp KIERROS_SMTP_HOST=mail.library.example kierros go-live")
def go_live() -> None:
    """Say once that letters may leave for real addresses. The mail server is tested first.

    With a mail server set, letters in earnest wait until then. Without one they go to the mailbox folder and stay.
    """
    from cli.mailing import fault
    from cli.record import acting

    here, staff = terminal(), acting()
    settings = here.settings
    if (live := here.store.get_setting("live")) is not None:
        here.say(f"Letters leave for real since {live.at:%Y-%m-%d %H:%M} UTC; nothing was changed.")
        return
    if settings.transport != "smtp":
        raise Misused("No mail server is set. Set KIERROS_TRANSPORT=smtp, KIERROS_SMTP_HOST and KIERROS_SENDER first.")
    with progress("Asking the mail server …"):
        why = fault(settings)
    if why:
        raise OutOfReach(f"The mail server {settings.smtp_host}:{settings.smtp_port} cannot be used: {why}")
    here.say(f"{settings.smtp_host}:{settings.smtp_port} answers. Letters will come from {settings.sender}.")
    typed = here.ask(f"From now on letters reach real people. Type {settings.sender_address}:", "Say it on a terminal.")
    if typed.casefold() != settings.sender_address.casefold():
        raise Refused("Nothing was changed; letters go to the mailbox folder as before.")
    here.store.put_setting("live", {"sender": settings.sender, "host": settings.smtp_host}, staff.ref)
    here.say("Letters leave for real from now on.", "green")
    here.next("kierros doctor")
