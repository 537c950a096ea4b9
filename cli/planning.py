"""Planning: `check` and `start`."""

from __future__ import annotations

import json
from math import ceil
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from cli.app import PLANNING, command
from cli.faults import Misused, Refused
from cli.judging import counted, lines_of, read_papers, refuse
from cli.terminal import Json, terminal

if TYPE_CHECKING:
    from plans import Fault, PlanFile, Split, Staff

NOT_STARTED = "Nothing was started."
PlanPath = Annotated[Path, typer.Argument(metavar="PLAN", help="The plan file (YAML), with its people list beside it.")]


@command("check", PLANNING, "kierros check plan.yaml", "kierros check plan.yaml --json")
def check(
    plan: PlanPath,
    calendar: Annotated[bool, typer.Option("--calendar", help="Show the year, too, a row for each month.")] = False,
    as_json: Json = False,
) -> None:
    """Check a plan and its people list: every fault with its line, and how to mend it."""
    from letters.catalogues import languages
    from plans import check_plan

    here = terminal()
    faults = check_plan(plan, roster(), written=languages())
    wrong = [fault for fault in faults if fault.severity == "error"]
    if as_json:
        here.data({"plan": str(plan), "ok": not wrong, "faults": [vars(fault) for fault in faults]})
    else:
        for line in lines_of(plan, faults):
            here.line(line)
    if wrong:
        raise Misused(f"{counted(faults)} in {plan}. {NOT_STARTED}")
    if calendar and not as_json:
        from cli.yearly import calendar as year_of

        here.show(year_of(read_papers(plan, NOT_STARTED)[0].draft))
    here.say(f"{plan} is in order{f' ({counted(faults)})' if faults else ''}.", "green")
    _say_who_chooses(plan)
    here.next(f"kierros start {plan}")


def _say_who_chooses(plan: Path) -> None:
    """Names the libraries that are to say whom they send and have nobody on the list who could."""
    from plans.check_people import without_contact
    from telling.names import in_english

    file, people = read_papers(plan, NOT_STARTED)
    if not (without := without_contact(file, people)):
        return
    houses = {one.id: in_english(one.name, one.id) for one in file.draft.organisations}
    first = ", ".join(houses.get(one, one) for one in without[:SHOWN])
    more = f" and {len(without) - SHOWN} more" if len(without) > SHOWN else ""
    terminal().say(
        f"Nobody on {people.name} answers for {first}{more} (a row of the part “contact” with that library): where "
        "more of its people ask for a place than it may send, the coordinator is asked to choose."
    )


SHOWN = 4
"""So many libraries are named in one line."""


@command("start", PLANNING, "kierros start plan.yaml", "kierros start plan.yaml --finish-within 120")
def start(
    plan: PlanPath,
    finish_within: Annotated[
        float | None,
        typer.Option(
            metavar="SECONDS",
            min=5,
            help="Practice: the year drawn together: 900 to look on, 10800 to decide; nothing leaves here.",
        ),
    ] = None,
    as_json: Json = False,
) -> None:
    """Start a cycle from its plan.

    The same plan again changes nothing and says so. Another plan under the same id is refused. A practice run has an id
    of its own, which ends in practice: the plan can be started in earnest afterwards.
    """
    from telling.times import now
    from workers.starting import cycle_of, keep, started_before, taken_apart

    here, staff = terminal(), _acting()
    moment = now()
    file, people = read_papers(plan, NOT_STARTED, roster())
    cycle = cycle_of(here.store, file, people, practice=finish_within is not None)
    if not started_before(here.store, cycle, file, people):
        _refuse_faults(plan, moment, practice=finish_within is not None)
    split = taken_apart(here.store, cycle, file, people, staff, moment, finish_within)
    new = keep(here.store, split)
    began = _begin(split)
    if as_json:
        here.data({"id": split.plan.id, "new": new, "engine": began, "ui": _ui(split.plan.id)})
    else:
        here.line(split.plan.id)
    _report(split, new=new, began=began, slower=_slower(file, split, finish_within))


def _acting() -> str:
    from cli.record import acting

    return acting().ref


def roster() -> Staff:
    """Everybody who may act, by name in lower case."""
    from workers.starting import roster as everybody

    return everybody(terminal().store)


def _refuse_faults(plan: Path, moment: object, *, practice: bool) -> None:
    from datetime import datetime

    from letters.catalogues import languages
    from plans import check_plan

    assert isinstance(moment, datetime)
    faults = check_plan(plan, roster(), None if practice else moment, written=languages())
    refuse(plan, faults, NOT_STARTED)
    for line in lines_of(plan, [fault for fault in faults if fault.at_start]):
        terminal().say(line, "yellow")
    if not practice:
        _show_unwritten(plan, [fault for fault in faults if fault.unwritten])
    if others := [fault for fault in faults if not fault.at_start]:
        terminal().say(f"{counted(others)} in {plan}; to read them: kierros check {plan}", "yellow")


def _show_unwritten(plan: Path, faults: list[Fault]) -> None:
    """What `kierros new` wrote to be replaced is shown line by line before a year in earnest.

    Raises:
        Refused: letters leave for real, so that it would soon be read.
    """
    here = terminal()
    for line in lines_of(plan, faults):
        here.say(line, "yellow")
    if faults and here.settings.transport != "mailbox" and here.store.get_setting("live") is not None:
        raise Refused(
            f"Letters leave for real, and {plan} still has words in it that kierros new wrote to be replaced. Write "
            "your own, then start it; to practise with it as it is: --finish-within SECONDS."
        )


def _begin(split: Split) -> bool:
    """Starts the engine's part; False where the engine is away and will begin later by itself."""
    from cli.engine import begin
    from runtime.engine import EngineUnreachable

    try:
        begin(terminal().store.first_plan(split.plan.id))
    except EngineUnreachable as why:
        terminal().say(str(why), "yellow")
        return False
    terminal().store.engine_started(split.plan.id)
    return True


def _ui(cycle: str) -> str:
    """Where the cycle can be watched in a browser, when `kierros up` runs."""
    try:
        base = json.loads(terminal().settings.stack_file.read_text("utf-8"))["ui"]
    except (OSError, ValueError, KeyError):
        return ""
    return f"{base}/namespaces/default/workflows/{cycle}" if base else ""


def _slower(file: PlanFile, split: Split, finish_within: float | None) -> str:
    """That a practice run gives nobody the time to read, and how long one takes that does; empty where it does."""
    from plans.pace import READ, leisurely
    from plans.split import LEAST
    from telling.counts import plural

    wanted = leisurely(file.draft.steps, split.plan.pace, finish_within) if finish_within else None
    if wanted is None:
        return ""
    hours, minutes = ceil(wanted / 3600), READ.seconds // 60
    least = max(round(READ.total_seconds() * (finish_within or 0) / wanted), LEAST.seconds)
    return (
        f"It is one to look on: some decisions wait for no more than {plural(least, 'second')}. One with "
        f"{plural(minutes, 'minute')} and more to read and take each decision: "
        f"--finish-within {hours * 3600} ({plural(hours, 'hour')})."
    )


def _report(split: Split, *, new: bool, began: bool, slower: str = "") -> None:
    from runtime.portal_url import portal_address

    here, cycle = terminal(), split.plan.id
    if not new:
        here.say(f"{cycle} was started from this plan before; nothing was changed.")
    elif began:
        here.say(f"{cycle} has begun.", "green")
    else:
        here.say(f"{cycle} is kept, and will begin by itself as soon as the engine runs.")
        here.next("kierros up")
    if new and split.plan.practice:
        here.say("Practice: the year is drawn together, and nothing leaves this computer.")
        if slower:
            here.say(slower, "yellow")
    if (address := portal_address(here.settings)) and began:
        here.say(f"In a browser: {address}/staff/cycles/{cycle}")
    if address := _ui(cycle):
        here.say(f"Its workflow: {address}")
    if began:
        here.next(f"kierros show {cycle}" if new else "kierros", "or kierros watch, live" if new else "")
