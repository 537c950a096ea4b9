"""Notes: `note` keeps one, or lists those there are."""

from __future__ import annotations

from typing import TYPE_CHECKING, Annotated, Any

import typer

from cli.app import DECIDING, command
from cli.faults import Misused
from cli.terminal import InCycle, Json, terminal

if TYPE_CHECKING:
    from exchange.plan import CyclePlan

LAST = 3
"""So many notes are shown on the board."""


@command(
    "note",
    DECIDING,
    'kierros note "The hall has a ramp at the back"',
    'kierros note "Prefers mornings" --about anna@library.example',
    "kierros note",
)
def note(
    text: Annotated[
        str, typer.Argument(metavar="TEXT", help="What to remember; without it, the notes are listed.")
    ] = "",
    step: Annotated[str, typer.Option(metavar="STEP", help="The step it belongs to.")] = "",
    about: Annotated[
        str, typer.Option(metavar="WHO", help="A library, by its id or name, or a person, by her e-mail address.")
    ] = "",
    cycle: InCycle = "",
    as_json: Json = False,
) -> None:
    """Note something for the history, or list the notes. Nothing else follows from it."""
    from cli.record import cycle_id, latest_id

    if not text.strip():
        if step or about:
            raise Misused("Say what to note: kierros note TEXT.")
        _listed(latest_id(cycle), as_json)
        return
    _keep(cycle_id(cycle), text.strip(), step, about)


def _keep(cycle: str, text: str, step: str, about: str) -> None:
    from cli.engine import tell
    from cli.record import acting, not_too_long
    from exchange.noting import TakeNote
    from telling.refusals import tried
    from telling.times import now

    here, staff = terminal(), acting()
    not_too_long(text, "note")
    state = here.store.load(cycle)
    wish = TakeNote(at=now(), actor=staff.ref, step=step, about=_meant(state.plan, about), note="n_")
    tried(state, wish)  # asked first, so that no words are kept of a note that is refused
    tell(cycle, wish.model_copy(update={"note": here.store.add_text(cycle, text, "note")}))
    here.say("Noted.", "green")
    here.next("kierros note", "lists the notes")


def _meant(plan: CyclePlan, about: str) -> str:
    """The reference of whom a note is about: a person by her address, a library by its id or name."""
    from cli.record import person_at
    from exchange.noting import NobodyToNoteOf

    if "@" in about:
        return person_at(plan.id, about).ref
    spelt = about.casefold()
    named = (o.id for o in plan.organisations if spelt in {o.id.casefold(), *map(str.casefold, o.name.values())})
    if (found := next(named, "")) or not about:
        return found
    raise NobodyToNoteOf(about, tuple(o.id for o in plan.organisations))


def notes(cycle: str, last: int = 0) -> list[dict[str, Any]]:
    """The cycle's notes, oldest first; only the ``last`` ones where a number is given."""
    from cli.record import names_in
    from telling.sentences import sentence, texts_of

    store = terminal().store
    entries = store.journal(cycle, kinds=("NoteTaken",))[-last:]
    names = names_in(store.get_plan(cycle), [text for entry in entries for text in texts_of(entry.event)])
    return [
        {"at": entry.event.at, "when": names.moment(entry.event.at), "sentence": sentence(entry.event, names)}
        for entry in entries
    ]


def _listed(cycle: str, as_json: bool) -> None:
    from cli.show import notes_table

    here, found = terminal(), notes(cycle)
    if as_json:
        here.data(found)
    elif found:
        here.show(notes_table(found))
    else:
        here.say(f"{cycle} has no notes yet.")
        here.next('kierros note "TEXT"')
