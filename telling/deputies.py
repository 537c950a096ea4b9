"""That nobody stands in any more for whoever decides: said where roles pass, before it is done and afterwards."""

from __future__ import annotations

from dataclasses import dataclass

from exchange.handing import HandOver, RolesHandedOver
from exchange.plan import CyclePlan
from exchange.roles import deputies, held_by, left_without, passed_on
from telling.names import Names
from telling.wished import said


@dataclass(frozen=True)
class Missing:
    """A deputy's role without anybody beside the one stood in for."""

    role: str
    holder: str
    """Who holds it, and can let it pass to somebody else: a staff reference."""
    words: str
    """That there is no deputy, and who was."""


def going(plan: CyclePlan, wish: HandOver, names: Names) -> list[Missing]:
    """What the handover would leave without a deputy."""
    if not wish.to:
        return []
    after = passed_on(plan, wish.source, wish.to, held_by(plan, wish.source, wish.only))
    return [_missing("deputy/goes", after, role, who, names) for role, who in left_without(plan, after).items()]


def gone(after: CyclePlan, event: RolesHandedOver, names: Names) -> list[Missing]:
    """What the handover has left without a deputy, by the plan as it stands since."""
    empty = [role for role, held in deputies(after).items() if after.roles.get(role) and not held]
    was = {role: (event.source,) if role in event.roles else after.roles[role] for role in empty}
    return [_missing("deputy/gone", after, role, who, names) for role, who in was.items()]


def _missing(key: str, after: CyclePlan, role: str, who: tuple[str, ...], names: Names) -> Missing:
    people = ", ".join(map(names.who, who))
    return Missing(role, after.roles[role][0], said(names, key, people=people, deputy=names.role(role)))
