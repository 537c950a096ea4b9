"""What staff do in a cycle in others' place, or with its letters, is for whoever holds a role there; at either door."""

from __future__ import annotations

from collections.abc import Mapping

from exchange.roles import deputies
from store.store import Store


class NoRoleThere(Exception):
    """Somebody of the staff holds no role in the cycle; ``str()`` is the sentence, and nothing was done.

    Args:
        cycle: its id.
        staff: the name of who acts.
        holders: the roles, by the names of those who hold them and may act.
        may_pass: whether a role can still be handed over there.
    """

    def __init__(self, cycle: str, staff: str, holders: Mapping[str, tuple[str, ...]], *, may_pass: bool) -> None:
        listed = ", ".join(f"{name} ({', '.join(roles)})" for name, roles in holders.items())
        mend = f', or hands over: kierros handover FROM "{staff}" --cycle {cycle}' if may_pass else ""
        super().__init__(
            f"{staff} holds no role in {cycle}, and this is for those who do: {listed}. One of them does it{mend}."
        )
        self.cycle, self.holders, self.may_pass = cycle, holders, may_pass


def demand_role(store: Store, cycle: str, staff: str) -> None:
    """Whether she holds any role in the cycle as its plan stands.

    Where nobody who may act holds one any more, everybody of the staff may: lost letters of a cycle that ended years
    ago have to be settled by somebody, and no role passes there.

    Raises:
        NoRoleThere: she does not.
        store.faults.NoSuchCycle, CycleNewer: there is no such cycle, or a newer release began it.
    """
    plan = store.get_plan(cycle)
    held: dict[str, tuple[str, ...]] = {}
    standing_in = deputies(plan)
    for role, holders in plan.roles.items():
        for one in holders:
            if one not in standing_in.get(role, holders):
                continue  # nobody is her own deputy: of both roles she is named by the one that she acts in
            held[one] = (*held.get(one, ()), role)
    if staff in held:
        return
    known = store.get_staff([staff, *held])
    active = {known[one].name: roles for one, roles in held.items() if one in known and known[one].active}
    if active:
        name = known[staff].name if staff in known else staff
        raise NoRoleThere(cycle, name, active, may_pass=store.cycle(cycle).open)
