"""Who in a plan file is who in its running cycle: also those who were corrected since, and those who were erased.

A file that was written before somebody was corrected or erased still names her as she was then. That is no wish to
change anything, and nobody who was erased comes back by it.
"""

from __future__ import annotations

from collections.abc import Iterator

from exchange.begun import begun
from exchange.plan import Candidate, CyclePlan, Invitations, Seminar, Session, Step, Visits
from exchange.state import Cycle
from exchange.walk import changed, found
from plans.addresses import normalised
from plans.roster import known_as
from plans.written import erased_address
from store.own_words import FORMERLY
from store.store import Store


def known_people(store: Store, cycle: str, erased: set[str]) -> dict[str, str]:
    """Everybody whom a file may mean by her address of now or of before, and those erased by what stands for them."""
    before = store.told_by_all(cycle, FORMERLY)
    known = {normalised(words): ref for ref, said in before.items() for words in said if "@" in words}
    known |= {erased_address(ref): ref for ref in erased}
    return known | {one.address_norm: one.ref for one in store.people(cycle)}


def known_before(store: Store, cycle: str) -> dict[str, str]:
    """Names and addresses that were corrected since, as they are compared: to the address of the one who had them."""
    now = {one.ref: one.address_norm for one in store.people(cycle)}
    had: dict[str, set[str]] = {}
    for ref, words in store.told_by_all(cycle, FORMERLY).items():
        for one in words if ref in now else ():
            had.setdefault(known_as(one), set()).add(now[ref])
    return {words: whose.pop() for words, whose in had.items() if len(whose) == 1}


def gone(store: Store, *plans: CyclePlan) -> set[str]:
    """Those in the plans of one cycle whom the record does not know any more."""
    named = {ref for plan in plans for step in plan.steps for ref in people_in(step)}
    return named - {one.ref for one in store.people(plans[0].id)}


def people_in(step: Step) -> Iterator[str]:
    """Everybody whom a step names."""
    if isinstance(step, Invitations):
        yield from step.people
    yield from (candidate.contact for candidate in found(step, Candidate))
    yield from (session.speaker for session in found(step, Session) if session.speaker)


def as_they_were(
    state: Cycle, plan: CyclePlan, wish: CyclePlan, erased: set[str], fresh: set[str], *, same: bool
) -> CyclePlan:
    """The plan of the file, with those who were erased where they stand in the plan of the cycle.

    Args:
        state: the cycle.
        plan: its plan, as it was last read or as it stands.
        wish: the plan of the file.
        erased: those of the cycle's plan who were erased.
        fresh: those of the file whom the cycle does not know. Somebody erased cannot be told from them: where a step
            has begun, and nobody can come into it any more, whoever stands in her place is she.
        same: the files are the very ones from which the cycle was started, so that nobody in them is new.
    """
    stands = {step.id: step for step in plan.steps}

    def one(step: Step) -> Step:
        stood = stands.get(step.id)
        unknown = fresh if same or (stood is not None and begun(state, stood)) else set()
        match step, stood:
            case Invitations(), Invitations():
                people = _invited(tuple(dict.fromkeys(step.people)), stood.people, erased, unknown)
                return step.model_copy(update={"people": people})
            case Seminar(), Seminar():
                return step.model_copy(update={"sessions": _speaking(step, stood, erased, unknown)})
            case Visits(), Visits():
                return _asked(step, stood, erased, unknown)
            case _:
                return step

    return wish.model_copy(update={"steps": tuple(one(step) for step in wish.steps)}) if erased else wish


def _invited(wish: tuple[str, ...], stood: tuple[str, ...], erased: set[str], unknown: set[str]) -> tuple[str, ...]:
    """The list with the erased in their places, where those who are left stand in it as they stood."""
    left = iter(wish)
    made: list[str] = []
    nxt = next(left, None)
    for ref in stood:
        if ref in erased:
            made.append(ref)
            nxt = next(left, None) if nxt in unknown or nxt == ref else nxt
            continue
        while nxt is not None and nxt != ref:  # somebody new before her
            made.append(nxt)
            nxt = next(left, None)
        if nxt is None:
            return wish
        made.append(ref)
        nxt = next(left, None)
    return (*made, *([nxt] if nxt is not None else []), *left)


def _speaking(wish: Seminar, stood: Seminar, erased: set[str], unknown: set[str]) -> tuple[Session, ...]:
    if len(wish.sessions) != len(stood.sessions):
        return wish.sessions
    pairs = zip(wish.sessions, stood.sessions, strict=True)
    return tuple(
        one.model_copy(update={"speaker": was.speaker}) if was.speaker in erased and one.speaker in unknown else one
        for one, was in pairs
    )


def _asked(wish: Visits, stood: Visits, erased: set[str], unknown: set[str]) -> Visits:
    contacts = {candidate.host: candidate.contact for candidate in found(stood, Candidate)}

    def one(candidate: Candidate) -> Candidate:
        was = contacts.get(candidate.host, "")
        takes = was in erased and candidate.contact in unknown
        return candidate.model_copy(update={"contact": was}) if takes else candidate

    return changed(wish, Candidate, one)
