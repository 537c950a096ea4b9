"""What the steps say of each other and of themselves, dates and money apart."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from exchange.plan import Invitations, Registration, Seminar, Slot, Visits
from plans.clock import shown
from plans.faults import Fault, did_you_mean, listed
from plans.planfile import PlanFile


def steps(file: PlanFile) -> Iterator[Fault]:
    """Faults of the steps: references between them, places, hosts."""
    if not file.draft.steps:
        yield file.fault(("steps",), "holds no step; a plan needs one at least.")
    for step in file.draft.steps:
        match step:
            case Invitations():
                yield from _invitations(file, step)
            case Registration():
                yield from _registration(file, step)
            case Seminar():
                yield from _known(file, ("steps", step.id, "organisation"), step.organisation)
            case Visits():
                yield from _visits(file, step)
            case _:
                pass
    yield from _branches(file)


def _invitations(file: PlanFile, step: Invitations) -> Iterator[Fault]:
    desks = [desk.id for desk in file.draft.of_kind("registration")]
    if step.registration and step.registration not in desks:
        hint = did_you_mean(step.registration, desks) or f" There {_is(desks)}."
        yield file.fault(
            ("steps", step.id, "registration"), f"“{step.registration}” is no registration step of this plan.{hint}"
        )


def _is(ids: list[str]) -> str:
    return f"is {listed(f'“{ident}”' for ident in ids)}" if ids else "is none; add a step of kind registration"


def _registration(file: PlanFile, step: Registration) -> Iterator[Fault]:
    path = ("steps", step.id)
    if step.per_library and 0 < step.capacity < step.per_library:
        yield file.fault(
            (*path, "per_library"),
            f"allows {step.per_library} from one library, but there are only {step.capacity} places; lower it to "
            f"{step.capacity} or leave it out.",
        )
    kinds = {organisation.kind for organisation in file.draft.organisations}
    for kind in step.priority:
        if kind not in kinds:
            yield file.fault((*path, "priority"), f"no organisation is a “{kind}”.{did_you_mean(kind, kinds)}")


def _visits(file: PlanFile, step: Visits) -> Iterator[Fault]:
    if not step.slots:
        yield file.fault(("steps", step.id, "slots"), "holds no slot; say when a host is to be visited.")
    for slot in step.slots:
        yield from _candidates(file, ("steps", step.id, "slots", slot.id), slot)
    yield from _twice_at_once(file, step)


def _candidates(file: PlanFile, path: tuple[str, ...], slot: Slot) -> Iterator[Fault]:
    seen: set[str] = set()
    for rank, candidate in enumerate(slot.candidates, 1):
        here = (*path, "candidates", str(rank), "host")
        yield from _known(file, here, candidate.host or None)
        if candidate.host in seen:
            yield file.fault(here, f"“{candidate.host}” is a candidate for this slot already; name it once.")
        elif (*path, "zone") not in file.lines and not _same_clocks(file, candidate.host, slot):
            yield file.fault(
                here,
                f"the clocks at “{candidate.host}” differ from {slot.begins.zone}, where the slot's times are from; "
                "give it a slot of its own, or write “zone: …” in the slot to say whose time is meant.",
                "warning",
            )
        seen.add(candidate.host)


def _same_clocks(file: PlanFile, host: str, slot: Slot) -> bool:
    there = file.draft.organisation(host)
    if there is None or not there.zone or not slot.begins.local:
        return True
    return shown(slot.begins.at, there.zone).local == slot.begins.local


def _known(file: PlanFile, path: tuple[str, ...], organisation: str | None) -> Iterator[Fault]:
    ids = [one.id for one in file.draft.organisations]
    if organisation and organisation not in ids:
        hint = did_you_mean(organisation, ids) or " Describe it under “organisations”."
        yield file.fault(path, f"“{organisation}” is no organisation of this plan.{hint}")


def _twice_at_once(file: PlanFile, step: Visits) -> Iterator[Fault]:
    for later, earlier in _overlapping(step.slots):
        first, second = earlier.candidates[:1], later.candidates[:1]
        if first and second and first[0].host == second[0].host:
            yield file.fault(
                ("steps", step.id, "slots", later.id, "candidates", "1", "host"),
                f"“{first[0].host}” is first for “{earlier.id}” too, and the two overlap; move one or rank another.",
            )


def _overlapping(slots: Iterable[Slot]) -> Iterator[tuple[Slot, Slot]]:
    known = [slot for slot in slots if slot.begins.local and slot.ends.local]
    for index, later in enumerate(known):
        for earlier in known[:index]:
            if later.begins.at < earlier.ends.at and earlier.begins.at < later.ends.at:
                yield later, earlier


def _branches(file: PlanFile) -> Iterator[Fault]:
    for one in file.draft.organisations:
        yield from _known(file, ("organisations", one.id, "branch_of"), one.branch_of)
