"""What an approval would send: to whom, in which language, and how each letter reads."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from rich import box
from rich.console import Group, RenderableType
from rich.panel import Panel
from rich.text import Text

from cli.purse import promised_for
from cli.show import cell, heading, table
from cli.terminal import plain
from exchange.plan import Report, Seminar, Visits
from telling.counts import plural
from telling.names import Names, language
from telling.times import span
from workers.held import read, unwritten

if TYPE_CHECKING:
    from collections.abc import Iterable

    from exchange.prompt import Prompt
    from exchange.state import Cycle
    from store.models import OutboxRow
    from workers.held import Joined, Letters

KINDS = {
    "invitation": "invitation",
    "nomination_invitation": "request to name people",
    "seminar_programme": "programme",
    "seminar_speaker": "letter to a speaker",
    "host_request": "request to a host",
    "word": "letter in your own words",
}


def kind(name: str) -> str:
    """A kind of letter in words."""
    return KINDS.get(name, name.replace("_", " "))


def envelope(letters: Letters, names: Names) -> RenderableType:
    """Exactly which letters go to whom, in which language."""
    page = table("To", "Address", "Letter", "Language")
    for row in letters.rows:
        what = _what(row.kind, row.host, names)
        if row.id in letters.unwanted:
            what += ": not sent, she wants no more of these"
        page.add_row(*_reader(letters, row.to_ref, names), cell(what), cell(language(row.language)))
    for one in letters.joined:
        page.add_row(*_reader(letters, one.ref, names), cell(_late(one, names)), cell(language(one.language)))
    for row in letters.others:
        what = f"{_what(row.kind, row.host, names)}: not sent, she is not among them any more"
        page.add_row(*_reader(letters, row.to_ref, names), cell(what), cell(language(row.language)))
    return page


def _late(one: Joined, names: Names) -> str:
    what = "the same" if one.kind == "word" else _what(one.kind, one.host, names)
    if not one.language:
        what += ": not yet, you are asked about it"
    return f"{what}; joined since it was made ready"


def _what(name: str, host: str, names: Names) -> str:
    return f"{kind(name)}{f' ({names.host(host)})' if host else ''}"


def _reader(letters: Letters, ref: str, names: Names) -> tuple[Text, Text]:
    person = letters.people.get(ref)
    return cell(names.who(ref)), cell(person.address if person else "")


def samples(rows: Iterable[OutboxRow], names: Names) -> list[RenderableType]:
    """One readable letter of each kind in each language."""
    first: dict[tuple[str, str], OutboxRow] = {}
    for row in rows:
        first.setdefault((row.kind, row.language), row)
    return [_letter(row, names) for row in first.values()]


def _letter(row: OutboxRow, names: Names) -> RenderableType:
    title = f"{kind(row.kind)} in {language(row.language)}, to {names.who(row.to_ref)}"
    return Panel(
        Text(plain(read(row.data, row.language))), title=Text(plain(title)), title_align="left", box=box.ROUNDED
    )


def unpaid(cycle: Cycle, prompt: Prompt, names: Names) -> str:
    """Of a report: what is promised and not paid yet, while it can still be recorded; empty where nothing is."""
    owed = {key: entry.left for key, entry in cycle.purse.entries.items() if entry.state != "released" and entry.left}
    if not owed or not isinstance(cycle.to_approve(prompt.step), Report):
        return ""
    what = ", ".join(f"{promised_for(key, names)} {names.money(cents)}" for key, cents in owed.items())
    return (
        f"{names.money(sum(owed.values()))} promised and not paid yet: {what}. Once the cycle has ended no bill can be "
        "recorded: record those that have come (kierros spend), reject the report and have it made ready again, and "
        "approve it when the last has come."
    )


def totals(prompt: Prompt, letters: int, names: Names) -> str:
    """``24 letters, 3 languages, EUR 4,200``."""
    words = [plural(letters, "letter"), plural(len(prompt.languages), "language")] if prompt.letters else []
    return ", ".join(words + ([names.money(prompt.cents)] if prompt.cents else []))


def whole(prompt: Prompt, letters: Letters, names: Names) -> RenderableType:
    """Everything an approver has to see."""
    parts: list[RenderableType] = [heading(f"Approve {names.step(prompt.step)}", f"version {prompt.revision}")]
    if letters.held:
        parts += [*samples(letters.held, names), envelope(letters, names)]
    if prompt.cents:
        parts += [cell(f"{names.money(prompt.cents)} is committed by this approval:"), _money(names, prompt.step)]
    return Group(*parts)


def _money(names: Names, step: str) -> RenderableType:
    """What the money is for: the first host of each visit, and what the next would cost instead."""
    found = names.plan.step(step)
    page = table("", "", "", header=False)
    for slot in found.slots if isinstance(found, Visits) else ():
        first, *others = [f"{names.host(c.host)} {names.money(c.cents)}" for c in slot.candidates]
        instead = f"else {', '.join(others)}" if others else ""
        page.add_row(cell(f"{slot.id}\n{span(slot.begins, slot.ends)}"), cell(first), cell(instead, "dim"))
    if isinstance(found, Seminar):
        page.add_row(cell(names.step(step)), cell(span(found.begins, found.ends)), cell(names.money(found.cents)))
    return page


def as_data(prompt: Prompt, waiting: Letters, names: Names) -> dict[str, Any]:
    """The same for programs."""
    letters = [
        {
            "to": names.who(row.to_ref),
            "address": waiting.people[row.to_ref].address if row.to_ref in waiting.people else "",
            "kind": row.kind,
            "language": row.language,
            "subject": row.subject,
            "opted_out": row.id in waiting.unwanted,
        }
        for row in waiting.rows
    ]
    return {
        "prompt": prompt.id,
        "step": prompt.step,
        "digest": prompt.digest,
        "cents": prompt.cents,
        "letters": letters,
        "unwritten": unwritten(waiting.held),
        "joined": [names.who(one.ref) for one in waiting.joined],
    }
