"""Every event, every date ahead and every decision in words.

The sentences stand in tables (:mod:`telling.said`), by the name of the event or command; what stands in braces is a
field of it, put into words by :func:`_worded`. ``Name/variant`` is said instead of ``Name`` where :func:`_variant`
finds that it fits better.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import date, datetime
from typing import Any

from exchange.amending import PlanAmended
from exchange.base import PLAN, TIME, Command, Event
from exchange.defect import LettersFailed
from exchange.groups import PREFIX
from exchange.plan import When
from exchange.prompt import Prompt
from exchange.spending import MoneySpent
from exchange.writing import LetterWritten
from telling.names import NOBODY, Names
from telling.said import (
    AHEAD,
    ASKS,
    AT_RATE,
    ENTERED,
    EVENTS,
    IN_LANGUAGES,
    IN_ROLE,
    NO_LIBRARY,
    ORDER,
    PURPOSE,
    REASON,
)

TEXTS = ("note", "what", "text", "subject")
"""Fields whose words stand in the sentence itself; a reason stands behind it."""


def letters_in(events: Iterable[Event]) -> dict[str, str]:
    """Letters in staff's own words that were written, ``word_1``, and the references of their subjects."""
    return {event.word: event.subject for event in events if isinstance(event, LetterWritten)}


def texts_of(event: Event) -> list[str]:
    """The references of the words that the event's sentence tells."""
    return [text for field in ("reason", *TEXTS) if (text := getattr(event, field, ""))]


def sentence(event: Event, names: Names) -> str:
    """The event in words, with names from the record and, where one was given, the reason."""
    name, variant = type(event).__name__, _variant(event)
    template = EVENTS.get(f"{name}/{variant}") or EVENTS.get(name) or f"{name}."
    reason = names.text(getattr(event, "reason", ""))
    words = names.said(template).format_map(_words(event, names))
    # what was opened, closed or made ready along with an answer was not typed in
    if event.entered_by and any(hasattr(event, whose) for whose in ("person", "host", "home")):
        words = names.said(ENTERED).format(said=words.removesuffix("."), by=names.who(event.entered_by))
    return f"{words} {names.said(REASON).format(reason=reason)}" if reason else words


def coming(command: Command, names: Names) -> str:
    """A due entry as a short line."""
    name = type(command).__name__
    return names.said(AHEAD.get(name, name)).format_map(_words(command, names))


def asks(prompt: Prompt, names: Names) -> str:
    """What a prompt asks, in a few words."""
    kinds = [*prompt.options, *(["time"] if prompt.subject == "0" else [])]
    kinds = ["own", *kinds] if prompt.step.startswith(PREFIX) else kinds
    template = next((ASKS[key] for o in kinds if (key := f"{prompt.about}/{o}") in ASKS), ASKS[prompt.about])
    words = names.said(template).format_map(_words(prompt, names))
    if template == ASKS["defect/time"]:
        return names.in_history(words)
    if prompt.about != "approval" or not prompt.letters:
        return words
    tongues = ", ".join(map(names.language, prompt.languages))
    letters = names.said(IN_LANGUAGES).format(letters=names.letters(prompt.letters), languages=tongues)
    return f"{words} ({letters}{', ' + names.money(prompt.cents) if prompt.cents else ''})"


def _variant(event: Event) -> str:
    found: dict[str, Any] = {
        "cancel_pressed": getattr(event, "error", "") == "CancelPressedInTemporal",
        "time": getattr(event, "number", 1) == 0,
        "own": str(getattr(event, "step", "")).startswith(PREFIX),
        "applied_instead": getattr(event, "instead_of", "") and getattr(event, "applied", False),
        "instead": getattr(event, "instead_of", ""),
        "put_down": getattr(event, "applied", False) and event.actor != getattr(event, "person", event.actor),
        "overtaken": getattr(event, "newer", ""),
        "lapsed": getattr(event, "option", "") == "lapsed" or getattr(event, "lapsed", False),
        "libraries": not getattr(event, "role", "?"),
        "by_host": not getattr(event, "role", "?"),
        # whoever hands over herself needs no second name in front
        "plan": event.actor in {PLAN, TIME, getattr(event, "source", TIME)},
        "herself": event.actor == getattr(event, "person", ""),
        "again": getattr(event, "revision", 1) > 1,
        "nobody": getattr(event, "count", 1) == 0,
        "none": not (getattr(event, "confirmed", 1) or getattr(event, "waiting", 1)),
        "alone": bool(getattr(event, "person", "")),
        "absent": getattr(event, "present", True) is False,
        "of_somebody": bool(getattr(event, "about", "")),
        "back": getattr(event, "original", 0) < 0,
        "on_step": bool(getattr(event, "step", "")),
        **{flag: getattr(event, flag, False) for flag in ("applied", "after_yes", "told", "missed")},
    }
    return next((name for name, holds in found.items() if holds and f"{type(event).__name__}/{name}" in EVENTS), "")


def _words(model: Command | Event | Prompt, names: Names) -> dict[str, str]:
    """Every field of the model in words, and what is made of several."""
    fields = {name: getattr(model, name) for name in type(model).model_fields}
    words = {name: _worded(name, value, names) for name, value in fields.items()} | _counted(model, fields, names)
    for stay in _STAYS & set(fields) if _of_a_stay(model) else ():
        words[stay] = names.slot(fields[stay], fields["step"])
    if isinstance(begins := fields.get("begins"), When) and isinstance(ends := fields.get("ends"), When):
        words["span"] = names.span(begins, ends)
    if isinstance(people := fields.get("people"), tuple):
        words["names"] = ", ".join(names.who(person) for person in people) or names.said(NOBODY)
    if isinstance(prompt := fields.get("prompt"), Prompt):
        words |= {
            "prompt_role": names.role(prompt.role),
            "prompt_asks": asks(prompt, names),
            "prompt_due": names.moment(prompt.due_at),
        }
    if isinstance(model, MoneySpent):
        purpose = names.said(PURPOSE).format(what=words["what"]) if words["what"] else ""
        words |= {"paid": paid(model, names), "purpose": purpose}
    if isinstance(model, LetterWritten):
        words |= {
            "readers": ", ".join([*map(names.group, model.groups), *map(names.who, model.people)]),
            "title": names.words(model.subject),
        }
    if isinstance(model, PlanAmended):
        words["amended"] = ", ".join(names.step(c.step.id) for c in model.changes) or names.said(ORDER)
    if isinstance(model, Event):
        who, role = names.who(model.actor), words.get("role", "")
        words["by_person"] = names.who(getattr(model, "by", ""))
        words["by"] = names.said(IN_ROLE).format(who=who, role=role) if role else who
    return words


_STAYS = frozenset({"slot", "subject"})
"""Fields that name a stay; a decision's subject only where it is about one."""


def _of_a_stay(model: Command | Event | Prompt) -> bool:
    return model.about in {"host", "wish"} if isinstance(model, Prompt) else bool(getattr(model, "slot", ""))


def _counted(model: Command | Event | Prompt, fields: dict[str, Any], names: Names) -> dict[str, str]:
    """How many people, and of letters that did not arrive how many letters."""
    counts = {name: value for name in ("count", "asked", "waiting") if isinstance(value := fields.get(name), int)}
    words = {f"{name}_people": names.people(count) for name, count in counts.items()}
    if isinstance(model, LettersFailed):
        words["count"] = names.letters(model.count)
    if isinstance(model, Prompt) and model.about == "letters" and model.subject.isdecimal():
        words["subject"] = names.letters(int(model.subject))
    return words


def paid(event: MoneySpent, names: Names) -> str:
    """``EUR 120``, or ``EUR 776.97 (SEK 8,900 at 0.0873)``."""
    ours = names.money(abs(event.cents))
    if event.currency == names.plan.budget.currency:
        return ours
    theirs = names.money_in(event.currency, abs(event.original))
    return names.said(AT_RATE).format(ours=ours, theirs=theirs, rate=event.rate)


def _worded(field: str, value: Any, names: Names) -> str:
    put: dict[str, Callable[[Any], str]] = {
        "person": names.who, "host": names.host, "home": names.host, "step": names.step, "role": names.role,
        "source": names.who, "to": names.who, "instead_of": names.who,
        "about": names.somebody, "note": names.words, "what": names.text,
        "text": names.words, "cents": names.money, "cap": names.money, "option": names.answer, "field": names.date_name,
        "roles": lambda roles: ", ".join(map(names.role, roles)),
    }  # fmt: skip
    if field in {"prompt", "newer"} and isinstance(value, str):
        return names.decision(value)
    if field in put:
        return put[field](value) or (names.said(NO_LIBRARY) if field == "home" else "")
    return names.people(len(value)) if field == "people" and isinstance(value, tuple) else _plain(value, names)


def _plain(value: Any, names: Names) -> str:
    match value:
        case datetime():
            return names.moment(value)
        case When():
            return names.written(value)
        case date():
            return names.on_day(value)
        case tuple():
            return ", ".join(map(str, value))
        case _:
            return str(value)
