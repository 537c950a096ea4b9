"""What people told as they registered, for those of the staff who look after the group: `show --needs`."""

from __future__ import annotations

from collections.abc import Iterator

from rich.console import RenderableType

from cli.faults import Refused
from cli.show import cell, heading, table
from cli.terminal import terminal
from telling.counts import plural
from telling.told import READERS, Sheet, lessons, may_read, questions, sheets


def show_needs(cycle: str, nameless: bool, as_json: bool) -> None:
    """Shows the answers of those who have a place; that they are read is noted in the security log.

    Raises:
        Refused: whoever is signed in does not look after the group, or the plan asks nothing.
    """
    from cli.record import acting, latest_id, looked_up

    here, wanted = terminal(), latest_id(cycle)
    state, names = looked_up(wanted)
    staff = acting()
    if not questions(state.plan):
        raise Refused(f"The plan of {wanted} asks people nothing as they register (its key is “ask”).")
    if not may_read(state, staff.ref):
        who = " or ".join(READERS)
        raise Refused(f"{staff.name} is no {who} of {wanted}, and only they read what people eat and need.")
    told = here.store.read_needs(wanted, door="terminal", staff=staff.ref)
    found = sheets(state, names, told, state.group())
    if as_json:
        here.data({"cycle": wanted, "questions": [_data(one, nameless) for one in found]})
        return
    for one in found:
        for part in _page(one, nameless):
            here.show(part)
    here.say("Some of this is sensitive: use it only to receive the group. It was noted that you have read it.")


def show_learned(cycle: str, as_json: bool) -> None:
    """Shows what participants told that they learned, and from whom."""
    from cli.record import latest_id, looked_up

    here, wanted = terminal(), latest_id(cycle)
    state, names = looked_up(wanted)
    found = lessons(state, names, here.store.told_by_all(wanted, "learned"))
    if as_json:
        here.data({"cycle": wanted, "learned": [vars(one) for one in found]})
        return
    page = table("", "", "", header=False)
    for one in found:
        host = names.host(one.host) if one.host else ""
        may = "\nthat library may read it" if one.shown else ""
        page.add_row(cell(f"{one.name}\n{one.library}".strip()), cell(one.what), cell(f"{host}{may}", "dim"))
    if found:
        here.show(page)
    here.say(
        f"{plural(len(found), 'participant')} told what they learned." if found else "Nobody has told anything yet."
    )


def _page(sheet: Sheet, nameless: bool) -> Iterator[RenderableType]:
    yield heading(sheet.title, "sensitive" if sheet.sensitive else "")
    page = table("", "", header=False) if nameless else table("", "", "", header=False)
    for said, count in sheet.counts if nameless else ():
        page.add_row(cell(f"{count} ×"), cell(said))
    for one in () if nameless else sheet.answers:
        page.add_row(cell(one.name), cell(one.library, "dim"), cell(one.said))
    if sheet.answers:
        yield page
    yield cell(f"{plural(sheet.silent, 'person has', 'people have')} a place and told nothing.", "dim")


def _data(sheet: Sheet, nameless: bool) -> dict[str, object]:
    counts = [{"said": said, "count": count} for said, count in sheet.counts]
    people = [vars(one) for one in sheet.answers]
    about = {"id": sheet.about, "title": sheet.title, "sensitive": sheet.sensitive, "silent": sheet.silent}
    return {**about, "counts": counts, **({} if nameless else {"people": people})}
