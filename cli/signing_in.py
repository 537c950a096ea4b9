"""Signing in and out: `login` and `logout`."""

from __future__ import annotations

import shlex
from typing import TYPE_CHECKING, Annotated

import typer

from cli.app import SETUP, command
from cli.faults import Misused, OutOfReach
from cli.terminal import Json, progress, terminal

if TYPE_CHECKING:
    from store.models import Session, Staff

Who = Annotated[str, typer.Argument(metavar="NAME", help="You: your name or address. Not needed where only one acts.")]


@command(
    "login",
    SETUP,
    'kierros login "Kristina Virtanen"',
    'kierros login "Kristina Virtanen" --code K7QX-M2PA',
    "kierros login --list",
)
def login(
    who: Who = "",
    code: Annotated[str, typer.Option(metavar="CODE", help="The code from the letter.")] = "",
    listed: Annotated[bool, typer.Option("--list", help="Only show who has signed in on this computer.")] = False,
    as_json: Json = False,
) -> None:
    """Sign in on this computer, by a code that comes in a letter to your address. It lasts for thirty days.

    What you decide here is decided in your name, and proven to be. Several may sign in on one computer; --as or
    KIERROS_STAFF then says who acts.
    """
    if listed:
        _list(as_json)
        return
    staff = _meant(who)
    if not code and (stands := _stands(staff)):
        terminal().say(f"{staff.name} has signed in here already, until {_until(stands)}.")
        return
    if code:
        _opened(staff, code)
        return
    _send(staff)
    if not terminal().interactive:
        terminal().next(f"kierros login {shlex.quote(staff.name)} --code CODE", "with the code from the letter")
        return
    _ask(staff)


@command("logout", SETUP, "kierros logout", "kierros logout --everywhere")
def logout(
    who: Who = "",
    everywhere: Annotated[
        bool,
        typer.Option("--everywhere", help="On every computer and in every browser; letters on their way are void."),
    ] = False,
) -> None:
    """Sign out on this computer, at once."""
    from cli.tokens import forget

    here = terminal()
    staff = _meant(who) if who or here.settings.staff or everywhere else _only()
    stands = _stands(staff)
    if everywhere:
        if stands is None:
            raise Misused(f"{staff.name} has not signed in here. Next: kierros login {shlex.quote(staff.name)}")
        here.store.end_sessions(staff.ref)
    elif stands is not None:
        here.store.end_session(stands)
    forget(here.settings, staff.ref)
    said = "is signed out everywhere" if everywhere else "is signed out here"
    here.say(f"{staff.name} {said}." if stands else f"{staff.name} was not signed in here.")


def _meant(who: str) -> Staff:
    """Who signs in: whoever is named, or the only one there is.

    Raises:
        Misused: several could be meant, or nobody is known.
        store.faults.NoSuchStaff: nobody of that name is known.
    """
    here = terminal()
    if named := who or here.settings.staff:
        return here.store.find_staff(named)
    known = here.store.staff()
    if len(known) == 1:
        return known[0]
    if not known:
        raise Misused("Nobody is known yet. Next: kierros staff add NAME ADDRESS")
    raise Misused(f"Say who you are: kierros login NAME. Known are {', '.join(one.name for one in known)}.")


def _only() -> Staff:
    """The only one who has signed in here.

    Raises:
        Misused: there is none, or there are several.
    """
    from cli.signed import session

    found = session()
    return terminal().store.get_staff([found.staff])[found.staff]


def _stands(staff: Staff) -> Session | None:
    from cli.signed import standing

    return next((one for one in standing() if one.staff == staff.ref), None)


def _send(staff: Staff) -> None:
    from workers.sign_in import NotSent, send_sign_in

    here = terminal()
    made = here.store.begin_sign_in(staff.ref, "terminal")
    try:
        with progress("Sending the letter …"):
            send_sign_in(here.settings, staff, made)
    except NotSent as why:
        raise OutOfReach(str(why)) from None
    here.say(f"A letter with a code is on its way to {staff.address}. The code counts for 15 minutes.")
    if here.settings.transport == "mailbox":
        here.say(f"No mail server is set: it lies in the mailbox folder, {here.settings.mailbox / 'index.html'}")


def _ask(staff: Staff) -> None:
    """Asks for the code until it is right, or the letter is void."""
    from store.faults import SignInRefused

    here = terminal()
    while True:
        typed = here.ask("The code in the letter:", f"kierros login {shlex.quote(staff.name)} --code CODE")
        try:
            _opened(staff, typed)
        except SignInRefused as no:
            if not no.left or not typed:
                raise
            here.say(str(no), "yellow")
        else:
            return


def _opened(staff: Staff, code: str) -> None:
    from cli.tokens import keep

    here = terminal()
    token, session = here.store.sign_in_with_code(staff.ref, code)
    keep(here.settings, staff.ref, token)
    here.say(f"{staff.name} has signed in here, until {_until(session)}.", "green")
    if not here.settings.staff and len(_all()) > 1:
        here.next(f"export KIERROS_STAFF={shlex.quote(staff.name)}", "several have signed in here")


def _all() -> list[Session]:
    from cli.signed import standing

    return standing()


def _until(session: Session) -> str:
    return f"{session.expires_at:%Y-%m-%d}"


def _list(as_json: bool) -> None:
    from cli.show import cell, table

    here, found = terminal(), _all()
    names = here.store.get_staff(one.staff for one in found)
    if as_json:
        here.data([
            {"staff": one.staff, "name": names[one.staff].name, "since": one.made_at, "until": one.expires_at}
            for one in found
        ])  # fmt: skip
        return
    if not found:
        here.say("Nobody has signed in on this computer.")
        here.next("kierros login")
        return
    page = table("Name", "Address", "Since", "Until")
    for one in found:
        staff = names[one.staff]
        page.add_row(cell(staff.name), cell(staff.address), cell(f"{one.made_at:%Y-%m-%d}"), cell(_until(one)))
    here.show(page)
