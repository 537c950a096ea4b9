"""The names and words that stand behind the references of one cycle, for whoever shows it to staff."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from exchange.base import Text
from exchange.plan import CyclePlan
from exchange.state import Cycle
from store.store import Store


def known_names(store: Store, plan: CyclePlan, texts: Iterable[str], pick: Callable[[Text], str]) -> dict[str, str]:
    """The names of everybody in the cycle and of all staff, and the words behind the text references given.

    Args:
        store: the record.
        plan: the cycle's.
        texts: references ``n_…``.
        pick: which language of a text is shown.
    """
    known = {person.ref: person.name for person in store.people(plan.id)}
    known |= {staff.ref: staff.name for staff in store.staff(everybody=True)}
    return known | {ref: pick(words) for ref, words in store.get_texts(texts).items()}


def texts_waiting(state: Cycle) -> list[str]:
    """References of the words behind what waits: a standstill, a host's wish to move, letters of staff's own."""
    wishes = [booking.why for booking in state.bookings.values() if booking.why]
    subjects = [word.subject for word in state.words.values()]
    return [*([state.standstill.reason] if state.standstill else []), *wishes, *subjects]
