"""How decisions are answered and dates and groups are called, in words that the pages of staff share."""

from __future__ import annotations

from portal.speech import mark

OPTIONS = {
    "again": mark("Have it made ready again"),
    "next": mark("Ask the next candidate: %(host)s"),
    "give_up": mark("Give the visit up"),
    "accept": mark("Accept the dates that the host proposes"),
    "switch": mark("Take the host that said yes after all"),
    "move": mark("Move the visit to the time that the host asks for; the group is asked who can still come"),
    "keep_date": mark("Keep the date; the host is told, and may still say no"),
    "keep": mark("Leave it without that host, which is thanked"),
    "select": mark("Give the places to those ticked below; the others wait"),
    "seen": mark("It has been seen to"),
    "leave": mark("Leave these letters unsent"),
    "fewer_places": mark("Fewer places; then set their number"),
    "larger_share": mark("A funder pays more; then record its new share"),
    "cancel_part": mark("Something is given up; then say so where it waits"),
    "ask_funder": mark("The funder is asked; when it has answered, record its new share"),
}  # fmt: skip
"""What each option means."""
INSTEAD = {
    ("money", "accept"): mark("It stays as it is, and is accounted for in the report"),
    ("letters", "again"): mark("Have the letters tried again"),
}
"""The same options, where a decision is about something else."""

SINCE = {
    "switch": mark("Take %(late)s, and release %(host)s, asked since"),
    "keep": mark("Keep %(host)s, asked since, and thank %(late)s"),
}
"""The same options, where another host has been asked since."""

WITHOUT = {
    "next": mark("Ask the next candidate, %(host)s, and thank %(late)s"),
    "give_up": mark("Give the visit up, and thank %(late)s"),
}
"""The same options, where a host that had said no says yes after all: it is not taken."""

ANSWERS = {
    "approve": mark("approved"),
    "reject": mark("rejected"),
    "lapsed": mark("no longer needed"),
}
"""How a decision was answered, besides by an option."""

FIELDS = {
    "prepare": mark("letters are made ready"),
    "opens": mark("opens"),
    "closes": mark("closes"),
    "announce": mark("programme is sent"),
    "begins": mark("begins"),
    "ends": mark("ends"),
    "due": mark("due"),
}
"""The dates of steps."""
