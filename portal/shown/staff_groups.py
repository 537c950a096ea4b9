"""The groups of people to whom staff may write, in words."""

from __future__ import annotations

from portal.speech import mark

MEANT = {
    "everybody": mark("Everybody who counts on the cycle"),
    "invited": mark("Everybody who was invited"),
    "unanswered": mark("Invited, no answer yet"),
    "declined": mark("Declined"),
    "applied": mark("Applied"),
    "confirmed": mark("With a place"),
    "offered": mark("Offered a place"),
    "expired": mark("Offer ran out"),
    "waiting": mark("On the waiting list"),
    "withdrawn": mark("Withdrawn"),
    "participants": mark("Took part"),
    "speakers": mark("Speakers"),
    "asked": mark("Hosts that have not answered"),
    "hosts": mark("Hosts that have said yes"),
    "contacts": mark("Contacts of home libraries"),
    "staff": mark("Colleagues with a role"),
}
"""The groups of the rules, by their names there."""
