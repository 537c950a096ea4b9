"""Letters in staff's own words: `write` makes one ready for groups of people; it is approved like any other letter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.app import DECIDING, command
from cli.faults import Misused
from cli.terminal import InCycle, terminal

if TYPE_CHECKING:
    from exchange.plan import CyclePlan
    from exchange.state import Cycle
    from exchange.writing import Write
    from telling.names import Names

To = Annotated[
    list[str] | None,
    typer.Option("--to", metavar="WHO", help="A group, an e-mail address or a library; several may be named."),
]
Subjects = Annotated[list[str] | None, typer.Option("--subject", metavar="TEXT", help="The subject of each --text.")]
Texts = Annotated[list[str] | None, typer.Option("--text", metavar="TEXT", help="The letter, once for each language.")]
Files = Annotated[
    list[Path] | None,
    typer.Option("--file", metavar="FILE", help="The letter in a file, its first line the subject: letter.fi.md."),
]
Languages = Annotated[
    list[str] | None, typer.Option("--language", metavar="CODE", help="The language of each --text, in the same order.")
]
Copy = Annotated[bool, typer.Option("--copy", help="Send me a copy too, one in each language.")]
DryRun = Annotated[bool, typer.Option("--dry-run", help="Show who would get it in which language; keep nothing.")]


@command(
    "write",
    DECIDING,
    'kierros write --to confirmed --subject "Bring your passport" --text "The ferry asks for it." --language en',
    "kierros write --to waiting --to hosts --file letter.en.md --file letter.fi.md --copy",
    "kierros write --groups",
)
def write(
    to: To = None,
    subject: Subjects = None,
    text: Texts = None,
    file: Files = None,
    language: Languages = None,
    cycle: InCycle = "",
    copy: Copy = False,
    dry_run: DryRun = False,
    groups: Annotated[bool, typer.Option("--groups", help="List the groups, and how many are in each now.")] = False,
) -> None:
    """Write a letter in your own words to a group of people. It is shown and approved before anything leaves."""
    from cli.letter_words import from_files, from_options
    from cli.record import acting, cycle_id, looked_up
    from exchange.writing import Write
    from telling.refusals import tried
    from telling.times import now

    state, names = looked_up(cycle_id(cycle))
    if groups:
        _listed(state)
        return
    if file and (text or subject):
        raise Misused("Give the letter in files, or with --subject and --text; not both.")
    in_languages = language or []
    if file:
        words = from_files(state.plan, file, in_languages)
    else:
        words = from_options(state.plan, subject or [], text or [], in_languages)
    chosen, people = _meant(state.plan, to or [])
    said = {"subject": "n_", "text": "n_", "copy_to_me": copy}  # asked first: no words are kept of what is refused
    wish = Write.model_validate({"at": now(), "actor": acting().ref, "groups": chosen, "people": people, **said})
    tried(state, wish)
    _shares(state, wish, tuple(words), names)
    if dry_run:
        terminal().say("Nothing was written.")
    else:
        _keep(state, wish, words, names)


def _keep(state: Cycle, wish: Write, words: dict[str, tuple[str, str]], names: Names) -> None:
    """Keeps the words, and has the letter made ready."""
    from cli.engine import tell

    here, cycle = terminal(), state.plan.id
    refs = [
        here.store.add_text(cycle, {code: both[part] for code, both in words.items()}, kind)
        for part, kind in enumerate(("subject", "letter"))
    ]
    tell(cycle, wish.model_copy(update={"subject": refs[0], "text": refs[1]}))
    word = next(one for one in here.store.load(cycle).words.values() if one.text == refs[1])
    here.say(f"Written, and called {word.id}. Nothing has left: it is made ready and waits to be approved.", "green")
    who = names.holders(word.approval.role) or "nobody holds that role"
    other = ", somebody else than you" if word.approval.second_person else ""
    here.say(f"For the {names.role(word.approval.role)} to approve{other}: {who}.")
    may = state.holds(wish.actor, word.approval.role) and not word.approval.second_person
    look = "" if may else " --dry-run"
    here.next(f"kierros approve --step {word.id}{look}", "shows every letter")


def _meant(plan: CyclePlan, to: list[str]) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The groups and the people that are named."""
    from cli.record import person_at
    from exchange.groups import GROUPS

    groups: list[str] = []
    people: list[str] = []
    for who in to:
        if who.strip().casefold() in GROUPS:
            groups.append(who.strip().casefold())
        elif "@" in who:
            people.append(person_at(plan.id, who).ref)
        else:
            people += _contacts(plan, who.strip())
    return tuple(groups), tuple(people)


def _contacts(plan: CyclePlan, library: str) -> list[str]:
    """Who answers for a library, by its id or name.

    Raises:
        UnknownGroup: it is no library of the plan, either.
        Misused: the plan names nobody who answers for it.
    """
    from exchange.groups import GROUPS, UnknownGroup
    from exchange.plan import Visits

    spelt = library.casefold()
    ids = [o.id for o in plan.organisations if spelt in {o.id.casefold(), *map(str.casefold, o.name.values())}]
    if not ids:
        raise UnknownGroup(library, tuple(GROUPS))
    slots = [slot for step in plan.steps if isinstance(step, Visits) for slot in step.slots]
    found = [c.contact for slot in slots for c in slot.candidates if c.host in ids]
    found += [plan.contacts[one] for one in ids if one in plan.contacts]
    if not found:
        raise Misused(f"The plan names nobody who answers for {library}. Name a person by her e-mail address.")
    return list(dict.fromkeys(found))


def _shares(state: Cycle, wish: Write, written: tuple[str, ...], names: Names) -> None:
    """Who would get it as things stand, and in which language."""
    from rich.console import Group as Page

    from cli.show import cell, table
    from exchange.groups import Word, readers
    from letters.catalogues import language_for
    from telling.counts import plural
    from telling.names import language
    from workers.held import addressed

    here = terminal()
    refs = readers(state, Word(id="", groups=wish.groups, people=wish.people))
    people = addressed(here.store, refs)
    page = table("To", "Reads", "Gets it in")
    for ref in refs:
        reads = people[ref].language if ref in people else ""
        gets = language_for(reads, state.plan.languages, written)
        page.add_row(cell(names.who(ref)), cell(language(reads)), cell(language(gets)))
    if unread := set(written) - {language_for(one.language, state.plan.languages, written) for one in people.values()}:
        said = " or ".join(sorted(map(language, unread)))
        joining = "nor does anybody who joins later, for whoever approves it does not get to see that"
        here.say(f"Nobody among them gets it in {said}, {joining}.", "yellow")
    total = f"{plural(len(refs), 'letter')} as things stand; it goes to those who are in the group when it is approved."
    here.show(Page(page, cell(total)))


def _listed(state: Cycle) -> None:
    """The groups, whom each holds, and how many these are now."""
    from cli.show import cell, table
    from exchange.groups import GROUPS, Word, readers

    page = table("Group", "Now", "Who is in it")
    for name, group in GROUPS.items():
        count = len(readers(state, Word(id="", groups=(name,))))
        page.add_row(cell(name), cell(str(count)), cell(group.meaning))
    terminal().show(page)
    terminal().next('kierros write --to GROUP --subject "…" --text "…"')
