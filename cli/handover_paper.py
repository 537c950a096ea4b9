"""The paper of a handover: what somebody who takes over needs to know of each cycle. As data, and on the terminal."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType

from cli.terminal import terminal
from telling.counts import plural
from telling.names import Names, in_english, money
from telling.times import now, span

if TYPE_CHECKING:
    from datetime import datetime

    from exchange.plan import When
    from exchange.prompt import Prompt
    from exchange.state import Cycle
    from store.models import JournalEntry, Staff

DAYS = 60
"""So many days of the plan ahead are shown."""
MOST = 12
"""So many lines a list shows; of more, how many there are."""


def paper_of(cycles: list[str], source: Staff | None, to: Staff | None) -> dict[str, Any]:
    """What the paper says.

    Args:
        cycles: their ids.
        source: who hands over; None where the paper is for nobody in particular.
        to: who takes over.
    """
    return {
        "source": source.name if source else "",
        "to": to.name if to else "",
        "days": DAYS,
        "cycles": [_cycle(cycle, source) for cycle in cycles],
    }


def _cycle(cycle: str, source: Staff | None) -> dict[str, Any]:
    from cli.noting import notes
    from cli.record import names_in

    store = terminal().store
    state, entries = store.load(cycle), store.journal(cycle)
    reasons = {reason for entry in entries if (reason := getattr(entry.event, "reason", ""))}
    names, moment = names_in(state.plan, reasons), now()
    plan = state.plan
    held = [role for role, holders in plan.roles.items() if source is None or source.ref in holders]
    return {
        "id": plan.id,
        "programme": in_english(plan.programme_name, plan.programme),
        "theme": in_english(plan.theme_name, plan.theme),
        "year": plan.year,
        "practice": plan.practice,
        "drawn": names.moment(moment),
        "zone": plan.zone,
        "roles": [{"role": names.role(role), "people": names.holders(role)} for role in held],
        "arranged": [*_stands_still(state, names), *(_arranged(entry, names) for entry in state.handovers)],
        "promises": _cut(list(_promises(state, names))),
        "dates": _cut(_dates(state, names, moment)),
        "decisions": [_decision(prompt, names, entries, moment) for prompt in state.prompts.values()],
        "waits": _cut(list(_waits(state, names))),
        "notes": _cut([{"when": line["when"], "what": line["sentence"]} for line in notes(cycle)][::-1]),
        "money": _money(state, names),
    }


def _line(what: str, when: str = "") -> dict[str, str]:
    return {"when": when, "what": what}


def _cut(lines: list[dict[str, str]]) -> list[dict[str, str]]:
    more = len(lines) - MOST
    return lines if more <= 0 else [*lines[:MOST], _line(f"and {more} more: kierros show, kierros history")]


def _stands_still(state: Cycle, names: Names) -> list[str]:
    """Whoever takes over a year that stands still has to know it first of all."""
    from telling.board import still_line

    if (still := still_line(state, names)) is None:
        return []
    return [f"It stands still {still}. It goes on with: kierros resume {state.plan.id}"]


def _arranged(entry: Any, names: Names) -> str:
    return f"{names.who(entry.source)} hands over to {names.who(entry.to)} on {names.moment(entry.on)}."


# -- what was promised -----------------------------------------------------------------------------------------------


def _promises(state: Cycle, names: Names) -> Iterator[dict[str, str]]:
    """Places given, seminars announced, hosts who said yes."""
    for step in state.desks_in_plan():
        desk = state.desk(step.id)
        if desk.confirmed:
            yield _line(f"{names.step(step.id)}: {plural(desk.confirmed, 'place')} of {desk.capacity} confirmed")
    for meeting in state.seminars():
        if state.gathering(meeting.id).stage == "announced":
            where = in_english(meeting.place)
            said = f"{names.step(meeting.id)}{f', {where}' if where else ''}: the programme was sent"
            yield _line(said, span(meeting.begins, meeting.ends))
    for journey in state.journeys():
        for slot in journey.slots:
            booking = state.booking(journey.id, slot.id)
            if booking.stage == "confirmed":
                yield _line(f"{names.host(booking.host)} receives the group", span(slot.begins, slot.ends))


def _dates(state: Cycle, names: Names, moment: datetime) -> list[dict[str, str]]:
    """What time will ask for, and the plan's other dates that are still to come."""
    from telling.board import coming_lines

    last = moment + timedelta(seconds=DAYS * state.day)
    found = [(line.at, _line(line.what, line.when)) for line in coming_lines(state, names)]
    asked = {at for at, _ in found}
    found += [
        (when.at, _line(what, names.moment(when.at)))
        for when, what in _planned(state, names)
        if when.at > moment and when.at not in asked
    ]
    return [line for at, line in sorted(found, key=lambda one: one[0]) if at <= last]


_FIELDS = {
    "prepare": "letters are made ready", "announce": "the programme is made ready", "due": "is drawn up",
    "opens": "opens", "closes": "closes", "begins": "begins",
}  # fmt: skip


def _planned(state: Cycle, names: Names) -> Iterator[tuple[When, str]]:
    """The dates of steps that are not settled."""
    from exchange.moving import movable

    for step in state.plan.steps:
        for field, ahead in movable(state, step).items():
            if ahead:
                said = _FIELDS.get(field, field)
                yield getattr(step, field), f"{names.step(step.id)}: {said}"
    for journey in state.journeys():
        for slot in journey.slots:
            booking = state.booking(journey.id, slot.id)
            if not booking.done:
                yield slot.begins, f"{names.stay(slot.id, journey.id)}: the visit begins"


# -- what waits ------------------------------------------------------------------------------------------------------


def _decision(prompt: Prompt, names: Names, entries: list[JournalEntry], moment: datetime) -> dict[str, Any]:
    from telling.board import prompt_lines

    (line,) = prompt_lines([prompt], names)
    return {
        "id": line.id,
        "what": line.asks,
        "due": line.when,
        "overdue": line.overdue(moment),
        "whose": f"{line.role}: {', '.join(line.people) or 'nobody holds that role'}",
        "reasons": _reasons(prompt, names, entries),
    }


def _reasons(prompt: Prompt, names: Names, entries: list[JournalEntry]) -> list[str]:
    """What was said of the same step (and visit) with a reason so far, the last three."""
    from telling.sentences import sentence

    events = [entry.event for entry in entries]
    about = [
        event
        for event in events
        if getattr(event, "reason", "")
        and prompt.step
        and getattr(event, "step", "") == prompt.step
        and getattr(event, "slot", "") in {"", prompt.subject}
    ]
    return [sentence(event, names) for event in about[-3:]]


def _waits(state: Cycle, names: Names) -> Iterator[dict[str, str]]:
    """Who waits for an answer, of us or of somebody else."""
    yield from _at_the_desks(state, names)
    yield from _at_the_hosts(state, names)
    for invited in state.invitations():
        guests = state.guests(invited.id)
        silent = sum(person not in guests.answers for person in invited.people)
        if guests.stage == "sent" and silent:
            yield _line(f"{names.step(invited.id)}: {silent} of {len(invited.people)} have not answered")


def _at_the_desks(state: Cycle, names: Names) -> Iterator[dict[str, str]]:
    for step in state.desks_in_plan():
        desk = state.desk(step.id)
        for person, until in desk.offers:
            yield _line(f"{names.who(person)} has a place on offer", f"until {names.moment(until)}")
        for number, person in enumerate(desk.in_line(), 1):
            said = f"{names.who(person)} waits for a place as no. {number}"
            yield _line(said, f"since {names.moment(desk.people[person].since)}")
        applied = sum(place.state == "applied" for place in desk.people.values())
        if applied and not desk.selected:
            yield _line(f"{names.step(step.id)}: {plural(applied, 'person', 'people')} applied and wait to hear")


def _at_the_hosts(state: Cycle, names: Names) -> Iterator[dict[str, str]]:
    for journey in state.journeys():
        for slot in journey.slots:
            booking = state.booking(journey.id, slot.id)
            if booking.stage == "asked":
                when = f"until {names.moment(booking.until)}" if booking.until else ""
                yield _line(f"{names.host(booking.host)} has been asked for {names.slot(slot.id, journey.id)}", when)
            elif booking.stage == "proposed":
                yield _line(f"{names.host(booking.host)} proposed other dates for {names.slot(slot.id, journey.id)}")


# -- money -----------------------------------------------------------------------------------------------------------


def _money(state: Cycle, names: Names) -> dict[str, Any]:
    currency, purse = state.plan.budget.currency, state.purse
    rows = [
        {
            "what": _what_for(key, names),
            "promised": money(currency, entry.committed) if entry.committed else "",
            "spent": money(currency, entry.settled) if entry.settled else "",
        }
        for key, entry in purse.entries.items()
        if entry.committed or entry.settled
    ]
    totals = {"cap": purse.cap, "committed": purse.committed, "settled": purse.settled, "free": purse.free}
    said = {name: money(currency, cents) for name, cents in totals.items()}
    return {"rows": rows, **said, "budgeted": bool(purse.cap)}


def _what_for(key: str, names: Names) -> str:
    """What a commitment is for, by its key: a step, or a host in a slot of a step."""
    step, _, rest = key.partition("/")
    slot, _, host = rest.partition("/")
    return f"{names.step(step)}: {names.host(host)} ({slot})" if host else names.step(step)


# -- on the terminal -------------------------------------------------------------------------------------------------

SECTIONS = (
    ("promises", "Promises made"),
    ("dates", "Next dates"),
    ("waits", "Who waits for an answer"),
    ("notes", "Notes"),
)


def page(paper: dict[str, Any]) -> RenderableType:
    """The paper as a page of at most 80 columns."""
    from cli.show import cell, heading

    title = " to ".join(filter(None, (paper["source"], paper["to"])))
    parts: list[RenderableType] = [heading(f"Handover{f': {title}' if title else ''}")]
    for found in paper["cycles"]:
        parts += [heading(found["theme"], found["id"]), cell(f"{found['programme']} {found['year']}")]
        parts += [cell(f"{entry['role']}: {entry['people']}", "dim") for entry in found["roles"]]
        parts += [cell(words) for words in found["arranged"]]
        parts += _decisions(found["decisions"])
        for key, words in SECTIONS:
            parts += _section(words, found[key])
        parts += _purse(found["money"])
    return Group(*parts)


def _section(title: str, lines: list[dict[str, str]]) -> list[RenderableType]:
    from cli.show import cell, heading, table

    made = table("", "", header=False)
    for line in lines:
        made.add_row(cell(line["when"], "dim"), cell(line["what"]))
    return [heading(title), made if lines else cell("None.")]


def _decisions(decisions: list[dict[str, Any]]) -> list[RenderableType]:
    from cli.show import cell, heading

    parts: list[RenderableType] = [heading("Open decisions"), *([] if decisions else [cell("None.")])]
    for one in decisions:
        late = "overdue since" if one["overdue"] else "due"
        parts.append(cell(f"{one['id']}  {late} {one['due']}", "bold"))
        parts += [cell(f"  {words}") for words in (f"{one['what']}. For the {one['whose']}", *one["reasons"])]
    return parts


def _purse(purse: dict[str, Any]) -> list[RenderableType]:
    from cli.show import cell, heading, table

    made = table("", "promised", "spent")
    for row in purse["rows"]:
        made.add_row(cell(row["what"]), cell(row["promised"]), cell(row["spent"]))
    of = f" of {purse['cap']}; {purse['free']} free" if purse["budgeted"] else ""
    total = cell(f"{purse['committed']} promised, {purse['settled']} spent{of}.")
    return [heading("Money"), *([made] if purse["rows"] else []), total]
