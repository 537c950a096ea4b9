"""Who holds which role of a plan: how roles pass from one to another, who answers for the letters, who is a deputy."""

from __future__ import annotations

from collections.abc import Iterator

from exchange.eyes import holders, strictest
from exchange.plan import CyclePlan


def passed_on(plan: CyclePlan, source: str, to: str, roles: tuple[str, ...]) -> CyclePlan:
    """The plan with ``to`` wherever ``source`` holds one of these roles."""
    passed = {
        role: tuple(dict.fromkeys(to if staff == source else staff for staff in plan.roles[role]))
        for role in held_by(plan, source, roles)
    }
    return plan.model_copy(update={"roles": {**plan.roles, **(passed if roles else {})}})


def held_by(plan: CyclePlan, staff: str, only: tuple[str, ...] = ()) -> tuple[str, ...]:
    """The roles that somebody holds, in the plan's order; of some only, where these are named."""
    return tuple(role for role, held in plan.roles.items() if staff in held and (not only or role in only))


def everybody(plan: CyclePlan) -> set[str]:
    """All who hold a role."""
    return {staff for found in plan.roles.values() for staff in found}


def may_write(plan: CyclePlan) -> bool:
    """Whether somebody may write a letter of staff's own that somebody else may approve: also when all steps are."""
    wanted = strictest(plan)
    return not wanted.second_person or (bool(holders(plan, wanted)) and len(everybody(plan)) > 1)


def organiser(plan: CyclePlan) -> str:
    """Who answers for the cycle's letters: in Reply-To, as the calendar's organiser, and by name below them."""
    return next(iter((*plan.roles.get("coordinator", ()), plan.starter)))


def deputies(plan: CyclePlan) -> dict[str, set[str]]:
    """Who stands in for whom: each role that does, and those of it who do not hold the other role themselves.

    It is named in an approval, or by its own name: ``deputy coordinator``.
    """
    return {deputy: {*plan.roles.get(deputy, ())} - {*plan.roles.get(role, ())} for role, deputy in _pairs(plan)}


def _pairs(plan: CyclePlan) -> Iterator[tuple[str, str]]:
    yield from ((role, f"deputy {role}") for role in plan.roles if f"deputy {role}" in plan.roles)
    for step in plan.steps:
        wanted = getattr(step, "approval", None)
        if wanted is not None and wanted.deputy:
            yield wanted.role, wanted.deputy


def left_without(before: CyclePlan, after: CyclePlan) -> dict[str, tuple[str, ...]]:
    """The deputy's roles in which nobody is left beside the one stood in for, and who was there before."""
    now = deputies(after)
    return {role: tuple(sorted(held)) for role, held in deputies(before).items() if held and not now.get(role)}
