"""Whether those who must decide are there."""

from __future__ import annotations

from collections.abc import Iterator

from exchange.plan import Approval, Registration, Visits
from plans.faults import Fault, Misread, did_you_mean, listed
from plans.planfile import PlanFile
from plans.roster import Staff, staffer
from plans.said import said
from plans.words import plain, unfit


def roles(file: PlanFile, staff: Staff | None) -> Iterator[Fault]:
    """Faults of the roles: nobody holds one, or nobody of that name is among the staff.

    Args:
        file: the plan.
        staff: everybody who may act, by name in lower case; without it names are not looked up.
    """
    if not file.draft.roles.get("coordinator"):
        yield file.fault(
            ("roles",),
            said("names no coordinator; add one: she answers letters, moves dates and is asked when a host says no."),
        )
    for role, names in file.draft.roles.items():
        for name in names:
            if why := unfit(name):
                yield file.fault(("roles", role), said("“{words}” {why}.", words=name, why=why))
            elif staff is not None:
                yield from _among_staff(file, staff, role, name)
    for step in file.draft.steps:
        if step.approval is not None:
            yield from _approval(file, step.id, step.approval)
        if isinstance(step, Registration) and step.places == "selected":
            yield from _held(file, ("steps", step.id, "select_role"), step.select_role)
        if isinstance(step, Visits):
            yield from _held(file, ("steps", step.id, "decide_role"), step.decide_role)


def _among_staff(file: PlanFile, staff: Staff, role: str, name: str) -> Iterator[Fault]:
    try:
        found = staffer(staff, name)
    except Misread as why:
        yield file.fault(("roles", role), str(why))
        return
    if found.roles and role not in map(plain, found.roles):
        yield file.fault(
            ("roles", role),
            said(
                "{name} may act as {roles}, not as {role}; name someone else, or give the role with "
                "`kierros staff add`.",
                name=name,
                roles=listed(found.roles),
                role=role,
            ),
        )


def _approval(file: PlanFile, step: str, approval: Approval) -> Iterator[Fault]:
    path = ("steps", step, "approval")
    missing = [*_held(file, (*path, "role"), approval.role), *_held(file, (*path, "deputy"), approval.deputy)]
    yield from missing
    holders = {
        plain(name): name for role in (approval.role, approval.deputy) for name in file.draft.roles.get(role or "", ())
    }
    if approval.second_person and len(holders) == 1 and not missing:
        yield file.fault(
            (*path, "second_person"),
            said(
                "asks for a second pair of eyes, but only {name} could approve; add a deputy or a second {role}.",
                name=holders.popitem()[1],
                role=approval.role,
            ),
        )


def _held(file: PlanFile, path: tuple[str, ...], role: str | None) -> Iterator[Fault]:
    if role and not file.draft.roles.get(role):
        hint = did_you_mean(role, file.draft.roles) or said(" Add “{role}: …” under “roles”.", role=role)
        yield file.fault(path, said("nobody holds the role “{role}”.{hint}", role=role, hint=hint))
