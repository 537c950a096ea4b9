"""A rehearsed year in words: what is played, its lines, and what it comes to."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import TYPE_CHECKING, Any

from rich.console import Group, RenderableType
from rich.table import Table

from cli.asked import lines_of
from cli.show import cell, heading, table
from cli.terminal import terminal
from exchange.base import Event
from exchange.state import Cycle
from rehearsal.lines import Line, Wording, changes, lines
from rehearsal.year import Decision, Leaving, Reader, Refused, Rehearsed, rehearse
from telling.counts import plural
from telling.names import Names, in_english, language
from telling.refusals import by_plan
from telling.sentences import asks, sentence
from telling.times import day

if TYPE_CHECKING:
    from plans import PlanFile, Split, Staff
    from rehearsal.picture import Page
    from rehearsal.script import Script

SEVERAL = {
    "DelegateRegistered": "{n} people registered and have a place.",
    "DelegateWaitlisted": "{n} people registered and wait for a place.",
    "DelegateWithdrawn": "{n} people withdrew.",
    "InvitationDeclined": "{n} people cannot come.",
    "PlaceOffered": "Free places were offered to {n} people.",
    "OfferAccepted": "{n} people took the place on offer.",
    "OfferExpired": "{n} offers expired.",
    "DelegateStillComes": "{n} people can still come.",
    "DelegateCannotCome": "{n} people cannot come any more.",
    "FeedbackGiven": "{n} people gave feedback.",
}
"""What many do on one day."""

NOT_PLAYED = "Nothing was played."
_KINDS = {"event": "", "answer": "answer", "letter": "letters", "decision": "decision", "trouble": "trouble"}
_STYLES = {"event": "", "answer": "dim", "letter": "cyan", "decision": "yellow", "trouble": "bold red"}


@dataclass(frozen=True)
class Stage:
    """What is rehearsed."""

    given: str
    """As it was named on the command line."""
    plan_file: bool
    cycle: Cycle
    names: Names
    now: datetime
    readers: Mapping[str, Reader]

    @property
    def title(self) -> str:
        plan = self.cycle.plan
        return f"{in_english(plan.theme_name, plan.theme)} ({plan.year})"

    def play(self, script: Script) -> tuple[Rehearsed, list[Line]]:
        """The year and its lines."""
        year = rehearse(self.cycle, script, self.now, self.readers)
        asked = lines_of(year, self.names)
        return year, sorted([*lines(year, _wording(self.names)), *asked], key=lambda line: line.at)

    def moved(self, step: str, field: str, when: str) -> Stage:
        """The same with one date moved, by the rule that moves it.

        Raises:
            Refusal: it may not move there.
        """
        from exchange.cycle import decide, fold
        from workers.typed import wish_to_move

        name, slot = (*step.split("/", 1), "")[:2]
        mover = next(iter(self.cycle.plan.roles.get("coordinator", ())), self.cycle.plan.starter)
        wish = wish_to_move(self.cycle, self.now, mover, name, field, when, slot, "")
        events = decide(self.cycle, wish.model_copy(update={"reason": "n_", "anyway": True}))
        return replace(self, cycle=fold(self.cycle, events))


def of_plan(file: Path) -> Stage:
    """A plan that may never have been started. Whoever is not known as staff yet is taken on for the rehearsal.

    Raises:
        Misused: the plan is not in order.
    """
    from cli.judging import read_papers, refuse
    from exchange.cycle import begin
    from plans import check_plan, split_plan
    from telling.times import now

    draft, people = read_papers(file, NOT_PLAYED)
    staff = _staff(draft)
    refuse(file, check_plan(file, staff), NOT_PLAYED)
    moment = now()
    split = split_plan(draft, people, staff, starter=_starter(draft, staff), now=moment)
    names = Names(split.plan, _known(draft, staff, split))
    readers = {row.ref: Reader(row.language, row.zone) for row in split.people}
    return Stage(str(file), True, begin(split.plan), names, min(moment, _first(split) - timedelta(days=1)), readers)


def of_cycle(given: str) -> Stage:
    """A running cycle from where it stands.

    Raises:
        Misused: it is over, or none is open.
    """
    from cli.faults import Misused
    from cli.record import cycle_id, looked_up
    from telling.times import now

    wanted = cycle_id(given)
    state, names = looked_up(wanted)
    if state.phase != "running":
        after = " Resume it first: kierros resume." if state.standstill else ""
        raise Misused(f"{wanted} is {state.phase}; only what is still to come can be rehearsed.{after}")
    store = terminal().store
    readers = {one.ref: Reader(one.language, one.zone or state.plan.zone) for one in store.people(wanted)}
    readers |= {one.ref: Reader(one.language, one.zone or state.plan.zone) for one in store.staff(everybody=True)}
    return Stage(given, False, state, names, now(), readers)


def _staff(draft: PlanFile) -> Staff:
    from plans import Staffer

    staff = {one.name.casefold(): Staffer(one.ref, one.roles) for one in terminal().store.staff()}
    found: dict[str, tuple[str, ...]] = {}
    for role, people in draft.draft.roles.items():
        for name in people:
            found[name.casefold()] = (*found.get(name.casefold(), ()), role)
    made_up = {name: Staffer(f"s_{number}", roles) for number, (name, roles) in enumerate(found.items(), 1)}
    return {**made_up, **staff}


def _starter(draft: PlanFile, staff: Staff) -> str:
    names = [*draft.draft.roles.get("coordinator", ()), *(n for people in draft.draft.roles.values() for n in people)]
    return staff[names[0].casefold()].ref if names else "s_0"


def _known(draft: PlanFile, staff: Staff, split: Split) -> dict[str, str]:
    written = {name.casefold(): name for found in draft.draft.roles.values() for name in found}
    known = {row.ref: row.name for row in split.people}
    return known | {one.ref: written.get(name, name.title()) for name, one in staff.items()}


def _first(split: Split) -> datetime:
    from exchange.plan import When
    from exchange.walk import found

    return min(when.at for when in found(split.plan, When))


# -- words -------------------------------------------------------------------------------------------------------------


def _wording(names: Names) -> Wording:
    return Wording(
        event=lambda event: sentence(event, names),
        several=lambda events: _several(events, names),
        letters=lambda group: _letters(group, names),
        decision=lambda decision: _decision(decision, names),
        refused=lambda no: _refused(no, names),
    )


def _several(events: Sequence[Event], names: Names) -> str:
    template = SEVERAL.get(type(events[0]).__name__)
    if template is None or getattr(events[0], "applied", False):
        return " ".join(sentence(event, names) for event in events)
    return template.format(n=len(events))


def _letters(group: Leaving, names: Names) -> str:
    kind = group.kind.replace("_", " ")
    who = names.who(group.to[0]) if len(group.to) == 1 else _languages(group.languages)
    host = f", {names.host(group.host)}" if group.host else ""
    return f"{plural(len(group.to), 'letter')}: {kind}{host} ({who})"


def _languages(counts: Mapping[str, int]) -> str:
    return ", ".join(f"{count} {language(code)}" for code, count in sorted(counts.items(), key=lambda one: -one[1]))


def _decision(decision: Decision, names: Names) -> str:
    asked = f"The {names.role(decision.prompt.role)} decides: {asks(decision.prompt, names)}."
    if decision.at is None:
        return f"{asked} Nobody has answered by the end."
    return f"{asked} Played: {decision.option.replace('_', ' ')}, {names.moment(decision.at)}."


def _refused(no: Refused, names: Names) -> str:
    from telling.names import REFERENCE

    said = REFERENCE.sub(lambda ref: names.who(ref[0]), by_plan(no.refusal, names.plan))
    return f"{names.who(no.command.actor)} is refused: {said}"


def table_of(told: Sequence[Line]) -> RenderableType:
    """The year month by month."""
    pages: list[RenderableType] = []
    month, part = "", table("", "", "", header=False)
    for line in told:
        if (named := f"{line.local:%Y-%m}") != month:
            month, part = named, _columns()
            pages += [heading(day(line.local).split(" ", 1)[1]), part]
        part.add_row(cell(_day(line)), cell(_KINDS[line.kind], _STYLES[line.kind]), cell(line.words))
    return Group(*pages)


def _columns() -> Table:
    """Day, what, words: as wide in every month."""
    made = table("", "", "", header=False)
    made.columns[0].min_width, made.columns[1].min_width = 6, 8
    return made


def changes_of(before: Sequence[Line], after: Sequence[Line]) -> RenderableType | None:
    """What a change would take away and bring; None where that is nothing."""
    gone, come = changes(before, after)
    if not gone and not come:
        return None
    pages: list[RenderableType] = []
    for title, mark, found in (("No longer", "−", gone), ("Instead", "+", come)):
        part = table("", "", "", header=False)
        for line in found:
            part.add_row(cell(mark), cell(f"{_day(line)} {line.local.year}"), cell(line.words))
        if found:
            pages += [heading(title), part]
    return Group(*pages)


def _day(line: Line) -> str:
    return day(line.local).rsplit(" ", 1)[0]


def conclusion(stage: Stage, year: Rehearsed) -> str:
    """How it ends, in a sentence or two."""
    counts = ", ".join(plural(int(number), name.removesuffix("s")) for name, number in totals(year))
    if year.stands_still:
        waits = [d.prompt for d in year.decisions if d.at is None]
        why = f" What waits: {'; '.join(asks(p, stage.names) for p in waits)}." if waits else ""
        return f"The year stands still at “{stage.names.step(year.ends.current)}”.{why} ({counts})"
    return f"The year ends on {stage.names.moment(year.ends.ended_at or year.now)}: {counts}."


def totals(year: Rehearsed) -> tuple[tuple[str, str], ...]:
    """What the year comes to."""
    stays = [stay.stage for stay in year.ends.bookings.values()]
    return (
        ("letters", str(sum(len(group.to) for group in year.letters))),
        ("decisions", str(len(year.decisions))),
        ("participants", str(len(year.ends.participants()))),
        ("visits", str(stays.count("visited"))),
        ("refused answers", str(len(year.refused))),
    )


def page_of(stage: Stage, year: Rehearsed, told: Sequence[Line]) -> Page:
    """What stands around the picture."""
    from rehearsal.picture import Page

    programme = in_english(stage.cycle.plan.programme_name, stage.cycle.plan.programme)
    notes = ("Rehearsed by the rules that will run; nothing was sent.", conclusion(stage, year))
    return Page(stage.title, programme, totals(year), notes, year.stands_still, tuple(told))


def as_data(stage: Stage, year: Rehearsed, told: Sequence[Line]) -> dict[str, Any]:
    """The rehearsal for ``--json``."""
    return {
        "cycle": stage.cycle.plan.id,
        "ends": year.ends.phase,
        "stands_still": year.stands_still,
        "totals": {name.replace(" ", "_"): int(number) for name, number in totals(year)},
        "lines": [
            {"at": one.at, "local": f"{one.local:%Y-%m-%dT%H:%M}", "kind": one.kind, "step": one.step,
             "words": one.words, "count": one.count}
            for one in told
        ],
    }  # fmt: skip
