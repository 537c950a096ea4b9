"""Whether the visits can be made: hosts that exist, are free, and have time to answer."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import timedelta
from itertools import combinations

from exchange.plan import Slot, Visits
from plans.check_steps import known
from plans.clock import shown
from plans.faults import Fault
from plans.planfile import PlanFile
from plans.said import said
from plans.section import Path


def visits(file: PlanFile) -> Iterator[Fault]:
    """Faults of the slots, of their candidates, and of the time that hosts have."""
    slots: list[tuple[Path, Slot]] = []
    for step in file.draft.steps:
        if isinstance(step, Visits):
            yield from _time_to_answer(file, step)
            for slot in step.slots:
                path = ("steps", step.id, "slots", slot.id)
                slots.append((path, slot))
                yield from _candidates(file, path, slot)
    yield from _twice_at_once(file, slots)


def _candidates(file: PlanFile, path: Path, slot: Slot) -> Iterator[Fault]:
    seen: set[str] = set()
    for rank, candidate in enumerate(slot.candidates, 1):
        here = (*path, "candidates", str(rank), "host")
        yield from known(file, here, candidate.host)
        if candidate.host and candidate.host in seen:
            twice = "“{host}” is a candidate for this slot already; name it once."
            yield file.fault(here, said(twice, host=candidate.host))
        elif (*path, "zone") not in file.lines and not _same_clocks(file, candidate.host, slot):
            yield file.fault(
                here,
                said(
                    "the clocks at “{host}” differ from {zone}, where the slot's times are from; give it a slot of its "
                    "own, or write “zone: …” in the slot to say whose time is meant.",
                    host=candidate.host,
                    zone=slot.begins.zone,
                ),
                "warning",
            )
        seen.add(candidate.host)


def _same_clocks(file: PlanFile, host: str, slot: Slot) -> bool:
    there = file.draft.organisation(host)
    if there is None or not there.zone or not slot.begins.local:
        return True
    return shown(slot.begins.at, there.zone).local == slot.begins.local


def _twice_at_once(file: PlanFile, slots: list[tuple[Path, Slot]]) -> Iterator[Fault]:
    for (_, earlier), (path, later) in combinations(slots, 2):
        firsts = {slot.candidates[0].host for slot in (earlier, later) if slot.candidates}
        if len(firsts) == 1 and earlier.candidates and later.candidates and _overlap(earlier, later):
            yield file.fault(
                (*path, "candidates", "1", "host"),
                said(
                    "“{host}” is first for “{slot}” as well, and the two slots overlap; move one of them or put "
                    "another host first.",
                    host=later.candidates[0].host,
                    slot=earlier.id,
                ),
            )


def _overlap(one: Slot, other: Slot) -> bool:
    if not all(when.local for when in (one.begins, one.ends, other.begins, other.ends)):
        return False
    return one.begins.at < other.ends.at and other.begins.at < one.ends.at


def _time_to_answer(file: PlanFile, step: Visits) -> Iterator[Fault]:
    if step.remind_after >= step.answer_within:
        yield file.fault(
            ("steps", step.id, "remind_after"),
            said(
                "reminds hosts after {after}, but “answer_within” gives them only {within}; remind earlier or give "
                "them longer.",
                after=_days(step.remind_after),
                within=_days(step.answer_within),
            ),
        )
    yield from _asked_late(file, step)


def _asked_late(file: PlanFile, step: Visits) -> Iterator[Fault]:
    begins = [slot.begins.at for slot in step.slots if slot.begins.local]
    ahead = min(begins) - step.prepare.at if begins and step.prepare.local else step.answer_within
    if timedelta() < ahead < step.answer_within:
        yield file.fault(
            ("steps", step.id, "prepare"),
            said(
                "leaves hosts less time to answer before the first visit begins than “answer_within” gives them: "
                "{within}; ask them earlier.",
                within=_days(step.answer_within),
            ),
            "warning",
        )


def _days(span: timedelta) -> str:
    if span.days > 1:
        return said("{count} days", count=span.days)
    return said("{count} hours", count=f"{span.total_seconds() / 3600:.0f}")
