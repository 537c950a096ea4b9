"""What commands look up in the record: the cycle meant, who acts, and the names behind references."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import TYPE_CHECKING

from cli.faults import Misused
from cli.terminal import terminal
from telling.names import REFERENCE, Names, in_english, titled

if TYPE_CHECKING:
    from exchange.plan import CyclePlan
    from exchange.state import Cycle
    from store.models import CycleRow, Person, Staff


def open_cycles() -> list[CycleRow]:
    """The cycles that have not ended, newest first."""
    return [row for row in terminal().store.cycles() if row.open]


def readable_cycles() -> list[CycleRow]:
    """Those of them that this release can read; the others are named on stderr."""
    from exchange.base import RULES
    from store.faults import CycleNewer

    rows = open_cycles()
    for row in rows:
        if row.rules > RULES:
            terminal().say(str(CycleNewer(row.id, row.rules)), "yellow")
    return [row for row in rows if row.rules <= RULES]


def cycle_id(given: str) -> str:
    """The cycle that is meant: the one given, or the only one that is open.

    Raises:
        Misused: none is open, or several are.
    """
    if given:
        return terminal().store.cycle(given).id
    running = open_cycles()
    if len(running) == 1:
        return running[0].id
    if not running:
        raise Misused(_none_open())
    raise Misused(f"Several cycles are open: {', '.join(row.id for row in running)}. Say which one is meant.")


def _none_open() -> str:
    """That there is none, and what shows or makes one."""
    from cli.whatnext import what_next

    ended = "; `kierros list` shows those that have ended" if terminal().store.cycles() else ""
    return f"No cycle is open. `kierros start PLAN` starts one{ended}. Next here: `{what_next()[0]}`."


def latest_id(given: str) -> str:
    """The cycle to look at: the one given, the only one that is open, or the last one where none is.

    Raises:
        Misused: there is none, or several are open.
    """
    rows = [] if given else terminal().store.cycles()
    if not rows or any(row.open for row in rows):
        return cycle_id(given)
    return rows[0].id


def acting() -> Staff:
    """The member of staff who acts, and has signed in here.

    Raises:
        Misused: nobody has, or it is not said who of several acts.
        store.faults.NoSuchStaff: nobody of that name is known.
    """
    from cli.signed import session

    who = session().staff
    return terminal().store.get_staff([who])[who]


def acting_in(cycle: str) -> Staff:
    """The same, who also holds a role in the cycle: asked before anything is kept.

    Raises:
        Misused, store.faults.NoSuchStaff: as in :func:`acting`.
        workers.entitled.NoRoleThere: she holds none there.
    """
    from workers.entitled import demand_role

    staff = acting()
    demand_role(terminal().store, cycle, staff.ref)
    return staff


def names_in(plan: CyclePlan, texts: Iterable[str] = ()) -> Names:
    """The names of everybody and everything in one cycle, and the words behind the text references given."""
    from workers.known import known_names

    return Names(plan, known_names(terminal().store, plan, texts, in_english))


def looked_up(cycle: str, at: datetime | None = None) -> tuple[Cycle, Names]:
    """A cycle's state (as it was known at a moment) and its names."""
    from workers.known import texts_waiting

    state = terminal().store.load(cycle, at)
    subjects = {word.id: word.subject for word in state.words.values()}
    return state, titled(names_in(state.plan, texts_waiting(state)), subjects)


def person_at(cycle: str, address: str) -> Person:
    """The person of that address in the cycle.

    Raises:
        Misused: the address is malformed, or nobody there has it.
    """
    from plans.addresses import read_address

    person = terminal().store.by_address(cycle, read_address(address))
    if person is None:
        raise Misused(f"Nobody in {cycle} has the address {address}. `kierros letters` shows whom the cycle knows.")
    return person


def kept(cycle: str, reason: str) -> str:
    """The reference of a reason, whose words are kept in the record; empty where none was given.

    Raises:
        Misused: it is longer than anybody would read.
    """
    not_too_long(reason, "reason")
    return terminal().store.add_text(cycle, reason, "reason") if reason else ""


LONGEST_WORDS = 2_000
"""Characters of a reason or a note: more than a page of them is a paper of its own, and does not fit the history."""


def not_too_long(words: str, what: str) -> None:
    """Whether a reason or note can be kept.

    Raises:
        Misused: it is too long.
    """
    if len(words) > LONGEST_WORDS:
        raise Misused(
            f"The {what} has {len(words):,} characters, and {LONGEST_WORDS:,} can be kept. "
            "Say it shorter, and name the paper where the rest stands."
        )


def spelled(sentence: str) -> str:
    """A sentence with names where it has references (``p_…``, ``s_…``)."""
    found = set(REFERENCE.findall(sentence))
    if not found:
        return sentence
    store = terminal().store
    people = {ref: person.name for ref, person in store.get_people(r for r in found if r.startswith("p_")).items()}
    staff = {ref: one.name for ref, one in store.get_staff(r for r in found if r.startswith("s_")).items()}
    return REFERENCE.sub(lambda ref: {**people, **staff}.get(ref[0], ref[0]), sentence)
