"""Set-up: `staff`."""

from __future__ import annotations

from typing import Annotated

import typer

from cli.app import SETUP, Group, app, command
from cli.faults import Refused
from cli.terminal import Json, Yes, terminal

staff = typer.Typer(cls=Group, help="Say who may act: add, list and remove staff.", rich_markup_mode="rich")
app.add_typer(staff, name="staff", rich_help_panel=SETUP)


@command("add", SETUP, 'kierros staff add "Kristina Virtanen" kristina@library.example --language fi', to=staff)
def add(
    name: Annotated[str, typer.Argument(metavar="NAME", help="As plans name her.")],
    address: Annotated[str, typer.Argument(metavar="ADDRESS", help="Her e-mail address.")],
    language: Annotated[str, typer.Option(metavar="CODE", help="The language of her letters.")] = "en",
    zone: Annotated[str, typer.Option(metavar="ZONE", help="Her time zone, e.g. Europe/Helsinki.")] = "UTC",
    role: Annotated[
        list[str] | None, typer.Option(metavar="ROLE", help="Only these roles may be hers; without it plans decide.")
    ] = None,
) -> None:
    """Add a member of staff. Which role she has in a cycle is said in its plan."""
    from cli.entry import one_person
    from cli.whatnext import suggest

    here = terminal()
    person = one_person(name, address, language=language, zone=zone)
    if alike := [s for s in here.store.staff() if s.name.casefold() == person.name.casefold()]:
        raise Refused(
            f"{alike[0].name} ({alike[0].address}) is staff already, and plans tell people apart by their names. "
            "Give another name, or remove the other first."
        )
    here.store.add_staff(
        person.name, person.address, person.language, [word.strip().casefold() for word in role or []], person.zone
    )
    here.say(f"{person.name} is known now.", "green")
    suggest()


@command("list", SETUP, "kierros staff list", to=staff)
def list_staff(as_json: Json = False) -> None:
    """List who may act."""
    from cli.show import cell, table
    from telling.names import language

    here = terminal()
    known = here.store.staff()
    if as_json:
        here.data([one.model_dump(mode="json") for one in known])
        return
    if not known:
        here.say("Nobody is known yet.")
        here.next("kierros staff add NAME ADDRESS")
        return
    page = table("Name", "Address", "Language", "Roles")
    for one in known:
        page.add_row(
            cell(one.name),
            cell(one.address),
            cell(language(one.language)),
            cell(", ".join(one.roles) or "as plans say"),
        )
    here.show(page)


@command("remove", SETUP, "kierros staff remove kristina@library.example", to=staff)
def remove(who: Annotated[str, typer.Argument(metavar="WHO", help="Name or address.")], yes: Yes = False) -> None:
    """Take the right to act away. What she decided before stays decided."""
    from cli.record import readable_cycles

    here = terminal()
    one = here.store.find_staff(who)
    if not yes and here.ask(f"Remove {one.name} ({one.address})? [y/N]", "Add --yes.").casefold() not in {"y", "yes"}:
        raise Refused("Nobody was removed.")
    here.store.remove_staff(one.ref)
    here.say(f"{one.name} may not act any more.")
    if any(one.ref in holders for row in readable_cycles() for holders in here.store.get_plan(row.id).roles.values()):
        here.next(f'kierros handover "{one.name}" NAME', "lets her roles in open cycles pass to somebody else")
