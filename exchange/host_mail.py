"""Which letters follow from what happens to a visit: to the host's contact, and to the group."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from exchange.booking import (
    HostAsked,
    HostFellSilent,
    HostReminded,
    SlotGivenUp,
    VisitConfirmed,
    VisitDeclined,
    VisitHeld,
    VisitMoved,
    VisitReleased,
)
from exchange.calling import Call, out, same, told
from exchange.coming import DelegatesReminded
from exchange.mail import Entry, LetterKind, Mail, batch_of, cancelled, contact, visit_entry, with_added
from exchange.plan import When
from exchange.prompt import PromptClosed
from exchange.resting import rest
from exchange.state import Cycle
from exchange.wishing import DateKept

OfVisits = (
    HostAsked | HostReminded | VisitConfirmed | VisitDeclined | HostFellSilent | VisitMoved | SlotGivenUp | VisitHeld
    | VisitReleased | DateKept | DelegatesReminded
)  # fmt: skip


def of_visits(before: Cycle, event: OfVisits, after: Cycle) -> list[Mail]:
    """The letters, without those to a group that has nobody in it yet."""
    return [mail for mail in _ordered(before, event, after) if mail.to]


def _ordered(before: Cycle, event: OfVisits, after: Cycle) -> list[Mail]:
    was = before.booking(event.step, event.slot)
    match event:
        case HostAsked():
            return [*_let_go(before, event, after, group_too=True), *_request(event, after)]
        case HostReminded():
            if event.missed:
                return []
            facts = {"until": was.until.isoformat()} if was.until else {}
            return [_to_host("host_reminder", event, after, was.host, facts=facts)]
        case VisitConfirmed():
            entry = visit_entry(after, event.step, event.slot, event.host)
            return [
                _to_host("host_confirmed", event, after, event.host, entries=(entry,)),
                _to_group("visit_booked", event, after, event.host, entries=(entry,)),
            ]
        case VisitDeclined():
            return _let_go(before, event, after, group_too=True) if event.after_yes else []
        case VisitMoved():
            return _moved(before, event, after)
        case DateKept():
            # a host that takes its wish back knows that the date stays
            return [_to_host("host_date_kept", event, after, event.host)] if event.role else []
        case DelegatesReminded():
            return _reminded(before, event, after)
        case VisitHeld():
            return [_to_host("host_thanks", event, after, event.host)]
        case HostFellSilent() | SlotGivenUp():
            return _let_go(before, event, after, group_too=True)
        case VisitReleased():
            # the group reads of it in the letter that ends the cycle
            return _let_go(before, event, after, group_too=False)


def not_needed(before: Cycle, event: PromptClosed, after: Cycle) -> list[Mail]:
    """A host that said yes late hears when it is not taken."""
    prompt = before.prompts[event.prompt]
    if prompt.about != "host" or "switch" not in prompt.options or event.option == "switch":
        return []
    to = contact(after, prompt.step, prompt.subject, prompt.host)
    about = {"step": prompt.step, "slot": prompt.subject, "host": prompt.host, "mark": str(after.position)}
    return [Mail.model_validate({"kind": "host_released", "to": to, **about})]


def _to_host(kind: LetterKind, event: OfVisits, after: Cycle, host: str, **more: object) -> Mail:
    to, mark = contact(after, event.step, event.slot, host), str(after.position)
    about = {"step": event.step, "slot": event.slot, "host": host, "mark": mark}
    return Mail.model_validate({"kind": kind, "to": to, **about, **more})


def _to_group(kind: LetterKind, event: OfVisits, after: Cycle, host: str, **more: object) -> Mail:
    return _to_host(kind, event, after, host, **more).model_copy(update={"to": tuple(after.group())})


def _request(event: HostAsked, after: Cycle) -> list[Mail]:
    """The request that was approved; a new one where the stay has moved since."""
    if event.agreed:
        return []
    if after.booking(event.step, event.slot).moved:
        return [with_added(after, _to_host("host_request", event, after, event.host))]
    batch = batch_of(event.step, after.approving(event.step).revision)
    released = _to_host("host_request", event, after, event.host, op="release", mark="", batch=batch)
    return [with_added(after, released)]


def _moved(before: Cycle, event: VisitMoved, after: Cycle) -> list[Mail]:
    stay = before.booking(event.step, event.slot)
    if stay.stage == "asked":
        return [_to_host("host_changed", event, after, stay.host, instead=True)]
    if stay.stage != "confirmed":
        return []
    entry = visit_entry(after, event.step, event.slot, stay.host)
    _, was = before.slot_of(event.step, event.slot)
    pause = rest(after.plan, event.at, was.begins.at, event.begins.at)
    more: dict[str, Any] = {"entries": (entry,), "rest": pause, "instead": True}
    asked = [mail.model_copy(update=more) for mail in _still_coming(before, event, after)]
    return [_to_host("host_changed", event, after, stay.host, **more), *asked]


def _still_coming(before: Cycle, event: VisitMoved, after: Cycle) -> list[Mail]:
    """The question to the group, with the time that each was told last."""
    call = after.booking(event.step, event.slot).call
    if call is None or call.number != after.position:
        return []
    letter = _to_group("still_coming", event, after, after.booking(event.step, event.slot).host)
    new = (event.begins, event.ends)
    return [
        letter.model_copy(update={"to": tuple(people), "facts": _was(*known)})
        for known, people in _by_time(before, event, call.silent()).items()
        if not same(known, new)
    ]


def _resting(before: Cycle, event: OfVisits) -> Call | None:
    """The question about a move of which the word had not left when it happened."""
    call = before.booking(event.step, event.slot).call
    return call if call is not None and not out(before, call, event.at) else None


def _by_time(before: Cycle, event: OfVisits, people: Iterable[str]) -> dict[tuple[When, When], list[str]]:
    """The people, by the time of the stay that each was told last."""
    resting, (_, slot) = _resting(before, event), before.slot_of(event.step, event.slot)
    found: dict[tuple[When, When], list[str]] = {}
    for person in people:
        found.setdefault(told(resting, slot, person), []).append(person)
    return found


def _was(begins: When, ends: When) -> dict[str, str]:
    return {"was": begins.model_dump_json(), "was_ends": ends.model_dump_json()}


def _reminded(before: Cycle, event: DelegatesReminded, after: Cycle) -> list[Mail]:
    """Once more to those who have not said whether they can still come."""
    stay = before.booking(event.step, event.slot)
    if not event.count or stay.call is None:
        return []
    mail = _to_host("still_coming_reminder", event, after, stay.host)
    mark = f"{stay.call.number}/{after.position}"
    return [mail.model_copy(update={"to": tuple(stay.call.silent()), "mark": mark})]


def _let_go(before: Cycle, event: OfVisits, after: Cycle, *, group_too: bool) -> list[Mail]:
    """To a host that is not needed any more, and to the group that counted on it."""
    was = before.booking(event.step, event.slot)
    if was.stage not in {"asked", "proposed", "confirmed"}:
        return []
    if was.stage != "confirmed":
        return [_to_host("host_released", event, after, was.host)]
    entry = cancelled(visit_entry(before, event.step, event.slot, was.host))
    resting = _resting(before, event)
    facts = _was(*resting.was) if resting else {}
    host = _to_host("host_released", event, after, was.host, entries=(entry,), facts=facts)
    return [host, *_called_off(before, event, after, entry)] if group_too else [host]


def _called_off(before: Cycle, event: OfVisits, after: Cycle, entry: Entry) -> list[Mail]:
    """To the group; who does not know yet that the visit has moved reads the time that she was told."""
    _, slot = before.slot_of(event.step, event.slot)
    host = before.booking(event.step, event.slot).host
    letter = _to_group("visit_cancelled", event, after, host, entries=(entry,))
    return [
        letter.model_copy(
            update={"to": tuple(people), "facts": {} if same(known, (slot.begins, slot.ends)) else _was(*known)}
        )
        for known, people in _by_time(before, event, after.group()).items()
    ]
