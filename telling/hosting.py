"""What staff see before they decide about a host's answer: the dates, what it said and when, and whom it affects."""

from __future__ import annotations

from datetime import datetime
from typing import TYPE_CHECKING

from exchange.booking import HostFellSilent, VisitDeclined, VisitProposed
from exchange.clashes import affected
from telling.names import Names
from telling.wished import Time, known_of, of_wish, said, touched_by

if TYPE_CHECKING:
    from collections.abc import Iterator

    from exchange.prompt import Prompt
    from exchange.state import Cycle
    from store.store import Store

Answer = VisitDeclined | VisitProposed | HostFellSilent
"""What a decision about a host follows from."""
_KINDS = tuple(kind.__name__ for kind in (VisitDeclined, VisitProposed, HostFellSilent))


def of_host(store: Store, cycle: Cycle, prompt: Prompt, names: Names, now: datetime) -> tuple[str, ...]:
    """What is to be known of a decision about a host, a line each; empty where it is about something else."""
    if prompt.about != "host":
        return of_wish(store, cycle, prompt, names, now)
    step, slot = cycle.slot_of(prompt.step, prompt.subject)
    answer = last_said(store, cycle.plan.id, step.id, slot.id, prompt.host)
    why = _reason(store, getattr(answer, "reason", ""), names)
    if "accept" in prompt.options and (span := cycle.booking(step.id, slot.id).proposed) is not None:
        time = Time(store, cycle, step, slot, *span)
        before, after = names.span(slot.begins, slot.ends), names.span(*span)
        return (said(names, "moves", before=before, after=after), *why, *known_of(time, names, now))
    lines = [said(names, "planned", dates=names.span(slot.begins, slot.ends)), *_left(answer, names, now), *why]
    if "switch" in prompt.options:
        lines.append(_since(cycle, prompt, names))
    return (*lines, *touched_by(affected(cycle, step, slot, slot.begins, slot.ends), names))


def asked_since(cycle: Cycle, prompt: Prompt) -> str:
    """The host to which the visit went on; empty where nobody has been asked since."""
    host = cycle.booking(prompt.step, prompt.subject).host
    return host if host != prompt.host else ""


def last_said(store: Store, cycle: str, step: str, slot: str, host: str) -> Answer | None:
    """The last no or proposal of the host about the visit, or that it said nothing in time."""
    about = (step, slot, host)
    found: Answer | None = None
    for entry in store.journal(cycle, kinds=_KINDS):
        event = entry.event
        if isinstance(event, Answer) and (event.step, event.slot, event.host) == about:
            found = event
    return found


def _reason(store: Store, ref: str, names: Names) -> list[str]:
    words = store.get_texts([ref]).get(ref) if ref else None
    return [said(names, "why", reason=names.pick(words))] if words else []


def _left(answer: Answer | None, names: Names, now: datetime) -> Iterator[str]:
    """How the visit came to be without it."""
    match answer:
        case VisitDeclined(after_yes=True):
            yield said(names, "no/after_yes", when=names.moment(answer.at, now))
        case VisitDeclined():
            yield said(names, "no", when=names.moment(answer.at, now))
        case HostFellSilent():
            yield said(names, "silent", when=names.moment(answer.at, now))
        case _:
            pass


def _since(cycle: Cycle, prompt: Prompt, names: Names) -> str:
    host = asked_since(cycle, prompt)
    if not host:
        return said(names, "since/nobody")
    confirmed = cycle.booking(prompt.step, prompt.subject).stage == "confirmed"
    return said(names, "since/confirmed" if confirmed else "since", host=names.host(host))
