"""Who acts at this terminal: somebody who has signed in here."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.faults import Misused
from cli.terminal import terminal

if TYPE_CHECKING:
    from store.models import Session, Staff
    from workers.signing import Hand


def hand() -> Hand:
    """What is needed to sign what she decides.

    Raises:
        Misused: nobody has signed in here, or it is not said which of several acts.
        store.faults.NoSuchStaff: nobody of that name is known.
    """
    from workers.signing import Hand, proof_key

    here = terminal()
    return Hand(here.store, proof_key(here.settings), session())


def session() -> Session:
    """The session of who acts: the one named by --as or KIERROS_STAFF, or the only one who has signed in here.

    Raises:
        Misused: there is none.
        store.faults.NoSuchStaff: nobody of that name is known.
    """
    here = terminal()
    if who := here.settings.staff:
        return _hers(here.store.find_staff(who))
    found = standing()
    if len(found) == 1:
        return found[0]
    names = [one.name for one in here.store.get_staff(one.staff for one in found).values()]
    if names:
        raise Misused(f"{', '.join(names)} have signed in here. Say who acts: --as NAME, or KIERROS_STAFF.")
    if not here.store.staff():
        raise Misused("Nobody is known yet. Next: kierros staff add NAME ADDRESS, then kierros login")
    raise Misused(f"Nobody has signed in here. Next: {login()}")


def login(staff: Staff | None = None) -> str:
    """The command by which somebody signs in."""
    known = terminal().store.staff()
    if staff is None and len(known) == 1:
        return "kierros login"
    return f'kierros login "{staff.name}"' if staff else "kierros login NAME"


def standing() -> list[Session]:
    """The sessions on this computer that stand, in the order in which they were opened."""
    from cli.tokens import tokens

    here = terminal()
    found = [here.store.session(token, "terminal") for token in tokens(here.settings).values()]
    return [one for one in found if one is not None]


def _hers(staff: Staff) -> Session:
    from cli.tokens import tokens

    here = terminal()
    token = tokens(here.settings).get(staff.ref)
    found = here.store.session(token, "terminal") if token else None
    if found is None:
        why = f"{staff.name} is signed out: the session has ended" if token else f"{staff.name} has not signed in here"
        raise Misused(f"{why}. Next: {login(staff)}")
    return found
