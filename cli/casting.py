"""Who can be named in the words of a rehearsal, and what is said where they cannot be played."""

from __future__ import annotations

from typing import TYPE_CHECKING

from cli.faults import Misused
from cli.terminal import terminal
from rehearsal.casting import Cast, NotPlayable, cast, fewer, unplayed

if TYPE_CHECKING:
    from cli.rehearsed import Stage
    from rehearsal.script import Script
    from rehearsal.year import Rehearsed


def cast_in(stage: Stage, script: Script) -> Script:
    """The script with those who are meant.

    Raises:
        Misused: it names somebody whom the year does not know.
    """
    try:
        return cast(script, cast_of(stage))
    except NotPlayable as why:
        raise Misused(str(why)) from None


def check_played(year: Rehearsed) -> None:
    """Says which words could be played in part only.

    Raises:
        Misused: some could not be played at all.
    """
    if nothing := unplayed(year):
        raise Misused("\n".join(nothing))
    for line in fewer(year):
        terminal().say(line, "yellow")


def cast_of(stage: Stage) -> Cast:
    """Who can be named in a rehearsal: hosts by id or name, people and speakers by name."""
    plan, cycle, names = stage.cycle.plan, stage.cycle, stage.names
    wanted = {c.host for journey in cycle.journeys() for slot in journey.slots for c in slot.candidates}
    houses = [o for o in plan.organisations if o.id in wanted]
    invited = [p for step in cycle.invitations() for p in step.people]
    asked = [p for step in cycle.desks_in_plan() for p in cycle.desk(step.id).people]
    sending = set(plan.homes.values())
    homes = [o for o in plan.organisations if o.id in sending]
    speakers = [s.speaker for step in cycle.seminars() for s in step.sessions if s.speaker]
    return Cast(
        hosts=tuple((word, o.id) for o in houses for word in (o.id, *o.name.values())),
        people=tuple((names.who(p), p) for p in dict.fromkeys((*invited, *asked))),
        speakers=tuple((names.who(p), p) for p in speakers),
        homes=tuple((word, o.id) for o in homes for word in (o.id, *o.name.values())),
    )
