"""Years that stop half-way, and the account of a played year."""

from __future__ import annotations

from activities.accounts import Account, Sources, draw_up
from tests.report.year import Year, kaliningrad


def of(year: Year) -> Account:
    return draw_up(Sources(cycle=year.cycle, journal=year.journal), "report")


def begun() -> Year:
    """A year with invitations out and registration open."""
    plan, _ = kaliningrad()
    return Year(plan).until(2012, 1, 17).approve("invitations", "s_kristina").until(2012, 1, 24)


def asked() -> Year:
    """A year whose three hosts have been asked."""
    year = begun()
    return year.register(*year.invited()[:12]).until(2012, 2, 8).approve("visits", "s_antti")
