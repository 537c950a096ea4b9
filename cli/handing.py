"""Handing over: `handover` lets roles pass to somebody else, and prints what she needs to know."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.app import DECIDING, command
from cli.faults import Misused, Refused
from cli.pages import put, spare
from cli.terminal import InCycle, Json, Reason, Yes, terminal

if TYPE_CHECKING:
    from datetime import datetime

    from exchange.handing import HandOver
    from exchange.state import Cycle
    from store.models import Staff
    from telling.deputies import Missing
    from telling.names import Names


@command(
    "handover",
    DECIDING,
    'kierros handover "Kristina Virtanen" "Maria Berg" --reason "On leave from March"',
    'kierros handover "Kristina Virtanen" "Maria Berg" --on 2027-03-01 --reason "On leave" --html handover.html',
    'kierros handover "Kristina Virtanen" --withdraw --reason "She stays after all"',
    'kierros handover "Olga Sokolova" "Maria Berg" --role "deputy coordinator" --reason "A deputy is needed"',
    "kierros handover --paper",
)
def handover(
    source: Annotated[str, typer.Argument(metavar="FROM", help="Who hands over: a name or an address.")] = "",
    to: Annotated[str, typer.Argument(metavar="TO", help="Who takes over: a name or an address.")] = "",
    on: Annotated[str, typer.Option(metavar="DATE", help="From which day; without it, at once.")] = "",
    role: Annotated[
        list[str] | None, typer.Option("--role", metavar="ROLE", help="Only this role passes; may be given again.")
    ] = None,
    reason: Reason = "",
    cycle: InCycle = "",
    withdraw: Annotated[bool, typer.Option("--withdraw", help="Call off what was arranged for a later day.")] = False,
    paper: Annotated[bool, typer.Option("--paper", help="Only print the paper; hand over nothing.")] = False,
    html: Annotated[Path | None, typer.Option(metavar="FILE", help="Write the paper there, as a page.")] = None,
    yes: Yes = False,
    as_json: Json = False,
) -> None:
    """Let the roles of somebody pass to somebody else, and print promises, dates, decisions, notes and money.

    Decisions that wait, Reply-To and the calendar's organiser follow the roles, in every open cycle or in one.
    """
    spare(html)
    if paper:
        _print(*_for_paper(source, cycle), html=html, as_json=as_json)
        return
    if not source or bool(to) is withdraw:
        raise Misused("Say who hands over to whom: kierros handover FROM TO; --paper only prints what there is.")
    wishes = _wishes(source, to, on, cycle, role or [])
    _show(wishes)
    words = terminal().reason(reason)
    if not withdraw:
        _print([wish.cycle.plan.id for wish in wishes], wishes[0].source, wishes[0].to, html=html, as_json=as_json)
    _agree(wishes, yes)
    for wish in wishes:
        _tell(wish, words)
    terminal().next("kierros handover --paper", "prints the paper again")


@dataclass(frozen=True)
class Wish:
    """A handover in one cycle."""

    cycle: Cycle
    names: Names
    command: HandOver
    source: Staff
    to: Staff | None
    when: str
    """The day, by the clocks of the cycle; empty where it is at once."""


def _wishes(source: str, to: str, on: str, cycle: str, only: list[str]) -> list[Wish]:
    """One for every open cycle in which there is something to pass; each asked of the rules before any is told.

    Raises:
        Refusal: the rules of one of them say no.
        Misused: there is nothing to pass anywhere.
    """
    from cli.record import acting, cycle_id, looked_up, open_cycles

    actor, gives, takes = acting(), _known(source), terminal().store.find_staff(to) if to else None
    ids = [cycle_id(cycle)] if cycle else [row.id for row in open_cycles()]
    found = [looked_up(one) for one in ids]
    if not cycle:
        found = [both for both in found if _concerned(both[0], gives.ref, only, withdraw=takes is None)]
    if not found:
        role = f"does not hold the role {' or '.join(only)}" if only else "holds no role"
        what = f"{role} in a cycle that is open" if takes else "has arranged no handover"
        raise Misused(f"{gives.name} {what}. `kierros list` shows the cycles.")
    return [_tried(state, names, actor.ref, gives, takes, on, only) for state, names in found]


def _tried(state: Cycle, names: Names, actor: str, gives: Staff, takes: Staff | None, on: str, only: list[str]) -> Wish:
    from exchange.handing import HandOver
    from plans.words import plain
    from telling.refusals import tried
    from telling.times import now

    moment = _from_when(on, state, now()) if on else None
    wish = HandOver(
        at=now(), actor=actor, source=gives.ref, to=takes.ref if takes else "", not_before=moment,
        may=tuple(map(plain, takes.roles)) if takes else (), left=not gives.active, reason="n_",
        only=tuple(map(plain, only)),
    )  # fmt: skip
    tried(state, wish)
    later = names.moment(moment) if moment is not None and moment > wish.at else ""
    return Wish(state, names, wish, gives, takes, later)


def _known(who: str) -> Staff:
    """The member of staff, also one who was removed: her roles can still pass.

    Raises:
        store.faults.NoSuchStaff: nobody of that name was ever known.
        store.faults.AmbiguousStaff: several have that name.
    """
    from plans.words import plain
    from store.faults import NoSuchStaff

    store = terminal().store
    try:
        return store.find_staff(who)
    except NoSuchStaff:
        gone = [s for s in store.staff(everybody=True) if plain(who) in {plain(s.name), plain(s.address), s.ref}]
        if len(gone) != 1:
            raise
        return gone[0]


def _concerned(state: Cycle, staff: str, only: list[str], *, withdraw: bool) -> bool:
    from exchange.roles import held_by
    from plans.words import plain

    if withdraw:
        return staff in {entry.source for entry in state.handovers}
    return bool(held_by(state.plan, staff, tuple(map(plain, only))))


def _from_when(on: str, state: Cycle, moment: datetime) -> datetime:
    """The beginning of that day at the learners' end.

    Raises:
        Misread: no date that we can read.
        Misused: the day is past.
    """
    from plans.moments import beginning_of, is_over

    if is_over(on, state.plan, moment):
        raise Misused(f"{on} is past. Leave --on out to hand over at once.")
    return beginning_of(on, state.plan, moment)


def _show(wishes: list[Wish]) -> None:
    """Says what passes, and who is written to."""
    from telling.deputies import going
    from telling.refusals import tried
    from telling.sentences import sentence
    from telling.touching import touched

    here = terminal()
    for wish in wishes:
        events = tried(wish.cycle, wish.command)
        here.say(wish.cycle.plan.id, "bold")
        for event in events:
            here.say(f"  {sentence(event, wish.names)}")
        for line in touched(wish.cycle, events, wish.names)[1]:
            here.say(f"  {line}")
        for one in going(wish.cycle.plan, wish.command, wish.names):
            here.say(f"  {one.words}", "yellow")
            here.say(f"  Name one then: {_named_by(wish, one)}")


def _named_by(wish: Wish, missing: Missing) -> str:
    """The command that gives the deputy's role to somebody else."""
    holder = wish.names.who(missing.holder)
    return f'kierros handover "{holder}" NAME --role "{missing.role}" --cycle {wish.cycle.plan.id}'


def _agree(wishes: list[Wish], yes: bool) -> None:
    wish = wishes[0]
    if wish.to is None:
        question = f"Call off the handover of {wish.source.name}? [y/N]"
    else:
        question = (
            f"Hand over from {wish.source.name} to {wish.to.name}{f' on {wish.when}' if wish.when else ''}? [y/N]"
        )
    if not yes and terminal().ask(question, "Add --yes.").casefold() not in {"y", "yes"}:
        raise Refused("Nothing was handed over.")


def _tell(wish: Wish, reason: str) -> None:
    from cli.engine import tell
    from cli.record import kept

    tell(wish.cycle.plan.id, wish.command.model_copy(update={"reason": kept(wish.cycle.plan.id, reason)}))
    if wish.to is None:
        said = f"{wish.source.name} does not hand over."
    elif wish.when:
        said = f"{wish.to.name} takes over from {wish.source.name} on {wish.when}."
    else:
        said = f"{wish.to.name} has taken over from {wish.source.name}."
    terminal().say(f"{wish.cycle.plan.id}: {said}", "green")
    if wish.to is not None and not wish.when:
        _tell_deputies(wish)


def _tell_deputies(wish: Wish) -> None:
    """Says whose place nobody takes any more who could stand in, and how somebody is named."""
    from exchange.handing import RolesHandedOver
    from exchange.roles import passed_on
    from telling.deputies import gone
    from telling.refusals import tried

    for event in tried(wish.cycle, wish.command):
        if isinstance(event, RolesHandedOver):
            after = passed_on(wish.cycle.plan, event.source, event.to, event.roles)
            for one in gone(after, event, wish.names):
                terminal().say(f"{wish.cycle.plan.id}: {one.words}", "yellow")
                terminal().next(_named_by(wish, one), "names one")


def _for_paper(source: str, cycle: str) -> tuple[list[str], Staff | None, None]:
    """The cycles that the paper is about: those in which somebody holds a role, or all that are open."""
    from cli.record import cycle_id, looked_up, open_cycles

    gives = _known(source) if source else None
    ids = [cycle_id(cycle)] if cycle else [row.id for row in open_cycles()]
    if gives is not None:
        ids = [one for one in ids if _concerned(looked_up(one)[0], gives.ref, [], withdraw=False)]
    if not ids:
        raise Misused("There is no open cycle to hand over. `kierros list` shows the cycles.")
    return ids, gives, None


def _print(cycles: list[str], source: Staff | None, to: Staff | None, *, html: Path | None, as_json: bool) -> None:
    """The paper: as a page of HTML where a file is named, as data, or on the terminal."""
    from cli.handover_paper import page, paper_of
    from letters.papers import render_handover

    here, found = terminal(), paper_of(cycles, source, to)
    if html is not None:
        put(html, render_handover(found))
        here.say(f"The paper is in {html}.")
    if as_json:
        here.data(found)
    elif html is None:
        here.show(page(found))
